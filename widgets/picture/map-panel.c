/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "widgets/picture/map-panel.h"

#include "widgets/plot/legend.h"

struct _RfMapPanel
{
  GtkWidget parent_instance;
  RfMapGrid *grid;
  RfLegend *legend;
  GtkLabel *pointed;
};

G_DEFINE_FINAL_TYPE (RfMapPanel, rf_map_panel, GTK_TYPE_WIDGET)

enum
{
  PROP_NOUN = 1,
  PROP_LABEL,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

static void
range_cb (RfMapPanel *self)
{
  RfPaletteRange range;
  const gboolean known = rf_map_grid_get_shown_range (self->grid, &range);
  gtk_widget_set_opacity (GTK_WIDGET (self->legend), known ? 1 : 0);
  if (known)
    rf_legend_set_range (self->legend, &range);
}

static void
pointed_cb (RfMapPanel *self, const char *text, double value)
{
  gtk_label_set_label (self->pointed, text ? text : "");
  rf_legend_set_mark (self->legend, value);
}

static void
rf_map_panel_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_NOUN)
    g_object_get_property (G_OBJECT (RF_MAP_PANEL (object)->grid), "noun", value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
rf_map_panel_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RfMapPanel *self = RF_MAP_PANEL (object);
  if (id == PROP_NOUN)
    g_object_set_property (G_OBJECT (self->grid), "noun", value);
  else if (id == PROP_LABEL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->grid), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    g_value_get_string (value), -1);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
rf_map_panel_dispose (GObject *object)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))))
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (rf_map_panel_parent_class)->dispose (object);
}

static void
rf_map_panel_class_init (RfMapPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = rf_map_panel_get_property;
  object_class->set_property = rf_map_panel_set_property;
  object_class->dispose = rf_map_panel_dispose;
  props[PROP_NOUN]
      = g_param_spec_string ("noun", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_LABEL]
      = g_param_spec_string ("label", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "mappanel");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
rf_map_panel_init (RfMapPanel *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (widget);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 8);

  self->grid = RF_MAP_GRID (rf_map_grid_new ());
  self->legend = RF_LEGEND (rf_legend_new ());
  self->pointed = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->pointed, 0);
  gtk_label_set_ellipsize (self->pointed, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (GTK_WIDGET (self->pointed), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->pointed), "numeric");
  gtk_widget_set_parent (GTK_WIDGET (self->grid), widget);
  gtk_widget_set_parent (GTK_WIDGET (self->legend), widget);
  gtk_widget_set_parent (GTK_WIDGET (self->pointed), widget);
  g_signal_connect_swapped (self->grid, "range-changed", G_CALLBACK (range_cb), self);
  g_signal_connect_swapped (self->grid, "notify::selected", G_CALLBACK (range_cb), self);
  g_signal_connect_swapped (self->grid, "pointed", G_CALLBACK (pointed_cb), self);
}

GtkWidget *
rf_map_panel_new (void)
{
  return g_object_new (RF_TYPE_MAP_PANEL, NULL);
}

RfMapGrid *
rf_map_panel_get_grid (RfMapPanel *self)
{
  g_return_val_if_fail (RF_IS_MAP_PANEL (self), NULL);
  return self->grid;
}
