/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One unit: its map, enlarged; the value under the pointer and how it came about; the pictures that
 * excite it most, and what it looks for. */

#include "app/controls.h"
#include "app/panes/features-closer/dream-view.h"
#include "app/panes/features-closer/features-closer-pane.h"
#include "app/panes/features-closer/kernel-view.h"
#include "app/panes/features-closer/top-row.h"
#include "app/panes/features-closer/unit-sum.h"
#include "model/features/receptive-field.h"
#include "widgets/picture-view/picture-view.h"
#include "widgets/plot/legend.h"
#include "widgets/plot/painters/legend-painter.h"
#include "widgets/plot/sum-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define HEIGHT 210

#define RF_TYPE_UNIT_VIEW (rf_unit_view_get_type ())
G_DECLARE_FINAL_TYPE (RfUnitView, rf_unit_view, RF, UNIT_VIEW, GtkBox)

struct _RfUnitView
{
  GtkBox parent_instance;

  RfFeatureBench *bench; /* not owned */
  GtkWidget *title, *value, *field, *no_sum, *parts, *none;
  RfPictureView *map;
  RfLegend *legend;
  RfPaletteRange range;
  RfSumView *sum;
  RfStudyJob *job;
  gboolean pinned; /* the value stays when the pointer goes elsewhere */
};

G_DEFINE_FINAL_TYPE (RfUnitView, rf_unit_view, GTK_TYPE_BOX)

/* NULL: no unit is chosen, or nothing is known of it yet. */
static const float *
get_values (RfUnitView *self, RfShape *shape)
{
  const RfView *view = rf_feature_bench_get_view (self->bench);
  const guint layer = rf_feature_bench_get_layer (self->bench);
  const int unit = rf_feature_bench_get_unit (self->bench);
  if (!view || layer >= view->n_maps || unit < 0)
    return NULL;
  *shape = view->maps[layer].shape;
  return view->maps[layer].values + (gsize) unit * (gsize) shape->height * (gsize) shape->width;
}

/* ---- the sum ---- */

static void
sum_cb (gpointer snapshot, double progress, gboolean over, const char *message, gpointer data)
{
  if (snapshot)
    rf_sum_view_set_sheets (RF_UNIT_VIEW (data)->sum, snapshot);
}

static void
ask_for_sum (RfUnitView *self)
{
  g_clear_pointer (&self->job, rf_study_job_stop);
  self->job = rf_unit_sum_start (self->bench, sum_cb, self);
  if (!self->job)
    rf_sum_view_set_sheets (self->sum, NULL);
  int y, x;
  gtk_widget_set_visible (self->no_sum,
                          !self->job && rf_feature_bench_get_place (self->bench, &y, &x));
}

/* ---- the value ---- */

static void
show_field (RfUnitView *self, int y, int x)
{
  const RfNet *net = rf_feature_bench_get_layers (self->bench);
  const RfLayer *layer = net->layers->pdata[rf_feature_bench_get_layer (self->bench)];
  RfPart part = { y, y + 1, x, x + 1 };
  rf_receptive_field (net, layer, &part);
  const int height = part.bottom - part.top, width = part.right - part.left;
  g_autofree char *text
      = height == net->input.height && width == net->input.width
            ? g_strdup (_ ("It depends on the whole picture."))
            : g_strdup_printf (_ ("It depends on %d×%d pixels of the picture, outlined there."),
                               height, width);
  gtk_label_set_label (GTK_LABEL (self->field), text);
}

static void
show_value (RfUnitView *self)
{
  RfShape shape;
  int y, x;
  const float *values = get_values (self, &shape);
  if (!values || !rf_feature_bench_get_place (self->bench, &y, &x))
    {
      gtk_label_set_label (GTK_LABEL (self->value),
                           _ ("Point at a value; a press holds on to it."));
      gtk_label_set_label (GTK_LABEL (self->field), "");
      rf_picture_view_set_marks (self->map, NULL, 0);
      rf_legend_set_mark (self->legend, NAN);
      return;
    }
  const double value = (double) values[y * shape.width + x];
  g_autofree char *number = rf_legend_format (value);
  g_autofree char *text = shape.height * shape.width == 1
                              ? g_strdup_printf (_ ("Value: %s"), number)
                              : g_strdup_printf (_ ("Row %d, column %d: %s"), y, x, number);
  gtk_label_set_label (GTK_LABEL (self->value), text);
  show_field (self, y, x);
  const RfPictureMark mark
      = { .kind = RF_MARK_PIXEL, .top = y, .left = x, .bottom = y + 1, .right = x + 1 };
  rf_picture_view_set_marks (self->map, &mark, 1);
  rf_legend_set_mark (self->legend, value);
}

static void
pointed_cb (RfUnitView *self, int y, int x)
{
  if (!self->pinned)
    rf_feature_bench_choose_place (self->bench, y, x);
}

static void
chosen_cb (RfUnitView *self, int y, int x)
{
  int before_y, before_x;
  const gboolean same = rf_feature_bench_get_place (self->bench, &before_y, &before_x)
                        && before_y == y && before_x == x;
  self->pinned = !(self->pinned && same);
  rf_feature_bench_choose_place (self->bench, y, x);
}

/* ---- the map ---- */

static void
show_map (RfUnitView *self)
{
  RfShape shape;
  float low, high;
  const float *values = get_values (self, &shape);
  gtk_widget_set_visible (self->parts, rf_feature_bench_get_unit (self->bench) >= 0);
  gtk_widget_set_visible (self->none, rf_feature_bench_get_unit (self->bench) < 0);
  if (!values)
    return;
  const gboolean flat = shape.height * shape.width == 1;
  gtk_widget_set_visible (GTK_WIDGET (self->map), !flat);
  gtk_widget_set_visible (GTK_WIDGET (self->legend), !flat);
  rf_palette_extent (values, (gsize) shape.height * (gsize) shape.width, &low, &high);
  self->range = rf_palette_settle (&self->range, low, high);
  rf_legend_set_range (self->legend, &self->range);
  g_autoptr (RfRaster) raster
      = rf_feature_map_raster (values, shape.height, shape.width, &self->range);
  rf_picture_view_set_raster (self->map, raster, shape.width, shape.height);
}

static void
view_cb (RfUnitView *self)
{
  int y, x;
  show_map (self);
  show_value (self);
  if (rf_feature_bench_get_place (self->bench, &y, &x))
    ask_for_sum (self);
}

static void
choice_cb (RfUnitView *self)
{
  const RfNet *net = rf_feature_bench_get_layers (self->bench);
  const guint layer = rf_feature_bench_get_layer (self->bench);
  const int unit = rf_feature_bench_get_unit (self->bench);
  int y, x;
  if (!rf_feature_bench_get_place (self->bench, &y, &x))
    self->pinned = FALSE;
  if (net && unit >= 0)
    {
      g_autofree char *name = rf_feature_layers_name (net->layers->pdata[layer]);
      g_autofree char *title
          = layer + 1 == net->layers->len
                /* Translators: number of a unit, name of its layer, class that it stands for. */
                ? g_strdup_printf (
                    _ ("Unit %d of %s: %s"), unit, name,
                    rf_feature_net_name_class (rf_feature_bench_get_net (self->bench), unit))
                /* Translators: number of a unit, name of its layer. */
                : g_strdup_printf (_ ("Unit %d of %s"), unit, name);
      if (g_strcmp0 (title, gtk_label_get_label (GTK_LABEL (self->title))) != 0)
        self->range = (RfPaletteRange){ 0 };
      gtk_label_set_label (GTK_LABEL (self->title), title);
      rf_control_name (GTK_WIDGET (self->map), title);
    }
  show_map (self);
  show_value (self);
  ask_for_sum (self);
}

static void
network_cb (RfUnitView *self)
{
  g_clear_pointer (&self->job, rf_study_job_stop);
  rf_sum_view_set_sheets (self->sum, NULL);
  choice_cb (self);
}

/* ---- the widget ---- */

static void
rf_unit_view_dispose (GObject *object)
{
  g_clear_pointer (&RF_UNIT_VIEW (object)->job, rf_study_job_stop);
  G_OBJECT_CLASS (rf_unit_view_parent_class)->dispose (object);
}

static void
rf_unit_view_class_init (RfUnitViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rf_unit_view_dispose;
}

static void
rf_unit_view_init (RfUnitView *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  self->none = rf_control_caption ();
  gtk_label_set_label (
      GTK_LABEL (self->none),
      _ ("Choose one of the maps. Here are its values then, how each came about, the pictures that "
         "excite the unit most, and the picture that it looks for."));
  self->parts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  self->title = rf_control_heading ("");
  gtk_label_set_wrap (GTK_LABEL (self->title), TRUE);
  g_autoptr (RfViewport) viewport = rf_viewport_new ();
  self->map = RF_PICTURE_VIEW (rf_picture_view_new (viewport));
  rf_picture_view_set_in_page (self->map, TRUE);
  gtk_widget_set_size_request (GTK_WIDGET (self->map), -1, HEIGHT);
  g_signal_connect_swapped (self->map, "pointed", G_CALLBACK (pointed_cb), self);
  g_signal_connect_swapped (self->map, "chosen", G_CALLBACK (chosen_cb), self);
  self->legend = RF_LEGEND (rf_legend_new ());
  self->value = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->value), 0);
  gtk_widget_add_css_class (self->value, "numeric");
  self->field = rf_control_caption ();
  self->sum = RF_SUM_VIEW (rf_sum_view_new ());
  self->no_sum = rf_control_caption ();
  gtk_label_set_label (
      GTK_LABEL (self->no_sum),
      _ ("No single window and kernel give this value: it comes from a pool, or from "
         "branches that are added."));
  gtk_box_append (GTK_BOX (self->parts), self->title);
  gtk_box_append (GTK_BOX (self->parts), GTK_WIDGET (self->map));
  gtk_box_append (GTK_BOX (self->parts), GTK_WIDGET (self->legend));
  gtk_box_append (GTK_BOX (self->parts), self->value);
  gtk_box_append (GTK_BOX (self->parts), self->field);
  gtk_box_append (GTK_BOX (self->parts), GTK_WIDGET (self->sum));
  gtk_box_append (GTK_BOX (self->parts), self->no_sum);
  gtk_box_append (GTK_BOX (self), self->none);
  gtk_box_append (GTK_BOX (self), self->parts);
}

static GtkWidget *
create (RfFeatureBench *bench)
{
  RfUnitView *self = g_object_new (RF_TYPE_UNIT_VIEW, NULL);
  self->bench = bench;
  gtk_box_append (GTK_BOX (self->parts), rf_kernel_view_new (bench));
  gtk_box_append (GTK_BOX (self->parts), rf_control_heading (_ ("Excited most by")));
  gtk_box_append (GTK_BOX (self->parts), rf_top_row_new (bench));
  gtk_box_append (GTK_BOX (self->parts), rf_control_heading (_ ("What it looks for")));
  gtk_box_append (GTK_BOX (self->parts), rf_dream_view_new (bench));
  g_signal_connect_object (bench, "view", G_CALLBACK (view_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "choice", G_CALLBACK (choice_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "network", G_CALLBACK (network_cb), self, G_CONNECT_SWAPPED);
  choice_cb (self);
  return GTK_WIDGET (self);
}

const RfCloserView rf_unit_view = {
  .id = "unit",
  .title = N_ ("Unit"),
  .tooltip = N_ ("One unit: its values, how they came about, and what excites it"),
  .create = create,
};
