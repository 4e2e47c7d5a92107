/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sessions of the playground against TensorFlow Playground's own losses, and what the original has
 * not. Recorded runs are read from the folder given as an argument, else from the shared test data.
 */

#include "model/playground/export.h"
#include "model/playground/link.h"
#include "model/playground/playground.h"
#include "tests/test-util.h"

#include <jansson.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

#define SHEET                                                                                      \
  "#activation=tanh&batchSize=4&dataset=circle&learningRate=0.03&regularizationRate=0.003&"        \
  "noise=40&networkShape=6,5,5&seed=0.54350&percTrainData=50&x=true&y=true"

/* Everything rounds as in the original; the rest is the digits of the recordings. */
#define TOLERANCE 1e-9

static const char *fixtures;

static RfPlayground *
open_link (const char *link)
{
  g_auto (RfPlayState) state = { 0 };
  g_autoptr (GError) error = NULL;
  rf_play_state_init (&state);
  g_assert_true (rf_play_link_read (link, &state, NULL, NULL, &error));
  return rf_playground_new (&state);
}

/* --- The original's numbers ----------------------------------------------------------------- */

static void
test_sheet (void)
{
  static const struct
  {
    const char *regularization;
    struct
    {
      guint64 epoch;
      double train, test;
      int dead;
    } rows[5];
  } runs[] = {
    { "none",
      { { 0, .531795, .538878, 0 },
        { 1, .485075, .474093, 0 },
        { 10, .314207, .345911, 0 },
        { 100, .186844, .282219, 0 },
        { 1000, .137473, .337128, 0 } } },
    { "L1",
      { { 0, .531795, .538878, 0 },
        { 1, .484823, .473880, 0 },
        { 10, .397889, .405661, 4 },
        { 100, .205513, .259399, 30 },
        { 1000, .192608, .264956, 51 } } },
    { "L2",
      { { 0, .531795, .538878, 0 },
        { 1, .485035, .474055, 0 },
        { 10, .336587, .361948, 0 },
        { 100, .196280, .258523, 0 },
        { 1000, .175895, .271682, 0 } } },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (runs); i++)
    {
      g_autofree char *link = g_strconcat (SHEET "&regularization=", runs[i].regularization, NULL);
      g_autoptr (RfPlayground) playground = open_link (link);
      const RfPlayPoint *first = playground->data->train;
      g_assert_cmpfloat_with_epsilon (first->x, 2.3534041660505696, 1e-15);
      g_assert_cmpfloat_with_epsilon (first->y, -3.933347847579705, 1e-15);
      g_assert_cmpfloat (first->label, ==, -1);
      g_assert_cmpfloat_with_epsilon (rf_play_net_get_weight (playground->net, 0, 0, 0), .396965,
                                      5e-7);
      for (gsize k = 0; k < G_N_ELEMENTS (runs[i].rows); k++)
        {
          RfPlayMeasure measure;
          const guint64 epoch = runs[i].rows[k].epoch;
          rf_playground_train (playground, RF_PLAYGROUND_EPOCH, epoch - playground->epoch);
          rf_playground_measure (playground, &measure);
          g_assert_cmpfloat_with_epsilon (measure.train_loss, runs[i].rows[k].train, 1.1e-6);
          g_assert_cmpfloat_with_epsilon (measure.test_loss, runs[i].rows[k].test, 1.1e-6);
          g_assert_cmpint (measure.weights.dead, ==, runs[i].rows[k].dead);
          g_assert_cmpint (measure.weights.weights, ==, 72);
        }
    }
}

/* Runs that amplify every rounding, recorded from the documented rules in Node. */
static void
test_chaotic (void)
{
  static const struct
  {
    const char *link;
    double train, test;
  } runs[] = {
    { "#activation=sigmoid&batchSize=1&dataset=gauss&learningRate=0.3&noise=25&networkShape=5,3&"
      "seed=0.27182&percTrainData=60",
      0.03150994844041547, 0.024643479706210676 },
    { "#activation=relu&batchSize=3&dataset=spiral&learningRate=0.1&networkShape=8,8,4&seed=0."
      "16180&sinX=true&sinY=true&regularization=L1&regularizationRate=0.001",
      0.08943919913953036, 0.13815991890962526 },
    { "#activation=tanh&batchSize=2&dataset=xor&learningRate=0.3&noise=30&networkShape=8,6&seed=0."
      "14142&percTrainData=80",
      0.16378744722097033, 0.2503203379095373 },
    { "#problem=regression&regDataset=reg-gauss&activation=tanh&batchSize=1&learningRate=0.1&"
      "networkShape=8,8&seed=0.17320&xTimesY=true&regularization=L2&regularizationRate=0.001",
      0.013380742222317811, 0.013718800910245925 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (runs); i++)
    {
      RfPlayMeasure measure;
      g_autoptr (RfPlayground) playground = open_link (runs[i].link);
      rf_playground_train (playground, RF_PLAYGROUND_EPOCH, 100);
      rf_playground_measure (playground, &measure);
      g_assert_cmpfloat_with_epsilon (measure.train_loss, runs[i].train, 1e-14);
      g_assert_cmpfloat_with_epsilon (measure.test_loss, runs[i].test, 1e-14);
    }
}

static double
number (const json_t *object, const char *key)
{
  const json_t *value = json_object_get (object, key);
  g_assert_true (json_is_number (value));
  return json_number_value (value);
}

static void
check_losses (RfPlayground *playground, const json_t *row, const char *train, const char *test)
{
  RfPlayMeasure measure;
  const guint64 epoch = (guint64) number (row, "epoch");
  rf_playground_train (playground, RF_PLAYGROUND_EPOCH, epoch - playground->epoch);
  rf_playground_measure (playground, &measure);
  g_assert_cmpfloat_with_epsilon (measure.train_loss, number (row, train), TOLERANCE);
  g_assert_cmpfloat_with_epsilon (measure.test_loss, number (row, test), TOLERANCE);
}

static void
check_link (const json_t *run)
{
  const json_t *epochs = json_object_get (run, "epochs"), *row;
  const json_t *first = json_object_get (run, "first_point");
  g_autoptr (RfPlayground) playground
      = open_link (json_string_value (json_object_get (run, "url")));
  const RfPlayPoint *point = playground->data->train;
  gsize i;
  g_assert_cmpfloat_with_epsilon (point->x, json_number_value (json_array_get (first, 0)), 1e-12);
  g_assert_cmpfloat_with_epsilon (point->y, json_number_value (json_array_get (first, 1)), 1e-12);
  g_assert_cmpfloat_with_epsilon (point->label, json_number_value (json_array_get (first, 2)),
                                  1e-12);
  json_array_foreach (epochs, i, row)
  {
    RfPlayWeights weights;
    check_losses (playground, row, "train_loss", "test_loss");
    rf_play_net_sum_weights (playground->net, &weights);
    g_assert_cmpint (weights.dead, ==, (int) number (row, "dead"));
  }
  g_assert_cmpuint (json_array_size (epochs), >, 0);
}

static void
check_weights (const RfPlayNet *net, const json_t *row)
{
  const json_t *weights = json_object_get (row, "weights");
  const json_t *biases = json_object_get (row, "biases");
  for (int l = 0; weights && l < rf_play_net_count_layers (net); l++)
    for (int i = 0; i < rf_play_net_count_units (net, l); i++)
      {
        const json_t *unit = json_array_get (json_array_get (weights, (gsize) l), (gsize) i);
        const json_t *bias = json_array_get (json_array_get (biases, (gsize) l), (gsize) i);
        g_assert_cmpfloat_with_epsilon (rf_play_net_get_bias (net, l, i), json_number_value (bias),
                                        TOLERANCE);
        for (int j = 0; j < rf_play_net_count_inputs (net, l); j++)
          g_assert_cmpfloat_with_epsilon (rf_play_net_get_weight (net, l, i, j),
                                          json_number_value (json_array_get (unit, (gsize) j)),
                                          TOLERANCE);
      }
}

static void
check_network (const char *path, const json_t *run)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RfPlayground) playground = rf_playground_load (path, NULL, &error);
  const json_t *epochs = json_object_get (run, "epochs"), *row;
  gsize i;
  g_assert_no_error (error);
  json_array_foreach (epochs, i, row)
  {
    check_losses (playground, row, "trainLoss", "testLoss");
    check_weights (playground->net, row);
  }
  g_assert_cmpuint (json_array_size (epochs), >, 0);
}

static void
test_recorded (void)
{
  g_autofree char *shared = fixtures ? NULL : rf_test_shared ("fixtures/playground");
  const char *folder = fixtures ? fixtures : shared;
  if (!folder)
    return;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  g_assert_no_error (error);
  int n = 0;
  for (const char *name; (name = g_dir_read_name (dir));)
    {
      if (!g_str_has_suffix (name, ".json"))
        continue;
      g_autofree char *path = g_build_filename (folder, name, NULL);
      json_t *root = json_load_file (path, 0, NULL), *run;
      gsize i;
      g_assert_nonnull (root);
      json_array_foreach (root, i, run) check_link (run);
      if (json_is_object (root))
        check_network (path, root);
      json_decref (root);
      n++;
    }
  g_assert_cmpint (n, >, 0);
}

/* --- Steps and changes ---------------------------------------------------------------------- */

static void
assert_same (const RfPlayground *a, const RfPlayground *b)
{
  RfPlayMeasure p, q;
  rf_playground_measure (a, &p);
  rf_playground_measure (b, &q);
  g_assert_true (p.train_loss == q.train_loss && p.test_loss == q.test_loss);
  g_assert_cmpuint (a->epoch, ==, b->epoch);
  g_assert_cmpuint (a->position, ==, b->position);
}

/* Point by point, batch by batch and epoch by epoch is the same training, and the rest of an epoch
 * is carried over: 250 points in batches of 7 leave 5. */
static void
test_steps (void)
{
  const char *link = SHEET "&batchSize=7";
  g_autoptr (RfPlayground) points = open_link (link), batches = open_link (link),
                           epochs = open_link (link);
  rf_playground_train (points, RF_PLAYGROUND_POINT, 3 * 250);
  rf_playground_train (batches, RF_PLAYGROUND_BATCH, 3 * 36);
  rf_playground_train (epochs, RF_PLAYGROUND_EPOCH, 3);
  assert_same (points, epochs);
  assert_same (batches, epochs);
  g_assert_cmpint (rf_play_net_count_accumulated (epochs->net), ==, 5);
  /* A little at a time: parts of an epoch, and whole ones. */
  static const gsize some[] = { 0, 1, 11, 100, 249, 250, 251, 620, 10000 };
  for (guint i = 0; i < G_N_ELEMENTS (some); i++)
    {
      g_autoptr (RfPlayground) pieces = open_link (link);
      while (pieces->epoch < 3)
        {
          const guint64 epoch = pieces->epoch;
          const gsize position = pieces->position;
          rf_playground_train_some (pieces, 3, some[i]);
          const gsize taken = (pieces->epoch - epoch) * 250 + pieces->position - position;
          g_assert_cmpuint (taken, >, 0);
          g_assert_cmpuint (taken, <=, MAX (some[i], 1));
          g_assert_true (some[i] < 250 || pieces->position == 0);
        }
      assert_same (pieces, epochs);
    }
  rf_playground_train (epochs, RF_PLAYGROUND_BATCH, 1);
  g_assert_cmpuint (epochs->position, ==, 7);
  g_assert_cmpint (rf_play_net_count_accumulated (epochs->net), ==, 0);
}

static void
test_copies (void)
{
  g_autoptr (RfPlayground) first = open_link (SHEET "&regularization=L1");
  rf_playground_keep_history (first, TRUE);
  rf_playground_train (first, RF_PLAYGROUND_POINT, 777);
  g_autoptr (RfPlayground) second = rf_playground_copy (first);
  g_assert_true (second->train == first->train && second->data == first->data);
  rf_playground_train (first, RF_PLAYGROUND_EPOCH, 20);
  rf_playground_train (second, RF_PLAYGROUND_EPOCH, 20);
  assert_same (first, second);
  g_assert_cmpint (rf_play_history_count (first->history), ==,
                   rf_play_history_count (second->history));

  /* A copy goes its own way, and can be brought back. */
  g_autoptr (RfPlayNet) kept = rf_play_net_copy (second->net);
  g_auto (RfPlayState) state = { 0 };
  rf_play_state_copy (&second->state, &state);
  rf_play_state_set_penalties (&state, 0, 0.1);
  g_assert_cmpint (rf_playground_change (second, &state, FALSE), ==, RF_PLAYGROUND_KEPT);
  rf_playground_train (second, RF_PLAYGROUND_EPOCH, 1);
  g_assert_true (rf_play_net_measure (first->net, first->train, NULL)
                 != rf_play_net_measure (second->net, second->train, NULL));
  rf_play_net_copy_into (kept, second->net);
  g_assert_true (rf_play_net_measure (first->net, first->train, NULL)
                 == rf_play_net_measure (second->net, second->train, NULL));
}

static void *
train_copy (void *playground)
{
  rf_playground_train (playground, RF_PLAYGROUND_EPOCH, 30);
  RfPlayground *copy = rf_playground_copy (playground);
  rf_playground_train (copy, RF_PLAYGROUND_EPOCH, 30);
  return copy;
}

/* Copies share their points between threads. */
static void
test_threads (void)
{
  RfPlayground *copies[3], *further[3];
  pthread_t threads[3];
  g_autoptr (RfPlayground) playground = open_link (SHEET);
  for (int i = 0; i < 3; i++)
    {
      copies[i] = rf_playground_copy (playground);
      g_assert_cmpint (pthread_create (&threads[i], NULL, train_copy, copies[i]), ==, 0);
    }
  rf_playground_train (playground, RF_PLAYGROUND_EPOCH, 60);
  for (int i = 0; i < 3; i++)
    {
      void *result;
      pthread_join (threads[i], &result);
      further[i] = result;
      assert_same (playground, further[i]);
      rf_playground_free (copies[i]);
      rf_playground_free (further[i]);
    }
}

static void
test_changes (void)
{
  g_autoptr (RfPlayground) playground = open_link (SHEET);
  g_auto (RfPlayState) state = { 0 };
  rf_play_state_copy (&playground->state, &state);
  const double first_weight = rf_play_net_get_weight (playground->net, 0, 0, 0);
  rf_playground_train (playground, RF_PLAYGROUND_EPOCH, 3);

  state.learning_rate = 0.1;
  state.show_test_data = TRUE;
  g_assert_cmpint (rf_playground_change (playground, &state, TRUE), ==, RF_PLAYGROUND_KEPT);
  state.regularization = RF_PLAY_L2;
  g_assert_cmpint (rf_playground_change (playground, &state, FALSE), ==, RF_PLAYGROUND_KEPT);
  g_assert_cmpuint (playground->epoch, ==, 3);
  /* As in the original. */
  state.regularization = RF_PLAY_NONE;
  g_assert_cmpint (rf_playground_change (playground, &state, TRUE), ==, RF_PLAYGROUND_RESET);
  g_assert_cmpuint (playground->epoch, ==, 0);
  /* Resetting goes on with the stream: other weights, the same points. */
  g_assert_cmpfloat (rf_play_net_get_weight (playground->net, 0, 0, 0), !=, first_weight);
  const RfPlayData *data = playground->data;
  state.features[RF_PLAY_SIN_X] = TRUE;
  state.n_layers = 1;
  g_assert_cmpint (rf_playground_change (playground, &state, FALSE), ==, RF_PLAYGROUND_RESET);
  g_assert_cmpint (rf_play_net_count_inputs (playground->net, 0), ==, 3);
  g_assert_true (playground->data == data);
  rf_playground_train (playground, RF_PLAYGROUND_EPOCH, 1);

  state.noise = 10;
  g_assert_cmpint (rf_playground_change (playground, &state, FALSE), ==, RF_PLAYGROUND_REGENERATED);
  g_assert_cmpstr (playground->state.seed, !=, "0.54350");
  g_assert_cmpuint (strlen (playground->state.seed), ==, 7);

  /* The old seed brings the old points and weights back. */
  g_autoptr (RfPlayground) fresh = open_link (SHEET);
  g_assert_cmpint (rf_playground_change (playground, &fresh->state, FALSE), ==,
                   RF_PLAYGROUND_REGENERATED);
  assert_same (playground, fresh);
}

static void
test_own_points (void)
{
  g_autoptr (RfPlayground) playground = open_link (SHEET);
  rf_playground_train (playground, RF_PLAYGROUND_POINT, 260);
  RfPlayData *more = rf_play_data_add (playground->data, (RfPlayPoint){ 1, 2, 1 }, FALSE);
  g_assert_cmpuint (more->n_train, ==, 251);
  g_assert_cmpfloat (more->train[250].y, ==, 2);
  g_assert_cmpmem (more->test, 250 * sizeof (RfPlayPoint), playground->data->test,
                   250 * sizeof (RfPlayPoint));
  RfPlayData *most = rf_play_data_add (more, (RfPlayPoint){ -5.5, -5.5, -1 }, TRUE);
  g_assert_cmpfloat (most->test[250].x, ==, -5.5);
  g_assert_null (rf_play_data_add (most, (RfPlayPoint){ NAN, 0, 1 }, FALSE));
  RfPlayData *moved = rf_play_data_move (most, -5.5, -5.4, 0.2, 6, 6);
  g_assert_cmpfloat (moved->test[250].x, ==, 6);
  g_assert_null (rf_play_data_move (moved, 50, 50, 1, 0, 0));
  RfPlayData *few = rf_play_data_erase (moved, 0, 0, 8);
  g_assert_cmpuint (few->n_train, ==, 0);
  g_assert_cmpuint (few->n_test, ==, 1);
  g_assert_cmpfloat (few->test[0].x, ==, 6);

  const double weight = rf_play_net_get_weight (playground->net, 1, 0, 0);
  rf_playground_set_data (playground, more);
  g_assert_cmpuint (playground->position, ==, 0);
  g_assert_cmpfloat (rf_play_net_get_weight (playground->net, 1, 0, 0), ==, weight);
  rf_playground_train (playground, RF_PLAYGROUND_EPOCH, 1);

  /* Without training points there is nothing to learn, and no loss. */
  RfPlayMeasure measure;
  rf_playground_set_data (playground, few);
  rf_playground_train (playground, RF_PLAYGROUND_EPOCH, 2);
  rf_playground_measure (playground, &measure);
  g_assert_true (isnan (measure.train_loss) && isfinite (measure.test_loss));
  g_assert_null (rf_playground_explain (playground));
  for (int i = 0; i < 4; i++)
    rf_play_data_unref ((RfPlayData *[]){ more, most, moved, few }[i]);
}

static void
test_history (void)
{
  g_autoptr (RfPlayground) playground = open_link (SHEET);
  rf_playground_keep_history (playground, TRUE);
  g_autoptr (RfPlayground) again = open_link (SHEET);
  rf_playground_train (playground, RF_PLAYGROUND_EPOCH, 1000);
  RfPlayHistory *history = playground->history;
  const int n = rf_play_history_count (history);
  g_assert_cmpint (n, >=, RF_PLAY_HISTORY_CAPACITY / 2);
  g_assert_cmpint (n, <=, RF_PLAY_HISTORY_CAPACITY);
  g_assert_cmpuint (rf_play_history_get_epoch (history, 0), ==, 0);
  g_assert_cmpuint (rf_play_history_get_epoch (history, n - 1), >, 990);

  g_autoptr (RfPlayNet) shown = rf_play_net_copy (playground->net);
  for (int i = 0; i < n; i += 50)
    {
      rf_play_history_show (history, i, shown);
      rf_playground_train (again, RF_PLAYGROUND_EPOCH,
                           rf_play_history_get_epoch (history, i) - again->epoch);
      g_assert_true (rf_play_net_measure (shown, again->train, NULL)
                     == rf_play_net_measure (again->net, again->train, NULL));
    }
  rf_playground_reset (playground);
  g_assert_cmpint (rf_play_history_count (playground->history), ==, 1);
}

static void
test_explosions (void)
{
  g_autoptr (RfPlayground) calm = open_link (SHEET);
  rf_playground_train (calm, RF_PLAYGROUND_EPOCH, 3);
  g_assert_null (rf_playground_explain (calm));

  static const char *const links[] = {
    "#seed=1&activation=relu&problem=regression&learningRate=10&networkShape=8,8&xSquared=true",
    "#seed=1&regularization=L2&regularizationRate=10&learningRate=10",
    "#seed=1&learningRate=fast",
  };
  static const char *const reasons[] = { "Try 3 or less", "below 2", "not a finite number" };
  for (gsize i = 0; i < G_N_ELEMENTS (links); i++)
    {
      g_autoptr (RfPlayground) wild = open_link (links[i]);
      rf_playground_train (wild, RF_PLAYGROUND_EPOCH, 100);
      g_autofree char *explanation = rf_playground_explain (wild);
      g_assert_nonnull (explanation);
      g_assert_nonnull (strstr (explanation, reasons[i]));
      g_assert_nonnull (strstr (explanation, "no longer has finite weights"));
    }
}

/* --- Files ---------------------------------------------------------------------------------- */

#define FILE_HEAD "{\"problem\": \"regression\", \"features\": [\"x\", \"sinY\"], \"hidden\": [1], "
#define FILE_TAIL                                                                                  \
  "\"train\": [[1, 2, 3]], \"test\": [], \"init\": {\"weights\": [[[0.5, 2]], [[4]]], "            \
  "\"biases\": [[0.25], [-1]]}, \"batchSize\": 1, \"activation\": \"linear\"}"

static void
test_files (void)
{
  static const char *const bad[] = {
    "[]",
    "{}",
    "{\"features\": [\"y\", \"x\"]}",
    "{\"features\": [], \"hidden\": [33]}",
    "{\"features\": [], \"hidden\": [1.5]}",
    "{\"features\": [], \"hidden\": [], \"train\": [[1, 2]], \"test\": []}",
    "{\"features\": [], \"hidden\": [], \"train\": [[1, 2, null]], \"test\": []}",
    "{\"features\": [], \"hidden\": [], \"train\": [], \"test\": [], \"init\": 1}",
    "{\"problem\": \"sorting\", \"features\": [], \"hidden\": []}",
    FILE_HEAD "\"train\": [], \"test\": [], \"init\": {\"weights\": [[[1]], [[1]]], \"biases\": "
              "[[1], [1]]}}",
    FILE_HEAD "\"train\": [], \"test\": [], \"init\": {\"weights\": [[[1, 1]], [[1]]], \"biases\": "
              "[[1], [true]]}}",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (rf_playground_parse (bad[i], strlen (bad[i]), "file", NULL, &error));
      g_assert_true (error && g_str_has_prefix (error->message, "file: "));
    }

  g_autoptr (GPtrArray) remarks = g_ptr_array_new_with_free_func (g_free);
  const char *good = FILE_HEAD "\"colour\": 1, " FILE_TAIL;
  g_autoptr (RfPlayground) playground
      = rf_playground_parse (good, strlen (good), "file", remarks, NULL);
  g_assert_cmpuint (remarks->len, ==, 1);
  const double out = 4 * (0.5 * 1 + 2 * sin (2) + 0.25) - 1;
  g_assert_cmpfloat_with_epsilon (rf_play_net_measure (playground->net, playground->train, NULL),
                                  0.5 * (out - 3) * (out - 3), 1e-12);
}

/* FALSE if there is none, or it failed. */
static gboolean
run_python (const char *const *arguments, char **output, GError **error)
{
  int status;
  return g_spawn_sync (NULL, (char **) arguments, NULL,
                       output ? G_SPAWN_DEFAULT
                              : G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_STDOUT_TO_DEV_NULL,
                       NULL, NULL, output, NULL, &status, error)
         && g_spawn_check_wait_status (status, error);
}

/* The exported program says what the network says, where there is a PyTorch to run it. */
static void
test_torch_source (void)
{
  static const char python[] = "/usr/bin/python3";
  if (!run_python ((const char *[]){ python, "-c", "import torch", NULL }, NULL, NULL))
    {
      g_test_skip ("no PyTorch");
      return;
    }
  g_autoptr (RfPlayground) playground
      = open_link (SHEET "&regularization=L1&sinX=true&xTimesY=true&activation=relu");
  static const RfPlayPoint places[] = { { 0, 0, 0 }, { 3, 0, 0 }, { 0, 3, 0 }, { -3, -3, 0 } };
  float outputs[G_N_ELEMENTS (places)];
  rf_playground_train (playground, RF_PLAYGROUND_EPOCH, 20);
  const int n_nodes = rf_play_net_count_nodes (playground->net);
  g_autofree float **maps = g_new0 (float *, n_nodes);
  maps[n_nodes - 1] = outputs;
  g_autoptr (RfPlayTable) table
      = rf_play_table_new (places, G_N_ELEMENTS (places), playground->state.features);
  rf_play_net_draw_maps (playground->net, table, maps);

  g_autofree char *source = rf_play_export_torch (&playground->state, playground->net);
  char *folder = rf_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "network.py", NULL);
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;
  g_assert_true (g_file_set_contents (path, source, -1, NULL));
  const gboolean ran = run_python ((const char *[]){ python, path, NULL }, &output, &error);
  g_assert_no_error (error);
  g_assert_true (ran);
  rf_test_remove_folder (folder);
  g_auto (GStrv) lines = g_strsplit (output, "\n", -1);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      double x, y, value;
      g_assert_cmpint (sscanf (lines[i], "%lf %lf %lf", &x, &y, &value), ==, 3);
      g_assert_cmpfloat (x, ==, places[i].x);
      g_assert_cmpfloat_with_epsilon (value, outputs[i], 1e-6);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixtures = argc > 1 ? argv[1] : NULL;
  g_test_add_func ("/playground/sheet", test_sheet);
  g_test_add_func ("/playground/chaotic", test_chaotic);
  g_test_add_func ("/playground/recorded", test_recorded);
  g_test_add_func ("/playground/steps", test_steps);
  g_test_add_func ("/playground/copies", test_copies);
  g_test_add_func ("/playground/threads", test_threads);
  g_test_add_func ("/playground/changes", test_changes);
  g_test_add_func ("/playground/own-points", test_own_points);
  g_test_add_func ("/playground/history", test_history);
  g_test_add_func ("/playground/explosions", test_explosions);
  g_test_add_func ("/playground/files", test_files);
  g_test_add_func ("/playground/torch-source", test_torch_source);
  return g_test_run ();
}
