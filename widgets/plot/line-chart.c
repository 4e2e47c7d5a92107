/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The widget: properties, and when it is painted. Its numbers are in line-chart-data.c, pointer and
 * keys in line-chart-view.c. */

#include "widgets/plot/line-chart-private.h"
#include "widgets/rhythm.h"

#include <glib/gi18n-lib.h>

#define DESCRIBE_EVERY 1 /* second */
#define BUTTON_MARGIN  8 /* between the button and the axes */

G_DEFINE_FINAL_TYPE (RfLineChart, rf_line_chart, GTK_TYPE_WIDGET)

enum
{
  PROP_TITLE = 1,
  PROP_SUBTITLE,
  PROP_X_LABEL,
  PROP_EMPTY,
  PROP_UNIT_RANGE,
  PROP_LOG_SCALE,
  PROP_LOG_X,
  PROP_X_UNIT,
  PROP_VIEW,
  PROP_ZOOMED,
  PROP_CROSSHAIR,
  PROP_CURSOR,
  PROP_SCALE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

enum
{
  TOLD,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static gpointer
copy_view (gpointer view)
{
  return g_memdup2 (view, sizeof (RfLineChartView));
}

G_DEFINE_BOXED_TYPE (RfLineChartView, rf_line_chart_view, copy_view, g_free)

static gboolean
describe_cb (gpointer data)
{
  RfLineChart *self = data;
  if (!self->describe_again)
    {
      self->describe_id = 0;
      return G_SOURCE_REMOVE;
    }
  self->describe_again = FALSE;
  rf_line_chart_update_words (self);
  return G_SOURCE_CONTINUE;
}

static void
redraw_cb (gpointer data)
{
  RfLineChart *self = data;
  self->redraw_id = 0;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Points come as fast as a network learns; what is under the pointer is painted at once, these are
 * gathered. */
void
rf_line_chart_queue_change (RfLineChart *self)
{
  if (self->redraw_id == 0)
    self->redraw_id = rf_rhythm_next (redraw_cb, self);
  self->describe_again = TRUE;
  if (self->describe_id == 0)
    self->describe_id = g_timeout_add_seconds (DESCRIBE_EVERY, describe_cb, self);
}

static void
rf_line_chart_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  RfLineChart *self = RF_LINE_CHART (widget);
  GTK_WIDGET_CLASS (rf_line_chart_parent_class)->css_changed (widget, change);
  g_clear_pointer (&self->font, g_free);
  gtk_widget_queue_draw (widget);
}

void
rf_line_chart_tell (RfLineChart *self, const char *message)
{
  g_signal_emit (self, signals[TOLD], 0, message);
}

static void
place_cb (gpointer data)
{
  RfLineChart *self = data;
  self->place_id = 0;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
rf_line_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RfLineChart *self = RF_LINE_CHART (widget);
  const double width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  if (width <= 0 || height <= 0)
    return;
  if (!self->font)
    {
      self->font = rf_line_chart_read_theme (widget, &self->style);
      rf_chart_style_scale (&self->style, self->scale);
    }
  self->style.pixels = gtk_widget_get_scale_factor (widget);

  g_autofree RfChartSeries *series = g_new (RfChartSeries, self->series->len + 1);
  RfChart chart;
  rf_line_chart_describe (self, &chart, series);
  chart.crosshair = isfinite (self->crosshair);
  chart.crosshair_x = self->crosshair;
  if (self->drag == RF_LINE_CHART_SELECTING)
    {
      chart.select_from = self->select_from;
      chart.select_to = self->select_to;
    }
  const gboolean button = self->reset && gtk_widget_get_visible (self->reset);
  chart.title_room = self->title_room;
  chart.corner = button ? gtk_widget_get_height (self->reset) + 2 * BUTTON_MARGIN : 0;
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  rf_line_chart_paint (cr, width, height, &self->style, &chart, &self->area);
  cairo_destroy (cr);
  if (!(self->y_low < self->y_high))
    {
      self->full_y_low = self->area.y_min;
      self->full_y_high = self->area.y_max;
    }

  if (!button)
    return;
  gtk_widget_snapshot_child (widget, self->reset, snapshot);
  /* Where the axes are is known only now. */
  const RfChartArea *now = &self->area, *then = &self->placed;
  if (self->place_id == 0
      && (now->left != then->left || now->top != then->top || now->width != then->width
          || now->height != then->height))
    self->place_id = g_idle_add_once (place_cb, self);
}

static void
rf_line_chart_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                       int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 200 : 120;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 600 : 280;
}

static void
rf_line_chart_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  RfLineChart *self = RF_LINE_CHART (widget);
  rf_line_chart_allocate_menu (self);
  if (!self->reset || !gtk_widget_get_visible (self->reset))
    return;
  /* In the lower right corner of the data area, where lines that fall or rise seldom are. */
  GtkRequisition size;
  gtk_widget_get_preferred_size (self->reset, NULL, &size);
  const RfChartArea *area = &self->area;
  const int x = (int) (area->left + area->width) - size.width - BUTTON_MARGIN;
  const int y = (int) (area->top + area->height) - size.height - BUTTON_MARGIN;
  gtk_widget_size_allocate (
      self->reset, &(GtkAllocation){ MAX (0, x), MAX (0, y), size.width, size.height }, -1);
  self->placed = *area;
}

void
rf_line_chart_set_crosshair (RfLineChart *self, double x)
{
  /* NaN is equal to NaN here. */
  if (x == self->crosshair || (isnan (x) && isnan (self->crosshair)))
    return;
  self->crosshair = x;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CROSSHAIR]);
}

static void
set_cursor (RfLineChart *self, double x)
{
  if (x == self->cursor || (isnan (x) && isnan (self->cursor)))
    return;
  self->cursor = x;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CURSOR]);
}

static void
set_scale (RfLineChart *self, double scale)
{
  if (scale == self->scale)
    return;
  self->scale = scale;
  g_clear_pointer (&self->font, g_free);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SCALE]);
}

static double
change_unit (RfLineChart *self, guint unit, double x)
{
  const double own = rf_chart_map_invert (rf_line_chart_get_map (self, 0, self->unit), x);
  return rf_chart_map_apply (rf_line_chart_get_map (self, 0, unit), own);
}

/* The same part of the run stays in view. */
static void
set_unit (RfLineChart *self, guint unit)
{
  if (unit == self->unit)
    return;
  g_return_if_fail (unit < self->n_units);
  const RfLineChartView before = self->view;
  if (before.low < before.high)
    self->view = (RfLineChartView){ change_unit (self, unit, before.low),
                                    change_unit (self, unit, before.high) };
  self->unit = unit;
  rf_line_chart_set_crosshair (self, NAN);
  rf_line_chart_queue_change (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_X_UNIT]);
  if (before.low < before.high)
    rf_line_chart_view_changed (self, TRUE);
}

void
rf_line_chart_view_changed (RfLineChart *self, gboolean of_x)
{
  const gboolean zoomed = rf_line_chart_is_zoomed (self);
  if (zoomed && !self->reset)
    {
      /* Not in the way of Tab: there is a key for it. */
      self->reset = gtk_button_new_from_icon_name ("zoom-fit-best-symbolic");
      gtk_widget_set_focusable (self->reset, FALSE);
      gtk_widget_set_tooltip_text (self->reset, _ ("Show the whole run (0)"));
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->reset), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _ ("Show the whole run"), -1);
      gtk_widget_add_css_class (self->reset, "circular");
      gtk_widget_add_css_class (self->reset, "osd");
      gtk_widget_add_css_class (self->reset, "chart-reset");
      gtk_actionable_set_action_name (GTK_ACTIONABLE (self->reset), "chart.reset-zoom");
      gtk_widget_set_parent (self->reset, GTK_WIDGET (self));
    }
  if (self->reset)
    gtk_widget_set_visible (self->reset, zoomed);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "chart.reset-zoom", zoomed);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (of_x)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_VIEW]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ZOOMED]);
}

static void
set_view (RfLineChart *self, const RfLineChartView *view)
{
  if (view)
    rf_line_chart_set_view (self, view->low, view->high);
  else
    rf_line_chart_reset_view (self);
}

static void
rf_line_chart_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RfLineChart *self = RF_LINE_CHART (object);
  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_SUBTITLE:
      g_value_set_string (value, self->subtitle);
      break;
    case PROP_X_LABEL:
      g_value_set_string (value, self->x_label);
      break;
    case PROP_EMPTY:
      g_value_set_string (value, self->empty);
      break;
    case PROP_UNIT_RANGE:
      g_value_set_boolean (value, self->unit_range);
      break;
    case PROP_LOG_SCALE:
      g_value_set_boolean (value, self->log_scale);
      break;
    case PROP_LOG_X:
      g_value_set_boolean (value, self->log_x);
      break;
    case PROP_X_UNIT:
      g_value_set_uint (value, self->unit);
      break;
    case PROP_VIEW:
      g_value_set_boxed (value, self->view.low < self->view.high ? &self->view : NULL);
      break;
    case PROP_ZOOMED:
      g_value_set_boolean (value, rf_line_chart_is_zoomed (self));
      break;
    case PROP_CROSSHAIR:
      g_value_set_double (value, self->crosshair);
      break;
    case PROP_CURSOR:
      g_value_set_double (value, self->cursor);
      break;
    case PROP_SCALE:
      g_value_set_double (value, self->scale);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
set_text (RfLineChart *self, char **field, const GValue *value, GParamSpec *pspec)
{
  const char *text = g_value_get_string (value);
  if (g_strcmp0 (*field, text) == 0)
    return;
  g_free (*field);
  *field = g_strdup (text);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), pspec);
}

static void
set_flag (RfLineChart *self, gboolean *field, const GValue *value, GParamSpec *pspec)
{
  if (*field == g_value_get_boolean (value))
    return;
  *field = g_value_get_boolean (value);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), pspec);
}

static void
rf_line_chart_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RfLineChart *self = RF_LINE_CHART (object);
  switch (id)
    {
    case PROP_TITLE:
      set_text (self, &self->title, value, pspec);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      self->title ? self->title : "", -1);
      break;
    case PROP_SUBTITLE:
      set_text (self, &self->subtitle, value, pspec);
      break;
    case PROP_X_LABEL:
      set_text (self, &self->x_label, value, pspec);
      break;
    case PROP_EMPTY:
      set_text (self, &self->empty, value, pspec);
      break;
    case PROP_UNIT_RANGE:
      set_flag (self, &self->unit_range, value, pspec);
      break;
    case PROP_LOG_SCALE:
      set_flag (self, &self->log_scale, value, pspec);
      break;
    case PROP_LOG_X:
      set_flag (self, &self->log_x, value, pspec);
      break;
    case PROP_X_UNIT:
      set_unit (self, g_value_get_uint (value));
      break;
    case PROP_VIEW:
      set_view (self, g_value_get_boxed (value));
      break;
    case PROP_CROSSHAIR:
      rf_line_chart_set_crosshair (self, g_value_get_double (value));
      break;
    case PROP_CURSOR:
      set_cursor (self, g_value_get_double (value));
      break;
    case PROP_SCALE:
      set_scale (self, g_value_get_double (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rf_line_chart_dispose (GObject *object)
{
  RfLineChart *self = RF_LINE_CHART (object);
  rf_line_chart_dispose_menu (self);
  g_clear_handle_id (&self->redraw_id, rf_rhythm_forget);
  g_clear_handle_id (&self->describe_id, g_source_remove);
  g_clear_handle_id (&self->place_id, g_source_remove);
  g_clear_pointer (&self->reset, gtk_widget_unparent);
  G_OBJECT_CLASS (rf_line_chart_parent_class)->dispose (object);
}

static void
rf_line_chart_finalize (GObject *object)
{
  RfLineChart *self = RF_LINE_CHART (object);
  g_free (self->title);
  g_free (self->subtitle);
  g_free (self->x_label);
  g_free (self->empty);
  g_free (self->font);
  rf_line_chart_finalize_data (self);
  G_OBJECT_CLASS (rf_line_chart_parent_class)->finalize (object);
}

static void
reset_zoom (GtkWidget *widget, const char *action, GVariant *parameter)
{
  rf_line_chart_reset_view (RF_LINE_CHART (widget));
}

static void
rf_line_chart_class_init (RfLineChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = rf_line_chart_get_property;
  object_class->set_property = rf_line_chart_set_property;
  object_class->dispose = rf_line_chart_dispose;
  object_class->finalize = rf_line_chart_finalize;
  widget_class->snapshot = rf_line_chart_snapshot;
  widget_class->measure = rf_line_chart_measure;
  widget_class->size_allocate = rf_line_chart_size_allocate;
  widget_class->css_changed = rf_line_chart_css_changed;

  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  props[PROP_SUBTITLE] = g_param_spec_string ("subtitle", NULL, NULL, NULL, flags);
  props[PROP_X_LABEL] = g_param_spec_string ("x-label", NULL, NULL, NULL, flags);
  props[PROP_EMPTY] = g_param_spec_string ("empty", NULL, NULL, NULL, flags);
  props[PROP_UNIT_RANGE] = g_param_spec_boolean ("unit-range", NULL, NULL, FALSE, flags);
  props[PROP_LOG_SCALE] = g_param_spec_boolean ("log-scale", NULL, NULL, FALSE, flags);
  /* Lax, for NaN is no value of a range. */
  props[PROP_CROSSHAIR] = g_param_spec_double ("crosshair", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE,
                                               0, flags | G_PARAM_LAX_VALIDATION);
  props[PROP_CURSOR] = g_param_spec_double ("cursor", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0,
                                            flags | G_PARAM_LAX_VALIDATION);
  props[PROP_SCALE] = g_param_spec_double ("scale", NULL, NULL, 0.5, 4, 1, flags);
  props[PROP_LOG_X] = g_param_spec_boolean ("log-x", NULL, NULL, FALSE, flags);
  props[PROP_X_UNIT]
      = g_param_spec_uint ("x-unit", NULL, NULL, 0, RF_LINE_CHART_MAX_UNITS - 1, 0, flags);
  props[PROP_VIEW] = g_param_spec_boxed ("view", NULL, NULL, RF_TYPE_LINE_CHART_VIEW, flags);
  props[PROP_ZOOMED] = g_param_spec_boolean ("zoomed", NULL, NULL, FALSE,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[TOLD] = g_signal_new ("told", RF_TYPE_LINE_CHART, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRING);

  rf_line_chart_install_export (widget_class);
  gtk_widget_class_install_action (widget_class, "chart.reset-zoom", NULL, reset_zoom);
  gtk_widget_class_install_property_action (widget_class, "chart.log-x", "log-x");
  gtk_widget_class_install_property_action (widget_class, "chart.log-y", "log-scale");
  gtk_widget_class_set_css_name (widget_class, "linechart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
rf_line_chart_init (RfLineChart *self)
{
  self->crosshair = self->cursor = NAN;
  self->scale = 1;
  rf_line_chart_init_data (self);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  rf_line_chart_init_view (self);
  rf_line_chart_init_export (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "chart.reset-zoom", FALSE);
}

GtkWidget *
rf_line_chart_new (void)
{
  return g_object_new (RF_TYPE_LINE_CHART, NULL);
}
