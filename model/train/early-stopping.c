/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Losses are compared as they stand in the file, with nine digits: else a run would decide by more
 * than it remembers. The first of equal ones is the best, and one that is not finite never is. */

#include "model/train/early-stopping.h"
#include "model/base/error.h"
#include "model/spec/json.h"

#include <glib/gi18n-lib.h>
#include <math.h>

gboolean
rf_early_stopping_check (const RfExperiment *experiment, const RfDataset *dataset, GError **error)
{
  g_return_val_if_fail (experiment && dataset, FALSE);

  if (experiment->training.patience == 0 || dataset->splits[RF_SPLIT_VALIDATION].n > 0)
    return TRUE;
  g_set_error (error, RF_ERROR, RF_ERROR_MISSING,
               _ ("training.early_stopping: it goes by the validation loss, but %s has no "
                  "validation split here; set dataset.validation_fraction, to 0.1 for instance"),
               dataset->title);
  return FALSE;
}

gboolean
rf_early_stopping_is_due (const RfEpochRow *rows, gsize n, int patience, const RfEpochRow **best)
{
  const RfEpochRow *lowest = NULL;

  for (gsize i = 0; i < n && patience > 0; i++)
    if (isfinite (rows[i].validation_loss)
        && (!lowest
            || rf_number_as_written (rows[i].validation_loss)
                   < rf_number_as_written (lowest->validation_loss)))
      lowest = &rows[i];
  if (!lowest || rows[n - 1].epoch - lowest->epoch < patience)
    return FALSE;
  if (best)
    *best = lowest;
  return TRUE;
}
