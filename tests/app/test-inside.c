/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The pane that looks inside, on real runs in the real window: that it shows this network and this
 * picture, follows training, stands still at a checkpoint, and rests while nobody sees it. */

#include "app/pace.h"
#include "app/panes/inside/inside-pane.h"
#include "model/inspect/replica.h"
#include "model/run/checkpoint.h"
#include "app/pages/pane-frame.h"
#include "tests/app/window-util.h"
#include "widgets/picture/bars.h"
#include "widgets/picture/map-grid.h"
#include "widgets/picture/picture.h"
#include "widgets/rhythm.h"

#include <math.h>

static RfInsidePane *
find_pane (RfWindow *window)
{
  GtkWidget *pane = find (GTK_WIDGET (window), RF_TYPE_INSIDE_PANE, NULL, NULL);
  g_assert_nonnull (pane);
  return RF_INSIDE_PANE (pane);
}

static gboolean
is_curves (GtkWidget *widget, gconstpointer what)
{
  return g_str_equal (rf_pane_frame_get_info (RF_PANE_FRAME (widget))->id, "curves");
}

/* Shows the pane, or hides it behind another that is made as large as the page. */
static void
turn_to (RfWindow *window, gboolean inside)
{
  GtkWidget *pane = GTK_WIDGET (find_pane (window));
  GtkWidget *curves = find (GTK_WIDGET (window), RF_TYPE_PANE_FRAME, is_curves, NULL);
  g_assert_nonnull (curves);
  rf_pane_frame_set_maximized (RF_PANE_FRAME (curves), !inside);
  WAIT (gtk_widget_get_mapped (pane) == inside);
}

static RfInsidePane *
open_pane (RfWindow *window)
{
  wait_for_run (window);
  turn_to (window, TRUE);
  RfInsidePane *pane = find_pane (window);
  WAIT (rf_inside_pane_get_step (pane) >= 0);
  return pane;
}

static gboolean
has_noun (GtkWidget *widget, gconstpointer what)
{
  g_autofree char *noun = NULL;
  g_object_get (widget, "noun", &noun, NULL);
  return g_strcmp0 (noun, what) == 0;
}

static RfMapGrid *
find_grid (RfInsidePane *pane, const char *noun)
{
  GtkWidget *grid = find (GTK_WIDGET (pane), RF_TYPE_MAP_GRID, has_noun, noun);
  return grid ? RF_MAP_GRID (grid) : NULL;
}

static RfBars *
find_bars (RfInsidePane *pane)
{
  return RF_BARS (find (GTK_WIDGET (pane), RF_TYPE_BARS, NULL, NULL));
}

static const RfRows *
get_rows (RfWindow *window)
{
  return &rf_run_get_dataset (get_run (window))->splits[RF_SPLIT_TEST];
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer slot)
{
  *(GAsyncResult **) slot = g_object_ref (result);
}

/* What the network of a checkpoint says about a picture, asked of a replica of the test's own. */
static RfView *
look_at (RfWindow *window, const char *checkpoint, guint picture)
{
  RfRun *run = get_run (window);
  RfDataset *dataset = rf_run_get_dataset (run);
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) loaded = NULL, looked = NULL;
  g_autofree float *image = g_new (float, RF_SHAPE_COUNT (dataset->shape));
  g_autoptr (RfReplica) replica
      = rf_replica_new (rf_run_get_experiment (run), dataset->shape, rf_kernels_path (), &error);
  g_assert_no_error (error);
  rf_dataset_get (dataset, get_rows (window)->rows[picture], image);
  rf_replica_load_checkpoint_async (replica, checkpoint, 0, NULL, keep_result, &loaded);
  rf_replica_look_async (replica, image, NULL, 0, NULL, keep_result, &looked);
  WAIT (loaded && looked);
  g_assert_true (rf_replica_load_checkpoint_finish (replica, loaded, &error));
  RfView *view = rf_replica_look_finish (replica, looked, &error);
  g_assert_no_error (error);
  return view;
}

/* TRUE if the bars have come to what @view says. */
static gboolean
bars_say (RfInsidePane *pane, const RfView *view)
{
  RfBars *bars = find_bars (pane);
  for (guint i = 0; i < view->n_classes; i++)
    if (!(fabs (rf_bars_get_length (bars, i) - (double) view->probabilities[i]) < 0.003))
      return FALSE;
  return TRUE;
}

static char *
initial_weights (RfWindow *window)
{
  return g_build_filename (rf_run_get_folder (get_run (window)), "initial.safetensors", NULL);
}

/* ---- the tests ---- */

static double
share_of (const RfPace *pace)
{
  return pace->paint / rf_pace_get_beat (pace) + pace->look / rf_pace_get_look (pace);
}

/* However dear painting and looking are, up to a limit, both stay under their share. */
static void
test_pace (void)
{
  RfPace pace = { 0 };
  g_assert_cmpfloat (rf_pace_get_beat (&pace), ==, RF_RHYTHM_SHORTEST);
  g_assert_cmpfloat (rf_pace_get_look (&pace), ==, RF_RHYTHM_SHORTEST);
  rf_pace_looked (&pace, 0.001);
  rf_pace_painted (&pace, 0.002, 2);
  g_assert_cmpfloat (rf_pace_get_beat (&pace), ==, RF_RHYTHM_SHORTEST);
  g_assert_cmpfloat (rf_pace_get_look (&pace), ==, RF_RHYTHM_SHORTEST);
  for (int i = 0; i < 50; i++)
    {
      rf_pace_looked (&pace, 0.010);
      rf_pace_painted (&pace, 0.006, 2);
    }
  g_assert_cmpfloat_with_epsilon (rf_pace_get_beat (&pace), 0.003 / RF_PACE_PAINT_SHARE, 1e-3);
  g_assert_cmpfloat_with_epsilon (share_of (&pace), RF_PACE_SHARE, 1e-3);
  for (int i = 0; i < 50; i++)
    rf_pace_painted (&pace, 0.001, 1);
  g_assert_cmpfloat (rf_pace_get_beat (&pace), ==, RF_RHYTHM_SHORTEST);
  g_assert_cmpfloat_with_epsilon (share_of (&pace), RF_PACE_SHARE, 1e-3);
  for (int i = 0; i < 50; i++)
    {
      rf_pace_looked (&pace, 10);
      rf_pace_painted (&pace, 10, 1);
    }
  g_assert_cmpfloat (rf_pace_get_beat (&pace), ==, RF_PACE_SLOWEST);
  g_assert_cmpfloat (rf_pace_get_look (&pace), ==, RF_PACE_LONGEST);
}

/* Before training: what the first weights say. Then it follows, and comes to the last step. */
static void
following (RfWindow *window)
{
  RfInsidePane *pane = open_pane (window);
  g_autofree char *initial = initial_weights (window);
  g_autoptr (RfView) untrained = look_at (window, initial, 0);
  g_assert_cmpint (rf_inside_pane_get_step (pane), ==, 0);
  WAIT (bars_say (pane, untrained));
  WAIT (find_label (window, "untrained"));
  g_assert_nonnull (find_label (window, "Test picture 0"));

  RfMapGrid *filters = find_grid (pane, "Filter"), *maps = find_grid (pane, "Map");
  WAIT (rf_map_grid_get_shape (filters)->n == 8 && rf_map_grid_get_shape (maps)->n == 8);
  g_assert_cmpuint (rf_map_grid_get_shape (filters)->channels, ==, 3);
  g_assert_cmpuint (rf_map_grid_get_shape (maps)->width, ==, 32);
  g_assert_cmpint (rf_map_grid_get_range (maps)->palette, ==, RF_PALETTE_MAGNITUDE);
  g_assert_cmpuint (rf_inside_pane_get_layer (pane), ==, 1); /* the activation */

  train_steps (window, 30);
  WAIT (rf_inside_pane_get_step (pane) > 0);
  train_steps (window, 30);
  pause_run (window);
  RfRun *run = get_run (window);
  WAIT (rf_inside_pane_get_step (pane) == rf_run_get_step (run));
  g_autofree char *path
      = rf_checkpoint_path (rf_run_get_folder (run), rf_run_get_step (run), RF_CHECKPOINT_WEIGHTS);
  WAIT (g_file_test (path, G_FILE_TEST_EXISTS));
  g_autoptr (RfView) trained = look_at (window, path, 0);
  WAIT (bars_say (pane, trained));
  g_assert_false (bars_say (pane, untrained));
}

static void
test_following (void)
{
  g_autofree char *path = write_experiment ("following", "\"epochs\": 5000");
  live (path, following);
}

static void
choosing (RfWindow *window)
{
  RfInsidePane *pane = open_pane (window);
  const guint n = (guint) get_rows (window)->n;
  g_autofree char *initial = initial_weights (window);
  int notified = 0;
  g_signal_connect_swapped (pane, "notify::picture", G_CALLBACK (g_atomic_int_inc), &notified);

  act_in (GTK_WIDGET (pane), "inside.next");
  g_assert_cmpuint (rf_inside_pane_get_picture (pane), ==, 1);
  act_in (GTK_WIDGET (pane), "inside.previous");
  act_in (GTK_WIDGET (pane), "inside.previous");
  g_assert_cmpuint (rf_inside_pane_get_picture (pane), ==, n - 1);
  g_assert_cmpint (notified, ==, 3);
  for (int i = 0; i < 20; i++)
    {
      const guint before = rf_inside_pane_get_picture (pane);
      act_in (GTK_WIDGET (pane), "inside.random");
      g_assert_cmpuint (rf_inside_pane_get_picture (pane), !=, before);
      g_assert_cmpuint (rf_inside_pane_get_picture (pane), <, n);
    }
  GtkWidget *entry = find (GTK_WIDGET (pane), GTK_TYPE_ENTRY, NULL, NULL);
  static const char *const wrong[] = { "-1", "", "x", "99999999", "1.5" };
  const guint before = rf_inside_pane_get_picture (pane);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      gtk_editable_set_text (GTK_EDITABLE (entry), wrong[i]);
      g_signal_emit_by_name (entry, "activate");
      g_assert_true (gtk_widget_has_css_class (entry, "error"));
      g_assert_cmpuint (rf_inside_pane_get_picture (pane), ==, before);
    }
  gtk_editable_set_text (GTK_EDITABLE (entry), "7");
  g_signal_emit_by_name (entry, "activate");
  g_assert_false (gtk_widget_has_css_class (entry, "error"));
  g_assert_cmpuint (rf_inside_pane_get_picture (pane), ==, 7);
  g_object_set (pane, "picture", 8, NULL);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "8");
  rf_inside_pane_set_picture (pane, n); /* there is none */
  g_assert_cmpuint (rf_inside_pane_get_picture (pane), ==, 8);
  g_autoptr (RfView) view = look_at (window, initial, 8);
  WAIT (bars_say (pane, view));

  /* Layers: flatten and dropout cannot be chosen, a vector's outputs are units. */
  rf_inside_pane_set_layer (pane, 3);
  rf_inside_pane_set_layer (pane, 99);
  g_assert_cmpuint (rf_inside_pane_get_layer (pane), ==, 1);
  g_object_set (pane, "layer", 5, NULL);
  g_assert_cmpuint (rf_inside_pane_get_layer (pane), ==, 5);
  WAIT (find_grid (pane, "Unit") && rf_map_grid_get_shape (find_grid (pane, "Unit"))->n == 10);
  GtkWidget *drop = find (GTK_WIDGET (pane), GTK_TYPE_DROP_DOWN, NULL, NULL);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop), 2);
  g_assert_cmpuint (rf_inside_pane_get_layer (pane), ==, 2);
  RfMapGrid *maps = find_grid (pane, "Map");
  WAIT (rf_map_grid_get_shape (maps)->n == 8 && rf_map_grid_get_shape (maps)->width == 8);

  /* A new run of the same experiment: the same picture and layer, of other weights. */
  train_steps (window, 10);
  pause_run (window);
  RfRun *run = get_run (window);
  act (window, "win.reset");
  WAIT (get_run (window) != run);
  wait_for_run (window);
  WAIT (rf_inside_pane_get_step (pane) == 0);
  g_assert_cmpuint (rf_inside_pane_get_picture (pane), ==, 8);
  g_assert_cmpuint (rf_inside_pane_get_layer (pane), ==, 2);
  WAIT (bars_say (pane, view));
}

static void
test_choosing (void)
{
  g_autofree char *path = write_experiment ("choosing", "\"epochs\": 5000");
  live (path, choosing);
}

static gboolean
is_mistake (RfWindow *window, const char *checkpoint, guint picture)
{
  g_autoptr (RfView) view = look_at (window, checkpoint, picture);
  guint best = 0;
  for (guint i = 1; i < view->n_classes; i++)
    if (view->logits[i] > view->logits[best])
      best = i;
  return (int) best
         != rf_run_get_dataset (get_run (window))->labels[get_rows (window)->rows[picture]];
}

static void
mistakes (RfWindow *window)
{
  RfInsidePane *pane = open_pane (window);
  g_autofree char *initial = initial_weights (window);
  for (int i = 0; i < 3; i++)
    {
      const guint before = rf_inside_pane_get_picture (pane);
      act_in (GTK_WIDGET (pane), "inside.mistake");
      WAIT (rf_inside_pane_get_picture (pane) != before);
      const guint found = rf_inside_pane_get_picture (pane);
      g_assert_true (is_mistake (window, initial, found));
      for (guint between = before + 1; between < found; between++)
        g_assert_false (is_mistake (window, initial, between));
      WAIT (find_label (window, "Wrong: it is"));
    }
  /* While it trains, and stopped before it is found, and at the end of the window's life. */
  train_steps (window, 5);
  for (int i = 0; i < 6; i++)
    {
      act_in (GTK_WIDGET (pane), "inside.mistake");
      run_for (i < 3 ? 0 : 60);
    }
  act_in (GTK_WIDGET (pane), "inside.mistake");
}

static void
test_mistakes (void)
{
  g_autofree char *path = write_experiment ("mistakes", "\"epochs\": 5000");
  live (path, mistakes);
}

/* Back in time and to the present again, while it trains and while it does not. */
static void
checkpoints (RfWindow *window)
{
  RfInsidePane *pane = open_pane (window);
  RfRun *run = get_run (window);
  g_autofree char *initial = initial_weights (window);
  g_autoptr (RfView) first = look_at (window, initial, 0);
  train_steps (window, 30);
  pause_run (window);
  /* That of an epoch stays, however long the training goes on. */
  gsize n_epochs;
  const RfEpochRow *epochs = rf_run_get_epochs (run, &n_epochs);
  g_assert_cmpuint (n_epochs, >, 0);
  const gint64 step = epochs[n_epochs - 1].step;
  g_autofree char *path = rf_checkpoint_path (rf_run_get_folder (run), step, RF_CHECKPOINT_WEIGHTS);
  WAIT (g_file_test (path, G_FILE_TEST_EXISTS));
  g_autoptr (RfView) then = look_at (window, path, 0);

  rf_inside_pane_show_checkpoint (pane, 0);
  WAIT (rf_inside_pane_get_step (pane) == 0 && bars_say (pane, first));
  WAIT (find_label (window, "checkpoint, step 0"));
  train_steps (window, 20);
  run_for (300);
  /* On a busy machine a look of before may still be on its way out of sight. */
  WAIT (rf_inside_pane_get_step (pane) == 0 && bars_say (pane, first));
  /* As a slider asks: the last counts. */
  for (int i = 0; i < 20; i++)
    rf_inside_pane_show_checkpoint (pane, i % 2 ? step : 0);
  WAIT (rf_inside_pane_get_step (pane) == step && bars_say (pane, then));
  run_for (100);
  g_assert_cmpint (rf_inside_pane_get_step (pane), ==, step);
  rf_inside_pane_show_live (pane);
  WAIT (rf_inside_pane_get_step (pane) > step);
  pause_run (window);
  WAIT (rf_inside_pane_get_step (pane) == rf_run_get_step (run));

  /* One that is not there is told, and what was seen stays; the present still comes. */
  const gint64 now = rf_run_get_step (run);
  rf_inside_pane_show_checkpoint (pane, 99999999);
  WAIT (find (GTK_WIDGET (window), GTK_TYPE_LABEL, says, "step-99999999"));
  run_for (200);
  g_assert_cmpint (rf_inside_pane_get_step (pane), ==, now);
  rf_inside_pane_show_live (pane);
  train_steps (window, 5);
  WAIT (rf_inside_pane_get_step (pane) > now);
}

static void
test_checkpoints (void)
{
  g_autofree char *path = write_experiment ("checkpoints", "\"epochs\": 5000");
  live (path, checkpoints);
}

/* Not on show it asks for nothing; what was chosen meanwhile is there when it comes back. */
static void
hidden (RfWindow *window)
{
  RfInsidePane *pane = open_pane (window);
  RfRun *run = get_run (window);
  turn_to (window, FALSE);
  train_steps (window, 20);
  int published = 0;
  gulong handler
      = g_signal_connect_swapped (run, "weights", G_CALLBACK (g_atomic_int_inc), &published);
  run_for (500);
  g_assert_cmpint (published, ==, 0);
  g_assert_cmpint (rf_inside_pane_get_step (pane), ==, 0);
  rf_inside_pane_set_picture (pane, 3);
  rf_inside_pane_set_layer (pane, 2);
  g_signal_handler_disconnect (run, handler);
  turn_to (window, TRUE);
  WAIT (rf_inside_pane_get_step (pane) > 0);
  RfMapGrid *maps = find_grid (pane, "Map");
  WAIT (rf_map_grid_get_shape (maps)->width == 8);
  pause_run (window);
  WAIT (rf_inside_pane_get_step (pane) == rf_run_get_step (run));
  g_autofree char *path
      = rf_checkpoint_path (rf_run_get_folder (run), rf_run_get_step (run), RF_CHECKPOINT_WEIGHTS);
  WAIT (g_file_test (path, G_FILE_TEST_EXISTS));
  g_autoptr (RfView) view = look_at (window, path, 3);
  WAIT (bars_say (pane, view));
}

static void
test_hidden (void)
{
  g_autofree char *path = write_experiment ("hidden", "\"epochs\": 5000");
  live (path, hidden);
}

/* A network without convolutions says so, and shows its units. */
static void
no_filters (RfWindow *window)
{
  RfInsidePane *pane = open_pane (window);
  g_assert_nonnull (find_label (window, "no convolution"));
  WAIT (find_grid (pane, "Unit") && rf_map_grid_get_shape (find_grid (pane, "Unit"))->n == 24);
  g_assert_cmpuint (rf_inside_pane_get_layer (pane), ==, 2);
  g_assert_null (find_label (window, "layer 0"));
  train_steps (window, 10);
  WAIT (rf_inside_pane_get_step (pane) > 0);
}

static void
test_no_filters (void)
{
  g_autofree char *path = g_build_filename (folder, "mlp.json", NULL);
  g_autoptr (GError) error = NULL;
  g_file_set_contents (
      path,
      "{\"receptive\": 1, \"name\": \"mlp\", \"dataset\": {\"id\": \"shapes\", \"limit\": 256},"
      "\"network\": {\"layers\": [{\"type\": \"flatten\"}, {\"type\": \"linear\", \"units\": 24},"
      "{\"type\": \"relu\"}, {\"type\": \"linear\", \"units\": 10}]}, \"training\": {\"optimizer\":"
      "{\"type\": \"sgd\", \"learning_rate\": 0.01}, \"batch_size\": 32, \"epochs\": 5000}}",
      -1, &error);
  g_assert_no_error (error);
  live (path, no_filters);
}

int
main (int argc, char **argv)
{
  rf_thread_claim_main ();
  folder = rf_test_make_folder ();
  g_autofree char *data = g_build_filename (folder, "data", NULL);
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/inside/pace", test_pace);
  g_test_add_func ("/inside/following", test_following);
  g_test_add_func ("/inside/choosing", test_choosing);
  g_test_add_func ("/inside/mistakes", test_mistakes);
  g_test_add_func ("/inside/checkpoints", test_checkpoints);
  g_test_add_func ("/inside/hidden", test_hidden);
  g_test_add_func ("/inside/no-filters", test_no_filters);
  const int status = g_test_run ();
  rf_test_remove_folder (folder);
  return status;
}
