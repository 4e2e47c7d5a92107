/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A row of steps.csv: a step's batch, before its update. */
typedef struct
{
  gint64 step, epoch; /* from 1 */
  double seconds;     /* of training, evaluation and saving included; goes on across resumes */
  double loss;        /* data_loss + penalty */
  double data_loss, penalty, accuracy, learning_rate;
} RfStepRow;

/* A row of epochs.csv. NaN where there is no such split; written as an empty field. */
typedef struct
{
  gint64 epoch, step;
  double seconds;
  double train_loss, train_accuracy; /* training mode, without penalty, batch-weighted */
  double test_loss, test_accuracy, validation_loss, validation_accuracy;
  double images_per_second; /* excludes evaluation */
} RfEpochRow;

G_END_DECLS
