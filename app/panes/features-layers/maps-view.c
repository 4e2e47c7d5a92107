/* SPDX-License-Identifier: GPL-3.0-or-later */

/* While a network trains, the order of the maps stays as it was when it was asked for: maps that
 * change their places could not be watched. */

#include "app/panes/features-layers/features-layers-pane.h"

#include "app/controls.h"
#include "app/features/feature-units.h"
#include "app/text.h"
#include "widgets/picture/map-panel.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef enum
{
  SORT_NUMBER,
  SORT_ACTIVITY,
  SORT_IMPORTANCE,
} Sort;

typedef enum
{
  SCALE_LAYER,
  SCALE_EACH,
  SCALE_ALL,
} Scale;

static const char *const sort_titles[]
    = { N_ ("By number"), N_ ("By activity"), N_ ("By importance"), NULL };
static const char *const scale_titles[]
    = { N_ ("Scale of the layer"), N_ ("Scale of each map"), N_ ("Scale of all layers"), NULL };

struct _RfMapsView
{
  GtkBox parent_instance;

  RfFeatureBench *bench; /* not owned */
  GtkWidget *sort, *scale, *about;
  RfMapPanel *panel;
  GArray *order; /* of guint: the unit at each place */
  guint layer;   /* on show */
  gboolean sorted;
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (RfMapsView, rf_maps_view, GTK_TYPE_BOX)

static const RfFeatureMaps *
get_maps (RfMapsView *self)
{
  const RfView *view = rf_feature_bench_get_view (self->bench);
  const guint layer = rf_feature_bench_get_layer (self->bench);
  return view && layer < view->n_maps ? &view->maps[layer] : NULL;
}

/* ---- order ---- */

static int
compare (gconstpointer a, gconstpointer b, gpointer keys)
{
  const guint left = *(const guint *) a, right = *(const guint *) b;
  const double difference = ((const double *) keys)[right] - ((const double *) keys)[left];
  if (difference != 0)
    return difference > 0 ? 1 : -1;
  return left < right ? -1 : 1;
}

/* FALSE where what it goes by is not known yet. */
static gboolean
put_in_order (RfMapsView *self, const RfFeatureMaps *maps)
{
  const guint n = (guint) maps->shape.channels;
  const Sort sort = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->sort));
  const float *importance = rf_feature_bench_get_importance (self->bench);
  g_array_set_size (self->order, n);
  g_autofree double *keys = g_new0 (double, n);
  for (guint i = 0; i < n; i++)
    {
      g_array_index (self->order, guint, i) = i;
      if (sort == SORT_ACTIVITY)
        keys[i] = rf_feature_maps_mean (maps, (int) i);
      else if (sort == SORT_IMPORTANCE && importance)
        keys[i] = importance[i];
    }
  if (sort != SORT_NUMBER)
    g_array_sort_with_data (self->order, compare, keys);
  return sort != SORT_IMPORTANCE || importance;
}

static guint
find_place (RfMapsView *self, int unit)
{
  for (guint i = 0; i < self->order->len; i++)
    if (g_array_index (self->order, guint, i) == (guint) unit)
      return i;
  return G_MAXUINT;
}

/* ---- showing ---- */

static void
fix_range (RfMapsView *self, RfMapGrid *grid)
{
  const RfView *view = rf_feature_bench_get_view (self->bench);
  const Scale scale = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->scale));
  const RfPaletteRange none = { 0 };
  float low = 0, high = 0;
  g_object_set (grid, "each", scale == SCALE_EACH, NULL);
  if (scale != SCALE_ALL || !view)
    {
      rf_map_grid_fix_range (grid, NULL);
      return;
    }
  for (guint i = 0; i < view->n_maps; i++)
    {
      float smallest, largest;
      rf_palette_extent (view->maps[i].values, RF_SHAPE_COUNT (view->maps[i].shape), &smallest,
                         &largest);
      low = MIN (low, smallest);
      high = MAX (high, largest);
    }
  const RfPaletteRange range = rf_palette_settle (&none, low, high);
  rf_map_grid_fix_range (grid, &range);
}

/* Units that were never active are marked. */
static void
show_labels (RfMapsView *self, RfMapGrid *grid)
{
  const RfUnitSurvey *survey = rf_feature_bench_get_survey (self->bench);
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);
  g_autofree gboolean *marks = g_new0 (gboolean, self->order->len);
  for (guint i = 0; i < self->order->len; i++)
    {
      const guint unit = g_array_index (self->order, guint, i);
      const gboolean dead
          = survey && unit < (guint) survey->n_units && survey->units[unit].active == 0;
      marks[i] = dead;
      g_ptr_array_add (labels, g_strdup_printf (dead ? "%u ∅" : "%u", unit));
    }
  g_ptr_array_add (labels, NULL);
  rf_map_grid_set_labels (grid, (const char *const *) labels->pdata);
  rf_map_grid_set_marks (grid, marks, self->order->len);
}

static void
show_about (RfMapsView *self)
{
  const RfFeatureMaps *maps = get_maps (self);
  const RfUnitSurvey *survey = rf_feature_bench_get_survey (self->bench);
  g_autofree char *text = NULL;
  if (survey && survey->n_dead > 0)
    text = g_strdup_printf (ngettext ("%d of %d units was never active in %d pictures (∅)",
                                      "%d of %d units were never active in %d pictures (∅)",
                                      (gulong) survey->n_dead),
                            survey->n_dead, survey->n_units, survey->n_pictures);
  else if (survey)
    text = g_strdup_printf (ngettext ("%d unit, active in some of %d pictures",
                                      "%d units, each active in some of %d pictures",
                                      (gulong) survey->n_units),
                            survey->n_units, survey->n_pictures);
  else if (maps)
    text = g_strdup_printf (ngettext ("%d unit", "%d units", (gulong) maps->shape.channels),
                            maps->shape.channels);
  gtk_label_set_label (GTK_LABEL (self->about), text ? text : "");
}

static void
select_chosen (RfMapsView *self)
{
  const int unit = rf_feature_bench_get_unit (self->bench);
  self->filling = TRUE;
  rf_map_grid_select (rf_map_panel_get_grid (self->panel),
                      unit < 0 ? G_MAXUINT : find_place (self, unit));
  self->filling = FALSE;
}

static void
show (RfMapsView *self)
{
  const RfFeatureMaps *maps = get_maps (self);
  RfMapGrid *grid = rf_map_panel_get_grid (self->panel);
  if (!maps)
    return;
  const gsize plane = (gsize) maps->shape.height * (gsize) maps->shape.width;
  const guint n = (guint) maps->shape.channels;
  const gboolean fresh = !self->sorted || self->order->len != n;
  if (fresh)
    {
      self->sorted = put_in_order (self, maps);
      self->filling = TRUE;
      rf_map_grid_set_labels (grid, NULL);
      self->filling = FALSE;
    }
  float *values = g_new (float, RF_SHAPE_COUNT (maps->shape));
  for (guint i = 0; i < n; i++)
    memcpy (values + i * plane, maps->values + g_array_index (self->order, guint, i) * plane,
            plane * sizeof *values);
  g_autoptr (GBytes) bytes
      = g_bytes_new_take (values, RF_SHAPE_COUNT (maps->shape) * sizeof *values);
  const RfMapShape shape = { n, 1, (guint) maps->shape.height, (guint) maps->shape.width };
  if (gtk_drop_down_get_selected (GTK_DROP_DOWN (self->scale)) == SCALE_ALL)
    fix_range (self, grid);
  g_object_set (self->panel, "noun", plane > 1 ? _ ("Map") : _ ("Unit"), NULL);
  rf_map_grid_set_values (grid, bytes, &shape);
  if (fresh)
    {
      show_labels (self, grid);
      show_about (self);
    }
  select_chosen (self);
}

static void
sort_again (RfMapsView *self)
{
  const Sort sort = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->sort));
  self->sorted = FALSE;
  rf_feature_bench_want_importance (self->bench, sort == SORT_IMPORTANCE);
  show (self);
}

static void
importance_cb (RfMapsView *self)
{
  if (gtk_drop_down_get_selected (GTK_DROP_DOWN (self->sort)) != SORT_IMPORTANCE)
    return;
  self->sorted = FALSE;
  show (self);
}

static void
rescale (RfMapsView *self)
{
  fix_range (self, rf_map_panel_get_grid (self->panel));
  show (self);
}

static void
survey_cb (RfMapsView *self)
{
  const RfFeatureMaps *maps = get_maps (self);
  if (maps && self->order->len == (guint) maps->shape.channels)
    show_labels (self, rf_map_panel_get_grid (self->panel));
  show_about (self);
}

static void
choice_cb (RfMapsView *self)
{
  RfMapGrid *grid = rf_map_panel_get_grid (self->panel);
  const guint layer = rf_feature_bench_get_layer (self->bench);
  if (layer == self->layer)
    {
      select_chosen (self);
      return;
    }
  self->layer = layer;
  self->sorted = FALSE;
  self->filling = TRUE;
  rf_map_grid_restart (grid);
  self->filling = FALSE;
  show (self);
  show_about (self);
}

static void
network_cb (RfMapsView *self)
{
  self->layer = G_MAXUINT;
  g_array_set_size (self->order, 0);
  self->filling = TRUE;
  rf_map_grid_set_labels (rf_map_panel_get_grid (self->panel), NULL);
  rf_map_grid_clear (rf_map_panel_get_grid (self->panel));
  self->filling = FALSE;
}

static void
input_cb (RfMapsView *self)
{
  self->sorted = FALSE;
}

static void
selected_cb (RfMapsView *self)
{
  const guint place = rf_map_grid_get_selected (rf_map_panel_get_grid (self->panel));
  if (!self->filling)
    rf_feature_bench_choose_unit (self->bench, place < self->order->len
                                                   ? (int) g_array_index (self->order, guint, place)
                                                   : -1);
}

/* ---- the widget ---- */

static GtkWidget *
make_controls (RfMapsView *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->sort = rf_control_drop (
      sort_titles, _ ("Order of the maps"),
      _ ("By number; by mean activity for this picture; or by how much each unit adds to the "
         "likeliest class (the sum of value · gradient)"));
  self->scale
      = rf_control_drop (scale_titles, _ ("Scale of the colours"),
                         _ ("Whether the same colour means the same value in this layer, in "
                            "one map alone, or in all layers"));
  g_signal_connect_swapped (self->sort, "notify::selected", G_CALLBACK (sort_again), self);
  g_signal_connect_swapped (self->scale, "notify::selected", G_CALLBACK (rescale), self);
  gtk_box_append (GTK_BOX (row), self->sort);
  gtk_box_append (GTK_BOX (row), self->scale);
  return row;
}

static void
rf_maps_view_dispose (GObject *object)
{
  g_clear_pointer (&RF_MAPS_VIEW (object)->order, g_array_unref);
  G_OBJECT_CLASS (rf_maps_view_parent_class)->dispose (object);
}

static void
rf_maps_view_class_init (RfMapsViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rf_maps_view_dispose;
}

static void
rf_maps_view_init (RfMapsView *self)
{
  self->order = g_array_new (FALSE, TRUE, sizeof (guint));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 8);
  self->about = rf_control_caption ();
  self->panel = RF_MAP_PANEL (rf_map_panel_new ());
  g_object_set (self->panel, "label", _ ("Feature maps of the chosen layer"), NULL);
  g_signal_connect_swapped (rf_map_panel_get_grid (self->panel), "notify::selected",
                            G_CALLBACK (selected_cb), self);
  gtk_box_append (GTK_BOX (self), make_controls (self));
  gtk_box_append (GTK_BOX (self), self->about);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->panel));
}

static void
watch (RfMapsView *self, const char *signal, GCallback callback)
{
  g_signal_connect_object (self->bench, signal, callback, self, G_CONNECT_SWAPPED);
}

GtkWidget *
rf_maps_view_new (RfFeatureBench *bench)
{
  RfMapsView *self = g_object_new (RF_TYPE_MAPS_VIEW, NULL);
  self->bench = bench;
  watch (self, "network", G_CALLBACK (network_cb));
  watch (self, "input", G_CALLBACK (input_cb));
  watch (self, "choice", G_CALLBACK (choice_cb));
  watch (self, "view", G_CALLBACK (show));
  watch (self, "importance", G_CALLBACK (importance_cb));
  watch (self, "survey", G_CALLBACK (survey_cb));
  network_cb (self);
  choice_cb (self);
  return GTK_WIDGET (self);
}
