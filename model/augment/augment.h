/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Augmentations: pure functions of a picture and a random stream that belongs to (seed, epoch,
 * sample). One file here that defines `const RfAugmentClass rf_NAME_augment` and one line in
 * meson.build. */

#include "model/base/random.h"
#include "model/experiment/experiment.h"

G_BEGIN_DECLS

typedef struct
{
  RfSpecClass spec;
  /* Changes @image [c, h, w] in place, before normalisation (pictures: 0 to 1). @scratch has as
   * many floats as the image. */
  void (*apply) (const void *config, RfShape shape, float *image, float *scratch, RfRandom *random);
} RfAugmentClass;

extern const RfAugmentClass *const rf_augment_classes[];

/* Applies the list in order, drawing from the stream of (seed, epoch, row). */
void rf_augment_apply (const GPtrArray *augment, guint64 seed, gint64 epoch, guint32 row,
                       RfShape shape, float *image, float *scratch);

G_END_DECLS
