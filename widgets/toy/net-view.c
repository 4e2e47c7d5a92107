/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "widgets/toy/net-view.h"

#include "widgets/plot/painters/chart-file.h"
#include "widgets/telling.h"
#include "widgets/toy/net-painter.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Least size of a file. */
#define FILE_WIDTH  400
#define FILE_HEIGHT 300

struct _RfNetView
{
  GtkWidget parent_instance;

  RfNetDrawing drawing; /* its arrays are the view's */
  RfNetPlace pointed, chosen;
  RfTelling telling;
  GtkWidget *popover, *spin;
  RfNetPlace edited;
  guint tick; /* while dots run */
  gint64 pulse_begun;
  double pulse_seconds;
};

G_DEFINE_FINAL_TYPE (RfNetView, rf_net_view, GTK_TYPE_WIDGET)

enum
{
  EDITED,
  TOGGLED,
  POINTED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static const RfNetPlace nowhere = { -1, -1, -1 };

/* ---- what is drawn ---- */

static gsize
count_nodes (const RfNetDrawing *drawing, int first)
{
  gsize n = 0;
  for (int c = first; c < drawing->n_columns; c++)
    n += (gsize) drawing->n_nodes[c];
  return n;
}

static gsize
count_weights (const RfNetDrawing *drawing)
{
  gsize n = 0;
  for (int c = 1; c < drawing->n_columns; c++)
    n += (gsize) (drawing->n_nodes[c] * drawing->n_nodes[c - 1]);
  return n;
}

static void
drawing_clear (RfNetDrawing *drawing)
{
  for (int i = 0; drawing->names && i < drawing->n_nodes[0]; i++)
    g_free ((char *) drawing->names[i]);
  g_free ((gpointer) drawing->names);
  g_free ((gpointer) drawing->on);
  g_free ((gpointer) drawing->weights);
  g_free ((gpointer) drawing->biases);
  g_free ((gpointer) drawing->outputs);
  g_free ((gpointer) drawing->pixels);
  *drawing = (RfNetDrawing){ 0 };
}

static gboolean
exists (RfNetView *self, RfNetPlace place)
{
  const RfNetDrawing *drawing = &self->drawing;
  return place.column >= 0 && place.column < drawing->n_columns
         && place.node < drawing->n_nodes[place.column]
         && (place.input < 0
             || (place.column > 0 && place.input < drawing->n_nodes[place.column - 1]
                 && !isnan (rf_net_weight (drawing, place.column, place.node, place.input))));
}

static char *
describe (RfNetView *self, RfNetPlace place)
{
  const RfNetDrawing *drawing = &self->drawing;
  if (!exists (self, place))
    return g_strdup ("");
  if (place.input >= 0)
    return g_strdup_printf (_ ("weight %.4g"),
                            rf_net_weight (drawing, place.column, place.node, place.input));
  if (place.column == 0)
    return g_strdup_printf (drawing->on[place.node] ? _ ("input %s, on") : _ ("input %s, off"),
                            drawing->names[place.node]);
  return g_strdup_printf (place.column == drawing->n_columns - 1 ? _ ("output %d, bias %.4g")
                                                                 : _ ("neuron %d, bias %.4g"),
                          place.node + 1, rf_net_bias (drawing, place.column, place.node));
}

static char *
describe_marked (gpointer widget)
{
  RfNetView *self = widget;
  return describe (self, self->pointed.column >= 0 ? self->pointed : self->chosen);
}

static void
tell (RfNetView *self)
{
  rf_telling_touch (&self->telling);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
rf_net_view_set_drawing (RfNetView *self, const RfNetDrawing *drawing)
{
  g_return_if_fail (RF_IS_NET_VIEW (self) && drawing);
  g_return_if_fail (drawing->n_columns >= 2 && drawing->n_columns <= RF_NET_VIEW_COLUMNS);
  RfNetDrawing *own = &self->drawing;
  const gsize side = (gsize) drawing->side, nodes = count_nodes (drawing, 1);
  const int n = drawing->n_nodes[0];
  drawing_clear (own);
  *own = *drawing;
  char **names = g_new (char *, n);
  for (int i = 0; i < n; i++)
    names[i] = g_strdup (drawing->names[i]);
  own->names = (const char *const *) names;
  own->on = g_memdup2 (drawing->on, (gsize) n * sizeof (gboolean));
  own->weights = g_memdup2 (drawing->weights, count_weights (drawing) * sizeof (double));
  own->biases = g_memdup2 (drawing->biases, nodes * sizeof (double));
  if (drawing->outputs)
    own->outputs = g_memdup2 (drawing->outputs, nodes * sizeof (double));
  own->pixels = g_memdup2 (drawing->pixels, (nodes + (gsize) n) * side * side * sizeof (guint32));
  if (!exists (self, self->pointed))
    self->pointed = nowhere;
  if (!exists (self, self->chosen))
    self->chosen = nowhere;
  if (self->pointed.column >= 0 || self->chosen.column >= 0)
    tell (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* ---- painting ---- */

static void
get_style (RfNetView *self, RfNetStyle *style)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));
  gtk_style_context_get_color (context, &style->text);
  style->frame = style->text;
  style->frame.alpha = 0.45f;
  if (!gtk_style_context_lookup_color (context, "accent_color", &style->accent))
    style->accent = style->text;
  if (!gtk_style_context_lookup_color (context, "popover_bg_color", &style->ground))
    style->ground = (GdkRGBA){ 1, 1, 1, 1 };
  style->font = "Cantarell";
}

/* The number of what is pointed at, beside the pointer. */
static void
paint_card (RfNetView *self, cairo_t *cr, const RfNetStyle *style, double width, double height)
{
  const RfNetPlace place = self->pointed.column >= 0 ? self->pointed : self->chosen;
  if (!exists (self, place))
    return;
  g_autofree char *text = describe (self, place);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  int w, h;
  double x, y;
  pango_layout_get_pixel_size (layout, &w, &h);
  rf_net_node_middle (&self->drawing, width, height, place.column, place.node, &x, &y);
  if (place.input >= 0)
    {
      double x0, y0;
      rf_net_node_middle (&self->drawing, width, height, place.column - 1, place.input, &x0, &y0);
      x = (x + x0) / 2;
      y = (y + y0) / 2;
    }
  else
    y -= rf_net_node_side (&self->drawing, width, height) / 2 + h / 2. + 6;
  x = CLAMP (x - w / 2., 8, MAX (width - w - 8, 8));
  y = CLAMP (y - h / 2., 4, MAX (height - h - 4, 4));
  cairo_rectangle (cr, floor (x) - 6, floor (y) - 3, w + 12, h + 6);
  gdk_cairo_set_source_rgba (cr, &style->ground);
  cairo_fill_preserve (cr);
  gdk_cairo_set_source_rgba (cr, &style->frame);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
  cairo_move_to (cr, floor (x), floor (y));
  gdk_cairo_set_source_rgba (cr, &style->text);
  pango_cairo_show_layout (cr, layout);
}

/* From 0 to 1 forward, to 2 back. */
static double
get_phase (RfNetView *self)
{
  return 2 * (double) (g_get_monotonic_time () - self->pulse_begun) / G_USEC_PER_SEC
         / self->pulse_seconds;
}

static void
rf_net_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RfNetView *self = RF_NET_VIEW (widget);
  const int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  RfNetStyle style;
  if (self->drawing.n_columns == 0 || width < 40 || height < 40)
    return;
  get_style (self, &style);
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  rf_net_paint (cr, &self->drawing, width, height, &style,
                self->pointed.column >= 0 ? &self->pointed : &self->chosen);
  if (self->tick > 0)
    {
      const double phase = get_phase (self);
      rf_net_paint_pulse (cr, &self->drawing, width, height, &style, phase < 1 ? phase : 2 - phase,
                          phase >= 1);
    }
  paint_card (self, cr, &style, width, height);
  cairo_destroy (cr);
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  RfNetView *self = RF_NET_VIEW (widget);
  gtk_widget_queue_draw (widget);
  if (get_phase (self) < 2)
    return G_SOURCE_CONTINUE;
  self->tick = 0;
  return G_SOURCE_REMOVE;
}

void
rf_net_view_pulse (RfNetView *self, double seconds)
{
  g_return_if_fail (RF_IS_NET_VIEW (self) && seconds > 0);
  self->pulse_begun = g_get_monotonic_time ();
  self->pulse_seconds = seconds;
  if (self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
}

static void
paint_file (cairo_t *cr, double width, double height, gpointer data)
{
  const RfNetStyle style = { { 0.1f, 0.1f, 0.1f, 1 },
                             { 0, 0, 0, 0.45f },
                             { 1, 1, 1, 1 },
                             { 0.2f, 0.4f, 0.8f, 1 },
                             "Cantarell" };
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  rf_net_paint (cr, &RF_NET_VIEW (data)->drawing, width, height, &style, &nowhere);
}

gboolean
rf_net_view_save (RfNetView *self, const char *path, GError **error)
{
  g_return_val_if_fail (RF_IS_NET_VIEW (self) && path, FALSE);
  return rf_chart_file_write (path, MAX (gtk_widget_get_width (GTK_WIDGET (self)), FILE_WIDTH),
                              MAX (gtk_widget_get_height (GTK_WIDGET (self)), FILE_HEIGHT),
                              paint_file, self, error);
}

/* ---- editing ---- */

static void
apply_cb (RfNetView *self)
{
  const RfNetPlace place = self->edited;
  if (exists (self, place))
    g_signal_emit (self, signals[EDITED], 0, place.column, place.node, place.input,
                   gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->spin)));
}

static void
edit (RfNetView *self, RfNetPlace place)
{
  const RfNetDrawing *drawing = &self->drawing;
  const double width = gtk_widget_get_width (GTK_WIDGET (self));
  const double height = gtk_widget_get_height (GTK_WIDGET (self));
  double x, y;
  if (!exists (self, place) || place.column == 0)
    return;
  self->edited = nowhere;
  const double value = place.input >= 0
                           ? rf_net_weight (drawing, place.column, place.node, place.input)
                           : rf_net_bias (drawing, place.column, place.node);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->spin), value);
  self->edited = place;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->spin), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  place.input >= 0 ? _ ("Weight") : _ ("Bias"), -1);
  rf_net_node_middle (drawing, width, height, place.column, place.node, &x, &y);
  if (place.input >= 0)
    {
      double x0, y0;
      rf_net_node_middle (drawing, width, height, place.column - 1, place.input, &x0, &y0);
      x = (x + x0) / 2;
      y = (y + y0) / 2;
    }
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover),
                               &(GdkRectangle){ (int) x - 3, (int) y - 3, 6, 6 });
  gtk_popover_popup (GTK_POPOVER (self->popover));
  gtk_widget_grab_focus (self->spin);
}

static void
press (RfNetView *self, RfNetPlace place)
{
  if (place.column == 0 && place.input < 0)
    g_signal_emit (self, signals[TOGGLED], 0, place.node);
  else
    edit (self, place);
}

static void
pressed_cb (RfNetView *self, int n_press, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  const RfNetPlace place = rf_net_find (&self->drawing, gtk_widget_get_width (GTK_WIDGET (self)),
                                        gtk_widget_get_height (GTK_WIDGET (self)), x, y);
  if (!exists (self, place))
    return;
  self->chosen = place;
  press (self, place);
  tell (self);
}

/* ---- pointing ---- */

static void
point (RfNetView *self, RfNetPlace place)
{
  if (memcmp (&place, &self->pointed, sizeof place) == 0)
    return;
  self->pointed = place;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), place.column >= 0 ? "pointer" : NULL);
  g_signal_emit (self, signals[POINTED], 0, place.input < 0 ? place.column : -1,
                 place.input < 0 ? place.node : -1);
  tell (self);
}

static void
motion_cb (RfNetView *self, double x, double y)
{
  point (self, rf_net_find (&self->drawing, gtk_widget_get_width (GTK_WIDGET (self)),
                            gtk_widget_get_height (GTK_WIDGET (self)), x, y));
}

static void
leave_cb (RfNetView *self)
{
  point (self, nowhere);
}

/* ---- keys ---- */

static void
go (RfNetView *self, int columns, int nodes)
{
  RfNetPlace *place = &self->chosen;
  const RfNetDrawing *drawing = &self->drawing;
  if (place->column < 0)
    *place = (RfNetPlace){ 0, 0, -1 };
  else
    {
      place->column = CLAMP (place->column + columns, 0, drawing->n_columns - 1);
      place->node = CLAMP (place->node + nodes, 0, drawing->n_nodes[place->column] - 1);
      place->input = -1;
    }
  g_signal_emit (self, signals[POINTED], 0, place->column, place->node);
  tell (self);
}

/* To the next incoming link that there is. */
static void
go_link (RfNetView *self, int step)
{
  RfNetPlace place = self->chosen;
  if (place.column <= 0)
    return;
  do
    place.input += step;
  while (place.input >= 0 && place.input < self->drawing.n_nodes[place.column - 1]
         && !exists (self, place));
  if (place.input < -1 || place.input >= self->drawing.n_nodes[place.column - 1])
    return;
  self->chosen = place;
  tell (self);
}

static gboolean
key_cb (RfNetView *self, guint key, guint code, GdkModifierType state)
{
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_Right:
      go (self, key == GDK_KEY_Left ? -1 : 1, 0);
      return GDK_EVENT_STOP;
    case GDK_KEY_Up:
    case GDK_KEY_Down:
      go (self, 0, key == GDK_KEY_Up ? -1 : 1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Page_Up:
    case GDK_KEY_Page_Down:
      go_link (self, key == GDK_KEY_Page_Up ? -1 : 1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      edit (self, self->chosen);
      return GDK_EVENT_STOP;
    case GDK_KEY_space:
      if (self->chosen.column != 0)
        return GDK_EVENT_PROPAGATE;
      press (self, self->chosen);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

/* ---- the widget ---- */

static void
rf_net_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                     int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 320 : 200;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 560 : 420;
}

static void
rf_net_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  gtk_popover_present (GTK_POPOVER (RF_NET_VIEW (widget)->popover));
}

static void
rf_net_view_dispose (GObject *object)
{
  RfNetView *self = RF_NET_VIEW (object);
  rf_telling_stop (&self->telling);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  drawing_clear (&self->drawing);
  G_OBJECT_CLASS (rf_net_view_parent_class)->dispose (object);
}

static void
rf_net_view_class_init (RfNetViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = rf_net_view_dispose;
  widget_class->snapshot = rf_net_view_snapshot;
  widget_class->measure = rf_net_view_measure;
  widget_class->size_allocate = rf_net_view_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "netview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  signals[EDITED]
      = g_signal_new ("edited", RF_TYPE_NET_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 4, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT, G_TYPE_DOUBLE);
  signals[TOGGLED] = g_signal_new ("toggled", RF_TYPE_NET_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[POINTED] = g_signal_new ("pointed", RF_TYPE_NET_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
}

static void
rf_net_view_init (RfNetView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  self->pointed = self->chosen = self->edited = nowhere;
  gtk_widget_set_focusable (widget, TRUE);
  rf_telling_begin (&self->telling, widget, describe_marked);
  self->popover = gtk_popover_new ();
  self->spin = gtk_spin_button_new_with_range (-100, 100, 0.05);
  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (self->spin), 4);
  gtk_widget_set_tooltip_text (self->spin, _ ("Acts at once; the training goes on from it"));
  g_signal_connect_swapped (self->spin, "value-changed", G_CALLBACK (apply_cb), self);
  gtk_popover_set_child (GTK_POPOVER (self->popover), self->spin);
  gtk_widget_set_parent (self->popover, widget);

  GtkEventController *motion = gtk_event_controller_motion_new ();
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (widget, motion);
  GtkGesture *click = gtk_gesture_click_new ();
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  GtkEventController *key = gtk_event_controller_key_new ();
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (widget, key);
}

GtkWidget *
rf_net_view_new (void)
{
  return g_object_new (RF_TYPE_NET_VIEW, NULL);
}
