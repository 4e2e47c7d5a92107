/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures of numbers: grids of maps, bars and single pictures, made, used, painted, let go; what
 * they show is read off the screen's pixels. */

#include "tests/widgets/screen.h"
#include "widgets/picture/bars.h"
#include "widgets/picture/map-panel.h"
#include "widgets/picture/picture.h"
#include "widgets/plot/painters/class-mark.h"

#include <adwaita.h>
#include <math.h>
#include <time.h>

/* ---- layout ---- */

static void
check_layout (guint n, guint height, guint width, double available, int scale)
{
  const RfMapLayout layout = rf_map_layout (n, height, width, available, 0, scale);
  const double longest = MAX (layout.cell_width, layout.cell_height);
  g_assert_cmpuint (layout.columns * layout.rows, >=, n);
  g_assert_cmpuint (layout.columns * (layout.rows - 1), <, n);
  g_assert_cmpfloat (longest, <=, 72);
  g_assert_cmpfloat (layout.zoom * scale, >, 0);
  if (layout.zoom * scale > 1)
    g_assert_cmpfloat (layout.zoom * scale, ==, floor (layout.zoom * scale));
  double x, y;
  for (guint map = 0; map < n; map++)
    {
      rf_map_layout_get_corner (&layout, map, &x, &y);
      g_assert_cmpfloat (x, >=, 1);
      g_assert_cmpfloat (x + layout.cell_width, <=, available - 1 + 1e-9);
      g_assert_cmpfloat (y + layout.cell_height, <=, layout.height);
      g_assert_cmpfloat (x * scale, ==, floor (x * scale));
      RfMapPlace place;
      g_assert_true (rf_map_layout_find (&layout, height, width, x + layout.cell_width - 0.01,
                                         y + 0.01, &place));
      g_assert_cmpuint (place.map, ==, map);
      g_assert_cmpuint (place.row, ==, 0);
      g_assert_cmpuint (place.column, ==, width - 1);
      g_assert_false (
          rf_map_layout_find (&layout, height, width, x - 0.5, y + 1, &place)); /* in the gap */
    }
  RfMapPlace place;
  g_assert_false (rf_map_layout_find (&layout, height, width, x, y + 2 * layout.step_y, &place));
}

static void
test_layout (void)
{
  static const guint counts[] = { 1, 3, 16, 32, 100, 512 };
  static const guint sizes[][2] = { { 1, 1 },   { 3, 3 },   { 5, 3 },   { 1, 7 },
                                    { 28, 28 }, { 32, 32 }, { 64, 48 }, { 224, 224 } };
  static const double widths[] = { 120, 236, 306, 676 };
  for (guint c = 0; c < G_N_ELEMENTS (counts); c++)
    for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
      for (guint w = 0; w < G_N_ELEMENTS (widths); w++)
        for (int scale = 1; scale <= 2; scale++)
          check_layout (counts[c], sizes[s][0], sizes[s][1], widths[w], scale);

  const RfMapLayout none = rf_map_layout (0, 3, 3, 300, 0, 1);
  RfMapPlace place;
  g_assert_cmpfloat (none.height, ==, 0);
  g_assert_false (rf_map_layout_find (&none, 3, 3, 1, 1, &place));
}

/* ---- maps ---- */

static GBytes *
make_values (gsize n, float (*value) (gsize i))
{
  float *values = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    values[i] = value (i);
  return g_bytes_new_take (values, n * sizeof (float));
}

static float
alternating (gsize i)
{
  return i % 2 ? 1 : -1;
}

static float
ascending (gsize i)
{
  return (float) i;
}

static void
keep_pointed (RfMapGrid *grid, const char *text, double value, char **kept)
{
  g_free (*kept);
  *kept = g_strdup (text);
}

/* Values come on the screen in their colours, and new ones replace them. */
static void
test_grid (void)
{
  GtkWidget *grid = rf_map_grid_new ();
  RfMapGrid *self = RF_MAP_GRID (grid);
  gtk_widget_set_valign (grid, GTK_ALIGN_START);
  GtkWidget *window = show (grid);
  const RfMapShape shape = { 6, 1, 2, 3 };
  g_autoptr (GBytes) values = make_values (36, alternating);
  rf_map_grid_set_values (self, values, &shape);
  run_for (150);

  const guint32 *diverging = rf_palette_get (RF_PALETTE_DIVERGING);
  const RfMapLayout layout = rf_map_layout (6, 2, 3, gtk_widget_get_width (grid), 0, 1);
  for (guint map = 0; map < 6; map++)
    for (guint i = 0; i < 6; i++)
      {
        double x, y;
        rf_map_layout_get_corner (&layout, map, &x, &y);
        const guint32 expected = diverging[i % 2 ? 255 : 1];
        x += layout.zoom * (i % 3);
        y += layout.zoom * (i / 3);
        /* Without blending: up to the edges of each. */
        g_assert_cmphex (pixel_at (grid, (int) x, (int) y), ==, expected);
        g_assert_cmphex (pixel_at (grid, (int) (x + layout.zoom) - 1, (int) (y + layout.zoom) - 1),
                         ==, expected);
      }
  g_assert_cmpfloat (rf_map_grid_get_range (self)->low, ==, -1);

  g_autoptr (GBytes) more = make_values (36, ascending);
  rf_map_grid_set_values (self, more, &shape);
  run_for (150);
  g_assert_cmpint (rf_map_grid_get_range (self)->palette, ==, RF_PALETTE_DIVERGING);
  g_assert_cmpfloat (rf_map_grid_get_range (self)->high, ==, 40);
  rf_map_grid_restart (self);
  rf_map_grid_set_values (self, more, &shape);
  run_for (150);
  g_assert_cmpint (rf_map_grid_get_range (self)->palette, ==, RF_PALETTE_MAGNITUDE);
  const guint32 zero = pixel_at (grid, 2, 2);
  g_assert_cmphex (zero, ==, rf_palette_get (RF_PALETTE_MAGNITUDE)[0]);

  /* Each for itself: the last of each map has the colour of the end. */
  g_object_set (grid, "each", TRUE, NULL);
  run_for (150);
  double x, y;
  rf_map_layout_get_corner (&layout, 1, &x, &y);
  g_assert_cmphex (pixel_at (grid, (int) (x + 2.5 * layout.zoom), (int) (y + 1.5 * layout.zoom)),
                   ==, rf_palette_get (RF_PALETTE_MAGNITUDE)[255]);
  rf_map_grid_clear (self);
  run_for (100);
  destroy (window, grid);
}

/* Maps are called by their labels, which have room over them, crossed out where they are marked,
 * and in colours that are given. */
static void
test_labels (void)
{
  const char *const labels[] = { "12", "7 ∅", "3", NULL };
  const gboolean marks[] = { FALSE, TRUE, FALSE };
  const RfMapShape shape = { 3, 1, 2, 3 };
  const RfPaletteRange fixed = { RF_PALETTE_MAGNITUDE, 0, 400 };
  GtkWidget *grid = rf_map_grid_new ();
  RfMapGrid *self = RF_MAP_GRID (grid);
  gtk_widget_set_valign (grid, GTK_ALIGN_START);
  GtkWidget *window = show (grid);
  g_autoptr (GBytes) values = make_values (18, ascending);
  rf_map_grid_set_values (self, values, &shape);
  run_for (150);
  const int before = gtk_widget_get_height (grid);
  rf_map_grid_set_labels (self, labels);
  run_for (150);
  g_assert_cmpint (gtk_widget_get_height (grid), >, before);
  const RfMapPlace place = { 1, 1, 2 };
  g_autofree char *words = rf_map_grid_describe (self, &place);
  g_assert_true (g_str_has_prefix (words, "Map 7 ∅, row 1, column 2"));

  const RfMapLayout layout = rf_map_layout (3, 2, 3, gtk_widget_get_width (grid),
                                            gtk_widget_get_height (grid) - before, 1);
  double x, y;
  rf_map_layout_get_corner (&layout, 1, &x, &y);
  const int middle_x = (int) (x + layout.cell_width / 2),
            middle_y = (int) (y + layout.cell_height / 2);
  const guint32 unmarked = pixel_at (grid, middle_x, middle_y);
  rf_map_grid_set_marks (self, marks, 3);
  run_for (150);
  g_assert_cmphex (pixel_at (grid, middle_x, middle_y), !=, unmarked);

  RfPaletteRange range;
  rf_map_grid_fix_range (self, &fixed);
  rf_map_grid_set_values (self, values, &shape);
  g_assert_true (rf_map_grid_get_shown_range (self, &range));
  g_assert_cmpfloat (range.high, ==, 400);
  rf_map_grid_fix_range (self, NULL);
  rf_map_grid_set_values (self, values, &shape);
  g_assert_cmpfloat (rf_map_grid_get_range (self)->high, <, 400);

  /* No one legend holds for maps that each have their own; the chosen one has. */
  g_object_set (grid, "each", TRUE, NULL);
  g_assert_false (rf_map_grid_get_shown_range (self, &range));
  rf_map_grid_select (self, 0);
  g_assert_true (rf_map_grid_get_shown_range (self, &range));
  g_assert_cmpfloat (range.high, ==, 5);

  /* Fewer labels than maps: those beyond are called by their place. */
  const RfMapShape more = { 9, 1, 1, 2 };
  rf_map_grid_set_values (self, values, &more);
  rf_map_grid_select (self, 8);
  g_autofree char *beyond = rf_map_grid_describe (self, NULL);
  g_assert_true (g_str_has_prefix (beyond, "Map 8: "));
  destroy (window, grid);
}

/* Sixteen classes, no two of which look the same. */
static void
test_class_marks (void)
{
  for (int a = 0; a < 16; a++)
    for (int b = 0; b < a; b++)
      g_assert_true (rf_class_color (a) != rf_class_color (b)
                     || rf_class_shape (a) != rf_class_shape (b));
}

static void
test_grid_words (void)
{
  GtkWidget *grid = rf_map_grid_new ();
  RfMapGrid *self = RF_MAP_GRID (grid);
  g_autofree char *pointed = NULL;
  g_signal_connect (grid, "pointed", G_CALLBACK (keep_pointed), &pointed);
  g_object_set (grid, "noun", "Filter", NULL);
  GtkWidget *window = show (grid);
  g_autoptr (GBytes) values = make_values (24, ascending);
  g_autoptr (GBytes) colors = make_values (24, alternating);
  rf_map_grid_set_values (self, values, &(RfMapShape){ 4, 1, 2, 3 });

  g_autofree char *one = rf_map_grid_describe (self, &(RfMapPlace){ 3, 1, 2 });
  g_assert_cmpstr (one, ==, "Filter 3, row 1, column 2: 23");
  g_assert_null (rf_map_grid_describe (self, NULL));
  g_assert_null (rf_map_grid_describe (self, &(RfMapPlace){ 4, 0, 0 }));

  int notified = 0;
  g_signal_connect_swapped (grid, "notify::selected", G_CALLBACK (g_atomic_int_inc), &notified);
  rf_map_grid_select (self, 2);
  rf_map_grid_select (self, 2);
  g_assert_cmpint (notified, ==, 1);
  g_assert_cmpstr (pointed, ==, "Filter 2: 12 to 17");
  press_key (grid, GDK_KEY_Right);
  g_assert_cmpuint (rf_map_grid_get_selected (self), ==, 3);
  press_key (grid, GDK_KEY_Right); /* there is no more */
  g_assert_cmpuint (rf_map_grid_get_selected (self), ==, 3);
  press_key (grid, GDK_KEY_Home);
  g_assert_cmpuint (rf_map_grid_get_selected (self), ==, 0);
  press_key (grid, GDK_KEY_End);
  g_assert_cmpuint (rf_map_grid_get_selected (self), ==, 3);
  press_key (grid, GDK_KEY_Escape);
  g_assert_cmpuint (rf_map_grid_get_selected (self), ==, G_MAXUINT);
  g_assert_null (pointed);

  rf_map_grid_select (self, 3);
  rf_map_grid_set_values (self, colors, &(RfMapShape){ 2, 3, 2, 2 });
  g_assert_cmpuint (rf_map_grid_get_selected (self), ==, G_MAXUINT); /* there is none of that */
  g_assert_cmpint (rf_map_grid_get_range (self)->palette, ==, RF_PALETTE_GREY);
  g_autofree char *rgb = rf_map_grid_describe (self, &(RfMapPlace){ 1, 1, 0 });
  g_assert_cmpstr (rgb, ==, "Filter 1, row 1, column 0: red −1, green −1, blue −1");
  rf_map_grid_set_values (self, values, &(RfMapShape){ 24, 1, 1, 1 });
  rf_map_grid_select (self, 7);
  g_assert_cmpstr (pointed, ==, "Filter 7: 7");
  run_for (100);
  destroy (window, grid);
}

static double
processor_time (void)
{
  struct timespec time;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

static float
wave (gsize i)
{
  return sinf ((float) (i % 1009));
}

/* Thousands of maps: what is not on show costs nothing, and scrolling brings it. */
static void
test_many (void)
{
  GtkWidget *panel = rf_map_panel_new ();
  RfMapGrid *grid = rf_map_panel_get_grid (RF_MAP_PANEL (panel));
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), panel);
  GtkWidget *window = show (scrolled);
  const RfMapShape shape = { 4096, 1, 16, 16 };
  g_autoptr (GBytes) values = make_values (4096 * 256, wave);
  rf_map_grid_set_values (grid, values, &shape);
  run_for (200);
  g_assert_cmpint (gtk_widget_get_height (GTK_WIDGET (grid)), >, 4000);

  const double begun = processor_time ();
  for (int i = 0; i < 30; i++)
    {
      rf_map_grid_set_values (grid, values, &shape);
      run_for (20);
    }
  const double each = (processor_time () - begun) / 30;
  g_test_message ("%.1f ms for each refresh of 4096 maps", 1000 * each);
  g_assert_cmpfloat (each, <, 0.1);

  /* A map far below is painted when it comes on show, by keys too. */
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  gtk_widget_grab_focus (GTK_WIDGET (grid));
  rf_map_grid_select (grid, 4000);
  press_key (GTK_WIDGET (grid), GDK_KEY_Right);
  g_assert_cmpuint (rf_map_grid_get_selected (grid), ==, 4001);
  run_for (300);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), >, 1000);
  const RfMapLayout layout
      = rf_map_layout (4096, 16, 16, gtk_widget_get_width (GTK_WIDGET (grid)), 0, 1);
  double x, y;
  rf_map_layout_get_corner (&layout, 4003, &x, &y);
  graphene_point_t at;
  g_assert_true (gtk_widget_compute_point (GTK_WIDGET (grid), scrolled,
                                           &GRAPHENE_POINT_INIT ((float) x, (float) y), &at));
  const float *value = g_bytes_get_data (values, NULL);
  const guint32 expected
      = rf_palette_color (rf_map_grid_get_range (grid), value[4003 * 256 + 15 * 16 + 15]);
  const int last = (int) (15.5 * layout.zoom);
  g_assert_cmphex (pixel_at (scrolled, (int) at.x + last, (int) at.y + last), ==, expected);
  destroy (window, scrolled);
}

/* ---- bars ---- */

static const char *const names[]
    = { "airplane", "car", "bird", "a rather long name of a class", NULL };

static void
assert_shown (RfBars *bars, guint n, const guint *expected)
{
  guint n_shown;
  const guint *shown = rf_bars_get_shown (bars, &n_shown);
  g_assert_cmpmem (shown, n_shown * sizeof *shown, expected, n * sizeof *expected);
}

static void
test_bars (void)
{
  GtkWidget *widget = rf_bars_new ();
  RfBars *bars = RF_BARS (widget);
  GtkWidget *window = show (widget);
  run_for (50);
  rf_bars_set_names (bars, names);
  run_for (50);
  assert_shown (bars, 4, (guint[]){ 0, 1, 2, 3 });
  rf_bars_set_values (bars, (float[]){ 0.1f, 0.2f, 0.7f, 0 });
  g_assert_cmpfloat (rf_bars_get_length (bars, 2), ==,
                     0.7f); /* the first answer is there at once */
  assert_shown (bars, 4, (guint[]){ 0, 1, 2, 3 });
  g_object_set (bars, "sorted", TRUE, NULL);
  assert_shown (bars, 4, (guint[]){ 2, 1, 0, 3 });
  g_object_set (bars, "top", 2, NULL);
  assert_shown (bars, 2, (guint[]){ 2, 1 });
  rf_bars_set_truth (bars, 3); /* is on show, however unlikely */
  assert_shown (bars, 2, (guint[]){ 2, 3 });
  g_object_set (bars, "sorted", FALSE, NULL);
  assert_shown (bars, 2, (guint[]){ 2, 3 });
  rf_bars_set_truth (bars, -1);
  assert_shown (bars, 2, (guint[]){ 1, 2 });
  g_object_set (bars, "top", 0, NULL);

  /* The next ones glide, and arrive. */
  rf_bars_set_values (bars, (float[]){ 1, 0, NAN, 0 });
  g_assert_cmpfloat (rf_bars_get_length (bars, 0), <, 1);
  run_for (1500);
  g_assert_cmpfloat (rf_bars_get_length (bars, 0), ==, 1);
  g_assert_cmpfloat (rf_bars_get_length (bars, 2), ==, 0);
  rf_bars_set_values (bars, NULL);
  g_assert_cmpfloat (rf_bars_get_length (bars, 0), ==, 0);
  rf_bars_set_names (bars, (const char *const[]){ "one", NULL });
  run_for (50);
  assert_shown (bars, 1, (guint[]){ 0 });
  destroy (window, widget);
}

/* ---- a picture ---- */

static void
test_picture (void)
{
  GtkWidget *widget = rf_picture_new ();
  RfPicture *picture = RF_PICTURE (widget);
  gtk_widget_set_halign (widget, GTK_ALIGN_START);
  gtk_widget_set_valign (widget, GTK_ALIGN_START);
  g_object_set (widget, "size", 62, NULL);
  GtkWidget *window = show (widget);
  const guint8 colors[] = { 255, 0, 10, 20, 0, 255, 30, 40, 0, 0, 50, 60 }; /* [3, 2, 2] */
  rf_picture_set_bytes (picture, colors, 3, 2, 2);
  run_for (100);
  g_assert_cmpint (gtk_widget_get_width (widget), ==, 64);
  g_assert_cmphex (pixel_at (widget, 2, 2), ==, 0xffff0000);
  g_assert_cmphex (pixel_at (widget, 31, 31), ==, 0xffff0000);
  g_assert_cmphex (pixel_at (widget, 33, 2), ==, 0xff00ff00);
  g_assert_cmphex (pixel_at (widget, 60, 60), ==, 0xff14283c);

  const float grey[] = { -1, 0.5f, NAN, 7 }; /* [1, 1, 4]: its aspect is kept */
  rf_picture_set_floats (picture, grey, 1, 1, 4);
  run_for (100);
  g_assert_cmphex (pixel_at (widget, 24, 32), ==, 0xff808080);
  g_assert_cmphex (pixel_at (widget, 55, 32), ==, 0xffffffff);
  g_assert_cmphex (pixel_at (widget, 40, 32), ==, 0xff000000);
  rf_picture_clear (picture);
  run_for (50);
  destroy (window, widget);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/pictures/layout", test_layout);
  g_test_add_func ("/pictures/grid", test_grid);
  g_test_add_func ("/pictures/labels", test_labels);
  g_test_add_func ("/pictures/class-marks", test_class_marks);
  g_test_add_func ("/pictures/grid-words", test_grid_words);
  g_test_add_func ("/pictures/many", test_many);
  g_test_add_func ("/pictures/bars", test_bars);
  g_test_add_func ("/pictures/picture", test_picture);
  return g_test_run ();
}
