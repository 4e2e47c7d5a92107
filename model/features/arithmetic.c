/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "model/features/arithmetic.h"

#include "model/features/place.h"

#include <string.h>

gboolean
rf_arithmetic_possible (const RfLayer *layer)
{
  return layer->n_params > 0 && layer->params[0]->kind == RF_PARAM_WEIGHT
         && (layer->params[0]->n_dims == 4 || layer->params[0]->n_dims == 2);
}

static void
find_window (const RfLayer *layer, gsize place, RfArithmetic *self)
{
  const gint64 *dims = layer->params[0]->dims;
  const int width = layer->out.width;
  const int row = (int) (place / (gsize) width) % layer->out.height;
  const int column = (int) (place % (gsize) width);
  RfReach reach;
  layer->klass->reach (layer, &reach);
  self->channels = (int) dims[1];
  self->height = reach.size[0];
  self->width = reach.size[1];
  self->top = row * reach.stride[0] - reach.padding[0];
  self->left = column * reach.stride[1] - reach.padding[1];
  self->dilation[0] = reach.dilation[0];
  self->dilation[1] = reach.dilation[1];
  /* Filters of one group are neighbours, and so are its channels. */
  const int groups = layer->in.channels / self->channels;
  const gsize filter = place / ((gsize) layer->out.height * (gsize) width);
  const gsize per_group = (gsize) dims[0] / (gsize) groups;
  self->first_channel = (int) (filter / per_group) * self->channels;
}

static float
get_input (const RfLayer *layer, int channel, int y, int x)
{
  const RfShape in = layer->in;
  if (y < 0 || x < 0 || y >= in.height || x >= in.width)
    return 0;
  return layer->x[((gsize) channel * (gsize) in.height + (gsize) y) * (gsize) in.width + (gsize) x];
}

static void
copy_inputs (const RfLayer *layer, RfArithmetic *self)
{
  float *out = self->inputs;
  for (int c = 0; c < self->channels; c++)
    for (int y = 0; y < self->height; y++)
      for (int x = 0; x < self->width; x++)
        *out++ = get_input (layer, self->first_channel + c, self->top + y * self->dilation[0],
                            self->left + x * self->dilation[1]);
}

static void
add_up (RfArithmetic *self)
{
  const gsize area = (gsize) self->height * (gsize) self->width;
  self->sums = g_new (float, self->channels);
  self->value = self->bias;
  for (int c = 0; c < self->channels; c++)
    {
      double sum = 0;
      for (gsize i = (gsize) c * area; i < (gsize) (c + 1) * area; i++)
        sum += (double) self->inputs[i] * self->weights[i];
      self->sums[c] = (float) sum;
      self->value += sum;
    }
}

static gboolean
is_pointwise (const RfLayer *layer)
{
  return !layer->klass->reach && !layer->klass->flattens && !layer->branches[0];
}

/* Their values are read, not computed: they are those that the network went on with. */
static void
find_steps (const RfLayer *layer, gsize index, RfArithmetic *self)
{
  g_autoptr (GArray) places = rf_place_find (layer->net, layer);
  g_autoptr (GArray) steps = g_array_new (FALSE, FALSE, sizeof (RfArithmeticStep));
  g_return_if_fail (places->len > 0);
  const RfPlace place = g_array_index (places, RfPlace, places->len - 1);
  for (guint i = place.index + 1; i < place.layers->len; i++)
    {
      const RfLayer *next = g_ptr_array_index (place.layers, i);
      if (!is_pointwise (next))
        break;
      const RfArithmeticStep step = { next, next->y[index] };
      g_array_append_val (steps, step);
    }
  self->n_steps = steps->len;
  self->steps = (RfArithmeticStep *) g_array_free (g_steal_pointer (&steps), FALSE);
}

RfArithmetic *
rf_arithmetic_new (const RfLayer *layer, gsize place)
{
  g_return_val_if_fail (rf_arithmetic_possible (layer) && place < RF_SHAPE_COUNT (layer->out),
                        NULL);
  const RfParam *param = layer->params[0];
  const gsize depth = param->count / (gsize) param->dims[0];
  const gboolean convolution = param->n_dims == 4;
  const gsize unit
      = convolution ? place / ((gsize) layer->out.height * (gsize) layer->out.width) : place;
  RfArithmetic *self = g_new0 (RfArithmetic, 1);
  self->inputs = g_new (float, depth);
  self->weights = g_memdup2 (rf_layer_values (layer, 0) + unit * depth, depth * sizeof (float));
  if (layer->n_params > 1)
    self->bias = rf_layer_values (layer, 1)[unit];
  if (convolution)
    {
      find_window (layer, place, self);
      copy_inputs (layer, self);
    }
  else
    {
      self->channels = layer->in.channels;
      self->height = layer->in.height;
      self->width = layer->in.width;
      self->dilation[0] = self->dilation[1] = 1;
      memcpy (self->inputs, layer->x, depth * sizeof (float));
    }
  add_up (self);
  find_steps (layer, place, self);
  return self;
}

void
rf_arithmetic_free (RfArithmetic *self)
{
  if (!self)
    return;
  g_free (self->inputs);
  g_free (self->weights);
  g_free (self->sums);
  g_free (self->steps);
  g_free (self);
}
