/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* New experiments from old ones. */

#include "model/experiment/experiment.h"

G_BEGIN_DECLS

/* @base with another seed of training: other first weights, order, augmentation and dropout; the
 * same data, whose rows dataset.seed decides. First weights that come from a file
 * (network.initial_weights) are the same. */
RfExperiment *rf_experiment_with_seed (const RfExperiment *base, guint64 seed);

/* @base on a folder of pictures, one sub-folder for each class. The size of the input is kept if it
 * is that of pictures, else it is 3×32×32; the last layer that decides the number of outputs
 * (`units` of a linear layer, `filters` of a convolution) gets one for each class. Where the folder
 * has no split of its own for validation or test, a part of the training pictures is taken: as much
 * as @base says, or else a tenth and a fifth. Initial weights are dropped, as they are of other
 * classes. Fails, naming the place, if the folder is none of pictures or the network cannot be.
 *
 * Lists the folders, but reads no pictures: not on the main thread. */
RfExperiment *rf_experiment_for_folder (const RfExperiment *base, const char *folder,
                                        GError **error);

G_END_DECLS
