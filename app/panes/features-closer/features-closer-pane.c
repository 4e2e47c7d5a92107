/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/features-closer/features-closer-pane.h"

#include "app/controls.h"

#include <glib/gi18n-lib.h>

static const RfCloserView *const views[]
    = { &rf_unit_view, &rf_why_view, &rf_space_view, &rf_trial_view };

struct _RfFeaturesCloserPane
{
  RfPane parent_instance;

  RfFeatureBench *bench;
};

G_DEFINE_FINAL_TYPE (RfFeaturesCloserPane, rf_features_closer_pane, RF_TYPE_PANE)

const RfPaneInfo rf_features_closer_pane = {
  .id = "features-closer",
  .title = N_ ("Closer"),
  .icon_name = "rf-inside-symbolic",
  .page = "features",
  .place = RF_PLACE_END,
  .width = 340,
  .get_type = rf_features_closer_pane_get_type,
};

static void
rf_features_closer_pane_constructed (GObject *object)
{
  RfFeaturesCloserPane *self = RF_FEATURES_CLOSER_PANE (object);
  G_OBJECT_CLASS (rf_features_closer_pane_parent_class)->constructed (object);
  self->bench = rf_feature_bench_get (rf_pane_get_session (RF_PANE (self)));
  GtkWidget *stack = gtk_stack_new (), *switcher = gtk_stack_switcher_new ();
  gtk_stack_set_hhomogeneous (GTK_STACK (stack), FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    {
      GtkWidget *view = views[i]->create (self->bench);
      gtk_widget_set_margin_start (view, 12);
      gtk_widget_set_margin_end (view, 12);
      gtk_widget_set_margin_top (view, 6);
      gtk_widget_set_margin_bottom (view, 12);
      gtk_stack_add_titled (GTK_STACK (stack), rf_control_scrolled (view), views[i]->id,
                            _ (views[i]->title));
    }
  gtk_widget_add_css_class (switcher, "narrow-switcher");
  gtk_stack_switcher_set_stack (GTK_STACK_SWITCHER (switcher), GTK_STACK (stack));
  GtkWidget *button = gtk_widget_get_first_child (switcher);
  for (guint i = 0; button && i < G_N_ELEMENTS (views); i++)
    {
      gtk_widget_set_tooltip_text (button, _ (views[i]->tooltip));
      button = gtk_widget_get_next_sibling (button);
    }
  gtk_widget_set_margin_start (switcher, 12);
  gtk_widget_set_margin_end (switcher, 12);
  gtk_widget_set_margin_top (switcher, 12);
  gtk_widget_set_margin_bottom (switcher, 6);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (box), switcher);
  gtk_box_append (GTK_BOX (box), stack);
  adw_bin_set_child (ADW_BIN (self), box);
}

static void
rf_features_closer_pane_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (rf_features_closer_pane_parent_class)->map (widget);
  rf_feature_bench_hold (RF_FEATURES_CLOSER_PANE (widget)->bench);
}

static void
rf_features_closer_pane_unmap (GtkWidget *widget)
{
  rf_feature_bench_release (RF_FEATURES_CLOSER_PANE (widget)->bench);
  GTK_WIDGET_CLASS (rf_features_closer_pane_parent_class)->unmap (widget);
}

static void
rf_features_closer_pane_class_init (RfFeaturesCloserPaneClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = rf_features_closer_pane_constructed;
  GTK_WIDGET_CLASS (klass)->map = rf_features_closer_pane_map;
  GTK_WIDGET_CLASS (klass)->unmap = rf_features_closer_pane_unmap;
}

static void
rf_features_closer_pane_init (RfFeaturesCloserPane *self)
{
}
