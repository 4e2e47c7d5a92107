/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The inputs and views of the page of filters: what hands do to a grid of weights and to a drawing,
 * and where the pixels of a picture are on the screen. */

#include "tests/widgets/screen.h"
#include "widgets/drawing-pad/drawing-pad.h"
#include "widgets/kernel-grid/kernel-grid.h"
#include "widgets/picture-view/picture-view.h"
#include "widgets/picture-view/twin-box.h"
#include "widgets/plot/painters/palette.h"
#include "widgets/plot/painters/sum-painter.h"

#include <adwaita.h>
#include <math.h>

static char *
format (double weight)
{
  return g_strdup_printf ("%g", weight);
}

static gboolean
parse (const char *text, double *weight, GError **error)
{
  char *end;
  *weight = g_ascii_strtod (text, &end);
  if (*text && !*end && isfinite (*weight))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "no number: %s", text);
  return FALSE;
}

static void
count_cb (int *n)
{
  (*n)++;
}

static void
keep_cb (RfKernelGrid *grid, const char *message, char **kept)
{
  g_free (*kept);
  *kept = g_strdup (message);
}

static RfKernelGrid *
make_grid (int height, int width)
{
  const RfKernelGridWords words = { format, parse };
  double weights[121] = { 0 };
  RfKernelGrid *grid = RF_KERNEL_GRID (rf_kernel_grid_new (&words));
  rf_kernel_grid_set_weights (grid, weights, height, width);
  return grid;
}

static double
get (RfKernelGrid *grid, int y, int x)
{
  int height, width;
  const double *weights = rf_kernel_grid_get_weights (grid, &height, &width);
  return weights[y * width + x];
}

static void
type (RfKernelGrid *grid, const char *text)
{
  for (; *text; text++)
    press_key (GTK_WIDGET (grid), (guint) *text);
}

static void
test_keys (void)
{
  RfKernelGrid *grid = make_grid (3, 3);
  GtkWidget *widget = GTK_WIDGET (grid), *window = show (widget);
  g_autofree char *kept = NULL;
  int edits = 0, y, x;
  g_signal_connect_swapped (grid, "edited", G_CALLBACK (count_cb), &edits);
  g_signal_connect (grid, "failed", G_CALLBACK (keep_cb), &kept);
  type (grid, "-2.5");
  g_assert_cmpfloat (get (grid, 1, 1), ==, 0); /* not yet taken */
  press_key (widget, GDK_KEY_Return);
  g_assert_cmpfloat (get (grid, 1, 1), ==, -2.5);
  rf_kernel_grid_get_cursor (grid, &y, &x);
  g_assert_cmpint (x, ==, 2);
  type (grid, "7");
  press_key (widget, GDK_KEY_Up); /* walking on takes it */
  g_assert_cmpfloat (get (grid, 1, 2), ==, 7);
  press_key (widget, GDK_KEY_space);
  g_assert_cmpfloat (get (grid, 0, 2), ==, 1);
  press_key (widget, GDK_KEY_Page_Up);
  g_assert_cmpfloat (get (grid, 0, 2), ==, 1.1);
  press_key (widget, GDK_KEY_Page_Down);
  press_key (widget, GDK_KEY_Page_Down);
  g_assert_cmpfloat (get (grid, 0, 2), ==, 0.9);
  press_key (widget, GDK_KEY_Delete);
  g_assert_cmpfloat (get (grid, 0, 2), ==, 0);
  g_assert_cmpint (edits, ==, 7);

  type (grid, "1e999");
  press_key (widget, GDK_KEY_Return);
  g_assert_nonnull (kept);
  press_key (widget, GDK_KEY_Left); /* stays until it is right or given up */
  rf_kernel_grid_get_cursor (grid, &y, &x);
  g_assert_cmpint (x, ==, 2);
  press_key (widget, GDK_KEY_Escape);
  press_key (widget, GDK_KEY_Left);
  rf_kernel_grid_get_cursor (grid, &y, &x);
  g_assert_cmpint (x, ==, 1);
  g_assert_cmpint (edits, ==, 7);
  type (grid, "12");
  press_key (widget, GDK_KEY_BackSpace);
  press_key (widget, GDK_KEY_Return);
  g_assert_cmpfloat (get (grid, 0, 1), ==, 1);
  destroy (window, widget);
}

static void
test_pens (void)
{
  static const int painted[RF_N_PENS] = { 1, 2, 2, 4, 8 };
  for (int pen = 0; pen < RF_N_PENS; pen++)
    {
      RfKernelGrid *grid = make_grid (5, 5);
      GtkWidget *window = show (GTK_WIDGET (grid));
      rf_kernel_grid_set_pen (grid, pen);
      press_key (GTK_WIDGET (grid), GDK_KEY_Home);
      press_key (GTK_WIDGET (grid), GDK_KEY_Up); /* row 1, column 0: √5 from the middle */
      press_key (GTK_WIDGET (grid), GDK_KEY_space);
      int n = 0;
      for (int i = 0; i < 25; i++)
        n += get (grid, i / 5, i % 5) == 1;
      g_assert_cmpint (n, ==, painted[pen]);
      g_assert_cmpfloat (get (grid, 1, 0), ==, 1);
      destroy (window, GTK_WIDGET (grid));
    }
}

static void
test_colors (void)
{
  RfKernelGrid *grid = make_grid (1, 3);
  GtkWidget *window = show (GTK_WIDGET (grid));
  const double weights[] = { -2, 0, 2 };
  rf_kernel_grid_set_weights (grid, weights, 1, 3);
  run_for (100);
  const guint32 *palette = rf_palette_get (RF_PALETTE_DIVERGING);
  const guint32 expected[] = { palette[1], palette[RF_PALETTE_ZERO], palette[255] };
  for (int i = 0; i < 3; i++)
    {
      double x, y;
      const double cell = rf_kernel_grid_locate (grid, 0, i, &y, &x);
      g_assert_cmphex (
          pixel_at (GTK_WIDGET (grid), (int) (x - cell / 2) + 3, (int) (y - cell / 2) + 3), ==,
          expected[i]);
    }
  destroy (window, GTK_WIDGET (grid));
}

/* ---- the pad ---- */

static guint8
red_at (RfDrawingPad *pad, int y, int x)
{
  int width, height;
  g_autofree guint8 *rgb = rf_drawing_pad_get_rgb (pad, &width, &height);
  return rgb[(y * width + x) * 3];
}

static void
test_pad (void)
{
  const GdkRGBA black = { 0, 0, 0, 1 };
  GtkWidget *widget = rf_drawing_pad_new (64, 48, &black), *window = show (widget);
  RfDrawingPad *pad = RF_DRAWING_PAD (widget);
  int changes = 0;
  g_signal_connect_swapped (pad, "changed", G_CALLBACK (count_cb), &changes);
  rf_drawing_pad_set_width (pad, 6);
  rf_drawing_pad_begin (pad, 10, 24);
  rf_drawing_pad_move (pad, 50, 24);
  rf_drawing_pad_end (pad);
  g_assert_cmpint (red_at (pad, 24, 30), ==, 255);
  g_assert_cmpint (red_at (pad, 10, 30), ==, 0);
  rf_drawing_pad_set_eraser (pad, TRUE);
  rf_drawing_pad_begin (pad, 30, 24);
  rf_drawing_pad_end (pad);
  g_assert_cmpint (red_at (pad, 24, 30), ==, 0);
  g_assert_cmpint (red_at (pad, 24, 40), ==, 255);
  g_assert_true (rf_drawing_pad_undo (pad));
  g_assert_cmpint (red_at (pad, 24, 30), ==, 255);
  g_assert_true (rf_drawing_pad_redo (pad));
  g_assert_false (rf_drawing_pad_redo (pad));
  g_assert_cmpint (red_at (pad, 24, 30), ==, 0);
  rf_drawing_pad_clear (pad);
  g_assert_cmpint (red_at (pad, 24, 40), ==, 0);
  g_assert_false (rf_drawing_pad_undo (pad));
  g_assert_cmpint (changes, ==, 5);

  /* By keys: pen down in the middle, to the right, up. */
  rf_drawing_pad_set_eraser (pad, FALSE);
  press_key (widget, GDK_KEY_space);
  for (int i = 0; i < 5; i++)
    press_key (widget, GDK_KEY_Right);
  press_key (widget, GDK_KEY_space);
  g_assert_cmpint (red_at (pad, 24, 48), ==, 255);
  g_assert_cmpuint (rf_drawing_pad_get_n_strokes (pad), ==, 1);
  destroy (window, widget);
}

/* ---- the view ---- */

static RfRaster *
make_raster (int width, int height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  guint8 *data = cairo_image_surface_get_data (surface);
  const int stride = cairo_image_surface_get_stride (surface);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      ((guint32 *) (void *) (data + y * stride))[x] = (guint32) (y * 7 % 256 << 16 | x * 5 % 256);
  cairo_surface_mark_dirty (surface);
  return rf_raster_new (surface);
}

static void
keep_point (RfPictureView *view, int y, int x, int kept[2])
{
  kept[0] = y;
  kept[1] = x;
}

static void
check_pixel (RfPictureView *view, RfRaster *raster, int y, int x)
{
  double at_y, at_x;
  const double scale = rf_picture_view_locate (view, y, x, &at_y, &at_x);
  g_assert_cmphex (pixel_at (GTK_WIDGET (view), (int) (at_x + scale / 2), (int) (at_y + scale / 2))
                       & 0xffffff,
                   ==, rf_raster_get_pixel (raster, y, x));
}

static void
test_view (void)
{
  g_autoptr (RfViewport) viewport = rf_viewport_new ();
  g_autoptr (RfRaster) raster = make_raster (40, 30);
  GtkWidget *widget = rf_picture_view_new (viewport), *window = show (widget);
  RfPictureView *view = RF_PICTURE_VIEW (widget);
  int point[2] = { -1, -1 };
  g_signal_connect (view, "pointed", G_CALLBACK (keep_point), point);
  rf_picture_view_set_raster (view, raster, 40, 30);
  run_for (100);
  check_pixel (view, raster, 0, 0);
  check_pixel (view, raster, 29, 39);
  check_pixel (view, raster, 12, 17);
  const double before = rf_picture_view_locate (view, 0, 0, &(double){ 0 }, &(double){ 0 });
  g_assert_cmpfloat (before, ==, floor (before));

  press_key (widget, GDK_KEY_plus);
  press_key (widget, GDK_KEY_plus);
  run_for (100);
  g_assert_cmpfloat (rf_picture_view_locate (view, 0, 0, &(double){ 0 }, &(double){ 0 }), >,
                     before);
  check_pixel (view, raster, 15, 20);
  press_key (widget, GDK_KEY_Right);
  press_key (widget, GDK_KEY_Down);
  g_assert_cmpint (point[0], ==, 1);
  g_assert_cmpint (point[1], ==, 1);
  for (int i = 0; i < 60; i++)
    press_key (widget, GDK_KEY_Right); /* to the edge, which comes on show */
  run_for (100);
  g_assert_cmpint (point[1], ==, 39);
  check_pixel (view, raster, 1, 39);
  press_key (widget, GDK_KEY_0);
  g_assert_cmpfloat (rf_viewport_get_zoom (viewport), ==, 1);
  for (int i = 0; i < 100; i++)
    press_key (widget, GDK_KEY_plus); /* there is an end */
  g_assert_cmpfloat (rf_picture_view_locate (view, 0, 0, &(double){ 0 }, &(double){ 0 }), <=, 96);
  rf_picture_view_set_raster (view, NULL, 0, 0);
  run_for (50);
  destroy (window, widget);
}

/* Halves keep the mean, whatever the size. */
static void
test_raster (void)
{
  static const int sizes[][2] = { { 1, 1 }, { 200, 131 }, { 129, 300 }, { 1, 2000 } };
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      cairo_surface_t *surface
          = cairo_image_surface_create (CAIRO_FORMAT_RGB24, sizes[i][0], sizes[i][1]);
      cairo_t *cr = cairo_create (surface);
      cairo_set_source_rgb (cr, 0.2, 0.4, 0.6);
      cairo_paint (cr);
      cairo_destroy (cr);
      g_autoptr (RfRaster) raster = rf_raster_new (surface);
      cairo_surface_t *small = rf_raster_get_level (raster, 1);
      const guint8 *data = cairo_image_surface_get_data (small);
      g_assert_cmphex (*(const guint32 *) (const void *) data & 0xffffff, ==, 0x336699);
      g_assert_true (rf_raster_get_level (raster, G_MAXINT64) == surface);
    }
}

/* ---- the sum ---- */

/* A painting as high as it says, and colours where they belong. */
static void
test_sum (void)
{
  RfSumTerm terms[9];
  for (int i = 0; i < 9; i++)
    terms[i] = (RfSumTerm){ i / 8., i == 8 ? 2 : -1, i < 3, TRUE };
  RfSumSheet sheet = { (char *) "Kernel", 1, 3, 3, terms, TRUE, (char *) "Sum = 1" };
  RfSumSheet *sheets[] = { &sheet, &sheet };
  RfChartStyle style;
  rf_chart_style_light (&style);
  const double height = rf_sum_paint (NULL, 300, &style, sheets, 1);
  g_assert_cmpfloat (height, >, 100);
  g_assert_cmpfloat (rf_sum_paint (NULL, 300, &style, sheets, 2), >, 2 * height);
  g_assert_cmpfloat (rf_sum_paint (NULL, 300, &style, NULL, 0), ==, 0);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 300, (int) height);
  cairo_t *cr = cairo_create (surface);
  g_assert_cmpfloat (rf_sum_paint (cr, 300, &style, sheets, 1), ==, height);
  cairo_destroy (cr);
  int colored = 0;
  const guint8 *data = cairo_image_surface_get_data (surface);
  const guint32 orange = rf_palette_get (RF_PALETTE_DIVERGING)[255] & 0xffffff;
  for (int y = 0; y < (int) height; y++)
    for (int x = 0; x < 300; x++)
      colored
          += (((const guint32 *) (const void *) (data
                                                 + y * cairo_image_surface_get_stride (surface)))[x]
              & 0xffffff)
             == orange;
  cairo_surface_destroy (surface);
  g_assert_cmpint (colored, >, 500); /* the weight 2 and the product 2 */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/kernel-grid/keys", test_keys);
  g_test_add_func ("/kernel-grid/pens", test_pens);
  g_test_add_func ("/kernel-grid/colors", test_colors);
  g_test_add_func ("/drawing-pad", test_pad);
  g_test_add_func ("/picture-view", test_view);
  g_test_add_func ("/raster", test_raster);
  g_test_add_func ("/sum", test_sum);
  return g_test_run ();
}
