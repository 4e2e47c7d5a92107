/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a batch of CIFAR-10. */
#include "model/dataset/cifar.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  GError *error = NULL;
  g_autoptr (RfCifar) cifar = rf_cifar_parse (data, size, "memory", &error);

  rf_fuzz_check (cifar != NULL, error, "memory: ");
  if (cifar == NULL)
    return 0;

  gsize n = cifar->n;
  g_autofree guint8 *pixels = g_malloc (n * RF_CIFAR_PIXELS);
  g_autofree gint32 *labels = g_new (gint32, n);
  error = NULL;
  gboolean ok = rf_cifar_read (cifar, pixels, labels, &error);
  rf_fuzz_check (ok, error, "memory: ");
  for (gsize i = 0; ok && i < n; i++)
    RF_FUZZ_ASSERT (labels[i] >= 0 && labels[i] < RF_CIFAR_CLASSES);
  return 0;
}
