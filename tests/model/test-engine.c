/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arithmetic of training as a whole: it learns, gives the same bytes for any number of threads,
 * says where it diverged, and refuses what does not fit together. */

#include "model/base/error.h"
#include "model/base/pool.h"
#include "tests/model/run-util.h"

#include <math.h>

static char *folder, *data;

static void
test_learns (void)
{
  g_autoptr (RfExperiment) experiment = make_experiment (data, SMALL_CNN, MOMENTUM, 12);
  g_autoptr (RfEngine) engine = make_engine (experiment);
  double loss, accuracy, top5, before, count = 0;
  gint64 confusion[16] = { 0 };
  RfStepRow row;

  g_assert_cmpint (rf_engine_steps_per_epoch (engine), ==, STEPS_PER_EPOCH);
  g_assert_cmpint (engine->dataset->splits[RF_SPLIT_TRAIN].n, ==, N_TRAIN);
  rf_engine_evaluate (engine, RF_SPLIT_TEST, NULL, &before, &accuracy, NULL, NULL);
  for (gint64 step = 1; step <= 12 * STEPS_PER_EPOCH; step++)
    {
      gboolean last = step % STEPS_PER_EPOCH == 0;
      RfStepOutcome outcome = rf_engine_step (engine, &row);
      g_assert_cmpint (outcome, ==, last ? RF_STEP_EPOCH_ENDED : RF_STEP_DONE);
      g_assert_cmpint (row.step, ==, step);
      g_assert_cmpint (row.epoch, ==, (step - 1) / STEPS_PER_EPOCH + 1);
      g_assert_cmpfloat (row.loss, ==, row.data_loss + row.penalty);
      g_assert_cmpfloat (row.penalty, >, 0);
      if (step <= 5) /* warm-up */
        g_assert_cmpfloat (row.learning_rate, <, 0.05 * (double) step / 5 + 1e-9);
      if (last)
        g_assert_cmpint (engine->sums.count, ==, N_TRAIN);
    }
  g_assert_cmpfloat ((double) engine->sums.right / N_TRAIN, >, 0.6);

  rf_engine_evaluate (engine, RF_SPLIT_TEST, NULL, &loss, &accuracy, &top5, confusion);
  g_assert_cmpfloat (loss, <, before);
  g_assert_cmpfloat (accuracy, >, 0.6);
  g_assert_cmpfloat (top5, ==, 1); /* of four classes */
  for (int i = 0; i < 16; i++)
    count += (double) confusion[i];
  g_assert_cmpfloat (count, ==, engine->dataset->splits[RF_SPLIT_TEST].n);
  g_assert_cmpfloat (
      accuracy, ==, (double) (confusion[0] + confusion[5] + confusion[10] + confusion[15]) / count);

  gint cancel = 1;
  rf_engine_evaluate (engine, RF_SPLIT_TEST, &cancel, &loss, &accuracy, NULL, NULL);
  g_assert_true (isnan (loss) && isnan (accuracy));
}

static char *
train_with_threads (int n_threads)
{
  g_autoptr (RfExperiment) experiment
      = make_experiment (data, SMALL_CNN, "{\"type\": \"adam\", \"weight_decay\": 0.001}", 3);
  RfStepRow row;
  double loss, accuracy;

  rf_pool_set_threads (n_threads);
  g_autoptr (RfEngine) engine = make_engine (experiment);
  GChecksum *checksum = g_checksum_new (G_CHECKSUM_SHA256);
  for (int step = 0; step < 3 * STEPS_PER_EPOCH; step++)
    {
      RfStepOutcome outcome = rf_engine_step (engine, &row);
      g_checksum_update (checksum, (const guchar *) &row.loss, sizeof row.loss);
      if (outcome == RF_STEP_EPOCH_ENDED)
        rf_engine_evaluate (engine, RF_SPLIT_VALIDATION, NULL, &loss, &accuracy, NULL, NULL);
    }
  g_checksum_update (checksum, (const guchar *) &loss, sizeof loss);
  g_checksum_update (checksum, (const guchar *) engine->net->weights,
                     (gssize) (engine->net->n_weights * sizeof (float)));
  g_checksum_update (checksum, (const guchar *) engine->net->buffers,
                     (gssize) (engine->net->n_buffers * sizeof (float)));
  char *digest = g_strdup (g_checksum_get_string (checksum));
  g_checksum_free (checksum);
  return digest;
}

static void
test_threads (void)
{
  g_autofree char *one = train_with_threads (1);
  for (int n = 1; n <= 4; n++)
    {
      g_autofree char *several = train_with_threads (n);
      g_assert_cmpstr (several, ==, one);
    }
  rf_pool_set_threads (0);
}

/* A position is all there is to it: another engine that takes over mid-epoch goes on the same way.
 */
static void
test_seek (void)
{
  g_autoptr (RfExperiment) experiment
      = make_experiment (data, SMALL_CNN, "{\"type\": \"sgd\", \"learning_rate\": 0.05}", 3);
  g_autoptr (RfEngine) engine = make_engine (experiment);
  g_autoptr (RfEngine) other = make_engine (experiment);
  RfStepRow a, b;

  for (int step = 0; step < STEPS_PER_EPOCH + 3; step++)
    rf_engine_step (engine, &a);
  memcpy (other->net->weights, engine->net->weights, engine->net->n_weights * sizeof (float));
  memcpy (other->net->buffers, engine->net->buffers, engine->net->n_buffers * sizeof (float));
  rf_engine_seek (other, engine->step, engine->epoch, engine->offset);
  for (int step = 0; step < STEPS_PER_EPOCH; step++)
    {
      rf_engine_step (engine, &a);
      rf_engine_step (other, &b);
      g_assert_cmpmem (&a, sizeof a, &b, sizeof b);
    }
  g_assert_cmpmem (other->net->weights, other->net->n_weights * sizeof (float),
                   engine->net->weights, engine->net->n_weights * sizeof (float));
}

/* Knobs act on the very next step, those of augmentation included. */
static void
test_knobs (void)
{
  g_autoptr (RfExperiment) experiment
      = make_experiment (data, SMALL_CNN, "{\"type\": \"sgd\", \"learning_rate\": 0.05}", 3);
  g_autoptr (RfExperiment) turned = rf_experiment_copy (experiment);
  g_autoptr (RfExperiment) flipped = rf_experiment_copy (experiment);
  g_autoptr (RfEngine) engine = make_engine (experiment);
  g_autoptr (RfEngine) other = make_engine (experiment);
  RfStepRow a, b;

  g_assert_true (rf_experiment_set_live (turned, "training.optimizer.learning_rate", 0, NULL));
  g_assert_true (rf_experiment_set_live (flipped, "training.augment[0].probability", 1, NULL));
  g_assert_true (rf_engine_set_experiment (engine, turned, NULL));
  g_autofree float *before
      = g_memdup2 (engine->net->weights, engine->net->n_weights * sizeof (float));
  rf_engine_step (engine, &a);
  g_assert_cmpfloat (a.learning_rate, ==, 0);
  g_assert_cmpmem (before, engine->net->n_weights * sizeof (float), engine->net->weights,
                   engine->net->n_weights * sizeof (float));

  rf_engine_step (other, &b);
  g_assert_cmpfloat (a.loss, ==, b.loss);
  rf_engine_seek (other, 0, 1, 0);
  memcpy (other->net->weights, before, other->net->n_weights * sizeof (float));
  g_assert_true (rf_engine_set_experiment (other, flipped, NULL));
  rf_engine_step (other, &b);
  g_assert_cmpfloat (a.loss, !=, b.loss);
}

static void
test_divergence (void)
{
  g_autoptr (RfExperiment) experiment
      = make_experiment (data,
                         "{\"type\": \"flatten\"}, {\"type\": \"linear\", \"units\": 8}, {\"type\":"
                         " \"relu\"}, {\"type\": \"linear\", \"units\": 4}",
                         "{\"type\": \"sgd\", \"learning_rate\": 1000000}", 3);
  g_autoptr (RfEngine) engine = make_engine (experiment);
  RfStepOutcome outcome = RF_STEP_DONE;
  RfStepRow row;

  for (int i = 0; i < 60 && outcome != RF_STEP_DIVERGED; i++)
    outcome = rf_engine_step (engine, &row);
  g_assert_cmpint (outcome, ==, RF_STEP_DIVERGED);
  g_assert_false (isfinite (row.loss));
  g_assert_cmpint (row.step, ==, engine->step + 1);
  g_autofree char *text = rf_engine_explain_divergence (engine);
  g_autofree char *step = g_strdup_printf ("at step %" G_GINT64_FORMAT ".", row.step);
  g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, step));
  g_assert_nonnull (strstr (text, "(linear, "));
  g_assert_nonnull (strstr (text, "now 1e+06"));

  /* Weights that an update made infinite, with a loss that was finite before it. */
  g_autoptr (RfEngine) other = make_engine (experiment);
  rf_engine_step (other, &row);
  other->net->weights[other->net->params[2].offset] = INFINITY;
  g_autofree char *after = rf_engine_explain_divergence (other);
  g_assert_nonnull (strstr (after, "after step 1."));
  g_assert_nonnull (strstr (after, "layer 3 (linear, 4 units): its weights"));
}

static void
test_misfits (void)
{
  g_autoptr (RfExperiment) experiment = make_experiment (
      data, "{\"type\": \"flatten\"}, {\"type\": \"linear\", \"units\": 12}", MOMENTUM, 1);
  g_autoptr (RfDataset) dataset = load_dataset (experiment);
  g_autoptr (GError) error = NULL;
  g_assert_null (rf_engine_new (experiment, dataset, rf_kernels_path (), &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_SHAPE);
  g_assert_nonnull (strstr (error->message, "12 values"));
  g_assert_nonnull (strstr (error->message, "4 classes"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  folder = rf_test_make_folder ();
  data = write_corners (folder);
  g_test_add_func ("/engine/learns", test_learns);
  g_test_add_func ("/engine/threads", test_threads);
  g_test_add_func ("/engine/seek", test_seek);
  g_test_add_func ("/engine/knobs", test_knobs);
  g_test_add_func ("/engine/divergence", test_divergence);
  g_test_add_func ("/engine/misfits", test_misfits);
  int result = g_test_run ();
  rf_test_remove_folder (folder);
  g_free (data);
  return result;
}
