/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/curves/tiles.h"

#include "widgets/knob/knob.h"
#include "widgets/plot/painters/line-chart-painter.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum
{
  TILE_ACCURACY,
  TILE_TEST,
  TILE_LOSS,
  TILE_RATE,
  N_TILES
};

struct _RfTiles
{
  GtkBox parent_instance;

  struct
  {
    GtkLabel *caption, *value;
    GtkWidget *box;
  } tile[N_TILES];
};

G_DEFINE_FINAL_TYPE (RfTiles, rf_tiles, GTK_TYPE_BOX)

static void
set_tile (RfTiles *self, int tile, const char *caption, char *value)
{
  gtk_label_set_label (self->tile[tile].caption, caption);
  gtk_label_set_label (self->tile[tile].value, value);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->tile[tile].box),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, value, -1);
  g_free (value);
}

/* Of which pictures, and measured when. */
static void
set_held_out (RfTiles *self, gboolean validates, const RfEpochRow *newest)
{
  static const char *const tooltips[] = {
    N_ ("Share of right answers on the test pictures, measured after each epoch with dropout off. "
        "Choose between settings by a validation split; the test set is for the end"),
    N_ ("Share of right answers on pictures that are set apart from the training, measured after "
        "each epoch with dropout off: by this, choose between settings"),
  };
  double value = NAN;
  g_autofree char *tooltip = g_strdup (_ (tooltips[validates]));
  if (newest)
    {
      value = validates ? newest->validation_accuracy : newest->test_accuracy;
      g_free (tooltip);
      /* Translators: the number of an epoch, what is measured. */
      tooltip = g_strdup_printf (_ ("After epoch %d. %s"), (int) newest->epoch,
                                 _ (tooltips[validates]));
    }
  set_tile (self, TILE_TEST, validates ? _ ("Validation") : _ ("Test"),
            rf_chart_format_value (value, TRUE));
  GtkWidget *box = self->tile[TILE_TEST].box;
  if (g_strcmp0 (gtk_widget_get_tooltip_text (box), tooltip) != 0)
    gtk_widget_set_tooltip_text (box, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (box), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  validates ? _ ("Validation accuracy") : _ ("Test accuracy"), -1);
}

void
rf_tiles_update (RfTiles *self, RfRun *run, double loss, double accuracy)
{
  g_return_if_fail (RF_IS_TILES (self));
  gsize n_steps = 0, n_epochs = 0;
  const RfStepRow *steps = run ? rf_run_get_steps (run, &n_steps) : NULL;
  const RfEpochRow *epochs = run ? rf_run_get_epochs (run, &n_epochs) : NULL;
  const RfDataset *dataset = run ? rf_run_get_dataset (run) : NULL;

  set_tile (self, TILE_ACCURACY, _ ("Training"), rf_chart_format_value (accuracy, TRUE));
  set_held_out (self, dataset && dataset->splits[RF_SPLIT_VALIDATION].n > 0,
                n_epochs > 0 ? &epochs[n_epochs - 1] : NULL);
  set_tile (self, TILE_LOSS, _ ("Loss"), rf_chart_format_value (loss, FALSE));
  set_tile (self, TILE_RATE, _ ("Learning rate"),
            n_steps > 0 ? rf_knob_format (steps[n_steps - 1].learning_rate) : g_strdup ("–"));
}

static void
make_tile (RfTiles *self, int tile, const char *name, const char *tooltip)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_widget_add_css_class (box, "card");
  gtk_widget_add_css_class (box, "tile");
  gtk_widget_set_tooltip_text (box, tooltip);
  if (name)
    gtk_accessible_update_property (GTK_ACCESSIBLE (box), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  GtkWidget *value = gtk_label_new (NULL), *caption = gtk_label_new (NULL);
  gtk_widget_add_css_class (value, "value");
  gtk_widget_add_css_class (caption, "caption");
  gtk_widget_add_css_class (caption, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (value), 0);
  gtk_label_set_xalign (GTK_LABEL (caption), 0);
  gtk_label_set_wrap (GTK_LABEL (caption), TRUE);
  /* In one line, whatever the caption above it needs. */
  gtk_widget_set_vexpand (value, TRUE);
  gtk_widget_set_valign (value, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (box), caption);
  gtk_box_append (GTK_BOX (box), value);
  gtk_box_append (GTK_BOX (self), box);
  self->tile[tile].box = box;
  self->tile[tile].value = GTK_LABEL (value);
  self->tile[tile].caption = GTK_LABEL (caption);
}

static void
rf_tiles_class_init (RfTilesClass *klass)
{
}

static void
rf_tiles_init (RfTiles *self)
{
  gtk_box_set_spacing (GTK_BOX (self), 8);
  gtk_box_set_homogeneous (GTK_BOX (self), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self), FALSE); /* whatever is within */
  make_tile (self, TILE_ACCURACY, _ ("Training accuracy"),
             _ ("Share of right answers on the batches it learns from, in training mode with "
                "dropout on, smoothed"));
  make_tile (self, TILE_TEST, NULL, NULL);
  make_tile (self, TILE_LOSS, _ ("Loss"),
             _ ("Mean cross entropy of a batch and the penalties, smoothed"));
  make_tile (self, TILE_RATE, _ ("Learning rate"),
             _ ("Learning rate of the newest step, after the schedule"));
}
