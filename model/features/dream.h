/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A picture that excites a unit as much as can be: gradient ascent on the pixels, from noise (Erhan
 * et al., 2009; Yosinski et al., 2015). The picture is shifted a little in each step, so that no
 * pattern depends on its place, loses a share of its size and now and then its high frequencies,
 * which networks answer to but people do not see. Same seed, same bytes. */

#include "model/features/specimen.h"

G_BEGIN_DECLS

typedef struct
{
  guint layer; /* index of RfLayer */
  int unit;    /* channel */
  int y, x;    /* the place in its map that is to be excited; −1: all of them, their mean */
  int steps;
  double rate;  /* of a step, in deviations of the data */
  double decay; /* share lost in each step */
  int jitter;   /* pixels */
  int blur;     /* every so many steps; 0: never */
  guint64 seed;
} RfDreamConfig;

/* 200 steps, all of the map. */
void rf_dream_config_init (RfDreamConfig *config, guint layer, int unit);

typedef struct _RfDream RfDream;

/* @low, @high: for each channel, the normalised values of black and white; NULL: no bounds. */
RfDream *rf_dream_new (const RfDreamConfig *config, RfShape shape, const float *low,
                       const float *high);
void rf_dream_free (RfDream *dream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfDream, rf_dream_free)

/* One step more. TRUE when it is done. */
gboolean rf_dream_step (RfDream *dream, RfSpecimen *specimen);
double rf_dream_get_progress (const RfDream *dream);
/* [channels, height, width], normalised. */
const float *rf_dream_get_image (const RfDream *dream);
/* The unit's value at the place, or its mean over the map, before the last step. */
double rf_dream_get_value (const RfDream *dream);

G_END_DECLS
