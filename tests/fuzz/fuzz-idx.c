/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as an IDX file, gzipped or not. */
#include "model/dataset/idx.h"
#include "tests/fuzz/fuzz.h"

/* Deflate packs 1032 bytes into one at most: no header may claim more. */
#define MOST 1032

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  GError *error = NULL;
  g_autoptr (RfIdx) idx = rf_idx_parse (data, size, "memory", &error);
  gsize count = 1;

  rf_fuzz_check (idx != NULL, error, "memory: ");
  if (idx == NULL)
    return 0;
  RF_FUZZ_ASSERT (idx->n_dims >= 1 && idx->n_dims <= RF_IDX_MAX_DIMS);
  for (guint i = 0; i < idx->n_dims; i++)
    count *= idx->dims[i];
  RF_FUZZ_ASSERT (count == idx->count && count <= size * MOST);

  error = NULL;
  if (idx->n_dims == 1)
    {
      g_autofree gint32 *labels = g_new (gint32, count);
      gboolean ok = rf_idx_read_labels (idx, 10, labels, &error);

      rf_fuzz_check (ok, error, "memory: ");
      for (gsize i = 0; ok && i < count; i++)
        RF_FUZZ_ASSERT (labels[i] >= 0 && labels[i] < 10);
    }
  else
    {
      g_autofree guint8 *elements = g_malloc (count);
      gboolean ok = rf_idx_read (idx, elements, &error);

      rf_fuzz_check (ok, error, "memory: ");
    }
  return 0;
}
