/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dropout of whole channels (Tompson et al., 2015): neighbours in a feature map say much the same,
 * so dropping single values of it holds back little. One random number per sample and channel. */
#include "model/base/random.h"
#include "model/layers/rate.h"
#include "model/layers/work.h"

#include <string.h>

typedef struct
{
  const RfLayer *layer;
  RfMaskKey key;
  float rate;
  const float *in;
  float *out;
} Job;

/* The same numbers as of RfKernels.dropout, with channels in place of elements. */
static gboolean
is_dropped (const Job *job, gsize plane)
{
  guint32 counter[4]
      = { (guint32) (plane / 4), job->key.counter[0], job->key.counter[1], job->key.counter[2] };
  guint32 words[4];
  rf_random_block (job->key.key, counter, words);
  return words[plane % 4] < job->rate * 4294967296.0;
}

static void
mask_planes (void *data, gsize first, gsize n)
{
  const Job *job = data;
  gsize size = (gsize) job->layer->in.height * job->layer->in.width;
  for (gsize plane = first; plane < first + n; plane++)
    {
      const float *in = job->in + plane * size;
      float *out = job->out + plane * size;
      if (is_dropped (job, plane))
        memset (out, 0, size * sizeof (float));
      else
        job->layer->kernels->scale_shift (in, out, size, 1 / (1 - job->rate), 0);
    }
}

static void
mask (RfLayer *layer, const RfPass *pass, const float *in, float *out)
{
  gsize size = (gsize) layer->in.height * layer->in.width;
  gsize planes = pass->n * (gsize) layer->in.channels;
  Job job = { layer, rf_rate_mask_key (layer, pass), rf_rate_of (layer, pass), in, out };
  if (job.rate > 0)
    rf_run_parts (planes, size, mask_planes, &job);
  else
    rf_copy_floats (in, out, planes * size);
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
  rf_rate_pytorch (layer, layer->flat ? "nn.Dropout" : "nn.Dropout2d", out);
}

const RfLayerClass rf_spatial_dropout_layer = {
  .spec = { .type = "spatial_dropout",
            .title = N_ ("Spatial dropout"),
            .summary = N_ ("Sets whole feature maps to zero at random while training"),
            .config_size = sizeof (RfRateConfig),
            .options = rf_rate_options },
  .instance_size = sizeof (RfLayer),
  .weight_options = -1,
  .rate = G_STRUCT_OFFSET (RfRateConfig, rate),
  .shape = rf_shape_unchanged,
  .forward = mask,
  .backward = backward,
  .describe = rf_rate_describe,
  .pytorch = pytorch,
};
