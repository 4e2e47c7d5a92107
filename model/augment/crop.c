/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pads a picture with zeros on all sides and cuts a window of the original size out of it at
 * random: a shift by -padding … padding in both directions, each equally likely. */
#include "model/augment/augment.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  gint padding;
} CropConfig;

static const RfOption options[] = {
  { "padding", RF_OPTION_INT, RF_OPTION_LIVE, G_STRUCT_OFFSET (CropConfig, padding), 4, 0, 1024,
    NULL, N_ ("Padding"),
    N_ ("Pixels of black added on each side before a window of the original size is cut out at "
        "random; pictures shift by up to as many pixels") },
  { NULL },
};

static void
apply (const void *config, RfShape shape, float *image, float *scratch, RfRandom *random)
{
  const CropConfig *crop = config;
  guint32 n_shifts = 2 * (guint32) crop->padding + 1;
  gint down = (gint) rf_random_below (random, n_shifts) - crop->padding;
  gint right = (gint) rf_random_below (random, n_shifts) - crop->padding;
  if (down == 0 && right == 0)
    return;

  gint h = shape.height, w = shape.width;
  gint copied = MAX (w - ABS (right), 0);
  gint to = CLAMP (-right, 0, w), from = CLAMP (right, 0, w);
  gsize size = RF_SHAPE_COUNT (shape) * sizeof (float);
  memcpy (scratch, image, size);
  memset (image, 0, size);
  for (gint c = 0; c < shape.channels; c++)
    for (gint y = MAX (0, -down); y < MIN (h, h - down); y++)
      memcpy (image + ((gsize) c * h + y) * w + to, scratch + ((gsize) c * h + y + down) * w + from,
              (gsize) copied * sizeof (float));
}

const RfAugmentClass rf_crop_augment = {
  .spec = {
    .type = "crop",
    .title = N_ ("Crop"),
    .summary = N_ ("Shifts pictures by a few pixels at random, filling with black"),
    .config_size = sizeof (CropConfig),
    .options = options,
  },
  .apply = apply,
};
