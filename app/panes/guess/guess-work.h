/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A guess in the making, in threads of its own: first the target, then step after step. */

#include "app/filters/filter-picture.h"
#include "app/filters/filter-colors.h"
#include "model/filter/guess.h"
#include "model/filter/presets.h"

G_BEGIN_DECLS

typedef struct
{
  gatomicrefcount references;
  RfFilterPicture *picture;
  const RfPreset *hidden; /* what is to be found, or NULL */
  char *path;             /* of a target picture, or NULL */
  RfGuessConfig config;
  int n_steps;        /* to be taken by the next rf_guess_work_step() … */
  double rate_factor; /* … at this multiple of the rate that surely converges */

  /* Once made. */
  RfGuess *guess;
  RfRaster *target;
  GError *error;
  double loss, best, sure_rate;
  guint64 taken;
  RfKernel kernel;
} RfGuessWork;

RfGuessWork *rf_guess_work_new (RfFilterPicture *picture, const RfPreset *hidden, const char *path,
                                const RfGuessConfig *config);
RfGuessWork *rf_guess_work_ref (RfGuessWork *work);
void rf_guess_work_unref (RfGuessWork *work);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfGuessWork, rf_guess_work_unref)

/* Both in a thread (rf_background_run), one at a time. */
void rf_guess_work_make (gpointer work);
void rf_guess_work_step (gpointer work);

G_END_DECLS
