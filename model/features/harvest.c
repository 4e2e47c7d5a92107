/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/features/harvest.h"

#include "model/features/sample.h"

#include <math.h>
#include <string.h>

struct _RfHarvest
{
  RfSample sample;
  guint layer;
  int rows, columns; /* of the grid of cells over a map */
  gsize d;
  float *points;
  gboolean finite;
};

RfHarvest *
rf_harvest_new (RfDataset *dataset, RfSplit split, gsize n, guint64 seed, guint layer)
{
  g_return_val_if_fail (dataset && split < RF_N_SPLITS, NULL);
  RfHarvest *self = g_new0 (RfHarvest, 1);
  rf_sample_init (&self->sample, dataset, split, n, seed);
  self->layer = layer;
  self->finite = TRUE;
  return self;
}

void
rf_harvest_free (RfHarvest *self)
{
  if (!self)
    return;
  rf_sample_clear (&self->sample);
  g_free (self->points);
  g_free (self);
}

/* As many cells as fit: those of the longer side are halved first. */
static void
choose_grid (RfHarvest *self, RfShape shape)
{
  self->rows = shape.height;
  self->columns = shape.width;
  while (self->rows * self->columns > 1
         && (gsize) shape.channels * (gsize) (self->rows * self->columns) > RF_HARVEST_DIMENSIONS)
    if (self->rows >= self->columns)
      self->rows = (self->rows + 1) / 2;
    else
      self->columns = (self->columns + 1) / 2;
  self->d = (gsize) shape.channels * (gsize) (self->rows * self->columns);
}

/* Cells may differ by one in size; with as many as there are values each is that value. */
static float
average_cell (const float *map, RfShape shape, RfPart cell)
{
  double sum = 0;
  for (int y = cell.top; y < cell.bottom; y++)
    for (int x = cell.left; x < cell.right; x++)
      sum += map[y * shape.width + x];
  return (float) (sum / ((cell.bottom - cell.top) * (cell.right - cell.left)));
}

static void
take_maps (RfHarvest *self, const float *maps, RfShape shape, float *out)
{
  for (int c = 0; c < shape.channels; c++)
    for (int i = 0; i < self->rows; i++)
      for (int j = 0; j < self->columns; j++)
        {
          const RfPart cell
              = { i * shape.height / self->rows, (i + 1) * shape.height / self->rows,
                  j * shape.width / self->columns, (j + 1) * shape.width / self->columns };
          *out
              = average_cell (maps + (gsize) c * (gsize) (shape.height * shape.width), shape, cell);
          self->finite &= isfinite (*out) != 0;
          out++;
        }
}

gboolean
rf_harvest_step (RfHarvest *self, RfSpecimen *specimen)
{
  g_return_val_if_fail (self && specimen, TRUE);
  const RfNet *net = rf_specimen_get_net (specimen);
  g_return_val_if_fail (self->layer < net->layers->len, TRUE);
  const RfLayer *layer = net->layers->pdata[self->layer];
  const int n = rf_sample_forward (&self->sample, specimen);
  if (!self->points)
    {
      choose_grid (self, layer->out);
      self->points = g_new (float, MAX (self->sample.n, 1) * self->d);
    }
  for (int i = 0; i < n; i++)
    take_maps (self, layer->y + (gsize) i * RF_SHAPE_COUNT (layer->out), layer->out,
               self->points + (self->sample.done + (gsize) i) * self->d);
  self->sample.done += (gsize) n;
  return n == 0 || self->sample.done == self->sample.n;
}

double
rf_harvest_get_progress (const RfHarvest *self)
{
  return rf_sample_get_progress (&self->sample);
}

const float *
rf_harvest_get_points (const RfHarvest *self, gsize *n, gsize *d)
{
  *n = self->sample.done;
  *d = self->d;
  return self->points;
}

const guint32 *
rf_harvest_get_rows (const RfHarvest *self)
{
  return self->sample.rows;
}

gboolean
rf_harvest_is_finite (const RfHarvest *self)
{
  return self->finite;
}
