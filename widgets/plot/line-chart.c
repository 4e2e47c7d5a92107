/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "widgets/plot/line-chart-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define DESCRIBE_EVERY 1  /* second */
#define REDRAW_EVERY   66 /* milliseconds: new points need not come on show faster */

typedef struct
{
  RfLineChartLook look;
  char *label;
  GArray *x, *y; /* of double */
  RfSmoother smoother;
} Series;

struct _RfLineChart
{
  GtkWidget parent_instance;

  char *title, *subtitle, *x_label, *empty;
  gboolean unit_range, log_scale;
  double crosshair;

  GPtrArray *series; /* of Series * */
  GArray *flags;     /* of RfChartFlag */

  RfChartStyle style; /* of the theme, kept until it changes */
  char *font;
  RfChartArea area; /* of the last painting */

  guint redraw_id;
  gint64 drawn; /* when points were last brought on show */
  guint describe_id;
  gboolean describe_again;
};

G_DEFINE_FINAL_TYPE (RfLineChart, rf_line_chart, GTK_TYPE_WIDGET)

enum
{
  PROP_TITLE = 1,
  PROP_SUBTITLE,
  PROP_X_LABEL,
  PROP_EMPTY,
  PROP_UNIT_RANGE,
  PROP_LOG_SCALE,
  PROP_CROSSHAIR,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

enum
{
  TOLD,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
free_series (gpointer data)
{
  Series *series = data;
  g_free (series->label);
  g_array_unref (series->x);
  g_array_unref (series->y);
  g_free (series);
}

static void
clear_flag (gpointer flag)
{
  g_free ((char *) ((RfChartFlag *) flag)->text);
}

/* Newest values in words, for those who cannot see the lines. */
static void
describe (RfLineChart *self)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < self->series->len; i++)
    {
      const Series *series = g_ptr_array_index (self->series, i);
      if (series->look.faint || !series->label || series->x->len == 0)
        continue;
      const guint last = series->x->len - 1;
      g_autofree char *value
          = rf_chart_format_value (g_array_index (series->y, double, last), self->unit_range);
      /* Translators: a line of a chart, its newest value, "step", a number. */
      g_string_append_printf (text, _ ("%s %s at %s %.0f; "), series->label, value,
                              self->x_label ? self->x_label : "",
                              g_array_index (series->x, double, last));
    }
  if (text->len > 2)
    g_string_truncate (text, text->len - 2);
  else
    g_string_assign (text, self->empty ? self->empty : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text->str, -1);
  g_string_free (text, TRUE);
}

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
  describe (self);
  return G_SOURCE_CONTINUE;
}

static void
redraw_cb (gpointer data)
{
  RfLineChart *self = data;
  self->redraw_id = 0;
  self->drawn = g_get_monotonic_time ();
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Points come as fast as a network learns; what is under the pointer is painted at once, these are
 * gathered. */
static void
queue_change (RfLineChart *self)
{
  if (self->redraw_id == 0)
    {
      const gint64 since = (g_get_monotonic_time () - self->drawn) / 1000;
      self->redraw_id = g_timeout_add_once (MAX (0, REDRAW_EVERY - since), redraw_cb, self);
    }
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

void
rf_line_chart_describe (RfLineChart *self, RfChart *chart, RfChartSeries *series)
{
  for (guint i = 0; i < self->series->len; i++)
    {
      const Series *s = g_ptr_array_index (self->series, i);
      series[i] = (RfChartSeries){
        .label = s->label,
        .x = (const double *) s->x->data,
        .y = (const double *) s->y->data,
        .n = s->x->len,
        .color = s->look.color,
        .faint = s->look.faint,
        .markers = s->look.markers,
        .dash = s->look.dash,
        .n_dashes = s->look.n_dashes,
      };
    }
  *chart = (RfChart){
    .title = self->title,
    .x_label = self->x_label,
    .y_label = self->subtitle,
    .series = series,
    .n_series = self->series->len,
    .flags = (const RfChartFlag *) self->flags->data,
    .n_flags = self->flags->len,
    .x_kind = RF_CHART_COUNT,
    .log_y = self->log_scale,
    .unit_range = self->unit_range,
    .widest_tick = "100 %",
    .empty = self->empty,
  };
}

static void
rf_line_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RfLineChart *self = RF_LINE_CHART (widget);
  const double width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  if (width <= 0 || height <= 0)
    return;
  if (!self->font)
    self->font = rf_line_chart_read_theme (widget, &self->style);

  g_autofree RfChartSeries *series = g_new (RfChartSeries, self->series->len + 1);
  RfChart chart;
  rf_line_chart_describe (self, &chart, series);
  chart.crosshair = isfinite (self->crosshair);
  chart.crosshair_x = self->crosshair;
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  rf_line_chart_paint (cr, width, height, &self->style, &chart, &self->area);
  cairo_destroy (cr);
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
  rf_line_chart_allocate_menu (RF_LINE_CHART (widget));
}

static void
set_crosshair (RfLineChart *self, double x)
{
  /* NaN is equal to NaN here. */
  if (x == self->crosshair || (isnan (x) && isnan (self->crosshair)))
    return;
  self->crosshair = x;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CROSSHAIR]);
}

static void
motion_cb (RfLineChart *self, double x, double y)
{
  const RfChartArea *area = &self->area;
  if (area->width > 0 && x >= area->left && x <= area->left + area->width)
    set_crosshair (
        self, round (area->x_min + (area->x_max - area->x_min) * (x - area->left) / area->width));
  else
    set_crosshair (self, NAN);
}

static void
leave_cb (RfLineChart *self)
{
  set_crosshair (self, NAN);
}

/* Arrows move the crosshair by a hundredth of the axis; it begins at the newest point. */
static gboolean
key_cb (RfLineChart *self, guint key, guint code, GdkModifierType modifiers)
{
  const RfChartArea *area = &self->area;
  const double step = MAX (1, round ((area->x_max - area->x_min) / 100));
  const double from = isfinite (self->crosshair) ? self->crosshair : area->x_max;
  if (modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK) || area->width <= 0)
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Left:
      set_crosshair (self, MAX (area->x_min, from - step));
      return GDK_EVENT_STOP;
    case GDK_KEY_Right:
      set_crosshair (self, MIN (area->x_max, from + step));
      return GDK_EVENT_STOP;
    case GDK_KEY_Home:
      set_crosshair (self, area->x_min);
      return GDK_EVENT_STOP;
    case GDK_KEY_End:
      set_crosshair (self, area->x_max);
      return GDK_EVENT_STOP;
    case GDK_KEY_Escape:
      set_crosshair (self, NAN);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
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
    case PROP_CROSSHAIR:
      g_value_set_double (value, self->crosshair);
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
    case PROP_CROSSHAIR:
      set_crosshair (self, g_value_get_double (value));
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
  g_clear_handle_id (&self->redraw_id, g_source_remove);
  g_clear_handle_id (&self->describe_id, g_source_remove);
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
  g_ptr_array_unref (self->series);
  g_array_unref (self->flags);
  G_OBJECT_CLASS (rf_line_chart_parent_class)->finalize (object);
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
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[TOLD] = g_signal_new ("told", RF_TYPE_LINE_CHART, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRING);

  rf_line_chart_install_export (widget_class);
  gtk_widget_class_set_css_name (widget_class, "linechart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
rf_line_chart_init (RfLineChart *self)
{
  self->crosshair = NAN;
  self->series = g_ptr_array_new_with_free_func (free_series);
  self->flags = g_array_new (FALSE, FALSE, sizeof (RfChartFlag));
  g_array_set_clear_func (self->flags, clear_flag);

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);

  GtkEventController *motion = gtk_event_controller_motion_new ();
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  GtkEventController *key = gtk_event_controller_key_new ();
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), key);
  GtkEventController *focus = gtk_event_controller_focus_new ();
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  rf_line_chart_init_export (self);
}

GtkWidget *
rf_line_chart_new (void)
{
  return g_object_new (RF_TYPE_LINE_CHART, NULL);
}

guint
rf_line_chart_add_series (RfLineChart *self, const RfLineChartLook *look)
{
  g_return_val_if_fail (RF_IS_LINE_CHART (self) && look, 0);

  Series *series = g_new0 (Series, 1);
  series->look = *look;
  series->label = g_strdup (look->label);
  series->x = g_array_new (FALSE, FALSE, sizeof (double));
  series->y = g_array_new (FALSE, FALSE, sizeof (double));
  g_ptr_array_add (self->series, series);
  queue_change (self);
  return self->series->len - 1;
}

guint
rf_line_chart_get_n_series (RfLineChart *self)
{
  g_return_val_if_fail (RF_IS_LINE_CHART (self), 0);
  return self->series->len;
}

void
rf_line_chart_append (RfLineChart *self, guint index, double x, double y)
{
  g_return_if_fail (RF_IS_LINE_CHART (self) && index < self->series->len);

  Series *series = g_ptr_array_index (self->series, index);
  if (series->look.smooth)
    y = rf_smoother_next (&series->smoother, y);
  g_array_append_val (series->x, x);
  g_array_append_val (series->y, y);
  queue_change (self);
}

void
rf_line_chart_add_flag (RfLineChart *self, double x, const char *text)
{
  g_return_if_fail (RF_IS_LINE_CHART (self));

  RfChartFlag flag = { x, g_strdup (text) };
  g_array_append_val (self->flags, flag);
  queue_change (self);
}

void
rf_line_chart_clear (RfLineChart *self)
{
  g_return_if_fail (RF_IS_LINE_CHART (self));

  g_ptr_array_set_size (self->series, 0);
  g_array_set_size (self->flags, 0);
  set_crosshair (self, NAN);
  queue_change (self);
}

const double *
rf_line_chart_get_values (RfLineChart *self, guint index, gsize *n)
{
  g_return_val_if_fail (RF_IS_LINE_CHART (self) && index < self->series->len, NULL);

  const Series *series = g_ptr_array_index (self->series, index);
  *n = series->y->len;
  return (const double *) series->y->data;
}

guint
rf_line_chart_get_n_flags (RfLineChart *self)
{
  g_return_val_if_fail (RF_IS_LINE_CHART (self), 0);
  return self->flags->len;
}
