/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Channels, rows and columns in one vector, channel by channel. The numbers stay where they are. */
#include "model/base/error.h"
#include "model/layers/layer.h"
#include <glib/gi18n-lib.h>

static gboolean
shape (const void *config, RfShape in, RfShape *out, GError **error)
{
  gsize count = RF_SHAPE_COUNT (in);
  if (count > G_MAXINT)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
                   _ ("its input has %zu values; a vector holds at most %d"), count, G_MAXINT);
      return FALSE;
    }
  *out = (RfShape){ (gint) count, 1, 1 };
  return TRUE;
}

static void
pytorch (const RfLayer *layer, GString *out)
{
  g_string_append (out, "nn.Flatten()");
}

const RfLayerClass rf_flatten_layer = {
  .spec = { .type = "flatten",
            .title = N_ ("Flatten"),
            .summary = N_ ("Lays all feature maps out as one vector, for linear layers"),
            .options = rf_no_options },
  .flattens = TRUE,
  .instance_size = sizeof (RfLayer),
  .weight_options = -1,
  .rate = -1,
  .shape = shape,
  .describe = rf_describe_nothing,
  .pytorch = pytorch,
};
