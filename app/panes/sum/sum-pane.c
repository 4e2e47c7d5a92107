/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Playing goes on by the time that has passed, not by frames: at high speed it leaves out pixels
 * rather than fall behind. */

#include "app/panes/sum/sum-pane.h"

#include "app/controls.h"
#include "app/file-dialog.h"
#include "app/filters/filter-bench.h"
#include "app/panes/sum/sum-sheets.h"
#include "model/base/error.h"
#include "widgets/plot/sum-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define SLOWEST 0. /* decades of pixels a second */
#define FASTEST 4.

struct _RfSumPane
{
  RfPane parent_instance;

  RfFilterBench *bench;
  RfSumView *view;
  GtkStack *stack;
  GtkLabel *field;
  GtkWidget *play, *speed;
  guint tick;
  gint64 last;
  double place; /* in pixels of the result, row by row */
};

G_DEFINE_FINAL_TYPE (RfSumPane, rf_sum_pane, RF_TYPE_PANE)

const RfPaneInfo rf_sum_pane = {
  .id = "sum",
  .title = N_ ("Sum"),
  .icon_name = "accessories-calculator-symbolic",
  .page = "filters",
  .place = RF_PLACE_END,
  .width = 320,
  .get_type = rf_sum_pane_get_type,
};

/* ---- showing ---- */

static void
show_field (RfSumPane *self, const RfChainTrace *trace)
{
  const RfRegion *region = &trace->picture;
  g_autofree char *text
      = region->bottom > region->top
            ? g_strdup_printf (_ ("Depends on %d×%d pixels of the picture: its receptive field"),
                               region->bottom - region->top, region->right - region->left)
            : g_strdup (_ ("Depends on no pixel of the picture"));
  gtk_label_set_label (self->field, text);
}

static void
traced_cb (RfSumPane *self)
{
  const RfChainTrace *trace = rf_filter_bench_get_trace (self->bench);
  int y, x;
  const RfFilterResult *shown = rf_filter_bench_get_result (self->bench);
  if (!trace && shown && !shown->preview && !shown->kept)
    {
      gtk_stack_set_visible_child_name (self->stack, "large");
      return;
    }
  /* A trace that is on its way leaves what was there. */
  if (!trace && rf_filter_bench_get_pointed (self->bench, &y, &x))
    return;
  gtk_stack_set_visible_child_name (self->stack, trace ? "sum" : "empty");
  if (!trace)
    {
      rf_sum_view_set_sheets (self->view, NULL);
      return;
    }
  g_autoptr (GPtrArray) sheets
      = rf_sum_sheets_new (rf_filter_bench_get_chain (self->bench), trace,
                           shown ? shown->shapes : NULL, shown ? shown->n_stages : 0);
  rf_sum_view_set_sheets (self->view, sheets);
  show_field (self, trace);
}

/* ---- playing ---- */

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  RfSumPane *self = RF_SUM_PANE (widget);
  const RfFilterResult *result = rf_filter_bench_get_result (self->bench);
  const gint64 now = gdk_frame_clock_get_frame_time (clock);
  const double seconds = self->last > 0 ? (double) (now - self->last) / G_USEC_PER_SEC : 0;
  self->last = now;
  if (!result)
    return G_SOURCE_CONTINUE;
  const double n = (double) result->shape.height * result->shape.width;
  self->place += seconds * pow (10, gtk_range_get_value (GTK_RANGE (self->speed)));
  self->place = fmod (self->place, n);
  const gint64 place = (gint64) self->place;
  rf_filter_bench_point (self->bench, (int) (place / result->shape.width),
                         (int) (place % result->shape.width));
  return G_SOURCE_CONTINUE;
}

static void
play_cb (RfSumPane *self)
{
  const gboolean playing = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->play));
  const RfFilterResult *result = rf_filter_bench_get_result (self->bench);
  int y, x;
  if (playing == (self->tick != 0))
    return;
  gtk_button_set_icon_name (GTK_BUTTON (self->play), playing ? "media-playback-pause-symbolic"
                                                             : "media-playback-start-symbolic");
  rf_control_name (self->play, playing ? _ ("Pause") : _ ("Play"));
  if (!playing)
    {
      gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
      self->tick = 0;
      return;
    }
  self->last = 0;
  self->place = 0;
  if (result && rf_filter_bench_get_pointed (self->bench, &y, &x))
    self->place = (double) y * result->shape.width + x;
  rf_filter_bench_pin (self->bench, TRUE);
  self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
}

/* ---- saving ---- */

static gboolean
write_sum (const char *path, gpointer data, GError **error)
{
  RfSumPane *self = data;
  if (rf_sum_view_get_sheets (self->view))
    return rf_sum_view_save (self->view, path, error);
  g_set_error_literal (error, RF_ERROR, RF_ERROR_MISSING,
                       _ ("Nothing is pointed at any more; nothing was saved."));
  return FALSE;
}

static void
save (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RfSumPane *self = data;
  if (rf_sum_view_get_sheets (self->view))
    rf_file_dialog_save (GTK_WIDGET (self), _ ("Save the Explanation"), _ ("sum.svg"),
                         _ ("The explanation is saved."), write_sum, self, NULL);
  else
    rf_pane_say (RF_PANE (self), _ ("Press on a pixel of the result first: its sum is saved."));
}

static const GActionEntry actions[] = { { "save", save } };

/* ---- the pane ---- */

static GtkWidget *
make_tools (RfSumPane *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  self->play = gtk_toggle_button_new ();
  gtk_button_set_icon_name (GTK_BUTTON (self->play), "media-playback-start-symbolic");
  gtk_widget_add_css_class (self->play, "flat");
  gtk_widget_set_tooltip_text (self->play, _ ("Let the kernel slide over the picture"));
  rf_control_name (self->play, _ ("Play"));
  self->speed = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, SLOWEST, FASTEST, 0.1);
  gtk_scale_set_draw_value (GTK_SCALE (self->speed), FALSE);
  gtk_range_set_value (GTK_RANGE (self->speed), 1);
  gtk_widget_set_size_request (self->speed, 72, -1);
  gtk_widget_set_tooltip_text (self->speed, _ ("Speed: from 1 pixel a second to 10,000"));
  rf_control_name (self->speed, _ ("Speed"));
  GtkWidget *button = rf_control_icon ("document-save-symbolic", _ ("Save the explanation"),
                                       _ ("Save the explanation as SVG, PDF or PNG"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "sum.save");
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_swapped (self->play, "toggled", G_CALLBACK (play_cb), self);
  gtk_box_append (GTK_BOX (box), self->play);
  gtk_box_append (GTK_BOX (box), self->speed);
  gtk_box_append (GTK_BOX (box), button);
  return box;
}

static GtkWidget *
make_words (const char *words)
{
  GtkWidget *label = gtk_label_new (words);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_widget_set_margin_start (label, 24);
  gtk_widget_set_margin_end (label, 24);
  gtk_widget_add_css_class (label, "dim-label");
  return label;
}

static GtkWidget *
make_sum (RfSumPane *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 18);
  self->view = RF_SUM_VIEW (rf_sum_view_new ());
  rf_control_name (GTK_WIDGET (self->view), _ ("The sum, written out"));
  self->field = GTK_LABEL (rf_control_caption ());
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->view));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->field));
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  return scrolled;
}

static void
rf_sum_pane_constructed (GObject *object)
{
  RfSumPane *self = RF_SUM_PANE (object);
  G_OBJECT_CLASS (rf_sum_pane_parent_class)->constructed (object);
  self->bench = rf_filter_bench_get (rf_pane_get_session (RF_PANE (self)));
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_widget_set_vexpand (GTK_WIDGET (self->stack), TRUE);
  gtk_widget_set_size_request (GTK_WIDGET (self->stack), 276, 150);
  gtk_stack_add_named (self->stack,
                       make_words (_ ("Point at a pixel of the result, and how it came about is "
                                      "written here. Press to keep it.")),
                       "empty");
  gtk_stack_add_named (
      self->stack,
      make_words (_ ("This picture is too large to keep the results of all stages, "
                     "so that no pixel can be followed. A smaller one, or fewer "
                     "stages, can.")),
      "large");
  gtk_stack_add_named (self->stack, make_sum (self), "sum");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
  GtkWidget *tools = make_tools (self);
  rf_control_add_actions (GTK_WIDGET (self), tools, "sum", actions, G_N_ELEMENTS (actions));
  g_object_set (self, "tools", tools, NULL);
  g_signal_connect_object (self->bench, "traced", G_CALLBACK (traced_cb), self, G_CONNECT_SWAPPED);
}

static void
rf_sum_pane_class_init (RfSumPaneClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = rf_sum_pane_constructed;
}

static void
rf_sum_pane_init (RfSumPane *self)
{
}
