/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/picture/picture-pane-private.h"

#include "app/controls.h"
#include "app/panes/picture/chain-strip.h"

#include <glib/gi18n-lib.h>
#include <math.h>

G_DEFINE_FINAL_TYPE (RfPicturePane, rf_picture_pane, RF_TYPE_PANE)

const RfPaneInfo rf_picture_pane = {
  .id = "picture",
  .title = N_ ("Picture"),
  .icon_name = "image-x-generic-symbolic",
  .page = "filters",
  .place = RF_PLACE_MIDDLE,
  .get_type = rf_picture_pane_get_type,
};

static const char *const channel_titles[]
    = { N_ ("All Channels"), N_ ("Red"), N_ ("Green"), N_ ("Blue"), NULL };
static const char *const which_titles[] = { N_ ("Selected Stage"), N_ ("End of the Chain"), NULL };

/* ---- showing ---- */

static void
picture_cb (RfPicturePane *self)
{
  RfFilterPicture *picture = rf_filter_bench_get_picture (self->bench);
  if (!picture)
    return;
  const RfShape shape = picture->pixels.shape;
  rf_picture_view_set_raster (self->input, picture->raster, shape.width, shape.height);
  rf_viewport_set (self->viewport, 1, 0.5, 0.5);
  rf_twin_box_set_aspect (self->twins, (double) shape.width / shape.height);
  g_autofree char *title
      = g_strdup_printf ("%s · %d×%d", picture->title, shape.width, shape.height);
  gtk_label_set_label (self->input_title, title);
  rf_picture_pane_show_marks (self);
}

static void
show_status (RfPicturePane *self, const RfFilterResult *result)
{
  if (!result)
    return;
  g_autofree char *text = NULL;
  if (result->preview)
    text = g_strdup (_ ("preview"));
  else
    text = g_strdup_printf (_ ("%.1f ms"), result->milliseconds);
  gtk_label_set_label (self->status, text);
}

static void
result_cb (RfPicturePane *self)
{
  const RfFilterResult *result = rf_filter_bench_get_result (self->bench);
  const char *problem = rf_filter_bench_get_problem (self->bench);
  gtk_label_set_label (self->problem, problem ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
  gtk_widget_set_opacity (GTK_WIDGET (self->output), problem ? 0.25 : 1);
  if (!result || problem)
    return;
  rf_picture_view_set_raster (self->output, result->colors.raster, result->shape.width,
                              result->shape.height);
  rf_legend_set_range (self->legend, &result->colors.range);
  const RfChain *chain = rf_filter_bench_get_chain (self->bench);
  g_autofree char *name = result->stage < chain->n_stages
                              ? rf_filter_bench_name_stage (chain, result->stage)
                              : g_strdup (_ ("Result"));
  g_autofree char *maps = g_strdup_printf (
      ngettext ("%d map", "%d maps", (gulong) result->shape.channels), result->shape.channels);
  g_autofree char *title
      = g_strdup_printf ("%s · %d×%d · %s", name, result->shape.width, result->shape.height, maps);
  gtk_label_set_label (self->output_title, title);
  gtk_widget_set_visible (self->channel, result->shape.channels > 1);
  show_status (self, result);
}

static void
changed_cb (RfPicturePane *self)
{
  rf_control_set_drop (self->display, rf_filter_bench_get_display (self->bench), self);
  rf_control_set_drop (self->channel, (guint) (rf_filter_bench_get_channel (self->bench) + 1),
                       self);
  rf_control_set_drop (self->which, rf_filter_bench_shows_end (self->bench) ? 1 : 0, self);
  gtk_widget_set_visible (self->which, rf_filter_bench_get_chain (self->bench)->n_stages > 1);
}

/* What the pixel that is followed has for a value, said to those who do not see it. */
static void
traced_cb (RfPicturePane *self)
{
  const RfChainTrace *trace = rf_filter_bench_get_trace (self->bench);
  int y, x;
  /* A pixel that is kept may have moved on by itself. */
  if (rf_filter_bench_get_pinned (self->bench) && rf_filter_bench_get_pointed (self->bench, &y, &x))
    rf_picture_view_reveal (self->output, y, x);
  rf_picture_pane_show_marks (self);
  const RfTraceStep *step
      = trace && trace->steps->len > 0 ? g_ptr_array_index (trace->steps, 0) : NULL;
  rf_legend_set_mark (self->legend, step ? step->value : NAN);
  g_autofree char *text
      = step ? g_strdup_printf (_ ("Row %d, column %d: %.4g"), step->y, step->x, step->value)
             : g_strdup ("");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->output),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static void
loading_cb (RfPicturePane *self)
{
  const gboolean loading = rf_filter_bench_get_loading (self->bench);
  gtk_widget_set_visible (self->spinner, loading);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), loading);
}

static void
failed_cb (RfPicturePane *self, const char *message)
{
  rf_pane_say (RF_PANE (self), message);
}

/* ---- doing ---- */

static void
display_cb (RfPicturePane *self)
{
  const guint display = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->display));
  rf_filter_bench_set_display (self->bench, display);
  gtk_widget_set_tooltip_text (self->display, _ (rf_display_summaries[display]));
}

static void
channel_cb (RfPicturePane *self)
{
  rf_filter_bench_set_channel (
      self->bench, (int) gtk_drop_down_get_selected (GTK_DROP_DOWN (self->channel)) - 1);
}

static void
which_cb (RfPicturePane *self)
{
  rf_filter_bench_show_end (self->bench,
                            gtk_drop_down_get_selected (GTK_DROP_DOWN (self->which)) == 1);
}

static void
pointed_cb (RfPicturePane *self, int y, int x)
{
  if (!rf_filter_bench_get_pinned (self->bench))
    rf_filter_bench_point (self->bench, y, x);
}

/* A second press on the same pixel lets go of it. */
static void
chosen_cb (RfPicturePane *self, int y, int x)
{
  int before_y, before_x;
  const gboolean same = rf_filter_bench_get_pinned (self->bench)
                        && rf_filter_bench_get_pointed (self->bench, &before_y, &before_x)
                        && y == before_y && x == before_x;
  rf_filter_bench_pin (self->bench, !same);
  rf_filter_bench_point (self->bench, y, x);
}

/* A pixel of the picture stands for the one of the result whose window has it in the middle. */
static void
to_output (RfPicturePane *self, int *y, int *x)
{
  const RfFilterResult *result = rf_filter_bench_get_result (self->bench);
  RfFilterPicture *picture = rf_filter_bench_get_picture (self->bench);
  if (!result || !picture || *x < 0)
    return;
  *y = (int) ((gint64) *y * result->shape.height / picture->pixels.shape.height);
  *x = (int) ((gint64) *x * result->shape.width / picture->pixels.shape.width);
}

static void
input_pointed_cb (RfPicturePane *self, int y, int x)
{
  to_output (self, &y, &x);
  pointed_cb (self, y, x);
}

static void
input_chosen_cb (RfPicturePane *self, int y, int x)
{
  to_output (self, &y, &x);
  chosen_cb (self, y, x);
}

/* ---- the pane ---- */

static GtkLabel *
make_title (void)
{
  GtkWidget *label = rf_control_caption ();
  gtk_label_set_wrap (GTK_LABEL (label), FALSE);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  g_object_bind_property (label, "label", label, "tooltip-text", G_BINDING_DEFAULT);
  return GTK_LABEL (label);
}

static GtkWidget *
make_side (RfPicturePane *self, RfPictureView **view, GtkLabel **title, const char *name,
           const char *tooltip)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  *title = make_title ();
  *view = RF_PICTURE_VIEW (rf_picture_view_new (self->viewport));
  gtk_widget_set_vexpand (GTK_WIDGET (*view), TRUE);
  rf_control_name (GTK_WIDGET (*view), name);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (*view), "crosshair");
  gtk_accessible_update_property (GTK_ACCESSIBLE (*view), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  tooltip, -1);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (*title));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (*view));
  return box;
}

static GtkWidget *
make_twins (RfPicturePane *self)
{
  GtkWidget *input = make_side (self, &self->input, &self->input_title, _ ("Picture"),
                                _ ("The wheel zooms, dragging moves, 0 shows all"));
  GtkWidget *output = make_side (
      self, &self->output, &self->output_title, _ ("Result"),
      _ ("Point at a pixel to see its sum; press to keep it. The wheel zooms, dragging "
         "moves, 0 shows all"));
  g_signal_connect_swapped (self->input, "pointed", G_CALLBACK (input_pointed_cb), self);
  g_signal_connect_swapped (self->input, "chosen", G_CALLBACK (input_chosen_cb), self);
  g_signal_connect_swapped (self->output, "pointed", G_CALLBACK (pointed_cb), self);
  g_signal_connect_swapped (self->output, "chosen", G_CALLBACK (chosen_cb), self);
  self->problem = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->problem, TRUE);
  gtk_label_set_justify (self->problem, GTK_JUSTIFY_CENTER);
  gtk_widget_set_halign (GTK_WIDGET (self->problem), GTK_ALIGN_CENTER);
  gtk_widget_set_valign (GTK_WIDGET (self->problem), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (self->problem), "notice");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), FALSE);
  GtkWidget *overlay = gtk_overlay_new ();
  gtk_overlay_set_child (GTK_OVERLAY (overlay), output);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), GTK_WIDGET (self->problem));
  self->twins = RF_TWIN_BOX (rf_twin_box_new (input, overlay));
  return GTK_WIDGET (self->twins);
}

static GtkWidget *
make_bar (RfPicturePane *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->display = rf_control_drop (rf_display_titles, _ ("Display"), _ (rf_display_summaries[0]));
  self->channel = rf_control_drop (channel_titles, _ ("Channel"), _ ("Which maps are shown"));
  self->which = rf_control_drop (which_titles, _ ("Shown result"),
                                 _ ("Whose result is shown: that of the stage that is selected, or "
                                    "of the last one"));
  g_signal_connect_swapped (self->display, "notify::selected", G_CALLBACK (display_cb), self);
  g_signal_connect_swapped (self->channel, "notify::selected", G_CALLBACK (channel_cb), self);
  g_signal_connect_swapped (self->which, "notify::selected", G_CALLBACK (which_cb), self);
  self->legend = RF_LEGEND (rf_legend_new ());
  gtk_widget_set_hexpand (GTK_WIDGET (self->legend), TRUE);
  gtk_widget_set_valign (GTK_WIDGET (self->legend), GTK_ALIGN_CENTER);
  self->status = make_title ();
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->status), _ ("Time it took to compute the result"));
  gtk_label_set_width_chars (self->status, 8);
  gtk_label_set_xalign (self->status, 1);
  gtk_box_append (GTK_BOX (bar), self->display);
  gtk_box_append (GTK_BOX (bar), self->channel);
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->legend));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->status));
  return bar;
}

static GtkWidget *
make_tools (RfPicturePane *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  self->spinner = gtk_spinner_new ();
  gtk_widget_set_visible (self->spinner, FALSE);
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GMenuModel) menu = rf_picture_pane_make_menu ();
  gtk_menu_button_set_label (GTK_MENU_BUTTON (button), _ ("Pictures"));
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), menu);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button,
                               _ ("Choose, open, paste or draw a picture; save the result"));
  rf_control_name (button, _ ("Pictures"));
  gtk_box_append (GTK_BOX (box), self->spinner);
  gtk_box_append (GTK_BOX (box), button);
  return box;
}

static void
watch (RfPicturePane *self)
{
  static const struct
  {
    const char *signal;
    GCallback callback;
  } watched[] = {
    { "picture", G_CALLBACK (picture_cb) }, { "result", G_CALLBACK (result_cb) },
    { "changed", G_CALLBACK (changed_cb) }, { "traced", G_CALLBACK (traced_cb) },
    { "loading", G_CALLBACK (loading_cb) }, { "failed", G_CALLBACK (failed_cb) },
  };
  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_connect_object (self->bench, watched[i].signal, watched[i].callback, self,
                             G_CONNECT_SWAPPED);
  picture_cb (self);
  changed_cb (self);
  result_cb (self);
  loading_cb (self);
}

static void
rf_picture_pane_constructed (GObject *object)
{
  RfPicturePane *self = RF_PICTURE_PANE (object);
  G_OBJECT_CLASS (rf_picture_pane_parent_class)->constructed (object);
  self->bench = rf_filter_bench_get (rf_pane_get_session (RF_PANE (self)));
  self->viewport = rf_viewport_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  gtk_widget_set_margin_start (box, 10);
  gtk_widget_set_margin_end (box, 10);
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 8);
  GtkWidget *twins = make_twins (self);
  gtk_widget_set_vexpand (twins, TRUE);
  gtk_box_append (GTK_BOX (box), twins);
  gtk_box_append (GTK_BOX (box), make_bar (self));
  GtkWidget *strip = rf_chain_strip_new (self->bench);
  gtk_widget_set_valign (self->which, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (strip), self->which);
  gtk_box_append (GTK_BOX (box), strip);
  adw_bin_set_child (ADW_BIN (self), box);
  GtkWidget *tools = make_tools (self);
  rf_control_add_actions (GTK_WIDGET (self), tools, "picture", rf_picture_pane_actions,
                          rf_picture_pane_n_actions);
  g_object_set (self, "tools", tools, NULL);
  rf_picture_pane_init_sources (self);
  watch (self);
}

static void
rf_picture_pane_dispose (GObject *object)
{
  RfPicturePane *self = RF_PICTURE_PANE (object);
  if (self->pad)
    gtk_window_destroy (self->pad);
  g_clear_weak_pointer (&self->pad);
  g_clear_object (&self->viewport);
  G_OBJECT_CLASS (rf_picture_pane_parent_class)->dispose (object);
}

static void
rf_picture_pane_class_init (RfPicturePaneClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = rf_picture_pane_constructed;
  G_OBJECT_CLASS (klass)->dispose = rf_picture_pane_dispose;
}

static void
rf_picture_pane_init (RfPicturePane *self)
{
}
