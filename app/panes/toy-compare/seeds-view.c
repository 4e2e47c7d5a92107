/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The same training from several first weights: the mean of the losses, and a band from the least
 * to the greatest. The points stay the same, so that the band is what chance alone makes. */

#include "app/panes/toy-compare/toy-compare-pane.h"

#include "app/controls.h"
#include "widgets/plot/line-chart.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define USUAL 8
#define MOST  64

#define RF_TYPE_SEEDS_VIEW (rf_seeds_view_get_type ())
G_DECLARE_FINAL_TYPE (RfSeedsView, rf_seeds_view, RF, SEEDS_VIEW, GtkBox)

struct _RfSeedsView
{
  GtkBox parent_instance;

  GtkWidget *count, *words;
  RfLineChart *chart;
  guint series[2]; /* training, test */
};

G_DEFINE_FINAL_TYPE (RfSeedsView, rf_seeds_view, GTK_TYPE_BOX)

static void
plan (GtkWidget *widget, RfPlayState *base, GArray *states)
{
  RfSeedsView *self = RF_SEEDS_VIEW (widget);
  const int n = gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->count));
  g_autofree char *seed = g_strdup (base->seed);
  for (int i = 0; i < n; i++)
    {
      /* The first is the training on show. */
      g_autofree char *other = g_strdup_printf ("%s+%d", seed, i);
      rf_play_state_set_seed (base, i == 0 ? seed : other);
      rf_compare_plan (states, base);
    }
}

/* One loss of all seeds at one moment, as far as there is one. */
typedef struct
{
  int n;
  double mean, deviation, low, high;
} Summary;

static Summary
summarise (RfToyRow (*rows)[RF_TOY_TRIAL_ROWS], int n, int row, int which)
{
  Summary summary = { 0, 0, 0, INFINITY, -INFINITY };
  double squares = 0;
  for (int i = 0; i < n; i++)
    {
      const double loss = which == 0 ? rows[i][row].train_loss : rows[i][row].test_loss;
      if (!isfinite (loss))
        continue;
      /* After Welford. */
      const double off = loss - summary.mean;
      summary.n++;
      summary.mean += off / summary.n;
      squares += off * (loss - summary.mean);
      summary.low = fmin (summary.low, loss);
      summary.high = fmax (summary.high, loss);
    }
  summary.deviation = summary.n > 1 ? sqrt (squares / (summary.n - 1)) : 0;
  return summary;
}

static void
show_words (RfSeedsView *self, RfToyRow (*rows)[RF_TOY_TRIAL_ROWS], int n, int row)
{
  const Summary summary = summarise (rows, n, row, 1);
  GString *text = g_string_new (NULL);
  if (summary.n > 0)
    g_string_printf (text,
                     _ ("Test loss at epoch %.0f: %.4f ± %.4f (standard deviation of %d seeds)"),
                     rows[0][row].epoch, summary.mean, summary.deviation, summary.n);
  if (summary.n < n)
    g_string_append_printf (text,
                            ngettext ("%s%d seed diverged and is left out",
                                      "%s%d seeds diverged and are left out", n - summary.n),
                            summary.n > 0 ? "\n" : "", n - summary.n);
  gtk_label_set_label (GTK_LABEL (self->words), text->str);
  g_string_free (text, TRUE);
}

static void
show (GtkWidget *widget, RfToyTrials *trials)
{
  RfSeedsView *self = RF_SEEDS_VIEW (widget);
  for (int i = 0; i < 2; i++)
    rf_line_chart_clear_series (self->chart, self->series[i]);
  gtk_label_set_label (GTK_LABEL (self->words), "");
  if (!trials)
    return;
  const int n = rf_toy_trials_count (trials);
  int n_rows = RF_TOY_TRIAL_ROWS;
  g_autofree RfToyRow (*rows)[RF_TOY_TRIAL_ROWS] = g_malloc0 ((gsize) n * sizeof *rows);
  for (int i = 0; i < n; i++)
    n_rows = MIN (n_rows, rf_toy_trials_get_rows (trials, i, rows[i]));
  for (int row = 0; row < n_rows; row++)
    for (int which = 0; which < 2; which++)
      {
        const Summary summary = summarise (rows, n, row, which);
        if (summary.n > 0)
          rf_line_chart_append_band (self->chart, self->series[which], rows[0][row].epoch,
                                     summary.mean, summary.low, summary.high);
      }
  if (n_rows > 0)
    show_words (self, rows, n, n_rows - 1);
}

static void
rf_seeds_view_class_init (RfSeedsViewClass *klass)
{
}

static void
rf_seeds_view_init (RfSeedsView *self)
{
  const RfLineChartLook looks[]
      = { { .label = _ ("training"), .color = 0 }, { .label = _ ("test"), .color = 1 } };
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 8);
  self->count = rf_control_spin (2, MOST, 1, 0, _ ("Seeds"), _ ("How many first weights"));
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->count), USUAL);
  self->words = rf_control_caption ();
  gtk_widget_set_hexpand (self->words, TRUE);
  gtk_box_append (GTK_BOX (row), gtk_label_new (_ ("Seeds")));
  gtk_box_append (GTK_BOX (row), self->count);
  gtk_box_append (GTK_BOX (row), self->words);
  self->chart = RF_LINE_CHART (rf_line_chart_new ());
  g_object_set (self->chart, "title", _ ("Loss"), "subtitle",
                _ ("mean of all seeds, and from the least to the greatest"), "empty",
                _ ("Run, and the band grows here."), NULL);
  for (int i = 0; i < 2; i++)
    self->series[i] = rf_line_chart_add_series (self->chart, &looks[i]);
  gtk_widget_set_size_request (GTK_WIDGET (self->chart), -1, 160);
  gtk_widget_set_vexpand (GTK_WIDGET (self->chart), TRUE);
  gtk_box_append (GTK_BOX (self), row);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->chart));
}

static GtkWidget *
make (RfPane *pane, RfToyBench *bench)
{
  RfSeedsView *self = g_object_new (RF_TYPE_SEEDS_VIEW, NULL);
  g_signal_connect_object (self->chart, "told", G_CALLBACK (rf_pane_say), pane, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

const RfCompareView rf_seeds_view = {
  .id = "seeds",
  .title = N_ ("Seeds"),
  .summary = N_ ("The same points and settings from several first weights: how much of a result is "
                 "chance?"),
  .epochs = 300,
  .make = make,
  .plan = plan,
  .show = show,
};
