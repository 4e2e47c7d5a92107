/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the playground's network says of the plane, how well, and how it came to that. */

#include "app/panes/toy-output/toy-output-pane.h"

#include "app/controls.h"
#include "app/panes/toy-output/points-section.h"
#include "app/file-dialog.h"
#include "app/text.h"
#include "app/toy/toy-bench.h"
#include "app/toy/toy-colors.h"
#include "app/toy/toy-drawing.h"
#include "widgets/plot/legend.h"
#include "widgets/plot/line-chart.h"
#include "widgets/toy/plane-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum
{
  TRAIN_LOSS,
  TEST_LOSS,
  TRAIN_ACCURACY,
  TEST_ACCURACY,
  PENALTY,
  WEIGHTS,
  N_FIGURES
};

static const struct
{
  const char *title, *tooltip;
} figure_infos[N_FIGURES] = {
  [TRAIN_LOSS]
  = { N_ ("Training loss"), N_ ("Mean of ½ (output − label)² over the training points, "
                                "without penalties; with several classes −log of the "
                                "right one's probability") },
  [TEST_LOSS] = { N_ ("Test loss"), N_ ("The same over the test points") },
  [TRAIN_ACCURACY] = { N_ ("Training accuracy"), N_ ("The share of points on the right side") },
  [TEST_ACCURACY] = { N_ ("Test accuracy"), N_ ("The share of points on the right side") },
  [PENALTY] = { N_ ("Penalty"), N_ ("L1 · Σ|w| + L2 · Σw² / 2") },
  [WEIGHTS] = { N_ ("Weights not zero"), N_ ("Weights that are not exactly zero, of all; biases do "
                                             "not count") },
};

struct _RfToyOutputPane
{
  RfPane parent_instance;

  RfToyBench *bench;
  RfPlaneView *plane;
  RfPointsSection *points;
  RfLineChart *loss, *accuracy;
  guint series[4]; /* as the figures */
  GtkWidget *title, *value, *show_test, *discretize, *moment, *moment_label, *legend, *classes;
  GtkWidget *figures[N_FIGURES], *accuracy_card;
  const RfPlayData *shown_data; /* to be compared only */
  gboolean shown_test;
  int shown_problem;
  double x, y; /* pointed at; NaN: nowhere */
};

G_DEFINE_FINAL_TYPE (RfToyOutputPane, rf_toy_output_pane, RF_TYPE_PANE)

const RfPaneInfo rf_toy_output_pane = {
  .id = "toy-output",
  .title = N_ ("Output"),
  .icon_name = "rf-playground-symbolic",
  .page = "playground",
  .place = RF_PLACE_END,
  .width = 320,
  .get_type = rf_toy_output_pane_get_type,
};

/* ---- the plane ---- */

static void
add_points (RfToyOutputPane *self, GArray *into, const RfPlayPoint *points, gsize n, gboolean test)
{
  const RfPlayState *state = &rf_toy_bench_get_view (self->bench)->state;
  for (gsize i = 0; i < n; i++)
    {
      const double label = points[i].label;
      const gboolean regression = state->problem == RF_PLAY_REGRESSION;
      const RfPlanePoint point = {
        .x = points[i].x,
        .y = points[i].y,
        .color = rf_toy_label_color (state, label),
        .shape = regression             ? 0
                 : state->n_classes > 0 ? (int) label
                 : label > 0            ? 0
                                        : 1,
        .hollow = test,
      };
      g_array_append_val (into, point);
    }
}

static void
show_points (RfToyOutputPane *self, const RfToyView *view)
{
  const RfPlayState *state = &view->state;
  const int problem = state->problem * 16 + state->n_classes;
  if (view->data == self->shown_data && state->show_test_data == self->shown_test
      && problem == self->shown_problem)
    return;
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (RfPlanePoint));
  add_points (self, points, view->data->train, view->data->n_train, FALSE);
  if (state->show_test_data)
    add_points (self, points, view->data->test, view->data->n_test, TRUE);
  rf_plane_view_set_points (self->plane, (const RfPlanePoint *) points->data, points->len);
  self->shown_data = view->data;
  self->shown_test = state->show_test_data;
  self->shown_problem = problem;
}

/* The input or unit that is pointed at in the network, or the whole. */
static void
show_plane (RfToyOutputPane *self, const RfToyView *view)
{
  const int pointed = rf_toy_bench_get_pointed (self->bench);
  const gsize n = (gsize) view->side * (gsize) view->side;
  const int first_output = view->n_nodes - rf_play_net_get_shape (view->net)->n_outputs;
  g_autofree char *title = NULL;
  if (pointed <= -2)
    {
      const int feature = -2 - pointed;
      rf_plane_view_set_pixels (self->plane, view->pixels + (gsize) feature * n, view->side);
      title = g_strdup_printf (_ ("Input %s"), rf_toy_feature_titles[feature]);
    }
  else if (pointed >= 0 && pointed < first_output)
    {
      rf_plane_view_set_pixels (
          self->plane, view->pixels + (gsize) (RF_PLAY_N_FEATURES + pointed) * n, view->side);
      title = g_strdup (_ ("Output of one neuron"));
    }
  else if (pointed >= 0 && view->n_nodes - first_output > 1)
    {
      rf_plane_view_set_pixels (
          self->plane, view->pixels + (gsize) (RF_PLAY_N_FEATURES + pointed) * n, view->side);
      title = g_strdup_printf (_ ("Probability of class %d"), pointed - first_output);
    }
  else
    {
      rf_plane_view_set_pixels (self->plane, view->boundary, view->side);
      title = g_strdup (_ ("Output of the network"));
    }
  gtk_label_set_label (GTK_LABEL (self->title), title);
}

static void
show_value (RfToyOutputPane *self)
{
  const RfToyView *view = rf_toy_bench_get_view (self->bench);
  if (!view || isnan (self->x))
    {
      gtk_label_set_label (GTK_LABEL (self->value), "");
      rf_legend_set_mark (RF_LEGEND (self->legend), NAN);
      return;
    }
  const int n_outputs = rf_play_net_get_shape (view->net)->n_outputs;
  const int first = view->n_nodes - n_outputs;
  GString *text = g_string_new (NULL);
  g_string_printf (text, "(%.2f, %.2f): ", self->x, self->y);
  for (int i = 0; i < n_outputs; i++)
    g_string_append_printf (text, i == 0 ? "%.3f" : " %.3f",
                            rf_toy_view_get_value (view, first + i, self->x, self->y));
  gtk_label_set_label (GTK_LABEL (self->value), text->str);
  rf_legend_set_mark (RF_LEGEND (self->legend),
                      n_outputs == 1 ? rf_toy_view_get_value (view, first, self->x, self->y) : NAN);
  g_string_free (text, TRUE);
}

/* ---- figures and curves ---- */

static void
set_figure (RfToyOutputPane *self, int figure, double value, const char *format)
{
  g_autofree char *text = isnan (value) ? g_strdup ("–") : g_strdup_printf (format, value);
  gtk_label_set_label (GTK_LABEL (self->figures[figure]), text);
}

static void
show_figures (RfToyOutputPane *self, const RfToyView *view)
{
  const RfPlayMeasure *measure = &view->measure;
  const RfPlayWeights *weights = &measure->weights;
  g_autofree char *counts
      = g_strdup_printf (_ ("%d of %d"), weights->weights - weights->zero, weights->weights);
  set_figure (self, TRAIN_LOSS, measure->train_loss, "%.6f");
  set_figure (self, TEST_LOSS, measure->test_loss, "%.6f");
  set_figure (self, TRAIN_ACCURACY, measure->train_accuracy * 100, "%.1f %%");
  set_figure (self, TEST_ACCURACY, measure->test_accuracy * 100, "%.1f %%");
  set_figure (self, PENALTY, measure->penalty, "%.4g");
  gtk_label_set_label (GTK_LABEL (self->figures[WEIGHTS]), counts);
}

static void
show_rows (RfToyOutputPane *self, const RfToyView *view)
{
  if (view->fresh)
    for (int i = 0; i < 4; i++)
      rf_line_chart_clear_series (i < 2 ? self->loss : self->accuracy, self->series[i]);
  for (guint i = 0; i < view->rows->len; i++)
    {
      const RfToyRow *row = &g_array_index (view->rows, RfToyRow, i);
      const double values[]
          = { row->train_loss, row->test_loss, row->train_accuracy, row->test_accuracy };
      for (int j = 0; j < 4; j++)
        if (isfinite (values[j]))
          rf_line_chart_append (j < 2 ? self->loss : self->accuracy, self->series[j], row->epoch,
                                values[j]);
    }
  gtk_widget_set_visible (self->accuracy_card, view->state.problem == RF_PLAY_CLASSIFICATION);
}

static void
show_moment (RfToyOutputPane *self, const RfToyView *view)
{
  const int last = MAX (view->n_moments - 1, 1);
  g_autofree char *epoch = rf_text_count ((double) view->moment_epoch);
  g_autofree char *text
      = view->moment >= 0 ? g_strdup_printf (_ ("Epoch %s"), epoch) : g_strdup (_ ("Now"));
  g_signal_handlers_block_matched (self->moment, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, self);
  gtk_range_set_range (GTK_RANGE (self->moment), 0, last);
  gtk_range_set_value (GTK_RANGE (self->moment), view->moment >= 0 ? view->moment : last);
  g_signal_handlers_unblock_matched (self->moment, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, self);
  gtk_widget_set_sensitive (self->moment, view->n_moments > 1);
  gtk_label_set_label (GTK_LABEL (self->moment_label), text);
  const double cursor = view->moment >= 0 ? (double) view->moment_epoch : NAN;
  g_object_set (self->loss, "cursor", cursor, NULL);
  g_object_set (self->accuracy, "cursor", cursor, NULL);
}

static void
view_cb (RfToyOutputPane *self)
{
  const RfToyView *view = rf_toy_bench_get_view (self->bench);
  if (!view)
    return;
  show_plane (self, view);
  show_points (self, view);
  show_figures (self, view);
  show_rows (self, view);
  show_moment (self, view);
  show_value (self);
}

/* Which mark stands for which class. */
static void
show_classes (RfToyOutputPane *self, const RfPlayState *state)
{
  static const char *const shapes[] = { "●", "◆", "■", "▲" }; /* as RfPlanePoint.shape */
  const gboolean two = state->n_classes == 0;
  GString *text = g_string_new (NULL);
  for (int i = 0; i < (two ? 2 : state->n_classes); i++)
    {
      const double label = two ? 2 * i - 1 : i;
      g_autofree char *name = two ? g_strdup (i == 0 ? "−1" : "+1") : g_strdup_printf ("%d", i);
      g_string_append_printf (text, "%s<span foreground=\"#%06x\">%s</span> %s",
                              i == 0 ? "" : "    ", rf_toy_label_color (state, label),
                              shapes[two ? 1 - i : i % 4], name);
    }
  gtk_label_set_markup (GTK_LABEL (self->classes), text->str);
  gtk_widget_set_visible (self->classes, state->problem == RF_PLAY_CLASSIFICATION);
  g_string_free (text, TRUE);
}

static void
changed_cb (RfToyOutputPane *self)
{
  const RfPlayState *state = rf_toy_bench_get_state (self->bench);
  const RfToyView *view = rf_toy_bench_get_view (self->bench);
  rf_control_set_toggle (self->show_test, state->show_test_data, self);
  rf_control_set_toggle (self->discretize, state->discretize, self);
  show_classes (self, state);
  gtk_widget_set_visible (self->legend,
                          state->n_classes == 0 || state->problem == RF_PLAY_REGRESSION);
  if (view)
    show_plane (self, view);
}

/* ---- doing ---- */

static void
checked_cb (RfToyOutputPane *self)
{
  g_auto (RfPlayState) state = { 0 };
  rf_play_state_copy (rf_toy_bench_get_state (self->bench), &state);
  state.show_test_data = gtk_check_button_get_active (GTK_CHECK_BUTTON (self->show_test));
  state.discretize = gtk_check_button_get_active (GTK_CHECK_BUTTON (self->discretize));
  rf_toy_bench_set_state (self->bench, &state, _ ("View of the Output"), "view");
}

static void
moment_cb (RfToyOutputPane *self)
{
  const RfToyView *view = rf_toy_bench_get_view (self->bench);
  const int moment = (int) gtk_range_get_value (GTK_RANGE (self->moment));
  if (view)
    rf_toy_bench_show_moment (self->bench, moment < view->n_moments - 1 ? moment : -1);
}

static void
pointed_cb (RfToyOutputPane *self, double x, double y)
{
  self->x = x;
  self->y = y;
  show_value (self);
}

static gboolean
write_plane (const char *path, gpointer data, GError **error)
{
  return rf_plane_view_save (RF_PLANE_VIEW (data), path, error);
}

static void
save (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RfToyOutputPane *self = data;
  rf_file_dialog_save (GTK_WIDGET (self), _ ("Save the Output"), _ ("output.png"),
                       _ ("The picture is saved."), write_plane, g_object_ref (self->plane),
                       g_object_unref);
}

static const GActionEntry actions[] = { { "save", save } };

/* ---- making ---- */

static RfLineChart *
make_chart (RfToyOutputPane *self, const char *title, int first)
{
  RfLineChart *chart = RF_LINE_CHART (rf_line_chart_new ());
  g_object_set (chart, "title", title, "subtitle", _ ("by epoch"), "empty",
                _ ("Train, and the curve grows here."), NULL);
  const RfLineChartLook looks[]
      = { { .label = _ ("training"), .color = 0 }, { .label = _ ("test"), .color = 1 } };
  for (int i = 0; i < 2; i++)
    self->series[first + i] = rf_line_chart_add_series (chart, &looks[i]);
  gtk_widget_set_size_request (GTK_WIDGET (chart), -1, 150);
  gtk_widget_set_vexpand (GTK_WIDGET (chart), TRUE);
  g_signal_connect_object (chart, "told", G_CALLBACK (rf_pane_say), self, G_CONNECT_SWAPPED);
  return chart;
}

static GtkWidget *
make_card (GtkWidget *child)
{
  GtkWidget *card = adw_bin_new ();
  adw_bin_set_child (ADW_BIN (card), child);
  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "chart-card");
  return card;
}

static GtkWidget *
make_figures (RfToyOutputPane *self)
{
  GtkWidget *grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 2);
  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  for (int i = 0; i < N_FIGURES; i++)
    {
      GtkWidget *title = rf_control_caption (), *figure = gtk_label_new (NULL);
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
      gtk_label_set_label (GTK_LABEL (title), _ (figure_infos[i].title));
      gtk_label_set_xalign (GTK_LABEL (figure), 0);
      gtk_widget_add_css_class (figure, "numeric");
      gtk_widget_add_css_class (figure, "heading");
      gtk_widget_set_tooltip_text (box, _ (figure_infos[i].tooltip));
      gtk_box_append (GTK_BOX (box), title);
      gtk_box_append (GTK_BOX (box), figure);
      gtk_grid_attach (GTK_GRID (grid), box, i % 2, i / 2, 1, 1);
      self->figures[i] = figure;
    }
  return grid;
}

static GtkWidget *
make_checks (RfToyOutputPane *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  self->show_test = gtk_check_button_new_with_label (_ ("Test points"));
  gtk_widget_set_tooltip_text (self->show_test,
                               _ ("Shows the points for testing, with dark edges"));
  self->discretize = gtk_check_button_new_with_label (_ ("Discretise"));
  gtk_widget_set_tooltip_text (self->discretize,
                               _ ("Shows the decision alone, not how sure it is"));
  g_signal_connect_swapped (self->show_test, "toggled", G_CALLBACK (checked_cb), self);
  g_signal_connect_swapped (self->discretize, "toggled", G_CALLBACK (checked_cb), self);
  gtk_box_append (GTK_BOX (box), self->show_test);
  gtk_box_append (GTK_BOX (box), self->discretize);
  return box;
}

static GtkWidget *
make_moment (RfToyOutputPane *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->moment = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0, 1, 1);
  gtk_scale_set_draw_value (GTK_SCALE (self->moment), FALSE);
  gtk_widget_set_hexpand (self->moment, TRUE);
  gtk_widget_set_tooltip_text (self->moment, _ ("Back through the epochs: how the boundary, the "
                                                "neurons and the weights came about"));
  rf_control_name (self->moment, _ ("Moment of the training"));
  g_signal_connect_swapped (self->moment, "value-changed", G_CALLBACK (moment_cb), self);
  self->moment_label = rf_control_caption ();
  gtk_label_set_width_chars (GTK_LABEL (self->moment_label), 11);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("document-open-recent-symbolic"));
  gtk_box_append (GTK_BOX (box), self->moment);
  gtk_box_append (GTK_BOX (box), self->moment_label);
  return box;
}

static GtkWidget *
make_plane (RfToyOutputPane *self)
{
  GtkWidget *plane = rf_plane_view_new (RF_TOY_EXTENT);
  self->plane = RF_PLANE_VIEW (plane);
  rf_control_name (plane, _ ("The plane, coloured by the output of the network"));
  g_signal_connect_swapped (plane, "pointed", G_CALLBACK (pointed_cb), self);
  g_signal_connect_swapped (plane, "pressed", G_CALLBACK (rf_points_section_press), self->points);
  g_signal_connect_swapped (plane, "dragged", G_CALLBACK (rf_points_section_drag), self->points);
  return plane;
}

static GtkWidget *
make_titles (RfToyOutputPane *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->title = rf_control_heading ("");
  self->value = rf_control_caption ();
  gtk_label_set_wrap (GTK_LABEL (self->value), FALSE);
  gtk_label_set_ellipsize (GTK_LABEL (self->value), PANGO_ELLIPSIZE_START);
  gtk_label_set_xalign (GTK_LABEL (self->value), 1);
  gtk_widget_set_hexpand (self->value, TRUE);
  gtk_box_append (GTK_BOX (box), self->title);
  gtk_box_append (GTK_BOX (box), self->value);
  return box;
}

static GtkWidget *
make_body (RfToyOutputPane *self)
{
  GtkWidget *widget = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkBox *box = GTK_BOX (widget);
  const RfPaletteRange range = { RF_PALETTE_DIVERGING, -1, 1 };
  gtk_widget_add_css_class (widget, "pane-body");
  self->points = RF_POINTS_SECTION (rf_points_section_new (RF_PANE (self), self->bench));
  self->legend = rf_legend_new ();
  rf_legend_set_range (RF_LEGEND (self->legend), &range);
  self->classes = gtk_label_new (NULL);
  gtk_widget_set_tooltip_text (self->classes, _ ("Labels of the points"));
  self->loss = make_chart (self, _ ("Loss"), TRAIN_LOSS);
  self->accuracy = make_chart (self, _ ("Accuracy"), TRAIN_ACCURACY);
  g_object_set (self->accuracy, "unit-range", TRUE, NULL);
  g_object_bind_property (self->loss, "crosshair", self->accuracy, "crosshair",
                          G_BINDING_BIDIRECTIONAL);
  g_object_bind_property (self->loss, "view", self->accuracy, "view", G_BINDING_BIDIRECTIONAL);
  gtk_box_append (box, make_titles (self));
  gtk_box_append (box, make_plane (self));
  gtk_box_append (box, self->legend);
  gtk_box_append (box, self->classes);
  gtk_box_append (box, make_checks (self));
  gtk_box_append (box, GTK_WIDGET (self->points));
  gtk_box_append (box, make_moment (self));
  gtk_box_append (box, make_figures (self));
  self->accuracy_card = make_card (GTK_WIDGET (self->accuracy));
  gtk_box_append (box, make_card (GTK_WIDGET (self->loss)));
  gtk_box_append (box, self->accuracy_card);
  return widget;
}

static void
rf_toy_output_pane_constructed (GObject *object)
{
  RfToyOutputPane *self = RF_TOY_OUTPUT_PANE (object);
  G_OBJECT_CLASS (rf_toy_output_pane_parent_class)->constructed (object);
  self->bench = rf_toy_bench_get (rf_pane_get_session (RF_PANE (self)));
  adw_bin_set_child (ADW_BIN (self), rf_control_scrolled (make_body (self)));
  GtkWidget *tools = rf_control_icon ("document-save-symbolic", _ ("Save the output"),
                                      _ ("Save the picture of the output as PNG, SVG or PDF"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (tools), "toy-output.save");
  gtk_widget_add_css_class (tools, "flat");
  rf_control_add_actions (GTK_WIDGET (self), tools, "toy-output", actions, G_N_ELEMENTS (actions));
  g_object_set (self, "tools", tools, NULL);
  g_signal_connect_object (self->bench, "view", G_CALLBACK (view_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->bench, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  changed_cb (self);
  view_cb (self);
}

static void
rf_toy_output_pane_class_init (RfToyOutputPaneClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = rf_toy_output_pane_constructed;
}

static void
rf_toy_output_pane_init (RfToyOutputPane *self)
{
  self->x = self->y = NAN;
  self->shown_problem = -1;
}
