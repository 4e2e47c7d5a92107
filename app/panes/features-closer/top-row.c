/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/features-closer/top-row.h"

#include "app/controls.h"
#include "app/features/feature-units.h"
#include "model/features/receptive-field.h"
#include "widgets/picture-view/thumb.h"
#include "widgets/plot/painters/legend-painter.h"

#include <glib/gi18n-lib.h>

#define SIDE 84

struct _RfTopRow
{
  GtkBox parent_instance;

  RfFeatureBench *bench; /* not owned */
  GtkWidget *about, *grid;
  GtkWidget *buttons[RF_SURVEY_TOP];
  RfFeatureInput *inputs[RF_SURVEY_TOP];
};

G_DEFINE_FINAL_TYPE (RfTopRow, rf_top_row, GTK_TYPE_BOX)

static void
clicked_cb (GtkWidget *button, RfTopRow *self)
{
  for (int i = 0; i < RF_SURVEY_TOP; i++)
    if (self->buttons[i] == button && self->inputs[i])
      rf_feature_bench_set_input (self->bench, self->inputs[i]);
}

static void
show_top (RfTopRow *self, int i, const RfSurveyHit *hit)
{
  const RfFeatureNet *net = rf_feature_bench_get_net (self->bench);
  const RfNet *structure = rf_feature_bench_get_layers (self->bench);
  RfThumb *thumb = RF_THUMB (gtk_button_get_child (GTK_BUTTON (self->buttons[i])));
  g_clear_pointer (&self->inputs[i], rf_feature_input_unref);
  const RfFeatureInput *input = self->inputs[i]
      = rf_feature_bench_make_input (self->bench, hit->row);
  g_return_if_fail (input != NULL);
  RfPart field = { hit->y, hit->y + 1, hit->x, hit->x + 1 };
  rf_receptive_field (structure, structure->layers->pdata[rf_feature_bench_get_layer (self->bench)],
                      &field);
  rf_thumb_set_raster (thumb, input->raster);
  rf_thumb_set_outline (thumb, field.top, field.left, field.bottom, field.right);
  g_autofree char *value = rf_legend_format ((double) hit->value);
  g_autofree char *text = g_strdup_printf (_ ("%s, %s: %s"), input->title,
                                           rf_feature_net_name_class (net, input->truth), value);
  gtk_widget_set_tooltip_text (self->buttons[i], text);
  rf_control_name (self->buttons[i], text);
}

static void
show_words (RfTopRow *self, const RfSurveyUnit *unit, int n_pictures)
{
  g_autofree char *mean = rf_legend_format (unit->mean);
  g_autofree char *greatest = rf_legend_format ((double) unit->greatest);
  g_autofree char *text
      = unit->active == 0
            ? g_strdup_printf (_ ("Never active in %d pictures: a dead unit, as far as they tell."),
                               n_pictures)
            : g_strdup_printf (_ ("Active at %.1f %% of the places of %d pictures; mean %s, "
                                  "largest %s."),
                               100 * unit->active, n_pictures, mean, greatest);
  gtk_label_set_label (GTK_LABEL (self->about), text);
}

static void
show (RfTopRow *self)
{
  const RfUnitSurvey *survey = rf_feature_bench_get_survey (self->bench);
  const int chosen = rf_feature_bench_get_unit (self->bench);
  int n = 0;
  if (survey && chosen >= 0)
    {
      const RfSurveyUnit *unit = &survey->units[chosen];
      n = unit->active > 0 ? unit->n_top : 0;
      for (int i = 0; i < n; i++)
        show_top (self, i, &unit->top[i]);
      show_words (self, unit, survey->n_pictures);
    }
  else if (rf_feature_bench_get_surveyed (self->bench) >= 0)
    gtk_label_set_label (GTK_LABEL (self->about), _ ("Looking at the pictures of the data set…"));
  else if (rf_feature_bench_count_rows (self->bench, NULL) == 0)
    gtk_label_set_label (GTK_LABEL (self->about), _ ("There is no data set to look for them in."));
  else
    gtk_label_set_label (GTK_LABEL (self->about),
                         _ ("They are looked for when the network is not being trained."));
  for (int i = 0; i < RF_SURVEY_TOP; i++)
    gtk_widget_set_visible (self->buttons[i], i < n);
  gtk_widget_set_visible (self->grid, n > 0);
}

static void
rf_top_row_dispose (GObject *object)
{
  RfTopRow *self = RF_TOP_ROW (object);
  for (int i = 0; i < RF_SURVEY_TOP; i++)
    g_clear_pointer (&self->inputs[i], rf_feature_input_unref);
  G_OBJECT_CLASS (rf_top_row_parent_class)->dispose (object);
}

static void
rf_top_row_class_init (RfTopRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rf_top_row_dispose;
}

static void
rf_top_row_init (RfTopRow *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  self->about = rf_control_caption ();
  self->grid = gtk_grid_new ();
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 4);
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 4);
  for (int i = 0; i < RF_SURVEY_TOP; i++)
    {
      self->buttons[i] = gtk_button_new ();
      gtk_button_set_child (GTK_BUTTON (self->buttons[i]), rf_thumb_new (SIDE, SIDE));
      gtk_widget_add_css_class (self->buttons[i], "stage-card");
      g_signal_connect (self->buttons[i], "clicked", G_CALLBACK (clicked_cb), self);
      gtk_grid_attach (GTK_GRID (self->grid), self->buttons[i], i % 3, i / 3, 1, 1);
    }
  gtk_box_append (GTK_BOX (self), self->about);
  gtk_box_append (GTK_BOX (self), self->grid);
}

GtkWidget *
rf_top_row_new (RfFeatureBench *bench)
{
  RfTopRow *self = g_object_new (RF_TYPE_TOP_ROW, NULL);
  self->bench = bench;
  g_signal_connect_object (bench, "choice", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "survey", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  show (self);
  return GTK_WIDGET (self);
}
