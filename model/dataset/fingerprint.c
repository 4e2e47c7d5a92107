/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pixels are digested in pieces of a megabyte, in parallel; the fingerprint is the digest over
 * shape, labels and those digests. Labels are taken little endian. */
#include "model/dataset/build.h"

#include "model/dataset/parallel.h"

#define PIECE  ((gsize) 1 << 20)
#define DIGEST 32

typedef struct
{
  const guint8 *data;
  gsize size;
  guint8 *digests; /* [items, DIGEST] */
} Job;

static void
digest_item (void *data, int item, int worker)
{
  const Job *job = data;
  gsize at = (gsize) item * PIECE, length = DIGEST;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_checksum_update (checksum, job->data + at, (gssize) MIN (PIECE, job->size - at));
  g_checksum_get_digest (checksum, job->digests + (gsize) item * DIGEST, &length);
}

char *
rf_dataset_compute_fingerprint (const RfDataset *dataset)
{
  Job job = {
    .data = dataset->pictures ? dataset->bytes : (const guint8 *) dataset->floats,
    .size = dataset->n * RF_SHAPE_COUNT (dataset->shape) * (dataset->pictures ? 1 : sizeof (float)),
  };
  int n_items = (int) ((job.size + PIECE - 1) / PIECE);
  g_autofree guint8 *digests = g_malloc0 ((gsize) n_items * DIGEST);
  job.digests = digests;
  rf_parallel (n_items, digest_item, &job);

  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *shape
      = g_strdup_printf ("receptive data set 1: %" G_GSIZE_FORMAT " rows of %d×%d×%d %s\n",
                         dataset->n, dataset->shape.channels, dataset->shape.height,
                         dataset->shape.width, dataset->pictures ? "bytes" : "floats");
  g_checksum_update (checksum, (const guchar *) shape, -1);
  for (gsize i = 0; i < dataset->n; i++)
    {
      gint32 label = GINT32_TO_LE (dataset->labels[i]);
      g_checksum_update (checksum, (const guchar *) &label, sizeof label);
    }
  g_checksum_update (checksum, digests, (gssize) n_items * DIGEST);
  return g_strconcat ("sha256:", g_checksum_get_string (checksum), NULL);
}
