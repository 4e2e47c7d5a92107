/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The playground's page in the real window: a link gives the original's numbers, settings act while
 * it trains, everything can be undone, and nothing bad gets in. */

#include "app/pages/page-info.h"
#include "app/panes/toy-compare/toy-compare-pane.h"
#include "app/panes/toy-network/toy-network-pane.h"
#include "app/panes/toy-output/points-section.h"
#include "app/panes/toy-output/toy-output-pane.h"
#include "app/toy/toy-bench.h"
#include "model/playground/export.h"
#include "model/playground/points-csv.h"
#include "tests/app/window-util.h"
#include "widgets/plot/heat-table.h"
#include "widgets/toy/net-view.h"
#include "widgets/toy/plane-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define SHEET                                                                                      \
  "https://playground.tensorflow.org/#activation=tanh&batchSize=4&dataset=circle&"                 \
  "regDataset=reg-plane&learningRate=0.03&regularizationRate=0.003&noise=40&networkShape=6,5,5&"   \
  "seed=0.54350&showTestData=false&discretize=false&percTrainData=50&x=true&y=true"

static char *said; /* by the bench, last */

static void
failed_cb (RfToyBench *bench, const char *message, gpointer data)
{
  g_free (said);
  said = g_strdup (message);
}

static gboolean
is_playground (GtkWidget *row, gconstpointer what)
{
  const RfPageInfo *info = g_object_get_data (G_OBJECT (row), "page");
  return info && g_str_equal (info->id, "playground");
}

#define SETTLE(bench) WAIT (rf_toy_bench_is_settled (bench))

static RfToyBench *
open_page (RfWindow *window)
{
  wait_for_run (window);
  GtkWidget *row = find (GTK_WIDGET (window), GTK_TYPE_LIST_BOX_ROW, is_playground, NULL);
  g_assert_nonnull (row);
  gtk_list_box_select_row (GTK_LIST_BOX (gtk_widget_get_parent (row)), GTK_LIST_BOX_ROW (row));
  RfToyBench *bench = rf_toy_bench_get (rf_window_get_session (window));
  g_signal_connect (bench, "failed", G_CALLBACK (failed_cb), NULL);
  SETTLE (bench);
  return bench;
}

static gpointer
find_in (RfWindow *window, GType type)
{
  GtkWidget *widget = find (GTK_WIDGET (window), type, NULL, NULL);
  g_assert_nonnull (widget);
  return widget;
}

static void
open_link (RfToyBench *bench, const char *link)
{
  g_autoptr (GError) error = NULL;
  rf_toy_bench_open_link (bench, link, &error);
  g_assert_no_error (error);
  SETTLE (bench);
}

/* To the end of @epoch, as fast as it goes. */
static void
train_to (RfToyBench *bench, guint64 epoch)
{
  int fastest = 0;
  while (rf_toy_speeds[fastest + 1].title)
    fastest++;
  rf_toy_bench_set_speed (bench, fastest);
  rf_toy_bench_set_ends (bench, epoch, 0);
  rf_toy_bench_set_running (bench, TRUE);
  WAIT (rf_toy_bench_is_settled (bench) && !rf_toy_bench_get_running (bench));
  g_assert_cmpuint (rf_toy_bench_get_view (bench)->epoch, ==, epoch);
  rf_toy_bench_set_ends (bench, 0, 0);
}

static void
check_losses (RfToyBench *bench, double train_loss, double test_loss, double tolerance)
{
  const RfPlayMeasure *measure = &rf_toy_bench_get_view (bench)->measure;
  g_assert_cmpfloat_with_epsilon (measure->train_loss, train_loss, tolerance);
  g_assert_cmpfloat_with_epsilon (measure->test_loss, test_loss, tolerance);
}

/* The settings, changed. */
#define CHANGE(bench, code)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_auto (RfPlayState) state = { 0 };                                                            \
    rf_play_state_copy (rf_toy_bench_get_state (bench), &state);                                   \
    code;                                                                                          \
    rf_toy_bench_set_state (bench, &state, "Test", NULL);                                          \
    SETTLE (bench);                                                                                \
  }                                                                                                \
  G_STMT_END

/* ---- the original's numbers ---- */

static void
links (RfWindow *window)
{
  RfToyBench *bench = open_page (window);
  open_link (bench, SHEET);
  check_losses (bench, .531795, .538878, 1e-6);
  g_assert_nonnull (find_label (window, "0.531795"));
  rf_toy_bench_set_speed (bench, 3);
  for (int i = 0; i < 10; i++)
    act_in (find_in (window, RF_TYPE_NET_VIEW), "toy.step");
  SETTLE (bench);
  check_losses (bench, .314207, .345911, 1e-6);
  WAIT (find_label (window, "0.345911"));
  train_to (bench, 100);
  check_losses (bench, .186844, .282219, 1e-6);

  open_link (bench, SHEET "&regularization=L1");
  train_to (bench, 100);
  check_losses (bench, .205513, .259399, 1e-6);
  g_assert_cmpint (rf_toy_bench_get_view (bench)->measure.weights.dead, ==, 30);

  /* The link of what is on show opens as the same; a bad one changes nothing. */
  g_autofree char *link = rf_toy_bench_write_link (bench);
  g_autoptr (GError) error = NULL;
  open_link (bench, link);
  check_losses (bench, .531795, .538878, 1e-6);
  g_assert_false (rf_toy_bench_open_link (bench, "#networkShape", &error));
  g_assert_nonnull (error);
  SETTLE (bench);
  check_losses (bench, .531795, .538878, 1e-6);
  rf_toy_bench_open_link (bench, "#activation=nonsense&networkShape=3", NULL);
  g_assert_nonnull (said);

  /* Through the clipboard, as people do it. */
  GtkWidget *net = find_in (window, RF_TYPE_NET_VIEW);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (net), SHEET);
  act_in (net, "toy.paste-link");
  WAIT (rf_toy_bench_is_settled (bench)
        && g_str_equal (rf_toy_bench_get_state (bench)->seed, "0.54350"));
}

static void
test_links (void)
{
  live (NULL, links);
}

/* ---- live changes and undo ---- */

static void
live_changes (RfWindow *window)
{
  RfToyBench *bench = open_page (window);
  open_link (bench, SHEET);
  train_to (bench, 20);
  CHANGE (bench, rf_play_state_set_penalties (&state, 0, 0.1));
  g_assert_cmpuint (rf_toy_bench_get_view (bench)->epoch, ==, 20);
  act (window, "win.undo");
  SETTLE (bench);
  g_assert_cmpint (rf_toy_bench_get_state (bench)->regularization, ==, RF_PLAY_NONE);
  g_assert_cmpuint (rf_toy_bench_get_view (bench)->epoch, ==, 20);

  rf_toy_bench_set_as_original (bench, TRUE);
  CHANGE (bench, rf_play_state_set_penalties (&state, 0, 0.1));
  g_assert_cmpuint (rf_toy_bench_get_view (bench)->epoch, ==, 0);
  const double before = rf_toy_bench_get_view (bench)->measure.train_loss;
  act (window, "win.undo");
  SETTLE (bench);
  g_assert_cmpuint (rf_toy_bench_get_view (bench)->epoch, ==, 20);
  act (window, "win.redo");
  SETTLE (bench);
  g_assert_cmpfloat (rf_toy_bench_get_view (bench)->measure.train_loss, ==, before);
  rf_toy_bench_set_as_original (bench, FALSE);

  /* Layers, up to the largest, and back by undo. */
  CHANGE (bench, state.n_layers = RF_PLAY_MAX_LAYERS;
          for (int i = 0; i < RF_PLAY_MAX_LAYERS; i++) state.units[i] = RF_PLAY_MAX_UNITS);
  g_assert_cmpint (rf_toy_bench_get_view (bench)->n_nodes, ==,
                   RF_PLAY_MAX_LAYERS * RF_PLAY_MAX_UNITS + 1);
  act_in (find_in (window, RF_TYPE_NET_VIEW), "toy.step");
  SETTLE (bench);
  act (window, "win.undo");
  SETTLE (bench);
  g_assert_cmpint (rf_toy_bench_get_state (bench)->n_layers, ==, 3);

  /* No input at all, and no hidden layer. */
  CHANGE (bench, memset (state.features, 0, sizeof state.features); state.n_layers = 0);
  rf_toy_bench_step (bench);
  SETTLE (bench);
  g_assert_true (isfinite (rf_toy_bench_get_view (bench)->measure.train_loss));
}

static void
test_live_changes (void)
{
  live (NULL, live_changes);
}

/* ---- the drawing ---- */

static void
drawing (RfWindow *window)
{
  RfToyBench *bench = open_page (window);
  RfNetView *net = find_in (window, RF_TYPE_NET_VIEW);
  open_link (bench, SHEET);

  /* The second input's link: with the first one off it is the network's first. */
  g_signal_emit_by_name (net, "toggled", 0);
  SETTLE (bench);
  g_assert_false (rf_toy_bench_get_state (bench)->features[RF_PLAY_X]);
  g_signal_emit_by_name (net, "edited", 1, 2, 1, 1.25);
  SETTLE (bench);
  g_assert_cmpfloat (rf_play_net_get_weight (rf_toy_bench_get_view (bench)->net, 0, 2, 0), ==,
                     1.25);
  g_signal_emit_by_name (net, "edited", 2, 3, -1, -0.5);
  SETTLE (bench);
  g_assert_cmpfloat (rf_play_net_get_bias (rf_toy_bench_get_view (bench)->net, 1, 3), ==, -0.5);
  act (window, "win.undo");
  act (window, "win.undo");
  SETTLE (bench);
  g_assert_cmpfloat (rf_play_net_get_bias (rf_toy_bench_get_view (bench)->net, 1, 3), ==, 0.1);
  g_assert_cmpfloat (rf_play_net_get_weight (rf_toy_bench_get_view (bench)->net, 0, 2, 0), !=,
                     1.25);

  /* Pointing shows one neuron large. */
  g_signal_emit_by_name (net, "pointed", 1, 0);
  g_assert_nonnull (find_label (window, _ ("Output of one neuron")));
  g_signal_emit_by_name (net, "pointed", 0, 3);
  g_assert_nonnull (find_label (window, "x₂²"));
  g_signal_emit_by_name (net, "pointed", -1, -1);
  g_assert_nonnull (find_label (window, _ ("Output of the network")));

  /* Files. */
  const char *const names[] = { "net.png", "net.svg" };
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = g_build_filename (folder, names[i], NULL);
      g_assert_true (rf_net_view_save (net, path, &error));
      g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
    }
  const RfToyView *view = rf_toy_bench_get_view (bench);
  g_autofree char *csv = rf_play_export_csv (&view->state, view->net);
  g_autofree char *source = rf_play_export_torch (&view->state, view->net);
  g_assert_nonnull (strstr (csv, "1,1,y,"));
  g_assert_nonnull (strstr (source, "nn.Linear(1, 6)"));
}

static void
test_drawing (void)
{
  live (NULL, drawing);
}

/* ---- points ---- */

static void
own_points (RfWindow *window)
{
  RfToyBench *bench = open_page (window);
  RfPointsSection *section = find_in (window, RF_TYPE_POINTS_SECTION);
  GtkDropDown *tool = GTK_DROP_DOWN (find (GTK_WIDGET (section), GTK_TYPE_DROP_DOWN, NULL, NULL));
  GtkWidget *plane
      = find (find_in (window, RF_TYPE_TOY_OUTPUT_PANE), RF_TYPE_PLANE_VIEW, NULL, NULL);
  open_link (bench, SHEET);
  /* Looking changes nothing. */
  g_signal_emit_by_name (plane, "pressed", 1., 1., FALSE);
  SETTLE (bench);
  g_assert_cmpuint (rf_toy_bench_get_view (bench)->data->n_train, ==, 250);
  act_in (GTK_WIDGET (section), "points.clear");
  SETTLE (bench);
  g_assert_cmpuint (rf_toy_bench_get_view (bench)->data->n_train, ==, 0);
  rf_toy_bench_step (bench);
  SETTLE (bench);
  gtk_drop_down_set_selected (tool, 1);
  g_signal_emit_by_name (plane, "pressed", 1., 1., FALSE);
  g_signal_emit_by_name (plane, "pressed", -2., 1., FALSE);
  SETTLE (bench);
  const RfPlayData *data = rf_toy_bench_get_view (bench)->data;
  g_assert_cmpuint (data->n_train, ==, 2);
  g_assert_cmpfloat (data->train[1].x, ==, -2);
  gtk_drop_down_set_selected (tool, 3);
  g_signal_emit_by_name (plane, "dragged", -2.1, 1.1, 3., 3., FALSE);
  SETTLE (bench);
  g_assert_cmpfloat (rf_toy_bench_get_view (bench)->data->train[1].x, ==, 3);
  g_signal_emit_by_name (plane, "pressed", 3., 3., TRUE);
  SETTLE (bench);
  g_assert_cmpuint (rf_toy_bench_get_view (bench)->data->n_train, ==, 1);
  gtk_drop_down_set_selected (tool, 2);
  g_signal_emit_by_name (plane, "dragged", 0., 0., 1., 0., FALSE);
  SETTLE (bench);
  g_assert_cmpuint (rf_toy_bench_get_view (bench)->data->n_train, >, 2);
  act (window, "win.undo");
  SETTLE (bench);
  g_assert_cmpuint (rf_toy_bench_get_view (bench)->data->n_train, ==, 250);
}

static void
test_own_points (void)
{
  live (NULL, own_points);
}

static void
test_csv (void)
{
  static const char good[] = "x;y;label;set\n1;2;0;train\n\n-1; 2.5 ;1; test\r\n";
  static const char *const bad[] = { "",
                                     "x,y,label\n",
                                     "1,2\n",
                                     "1,2,3,4,5\n",
                                     "1,nan,1\n",
                                     "1,2,1e999\n",
                                     "1,2,1,other\n",
                                     "\xff\xfe,1,2\n",
                                     "1,2,1,test\n" };
  g_auto (RfPlayState) state = { 0 };
  rf_play_state_init (&state);
  g_autoptr (GError) error = NULL;
  g_autoptr (RfPlayData) data
      = rf_play_points_parse_csv (&state, good, strlen (good), "good", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (data->n_train, ==, 1);
  g_assert_cmpuint (data->n_test, ==, 1);
  g_assert_cmpfloat (data->train[0].label, ==, -1);
  g_assert_cmpfloat (data->test[0].y, ==, 2.5);
  g_autofree char *written = rf_play_points_write_csv (data);
  g_autoptr (RfPlayData) again
      = rf_play_points_parse_csv (&state, written, strlen (written), "again", &error);
  g_assert_no_error (error);
  g_assert_cmpmem (again->train, sizeof (RfPlayPoint), data->train, sizeof (RfPlayPoint));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) refused = NULL;
      g_assert_null (rf_play_points_parse_csv (&state, bad[i], strlen (bad[i]), "bad", &refused));
      g_assert_nonnull (refused);
    }
  state.n_classes = 3;
  g_assert_null (rf_play_points_parse_csv (&state, "1,1,3\n", 6, "bad", NULL));
}

/* ---- looking back, and the end of numbers ---- */

static void
moments (RfWindow *window)
{
  RfToyBench *bench = open_page (window);
  open_link (bench, SHEET);
  train_to (bench, 50);
  const double now = rf_toy_bench_get_view (bench)->measure.train_loss;
  rf_toy_bench_show_moment (bench, 0);
  SETTLE (bench);
  const RfToyView *view = rf_toy_bench_get_view (bench);
  g_assert_cmpint (view->moment, ==, 0);
  g_assert_cmpfloat (view->measure.train_loss, >, now);
  rf_toy_bench_show_moment (bench, -1);
  SETTLE (bench);
  g_assert_cmpfloat (rf_toy_bench_get_view (bench)->measure.train_loss, ==, now);

  /* An absurd rate: explained, and one press ends it. */
  CHANGE (bench, state.learning_rate = 1e6; state.activation = RF_PLAY_LINEAR;
          state.problem = RF_PLAY_REGRESSION);
  train_to (bench, 20);
  WAIT (rf_toy_bench_get_view (bench)->problem);
  act_in (find_in (window, RF_TYPE_NET_VIEW), "toy.reset");
  SETTLE (bench);
  g_assert_null (rf_toy_bench_get_view (bench)->problem);

  /* Several classes, dropout, Adam: it learns. */
  CHANGE (bench, state.problem = RF_PLAY_CLASSIFICATION; state.n_classes = 4;
          state.activation = RF_PLAY_TANH; state.learning_rate = 0.01; state.noise = 0;
          state.dataset = RF_PLAY_GAUSS; state.optimizer = RF_PLAY_ADAM; state.dropout[0] = 0.1);
  train_to (bench, 100);
  g_assert_cmpfloat (rf_toy_bench_get_view (bench)->measure.test_accuracy, >, 0.9);
}

static void
test_moments (void)
{
  live (NULL, moments);
}

/* ---- comparing ---- */

static gboolean
is_spin_of_epochs (GtkWidget *widget, gconstpointer what)
{
  return gtk_spin_button_get_value (GTK_SPIN_BUTTON (widget)) == *(const double *) what;
}

static gboolean
runs (GtkWidget *button, gconstpointer what)
{
  return g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (button)), "toy-compare.run")
         == 0;
}

static void
comparing (RfWindow *window)
{
  RfToyBench *bench = open_page (window);
  GtkWidget *pane = find_in (window, RF_TYPE_TOY_COMPARE_PANE);
  GtkWidget *stack = find (pane, GTK_TYPE_STACK, NULL, NULL);
  GtkButton *button = GTK_BUTTON (find (pane, GTK_TYPE_BUTTON, runs, NULL));
  const double study_epochs = 200;
  open_link (bench, SHEET);
  gtk_spin_button_set_value (
      GTK_SPIN_BUTTON (find (pane, GTK_TYPE_SPIN_BUTTON, is_spin_of_epochs, &study_epochs)), 5);
  act_in (GTK_WIDGET (button), "toy-compare.run");
  WAIT (g_str_equal (gtk_button_get_label (button), _ ("Run")));
  RfHeatTable *table = find_in (window, RF_TYPE_HEAT_TABLE);
  g_autofree char *path = g_build_filename (folder, "study.svg", NULL);
  g_autoptr (GError) error = NULL;
  g_assert_true (rf_heat_table_save (table, path, &error));
  g_signal_emit_by_name (table, "chosen", 4, 2);
  SETTLE (bench);
  double l1, l2;
  rf_play_state_get_penalties (rf_toy_bench_get_state (bench), &l1, &l2);
  g_assert_cmpfloat (l1, ==, 0.003);
  g_assert_cmpfloat (l2, ==, 0.03);

  /* Copies: the first has no penalty, and is what the link trains to. */
  gtk_stack_set_visible_child_name (GTK_STACK (stack), "copies");
  act_in (GTK_WIDGET (button), "toy-compare.run");
  WAIT (g_str_equal (gtk_button_get_label (button), _ ("Run")));
  act (window, "win.undo");
  SETTLE (bench);
  train_to (bench, 300);
  g_autofree char *loss
      = g_strdup_printf ("%.4f", rf_toy_bench_get_view (bench)->measure.test_loss);
  g_assert_nonnull (find (pane, GTK_TYPE_LABEL, says, loss));

  /* A rate that no seed outlives. */
  open_link (bench, "problem=regression&regDataset=reg-plane&networkShape=4&activation=linear"
                    "&learningRate=1000&seed=0.5");
  gtk_stack_set_visible_child_name (GTK_STACK (stack), "seeds");
  act_in (GTK_WIDGET (button), "toy-compare.run");
  WAIT (g_str_equal (gtk_button_get_label (button), _ ("Run")));
  g_assert_nonnull (find (pane, GTK_TYPE_LABEL, says, "8 seeds diverged and are left out"));

  /* Stopped halfway, and closed while it runs. */
  gtk_stack_set_visible_child_name (GTK_STACK (stack), "seeds");
  act_in (GTK_WIDGET (button), "toy-compare.run");
  run_for (100);
  act_in (GTK_WIDGET (button), "toy-compare.run");
  act_in (GTK_WIDGET (button), "toy-compare.run");
  rf_toy_bench_set_running (bench, TRUE);
  run_for (100);
}

static void
test_comparing (void)
{
  live (NULL, comparing);
}

int
main (int argc, char **argv)
{
  rf_thread_claim_main ();
  folder = rf_test_make_folder ();
  g_autofree char *data = g_build_filename (folder, "data", NULL);
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/playground/links", test_links);
  g_test_add_func ("/playground/live-changes", test_live_changes);
  g_test_add_func ("/playground/drawing", test_drawing);
  g_test_add_func ("/playground/own-points", test_own_points);
  g_test_add_func ("/playground/csv", test_csv);
  g_test_add_func ("/playground/moments", test_moments);
  g_test_add_func ("/playground/comparing", test_comparing);
  const int status = g_test_run ();
  g_free (said);
  rf_test_remove_folder (folder);
  return status;
}
