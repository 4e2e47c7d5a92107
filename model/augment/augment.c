/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each picture has one stream of random numbers an epoch, from which the augmentations of the list
 * draw in turn. So a picture's fate depends on nothing but (seed, epoch, row): not on its place in
 * a batch, the batch size or the thread that makes it. */
#include "model/augment/augment.h"

void
rf_augment_apply (const GPtrArray *augment, guint64 seed, gint64 epoch, guint32 row, RfShape shape,
                  float *image, float *scratch)
{
  RfRandom random = rf_random (seed, RF_RANDOM_AUGMENT, (guint64) epoch, row);
  for (guint i = 0; i < augment->len; i++)
    {
      const RfSpec *spec = g_ptr_array_index (augment, i);
      const RfAugmentClass *klass = (const RfAugmentClass *) spec->klass;
      klass->apply (spec->config, shape, image, scratch, &random);
    }
}
