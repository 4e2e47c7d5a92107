/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "widgets/knob/knob.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define ZERO_GAP 0.5 /* decades from the smallest value of a logarithmic slider to its zero */

struct _RfKnob
{
  GtkWidget parent_instance;

  RfKnobRange range; /* its texts are not kept */
  double value;
  GtkAdjustment *position; /* of the slider: the value, or its decimal logarithm */
  GtkWidget *entry, *scale;
  gboolean moving; /* the slider follows, it does not lead */
};

G_DEFINE_FINAL_TYPE (RfKnob, rf_knob, GTK_TYPE_WIDGET)

enum
{
  PROP_VALUE = 1,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

enum
{
  TURNED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

char *
rf_knob_format (double value)
{
  /* Whole numbers in full as long as they fit: 1000000, not 1e+06. */
  const gboolean whole = fabs (value) >= 1e4 && fabs (value) < 1e8 && value == round (value);
  return g_strdup_printf (whole ? "%.0f" : "%.4g", value);
}

gboolean
rf_knob_parse (const char *text, double *value)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  /* A comma is a decimal sign wherever it could be one; thousands are not grouped here. */
  g_strdelimit (trimmed, ",", '.');
  char *end;
  *value = g_ascii_strtod (trimmed, &end);
  return *trimmed && *end == '\0' && isfinite (*value);
}

static gboolean
allowed (const RfKnobRange *range, double value)
{
  return (range->above_minimum ? value > range->minimum : value >= range->minimum)
         && (range->below_maximum ? value < range->maximum : value <= range->maximum);
}

static double
to_position (RfKnob *self, double value)
{
  if (self->range.zero && value <= 0)
    return log10 (self->range.low) - ZERO_GAP;
  const double inside = CLAMP (value, self->range.low, self->range.high);
  return self->range.logarithmic ? log10 (inside) : inside;
}

/* The value at the slider's place, to as many digits as a hand can place it. */
static double
from_position (RfKnob *self, double position)
{
  /* Divided, not multiplied: 29/100 reads 0.29, 29 · 0.01 does not. */
  if (!self->range.logarithmic)
    {
      const double grains = 100 / (self->range.high - self->range.low);
      return self->range.low + round ((position - self->range.low) * grains) / grains;
    }
  if (self->range.zero && position < log10 (self->range.low) - ZERO_GAP / 2)
    return 0;
  const double value = pow (10, position);
  const double grains = pow (10, 1 - floor (position + 1e-9));
  return CLAMP (round (value * grains) / grains, self->range.low, self->range.high);
}

static void
show (RfKnob *self)
{
  g_autofree char *text = rf_knob_format (self->value);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  gtk_widget_remove_css_class (self->entry, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_STATE_INVALID,
                               GTK_ACCESSIBLE_INVALID_FALSE, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scale), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                  text, -1);
  self->moving = TRUE;
  gtk_adjustment_set_value (self->position, to_position (self, self->value));
  self->moving = FALSE;
}

void
rf_knob_set_value (RfKnob *self, double value)
{
  g_return_if_fail (RF_IS_KNOB (self));

  const gboolean changed = self->value != value;
  self->value = value;
  show (self);
  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_VALUE]);
}

double
rf_knob_get_value (RfKnob *self)
{
  g_return_val_if_fail (RF_IS_KNOB (self), 0);
  return self->value;
}

static void
turn (RfKnob *self, double value)
{
  if (value == self->value)
    {
      show (self);
      return;
    }
  rf_knob_set_value (self, value);
  g_signal_emit (self, signals[TURNED], 0, value);
}

static void
position_cb (RfKnob *self)
{
  if (!self->moving)
    turn (self, from_position (self, gtk_adjustment_get_value (self->position)));
}

static void
activate_cb (RfKnob *self)
{
  double value;
  if (rf_knob_parse (gtk_editable_get_text (GTK_EDITABLE (self->entry)), &value)
      && allowed (&self->range, value))
    {
      turn (self, value);
      return;
    }
  gtk_widget_add_css_class (self->entry, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_STATE_INVALID,
                               GTK_ACCESSIBLE_INVALID_TRUE, -1);
  gtk_widget_error_bell (self->entry);
}

/* Leaving the entry takes what was typed, if it can be taken. */
static void
leave_cb (RfKnob *self)
{
  g_autofree char *shown = rf_knob_format (self->value);
  if (g_strcmp0 (shown, gtk_editable_get_text (GTK_EDITABLE (self->entry))) != 0)
    activate_cb (self);
  show (self);
}

/* One step of the arrow keys; between the smallest value and zero there is nothing to stop at. */
static void
step (RfKnob *self, int direction)
{
  const double smallest = log10 (self->range.low);
  double position = gtk_adjustment_get_value (self->position);
  if (self->range.zero && direction > 0 && position < smallest)
    position = smallest;
  else if (self->range.zero && direction < 0 && position < smallest + 1e-9)
    position = smallest - ZERO_GAP;
  else
    position += direction * gtk_adjustment_get_step_increment (self->position);
  gtk_adjustment_set_value (self->position, position);
}

static gboolean
change_value_cb (RfKnob *self, GtkScrollType scroll)
{
  if (scroll != GTK_SCROLL_STEP_FORWARD && scroll != GTK_SCROLL_STEP_BACKWARD)
    return FALSE;
  step (self, scroll == GTK_SCROLL_STEP_FORWARD ? 1 : -1);
  return TRUE;
}

static gboolean
key_cb (RfKnob *self, guint key, guint code, GdkModifierType modifiers)
{
  switch (key)
    {
    case GDK_KEY_Escape:
      show (self);
      return GDK_EVENT_STOP;
    case GDK_KEY_Up:
      step (self, 1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Down:
      step (self, -1);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

/* The wheel scrolls what the knob lies in: turning a knob on the way there would train with another
 * rate than one thinks. */
static void
ignore_wheel (GtkWidget *scale)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (scale);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      if (GTK_IS_EVENT_CONTROLLER_SCROLL (controller))
        gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_NONE);
    }
}

static void
rf_knob_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_VALUE)
    g_value_set_double (value, RF_KNOB (object)->value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
rf_knob_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_VALUE)
    rf_knob_set_value (RF_KNOB (object), g_value_get_double (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
rf_knob_dispose (GObject *object)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))))
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (rf_knob_parent_class)->dispose (object);
}

static void
rf_knob_class_init (RfKnobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = rf_knob_get_property;
  object_class->set_property = rf_knob_set_property;
  object_class->dispose = rf_knob_dispose;

  props[PROP_VALUE]
      = g_param_spec_double ("value", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0,
                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[TURNED] = g_signal_new ("turned", RF_TYPE_KNOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_DOUBLE);

  gtk_widget_class_set_css_name (widget_class, "knob");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_GRID_LAYOUT);
}

static void
place (RfKnob *self, GtkWidget *child, int column, int row, int span)
{
  GtkLayoutManager *grid = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  g_object_set (gtk_layout_manager_get_layout_child (grid, child), "column", column, "row", row,
                "column-span", span, NULL);
}

static void
rf_knob_init (RfKnob *self)
{
  self->range = (RfKnobRange){ .maximum = 1, .high = 1 };
  self->entry = gtk_entry_new ();
  gtk_editable_set_width_chars (GTK_EDITABLE (self->entry), 8);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (self->entry), 8);
  gtk_entry_set_alignment (GTK_ENTRY (self->entry), 1);
  gtk_entry_set_input_purpose (GTK_ENTRY (self->entry), GTK_INPUT_PURPOSE_NUMBER);
  gtk_widget_add_css_class (self->entry, "numeric");
  g_signal_connect_swapped (self->entry, "activate", G_CALLBACK (activate_cb), self);
  GtkEventController *focus = gtk_event_controller_focus_new ();
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (self->entry, focus);
  GtkEventController *key = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (key, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (self->entry, key);

  self->position = gtk_adjustment_new (0, 0, 1, 0.01, 0.1, 0);
  self->scale = gtk_scale_new (GTK_ORIENTATION_HORIZONTAL, self->position);
  gtk_widget_set_hexpand (self->scale, TRUE);
  ignore_wheel (self->scale);
  g_signal_connect_swapped (self->scale, "change-value", G_CALLBACK (change_value_cb), self);
  g_signal_connect_swapped (self->position, "value-changed", G_CALLBACK (position_cb), self);

  gtk_widget_set_parent (self->entry, GTK_WIDGET (self));
  gtk_widget_set_parent (self->scale, GTK_WIDGET (self));
  GtkLayoutManager *grid = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  gtk_grid_layout_set_column_spacing (GTK_GRID_LAYOUT (grid), 12);
}

GtkWidget *
rf_knob_new (const RfKnobRange *range, double value)
{
  g_return_val_if_fail (range && range->low < range->high, NULL);
  g_return_val_if_fail (!range->logarithmic || range->low > 0, NULL);
  g_return_val_if_fail (!range->zero || range->logarithmic, NULL);

  RfKnob *self = g_object_new (RF_TYPE_KNOB, NULL);
  const char *name = range->name ? range->name : range->title;
  if (range->title)
    {
      GtkWidget *title = gtk_label_new (range->title);
      gtk_label_set_xalign (GTK_LABEL (title), 0);
      gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
      gtk_widget_set_hexpand (title, TRUE);
      gtk_widget_set_parent (title, GTK_WIDGET (self));
      place (self, title, 0, 0, 1);
    }
  place (self, self->scale, 0, range->title ? 1 : 0, range->title ? 2 : 1);
  place (self, self->entry, 1, 0, 1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), range->summary);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scale), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  range->summary ? range->summary : "", -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  self->range = *range;
  self->range.title = self->range.summary = self->range.name = NULL;
  self->value = value;

  self->moving = TRUE;
  const double low = to_position (self, range->zero ? 0 : range->low);
  const double high = to_position (self, range->high);
  gtk_adjustment_configure (self->position, to_position (self, value), low, high,
                            range->logarithmic ? 0.05 : (high - low) / 100,
                            range->logarithmic ? 0.5 : (high - low) / 10, 0);
  self->moving = FALSE;
  show (self);
  return GTK_WIDGET (self);
}

GtkWidget *
rf_knob_get_scale (RfKnob *self)
{
  g_return_val_if_fail (RF_IS_KNOB (self), NULL);
  return self->scale;
}

GtkWidget *
rf_knob_get_entry (RfKnob *self)
{
  g_return_val_if_fail (RF_IS_KNOB (self), NULL);
  return self->entry;
}
