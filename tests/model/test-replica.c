/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking inside: a replica's answers against a network run by hand. */

#include "model/base/error.h"
#include "tests/model/replica-util.h"

#define RESIDUAL                                                                                   \
  "{\"type\": \"conv2d\", \"filters\": 4, \"kernel\": [3, 1], \"padding\": [1, 0]},"               \
  "{\"type\": \"residual\", \"layers\": [{\"type\": \"conv2d\", \"filters\": 4, \"kernel\": 3,"    \
  "\"padding\": 1}, {\"type\": \"batchnorm\"}, {\"type\": \"relu\"}]}, {\"type\": \"flatten\"},"   \
  "{\"type\": \"linear\", \"units\": 4}"

static char *folder, *data;

/* --- Answers -------------------------------------------------------------------------------- */

static void
check_all_layers (const char *layers)
{
  g_autoptr (RfExperiment) experiment = make_experiment (data, layers, MOMENTUM, 1);
  g_autoptr (RfNet) net = new_net (experiment, 17);
  g_autoptr (RfWeights) weights = copy_weights (net, 23);
  g_autoptr (RfReplica) replica = new_replica (experiment);
  g_autofree float *image = random_floats (N_PIXELS, 1);
  g_autofree guint *indices = g_new (guint, net->layers->len);

  for (guint i = 0; i < net->layers->len; i++)
    indices[i] = net->layers->len - 1 - i;
  rf_replica_set_weights (replica, weights);
  g_autoptr (RfView) view = look (replica, image, indices, net->layers->len);
  g_assert_cmpint (view->step, ==, 23);
  g_assert_cmpuint (view->n_maps, ==, net->layers->len);
  g_assert_cmpuint (view->maps[0].layer, ==, net->layers->len - 1);
  assert_sees (view, net, image);
}

static void
test_layers (void)
{
  check_all_layers (SMALL_CNN);
  check_all_layers (RESIDUAL);
  check_all_layers ("{\"type\": \"flatten\"}, {\"type\": \"linear\", \"units\": 4}");
}

/* Without weights it shows those that training begins with. */
static void
test_first_weights (void)
{
  g_autoptr (RfExperiment) experiment = make_experiment (data, SMALL_CNN, MOMENTUM, 1);
  g_autoptr (RfEngine) engine = make_engine (experiment);
  g_autoptr (RfReplica) replica = new_replica (experiment);
  g_autofree float *image = random_floats (N_PIXELS, 1);
  g_autoptr (RfView) view = look (replica, image, NULL, 0);
  RfPass pass = { 1, FALSE, 0, 0 };
  const float *logits = run_forward (engine->net, &pass, image);

  g_assert_cmpint (view->step, ==, 0);
  g_assert_cmpuint (view->n_maps, ==, 0);
  for (guint i = 0; i < CLASSES; i++)
    g_assert_cmpfloat_with_epsilon (view->logits[i], logits[i], 1e-5);
}

static void
test_filters (void)
{
  g_autoptr (RfExperiment) experiment = make_experiment (data, RESIDUAL, MOMENTUM, 1);
  g_autoptr (RfExperiment) linear = make_experiment (
      data, "{\"type\": \"flatten\"}, {\"type\": \"linear\", \"units\": 4}", MOMENTUM, 1);
  g_autoptr (RfNet) net = new_net (experiment, 5);
  g_autoptr (RfWeights) weights = copy_weights (net, 6);
  g_autoptr (RfReplica) replica = new_replica (experiment);
  g_autoptr (RfReplica) flat = new_replica (linear);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (rf_replica_find_filters (flat), ==, -1);
  int layer = rf_replica_find_filters (replica);
  g_assert_cmpint (layer, ==, 0);
  rf_replica_set_weights (replica, weights);
  rf_replica_filters_async (replica, (guint) layer, NULL, keep_result, &result);
  g_autoptr (RfFilters) filters = rf_replica_filters_finish (replica, wait_for (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpint (filters->step, ==, 6);
  g_assert_cmpint (filters->n, ==, 4);
  g_assert_cmpint (filters->channels, ==, 1);
  g_assert_cmpint (filters->height, ==, 3);
  g_assert_cmpint (filters->width, ==, 1);
  g_assert_cmpmem (filters->values, 12 * sizeof (float),
                   rf_layer_values (net->layers->pdata[layer], 0), 12 * sizeof (float));
}

/* A checkpoint is seen by the looks after it; one that cannot be read changes nothing. */
static void
test_checkpoint (void)
{
  g_autofree char *good = g_build_filename (folder, "good.safetensors", NULL);
  g_autofree char *missing = g_build_filename (folder, "missing.safetensors", NULL);
  g_autoptr (RfExperiment) experiment = make_experiment (data, SMALL_CNN, MOMENTUM, 1);
  g_autoptr (RfNet) net = new_net (experiment, 31);
  g_autoptr (RfNet) other = new_net (experiment, 32);
  g_autoptr (RfWeights) weights = copy_weights (other, 7);
  g_autoptr (RfReplica) replica = new_replica (experiment);
  g_autofree float *image = random_floats (N_PIXELS, 2);
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) loaded = NULL, failed = NULL, foreign = NULL, looked = NULL;

  g_assert_true (rf_net_save (net, good, RF_DTYPE_F32, &error));
  rf_replica_load_checkpoint_async (replica, good, 14, NULL, keep_result, &loaded);
  rf_replica_look_async (replica, image, NULL, 0, NULL, keep_result, &looked);
  g_autoptr (RfView) view = rf_replica_look_finish (replica, wait_for (&looked), &error);
  g_assert_no_error (error);
  g_assert_cmpint (view->step, ==, 14);
  assert_sees (view, net, image);
  g_assert_true (rf_replica_load_checkpoint_finish (replica, wait_for (&loaded), &error));

  rf_replica_load_checkpoint_async (replica, missing, 15, NULL, keep_result, &failed);
  g_assert_false (rf_replica_load_checkpoint_finish (replica, wait_for (&failed), &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  rf_replica_load_checkpoint_async (replica, data, 16, NULL, keep_result, &foreign);
  g_assert_false (rf_replica_load_checkpoint_finish (replica, wait_for (&foreign), &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_MISSING);
  g_autoptr (RfView) still = look (replica, image, NULL, 0);
  g_assert_cmpint (still->step, ==, 14);
  assert_sees (still, net, image);

  rf_replica_set_weights (replica, weights);
  g_autoptr (RfView) newer = look (replica, image, NULL, 0);
  g_assert_cmpint (newer->step, ==, 7);
  assert_sees (newer, other, image);
}

/* --- Mistakes ------------------------------------------------------------------------------- */

static gint64
find_mistake (RfReplica *replica, RfDataset *dataset, gsize from)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 index = -2;
  rf_replica_find_mistake_async (replica, dataset, RF_SPLIT_TRAIN, from, NULL, keep_result,
                                 &result);
  g_assert_true (rf_replica_find_mistake_finish (replica, wait_for (&result), &index, &error));
  g_assert_no_error (error);
  return index;
}

/* Gives each picture of the training split the label that the network would give it. */
static void
label_as_seen (RfDataset *dataset, RfNet *net)
{
  const RfRows *rows = &dataset->splits[RF_SPLIT_TRAIN];
  RfPass pass = { 1, FALSE, 0, 0 };
  for (gsize i = 0; i < rows->n; i++)
    {
      float image[N_PIXELS];
      rf_dataset_get (dataset, rows->rows[i], image);
      const float *logits = run_forward (net, &pass, image);
      gint32 best = 0;
      for (gint32 c = 1; c < CLASSES; c++)
        if (logits[c] > logits[best])
          best = c;
      dataset->labels[rows->rows[i]] = best;
    }
}

static void
test_mistakes (void)
{
  g_autoptr (RfExperiment) experiment = make_experiment (data, SMALL_CNN, MOMENTUM, 1);
  g_autoptr (RfDataset) dataset = load_dataset (experiment);
  g_autoptr (RfNet) net = new_net (experiment, 41);
  g_autoptr (RfNet) other = new_net (experiment, 42);
  g_autoptr (RfWeights) weights = copy_weights (net, 1);
  g_autoptr (RfWeights) others = copy_weights (other, 2);
  g_autoptr (RfReplica) replica = new_replica (experiment);
  const guint32 *rows = dataset->splits[RF_SPLIT_TRAIN].rows;
  const gint64 n = (gint64) dataset->splits[RF_SPLIT_TRAIN].n;
  const gint64 wrong[] = { 3, 4, 100, n - 1 };

  label_as_seen (dataset, net);
  rf_replica_set_weights (replica, weights);
  g_assert_cmpint (find_mistake (replica, dataset, 0), ==, -1);
  g_assert_cmpfloat (rf_replica_get_searched (replica), ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      gint32 *label = &dataset->labels[rows[wrong[i]]];
      *label = (*label + 1) % CLASSES;
      for (guint j = 0; j <= i; j++)
        g_assert_cmpint (find_mistake (replica, dataset, (gsize) wrong[j]), ==,
                         wrong[(j + 1) % (i + 1)]);
    }
  g_assert_cmpint (find_mistake (replica, dataset, 50), ==, 100);

  /* Other weights, other mistakes. */
  label_as_seen (dataset, other);
  rf_replica_set_weights (replica, others);
  g_assert_cmpint (find_mistake (replica, dataset, 7), ==, -1);
}

/* A newer search ends the one under way; looks are answered beside it; it can be cancelled. */
static void
test_mistakes_asked_again (void)
{
  g_autoptr (RfExperiment) experiment = make_experiment (data, SMALL_CNN, MOMENTUM, 1);
  g_autoptr (RfDataset) dataset = load_dataset (experiment);
  g_autoptr (RfNet) net = new_net (experiment, 41);
  g_autoptr (RfWeights) weights = copy_weights (net, 1);
  g_autoptr (RfReplica) replica = new_replica (experiment);
  g_autofree float *image = random_floats (N_PIXELS, 1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) looked = NULL;
  GAsyncResult *results[3] = { NULL };
  GError *error = NULL;
  gint64 index;

  label_as_seen (dataset, net);
  rf_replica_set_weights (replica, weights);
  find_mistake (replica, dataset, 0); /* planned */
  rf_pool_enter (RF_POOL_TRAIN);
  rf_replica_find_mistake_async (replica, dataset, RF_SPLIT_TRAIN, 0, NULL, keep_result,
                                 &results[0]);
  g_usleep (50000); /* it begins, most likely */
  rf_replica_find_mistake_async (replica, dataset, RF_SPLIT_TRAIN, 1, NULL, keep_result,
                                 &results[1]);
  rf_replica_look_async (replica, image, NULL, 0, NULL, keep_result, &looked);
  rf_pool_leave ();
  g_assert_false (rf_replica_find_mistake_finish (replica, wait_for (&results[0]), &index, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_autoptr (RfView) view = rf_replica_look_finish (replica, wait_for (&looked), &error);
  g_assert_no_error (error);
  assert_sees (view, net, image);
  g_assert_cmpfloat (view->seconds, >, 0);
  g_assert_cmpfloat (view->seconds, <, PATIENCE);
  g_assert_true (rf_replica_find_mistake_finish (replica, wait_for (&results[1]), &index, &error));
  g_assert_cmpint (index, ==, -1);

  rf_pool_enter (RF_POOL_TRAIN);
  rf_replica_find_mistake_async (replica, dataset, RF_SPLIT_TRAIN, 1, cancellable, keep_result,
                                 &results[2]);
  g_usleep (20000);
  g_cancellable_cancel (cancellable);
  settle ();
  rf_pool_leave ();
  g_assert_false (rf_replica_find_mistake_finish (replica, wait_for (&results[2]), &index, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  for (int i = 0; i < 3; i++)
    g_object_unref (results[i]);
}

/* --- Latest wins, cancelling, letting go ---------------------------------------------------- */

/* While the test holds the pool, a look that has begun stays at its beginning. */
static void
test_latest_wins (void)
{
  g_autoptr (RfExperiment) experiment = make_experiment (data, SMALL_CNN, MOMENTUM, 1);
  g_autoptr (RfNet) net = new_net (experiment, 3);
  g_autoptr (RfNet) newer = new_net (experiment, 4);
  g_autoptr (RfWeights) weights = copy_weights (net, 1);
  g_autoptr (RfWeights) newest = copy_weights (newer, 2);
  g_autoptr (RfReplica) replica = new_replica (experiment);
  g_autofree float *images = random_floats (4 * N_PIXELS, 3);
  g_autoptr (GAsyncResult) loaded = NULL, filtered = NULL;
  GAsyncResult *results[4] = { NULL };
  GError *error = NULL;

  rf_replica_set_weights (replica, weights);
  rf_view_free (look (replica, images, NULL, 0)); /* planned: no more need of the pool for that */
  rf_pool_enter (RF_POOL_TRAIN);
  rf_replica_look_async (replica, images, NULL, 0, NULL, keep_result, &results[0]);
  g_usleep (50000); /* the first, most likely, begins */
  for (int i = 1; i < 4; i++)
    rf_replica_look_async (replica, images + i * N_PIXELS, NULL, 0, NULL, keep_result, &results[i]);
  rf_replica_filters_async (replica, 0, NULL, keep_result, &filtered);
  rf_replica_load_checkpoint_async (replica, "/nowhere", 5, NULL, keep_result, &loaded);
  rf_replica_set_weights (replica, newest);
  g_assert_null (results[1]); /* no callback from inside a request */
  g_assert_null (results[2]);
  for (int i = 1; i < 3; i++)
    {
      g_assert_null (rf_replica_look_finish (replica, wait_for (&results[i]), &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&error);
    }
  g_assert_false (rf_replica_load_checkpoint_finish (replica, wait_for (&loaded), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (results[3]);
  rf_pool_leave ();

  g_autoptr (RfView) last = rf_replica_look_finish (replica, wait_for (&results[3]), &error);
  g_assert_no_error (error);
  g_assert_cmpint (last->step, ==, 2);
  assert_sees (last, newer, images + 3 * N_PIXELS);
  g_autoptr (RfFilters) filters = rf_replica_filters_finish (replica, wait_for (&filtered), &error);
  g_assert_no_error (error);
  g_assert_cmpint (filters->step, ==, 2);
  g_autoptr (RfView) first = rf_replica_look_finish (replica, wait_for (&results[0]), &error);
  if (first)
    assert_sees (first, net, images);
  else
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  for (int i = 0; i < 4; i++)
    g_object_unref (results[i]);
}

static void
test_cancel (void)
{
  g_autoptr (RfExperiment) experiment = make_experiment (data, SMALL_CNN, MOMENTUM, 1);
  g_autoptr (RfReplica) replica = new_replica (experiment);
  g_autofree float *image = random_floats (N_PIXELS, 4);
  g_autoptr (GCancellable) begun = g_cancellable_new (), waiting = g_cancellable_new ();
  g_autoptr (GAsyncResult) first = NULL, second = NULL, third = NULL;
  g_autoptr (GError) error = NULL;

  rf_view_free (look (replica, image, NULL, 0));
  rf_pool_enter (RF_POOL_TRAIN);
  rf_replica_look_async (replica, image, NULL, 0, begun, keep_result, &first);
  g_usleep (50000);
  rf_replica_filters_async (replica, 0, waiting, keep_result, &second);
  g_cancellable_cancel (waiting);
  g_assert_null (rf_replica_filters_finish (replica, wait_for (&second), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_cancellable_cancel (begun);
  rf_pool_leave ();
  g_assert_null (rf_replica_look_finish (replica, wait_for (&first), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  /* Cancelled before it is asked: nothing is replaced by it. */
  g_autoptr (GAsyncResult) kept = NULL;
  rf_replica_look_async (replica, image, NULL, 0, NULL, keep_result, &kept);
  rf_replica_look_async (replica, image, NULL, 0, begun, keep_result, &third);
  g_assert_null (rf_replica_look_finish (replica, wait_for (&third), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_autoptr (RfView) view = rf_replica_look_finish (replica, wait_for (&kept), &error);
  g_assert_no_error (error);
  g_assert_nonnull (view);
}

static void
gone (gpointer flag, GObject *where)
{
  *(gboolean *) flag = TRUE;
}

/* Letting go of a replica returns at once, whatever it does; what was asked is answered. */
static void
test_let_go (void)
{
  g_autoptr (RfExperiment) experiment = make_experiment (data, SMALL_CNN, MOMENTUM, 1);
  g_autofree float *image = random_floats (N_PIXELS, 5);
  gboolean is_gone = FALSE;

  g_object_unref (new_replica (experiment)); /* before its thread has done anything */
  for (int i = 0; i < 2; i++)
    {
      RfReplica *replica = new_replica (experiment);
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      rf_view_free (look (replica, image, NULL, 0));
      is_gone = FALSE;
      g_object_weak_ref (G_OBJECT (replica), gone, &is_gone);
      rf_pool_enter (RF_POOL_TRAIN);
      rf_replica_look_async (replica, image, NULL, 0, NULL, keep_result, &result);
      if (i == 1)
        g_usleep (20000);
      g_object_unref (replica); /* would never end if it waited for the pool */
      rf_pool_leave ();
      g_autoptr (RfView) view = rf_replica_look_finish (replica, wait_for (&result), &error);
      g_assert_no_error (error);
      g_assert_nonnull (view);
      g_clear_object (&result);
      settle ();
      g_assert_true (is_gone);
    }
}

static void
test_refused (void)
{
  g_autoptr (RfExperiment) experiment
      = make_experiment (data, "{\"type\": \"maxpool\", \"size\": 99}", MOMENTUM, 1);
  g_autoptr (GError) error = NULL;
  g_assert_null (rf_replica_new (experiment, (RfShape){ 1, 8, 8 }, rf_kernels_path (), &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_SHAPE);
}

/* A plan that is too large is an answer, and the replica still ends well. */
static void
test_too_large (void)
{
  g_autoptr (RfExperiment) experiment = make_experiment (
      data,
      "{\"type\": \"flatten\"}, {\"type\": \"linear\", \"units\": 1000000},"
      "{\"type\": \"linear\", \"units\": 1000000}, {\"type\": \"linear\", \"units\": 4}",
      MOMENTUM, 1);
  g_autoptr (RfReplica) replica = new_replica (experiment);
  g_autofree float *image = random_floats (N_PIXELS, 6);

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      rf_replica_look_async (replica, image, NULL, 0, NULL, keep_result, &result);
      g_assert_null (rf_replica_look_finish (replica, wait_for (&result), &error));
      g_assert_error (error, RF_ERROR, RF_ERROR_MEMORY);
    }
}

/* --- Studies -------------------------------------------------------------------------------- */

typedef struct
{
  int steps, goal, renewals;
  float first_weight;
} Count;

static gboolean
count_steps (gpointer study, RfSpecimen *specimen, gboolean renewed, GError **error)
{
  Count *count = study;
  count->renewals += renewed ? 1 : 0;
  count->first_weight = rf_specimen_get_net (specimen)->weights[0];
  return ++count->steps >= count->goal;
}

static void
test_studies (void)
{
  g_autoptr (RfExperiment) experiment = make_experiment (data, SMALL_CNN, MOMENTUM, 1);
  g_autoptr (RfNet) net = new_net (experiment, 17);
  g_autoptr (RfWeights) weights = copy_weights (net, 23);
  g_autoptr (RfReplica) replica = new_replica (experiment);
  g_autofree float *image = random_floats (N_PIXELS, 1);
  g_autoptr (GAsyncResult) one = NULL, other = NULL, replaced = NULL;
  g_autoptr (GError) error = NULL;
  Count short_one = { .goal = 5 }, long_one = { .goal = G_MAXINT }, next = { .goal = 1 };

  rf_replica_set_weights (replica, weights);
  rf_replica_study_async (replica, 1, count_steps, &long_one, NULL, keep_result, &replaced);
  rf_replica_study_async (replica, 0, count_steps, &short_one, NULL, keep_result, &one);
  g_assert_true (rf_replica_study_finish (replica, wait_for (&one), &error));
  g_assert_no_error (error);
  g_assert_cmpint (short_one.steps, ==, 5);
  g_assert_cmpint (short_one.renewals, ==, 1);
  g_assert_cmpfloat (short_one.first_weight, ==, net->weights[0]);

  /* Looks are answered while a study goes on; the next of its number ends it. */
  g_autoptr (RfView) view = look (replica, image, NULL, 0);
  g_assert_cmpint (view->step, ==, 23);
  rf_replica_study_async (replica, 1, count_steps, &next, NULL, keep_result, &other);
  g_assert_true (rf_replica_study_finish (replica, wait_for (&other), &error));
  g_assert_false (rf_replica_study_finish (replica, wait_for (&replaced), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (next.steps, ==, 1);
}

/* A filter in another's place changes what is seen as if the network had it, over whatever weights
 * there are, and is taken back without a trace. */
static void
test_edits (void)
{
  g_autoptr (RfExperiment) experiment = make_experiment (data, SMALL_CNN, MOMENTUM, 1);
  g_autoptr (RfNet) net = new_net (experiment, 17), other = new_net (experiment, 18);
  g_autoptr (RfWeights) weights = copy_weights (net, 23), others = copy_weights (other, 24);
  g_autoptr (RfReplica) replica = new_replica (experiment);
  g_autofree float *image = random_floats (N_PIXELS, 1);
  const guint layer = (guint) rf_replica_find_filters (replica);
  const RfParam *param = ((RfLayer *) net->layers->pdata[layer])->params[0];
  const gsize n = param->count / (gsize) param->dims[0];
  g_autofree float *first = random_floats ((int) n, 2), *second = random_floats ((int) n, 3);
  const RfFilterEdit edits[] = { { layer, 1, n, first }, { layer, 1, n, second } };

  rf_replica_set_weights (replica, weights);
  rf_replica_set_edits (replica, edits, 2);
  g_autoptr (RfView) edited = look (replica, image, NULL, 0);
  rf_replica_set_weights (replica, others);
  g_autoptr (RfView) edited_too = look (replica, image, NULL, 0);
  rf_replica_set_edits (replica, NULL, 0);
  g_autoptr (RfView) back = look (replica, image, NULL, 0);
  assert_sees (back, other, image);

  memcpy (rf_layer_values (net->layers->pdata[layer], 0) + n, second, n * sizeof *second);
  memcpy (rf_layer_values (other->layers->pdata[layer], 0) + n, second, n * sizeof *second);
  assert_sees (edited, net, image);
  assert_sees (edited_too, other, image);
}

int
main (int argc, char **argv)
{
  rf_thread_claim_main ();
  g_test_init (&argc, &argv, NULL);
  folder = rf_test_make_folder ();
  data = write_corners (folder);
  g_test_add_func ("/replica/layers", test_layers);
  g_test_add_func ("/replica/first-weights", test_first_weights);
  g_test_add_func ("/replica/studies", test_studies);
  g_test_add_func ("/replica/filters", test_filters);
  g_test_add_func ("/replica/edits", test_edits);
  g_test_add_func ("/replica/checkpoint", test_checkpoint);
  g_test_add_func ("/replica/mistakes", test_mistakes);
  g_test_add_func ("/replica/mistakes-asked-again", test_mistakes_asked_again);
  g_test_add_func ("/replica/latest-wins", test_latest_wins);
  g_test_add_func ("/replica/cancel", test_cancel);
  g_test_add_func ("/replica/let-go", test_let_go);
  g_test_add_func ("/replica/refused", test_refused);
  g_test_add_func ("/replica/too-large", test_too_large);
  int result = g_test_run ();
  settle ();
  rf_test_remove_folder (folder);
  g_free (data);
  return result;
}
