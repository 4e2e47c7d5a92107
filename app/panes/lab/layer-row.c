/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/lab/layer-row.h"

#include "model/layers/layer.h"

#include <glib/gi18n-lib.h>

#define INDENT       18 /* of a layer within a residual */
#define SPACING      8
#define NUMBER_WIDTH 26 /* of the column with the layer's number */

struct _RfLayerRow
{
  AdwPreferencesRow parent_instance;
  GtkWidget *box;
  char *name;
};

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
  G_OBJECT_CLASS (rf_layer_row_parent_class)->finalize (object);
}

static void
rf_layer_row_class_init (RfLayerRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rf_layer_row_finalize;
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

/* What the layer does, and what that costs. */
static char *
describe_cost (const RfLayerSummary *layer)
{
  const char *summary = _ (layer->klass->spec.summary);
  if (layer->cost == 0)
    return g_strdup (summary);
  return g_strdup_printf (_ ("%s.\n%'.0f multiply-adds a picture"), summary, (double) layer->cost);
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

  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SPACING);
  GtkWidget *number = make_label (layer->name, "dim-label");
  gtk_widget_set_size_request (number, NUMBER_WIDTH - SPACING, -1);
  gtk_label_set_ellipsize (GTK_LABEL (number), PANGO_ELLIPSIZE_NONE);
  gtk_widget_add_css_class (number, "numeric");
  gtk_widget_set_tooltip_text (number, _ ("Number of the layer, as in the names of its weights"));
  gtk_box_append (GTK_BOX (line), number);
  GtkWidget *heading = make_label (title, NULL);
  gtk_box_append (GTK_BOX (line), heading);
  /* What a knob below shows is not said twice. */
  GtkWidget *details = make_label (layer->klass->rate < 0 ? layer->describe : "", "dim-label");
  gtk_widget_set_hexpand (details, TRUE);
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
      const guint n = (guint) layer->n_parameters;
      g_autofree char *text = g_strdup_printf (ngettext ("%'u parameter", "%'u parameters", n), n);
      GtkWidget *parameters = make_label (text, "dim-label");
      gtk_widget_add_css_class (parameters, "caption");
      gtk_widget_set_margin_start (parameters, NUMBER_WIDTH);
      gtk_box_append (GTK_BOX (self->box), parameters);
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
