/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page of features in the real window: it works on first start, what it says of a value is that
 * value, it follows a training, and what cannot be looked into leaves everything as it was. */

#include "app/features/feature-bench.h"
#include "app/features/feature-edit.h"
#include "app/features/feature-units.h"
#include "app/pages/page-info.h"
#include "app/panes/features-closer/dream-view.h"
#include "app/panes/features-closer/features-closer-pane.h"
#include "app/panes/features-closer/paint-view.h"
#include "app/panes/features-closer/top-row.h"
#include "app/panes/features-layers/features-layers-pane.h"
#include "tests/app/window-util.h"
#include "widgets/kernel-grid/kernel-grid.h"
#include "widgets/picture/map-grid.h"
#include "widgets/plot/painters/legend-painter.h"
#include "widgets/plot/sum-view.h"

#include <glib/gi18n-lib.h>

static char *said; /* by the bench, last */

static void
failed_cb (RfFeatureBench *bench, const char *message, gpointer data)
{
  g_free (said);
  said = g_strdup (message);
}

static gboolean
is_features (GtkWidget *row, gconstpointer what)
{
  const RfPageInfo *info = g_object_get_data (G_OBJECT (row), "page");
  return info && g_str_equal (info->id, "features");
}

/* The network has answered to the picture on show. */
#define SETTLE(bench)                                                                              \
  WAIT (rf_feature_bench_get_answer (bench) >= 0 && !rf_feature_bench_get_loading (bench))

static RfFeatureBench *
open_page (RfWindow *window)
{
  wait_for_run (window);
  GtkWidget *row = find (GTK_WIDGET (window), GTK_TYPE_LIST_BOX_ROW, is_features, NULL);
  g_assert_nonnull (row);
  gtk_list_box_select_row (GTK_LIST_BOX (gtk_widget_get_parent (row)), GTK_LIST_BOX_ROW (row));
  RfFeatureBench *bench = rf_feature_bench_get (rf_window_get_session (window));
  g_signal_connect (bench, "failed", G_CALLBACK (failed_cb), NULL);
  SETTLE (bench);
  g_clear_pointer (&said, g_free);
  return bench;
}

static gboolean
is_on_show (GtkWidget *widget, gconstpointer nothing)
{
  return gtk_widget_get_mapped (widget);
}

/* Other pages have such widgets too. */
static gpointer
find_in (RfWindow *window, GType type)
{
  GtkWidget *widget = find (GTK_WIDGET (window), type, is_on_show, NULL);
  g_assert_nonnull (widget);
  return widget;
}

static gboolean
has_title (GtkWidget *drop, gconstpointer title)
{
  GListModel *model = gtk_drop_down_get_model (GTK_DROP_DOWN (drop));
  for (guint i = 0; GTK_IS_STRING_LIST (model) && i < g_list_model_get_n_items (model); i++)
    if (g_str_equal (gtk_string_list_get_string (GTK_STRING_LIST (model), i), title))
      return TRUE;
  return FALSE;
}

static void
choose (RfWindow *window, const char *title)
{
  GtkWidget *drop = find (GTK_WIDGET (window), GTK_TYPE_DROP_DOWN, has_title, title);
  g_assert_nonnull (drop);
  GListModel *model = gtk_drop_down_get_model (GTK_DROP_DOWN (drop));
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    if (g_str_equal (gtk_string_list_get_string (GTK_STRING_LIST (model), i), title))
      gtk_drop_down_set_selected (GTK_DROP_DOWN (drop), i);
}

static gboolean
is_labelled (GtkWidget *button, gconstpointer label)
{
  return g_strcmp0 (gtk_button_get_label (GTK_BUTTON (button)), label) == 0;
}

static GtkWidget *
find_button (gpointer in, const char *label)
{
  GtkWidget *button = find (in, GTK_TYPE_BUTTON, is_labelled, label);
  g_assert_nonnull (button);
  return button;
}

static void
press (gpointer in, const char *label)
{
  g_signal_emit_by_name (find_button (in, label), "clicked");
}

static float
get_value (RfFeatureBench *bench, int unit, int y, int x)
{
  const RfFeatureMaps *maps
      = &rf_feature_bench_get_view (bench)->maps[rf_feature_bench_get_layer (bench)];
  return maps->values[(unit * maps->shape.height + y) * maps->shape.width + x];
}

static GtkStack *
get_stack (RfWindow *window)
{
  GtkWidget *pane = find_in (window, RF_TYPE_FEATURES_CLOSER_PANE);
  return GTK_STACK (find (pane, GTK_TYPE_STACK, NULL, NULL));
}

static void
open_net (RfFeatureBench *bench, const char *path)
{
  rf_feature_bench_open_net (bench, path);
  WAIT (!rf_feature_bench_get_loading (bench));
}

static double
mean_of (RfFeatureBench *bench, int unit)
{
  return rf_feature_maps_mean (
      &rf_feature_bench_get_view (bench)->maps[rf_feature_bench_get_layer (bench)], unit);
}

/* Of the right class. */
static float
get_probability (RfFeatureBench *bench)
{
  SETTLE (bench);
  return rf_feature_bench_get_view (bench)
      ->probabilities[rf_feature_bench_get_input (bench)->truth];
}

/* ---- first start ---- */

static void
beginning (RfWindow *window)
{
  RfFeatureBench *bench = open_page (window);
  const RfFeatureNet *net = rf_feature_bench_get_net (bench);
  g_assert_null (net->run);
  g_assert_cmpint (net->n_classes, ==, 10);
  g_assert_nonnull (net->dataset);
  /* It has learned what it is shown. */
  g_assert_cmpint (rf_feature_bench_get_answer (bench), ==,
                   rf_feature_bench_get_input (bench)->truth);
  const RfNet *layers = rf_feature_bench_get_layers (bench);
  const RfLayer *layer = layers->layers->pdata[rf_feature_bench_get_layer (bench)];
  g_assert_cmpstr (layer->klass->spec.type, ==, "relu");
  RfMapGrid *grid = find_in (window, RF_TYPE_MAP_GRID);
  g_assert_cmpuint (rf_map_grid_get_shape (grid)->n, ==, (guint) layer->out.channels);
  WAIT (rf_feature_bench_get_survey (bench));
  g_assert_cmpint (rf_feature_bench_get_survey (bench)->n_units, ==, layer->out.channels);

  /* Another picture, another class, a mistake. */
  rf_feature_bench_go (bench, 1, 3);
  g_assert_cmpint (rf_feature_bench_get_input (bench)->truth, ==, 3);
  rf_feature_bench_go_anywhere (bench, 5);
  g_assert_cmpint (rf_feature_bench_get_input (bench)->truth, ==, 5);
  /* It knows nearly all, but not all (99.9 %). */
  rf_feature_bench_find_mistake (bench);
  WAIT (rf_feature_bench_get_searched (bench) < 0);
  g_assert_null (said);
  SETTLE (bench);
  g_assert_cmpint (rf_feature_bench_get_answer (bench), !=,
                   rf_feature_bench_get_input (bench)->truth);
}

static void
test_beginning (void)
{
  live (NULL, beginning);
}

/* ---- a unit ---- */

static void
check_sum (RfWindow *window, RfFeatureBench *bench, int unit, int y, int x)
{
  rf_feature_bench_choose_unit (bench, unit);
  RfSumView *sum = find_in (window, RF_TYPE_SUM_VIEW);
  rf_sum_view_set_sheets (sum, NULL);
  rf_feature_bench_choose_place (bench, y, x);
  WAIT (rf_sum_view_get_sheets (sum) && rf_sum_view_get_sheets (sum)->len > 0);
  GPtrArray *sheets = rf_sum_view_get_sheets (sum);
  const RfSumSheet *last = sheets->pdata[sheets->len - 1];
  g_autofree char *value = rf_legend_format ((double) get_value (bench, unit, y, x));
  g_autofree char *end = g_strdup_printf ("→ %s", value);
  g_assert_true (g_str_has_suffix (last->words, end));
}

static void
unit (RfWindow *window)
{
  RfFeatureBench *bench = open_page (window);
  check_sum (window, bench, 5, 9, 20);
  check_sum (window, bench, 0, 31, 0);
  g_assert_nonnull (find_label (window, "Row 31, column 0"));

  /* Its pictures: a press shows one. */
  WAIT (rf_feature_bench_get_survey (bench));
  GtkWidget *row = find_in (window, RF_TYPE_TOP_ROW);
  GtkWidget *first = find (row, GTK_TYPE_BUTTON, NULL, NULL);
  WAIT (gtk_widget_get_visible (first));
  const guint32 best = rf_feature_bench_get_survey (bench)->units[0].top[0].row;
  g_signal_emit_by_name (first, "clicked");
  const RfFeatureInput *input = rf_feature_bench_get_input (bench);
  const RfFeatureNet *net = rf_feature_bench_get_net (bench);
  g_assert_cmpuint (net->dataset->splits[input->split].rows[input->index], ==, best);

  /* What it looks for excites it more than that, in the mean over its map. */
  SETTLE (bench);
  const double excited = mean_of (bench, 0);
  GtkWidget *dream = find_in (window, RF_TYPE_DREAM_VIEW);
  press (dream, _ ("Find It"));
  g_assert_nonnull (find_button (dream, _ ("Stop")));
  GtkWidget *keep = find_button (dream, _ ("Show It to the Network"));
  WAIT (gtk_widget_get_visible (keep));
  g_signal_emit_by_name (keep, "clicked");
  g_assert_cmpint (rf_feature_bench_get_input (bench)->index, ==, -1);
  SETTLE (bench);
  g_assert_cmpfloat (mean_of (bench, 0), >, excited);
}

static void
test_unit (void)
{
  live (NULL, unit);
}

/* ---- a kernel painted over ---- */

static void
kernel (RfWindow *window)
{
  RfFeatureBench *bench = open_page (window);
  RfHistory *history = rf_session_get_history (rf_window_get_session (window));
  int channels, height, width;
  rf_feature_bench_choose_unit (bench, 3);
  WAIT (rf_feature_bench_get_kernel (bench, &channels, &height, &width));
  RfKernelGrid *grid = find_in (window, RF_TYPE_KERNEL_GRID);
  int rows, columns;
  const double *weights = rf_kernel_grid_get_weights (grid, &rows, &columns);
  g_assert_cmpint (rows, ==, height);
  g_assert_cmpfloat ((float) weights[4], ==,
                     rf_feature_bench_get_kernel (bench, &channels, &height, &width)[4]);

  /* All zeros: the map before the normalisation is the bias alone. */
  rf_feature_bench_choose_layer (bench, 0);
  rf_feature_bench_choose_unit (bench, 3);
  const float before = get_value (bench, 3, 9, 9);
  g_autofree float *zeros = g_new0 (float, channels *height *width);
  rf_feature_bench_set_kernel (bench, zeros, "Test");
  g_assert_true (rf_feature_bench_is_edited (bench));
  WAIT (get_value (bench, 3, 9, 9) != before);
  g_assert_cmpfloat (get_value (bench, 3, 9, 9), ==, get_value (bench, 3, 20, 4));
  g_assert_true (rf_history_undo (history));
  WAIT (get_value (bench, 3, 9, 9) == before);
  g_assert_true (rf_history_redo (history));
  WAIT (get_value (bench, 3, 9, 9) != before);
  WAIT (rf_feature_bench_get_survey (bench));
  press (window, _ ("As Learned"));
  WAIT (get_value (bench, 3, 9, 9) == before);
  g_assert_false (rf_feature_bench_is_edited (bench));

  /* A stroke is one edit. */
  rf_feature_bench_set_kernel (bench, zeros, "Test");
  zeros[0] = 1;
  rf_feature_bench_set_kernel (bench, zeros, "Test");
  g_assert_true (rf_history_undo (history));
  g_assert_false (rf_feature_bench_is_edited (bench));

  /* With another network the edits are gone, and nothing is left to be undone. */
  rf_feature_bench_set_kernel (bench, zeros, "Test");
  g_auto (GStrv) paths = rf_feature_net_list ();
  open_net (bench, paths[1]);
  rf_feature_bench_choose_unit (bench, 3);
  g_assert_false (rf_feature_bench_is_edited (bench));
  rf_history_undo (history);
  g_assert_false (rf_feature_bench_is_edited (bench));
}

static void
test_kernel (void)
{
  live (NULL, kernel);
}

/* ---- the space ---- */

static void
space (RfWindow *window)
{
  RfFeatureBench *bench = open_page (window);
  gtk_stack_set_visible_child_name (get_stack (window), "space");
  const RfNet *net = rf_feature_bench_get_layers (bench);
  rf_feature_bench_choose_layer (bench, net->layers->len - 1);
  press (window, _ ("Show"));
  WAIT (find_label (window, "of the variance"));
  choose (window, _ ("t-SNE"));
  WAIT (find_label (window, "pictures at layer"));
  press (window, _ ("Stop"));
  g_assert_nonnull (find_button (window, _ ("Show")));
}

static void
test_space (void)
{
  live (NULL, space);
}

/* ---- order and scale ---- */

static void
order (RfWindow *window)
{
  RfFeatureBench *bench = open_page (window);
  RfMapGrid *grid = find_in (window, RF_TYPE_MAP_GRID);
  choose (window, _ ("By importance"));
  WAIT (rf_feature_bench_get_importance (bench));
  const float *importance = rf_feature_bench_get_importance (bench);
  int best = 0;
  for (guint i = 1; i < rf_map_grid_get_shape (grid)->n; i++)
    if (importance[i] > importance[best])
      best = (int) i;
  rf_map_grid_select (grid, 0);
  g_assert_cmpint (rf_feature_bench_get_unit (bench), ==, best);
  choose (window, _ ("By number"));
  g_assert_cmpuint (rf_map_grid_get_selected (grid), ==, (guint) best);
  choose (window, _ ("By activity"));
  choose (window, _ ("Scale of all layers"));
  const double end = rf_map_grid_get_range (grid)->high;
  choose (window, _ ("Scale of the layer"));
  g_assert_cmpfloat (rf_map_grid_get_range (grid)->high, <=, end);
  choose (window, _ ("Scale of each map"));

  /* Every layer. */
  const RfNet *net = rf_feature_bench_get_layers (bench);
  for (guint i = 0; i < net->layers->len; i++)
    {
      rf_feature_bench_choose_layer (bench, i);
      rf_feature_bench_choose_unit (bench, 0);
      rf_feature_bench_choose_place (bench, 0, 0);
      run_for (20);
    }
}

static void
test_order (void)
{
  live (NULL, order);
}

/* ---- why, and what it withstands ---- */

static gboolean
is_turning (GtkWidget *scale, gconstpointer nothing)
{
  return gtk_adjustment_get_upper (gtk_range_get_adjustment (GTK_RANGE (scale))) == 180;
}

static void
why (RfWindow *window)
{
  RfFeatureBench *bench = open_page (window);
  GtkStack *stack = get_stack (window);
  gtk_stack_set_visible_child_name (stack, "why");
  WAIT (find_label (window, "logit"));
  choose (window, _ ("SmoothGrad"));
  choose (window, _ ("Occlusion"));
  choose (window, _ ("Grad-CAM"));
  choose (window, _ ("Integrated gradients"));
  WAIT (find_label (window, "adds up to"));
  rf_feature_bench_go (bench, 1, -1);
  run_for (200);

  gtk_stack_set_visible_child_name (stack, "trial");
  rf_feature_bench_go (bench, 1, -1);
  const float before = get_probability (bench);
  g_autoptr (RfFeatureInput) input = rf_feature_input_ref (rf_feature_bench_get_input (bench));
  press (window, _ ("One Step against It"));
  WAIT (rf_feature_bench_get_input (bench) != input);
  g_assert_cmpfloat (get_probability (bench), <, before);
  g_assert_nonnull (find_label (window, "The answer "));
  press (window, _ ("As It Was"));
  g_assert_true (rf_feature_bench_get_input (bench) == input);
  g_assert_cmpfloat (get_probability (bench), ==, before);

  /* Paint stays when the picture is turned, and goes with all the rest. */
  RfPaintView *paint = find_in (window, RF_TYPE_PAINT_VIEW);
  for (int i = 0; i < 32; i += 2)
    rf_paint_view_paint (paint, i, 16);
  const RfFeatureInput *painted = rf_feature_bench_get_input (bench);
  const float paint_value = painted->values[32 * 16 + 16];
  for (int y = 0; y < 32; y++)
    g_assert_cmpfloat (painted->values[32 * y + 16], ==, paint_value);
  GtkWidget *turned = find (GTK_WIDGET (window), GTK_TYPE_SCALE, is_turning, NULL);
  gtk_range_set_value (GTK_RANGE (turned), 180);
  /* The middle lies between two pixels. */
  g_assert_true (rf_feature_bench_get_input (bench) != painted);
  g_assert_cmpfloat_with_epsilon (rf_feature_bench_get_input (bench)->values[32 * 16 + 15],
                                  paint_value, 1e-3);
  press (window, _ ("As It Was"));
  g_assert_true (rf_feature_bench_get_input (bench) == input);
}

static void
test_why (void)
{
  live (NULL, why);
}

/* ---- the run ---- */

static void
following (RfWindow *window)
{
  RfFeatureBench *bench = open_page (window);
  g_assert_null (rf_feature_bench_get_net (bench)->run);
  train_steps (window, 3);
  WAIT (rf_feature_bench_get_net (bench)->run == get_run (window));
  WAIT (rf_feature_bench_get_view (bench) && rf_feature_bench_get_view (bench)->step > 0);
  pause_run (window);
  WAIT (rf_feature_bench_get_view (bench)->step == rf_run_get_step (get_run (window)));
  WAIT (rf_feature_bench_get_survey (bench));

  /* Back to the first weights, and to the present. */
  RfSession *session = rf_window_get_session (window);
  rf_session_set_moment (session, 0);
  WAIT (rf_feature_bench_get_view (bench)->step == 0);
  rf_session_set_moment (session, RF_MOMENT_LIVE);
  WAIT (rf_feature_bench_get_view (bench)->step > 0);

  /* Whoever chose another network stays with it. */
  g_auto (GStrv) paths = rf_feature_net_list ();
  rf_feature_bench_open_net (bench, paths[1]);
  WAIT (g_strcmp0 (rf_feature_bench_get_path (bench), paths[1]) == 0);
  SETTLE (bench);
  train_steps (window, 2);
  g_assert_null (rf_feature_bench_get_net (bench)->run);
  rf_feature_bench_follow_run (bench);
  g_assert_true (rf_feature_bench_get_net (bench)->run == get_run (window));
  SETTLE (bench);
}

static void
test_following (void)
{
  g_autofree char *path = write_experiment ("following", "\"epochs\": 40");
  live (path, following);
}

/* ---- other networks, and what is none ---- */

static char *
write_network (const char *name, const char *layers)
{
  g_autofree char *text = g_strdup_printf (
      "{\"receptive\": 1, \"name\": \"%s\", \"dataset\": {\"id\": \"shapes\", \"limit\": 64},"
      "\"network\": {\"layers\": [%s]}, \"training\": {\"optimizer\": {\"type\": \"sgd\","
      "\"learning_rate\": 0.05}}}",
      name, layers);
  g_autofree char *file = g_strconcat (name, ".json", NULL);
  char *path = g_build_filename (folder, file, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static void
others (RfWindow *window)
{
  RfFeatureBench *bench = open_page (window);
  g_auto (GStrv) paths = rf_feature_net_list ();
  const char *before = paths[g_strv_length (paths) - 1];
  open_net (bench, before);
  g_autofree char *bad = g_build_filename (folder, "bad.json", NULL);
  g_assert_true (g_file_set_contents (bad, "{\"receptive\": 1", -1, NULL));
  open_net (bench, bad);
  g_assert_nonnull (said);
  g_assert_cmpstr (rf_feature_bench_get_path (bench), ==, before);

  /* Weights of another network. */
  g_autofree char *weights = g_build_filename (paths[0], "weights.safetensors", NULL);
  g_clear_pointer (&said, g_free);
  open_net (bench, weights);
  g_assert_nonnull (said);
  g_assert_cmpstr (rf_feature_bench_get_path (bench), ==, before);

  /* Its own, as somebody else may have saved them. */
  g_autofree char *own = g_build_filename (before, "weights.safetensors", NULL);
  open_net (bench, own);
  g_assert_cmpstr (rf_feature_bench_get_path (bench), ==, own);
  SETTLE (bench);
  g_assert_cmpint (rf_feature_bench_get_answer (bench), ==,
                   rf_feature_bench_get_input (bench)->truth);

  /* No picture, then one. */
  g_clear_pointer (&said, g_free);
  rf_feature_bench_open (bench, bad);
  WAIT (!rf_feature_bench_get_loading (bench));
  g_assert_nonnull (said);
  guint8 *rgb = g_malloc0 (40 * 40 * 3);
  rf_feature_bench_open_rgb (bench, rgb, 40, 40, "Drawing");
  g_assert_cmpint (rf_feature_bench_get_input (bench)->truth, ==, -1);

  /* One layer, many units, and sixty layers. */
  g_autofree char *one
      = write_network ("one", "{\"type\": \"flatten\"}, {\"type\": \"linear\", \"units\": 10}");
  open_net (bench, one);
  SETTLE (bench);
  g_autofree char *wide
      = write_network ("wide", "{\"type\": \"flatten\"}, {\"type\": \"linear\", \"units\": 4096},"
                               "{\"type\": \"relu\"}, {\"type\": \"linear\", \"units\": 10}");
  open_net (bench, wide);
  SETTLE (bench);
  RfMapGrid *grid = find_in (window, RF_TYPE_MAP_GRID);
  g_assert_cmpuint (rf_map_grid_get_shape (grid)->n, ==, 4096);
  g_autoptr (GString) deep = g_string_new ("{\"type\": \"conv2d\", \"filters\": 8, \"kernel\": 3,"
                                           "\"padding\": 1, \"stride\": 4}, {\"type\": \"relu\"}");
  for (int i = 0; i < 15; i++)
    g_string_append (deep, ", {\"type\": \"residual\", \"layers\": ["
                           "{\"type\": \"conv2d\", \"filters\": 8, \"kernel\": 3, \"padding\": 1},"
                           "{\"type\": \"batchnorm\"}, {\"type\": \"relu\"},"
                           "{\"type\": \"conv2d\", \"filters\": 8, \"kernel\": 3, \"padding\": 1},"
                           "{\"type\": \"batchnorm\"}]}, {\"type\": \"relu\"}");
  g_string_append (deep, ", {\"type\": \"global_avgpool\"}, {\"type\": \"linear\", \"units\": 10}");
  g_autofree char *sixty = write_network ("sixty", deep->str);
  open_net (bench, sixty);
  SETTLE (bench);
  g_autoptr (GArray) shown = rf_feature_layers_list (rf_feature_bench_get_layers (bench), FALSE);
  g_autoptr (GArray) all = rf_feature_layers_list (rf_feature_bench_get_layers (bench), TRUE);
  g_assert_cmpuint (all->len, >, 90);
  g_assert_cmpuint (shown->len, <, 70);
  run_for (100);
}

static void
test_others (void)
{
  live (NULL, others);
}

int
main (int argc, char **argv)
{
  rf_thread_claim_main ();
  folder = rf_test_make_folder ();
  g_autofree char *data = g_build_filename (folder, "data", NULL);
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/features/beginning", test_beginning);
  g_test_add_func ("/features/unit", test_unit);
  g_test_add_func ("/features/kernel", test_kernel);
  g_test_add_func ("/features/space", test_space);
  g_test_add_func ("/features/order", test_order);
  g_test_add_func ("/features/why", test_why);
  g_test_add_func ("/features/following", test_following);
  g_test_add_func ("/features/others", test_others);
  const int status = g_test_run ();
  g_free (said);
  rf_test_remove_folder (folder);
  return status;
}
