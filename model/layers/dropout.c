/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inverted dropout (Srivastava et al., 2014): y = x/(1 - rate) for the elements kept, 0 for the
 * rest; in evaluation y = x. The element's index runs over the whole batch. */
#include "model/layers/rate.h"
#include "model/layers/work.h"

typedef struct
{
  const RfKernels *kernels;
  RfMaskKey key;
  float rate;
  const float *in;
  float *out;
} Job;

static void
mask_parts (void *data, gsize first, gsize n)
{
  const Job *job = data;
  job->kernels->dropout (job->in + first, job->out + first, first, n, job->rate, &job->key);
}

/* Forward and backward are the same function, of x and of dy. */
static void
mask (RfLayer *layer, const RfPass *pass, const float *in, float *out)
{
  gsize n = pass->n * RF_SHAPE_COUNT (layer->in);
  Job job = { layer->kernels, rf_rate_mask_key (layer, pass), rf_rate_of (layer, pass), in, out };
  if (job.rate > 0)
    rf_run_parts (n, 1, mask_parts, &job);
  else if (in != out)
    rf_copy_floats (in, out, n);
}

static void
backward (RfLayer *layer, const RfPass *pass, const float *x, const float *y, const float *dy,
          float *dx)
{
  if (dx)
    mask (layer, pass, dy, dx);
}

static void
pytorch (const RfLayer *layer, GString *out)
{
  rf_rate_pytorch (layer, "nn.Dropout", out);
}

const RfLayerClass rf_dropout_layer = {
  .spec = { .type = "dropout",
            .title = N_ ("Dropout"),
            .summary = N_ ("Sets values to zero at random while training, so that no unit can rely "
                           "on another"),
            .config_size = sizeof (RfRateConfig),
            .options = rf_rate_options },
  .fuses = RF_FUSES_IN_PLACE,
  .instance_size = sizeof (RfLayer),
  .weight_options = -1,
  .rate = G_STRUCT_OFFSET (RfRateConfig, rate),
  .shape = rf_shape_unchanged,
  .forward = mask,
  .backward = backward,
  .describe = rf_rate_describe,
  .pytorch = pytorch,
};
