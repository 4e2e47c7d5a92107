/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/layers/window.h"
#include "model/base/error.h"

const RfOption rf_window_options[] = {
  { .name = "size",
    .kind = RF_OPTION_PAIR,
    .flags = RF_OPTION_REQUIRED,
    .offset = G_STRUCT_OFFSET (RfWindowConfig, size),
    .minimum = 1,
    .maximum = 1024,
    .title = N_ ("Size"),
    .summary = N_ ("Height and width of the window that is reduced to one value") },
  { .name = "stride",
    .kind = RF_OPTION_PAIR,
    .offset = G_STRUCT_OFFSET (RfWindowConfig, stride),
    .minimum = 1,
    .maximum = 1024,
    .title = N_ ("Stride"),
    .summary = N_ ("Steps from one window to the next; the size unless given. The output has size "
                   "⌊(input + 2 · padding - size) / stride⌋ + 1") },
  { .name = "padding",
    .kind = RF_OPTION_PAIR,
    .offset = G_STRUCT_OFFSET (RfWindowConfig, padding),
    .maximum = 512,
    .title = N_ ("Padding"),
    .summary = N_ ("Rows and columns added on each side, at most half of the size: never the "
                   "largest for max pooling, counted as zeros by average pooling") },
  { NULL },
};

void
rf_window_complete (void *data)
{
  RfWindowConfig *config = data;
  for (int axis = 0; axis < 2; axis++)
    if (config->stride[axis] == 0)
      config->stride[axis] = config->size[axis];
}

gboolean
rf_window_shape (const void *data, RfShape in, RfShape *out, GError **error)
{
  const RfWindowConfig *config = data;
  g_autofree char *size = rf_pair_to_text (config->size);
  g_autofree char *padding = rf_pair_to_text (config->padding);
  const gint extent[2] = { in.height, in.width };
  gint result[2];
  for (int axis = 0; axis < 2; axis++)
    {
      if (config->padding[axis] > config->size[axis] / 2)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
                       _ ("its padding of %s is more than half of its size of %s: windows would "
                          "see nothing but padding"),
                       padding, size);
          return FALSE;
        }
      gint64 room = (gint64) extent[axis] + 2 * config->padding[axis] - config->size[axis];
      if (room < 0)
        {
          if (config->padding[0] || config->padding[1])
            g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
                         _ ("its input is %d×%d with a padding of %s, smaller than the window"),
                         in.height, in.width, padding);
          else
            g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
                         _ ("its input is %d×%d, smaller than the window"), in.height, in.width);
          return FALSE;
        }
      result[axis] = (gint) MIN (room / config->stride[axis] + 1, G_MAXINT);
    }
  *out = (RfShape){ in.channels, result[0], result[1] };
  return TRUE;
}

char *
rf_window_describe (const void *data)
{
  const RfWindowConfig *config = data;
  g_autofree char *size = rf_pair_to_text (config->size);
  GString *text = g_string_new (size);
  if (config->stride[0] != config->size[0] || config->stride[1] != config->size[1])
    {
      g_autofree char *stride = rf_pair_to_text (config->stride);
      g_string_append_printf (text, _ (", stride %s"), stride);
    }
  if (config->padding[0] || config->padding[1])
    {
      g_autofree char *padding = rf_pair_to_text (config->padding);
      g_string_append_printf (text, _ (", padding %s"), padding);
    }
  return g_string_free (text, FALSE);
}

void
rf_window_pytorch (const RfLayer *layer, const char *name, GString *out)
{
  const RfWindowConfig *config = layer->config;
  g_string_append_printf (out, "%s(", name);
  rf_pair_to_python (config->size, out);
  if (config->stride[0] != config->size[0] || config->stride[1] != config->size[1])
    {
      g_string_append (out, ", stride=");
      rf_pair_to_python (config->stride, out);
    }
  if (config->padding[0] || config->padding[1])
    {
      g_string_append (out, ", padding=");
      rf_pair_to_python (config->padding, out);
    }
  g_string_append_c (out, ')');
}

RfPart
rf_window_at (const RfWindowConfig *config, RfShape in, int row, int column)
{
  int top = row * config->stride[0] - config->padding[0];
  int left = column * config->stride[1] - config->padding[1];
  return (RfPart){ MAX (top, 0), MIN (top + config->size[0], in.height), MAX (left, 0),
                   MIN (left + config->size[1], in.width) };
}

void
rf_window_reach (const RfLayer *layer, RfReach *reach)
{
  const RfWindowConfig *config = layer->config;
  for (int axis = 0; axis < 2; axis++)
    {
      reach->size[axis] = config->size[axis];
      reach->stride[axis] = config->stride[axis];
      reach->padding[axis] = config->padding[axis];
      reach->dilation[axis] = 1;
    }
}
