/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/toy/toy-drawing.h"

#include <math.h>

const char *const rf_toy_feature_titles[RF_PLAY_N_FEATURES]
    = { "x₁", "x₂", "x₁²", "x₂²", "x₁x₂", "sin x₁", "sin x₂" };

/* All features have a place in the drawing; those that are off have no links. */
static void
copy_first_layer (const RfToyView *view, int units, double *weights)
{
  for (int unit = 0; unit < units; unit++)
    {
      int input = 0;
      for (int f = 0; f < RF_PLAY_N_FEATURES; f++)
        *weights++
            = view->state.features[f] ? rf_play_net_get_weight (view->net, 0, unit, input++) : NAN;
    }
}

static void
copy_layer (const RfPlayNet *net, int layer, double *weights)
{
  const int inputs = rf_play_net_count_inputs (net, layer);
  for (int unit = 0; unit < rf_play_net_count_units (net, layer); unit++)
    for (int input = 0; input < inputs; input++)
      *weights++ = rf_play_net_get_weight (net, layer, unit, input);
}

void
rf_toy_drawing_show (RfNetView *net_view, const RfToyView *view, gboolean live)
{
  const int n_layers = rf_play_net_count_layers (view->net);
  RfNetDrawing drawing = { .n_columns = n_layers + 1,
                           .names = rf_toy_feature_titles,
                           .on = view->state.features,
                           .pixels = view->pixels,
                           .side = view->side };
  gsize n_weights = 0;
  drawing.n_nodes[0] = RF_PLAY_N_FEATURES;
  for (int i = 0; i < n_layers; i++)
    {
      drawing.n_nodes[i + 1] = rf_play_net_count_units (view->net, i);
      n_weights += (gsize) (drawing.n_nodes[i] * drawing.n_nodes[i + 1]);
    }
  g_autofree double *weights = g_new (double, n_weights);
  g_autofree double *biases = g_new (double, view->n_nodes);
  g_autofree double *outputs = live ? g_new (double, view->n_nodes) : NULL;
  gsize at = 0;
  for (int layer = 0, node = 0; layer < n_layers; layer++)
    {
      const int units = drawing.n_nodes[layer + 1];
      if (layer == 0)
        copy_first_layer (view, units, weights);
      else
        copy_layer (view->net, layer, weights + at);
      at += (gsize) (units * drawing.n_nodes[layer]);
      for (int unit = 0; unit < units; unit++, node++)
        {
          biases[node] = rf_play_net_get_bias (view->net, layer, unit);
          if (live)
            outputs[node] = rf_play_net_get_last_output (view->net, layer, unit);
        }
    }
  drawing.weights = weights;
  drawing.biases = biases;
  drawing.outputs = outputs;
  rf_net_view_set_drawing (net_view, &drawing);
}
