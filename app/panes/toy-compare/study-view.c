/* SPDX-License-Identifier: GPL-3.0-or-later */

/* L1 and L2 over the whole range of rates: the test loss and the weights that are left, and the
 * curves of each penalty alone. One press takes the rates of a cell over. */

#include "app/panes/toy-compare/toy-compare-pane.h"

#include "app/controls.h"
#include "app/file-dialog.h"
#include "model/base/files.h"
#include "widgets/plot/heat-table.h"
#include "widgets/plot/line-chart.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Those of TensorFlow Playground. */
static const double rates[] = { 0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10 };
static const char *const rate_titles[]
    = { "0", ".001", ".003", ".01", ".03", ".1", ".3", "1", "3", "10" };
#define N_RATES ((int) G_N_ELEMENTS (rates))

#define RF_TYPE_STUDY_VIEW (rf_study_view_get_type ())
G_DECLARE_FINAL_TYPE (RfStudyView, rf_study_view, RF, STUDY_VIEW, GtkBox)

struct _RfStudyView
{
  GtkBox parent_instance;

  RfPane *pane; /* not owned */
  RfToyBench *bench;
  RfHeatTable *loss, *weights;
  RfLineChart *chart;
  guint series[2]; /* L1 alone, L2 alone */
  GtkWidget *words;
  double losses[N_RATES][N_RATES], left[N_RATES][N_RATES]; /* [L2][L1] */
};

G_DEFINE_FINAL_TYPE (RfStudyView, rf_study_view, GTK_TYPE_BOX)

static void
plan (GtkWidget *widget, RfPlayState *base, GArray *states)
{
  for (int l2 = 0; l2 < N_RATES; l2++)
    for (int l1 = 0; l1 < N_RATES; l1++)
      {
        rf_play_state_set_penalties (base, rates[l1], rates[l2]);
        rf_compare_plan (states, base);
      }
}

/* ---- showing ---- */

static void
collect (RfStudyView *self, RfToyTrials *trials)
{
  for (int l2 = 0; l2 < N_RATES; l2++)
    for (int l1 = 0; l1 < N_RATES; l1++)
      {
        RfPlayMeasure measure;
        const gboolean there
            = trials && rf_toy_trials_get_measure (trials, l2 * N_RATES + l1, &measure);
        const RfPlayWeights *weights = &measure.weights;
        self->losses[l2][l1] = !there                         ? NAN
                               : isfinite (measure.test_loss) ? measure.test_loss
                                                              : INFINITY;
        self->left[l2][l1] = there ? weights->weights - weights->zero : NAN;
      }
}

static void
show_table (RfHeatTable *table, const double *values, int digits, const int *best)
{
  double greatest = 0;
  for (int i = 0; i < N_RATES * N_RATES; i++)
    if (isfinite (values[i]))
      greatest = fmax (greatest, values[i]);
  const RfHeatTableData data = { .n_rows = N_RATES,
                                 .n_columns = N_RATES,
                                 .values = values,
                                 .row_titles = rate_titles,
                                 .column_titles = rate_titles,
                                 .row_label = _ ("L2 rate"),
                                 .column_label = _ ("L1 rate"),
                                 .range = { RF_PALETTE_MAGNITUDE, 0, fmax (greatest, 1e-9) },
                                 .digits = digits,
                                 .best_row = best ? best[0] : -1,
                                 .best_column = best ? best[1] : -1 };
  rf_heat_table_set_data (table, &data);
}

/* A rate of zero has no place on a logarithmic axis, and is where a curve comes from: a third of a
 * decade before the first. */
static void
show_curves (RfStudyView *self)
{
  for (int which = 0; which < 2; which++)
    {
      rf_line_chart_clear_series (self->chart, self->series[which]);
      for (int i = 0; i < N_RATES; i++)
        {
          const double loss = which == 0 ? self->losses[0][i] : self->losses[i][0];
          if (isfinite (loss))
            rf_line_chart_append (self->chart, self->series[which], i == 0 ? 0.0005 : rates[i],
                                  loss);
        }
    }
}

static void
show_best (RfStudyView *self, int best[2])
{
  best[0] = best[1] = -1;
  double least = INFINITY;
  for (int l2 = 0; l2 < N_RATES; l2++)
    for (int l1 = 0; l1 < N_RATES; l1++)
      if (self->losses[l2][l1] < least)
        {
          least = self->losses[l2][l1];
          best[0] = l2;
          best[1] = l1;
        }
  if (best[0] < 0)
    {
      gtk_label_set_label (GTK_LABEL (self->words),
                           _ ("A hundred trainings fill the tables. Press a cell to take its rates "
                              "over."));
      return;
    }
  g_autofree char *text = g_strdup_printf (
      _ ("Least test loss %.4f at L1 %g, L2 %g, with %.0f weights not zero; %.4f without penalty"),
      least, rates[best[1]], rates[best[0]], self->left[best[0]][best[1]], self->losses[0][0]);
  gtk_label_set_label (GTK_LABEL (self->words), text);
}

static void
show (GtkWidget *widget, RfToyTrials *trials)
{
  RfStudyView *self = RF_STUDY_VIEW (widget);
  int best[2];
  collect (self, trials);
  show_best (self, best);
  show_table (self->loss, &self->losses[0][0], 2, best);
  show_table (self->weights, &self->left[0][0], 0, best);
  show_curves (self);
}

/* ---- doing ---- */

static void
chosen_cb (RfStudyView *self, int row, int column)
{
  g_auto (RfPlayState) state = { 0 };
  rf_play_state_copy (rf_toy_bench_get_state (self->bench), &state);
  rf_play_state_set_penalties (&state, rates[column], rates[row]);
  rf_toy_bench_set_state (self->bench, &state, _ ("Rates of the Study"), NULL);
  g_autofree char *text
      = g_strdup_printf (_ ("L1 %g and L2 %g are set."), rates[column], rates[row]);
  rf_pane_say (self->pane, text);
}

static gboolean
write_table (const char *path, gpointer data, GError **error)
{
  return rf_heat_table_save (RF_HEAT_TABLE (data), path, error);
}

static void
save_tables (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RfStudyView *self = data;
  rf_file_dialog_save (GTK_WIDGET (self), _ ("Save the Table"), _ ("study.svg"),
                       _ ("The table is saved."), write_table, g_object_ref (self->loss),
                       g_object_unref);
}

static void
save_numbers (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RfStudyView *self = data;
  GString *text = g_string_new ("l1,l2,test_loss,weights\n");
  for (int l2 = 0; l2 < N_RATES; l2++)
    for (int l1 = 0; l1 < N_RATES; l1++)
      {
        g_string_append_printf (text, "%s,%s,", rate_titles[l1], rate_titles[l2]);
        rf_append_number (text, self->losses[l2][l1]);
        g_string_append_printf (text, ",%.0f\n", self->left[l2][l1]);
      }
  rf_file_dialog_save_text (GTK_WIDGET (self), _ ("Save the Numbers"), _ ("study.csv"),
                            _ ("The numbers are saved."), g_string_free (text, FALSE));
}

static const GActionEntry actions[] = { { "table", save_tables }, { "numbers", save_numbers } };

/* ---- making ---- */

static void
add_titled (GtkWidget *row, const char *title, GtkWidget *widget)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_box_append (GTK_BOX (box), rf_control_heading (title));
  gtk_widget_set_vexpand (widget, TRUE);
  gtk_widget_set_hexpand (widget, TRUE);
  gtk_widget_set_size_request (widget, 190, 190);
  rf_control_name (widget, title);
  gtk_box_append (GTK_BOX (box), widget);
  rf_compare_add (row, box);
}

static GtkWidget *
make_head (RfStudyView *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  g_autoptr (GMenu) menu = g_menu_new ();
  g_menu_append (menu, _ ("Save _Table…"), "study.table");
  g_menu_append (menu, _ ("Save _Numbers…"), "study.numbers");
  GtkWidget *button = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Save the study"));
  rf_control_name (button, _ ("Save the study"));
  self->words = rf_control_caption ();
  gtk_widget_set_hexpand (self->words, TRUE);
  gtk_box_append (GTK_BOX (row), self->words);
  gtk_box_append (GTK_BOX (row), button);
  return row;
}

static void
rf_study_view_class_init (RfStudyViewClass *klass)
{
}

static void
rf_study_view_init (RfStudyView *self)
{
  GtkWidget *row = rf_compare_row (3);
  const RfLineChartLook looks[] = { { .label = _ ("L1"), .color = 0, .markers = TRUE },
                                    { .label = _ ("L2"), .color = 1, .markers = TRUE } };
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  self->loss = RF_HEAT_TABLE (rf_heat_table_new ());
  self->weights = RF_HEAT_TABLE (rf_heat_table_new ());
  self->chart = RF_LINE_CHART (rf_line_chart_new ());
  g_object_set (self->chart, "log-x", TRUE, "x-label", _ ("rate"), "empty",
                _ ("Each penalty alone"), NULL);
  for (int i = 0; i < 2; i++)
    self->series[i] = rf_line_chart_add_series (self->chart, &looks[i]);
  RfHeatTable *const tables[] = { self->loss, self->weights };
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    g_signal_connect_swapped (tables[i], "chosen", G_CALLBACK (chosen_cb), self);
  add_titled (row, _ ("Test loss"), GTK_WIDGET (self->loss));
  add_titled (row, _ ("Weights not zero"), GTK_WIDGET (self->weights));
  add_titled (row, _ ("Each alone"), GTK_WIDGET (self->chart));
  gtk_box_append (GTK_BOX (self), make_head (self));
  gtk_box_append (GTK_BOX (self), row);
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (group), actions, G_N_ELEMENTS (actions), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "study", G_ACTION_GROUP (group));
}

static GtkWidget *
make (RfPane *pane, RfToyBench *bench)
{
  RfStudyView *self = g_object_new (RF_TYPE_STUDY_VIEW, NULL);
  self->pane = pane;
  self->bench = bench;
  g_signal_connect_object (self->chart, "told", G_CALLBACK (rf_pane_say), pane, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

const RfCompareView rf_study_view = {
  .id = "study",
  .title = N_ ("Rates"),
  .summary
  = N_ ("L1 and L2 over the whole range of rates: which helps, and how many weights are left?"),
  .epochs = 200,
  .make = make,
  .plan = plan,
  .show = show,
};
