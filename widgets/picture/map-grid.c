/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "widgets/picture/map-grid-private.h"

#include "widgets/plot/painters/legend-painter.h"

#include <glib/gi18n-lib.h>
#include <math.h>

G_DEFINE_FINAL_TYPE (RfMapGrid, rf_map_grid, GTK_TYPE_WIDGET)

enum
{
  PROP_NOUN = 1,
  PROP_SELECTED,
  PROP_EACH,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

enum
{
  POINTED,
  RANGE_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ---- words ---- */

static char *
describe_value (RfMapGrid *self, const RfMapPlace *place)
{
  const RfMapShape *shape = &self->shape;
  const gsize plane = (gsize) shape->height * shape->width;
  const float *value = self->values + (gsize) place->map * shape->channels * plane
                       + (gsize) place->row * shape->width + place->column;
  g_autofree char *first = rf_legend_format (value[0]);
  if (shape->channels == 1)
    return g_steal_pointer (&first);
  g_autofree char *green = rf_legend_format (value[plane]);
  g_autofree char *blue = rf_legend_format (value[2 * plane]);
  return g_strdup_printf (_ ("red %s, green %s, blue %s"), first, green, blue);
}

/* "Filter 5" */
static char *
name_map (RfMapGrid *self, guint map)
{
  if (map < self->n_labels)
    return g_strdup_printf ("%s %s", self->noun, self->labels[map]);
  return g_strdup_printf ("%s %u", self->noun, map);
}

static char *
describe_extent (RfMapGrid *self, guint map)
{
  const RfMapShape *shape = &self->shape;
  const gsize size = (gsize) shape->channels * shape->height * shape->width;
  float low, high;
  rf_palette_extent (self->values + map * size, size, &low, &high);
  g_autofree char *from = rf_legend_format (low), *to = rf_legend_format (high);
  /* Translators: "Filter 5", its smallest and its largest value. */
  g_autofree char *name = name_map (self, map);
  return g_strdup_printf (_ ("%s: %s to %s"), name, from, to);
}

char *
rf_map_grid_describe (RfMapGrid *self, const RfMapPlace *place)
{
  g_return_val_if_fail (RF_IS_MAP_GRID (self), NULL);
  const RfMapShape *shape = &self->shape;
  RfMapPlace chosen = { self->selected, 0, 0 };
  if (!place)
    place = &chosen;
  if (!self->values || place->map >= shape->n || place->row >= shape->height
      || place->column >= shape->width)
    return NULL;
  if (place == &chosen && shape->height * shape->width > 1)
    return describe_extent (self, chosen.map);
  g_autofree char *value = describe_value (self, place), *name = name_map (self, place->map);
  if (shape->height * shape->width == 1)
    /* Translators: "Unit 5", its value. */
    return g_strdup_printf (_ ("%s: %s"), name, value);
  /* Translators: "Filter 5", a place in it, the value there. */
  return g_strdup_printf (_ ("%s, row %u, column %u: %s"), name, place->row, place->column, value);
}

static char *
tell_shape (gpointer data)
{
  RfMapGrid *self = data;
  const RfMapShape *shape = &self->shape;
  if (!self->values)
    return NULL;
  g_autofree char *low = rf_legend_format (self->range.low);
  g_autofree char *high = rf_legend_format (self->range.high);
  g_autofree char *chosen = rf_map_grid_describe (self, NULL);
  /* Translators: how many maps there are, their height and width, the range of their values. */
  g_autofree char *all = g_strdup_printf (
      ngettext ("%u of %u×%u, within %s and %s", "%u of %u×%u, within %s and %s", shape->n),
      shape->n, shape->height, shape->width, low, high);
  return chosen ? g_strdup_printf ("%s. %s", chosen, all) : g_steal_pointer (&all);
}

/* ---- values ---- */

/* A single value is too small for a label over it; it is called by that all the same. */
static double
label_height (RfMapGrid *self)
{
  return self->labels && self->shape.height * self->shape.width > 1 ? RF_MAP_LABEL_HEIGHT : 0;
}

static void
lay_out (RfMapGrid *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  self->layout = rf_map_layout (self->shape.n, self->shape.height, self->shape.width,
                                gtk_widget_get_width (widget), label_height (self),
                                gtk_widget_get_scale_factor (widget));
}

static void
settle_range (RfMapGrid *self)
{
  const RfMapShape *shape = &self->shape;
  float low, high;
  rf_palette_extent (
      self->values, (gsize) shape->n * shape->channels * shape->height * shape->width, &low, &high);
  const RfPaletteRange none = { 0 };
  RfPaletteRange range = self->fixed.low < self->fixed.high
                             ? self->fixed
                             : rf_palette_settle (self->anew ? &none : &self->range, low, high);
  self->anew = FALSE;
  if (shape->channels == 3)
    range = (RfPaletteRange){ RF_PALETTE_GREY, -range.high, range.high };
  const gboolean changed = self->each || range.palette != self->range.palette
                           || range.low != self->range.low || range.high != self->range.high;
  self->range = range;
  if (changed)
    g_signal_emit (self, signals[RANGE_CHANGED], 0);
}

void
rf_map_grid_set_values (RfMapGrid *self, GBytes *values, const RfMapShape *shape)
{
  g_return_if_fail (RF_IS_MAP_GRID (self) && values && shape);
  g_return_if_fail (shape->channels == 1 || shape->channels == 3);
  g_return_if_fail (shape->n > 0 && shape->height > 0 && shape->width > 0);
  g_return_if_fail (g_bytes_get_size (values)
                    == sizeof (float) * shape->n * shape->channels * shape->height * shape->width);

  const gboolean other = memcmp (shape, &self->shape, sizeof *shape) != 0;
  g_bytes_ref (values);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  self->bytes = values;
  self->values = g_bytes_get_data (values, NULL);
  self->shape = *shape;
  self->atlas.stale = TRUE;
  if (other)
    {
      self->pointing = FALSE;
      rf_map_atlas_clear (&self->atlas);
      if (self->selected >= shape->n)
        rf_map_grid_select (self, G_MAXUINT);
      lay_out (self);
      gtk_widget_queue_resize (GTK_WIDGET (self));
    }
  settle_range (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  rf_telling_touch (&self->telling);
  if (self->pointing)
    gtk_widget_trigger_tooltip_query (GTK_WIDGET (self));
  if (self->pointing || self->selected < shape->n)
    rf_map_grid_tell (self);
}

void
rf_map_grid_set_labels (RfMapGrid *self, const char *const *labels)
{
  g_return_if_fail (RF_IS_MAP_GRID (self));
  const gboolean other = !labels != !self->labels;
  g_strfreev (self->labels);
  self->labels = g_strdupv ((char **) labels);
  self->n_labels = labels ? g_strv_length (self->labels) : 0;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (!other)
    return;
  lay_out (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
rf_map_grid_set_marks (RfMapGrid *self, const gboolean *marks, guint n)
{
  g_return_if_fail (RF_IS_MAP_GRID (self) && (marks || n == 0));
  g_free (self->marks);
  self->marks = g_memdup2 (marks, n * sizeof *marks);
  self->n_marks = n;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
rf_map_grid_fix_range (RfMapGrid *self, const RfPaletteRange *range)
{
  g_return_if_fail (RF_IS_MAP_GRID (self));
  self->fixed = range ? *range : (RfPaletteRange){ 0 };
  self->anew = TRUE;
}

void
rf_map_grid_clear (RfMapGrid *self)
{
  g_return_if_fail (RF_IS_MAP_GRID (self));
  g_clear_pointer (&self->bytes, g_bytes_unref);
  self->values = NULL;
  self->shape = (RfMapShape){ 0 };
  lay_out (self);
  rf_map_grid_restart (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
rf_map_grid_restart (RfMapGrid *self)
{
  g_return_if_fail (RF_IS_MAP_GRID (self));
  self->anew = TRUE; /* what is still on show keeps its colours */
  self->pointing = FALSE;
  rf_map_grid_select (self, G_MAXUINT);
  rf_map_grid_tell (self);
}

const RfMapShape *
rf_map_grid_get_shape (RfMapGrid *self)
{
  g_return_val_if_fail (RF_IS_MAP_GRID (self), NULL);
  return &self->shape;
}

gboolean
rf_map_grid_get_shown_range (RfMapGrid *self, RfPaletteRange *range)
{
  g_return_val_if_fail (RF_IS_MAP_GRID (self) && range, FALSE);
  if (self->each && (self->selected >= self->shape.n || !self->values))
    return FALSE;
  *range = self->each ? rf_map_grid_range_of (self, self->selected) : self->range;
  return range->low < range->high;
}

const RfPaletteRange *
rf_map_grid_get_range (RfMapGrid *self)
{
  g_return_val_if_fail (RF_IS_MAP_GRID (self), NULL);
  return &self->range;
}

void
rf_map_grid_select (RfMapGrid *self, guint map)
{
  g_return_if_fail (RF_IS_MAP_GRID (self));
  if (map >= self->shape.n)
    map = G_MAXUINT;
  if (map == self->selected)
    return;
  self->selected = map;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  rf_telling_touch (&self->telling);
  rf_map_grid_tell (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SELECTED]);
}

guint
rf_map_grid_get_selected (RfMapGrid *self)
{
  g_return_val_if_fail (RF_IS_MAP_GRID (self), G_MAXUINT);
  return self->selected;
}

/* ---- the widget ---- */

static void
rf_map_grid_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  rf_map_grid_paint (RF_MAP_GRID (widget), snapshot);
}

static GtkSizeRequestMode
rf_map_grid_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
rf_map_grid_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                     int *natural, int *minimum_baseline, int *natural_baseline)
{
  RfMapGrid *self = RF_MAP_GRID (widget);
  *minimum = 100;
  *natural = 260;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    return;
  const RfMapShape *shape = &self->shape;
  const double width = for_size < 0 ? *natural : for_size;
  const RfMapLayout layout
      = rf_map_layout (shape->n, shape->height, shape->width, width, label_height (self),
                       gtk_widget_get_scale_factor (widget));
  *minimum = *natural = (int) ceil (layout.height);
}

static void
rf_map_grid_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  lay_out (RF_MAP_GRID (widget));
}

static void
scrolled_cb (RfMapGrid *self)
{
  double top, bottom;
  rf_map_grid_get_visible (self, &top, &bottom);
  if (top < bottom && (top < self->painted_top || bottom > self->painted_bottom))
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
unwatch (RfMapGrid *self)
{
  if (self->scroll)
    g_signal_handlers_disconnect_by_func (self->scroll, scrolled_cb, self);
  g_clear_object (&self->scroll);
}

static void
rf_map_grid_map (GtkWidget *widget)
{
  RfMapGrid *self = RF_MAP_GRID (widget);
  GTK_WIDGET_CLASS (rf_map_grid_parent_class)->map (widget);
  unwatch (self);
  GtkWidget *viewport = gtk_widget_get_ancestor (widget, GTK_TYPE_VIEWPORT);
  if (!viewport)
    return;
  self->scroll = g_object_ref (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (viewport)));
  g_signal_connect_swapped (self->scroll, "value-changed", G_CALLBACK (scrolled_cb), self);
  g_signal_connect_swapped (self->scroll, "changed", G_CALLBACK (scrolled_cb), self);
}

static void
rf_map_grid_unmap (GtkWidget *widget)
{
  unwatch (RF_MAP_GRID (widget));
  GTK_WIDGET_CLASS (rf_map_grid_parent_class)->unmap (widget);
}

static void
rf_map_grid_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RfMapGrid *self = RF_MAP_GRID (object);
  switch (id)
    {
    case PROP_NOUN:
      g_value_set_string (value, self->noun);
      break;
    case PROP_SELECTED:
      g_value_set_uint (value, self->selected);
      break;
    case PROP_EACH:
      g_value_set_boolean (value, self->each);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rf_map_grid_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RfMapGrid *self = RF_MAP_GRID (object);
  switch (id)
    {
    case PROP_NOUN:
      g_free (self->noun);
      self->noun = g_value_dup_string (value);
      break;
    case PROP_SELECTED:
      rf_map_grid_select (self, g_value_get_uint (value));
      break;
    case PROP_EACH:
      if (self->each == g_value_get_boolean (value))
        return;
      self->each = g_value_get_boolean (value);
      self->atlas.stale = TRUE;
      gtk_widget_queue_draw (GTK_WIDGET (self));
      g_object_notify_by_pspec (object, pspec);
      g_signal_emit (self, signals[RANGE_CHANGED], 0);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rf_map_grid_dispose (GObject *object)
{
  RfMapGrid *self = RF_MAP_GRID (object);
  rf_telling_stop (&self->telling);
  unwatch (self);
  G_OBJECT_CLASS (rf_map_grid_parent_class)->dispose (object);
}

static void
rf_map_grid_finalize (GObject *object)
{
  RfMapGrid *self = RF_MAP_GRID (object);
  rf_map_atlas_clear (&self->atlas);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->noun);
  g_strfreev (self->labels);
  g_free (self->marks);
  G_OBJECT_CLASS (rf_map_grid_parent_class)->finalize (object);
}

static void
rf_map_grid_class_init (RfMapGridClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = rf_map_grid_get_property;
  object_class->set_property = rf_map_grid_set_property;
  object_class->dispose = rf_map_grid_dispose;
  object_class->finalize = rf_map_grid_finalize;
  widget_class->snapshot = rf_map_grid_snapshot;
  widget_class->get_request_mode = rf_map_grid_get_request_mode;
  widget_class->measure = rf_map_grid_measure;
  widget_class->size_allocate = rf_map_grid_size_allocate;
  widget_class->map = rf_map_grid_map;
  widget_class->unmap = rf_map_grid_unmap;

  props[PROP_NOUN] = g_param_spec_string ("noun", NULL, NULL, NULL, flags);
  props[PROP_SELECTED] = g_param_spec_uint ("selected", NULL, NULL, 0, G_MAXUINT, G_MAXUINT, flags);
  props[PROP_EACH] = g_param_spec_boolean ("each", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[POINTED] = g_signal_new ("pointed", RF_TYPE_MAP_GRID, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_DOUBLE);
  signals[RANGE_CHANGED] = g_signal_new ("range-changed", RF_TYPE_MAP_GRID, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_css_name (widget_class, "mapgrid");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
rf_map_grid_init (RfMapGrid *self)
{
  self->selected = G_MAXUINT;
  self->noun = g_strdup (_ ("Map"));
  self->atlas.stale = TRUE;
  rf_telling_begin (&self->telling, GTK_WIDGET (self), tell_shape);
  rf_map_grid_init_input (self);
}

GtkWidget *
rf_map_grid_new (void)
{
  return g_object_new (RF_TYPE_MAP_GRID, NULL);
}
