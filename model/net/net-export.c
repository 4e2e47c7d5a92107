/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The network as a PyTorch script whose `model` takes our weights with load_state_dict(). The
 * classes that torch.nn lacks are written out where they are needed, with the same names of
 * parameters. */
#include "model/net/net-private.h"

#include "model/layers/sequence.h"

#include <string.h>

static const char residual_source[] = "\n\nclass Residual(nn.Module):\n"
                                      "    def __init__(self, body, shortcut):\n"
                                      "        super().__init__()\n"
                                      "        self.body = body\n"
                                      "        self.shortcut = shortcut\n"
                                      "\n"
                                      "    def forward(self, x):\n"
                                      "        y = self.body(x)\n"
                                      "        return y + self.shortcut(x).reshape(y.shape)\n";

static const char flatten_linear_source[] = "\n\nclass FlattenLinear(nn.Linear):\n"
                                            "    def forward(self, x):\n"
                                            "        return super().forward(x.flatten(1))\n";

/* A name in a Python comment: one line. */
static void
append_comment (GString *out, const char *text)
{
  g_autofree char *line = g_strdup (text);
  g_strdelimit (line, "\r\n\t\v\f", ' ');
  g_string_append_printf (out, "# %s\n", line);
}

char *
rf_net_to_pytorch (const RfNet *net)
{
  g_autoptr (GString) model = g_string_new ("model = ");
  rf_sequence_pytorch (net->priv->top, 0, model);

  GString *out = g_string_new ("#!/usr/bin/env python3\n");
  if (net->experiment->name && *net->experiment->name)
    append_comment (out, net->experiment->name);
  g_string_append_printf (
      out,
      "# Input: [n, %d, %d, %d]. Weights of a run:\n"
      "#   model.load_state_dict(safetensors.torch.load_file(\"weights.safetensors\"))\n"
      "from torch import nn\n",
      net->input.channels, net->input.height, net->input.width);
  if (strstr (model->str, "Residual("))
    g_string_append (out, residual_source);
  if (strstr (model->str, "FlattenLinear("))
    g_string_append (out, flatten_linear_source);
  if (strstr (model->str, "Residual(") || strstr (model->str, "FlattenLinear("))
    g_string_append_c (out, '\n');
  g_string_append_printf (out, "\n%s\n", model->str);
  return g_string_free (out, FALSE);
}
