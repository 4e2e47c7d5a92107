/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Steps are taken between frames: one at first, so that the beginning can be seen, and then ever
 * more, a fixed share of those taken. The chart is logarithmic in both axes for the same reason. */

#include "app/panes/guess/guess-pane.h"

#include "app/controls.h"
#include "app/file-dialog.h"
#include "app/filters/filter-bench.h"
#include "app/panes/guess/guess-work.h"
#include "model/run/background.h"
#include "widgets/picture-view/picture-view.h"
#include "widgets/plot/line-chart.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MOST_STEPS 50000
#define SHARE      20 /* of the steps taken are taken in the next frame: 1 / SHARE */
#define FOUND      1.001

static const char *const rule_titles[] = { N_ ("Momentum"), N_ ("Adam"), NULL };

struct _RfGuessPane
{
  RfPane parent_instance;

  RfFilterBench *bench;
  GtkWidget *riddle, *side, *rule, *rate, *start;
  RfPictureView *target;
  RfLineChart *chart;
  GtkLabel *words;
  guint series;

  RfGuessWork *work; /* NULL: none */
  gboolean running, busy, ours;
  guint tick;
};

G_DEFINE_FINAL_TYPE (RfGuessPane, rf_guess_pane, RF_TYPE_PANE)

const RfPaneInfo rf_guess_pane = {
  .id = "guess",
  .title = N_ ("Guess the Filter"),
  .icon_name = "rf-train-symbolic",
  .page = "filters",
  .place = RF_PLACE_END,
  .width = 320,
  .get_type = rf_guess_pane_get_type,
};

/* ---- telling ---- */

static void
show_words (RfGuessPane *self, gboolean ended)
{
  const RfGuessWork *work = self->work;
  if (!work || !work->guess)
    return;
  g_autofree char *steps = g_strdup_printf ("%" G_GUINT64_FORMAT, work->taken);
  g_autofree char *text = NULL;
  if (!ended)
    text = g_strdup_printf (_ ("Step %s · loss %.3g, at best %.3g"), steps, work->loss, work->best);
  else if (!isfinite (work->loss))
    text = g_strdup_printf (_ ("After %s steps the loss has no end: it diverged."), steps);
  else if (work->hidden)
    text = g_strdup_printf (_ ("After %s steps the loss is %.3g. It was: %s."), steps, work->loss,
                            _ (work->hidden->title));
  else
    text = g_strdup_printf (_ ("After %s steps the loss is %.3g; no kernel of this size gets below "
                               "%.3g."),
                            steps, work->loss, work->best);
  gtk_label_set_label (self->words, text);
}

static void
show_button (RfGuessPane *self)
{
  gtk_button_set_label (GTK_BUTTON (self->start), self->running ? _ ("Stop") : _ ("Guess"));
  rf_control_name (self->start, self->running ? _ ("Stop guessing") : _ ("Guess the filter"));
}

/* ---- guessing ---- */

static void
stop (RfGuessPane *self)
{
  if (!self->running)
    return;
  self->running = FALSE;
  if (self->tick)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
  rf_filter_bench_end_stroke (self->bench, _ ("Guess the Filter"));
  show_button (self);
}

static void
put_kernel (RfGuessPane *self)
{
  self->ours = TRUE;
  rf_filter_bench_set_kernel (self->bench, &self->work->kernel, _ ("Guess the Filter"), NULL);
  self->ours = FALSE;
}

typedef struct
{
  RfGuessPane *pane; /* referenced */
  RfGuessWork *work;
} Turn;

static void
turn_free (Turn *turn)
{
  g_object_unref (turn->pane);
  rf_guess_work_unref (turn->work);
  g_free (turn);
}

static void
step_in_thread (gpointer data)
{
  rf_guess_work_step (((Turn *) data)->work);
}

static void
stepped_cb (gpointer data)
{
  Turn *turn = data;
  RfGuessPane *self = turn->pane;
  self->busy = FALSE;
  if (turn->work == self->work && self->running)
    {
      const RfGuessWork *work = self->work;
      if (isfinite (work->loss))
        {
          rf_line_chart_append (self->chart, self->series, (double) work->taken,
                                MAX (work->loss, 1e-12));
          put_kernel (self);
        }
      const gboolean ended = !isfinite (work->loss) || work->taken >= MOST_STEPS
                             || work->loss <= work->best * FOUND + 1e-9;
      show_words (self, ended);
      if (ended)
        stop (self);
    }
  turn_free (turn);
}

static void
begin_turn (RfGuessPane *self, RfBackgroundFunc work, RfBackgroundFunc done)
{
  Turn *turn = g_new (Turn, 1);
  *turn = (Turn){ g_object_ref (self), rf_guess_work_ref (self->work) };
  self->busy = TRUE;
  if (rf_background_run (work, done, turn))
    return;
  self->busy = FALSE;
  turn_free (turn);
  stop (self);
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  RfGuessPane *self = RF_GUESS_PANE (widget);
  if (self->busy)
    return G_SOURCE_CONTINUE;
  self->work->n_steps = 1 + (int) (self->work->taken / SHARE);
  self->work->rate_factor = pow (10, gtk_range_get_value (GTK_RANGE (self->rate)));
  begin_turn (self, step_in_thread, stepped_cb);
  return G_SOURCE_CONTINUE;
}

static void
make_in_thread (gpointer data)
{
  rf_guess_work_make (((Turn *) data)->work);
}

static void
made_cb (gpointer data)
{
  Turn *turn = data;
  RfGuessPane *self = turn->pane;
  RfGuessWork *work = turn->work;
  self->busy = FALSE;
  if (work == self->work && self->running)
    {
      if (work->target)
        rf_picture_view_set_raster (self->target, work->target, rf_raster_get_width (work->target),
                                    rf_raster_get_height (work->target));
      if (work->error)
        {
          rf_pane_say (RF_PANE (self), work->error->message);
          stop (self);
        }
      else
        self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
    }
  turn_free (turn);
}

static const RfPreset *
choose_hidden (RfGuessPane *self)
{
  const guint chosen = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->riddle));
  guint n = 0;
  while (rf_presets[n].name)
    n++;
  if (chosen == 0)
    return &rf_presets[g_random_int_range (1, (gint32) n)]; /* the identity is no riddle */
  return chosen <= n ? &rf_presets[chosen - 1] : NULL;
}

static void
begin (RfGuessPane *self, const char *path)
{
  RfFilterPicture *picture = rf_filter_bench_get_picture (self->bench);
  const RfStage *before = rf_filter_bench_get_stage (self->bench);
  if (!picture || before->kind != RF_STAGE_KERNEL || self->running || self->busy)
    {
      if (before->kind != RF_STAGE_KERNEL)
        rf_pane_say (RF_PANE (self),
                     _ ("Select a kernel in the chain: what is found is put there."));
      return;
    }
  const int side = 1 + 2 * (int) gtk_drop_down_get_selected (GTK_DROP_DOWN (self->side));
  RfGuessConfig config = RF_GUESS_CONFIG_INIT;
  config.height = config.width = side;
  config.options.border = RF_BORDER_EDGE;
  config.rule = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->rule));
  g_clear_pointer (&self->work, rf_guess_work_unref);
  self->work = rf_guess_work_new (picture, path ? NULL : choose_hidden (self), path, &config);
  rf_line_chart_clear_series (self->chart, self->series);
  gtk_label_set_label (self->words, _ ("Looking at the pair of pictures…"));

  RfStage stage = *before;
  stage.kernel = self->work->kernel;
  stage.options = config.options;
  self->running = TRUE;
  rf_filter_bench_begin_stroke (self->bench);
  self->ours = TRUE;
  rf_filter_bench_set_stage (self->bench, &stage, _ ("Guess the Filter"), NULL);
  self->ours = FALSE;
  show_button (self);
  begin_turn (self, make_in_thread, made_cb);
}

static void
start_cb (RfGuessPane *self)
{
  if (self->running)
    {
      stop (self);
      show_words (self, FALSE);
    }
  else
    begin (self, NULL);
}

/* Whoever paints in the meantime wants to paint. */
static void
changed_cb (RfGuessPane *self)
{
  if (!self->ours)
    stop (self);
}

/* ---- a pair of one's own ---- */

static void
opened_cb (const char *path, gpointer data)
{
  begin (data, path);
}

static void
open_target (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  rf_file_dialog_ask (data, GTK_FILE_CHOOSER_ACTION_OPEN,
                      _ ("Open What the Filter Made of the Picture"), NULL, NULL, opened_cb, data,
                      NULL);
}

static const GActionEntry actions[] = { { "open-target", open_target } };

/* ---- the pane ---- */

static GtkWidget *
make_riddle (void)
{
  GtkWidget *drop
      = rf_control_drop (NULL, _ ("What is to be guessed"),
                         _ ("The kernel that the target is made with; a surprise is not told"));
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  gtk_string_list_append (list, _ ("A Surprise"));
  for (const RfPreset *preset = rf_presets; preset->name; preset++)
    gtk_string_list_append (list, _ (preset->title));
  gtk_drop_down_set_model (GTK_DROP_DOWN (drop), G_LIST_MODEL (list));
  return drop;
}

static GtkWidget *
make_controls (RfGuessPane *self)
{
  static const char *const sides[] = { "1×1", "3×3", "5×5", "7×7", "9×9", "11×11", NULL };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  self->riddle = make_riddle ();
  self->side
      = rf_control_drop (sides, _ ("Size of the guess"), _ ("Size of the kernel that is sought"));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->side), 1);
  self->rule = rf_control_drop (rule_titles, _ ("Rule of descent"),
                                _ ("How a step follows from the gradient of the loss"));
  self->rate = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, -2, 2, 0.05);
  gtk_scale_set_draw_value (GTK_SCALE (self->rate), FALSE);
  gtk_scale_add_mark (GTK_SCALE (self->rate), 0, GTK_POS_BOTTOM, NULL);
  gtk_range_set_value (GTK_RANGE (self->rate), 0);
  gtk_widget_set_hexpand (self->rate, TRUE);
  gtk_widget_set_tooltip_text (
      self->rate,
      _ ("Learning rate, from a hundredth of the one that surely converges (the mark) to "
         "a hundred times as much, where it diverges; acts on the next step"));
  rf_control_name (self->rate, _ ("Learning rate"));
  self->start = gtk_button_new ();
  gtk_widget_add_css_class (self->start, "suggested-action");
  gtk_widget_set_tooltip_text (
      self->start, _ ("Gradient descent from zeros, on the mean squared difference between the "
                      "result and the target; the kernel forms in the grid"));
  g_signal_connect_swapped (self->start, "clicked", G_CALLBACK (start_cb), self);
  show_button (self);
  gtk_box_append (GTK_BOX (box), rf_control_row (_ ("Kernel"), self->riddle, NULL));
  gtk_box_append (GTK_BOX (box), rf_control_row (_ ("Guess"), self->rule, self->side));
  gtk_box_append (GTK_BOX (box), rf_control_row (_ ("Rate"), self->rate, NULL));
  gtk_box_append (GTK_BOX (box), self->start);
  return box;
}

static void
make_views (RfGuessPane *self)
{
  g_autoptr (RfViewport) viewport = rf_viewport_new ();
  self->target = RF_PICTURE_VIEW (rf_picture_view_new (viewport));
  gtk_widget_set_size_request (GTK_WIDGET (self->target), -1, 130);
  rf_control_name (GTK_WIDGET (self->target), _ ("Target"));
  self->chart = RF_LINE_CHART (rf_line_chart_new ());
  g_object_set (self->chart, "title", _ ("Loss"), "x-label", _ ("step"), "log-scale", TRUE, "empty",
                _ ("Guess, and the loss falls here"), NULL);
  gtk_widget_set_size_request (GTK_WIDGET (self->chart), -1, 150);
  const RfLineChartLook look = { .label = _ ("loss") };
  self->series = rf_line_chart_add_series (self->chart, &look);
  self->words = GTK_LABEL (rf_control_caption ());
  gtk_label_set_label (self->words, _ ("From the picture and a target, gradient descent finds the "
                                       "kernel that makes the one of the other."));
}

static GtkWidget *
make_tools (void)
{
  GtkWidget *button = rf_control_icon (
      "document-open-symbolic", _ ("Open a target"),
      _ ("Open a picture as the target: what an unknown filter made of this one"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "guess.open-target");
  gtk_widget_add_css_class (button, "flat");
  return button;
}

static void
rf_guess_pane_constructed (GObject *object)
{
  RfGuessPane *self = RF_GUESS_PANE (object);
  G_OBJECT_CLASS (rf_guess_pane_parent_class)->constructed (object);
  self->bench = rf_filter_bench_get (rf_pane_get_session (RF_PANE (self)));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  make_views (self);
  gtk_box_append (GTK_BOX (box), make_controls (self));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->words));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->chart));
  gtk_box_append (GTK_BOX (box), rf_control_heading (_ ("Target")));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->target));
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), 180);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  adw_bin_set_child (ADW_BIN (self), scrolled);
  GtkWidget *tools = make_tools ();
  rf_control_add_actions (GTK_WIDGET (self), tools, "guess", actions, G_N_ELEMENTS (actions));
  g_object_set (self, "tools", tools, NULL);
  g_signal_connect_object (self->bench, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->bench, "picture", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
rf_guess_pane_dispose (GObject *object)
{
  RfGuessPane *self = RF_GUESS_PANE (object);
  self->running = FALSE;
  g_clear_pointer (&self->work, rf_guess_work_unref);
  G_OBJECT_CLASS (rf_guess_pane_parent_class)->dispose (object);
}

static void
rf_guess_pane_class_init (RfGuessPaneClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = rf_guess_pane_constructed;
  G_OBJECT_CLASS (klass)->dispose = rf_guess_pane_dispose;
}

static void
rf_guess_pane_init (RfGuessPane *self)
{
}
