/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/curves/tiles.h"

#include "app/text.h"
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
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, caption,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, value, -1);
  g_free (value);
}

void
rf_tiles_update (RfTiles *self, RfRun *run, double loss, double accuracy)
{
  g_return_if_fail (RF_IS_TILES (self));
  gsize n_steps = 0, n_epochs = 0;
  const RfStepRow *steps = run ? rf_run_get_steps (run, &n_steps) : NULL;
  const RfEpochRow *epochs = run ? rf_run_get_epochs (run, &n_epochs) : NULL;
  const RfDataset *dataset = run ? rf_run_get_dataset (run) : NULL;

  set_tile (self, TILE_ACCURACY, _ ("Training accuracy"), rf_chart_format_value (accuracy, TRUE));
  const gboolean validates = dataset && dataset->splits[RF_SPLIT_VALIDATION].n > 0;
  double held_out = NAN;
  if (n_epochs > 0)
    held_out
        = validates ? epochs[n_epochs - 1].validation_accuracy : epochs[n_epochs - 1].test_accuracy;
  g_autofree char *caption
      = n_epochs > 0
            ? g_strdup_printf (validates ? _ ("Validation, epoch %d") : _ ("Test, epoch %d"),
                               (int) epochs[n_epochs - 1].epoch)
            : g_strdup (validates ? _ ("Validation accuracy") : _ ("Test accuracy"));
  set_tile (self, TILE_TEST, caption, rf_chart_format_value (held_out, TRUE));
  set_tile (self, TILE_LOSS, _ ("Loss"), rf_chart_format_value (loss, FALSE));
  g_autofree char *count = n_steps > 0 ? rf_text_count ((double) steps[n_steps - 1].step) : NULL;
  g_autofree char *step
      = count ? g_strdup_printf (_ ("Rate at step %s"), count) : g_strdup (_ ("Rate"));
  set_tile (self, TILE_RATE, step,
            n_steps > 0 ? rf_knob_format (steps[n_steps - 1].learning_rate) : g_strdup ("–"));
}

static void
make_tile (RfTiles *self, int tile, const char *tooltip)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_widget_add_css_class (box, "card");
  gtk_widget_add_css_class (box, "tile");
  gtk_widget_set_tooltip_text (box, tooltip);
  GtkWidget *value = gtk_label_new (NULL), *caption = gtk_label_new (NULL);
  gtk_widget_add_css_class (value, "value");
  gtk_widget_add_css_class (caption, "caption");
  gtk_widget_add_css_class (caption, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (value), 0);
  gtk_label_set_xalign (GTK_LABEL (caption), 0);
  gtk_label_set_ellipsize (GTK_LABEL (caption), PANGO_ELLIPSIZE_END);
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
  gtk_box_set_spacing (GTK_BOX (self), 12);
  gtk_box_set_homogeneous (GTK_BOX (self), TRUE);
  make_tile (self, TILE_ACCURACY,
             _ ("Share of right answers on the batches it learns from, in training mode with "
                "dropout on, smoothed"));
  make_tile (self, TILE_TEST,
             _ ("Share of right answers on pictures it does not learn from, measured after each "
                "epoch with dropout off. Choose between settings by a validation split; the test "
                "set is for the end"));
  make_tile (self, TILE_LOSS, _ ("Mean cross entropy of a batch and the penalties, smoothed"));
  make_tile (self, TILE_RATE, _ ("Learning rate of the newest step, after the schedule"));
}
