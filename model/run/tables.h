/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The text of a run's tables and of its journal of changes. */

#include "model/run/folder.h"

G_BEGIN_DECLS

#define RF_STEPS_HEADER "step,epoch,seconds,loss,data_loss,penalty,accuracy,learning_rate\n"
#define RF_EPOCHS_HEADER                                                                           \
  "epoch,step,seconds,train_loss,train_accuracy,test_loss,test_accuracy,validation_loss,"          \
  "validation_accuracy,images_per_second\n"

void rf_append_step_row (GString *text, const RfStepRow *row);
void rf_append_epoch_row (GString *text, const RfEpochRow *row);
void rf_append_change (GString *text, const RfChange *change);

/* Cuts the tables of the run in @path back to the rows of steps up to @step, and of epochs that
 * ended up to step @epochs_until, and all files back to whole lines. Makes a table or journal that
 * is missing. */
gboolean rf_run_cut (const char *path, gint64 step, gint64 epochs_until, GError **error);

G_END_DECLS
