/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/layers/option-control.h"

#include "widgets/knob/knob.h"

#include <glib/gi18n-lib.h>

struct _RfOptionControl
{
  AdwBin parent_instance;

  char *path;
  const RfOption *option;
  GtkWidget *knob, *toggle, *spin; /* one of them, for the option's kind; the others are NULL */
  gboolean moving;                 /* the switch or number follows, it does not lead */
};

G_DEFINE_FINAL_TYPE (RfOptionControl, rf_option_control, ADW_TYPE_BIN)

enum
{
  TURNED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

gboolean
rf_option_control_fits (const RfOption *option)
{
  return option->kind == RF_OPTION_NUMBER || option->kind == RF_OPTION_BOOL
         || option->kind == RF_OPTION_INT;
}

static void
knob_cb (RfOptionControl *self, double value)
{
  g_signal_emit (self, signals[TURNED], 0, value);
}

static void
changed_cb (RfOptionControl *self)
{
  if (!self->moving)
    g_signal_emit (self, signals[TURNED], 0, rf_option_control_get (self));
}

/* The slider covers what is commonly used; the rest of the range can be typed. */
static void
choose_slider (RfKnobRange *range, const RfOption *option)
{
  range->logarithmic = (option->flags & RF_OPTION_LOG) != 0;
  if (range->logarithmic)
    {
      const gboolean factor = option->fallback == 1;
      /* A rate has a default and is not turned to zero; a penalty's default is zero. */
      range->zero = option->minimum == 0 && !range->above_minimum
                    && !(option->flags & RF_OPTION_REQUIRED) && (factor || option->fallback == 0);
      range->low = MAX (option->minimum, factor ? 0.01 : range->zero ? 1e-6 : 1e-5);
      range->high = MIN (option->maximum, factor ? 10 : 1);
      return;
    }
  range->low = option->minimum;
  range->high = option->maximum;
  if (range->below_maximum)
    range->high -= 0.01 * (option->maximum - option->minimum);
}

static GtkWidget *
make_knob (RfOptionControl *self, double value, const char *name, gboolean titled)
{
  const RfOption *option = self->option;
  RfKnobRange range = {
    .title = titled ? _ (option->title) : NULL,
    .summary = option->summary ? _ (option->summary) : NULL,
    .name = name,
    .minimum = option->minimum,
    .maximum = option->maximum,
    .above_minimum = (option->flags & RF_OPTION_ABOVE) != 0,
    .below_maximum = (option->flags & RF_OPTION_BELOW) != 0,
  };
  choose_slider (&range, option);
  GtkWidget *knob = rf_knob_new (&range, value);
  g_signal_connect_swapped (knob, "turned", G_CALLBACK (knob_cb), self);
  return knob;
}

static GtkWidget *
make_toggle (RfOptionControl *self, double value, const char *name)
{
  const char *summary = self->option->summary ? _ (self->option->summary) : "";
  GtkWidget *toggle = gtk_switch_new ();
  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  gtk_switch_set_active (GTK_SWITCH (toggle), value != 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (toggle), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, summary, -1);
  g_signal_connect_swapped (toggle, "notify::active", G_CALLBACK (changed_cb), self);
  return toggle;
}

static GtkWidget *
make_spin (RfOptionControl *self, double value, const char *name)
{
  const RfOption *option = self->option;
  GtkWidget *spin = gtk_spin_button_new_with_range (option->minimum, option->maximum, 1);
  gtk_widget_set_valign (spin, GTK_ALIGN_CENTER);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), value);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (spin), 6);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  option->summary ? _ (option->summary) : "", -1);
  g_signal_connect_swapped (spin, "value-changed", G_CALLBACK (changed_cb), self);
  return spin;
}

GtkWidget *
rf_option_control_new (const RfOptionPlace *place, const char *layer, gboolean titled)
{
  g_return_val_if_fail (place && rf_option_control_fits (place->option), NULL);

  RfOptionControl *self = g_object_new (RF_TYPE_OPTION_CONTROL, NULL);
  self->path = g_strdup (place->path);
  self->option = place->option;
  const char *title = _ (place->option->title);
  /* Translators: an option, the number of its layer. */
  g_autofree char *name
      = layer ? g_strdup_printf (_ ("%s of layer %s"), title, layer) : g_strdup (title);
  const double value = rf_spec_get (place->spec, place->option);
  if (place->option->kind == RF_OPTION_NUMBER)
    {
      self->knob = make_knob (self, value, name, titled);
      adw_bin_set_child (ADW_BIN (self), self->knob);
      return GTK_WIDGET (self);
    }

  if (place->option->kind == RF_OPTION_INT)
    self->spin = make_spin (self, value, name);
  else
    self->toggle = make_toggle (self, value, name);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (title);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (line), self->spin ? self->spin : self->toggle);
  if (place->option->summary)
    gtk_widget_set_tooltip_text (line, _ (place->option->summary));
  adw_bin_set_child (ADW_BIN (self), line);
  return GTK_WIDGET (self);
}

const char *
rf_option_control_get_path (RfOptionControl *self)
{
  g_return_val_if_fail (RF_IS_OPTION_CONTROL (self), NULL);
  return self->path;
}

gboolean
rf_option_control_is_live (RfOptionControl *self)
{
  g_return_val_if_fail (RF_IS_OPTION_CONTROL (self), FALSE);
  return (self->option->flags & RF_OPTION_LIVE) != 0;
}

const char *
rf_option_control_get_name (RfOptionControl *self)
{
  g_return_val_if_fail (RF_IS_OPTION_CONTROL (self), NULL);
  return self->option->name;
}

void
rf_option_control_set (RfOptionControl *self, double value)
{
  g_return_if_fail (RF_IS_OPTION_CONTROL (self));
  if (self->knob)
    {
      rf_knob_set_value (RF_KNOB (self->knob), value);
      return;
    }
  self->moving = TRUE;
  if (self->spin)
    gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->spin), value);
  else
    gtk_switch_set_active (GTK_SWITCH (self->toggle), value != 0);
  self->moving = FALSE;
}

double
rf_option_control_get (RfOptionControl *self)
{
  g_return_val_if_fail (RF_IS_OPTION_CONTROL (self), 0);
  if (self->knob)
    return rf_knob_get_value (RF_KNOB (self->knob));
  if (self->spin)
    return gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->spin));
  return gtk_switch_get_active (GTK_SWITCH (self->toggle));
}

char *
rf_option_control_describe (RfOptionControl *self)
{
  g_return_val_if_fail (RF_IS_OPTION_CONTROL (self), NULL);
  const double value = rf_option_control_get (self);
  /* Penalties are said even where there is none: they are what a card is opened for. */
  const gboolean penalty
      = g_str_equal (self->option->name, "l1") || g_str_equal (self->option->name, "l2");
  if (value == self->option->fallback && !penalty)
    return NULL;
  if (self->toggle)
    return g_strdup (_ (self->option->title));
  g_autofree char *number = rf_knob_format (value);
  return g_strdup_printf ("%s %s", _ (self->option->title), number);
}

static void
rf_option_control_finalize (GObject *object)
{
  g_free (RF_OPTION_CONTROL (object)->path);
  G_OBJECT_CLASS (rf_option_control_parent_class)->finalize (object);
}

static void
rf_option_control_class_init (RfOptionControlClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rf_option_control_finalize;
  signals[TURNED] = g_signal_new ("turned", RF_TYPE_OPTION_CONTROL, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
}

static void
rf_option_control_init (RfOptionControl *self)
{
}
