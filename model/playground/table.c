/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Features of points, laid out for the kernels: 64-byte aligned, padded to whole vectors. */

#include "model/playground/table.h"

#include "model/playground/js-math.h"

double
rf_play_feature (RfPlayFeature feature, double x, double y)
{
  switch (feature)
    {
    case RF_PLAY_X:
      return x;
    case RF_PLAY_Y:
      return y;
    case RF_PLAY_X_SQUARED:
      return x * x;
    case RF_PLAY_Y_SQUARED:
      return y * y;
    case RF_PLAY_X_TIMES_Y:
      return x * y;
    case RF_PLAY_SIN_X:
      return rf_js_sin (x);
    case RF_PLAY_SIN_Y:
      return rf_js_sin (y);
    default:
      g_return_val_if_reached (0);
    }
}

static double *
doubles_new (gsize n)
{
  return g_aligned_alloc0 (MAX (n, 1), sizeof (double), 64);
}

RfPlayTable *
rf_play_table_new (const RfPlayPoint *points, gsize n, const gboolean features[RF_PLAY_N_FEATURES])
{
  RfPlayTable *table = g_new0 (RfPlayTable, 1);
  atomic_init (&table->n_references, 1);
  table->n = n;
  table->stride = (n + RF_PLAY_TABLE_STRIDE - 1) / RF_PLAY_TABLE_STRIDE * RF_PLAY_TABLE_STRIDE;
  for (int f = 0; f < RF_PLAY_N_FEATURES; f++)
    table->n_features += features[f] != 0;
  table->columns = doubles_new ((gsize) table->n_features * table->stride);
  table->rows = doubles_new (n * RF_PLAY_ROW);
  table->labels = doubles_new (table->stride);

  for (int f = 0, column = 0; f < RF_PLAY_N_FEATURES; f++)
    {
      if (!features[f])
        continue;
      for (gsize i = 0; i < n; i++)
        {
          const double value = rf_play_feature ((RfPlayFeature) f, points[i].x, points[i].y);
          table->columns[(gsize) column * table->stride + i] = value;
          table->rows[i * RF_PLAY_ROW + (gsize) column] = value;
        }
      column++;
    }
  for (gsize i = 0; i < n; i++)
    table->labels[i] = points[i].label;
  return table;
}

RfPlayTable *
rf_play_table_new_grid (int side, double extent, const gboolean features[RF_PLAY_N_FEATURES])
{
  g_return_val_if_fail (side >= 2 && side <= 1024, NULL);

  g_autofree RfPlayPoint *points = g_new (RfPlayPoint, (gsize) side * side);
  for (int row = 0; row < side; row++)
    for (int column = 0; column < side; column++)
      points[row * side + column] = (RfPlayPoint){ extent * (2.0 * column / (side - 1) - 1),
                                                   extent * (1 - 2.0 * row / (side - 1)), 0 };
  return rf_play_table_new (points, (gsize) side * (gsize) side, features);
}

RfPlayTable *
rf_play_table_ref (const RfPlayTable *table)
{
  RfPlayTable *shared = (RfPlayTable *) table;
  atomic_fetch_add (&shared->n_references, 1);
  return shared;
}

void
rf_play_table_unref (RfPlayTable *table)
{
  if (atomic_fetch_sub (&table->n_references, 1) != 1)
    return;
  g_aligned_free (table->columns);
  g_aligned_free (table->rows);
  g_aligned_free (table->labels);
  g_free (table);
}
