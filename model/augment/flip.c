/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mirrors a picture left to right with a probability. */
#include "model/augment/augment.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  double probability;
} FlipConfig;

static const RfOption options[] = {
  { "probability", RF_OPTION_NUMBER, RF_OPTION_LIVE, G_STRUCT_OFFSET (FlipConfig, probability), 0.5,
    0, 1, NULL, N_ ("Probability"),
    N_ ("How often a picture is mirrored left to right. 0.5 shows both sides equally often; right "
        "for photographs, wrong for letters and digits") },
  { NULL },
};

static void
apply (const void *config, RfShape shape, float *image, float *scratch, RfRandom *random)
{
  const FlipConfig *flip = config;
  /* Drawn whatever the probability, so that moving the slider leaves what follows alone. */
  if (rf_random_uniform (random) >= (float) flip->probability)
    return;
  for (gint row = 0; row < shape.channels * shape.height; row++)
    {
      float *line = image + (gsize) row * shape.width;
      for (gint left = 0, right = shape.width - 1; left < right; left++, right--)
        {
          float value = line[left];
          line[left] = line[right];
          line[right] = value;
        }
    }
}

const RfAugmentClass rf_flip_augment = {
  .spec = {
    .type = "flip",
    .title = N_ ("Flip"),
    .summary = N_ ("Mirrors pictures left to right at random"),
    .config_size = sizeof (FlipConfig),
    .options = options,
  },
  .apply = apply,
};
