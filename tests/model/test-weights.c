/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Published weights: the box, and a trainer and a run that are asked for theirs. */

#include "model/base/error.h"
#include "model/run/run.h"
#include "tests/model/replica-util.h"

#include <math.h>

static char *folder, *data;

static void
test_box (void)
{
  g_autoptr (RfExperiment) experiment = make_experiment (data, SMALL_CNN, MOMENTUM, 1);
  g_autoptr (RfNet) net = new_net (experiment, 1);
  g_autoptr (RfNet) copy = new_net (experiment, 2);
  RfWeightsBox *box = rf_weights_box_new ();
  RfWeights *kept[5];

  g_assert_null (rf_weights_box_take (box));
  for (int i = 0; i < 5; i++)
    {
      net->weights[0] = (float) i;
      g_assert_true (rf_weights_box_publish (box, net, 10 * i));
      g_assert_true (rf_weights_box_publish (box, net, 10 * i + 1)); /* takes the place */
      kept[i] = rf_weights_box_take (box);
      g_assert_null (rf_weights_box_take (box));
    }
  for (int i = 0; i < 5; i++)
    {
      g_assert_cmpint (rf_weights_get_step (kept[i]), ==, 10 * i + 1);
      rf_weights_copy_to (kept[i], copy);
      g_assert_cmpfloat (copy->weights[0], ==, i);
    }
  net->weights[0] = copy->weights[0];
  g_assert_cmpmem (copy->weights, net->n_weights * sizeof (float), net->weights,
                   net->n_weights * sizeof (float));
  g_assert_cmpmem (copy->buffers, net->n_buffers * sizeof (float), net->buffers,
                   net->n_buffers * sizeof (float));

  /* What nobody reads any more is written again. */
  for (int i = 0; i < 4; i++)
    rf_weights_unref (kept[i]);
  for (int i = 0; i < 10; i++)
    {
      g_assert_true (rf_weights_box_publish (box, net, i));
      g_autoptr (RfWeights) weights = rf_weights_box_take (box);
      gboolean recycled = weights == kept[0] || weights == kept[1] || weights == kept[2];
      g_assert_true (recycled);
    }
  rf_weights_box_publish (box, net, 99);
  rf_weights_box_free (box);
  g_assert_cmpint (rf_weights_get_step (kept[4]), ==, 41);
  rf_weights_unref (kept[4]);
}

typedef struct
{
  Listener listener; /* first, for hear() */
  RfReplica *replica;
  const float *image;
  gint64 newest;
  guint n_weights, n_views;
  gboolean busy;
} Watcher;

static void
view_cb (GObject *source, GAsyncResult *result, gpointer data_)
{
  Watcher *watcher = data_;
  g_autoptr (GError) error = NULL;
  g_autoptr (RfView) view = rf_replica_look_finish (RF_REPLICA (source), result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (view->step, <=, watcher->newest);
  g_assert_true (isfinite (view->logits[0]));
  watcher->n_views++;
  watcher->busy = FALSE;
}

/* Asks again for weights as soon as some are there, and looks at all times. */
static void
watch (const RfSnapshot *snapshot, gpointer data_)
{
  static const guint layers[] = { 0, 3 };
  Watcher *watcher = data_;

  hear (snapshot, &watcher->listener);
  if (!snapshot->weights)
    return;
  g_autoptr (RfWeights) weights = rf_trainer_take_weights (watcher->listener.trainer);
  rf_trainer_request_weights (watcher->listener.trainer);
  if (!weights)
    return;
  g_assert_cmpint (rf_weights_get_step (weights), >=, watcher->newest);
  watcher->newest = rf_weights_get_step (weights);
  watcher->n_weights++;
  rf_replica_set_weights (watcher->replica, weights);
  if (watcher->busy)
    return;
  watcher->busy = TRUE;
  rf_replica_look_async (watcher->replica, watcher->image, layers, 2, NULL, view_cb, watcher);
}

static void
test_watched (void)
{
  g_autofree char *alone = g_build_filename (folder, "alone", NULL);
  g_autofree char *watched = g_build_filename (folder, "watched", NULL);
  g_autoptr (RfExperiment) experiment = make_experiment (data, SMALL_CNN, MOMENTUM, 60);
  g_autofree float *image = random_floats (N_PIXELS, 7);
  g_autoptr (RfReplica) replica = new_replica (experiment);
  Watcher watcher = { .replica = replica, .image = image };

  train_through (experiment, alone, FALSE, NULL);
  watcher.listener = listen_to (open_trainer (experiment, watched, FALSE, NULL));
  rf_trainer_listen (watcher.listener.trainer, watch, &watcher);
  rf_trainer_request_weights (watcher.listener.trainer);
  rf_trainer_start (watcher.listener.trainer);
  wait_for_state (&watcher.listener, RF_TRAINER_FINISHED);
  g_assert_cmpuint (watcher.n_weights, >, 2);
  while (watcher.busy || watcher.n_views == 0)
    g_main_context_iteration (NULL, TRUE);
  close_listener (&watcher.listener);
  g_test_message ("%u weights, %u views in %d steps", watcher.n_weights, watcher.n_views,
                  60 * STEPS_PER_EPOCH);
  assert_same_file (alone, watched, "weights.safetensors");
  assert_same_rows (alone, watched);
}

static void
keep_weights (RfRun *run, RfWeights *weights, gpointer slot)
{
  g_clear_pointer ((RfWeights **) slot, rf_weights_unref);
  *(RfWeights **) slot = rf_weights_ref (weights);
}

static RfWeights *
request_weights (RfRun *run)
{
  RfWeights *weights = NULL;
  gint64 end = g_get_monotonic_time () + PATIENCE * G_USEC_PER_SEC;
  gulong handler = g_signal_connect (run, "weights", G_CALLBACK (keep_weights), &weights);
  guint clock = g_timeout_add (20, wake_up, NULL);
  rf_run_request_weights (run);
  while (!weights && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (clock);
  g_signal_handler_disconnect (run, handler);
  g_assert_nonnull (weights);
  return weights;
}

/* A paused run answers too, with the weights that its checkpoint holds. */
static void
test_run (void)
{
  g_autofree char *path = g_build_filename (folder, "run", NULL);
  g_autofree char *checkpoint
      = g_build_filename (path, "checkpoints", "step-00000001.safetensors", NULL);
  g_autoptr (RfExperiment) experiment = make_experiment (data, SMALL_CNN, MOMENTUM, 2);
  g_autoptr (RfReplica) replica = new_replica (experiment);
  g_autofree float *image = random_floats (N_PIXELS, 8);
  g_autoptr (GAsyncResult) opened = NULL, closed = NULL;
  g_autoptr (GError) error = NULL;
  RfRunOptions options = { .folder = path };

  rf_run_open_async (experiment, &options, NULL, keep_result, &opened);
  g_autoptr (RfRun) run = rf_run_open_finish (wait_for (&opened), &error);
  g_assert_no_error (error);
  g_autoptr (RfWeights) before = request_weights (run);
  g_assert_cmpint (rf_weights_get_step (before), ==, 0);
  rf_run_step (run);
  while (rf_run_get_step (run) < 1 || rf_run_get_state (run) != RF_TRAINER_PAUSED)
    g_main_context_iteration (NULL, TRUE);
  g_autoptr (RfWeights) after = request_weights (run);
  g_assert_cmpint (rf_weights_get_step (after), ==, 1);

  rf_replica_set_weights (replica, after);
  g_autoptr (RfView) view = look (replica, image, NULL, 0);
  g_autoptr (RfNet) net = new_net (experiment, 1);
  g_assert_true (rf_net_load_file (net, checkpoint, &error));
  assert_sees (view, net, image);

  rf_run_close_async (run, keep_result, &closed);
  g_assert_true (rf_run_close_finish (run, wait_for (&closed), &error));
  rf_run_request_weights (run); /* nobody is there any more */
  g_assert_cmpint (rf_weights_get_step (before), ==, 0);
}

int
main (int argc, char **argv)
{
  rf_thread_claim_main ();
  g_test_init (&argc, &argv, NULL);
  folder = rf_test_make_folder ();
  data = write_corners (folder);
  g_test_add_func ("/weights/box", test_box);
  g_test_add_func ("/weights/watched", test_watched);
  g_test_add_func ("/weights/run", test_run);
  int result = g_test_run ();
  settle ();
  rf_test_remove_folder (folder);
  g_free (data);
  return result;
}
