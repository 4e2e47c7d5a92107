/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Why a network gives a picture the score that it gives it: which pixels the logit of a class
 * depends on. Done a batch at a time, so that whoever does it can stop in between. */

#include "model/features/specimen.h"

G_BEGIN_DECLS

typedef enum
{
  /* max over channels of |d logit / d pixel| (Simonyan et al., 2013) */
  RF_WHY_SALIENCY,
  /* the mean of that over noisy copies (Smilkov et al., 2017) */
  RF_WHY_SMOOTH,
  /* (pixel − baseline) · mean gradient on the way from the baseline, added over channels; all add
   * up to the difference of the logits (Sundararajan et al., 2017). Baseline: all inputs 0, the
   * mean of the data. */
  RF_WHY_INTEGRATED,
  /* max (0, Σ mean gradient · map) over the maps of a layer (Selvaraju et al., 2017), in its
   * size */
  RF_WHY_GRAD_CAM,
  /* how much the logit falls when a square is set to 0, the mean over the squares on a pixel
   * (Zeiler and Fergus, 2014) */
  RF_WHY_OCCLUSION,
  RF_N_WHYS
} RfWhy;

typedef struct
{
  RfWhy method;
  int klass;
  int samples;      /* of SmoothGrad; parts of the way that integrated gradients begin with */
  double noise;     /* of SmoothGrad: deviation, as a share of the picture's range */
  double tolerance; /* of integrated gradients: by which share of the difference of the logits their
                     * sum may be wrong */
  guint64 seed;
  int side, stride; /* of the occluding square */
  guint layer;      /* of Grad-CAM: index of RfLayer */
} RfWhyConfig;

/* 32 samples (64 parts), noise .15, tolerance .01, a square of 5 every 2 pixels; @layer: of
 * rf_why_find_layer(), or 0. */
void rf_why_config_init (RfWhyConfig *config, RfWhy method, int klass, RfSpecimen *specimen);
/* The last layer inside no other with maps of more than one value; −1: none. */
int rf_why_find_layer (RfSpecimen *specimen);

typedef struct _RfAttribution RfAttribution;

/* @image: [channels, height, width], normalised; copied. @shape: its own. */
RfAttribution *rf_attribution_new (const RfWhyConfig *config, RfShape shape, const float *image);
void rf_attribution_free (RfAttribution *attribution);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfAttribution, rf_attribution_free)

/* A batch more. TRUE when it is done. */
gboolean rf_attribution_step (RfAttribution *attribution, RfSpecimen *specimen);
/* From 0 to 1; of integrated gradients a guess. */
double rf_attribution_get_progress (const RfAttribution *attribution);

/* Once done: [height, width], signed for integrated gradients and occlusion, else not negative. */
const float *rf_attribution_get_map (const RfAttribution *attribution, int *height, int *width);
/* The logit of the class, and what integrated gradients should and do add up to. They are refined
 * until both agree within the tolerance, for 32 times as many pictures as samples at most. */
double rf_attribution_get_logit (const RfAttribution *attribution);
double rf_attribution_get_expected (const RfAttribution *attribution);
double rf_attribution_get_sum (const RfAttribution *attribution);

G_END_DECLS
