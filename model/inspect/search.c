/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The network that looks at single pictures keeps what each layer puts out, which for a batch would
 * be much memory for nothing. So the search has a network of its own, planned for evaluation alone,
 * and copies the weights whenever they are others. */

#include "model/inspect/search.h"
#include "model/base/memory.h"
#include "model/base/pool.h"

#define BATCH 16 /* a few milliseconds in a small network, and the pool is kept busy */

struct _RfSearch
{
  RfNet *net;
  guint version; /* of the weights in it; 0: none */
  float *images; /* [BATCH, channels, height, width] */
  gsize seen;
};

typedef struct
{
  const RfDataset *dataset;
  guint32 rows[BATCH];
  float *images;
} Fill;

static void
fill_image (void *data, int item, int worker)
{
  const Fill *fill = data;
  gsize size = RF_SHAPE_COUNT (fill->dataset->shape);
  rf_dataset_get (fill->dataset, fill->rows[item], fill->images + (gsize) item * size);
}

static gint32
find_largest (const float *logits, gint32 n)
{
  gint32 best = 0;
  for (gint32 i = 1; i < n; i++)
    if (logits[i] > logits[best])
      best = i;
  return best;
}

static void
take_weights (RfSearch *self, const RfNet *net, guint version)
{
  if (self->version == version)
    return;
  rf_net_copy_values (net, self->net);
  self->version = version;
}

gboolean
rf_search_step (RfSearch *self, const RfNet *net, guint version, RfLook *look)
{
  const RfRows *rows = &look->dataset->splits[look->split];
  const gint32 n_classes = look->dataset->n_classes;
  const gsize left = rows->n - self->seen;
  const int n = (int) MIN (left, BATCH);
  const RfPass pass = { n, FALSE, net->experiment->training.seed, 0 };
  Fill fill = { .dataset = look->dataset, .images = self->images };

  take_weights (self, net, version);
  for (int i = 0; i < n; i++)
    fill.rows[i] = rows->rows[(look->from + 1 + self->seen + (gsize) i) % rows->n];
  rf_pool_enter (RF_POOL_INSPECT);
  rf_pool_run (n, fill_image, &fill);
  const float *logits = rf_net_forward (self->net, &pass, self->images);
  rf_pool_leave ();

  for (int i = 0; i < n; i++)
    if (find_largest (logits + (gsize) i * n_classes, n_classes)
        != look->dataset->labels[fill.rows[i]])
      {
        look->found = (gint64) ((look->from + 1 + self->seen + (gsize) i) % rows->n);
        return TRUE;
      }
  self->seen += (gsize) n;
  look->found = -1;
  return self->seen == rows->n;
}

double
rf_search_get_fraction (const RfSearch *self, const RfLook *look)
{
  return (double) self->seen / (double) look->dataset->splits[look->split].n;
}

void
rf_search_begin (RfSearch *self)
{
  self->seen = 0;
}

RfSearch *
rf_search_new (const RfNet *net, GError **error)
{
  const RfLayer *first = net->layers->pdata[0];
  g_autoptr (RfNet) copy = rf_net_new (net->experiment, net->input, first->path_of_kernels, error);
  if (!copy || !rf_net_plan (copy, BATCH, FALSE, error))
    return NULL;
  float *images = rf_floats_try_new (BATCH * RF_SHAPE_COUNT (net->input), error);
  if (!images)
    return NULL;
  RfSearch *self = g_new0 (RfSearch, 1);
  self->net = g_steal_pointer (&copy);
  self->images = images;
  return self;
}

void
rf_search_free (RfSearch *self)
{
  rf_net_free (self->net);
  rf_floats_free (self->images);
  g_free (self);
}
