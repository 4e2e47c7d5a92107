/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cells are squares, as large as the width allows; what is typed stands in the cell itself. */

#include "widgets/kernel-grid/kernel-grid-private.h"

#include "widgets/picture/frame.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <math.h>

#define LARGEST  64 /* side of a cell */
#define SMALLEST 20
#define NATURAL  264 /* of the whole */
#define MARGIN   3   /* for the cursor's outline */

G_DEFINE_FINAL_TYPE (RfKernelGrid, rf_kernel_grid, GTK_TYPE_WIDGET)

enum
{
  PICKED,
  FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

void
rf_kernel_grid_emit (RfKernelGrid *self, const char *signal)
{
  g_signal_emit_by_name (self, signal);
}

/* ---- geometry ---- */

static double
get_cell (RfKernelGrid *self)
{
  const double room = gtk_widget_get_width (GTK_WIDGET (self)) - 2 * MARGIN;
  const double high = gtk_widget_get_height (GTK_WIDGET (self)) - 2 * MARGIN;
  return MAX (floor (MIN (MIN (room / self->width, high / self->height), LARGEST)), 4);
}

static double
locate (RfKernelGrid *self, double *left, double *top)
{
  const double cell = get_cell (self);
  *left = floor ((gtk_widget_get_width (GTK_WIDGET (self)) - cell * self->width) / 2);
  *top = floor ((gtk_widget_get_height (GTK_WIDGET (self)) - cell * self->height) / 2);
  return cell;
}

double
rf_kernel_grid_locate (RfKernelGrid *self, int y, int x, double *at_y, double *at_x)
{
  g_return_val_if_fail (RF_IS_KERNEL_GRID (self), 0);
  const double cell = locate (self, at_x, at_y);
  *at_x += (x + 0.5) * cell;
  *at_y += (y + 0.5) * cell;
  return cell;
}

gboolean
rf_kernel_grid_find (RfKernelGrid *self, double at_x, double at_y, int *y, int *x)
{
  double left, top;
  const double cell = locate (self, &left, &top);
  const double column = floor ((at_x - left) / cell), row = floor ((at_y - top) / cell);
  if (!(column >= 0 && row >= 0 && column < self->width && row < self->height))
    return FALSE;
  *x = (int) column;
  *y = (int) row;
  return TRUE;
}

static void
rf_kernel_grid_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  RfKernelGrid *self = RF_KERNEL_GRID (widget);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = SMALLEST * self->width + 2 * MARGIN;
      *natural = MAX (*minimum, NATURAL);
      return;
    }
  const int room = (for_size < 0 ? NATURAL : for_size) - 2 * MARGIN;
  const int cell = CLAMP (room / self->width, SMALLEST, LARGEST);
  *minimum = *natural = cell * self->height + 2 * MARGIN;
}

static GtkSizeRequestMode
rf_kernel_grid_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* ---- painting ---- */

static double
get_weight (RfKernelGrid *self, int y, int x)
{
  return self->weights[y * self->width + x];
}

/* Black or white, whichever is read better. */
static void
set_text_color (cairo_t *cr, guint32 ground)
{
  const double light
      = 0.299 * (ground >> 16 & 255) + 0.587 * (ground >> 8 & 255) + 0.114 * (ground & 255);
  const double grey = light > 130 ? 0.08 : 1;
  cairo_set_source_rgb (cr, grey, grey, grey);
}

static void
paint_text (RfKernelGrid *self, cairo_t *cr, const char *text, double x, double y, double cell)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  g_autoptr (PangoFontDescription) font = pango_font_description_copy (
      pango_context_get_font_description (pango_layout_get_context (layout)));
  double size = MIN (cell * 0.34, 17);
  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  int width, height;
  pango_layout_get_pixel_size (layout, &width, &height);
  if (width > cell - 4)
    {
      size = MAX (size * (cell - 4) / width, 6.5);
      pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
      pango_layout_set_font_description (layout, font);
      pango_layout_get_pixel_size (layout, &width, &height);
    }
  if (width > cell)
    return; /* The colour says enough, and the description the number. */
  cairo_move_to (cr, x + (cell - width) / 2, y + (cell - height) / 2);
  pango_cairo_show_layout (cr, layout);
}

/* A number in a few characters: a fraction where that is short, else three digits; with a minus
 * rather than a hyphen. */
static char *
shorten (RfKernelGrid *self, double weight)
{
  g_autofree char *exact = self->words.format (fabs (weight));
  const char *sign = weight < 0 ? "−" : "";
  if (g_utf8_strlen (exact, -1) <= 5)
    return g_strconcat (sign, exact, NULL);
  return g_strdup_printf ("%s%.3g", sign, fabs (weight));
}

static void
paint_cell (RfKernelGrid *self, cairo_t *cr, int row, int column, double x, double y, double cell)
{
  const double weight = get_weight (self, row, column);
  const gboolean typing = self->typed && row == self->y && column == self->x;
  const guint32 ground = typing ? (self->wrong ? 0xffffd7d7u : 0xffffffffu)
                                : rf_palette_color (&self->range, weight);
  cairo_rectangle (cr, x, y, cell - 1, cell - 1);
  cairo_set_source_rgb (cr, (ground >> 16 & 255) / 255., (ground >> 8 & 255) / 255.,
                        (ground & 255) / 255.);
  cairo_fill (cr);
  g_autofree char *text
      = typing ? g_strconcat (self->typed->str, "|", NULL) : shorten (self, weight);
  set_text_color (cr, ground);
  paint_text (self, cr, text, x, y, cell - 1);
}

static void
paint_cursor (RfKernelGrid *self, cairo_t *cr, double x, double y, double cell)
{
  GdkRGBA accent;
  rf_frame_lookup_color (GTK_WIDGET (self), "accent_bg_color", &accent);
  const gboolean focus = gtk_widget_has_focus (GTK_WIDGET (self));
  if (!focus)
    return;
  cairo_set_line_width (cr, 3);
  gdk_cairo_set_source_rgba (cr, &accent);
  cairo_rectangle (cr, x - 0.5, y - 0.5, cell, cell);
  cairo_stroke (cr);
}

static void
rf_kernel_grid_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RfKernelGrid *self = RF_KERNEL_GRID (widget);
  const float width = (float) gtk_widget_get_width (widget);
  const float height = (float) gtk_widget_get_height (widget);
  double left, top;
  const double cell = locate (self, &left, &top);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  rf_frame_set_color (cr, widget);
  cairo_rectangle (cr, left - 1, top - 1, cell * self->width + 1, cell * self->height + 1);
  cairo_fill (cr);
  for (int y = 0; y < self->height; y++)
    for (int x = 0; x < self->width; x++)
      paint_cell (self, cr, y, x, left + x * cell, top + y * cell, cell);
  paint_cursor (self, cr, left + self->x * cell, top + self->y * cell, cell);
  cairo_destroy (cr);
}

/* ---- weights ---- */

static void
settle (RfKernelGrid *self)
{
  double end = 0;
  for (int i = 0; i < self->width * self->height; i++)
    end = MAX (end, fabs (self->weights[i]));
  end = MAX (end, 1e-6);
  self->range = rf_palette_settle (&self->range, -end, end);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  rf_telling_touch (&self->telling);
}

void
rf_kernel_grid_set_weights (RfKernelGrid *self, const double *weights, int height, int width)
{
  g_return_if_fail (RF_IS_KERNEL_GRID (self) && weights);
  g_return_if_fail (height >= 1 && width >= 1 && height <= RF_KERNEL_GRID_MAX_SIDE
                    && width <= RF_KERNEL_GRID_MAX_SIDE);
  if (height != self->height || width != self->width)
    {
      /* The cursor stays where it was from the middle. */
      rf_kernel_grid_drop_typed (self);
      self->y = CLAMP (self->y + (height - self->height) / 2, 0, height - 1);
      self->x = CLAMP (self->x + (width - self->width) / 2, 0, width - 1);
      gtk_widget_queue_resize (GTK_WIDGET (self));
    }
  self->height = height;
  self->width = width;
  for (int i = 0; i < height * width; i++)
    self->weights[i] = weights[i];
  settle (self);
}

const double *
rf_kernel_grid_get_weights (RfKernelGrid *self, int *height, int *width)
{
  g_return_val_if_fail (RF_IS_KERNEL_GRID (self), NULL);
  *height = self->height;
  *width = self->width;
  return self->weights;
}

static gboolean
paints (RfKernelGrid *self, int y, int x)
{
  const int down = 2 * y - self->height + 1, right = 2 * x - self->width + 1;
  const int cursor_down = 2 * self->y - self->height + 1;
  const int cursor_right = 2 * self->x - self->width + 1;
  switch (self->pen)
    {
    case RF_PEN_ACROSS:
      return y == self->y && ABS (right) == ABS (cursor_right);
    case RF_PEN_DOWN:
      return x == self->x && ABS (down) == ABS (cursor_down);
    case RF_PEN_FOUR:
      return ABS (right) == ABS (cursor_right) && ABS (down) == ABS (cursor_down);
    case RF_PEN_RADIAL:
      return down * down + right * right == cursor_down * cursor_down + cursor_right * cursor_right;
    default:
      return y == self->y && x == self->x;
    }
}

void
rf_kernel_grid_paint_cell (RfKernelGrid *self, double value)
{
  gboolean changed = FALSE;
  for (int y = 0; y < self->height; y++)
    for (int x = 0; x < self->width; x++)
      if (paints (self, y, x) && get_weight (self, y, x) != value)
        {
          self->weights[y * self->width + x] = value;
          changed = TRUE;
        }
  if (!changed)
    return;
  settle (self);
  rf_kernel_grid_emit (self, "edited");
}

void
rf_kernel_grid_pick (RfKernelGrid *self)
{
  self->value = get_weight (self, self->y, self->x);
  g_signal_emit (self, signals[PICKED], 0, self->value);
}

void
rf_kernel_grid_move_cursor (RfKernelGrid *self, int y, int x)
{
  self->y = CLAMP (y, 0, self->height - 1);
  self->x = CLAMP (x, 0, self->width - 1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  rf_telling_touch (&self->telling);
}

void
rf_kernel_grid_drop_typed (RfKernelGrid *self)
{
  if (self->typed)
    g_string_free (self->typed, TRUE);
  self->typed = NULL;
  self->wrong = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gboolean
rf_kernel_grid_take_typed (RfKernelGrid *self)
{
  g_autoptr (GError) error = NULL;
  double weight;
  if (!self->typed)
    return TRUE;
  if (!self->words.parse (self->typed->str, &weight, &error))
    {
      self->wrong = TRUE;
      gtk_widget_queue_draw (GTK_WIDGET (self));
      gtk_widget_error_bell (GTK_WIDGET (self));
      g_signal_emit (self, signals[FAILED], 0, error->message);
      return FALSE;
    }
  rf_kernel_grid_drop_typed (self);
  rf_kernel_grid_paint_cell (self, weight);
  return TRUE;
}

void
rf_kernel_grid_type (RfKernelGrid *self, const char *text)
{
  g_return_if_fail (RF_IS_KERNEL_GRID (self) && text);
  rf_kernel_grid_drop_typed (self);
  self->typed = g_string_new (text);
  rf_kernel_grid_take_typed (self);
}

void
rf_kernel_grid_set_in_page (RfKernelGrid *self, gboolean in_page)
{
  g_return_if_fail (RF_IS_KERNEL_GRID (self));
  self->in_page = in_page;
}

void
rf_kernel_grid_set_pen (RfKernelGrid *self, RfKernelPen pen)
{
  g_return_if_fail (RF_IS_KERNEL_GRID (self) && pen < RF_N_PENS);
  self->pen = pen;
}

void
rf_kernel_grid_set_value (RfKernelGrid *self, double value)
{
  g_return_if_fail (RF_IS_KERNEL_GRID (self) && isfinite (value));
  self->value = value;
}

double
rf_kernel_grid_get_value (RfKernelGrid *self)
{
  g_return_val_if_fail (RF_IS_KERNEL_GRID (self), 0);
  return self->value;
}

void
rf_kernel_grid_get_cursor (RfKernelGrid *self, int *y, int *x)
{
  g_return_if_fail (RF_IS_KERNEL_GRID (self));
  *y = self->y;
  *x = self->x;
}

/* ---- the object ---- */

static char *
describe (gpointer data)
{
  RfKernelGrid *self = data;
  g_autofree char *weight = self->words.format (get_weight (self, self->y, self->x));
  return g_strdup_printf (_ ("%d rows, %d columns; row %d, column %d: %s"), self->height,
                          self->width, self->y + 1, self->x + 1, weight);
}

static void
rf_kernel_grid_dispose (GObject *object)
{
  rf_telling_stop (&RF_KERNEL_GRID (object)->telling);
  G_OBJECT_CLASS (rf_kernel_grid_parent_class)->dispose (object);
}

static void
rf_kernel_grid_finalize (GObject *object)
{
  RfKernelGrid *self = RF_KERNEL_GRID (object);
  if (self->typed)
    g_string_free (self->typed, TRUE);
  G_OBJECT_CLASS (rf_kernel_grid_parent_class)->finalize (object);
}

static void
rf_kernel_grid_class_init (RfKernelGridClass *klass)
{
  static const char *const plain[] = { "edited", "stroke-begun", "stroke-ended", NULL };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = rf_kernel_grid_dispose;
  G_OBJECT_CLASS (klass)->finalize = rf_kernel_grid_finalize;
  widget_class->snapshot = rf_kernel_grid_snapshot;
  widget_class->measure = rf_kernel_grid_measure;
  widget_class->get_request_mode = rf_kernel_grid_get_request_mode;
  for (guint i = 0; plain[i]; i++)
    g_signal_new (plain[i], RF_TYPE_KERNEL_GRID, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[PICKED] = g_signal_new ("picked", RF_TYPE_KERNEL_GRID, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
  signals[FAILED] = g_signal_new ("failed", RF_TYPE_KERNEL_GRID, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_css_name (widget_class, "kernelgrid");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GRID);
}

static void
rf_kernel_grid_init (RfKernelGrid *self)
{
  self->height = self->width = 3;
  self->y = self->x = 1;
  self->value = 1;
  self->range = (RfPaletteRange){ RF_PALETTE_DIVERGING, -1, 1 };
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  rf_telling_begin (&self->telling, GTK_WIDGET (self), describe);
  rf_kernel_grid_init_input (self);
}

GtkWidget *
rf_kernel_grid_new (const RfKernelGridWords *words)
{
  g_return_val_if_fail (words && words->format && words->parse, NULL);
  RfKernelGrid *self = g_object_new (RF_TYPE_KERNEL_GRID, NULL);
  self->words = *words;
  return GTK_WIDGET (self);
}
