/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "model/playground/export.h"

#include <math.h>

static const char *const feature_sources[RF_PLAY_N_FEATURES]
    = { "x[:, 0]",           "x[:, 1]",           "x[:, 0] ** 2",
        "x[:, 1] ** 2",      "x[:, 0] * x[:, 1]", "torch.sin(x[:, 0])",
        "torch.sin(x[:, 1])" };
static const char *const activation_sources[RF_PLAY_N_ACTIVATIONS]
    = { "nn.ReLU()", "nn.Tanh()", "nn.Sigmoid()", "nn.Identity()" };

/* As Python and every table has it, whatever the locale. */
static void
append_number (GString *text, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  if (isfinite (value))
    g_string_append (text, g_ascii_dtostr (buffer, sizeof buffer, value));
  else
    g_string_append (text, isnan (value) ? "nan" : value > 0 ? "inf" : "-inf");
}

/* The name of the @index-th input, in the order of the network. */
static const char *
get_feature_name (const RfPlayState *state, int index)
{
  for (int f = 0; f < RF_PLAY_N_FEATURES; f++)
    if (state->features[f] && index-- == 0)
      return rf_play_feature_names[f];
  return "";
}

char *
rf_play_export_csv (const RfPlayState *state, const RfPlayNet *net)
{
  g_return_val_if_fail (state && net, NULL);
  GString *text = g_string_new ("layer,unit,input,value\n");
  for (int layer = 0; layer < rf_play_net_count_layers (net); layer++)
    for (int unit = 0; unit < rf_play_net_count_units (net, layer); unit++)
      for (int input = -1; input < rf_play_net_count_inputs (net, layer); input++)
        {
          g_string_append_printf (text, "%d,%d,", layer + 1, unit + 1);
          if (input < 0)
            g_string_append (text, "bias,");
          else if (layer == 0)
            g_string_append_printf (text, "%s,", get_feature_name (state, input));
          else
            g_string_append_printf (text, "%d,", input + 1);
          append_number (text, input < 0 ? rf_play_net_get_bias (net, layer, unit)
                                         : rf_play_net_get_weight (net, layer, unit, input));
          g_string_append_c (text, '\n');
        }
  return g_string_free (text, FALSE);
}

/* ---- PyTorch ---- */

static void
append_weights (GString *text, const RfPlayNet *net, int layer)
{
  g_string_append_printf (text, "    (\n        [  # layer %d\n", layer + 1);
  for (int unit = 0; unit < rf_play_net_count_units (net, layer); unit++)
    {
      g_string_append (text, "            [");
      for (int input = 0; input < rf_play_net_count_inputs (net, layer); input++)
        {
          if (input > 0)
            g_string_append (text, ", ");
          append_number (text, rf_play_net_get_weight (net, layer, unit, input));
        }
      g_string_append (text, "],\n");
    }
  g_string_append (text, "        ],\n        [");
  for (int unit = 0; unit < rf_play_net_count_units (net, layer); unit++)
    {
      if (unit > 0)
        g_string_append (text, ", ");
      append_number (text, rf_play_net_get_bias (net, layer, unit));
    }
  g_string_append (text, "],\n    ),\n");
}

static void
append_layers (GString *text, const RfPlayState *state, const RfPlayNet *net)
{
  const int last = rf_play_net_count_layers (net) - 1;
  for (int layer = 0; layer <= last; layer++)
    {
      g_string_append_printf (text, "            nn.Linear(%d, %d),\n",
                              rf_play_net_count_inputs (net, layer),
                              rf_play_net_count_units (net, layer));
      if (layer == last)
        break;
      g_string_append_printf (text, "            %s,\n",
                              activation_sources[rf_play_state_get_activation (state, layer)]);
      if (state->dropout[layer] > 0)
        {
          g_string_append (text, "            nn.Dropout(");
          append_number (text, state->dropout[layer]);
          g_string_append (text, "),\n");
        }
    }
  switch (rf_play_net_get_shape (net)->output)
    {
    case RF_PLAY_OUTPUT_TANH:
      g_string_append (text, "            nn.Tanh(),\n");
      break;
    case RF_PLAY_OUTPUT_SOFTMAX:
      g_string_append (text, "            nn.Softmax(dim=1),\n");
      break;
    case RF_PLAY_OUTPUT_LINEAR:
      break;
    }
}

char *
rf_play_export_torch (const RfPlayState *state, const RfPlayNet *net)
{
  g_return_val_if_fail (state && net, NULL);
  GString *text = g_string_new ("\"\"\"A network of the playground.\"\"\"\n\nimport torch\n"
                                "from torch import nn\n\n"
                                "nan, inf = float(\"nan\"), float(\"inf\")\n"
                                "# Of each layer the weights [unit][input] and the biases.\n"
                                "WEIGHTS = [\n");
  for (int layer = 0; layer < rf_play_net_count_layers (net); layer++)
    append_weights (text, net, layer);
  g_string_append (text, "]\n\n\ndef double(numbers):\n"
                         "    return torch.tensor(numbers, dtype=torch.float64)\n\n\n"
                         "def features(x):\n"
                         "    \"\"\"The network's inputs for places x of shape [n, 2].\"\"\"\n"
                         "    columns = [");
  gboolean first = TRUE;
  for (int f = 0; f < RF_PLAY_N_FEATURES; f++)
    if (state->features[f])
      {
        g_string_append_printf (text, "%s%s", first ? "" : ", ", feature_sources[f]);
        first = FALSE;
      }
  g_string_append (text, "]\n"
                         "    return torch.stack(columns, 1) if columns else x[:, :0]\n\n\n"
                         "class Playground(nn.Module):\n"
                         "    def __init__(self):\n"
                         "        super().__init__()\n"
                         "        self.layers = nn.Sequential(\n");
  append_layers (text, state, net);
  g_string_append (
      text, "        ).double()\n"
            "        linear = [layer for layer in self.layers if isinstance(layer, nn.Linear)]\n"
            "        with torch.no_grad():\n"
            "            for layer, (weight, bias) in zip(linear, WEIGHTS):\n"
            "                shape = layer.weight.shape\n"
            "                layer.weight.copy_(double(weight).reshape(shape))\n"
            "                layer.bias.copy_(double(bias))\n\n"
            "    def forward(self, x):\n"
            "        return self.layers(features(x.double()))\n\n\n"
            "if __name__ == \"__main__\":\n"
            "    network = Playground().eval()\n"
            "    places = torch.tensor([[0.0, 0.0], [3.0, 0.0], [0.0, 3.0], [-3.0, -3.0]])\n"
            "    with torch.no_grad():\n"
            "        for place, value in zip(places.tolist(), network(places).tolist()):\n"
            "            print(*place, *value)\n");
  return g_string_free (text, FALSE);
}
