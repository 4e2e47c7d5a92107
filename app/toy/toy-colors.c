/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/toy/toy-colors.h"

#include "widgets/plot/painters/class-mark.h"
#include "widgets/plot/painters/palette.h"

#include <math.h>

static const RfPaletteRange signs = { RF_PALETTE_DIVERGING, -1, 1 };

guint32
rf_toy_label_color (const RfPlayState *state, double label)
{
  if (state->problem == RF_PLAY_CLASSIFICATION && state->n_classes > 0)
    return rf_class_color (CLAMP ((int) label, 0, RF_PLAY_MAX_CLASSES - 1));
  return rf_palette_color (&signs, label * 0.85) & 0xffffff;
}

void
rf_toy_paint_outputs (const float *outputs, gsize n, gboolean discretize, guint32 *pixels)
{
  if (!discretize)
    {
      rf_palette_colors (&signs, outputs, n, pixels);
      return;
    }
  for (gsize i = 0; i < n; i++)
    pixels[i] = rf_palette_color (&signs, isnan (outputs[i]) ? NAN : outputs[i] >= 0 ? 0.7 : -0.7);
}

static guint32
mix (guint32 color, double share)
{
  guint32 mixed = 0xff;
  for (int shift = 16; shift >= 0; shift -= 8)
    mixed = mixed << 8 | (guint32) lrint (245 + share * ((color >> shift & 255) - 245.));
  return mixed;
}

void
rf_toy_paint_classes (const float *outputs, int n_classes, gsize n, gboolean discretize,
                      guint32 *pixels)
{
  for (gsize i = 0; i < n; i++)
    {
      int best = 0;
      for (int c = 1; c < n_classes; c++)
        if (outputs[(gsize) c * n + i] > outputs[(gsize) best * n + i])
          best = c;
      const double sure = (outputs[(gsize) best * n + i] * n_classes - 1) / MAX (n_classes - 1, 1);
      pixels[i] = isnan (sure)
                      ? RF_PALETTE_NOT_A_NUMBER
                      : mix (rf_class_color (best), discretize ? 0.7 : 0.85 * CLAMP (sure, 0, 1));
    }
}
