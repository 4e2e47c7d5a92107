/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/features-layers/features-layers-pane.h"

#include "app/controls.h"

#include <glib/gi18n-lib.h>

struct _RfFeaturesLayersPane
{
  RfPane parent_instance;

  RfFeatureBench *bench;
  GtkWidget *title;
};

G_DEFINE_FINAL_TYPE (RfFeaturesLayersPane, rf_features_layers_pane, RF_TYPE_PANE)

const RfPaneInfo rf_features_layers_pane = {
  .id = "features-layers",
  .title = N_ ("Layers"),
  .icon_name = "rf-features-symbolic",
  .page = "features",
  .place = RF_PLACE_MIDDLE,
  .get_type = rf_features_layers_pane_get_type,
};

static void
choice_cb (RfFeaturesLayersPane *self)
{
  const RfNet *net = rf_feature_bench_get_layers (self->bench);
  const guint layer = rf_feature_bench_get_layer (self->bench);
  g_autofree char *name
      = net && layer < net->layers->len ? rf_feature_layers_name (net->layers->pdata[layer]) : NULL;
  gtk_label_set_label (GTK_LABEL (self->title), name ? name : "");
}

static void
set_margins (GtkWidget *widget, int top)
{
  gtk_widget_set_margin_start (widget, 12);
  gtk_widget_set_margin_end (widget, 12);
  gtk_widget_set_margin_top (widget, top);
  gtk_widget_set_margin_bottom (widget, 12);
}

static GtkWidget *
make_scrolled (GtkWidget *view)
{
  set_margins (view, 6);
  return rf_control_scrolled (view);
}

static void
rf_features_layers_pane_constructed (GObject *object)
{
  RfFeaturesLayersPane *self = RF_FEATURES_LAYERS_PANE (object);
  G_OBJECT_CLASS (rf_features_layers_pane_parent_class)->constructed (object);
  RfSession *session = rf_pane_get_session (RF_PANE (self));
  self->bench = rf_feature_bench_get (session);

  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *strip = rf_layer_strip_new (self->bench);
  set_margins (strip, 12);
  GtkWidget *stack = gtk_stack_new ();
  gtk_stack_add_titled (GTK_STACK (stack), make_scrolled (rf_maps_view_new (self->bench)), "maps",
                        _ ("Maps"));
  gtk_stack_add_titled (GTK_STACK (stack),
                        make_scrolled (rf_filters_view_new (self->bench, session)), "filters",
                        _ ("Filters"));
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  set_margins (line, 0);
  gtk_widget_set_margin_bottom (line, 0);
  self->title = rf_control_heading ("");
  gtk_label_set_ellipsize (GTK_LABEL (self->title), PANGO_ELLIPSIZE_NONE);
  gtk_label_set_wrap (GTK_LABEL (self->title), TRUE);
  gtk_widget_set_hexpand (self->title, TRUE);
  GtkWidget *switcher = gtk_stack_switcher_new ();
  gtk_widget_add_css_class (switcher, "narrow-switcher");
  gtk_widget_set_valign (switcher, GTK_ALIGN_CENTER);
  gtk_stack_switcher_set_stack (GTK_STACK_SWITCHER (switcher), GTK_STACK (stack));
  gtk_box_append (GTK_BOX (line), self->title);
  gtk_box_append (GTK_BOX (line), switcher);
  gtk_box_append (GTK_BOX (box), strip);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), stack);
  adw_bin_set_child (ADW_BIN (self), box);
  g_signal_connect_object (self->bench, "choice", G_CALLBACK (choice_cb), self, G_CONNECT_SWAPPED);
  choice_cb (self);
}

static void
rf_features_layers_pane_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (rf_features_layers_pane_parent_class)->map (widget);
  rf_feature_bench_hold (RF_FEATURES_LAYERS_PANE (widget)->bench);
}

static void
rf_features_layers_pane_unmap (GtkWidget *widget)
{
  rf_feature_bench_release (RF_FEATURES_LAYERS_PANE (widget)->bench);
  GTK_WIDGET_CLASS (rf_features_layers_pane_parent_class)->unmap (widget);
}

static void
rf_features_layers_pane_class_init (RfFeaturesLayersPaneClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = rf_features_layers_pane_constructed;
  GTK_WIDGET_CLASS (klass)->map = rf_features_layers_pane_map;
  GTK_WIDGET_CLASS (klass)->unmap = rf_features_layers_pane_unmap;
}

static void
rf_features_layers_pane_init (RfFeaturesLayersPane *self)
{
}
