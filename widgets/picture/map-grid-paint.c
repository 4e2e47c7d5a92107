/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is on show is painted with half a page above and below, so that most turns of a wheel only
 * move what is there. Cairo enlarges the atlas map by map, without blending. */

#include "widgets/picture/frame.h"
#include "widgets/picture/map-grid-private.h"

#include <math.h>

#define LABEL_SIZE 10

void
rf_map_atlas_clear (RfMapAtlas *atlas)
{
  g_clear_pointer (&atlas->surface, cairo_surface_destroy);
  *atlas = (RfMapAtlas){ .stale = TRUE };
}

void
rf_map_grid_get_visible (RfMapGrid *self, double *top, double *bottom)
{
  GtkWidget *viewport = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_VIEWPORT);
  graphene_point_t corner;
  *top = 0;
  *bottom = self->layout.height;
  if (!viewport
      || !gtk_widget_compute_point (viewport, GTK_WIDGET (self), &GRAPHENE_POINT_INIT (0, 0),
                                    &corner))
    return;
  *top = MAX (*top, corner.y);
  *bottom = MIN (*bottom, corner.y + gtk_widget_get_height (viewport));
}

/* ---- colours ---- */

RfPaletteRange
rf_map_grid_range_of (RfMapGrid *self, guint map)
{
  const gsize n = (gsize) self->shape.channels * self->shape.height * self->shape.width;
  const float *values = self->values + map * n;
  /* Diverging or not is a matter of all of them. */
  float low, high;
  rf_palette_extent (values, n, &low, &high);
  const float end = MAX (-low, high) > 0 ? MAX (-low, high) : 1;
  return (RfPaletteRange){ self->range.palette, self->range.low < 0 ? -end : 0, end };
}

static void
color_map (RfMapGrid *self, guint map, guint32 *pixels, int stride)
{
  const RfMapShape *shape = &self->shape;
  const gsize plane = (gsize) shape->height * shape->width;
  const float *values = self->values + map * shape->channels * plane;
  const RfPaletteRange range = self->each ? rf_map_grid_range_of (self, map) : self->range;

  for (guint y = 0; y < shape->height; y++, pixels += stride, values += shape->width)
    {
      rf_palette_colors (&range, values, shape->width, pixels);
      if (shape->channels == 1)
        continue;
      for (guint x = 0; x < shape->width; x++)
        {
          const guint32 green = rf_palette_color (&range, values[plane + x]);
          const guint32 blue = rf_palette_color (&range, values[2 * plane + x]);
          pixels[x] = (pixels[x] & 0xffff0000u) | (green & 0xff00u) | (blue & 0xffu);
        }
    }
}

/* Brings the maps from @first on, @n of them in whole rows, into the atlas. */
static void
fill_atlas (RfMapGrid *self, guint first, guint n)
{
  RfMapAtlas *atlas = &self->atlas;
  const RfMapShape *shape = &self->shape;
  const guint columns = self->layout.columns;
  if (!atlas->stale && atlas->columns == columns && first >= atlas->first
      && first + n <= atlas->first + atlas->n)
    return;

  const int width = (int) (columns * shape->width);
  const int height = (int) (((n - 1) / columns + 1) * shape->height);
  if (!atlas->surface || cairo_image_surface_get_width (atlas->surface) < width
      || cairo_image_surface_get_height (atlas->surface) < height)
    {
      g_clear_pointer (&atlas->surface, cairo_surface_destroy);
      atlas->surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
    }
  cairo_surface_flush (atlas->surface);
  guint32 *pixels = (guint32 *) (void *) cairo_image_surface_get_data (atlas->surface);
  const int stride = cairo_image_surface_get_stride (atlas->surface) / 4;
  for (guint i = 0; pixels && i < n; i++)
    color_map (self, first + i,
               pixels + (gsize) (i / columns * shape->height) * (gsize) stride
                   + i % columns * shape->width,
               stride);
  cairo_surface_mark_dirty (atlas->surface);
  atlas->first = first;
  atlas->n = n;
  atlas->columns = columns;
  atlas->stale = FALSE;
}

/* ---- painting ---- */

static void
paint_map (RfMapGrid *self, cairo_t *cr, guint map)
{
  const RfMapLayout *layout = &self->layout;
  const RfMapShape *shape = &self->shape;
  const guint place = map - self->atlas.first;
  const int left = (int) (place % layout->columns * shape->width);
  const int top = (int) (place / layout->columns * shape->height);
  double x, y;

  rf_map_layout_get_corner (layout, map, &x, &y);
  cairo_save (cr);
  cairo_rectangle (cr, x, y, layout->cell_width, layout->cell_height);
  cairo_translate (cr, x, y);
  cairo_scale (cr, layout->zoom, layout->zoom);
  if (layout->zoom < 1)
    {
      /* Blended with its neighbours in the map, not in the atlas. */
      cairo_surface_t *part = cairo_surface_create_for_rectangle (self->atlas.surface, left, top,
                                                                  shape->width, shape->height);
      cairo_set_source_surface (cr, part, 0, 0);
      cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
      cairo_surface_destroy (part);
    }
  else
    {
      cairo_set_source_surface (cr, self->atlas.surface, -left, -top);
      cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
    }
  cairo_fill (cr);
  cairo_restore (cr);
}

/* From corner to corner, dark on light. */
static void
paint_marks (RfMapGrid *self, cairo_t *cr, guint first, guint n)
{
  const RfMapLayout *layout = &self->layout;
  double x, y;
  for (guint map = first; map < MIN (first + n, self->n_marks); map++)
    {
      if (!self->marks[map])
        continue;
      rf_map_layout_get_corner (layout, map, &x, &y);
      cairo_move_to (cr, x, y);
      cairo_rel_line_to (cr, layout->cell_width, layout->cell_height);
      cairo_move_to (cr, x + layout->cell_width, y);
      cairo_rel_line_to (cr, -layout->cell_width, layout->cell_height);
      rf_frame_stroke_on_picture (cr);
    }
}

/* In small type over the maps, in the middle of each; what is too long is said when one points. */
static void
paint_labels (RfMapGrid *self, cairo_t *cr, guint first, guint n)
{
  GdkRGBA color;
  double x, y;
  g_autoptr (PangoLayout) words = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  g_autoptr (PangoFontDescription) font = pango_font_description_new ();
  pango_font_description_set_absolute_size (font, LABEL_SIZE * PANGO_SCALE);
  pango_layout_set_font_description (words, font);
  pango_layout_set_width (words, (int) (self->layout.step_x * PANGO_SCALE));
  pango_layout_set_ellipsize (words, PANGO_ELLIPSIZE_END);
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);
  gdk_cairo_set_source_rgba (cr, &color);
  for (guint map = first; map < first + n; map++)
    {
      PangoRectangle extent;
      pango_layout_set_text (words, self->labels[map], -1);
      pango_layout_get_pixel_extents (words, NULL, &extent);
      rf_map_layout_get_corner (&self->layout, map, &x, &y);
      cairo_move_to (cr, round (x + (self->layout.cell_width - extent.width) / 2),
                     y - 1 - extent.height);
      pango_cairo_show_layout (cr, words);
    }
}

static void
paint_frames (RfMapGrid *self, cairo_t *cr, guint first, guint n)
{
  const RfMapLayout *layout = &self->layout;
  double x, y;

  rf_frame_set_color (cr, GTK_WIDGET (self));
  for (guint map = first; map < first + n; map++)
    {
      rf_map_layout_get_corner (layout, map, &x, &y);
      rf_frame_add (cr, x, y, layout->cell_width, layout->cell_height);
    }
  cairo_stroke (cr);

  GdkRGBA accent;
  rf_frame_lookup_color (GTK_WIDGET (self), "accent_color", &accent);
  gdk_cairo_set_source_rgba (cr, &accent);
  if (self->selected < layout->n)
    {
      rf_map_layout_get_corner (layout, self->selected, &x, &y);
      cairo_set_line_width (cr, 3);
      cairo_rectangle (cr, x - 1, y - 1, layout->cell_width + 2, layout->cell_height + 2);
      cairo_stroke (cr);
    }
  if (self->pointing)
    {
      rf_map_layout_get_corner (layout, self->pointed.map, &x, &y);
      const double size = MAX (layout->zoom, 3);
      x += self->pointed.column * layout->zoom;
      y += self->pointed.row * layout->zoom;
      /* Dark on light and light on dark: both are in the maps. */
      cairo_set_source_rgb (cr, 1, 1, 1);
      cairo_set_line_width (cr, 3);
      cairo_rectangle (cr, x - 0.5, y - 0.5, size + 1, size + 1);
      cairo_stroke_preserve (cr);
      cairo_set_source_rgb (cr, 0, 0, 0);
      cairo_set_line_width (cr, 1);
      cairo_stroke (cr);
    }
}

void
rf_map_grid_paint (RfMapGrid *self, GtkSnapshot *snapshot)
{
  const RfMapLayout *layout = &self->layout;
  if (layout->n == 0 || !self->values)
    return;
  double top, bottom;
  rf_map_grid_get_visible (self, &top, &bottom);
  self->painted_top = self->painted_bottom = 0;
  if (top >= bottom)
    return;
  const double page = bottom - top;
  top = MAX (0, top - page / 2);
  bottom = MIN (layout->height, bottom + page / 2);

  const guint first = layout->columns * (guint) (top / layout->step_y);
  const guint rows = (guint) ceil (bottom / layout->step_y);
  const guint end = MIN (layout->n, layout->columns * rows);
  if (first >= end)
    return;
  fill_atlas (self, first, end - first);
  self->painted_top = top;
  self->painted_bottom = bottom;

  const float width = (float) gtk_widget_get_width (GTK_WIDGET (self));
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (-1, (float) floor (top) - 2, width + 2,
                                     (float) ceil (bottom - top) + 5));
  for (guint map = first; map < end; map++)
    paint_map (self, cr, map);
  paint_frames (self, cr, first, end - first);
  paint_marks (self, cr, first, end - first);
  if (layout->above > 0 && self->n_labels == layout->n)
    paint_labels (self, cr, first, end - first);
  cairo_destroy (cr);
}
