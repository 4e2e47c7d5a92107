/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/layers/layer-row.h"

#include "app/text.h"
#include "model/layers/layer.h"

#include <glib/gi18n-lib.h>

#define INDENT       18 /* of a layer within a residual */
#define SPACING      8
#define NAME_CHARS   20 /* of a layer's name that are always to be seen */
#define NUMBER_WIDTH 32 /* of the column with the layer's number, up to its title */
#define ARROW_WIDTH  16 /* of an expander, in the same column */

struct _RfLayerRow
{
  AdwPreferencesRow parent_instance;
  GtkWidget *box;
  GtkWidget *number;     /* a toggle: is the card selected? */
  GtkExpander *expander; /* of the options; NULL: none so far */
  GtkWidget *options;    /* a box in it */
  GtkLabel *state;       /* what it is as long as it is closed */
  char *name, *size;
};

enum
{
  SELECTED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RfLayerRow, rf_layer_row, ADW_TYPE_PREFERENCES_ROW)

const char *
rf_layer_row_get_name (RfLayerRow *self)
{
  g_return_val_if_fail (RF_IS_LAYER_ROW (self), NULL);
  return self->name;
}

static void
rf_layer_row_finalize (GObject *object)
{
  g_free (RF_LAYER_ROW (object)->name);
  g_free (RF_LAYER_ROW (object)->size);
  G_OBJECT_CLASS (rf_layer_row_parent_class)->finalize (object);
}

static void
rf_layer_row_class_init (RfLayerRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rf_layer_row_finalize;
  signals[SELECTED] = g_signal_new ("selected", RF_TYPE_LAYER_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 0);
}

static void
rf_layer_row_init (RfLayerRow *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_widget_add_css_class (self->box, "layer-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), self->box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  /* There is nothing to be done with the row itself: Tab goes on to its knobs. */
  gtk_widget_set_focusable (GTK_WIDGET (self), FALSE);
}

static GtkWidget *
make_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
selected_cb (RfLayerRow *self)
{
  if (rf_layer_row_get_selected (self))
    gtk_widget_add_css_class (GTK_WIDGET (self), "selected");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "selected");
  g_signal_emit (self, signals[SELECTED], 0);
}

/* Its number is what a card is selected by: small, at the same place in each, and reached by Tab.
 */
static GtkWidget *
make_number (RfLayerRow *self, const char *name)
{
  GtkWidget *number = gtk_toggle_button_new ();
  GtkWidget *label = gtk_label_new (name);
  gtk_widget_add_css_class (label, "numeric");
  gtk_button_set_child (GTK_BUTTON (number), label);
  gtk_widget_add_css_class (number, "flat");
  gtk_widget_add_css_class (number, "layer-number");
  gtk_widget_set_valign (number, GTK_ALIGN_CENTER);
  gtk_widget_set_size_request (number, NUMBER_WIDTH - SPACING, -1);
  gtk_widget_set_tooltip_text (
      number, _ ("Number of the layer, as in the names of its weights. Press to select the layer: "
                 "a slider of one selected layer moves that of all"));
  /* Translators: the number of a layer. */
  g_autofree char *text = g_strdup_printf (_ ("Select layer %s"), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (number), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  g_signal_connect_swapped (number, "toggled", G_CALLBACK (selected_cb), self);
  return number;
}

gboolean
rf_layer_row_get_selected (RfLayerRow *self)
{
  g_return_val_if_fail (RF_IS_LAYER_ROW (self), FALSE);
  return gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->number));
}

void
rf_layer_row_set_selected (RfLayerRow *self, gboolean selected)
{
  g_return_if_fail (RF_IS_LAYER_ROW (self));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->number), selected);
}

void
rf_layer_row_set_expanded (RfLayerRow *self, gboolean expanded)
{
  g_return_if_fail (RF_IS_LAYER_ROW (self));
  if (self->expander)
    gtk_expander_set_expanded (self->expander, expanded);
}

/* What the layer does, and what that costs. */
static char *
describe_cost (const RfLayerSummary *layer)
{
  const char *summary = _ (layer->klass->spec.summary);
  if (layer->cost == 0)
    return g_strdup (summary);
  g_autofree char *cost = rf_text_count ((double) layer->cost);
  return g_strdup_printf (_ ("%s.\n%s multiply-adds a picture"), summary, cost);
}

GtkWidget *
rf_layer_row_new (const RfLayerSummary *layer)
{
  g_return_val_if_fail (layer, NULL);

  RfLayerRow *self = g_object_new (RF_TYPE_LAYER_ROW, NULL);
  self->name = g_strdup (layer->name);
  const RfSpecClass *spec = &layer->klass->spec;
  const char *title = _ (spec->title);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_autofree char *tooltip = describe_cost (layer);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), tooltip);
  int depth = -1;
  for (const char *c = layer->path; *c; c++)
    depth += *c == '[';
  gtk_widget_set_margin_start (self->box, INDENT * MAX (depth, 0));
  /* What a knob below shows is not said twice. Beside the long name of a layer within another there
   * is no room for it: it goes down to its size. */
  const char *details_text = layer->klass->rate < 0 ? layer->describe : "";
  const gboolean below = depth > 0 && layer->n_parameters > 0 && *details_text;

  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SPACING);
  self->number = make_number (self, layer->name);
  gtk_box_append (GTK_BOX (line), self->number);
  /* The name of the layer is cut short only if it is long, and then said by the tooltip. */
  GtkWidget *heading = make_label (title, NULL);
  if (g_utf8_strlen (title, -1) <= NAME_CHARS)
    gtk_label_set_ellipsize (GTK_LABEL (heading), PANGO_ELLIPSIZE_NONE);
  else
    gtk_widget_set_tooltip_text (heading, title);
  gtk_box_append (GTK_BOX (line), heading);
  GtkWidget *details = make_label (below ? "" : details_text, "dim-label");
  gtk_widget_set_hexpand (details, TRUE);
  if (!below && *details_text)
    gtk_widget_set_tooltip_text (details, details_text);
  gtk_box_append (GTK_BOX (line), details);
  g_autofree char *shape_text = rf_shape_to_text (layer->out);
  GtkWidget *shape = make_label (shape_text, "dim-label");
  gtk_label_set_ellipsize (GTK_LABEL (shape), PANGO_ELLIPSIZE_NONE);
  gtk_widget_add_css_class (shape, "numeric");
  gtk_widget_add_css_class (shape, "shape");
  gtk_widget_set_tooltip_text (shape, _ ("Shape of its output: channels × height × width"));
  gtk_box_append (GTK_BOX (line), shape);
  gtk_box_append (GTK_BOX (self->box), line);

  if (layer->n_parameters > 0)
    {
      g_autofree char *count = rf_text_count ((double) layer->n_parameters);
      g_autofree char *size = g_strdup_printf (
          ngettext ("%s parameter", "%s parameters", (gulong) layer->n_parameters), count);
      self->size = below ? g_strdup_printf ("%s · %s", details_text, size) : g_strdup (size);
      self->state = GTK_LABEL (make_label (self->size, "dim-label"));
      gtk_widget_add_css_class (GTK_WIDGET (self->state), "caption");
      gtk_widget_set_margin_start (GTK_WIDGET (self->state), NUMBER_WIDTH);
      gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->state));
    }
  return GTK_WIDGET (self);
}

void
rf_layer_row_add_knob (RfLayerRow *self, GtkWidget *knob)
{
  g_return_if_fail (RF_IS_LAYER_ROW (self));
  gtk_widget_set_margin_start (knob, NUMBER_WIDTH);
  gtk_box_append (GTK_BOX (self->box), knob);
}

/* The line with the number of parameters becomes the head of an expander. */
static void
add_expander (RfLayerRow *self)
{
  GtkWidget *label = self->state ? GTK_WIDGET (self->state) : make_label (NULL, "caption");
  g_object_ref_sink (label);
  if (self->state)
    gtk_box_remove (GTK_BOX (self->box), label);
  gtk_widget_set_margin_start (label, NUMBER_WIDTH - ARROW_WIDTH);
  self->state = GTK_LABEL (label);

  GtkWidget *expander = gtk_expander_new (NULL);
  self->expander = GTK_EXPANDER (expander);
  gtk_expander_set_label_widget (self->expander, label);
  g_object_unref (label);
  gtk_widget_set_tooltip_text (label, _ ("Penalties and learning rate of this layer"));
  /* Translators: the number of a layer. */
  g_autofree char *name = g_strdup_printf (_ ("Options of layer %s"), self->name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (expander), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  self->options = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_add_css_class (self->options, "options");
  gtk_widget_set_margin_start (self->options, NUMBER_WIDTH);
  gtk_expander_set_child (self->expander, self->options);
  gtk_box_append (GTK_BOX (self->box), expander);
}

void
rf_layer_row_add_option (RfLayerRow *self, RfOptionControl *control)
{
  g_return_if_fail (RF_IS_LAYER_ROW (self) && RF_IS_OPTION_CONTROL (control));
  if (!self->expander)
    add_expander (self);
  gtk_box_append (GTK_BOX (self->options), GTK_WIDGET (control));
  rf_layer_row_update (self);
}

void
rf_layer_row_update (RfLayerRow *self)
{
  g_return_if_fail (RF_IS_LAYER_ROW (self));
  if (!self->options)
    return;
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  if (self->size)
    g_ptr_array_add (parts, g_strdup (self->size));
  for (GtkWidget *child = gtk_widget_get_first_child (self->options); child;
       child = gtk_widget_get_next_sibling (child))
    {
      char *text = rf_option_control_describe (RF_OPTION_CONTROL (child));
      if (text)
        g_ptr_array_add (parts, text);
    }
  g_ptr_array_add (parts, NULL);
  g_autofree char *text = g_strjoinv (" · ", (char **) parts->pdata);
  gtk_label_set_label (self->state, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->expander),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}
