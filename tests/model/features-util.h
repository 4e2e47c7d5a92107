/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Small networks to look into, and pictures for them. */

#include "model/base/random.h"
#include "model/features/specimen.h"

#define SIDE    12
#define PIXELS  (3 * SIDE * SIDE)
#define CLASSES 4

/* Strides, dilation, groups, pools, a residual with a shortcut of its own, nested maps. */
#define MIXED                                                                                      \
  "{\"type\": \"conv2d\", \"filters\": 6, \"kernel\": [3, 5], \"padding\": [1, 2]},"               \
  "{\"type\": \"tanh\"},"                                                                          \
  "{\"type\": \"residual\", \"layers\": [{\"type\": \"conv2d\", \"filters\": 8, \"kernel\": 3,"    \
  "\"padding\": 1, \"stride\": 2, \"groups\": 2}, {\"type\": \"batchnorm\"}, {\"type\": "          \
  "\"tanh\"}],"                                                                                    \
  "\"shortcut\": [{\"type\": \"conv2d\", \"filters\": 8, \"kernel\": 1, \"stride\": 2}]},"         \
  "{\"type\": \"avgpool\", \"size\": 2},"                                                          \
  "{\"type\": \"conv2d\", \"filters\": 5, \"kernel\": 2, \"dilation\": 2}, {\"type\": \"tanh\"},"  \
  "{\"type\": \"flatten\"}, {\"type\": \"linear\", \"units\": 4}"
/* A stride that passes over the last row, gaps next to padding, windows in nothing but padding. */
#define HOLES                                                                                      \
  "{\"type\": \"conv2d\", \"filters\": 4, \"kernel\": 3, \"stride\": 2}, {\"type\": \"tanh\"},"    \
  "{\"type\": \"conv2d\", \"filters\": 3, \"kernel\": [2, 3], \"padding\": [1, 2], \"dilation\": " \
  "2},"                                                                                            \
  "{\"type\": \"residual\", \"layers\": [{\"type\": \"conv2d\", \"filters\": 3, \"kernel\": 2,"    \
  "\"padding\": 3}, {\"type\": \"conv2d\", \"filters\": 3, \"kernel\": [6, 1], \"stride\": [1, "   \
  "2]}],"                                                                                          \
  "\"shortcut\": []}, {\"type\": \"linear\", \"units\": 4}"
#define CAM                                                                                        \
  "{\"type\": \"conv2d\", \"filters\": 6, \"kernel\": 3, \"padding\": 1}, {\"type\": \"relu\"},"   \
  "{\"type\": \"maxpool\", \"size\": 2}, {\"type\": \"global_avgpool\"},"                          \
  "{\"type\": \"linear\", \"units\": 4}"

static inline RfSpecimen *
new_specimen_on (const char *layers, RfKernelPath path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strdup_printf (
      "{\"receptive\": 1, \"name\": \"test\", \"dataset\": {\"id\": \"shapes\"},"
      "\"network\": {\"input\": [3, %d, %d], \"layers\": [%s]}, \"training\": {\"optimizer\":"
      "{\"type\": \"sgd\", \"learning_rate\": 0.05}, \"seed\": 3}}",
      SIDE, SIDE, layers);
  g_autoptr (RfExperiment) experiment = rf_experiment_parse (text, -1, "test", ".", NULL, &error);
  g_assert_no_error (error);
  RfSpecimen *specimen = rf_specimen_new (experiment, (RfShape){ 3, SIDE, SIDE }, path, &error);
  g_assert_no_error (error);
  return specimen;
}

static inline RfSpecimen *
new_specimen (const char *layers)
{
  return new_specimen_on (layers, rf_kernels_path ());
}

/* A batch of them. */
static inline float *
new_image (guint64 seed)
{
  RfRandom random = rf_random (seed, RF_RANDOM_BENCH, 0, 0);
  float *image = g_new (float, PIXELS *RF_SPECIMEN_BATCH);
  for (int i = 0; i < PIXELS * RF_SPECIMEN_BATCH; i++)
    image[i] = rf_random_normal (&random);
  return image;
}

static inline RfLayer *
get_layer (RfSpecimen *specimen, guint index)
{
  return rf_specimen_get_net (specimen)->layers->pdata[index];
}
