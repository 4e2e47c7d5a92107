/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Large networks are drawn more coarsely, so that a view costs milliseconds whatever the network.
 */

#include "app/toy/toy-view.h"

#include "app/toy/toy-colors.h"

#include <math.h>
#include <string.h>

#define FINE       100 /* as in the original */
#define COARSE     50
#define MANY_NODES 64
#define N_FEATURES RF_PLAY_N_FEATURES

static gsize
count_pixels (const RfToyView *view)
{
  return (gsize) view->side * (gsize) view->side;
}

/* The inputs look the same in every network: painted once for each way to show them, and kept. */
static const guint32 *
get_features (int side, gboolean discretize)
{
  static GMutex lock;
  static guint32 *kept[2][2]; /* [fine][discretized] */
  const gsize n = (gsize) side * (gsize) side;
  g_mutex_lock (&lock);
  guint32 **pixels = &kept[side == FINE][discretize ? 1 : 0];
  if (!*pixels)
    {
      g_autofree float *values = g_new (float, n);
      const double step = 2 * RF_TOY_EXTENT / (side - 1);
      *pixels = g_new (guint32, N_FEATURES * n);
      for (int f = 0; f < N_FEATURES; f++)
        {
          for (gsize i = 0; i < n; i++)
            values[i]
                = (float) rf_play_feature (f, (double) (i % (gsize) side) * step - RF_TOY_EXTENT,
                                           RF_TOY_EXTENT - (double) (i / (gsize) side) * step);
          rf_toy_paint_outputs (values, n, discretize, *pixels + (gsize) f * n);
        }
    }
  g_mutex_unlock (&lock);
  return *pixels;
}

static void
paint_features (RfToyView *view)
{
  memcpy (view->pixels, get_features (view->side, view->state.discretize),
          N_FEATURES * count_pixels (view) * sizeof (guint32));
}

static void
paint_nodes (RfToyView *view)
{
  const RfPlayShape *shape = rf_play_net_get_shape (view->net);
  const gsize n = count_pixels (view);
  g_autoptr (RfPlayTable) grid
      = rf_play_table_new_grid (view->side, RF_TOY_EXTENT, view->state.features);
  g_autofree float **maps = g_new (float *, view->n_nodes);
  for (int i = 0; i < view->n_nodes; i++)
    maps[i] = view->maps + (gsize) i * n;
  rf_play_net_draw_maps (view->net, grid, maps);
  for (int i = 0; i < view->n_nodes; i++)
    rf_toy_paint_outputs (maps[i], n, view->state.discretize,
                          view->pixels + (gsize) (N_FEATURES + i) * n);
  const gsize last = (gsize) (view->n_nodes - shape->n_outputs) * n;
  if (shape->output == RF_PLAY_OUTPUT_SOFTMAX)
    rf_toy_paint_classes (view->maps + last, shape->n_outputs, n, view->state.discretize,
                          view->boundary);
  else
    memcpy (view->boundary, view->pixels + N_FEATURES * n + last, n * sizeof (guint32));
}

RfToyView *
rf_toy_view_new (const RfPlayground *playground, int moment)
{
  RfToyView *view = g_new0 (RfToyView, 1);
  g_autoptr (RfPlayground) then = NULL;
  g_atomic_ref_count_init (&view->references);
  view->n_moments = playground->history ? rf_play_history_count (playground->history) : 0;
  view->moment = moment < view->n_moments - 1 ? moment : -1;
  view->moment_epoch = playground->epoch;
  if (view->moment >= 0)
    {
      then = rf_playground_copy (playground);
      rf_play_history_show (playground->history, view->moment, then->net);
      view->moment_epoch = rf_play_history_get_epoch (playground->history, view->moment);
    }
  const RfPlayground *shown = then ? then : playground;
  rf_play_state_copy (&playground->state, &view->state);
  view->net = rf_play_net_copy (shown->net);
  view->data = rf_play_data_ref (playground->data);
  view->epoch = playground->epoch;
  view->position = playground->position;
  view->problem = rf_playground_explain (shown);
  rf_playground_measure (shown, &view->measure);
  view->n_nodes = rf_play_net_count_nodes (view->net);
  view->side = view->n_nodes > MANY_NODES ? COARSE : FINE;
  view->maps = g_new (float, (gsize) view->n_nodes *count_pixels (view));
  view->pixels = g_new (guint32, (gsize) (N_FEATURES + view->n_nodes) * count_pixels (view));
  view->boundary = g_new (guint32, count_pixels (view));
  view->rows = g_array_new (FALSE, FALSE, sizeof (RfToyRow));
  paint_features (view);
  paint_nodes (view);
  return view;
}

RfToyView *
rf_toy_view_ref (RfToyView *view)
{
  g_atomic_ref_count_inc (&view->references);
  return view;
}

void
rf_toy_view_unref (RfToyView *view)
{
  if (!view || !g_atomic_ref_count_dec (&view->references))
    return;
  rf_play_state_clear (&view->state);
  rf_play_net_free (view->net);
  rf_play_data_unref (view->data);
  g_array_unref (view->rows);
  g_free (view->problem);
  g_free (view->maps);
  g_free (view->pixels);
  g_free (view->boundary);
  g_free (view);
}

int
rf_toy_view_find_node (const RfToyView *view, int layer, int unit)
{
  int node = unit;
  for (int i = 0; i < layer; i++)
    node += rf_play_net_count_units (view->net, i);
  return node;
}

double
rf_toy_view_get_value (const RfToyView *view, int node, double x, double y)
{
  const double step = 2 * RF_TOY_EXTENT / (view->side - 1);
  const int column = (int) lrint ((x + RF_TOY_EXTENT) / step);
  const int row = (int) lrint ((RF_TOY_EXTENT - y) / step);
  if (column < 0 || row < 0 || column >= view->side || row >= view->side || node < 0
      || node >= view->n_nodes)
    return NAN;
  return view->maps[(gsize) node * count_pixels (view) + (gsize) (row * view->side + column)];
}
