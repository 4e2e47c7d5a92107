/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page of filters in the real window: that what is painted, typed and chosen comes out as the
 * model says, can be undone, and that nothing bad gets in. */

#include "app/filters/chain-edit.h"
#include "app/filters/filter-bench.h"
#include "app/filters/own-kernels.h"
#include "app/panes/guess/guess-pane.h"
#include "app/panes/kernel/kernel-pane.h"
#include "app/panes/kernel/sections.h"
#include "app/panes/picture/chain-strip.h"
#include "app/panes/picture/picture-pane.h"
#include "app/panes/sum/sum-pane.h"
#include "model/filter/presets.h"
#include "tests/app/filters-util.h"
#include "widgets/drawing-pad/drawing-pad.h"
#include "widgets/kernel-grid/kernel-grid.h"
#include "widgets/picture-view/picture-view.h"
#include "widgets/plot/sum-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static const RfKernel *
get_kernel (RfFilterBench *bench)
{
  return &rf_filter_bench_get_stage (bench)->kernel;
}

/* Every pixel that is shown is the reference's, clipped. */
static void
check_result (RfFilterBench *bench)
{
  const RfFilterResult *result = rf_filter_bench_get_result (bench);
  const RfPixels *input = &rf_filter_bench_get_picture (bench)->pixels;
  const RfStage *stage = rf_filter_bench_get_stage (bench);
  RfShape shape;
  g_autoptr (GError) error = NULL;
  rf_filter_output_shape (&stage->kernel, &stage->options, input->shape, &shape, &error);
  g_assert_no_error (error);
  g_assert_cmpint (rf_raster_get_width (result->colors.raster), ==, shape.width);
  g_assert_cmpint (rf_raster_get_height (result->colors.raster), ==, shape.height);
  g_autofree double *values = g_new (double, RF_SHAPE_COUNT (shape));
  rf_filter_reference (&stage->kernel, &stage->options, input, values);
  for (int y = 0; y < shape.height; y++)
    for (int x = 0; x < shape.width; x++)
      for (int c = 0; c < 3; c++)
        {
          const int map = shape.channels == 3 ? c : 0;
          const double value = values[((gsize) map * shape.height + y) * shape.width + x];
          const int shown
              = (int) (rf_raster_get_pixel (result->colors.raster, y, x) >> (16 - 8 * c) & 255);
          g_assert_cmpfloat (fabs (shown - CLAMP (value, 0, 1) * 255), <, 0.51);
        }
}

/* ---- the kernel ---- */

static void
kernel (RfWindow *window)
{
  RfFilterBench *bench = open_page (window);
  RfKernelGrid *grid = find_in (window, RF_TYPE_KERNEL_GRID);
  RfHistory *history = rf_session_get_history (rf_window_get_session (window));
  gint64 now = g_get_monotonic_time ();
  RfKernel box;
  rf_filter_bench_set_display (bench, RF_DISPLAY_CLIP);
  rf_preset_build (rf_preset_find ("box"), NULL, &box);
  rf_filter_bench_set_kernel (bench, &box, "Box", NULL);
  WAIT_RESULT (bench, now);
  check_result (bench);
  g_assert_nonnull (find_label (window, _ (rf_preset_find ("box")->summary)));

  /* Typed into the middle: a fraction. */
  int height, width;
  now = g_get_monotonic_time ();
  rf_kernel_grid_type (grid, "-8/9");
  g_assert_cmpfloat (rf_kernel_get (get_kernel (bench), 0, 1, 1), ==, -8. / 9);
  WAIT_RESULT (bench, now);
  check_result (bench);

  /* A stroke over three cells is one step back. */
  g_signal_emit_by_name (grid, "stroke-begun");
  rf_kernel_grid_type (grid, "1");
  rf_kernel_grid_type (grid, "2");
  rf_kernel_grid_set_pen (grid, RF_PEN_RADIAL);
  rf_kernel_grid_type (grid, "3");
  g_signal_emit_by_name (grid, "stroke-ended");
  g_assert_cmpfloat (rf_kernel_get (get_kernel (bench), 0, 1, 1), ==, 3);
  act (window, "win.undo");
  g_assert_cmpfloat (rf_kernel_get (get_kernel (bench), 0, 1, 1), ==, -8. / 9);
  g_assert_cmpfloat (rf_kernel_grid_get_weights (grid, &height, &width)[4], ==, -8. / 9);
  act (window, "win.redo");
  g_assert_cmpfloat (rf_kernel_get (get_kernel (bench), 0, 1, 1), ==, 3);
  while (rf_history_get_undo_label (history))
    act (window, "win.undo");
  now = g_get_monotonic_time ();
  rf_filter_bench_set_display (bench, RF_DISPLAY_AUTO);
  WAIT_RESULT (bench, now);
  g_assert_cmpint (rf_filter_bench_get_result (bench)->colors.display, ==, RF_DISPLAY_SIGNED);
}

static void
test_kernel (void)
{
  live (NULL, kernel);
}

/* Stride, dilation, padding and border, each as the reference has it. */
static void
window_options (RfWindow *window)
{
  RfFilterBench *bench = open_page (window);
  rf_filter_bench_set_display (bench, RF_DISPLAY_CLIP);
  for (int i = 0; i < 5; i++)
    {
      RfStage stage = *rf_filter_bench_get_stage (bench);
      RfFilterOptions options = RF_FILTER_OPTIONS_INIT;
      rf_preset_build (rf_preset_find ("emboss"), NULL, &stage.kernel);
      options.stride[0] = options.stride[1] = 1 + i;
      options.dilation[0] = options.dilation[1] = 1 + i / 2;
      options.same = i % 2;
      options.border = (RfBorder) (i % 4);
      options.convolve = i == 3;
      for (int side = 0; side < 4; side++)
        options.padding[side] = i;
      rf_kernel_set_mode (&stage.kernel, i == 4 ? RF_KERNEL_COMBINED : RF_KERNEL_SHARED);
      stage.kernel.scale = 0.5;
      stage.kernel.bias = 0.25;
      stage.options = options;
      const gint64 now = g_get_monotonic_time ();
      rf_filter_bench_set_stage (bench, &stage, "Options", NULL);
      WAIT_RESULT (bench, now);
      check_result (bench);
      const RfShape shape = rf_filter_bench_get_result (bench)->shape;
      g_autofree char *formula = g_strdup_printf ("+ 1 = %d", shape.width);
      g_assert_nonnull (
          find (find_in (window, RF_TYPE_WINDOW_SECTION), GTK_TYPE_LABEL, says, formula));
    }
  /* What does not fit says so, and the next thing that fits is shown again. */
  RfStage stage = *rf_filter_bench_get_stage (bench);
  stage.options.same = FALSE;
  memset (stage.options.padding, 0, sizeof stage.options.padding);
  stage.options.dilation[0] = stage.options.dilation[1] = RF_FILTER_MAX_DILATION;
  rf_kernel_resize (&stage.kernel, 11, 11);
  rf_filter_bench_set_stage (bench, &stage, "Options", NULL);
  WAIT (rf_filter_bench_get_problem (bench) != NULL);
  g_assert_nonnull (find_label (window, rf_filter_bench_get_problem (bench)));
  act (window, "win.undo");
  WAIT (rf_filter_bench_get_problem (bench) == NULL);
}

static void
test_window_options (void)
{
  live (NULL, window_options);
}

/* ---- chain and sum ---- */

static void
chain (RfWindow *window)
{
  RfFilterBench *bench = open_page (window);
  RfChainStrip *strip = find_in (window, RF_TYPE_CHAIN_STRIP);
  RfSumView *view = find_in (window, RF_TYPE_SUM_VIEW);
  gint64 now = g_get_monotonic_time ();
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (strip), "chain.ready", "s", "first-layer"));
  WAIT_RESULT (bench, now);
  g_assert_cmpint (rf_filter_bench_get_chain (bench)->n_stages, ==, 3);
  g_assert_cmpint (rf_filter_bench_get_result (bench)->stage, ==, 2);
  for (int i = 0; i < 3; i++)
    g_assert_nonnull (rf_filter_bench_get_result (bench)->thumbnails[i]);

  /* A pixel is followed through all three, to 6×6 pixels of the picture. */
  rf_filter_bench_point (bench, 40, 50);
  WAIT (rf_filter_bench_get_trace (bench) != NULL);
  const RfChainTrace *trace = rf_filter_bench_get_trace (bench);
  g_assert_cmpuint (trace->steps->len, ==, 3);
  g_assert_cmpint (trace->picture.bottom - trace->picture.top, ==, 6);
  g_assert_cmpuint (rf_sum_view_get_sheets (view)->len, ==, 3);
  const RfSumSheet *first = g_ptr_array_index (rf_sum_view_get_sheets (view), 0);
  double sum = 0;
  g_assert_cmpint (first->planes * first->rows * first->columns, ==, 75);
  for (int i = 0; i < 75; i++)
    sum += first->terms[i].value * first->terms[i].weight;
  const RfTraceStep *last = g_ptr_array_index (trace->steps, 2);
  g_assert_cmpfloat (fabs (sum - last->sum), <, 1e-9);
  WAIT (rf_picture_view_get_n_marks (find_in (window, RF_TYPE_PICTURE_VIEW)) == 1);

  /* Moved by a key's way, taken out, taken back. */
  RfChain *edited = rf_chain_copy (rf_filter_bench_get_chain (bench));
  rf_chain_edit_move (edited, 2, 1);
  rf_filter_bench_set_chain (bench, edited, 1, "Order", NULL);
  g_assert_cmpint (rf_filter_bench_get_stage (bench)->kind, ==, RF_STAGE_MAXPOOL);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (strip), "chain.remove", NULL));
  g_assert_cmpint (rf_filter_bench_get_chain (bench)->n_stages, ==, 2);
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (strip), "chain.add", "i", RF_STAGE_THRESHOLD));
  g_assert_cmpint (rf_filter_bench_get_chain (bench)->n_stages, ==, 3);
  act (window, "win.undo");
  act (window, "win.undo");
  act (window, "win.undo");
  now = g_get_monotonic_time ();
  rf_filter_bench_show_end (bench, TRUE);
  rf_filter_bench_select (bench, 0);
  WAIT (settled (bench));
  g_assert_cmpint (rf_filter_bench_get_chain (bench)->stages[2].kind, ==, RF_STAGE_MAXPOOL);
  g_assert_cmpint (rf_filter_bench_get_shown (bench), ==, 2);
}

static void
test_chain (void)
{
  live (NULL, chain);
}

/* References follow what they mean. */
static void
test_references (void)
{
  g_autoptr (RfChain) chain = rf_chain_new_ready ("canny-like");
  RfShape shapes[RF_CHAIN_MAX_STAGES];
  const RfShape picture = { 3, 40, 50 };
  RfStage relu;
  rf_stage_init (&relu, RF_STAGE_RELU);
  g_assert_true (rf_chain_edit_insert (chain, 2, &relu));
  g_assert_cmpint (rf_chain_input_of (chain, 4), ==, 1);
  g_assert_cmpint (rf_chain_with_of (chain, 5), ==, 3);
  g_assert_true (rf_chain_shapes (chain, picture, shapes, NULL));
  rf_chain_edit_remove (chain, 2);
  g_assert_cmpint (rf_chain_input_of (chain, 3), ==, 1);
  g_assert_cmpint (rf_chain_input_of (chain, 2), ==, 1);
  g_assert_cmpint (rf_chain_with_of (chain, 4), ==, 2);
  for (int from = 0; from < chain->n_stages; from++)
    for (int to = 0; to < chain->n_stages; to++)
      {
        g_autoptr (RfChain) moved = rf_chain_copy (chain);
        rf_chain_edit_move (moved, from, to);
        for (int i = 0; i < moved->n_stages; i++)
          {
            g_assert_cmpint (rf_chain_input_of (moved, i), <, i);
            g_assert_cmpint (rf_chain_with_of (moved, i), <, MAX (i, 1));
          }
      }
  while (chain->n_stages > 1)
    rf_chain_edit_remove (chain, 0);
  rf_chain_edit_remove (chain, 0);
  g_assert_cmpint (chain->n_stages, ==, 1);
  while (rf_chain_edit_insert (chain, 0, &relu))
    g_assert_cmpint (chain->n_stages, <=, RF_CHAIN_MAX_STAGES);
}

/* ---- bad input ---- */

static void
check_refused (RfFilterBench *bench, RfKernelGrid *grid, const char *text)
{
  const RfKernel before = *get_kernel (bench);
  rf_kernel_grid_type (grid, text);
  g_assert_true (rf_kernel_equal (&before, get_kernel (bench)));
}

static void
check_file (RfFilterBench *bench, const char *path)
{
  RfFilterPicture *before = rf_filter_picture_ref (rf_filter_bench_get_picture (bench));
  g_clear_pointer (&said, g_free);
  rf_filter_bench_open (bench, path);
  WAIT (!rf_filter_bench_get_loading (bench));
  RfFilterPicture *after = rf_filter_bench_get_picture (bench);
  if (after == before)
    {
      g_assert_nonnull (said);
      g_assert_cmpint ((int) strlen (said), >, 10);
    }
  else
    WAIT (settled (bench) || rf_filter_bench_get_problem (bench));
  rf_filter_picture_unref (before);
}

static void
bad_input (RfWindow *window)
{
  static const guint8 huge[]
      = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x75\x30\0\0\x75\x30\x08\x02\0\0\0\xe9\x45\x6f\xed";
  RfFilterBench *bench = open_page (window);
  RfKernelGrid *grid = find_in (window, RF_TYPE_KERNEL_GRID);
  static const char *const texts[]
      = { "1e30", "-1e30", "NaN", "inf", "1/0", "0/0", "", " ", "1//2", "abc", "1e999", NULL };
  for (int i = 0; texts[i]; i++)
    check_refused (bench, grid, texts[i]);

  /* Pasting nothing, and nonsense. */
  GtkWidget *pane = find_in (window, RF_TYPE_KERNEL_PANE);
  GdkClipboard *clipboard = gtk_widget_get_clipboard (pane);
  const RfKernel before = *get_kernel (bench);
  static const char *const pastes[] = { "", "1 2; 3", "[[nan]]", "1e30 1; 1 1", NULL };
  for (int i = 0; pastes[i]; i++)
    {
      gdk_clipboard_set_text (clipboard, pastes[i]);
      act_in (pane, "kernel.paste");
      WAIT (find_label (window, "The clipboard holds no kernel"));
      g_assert_true (rf_kernel_equal (&before, get_kernel (bench)));
    }
  gdk_clipboard_set_text (clipboard, "[[1, 2, 1], [2, 4, 2], [1, 2, 1]] / 16");
  act_in (pane, "kernel.paste");
  WAIT (rf_kernel_get (get_kernel (bench), 0, 1, 1) == 0.25);

  g_autofree char *path = g_build_filename (folder, "huge.png", NULL);
  g_assert_true (g_file_set_contents (path, (const char *) huge, sizeof huge - 1, NULL));
  RfFilterPicture *picture = rf_filter_bench_get_picture (bench);
  check_file (bench, path);
  g_assert_true (rf_filter_bench_get_picture (bench) == picture);
  check_file (bench, folder);
  g_assert_true (rf_filter_bench_get_picture (bench) == picture);
}

static void
test_bad_input (void)
{
  live (NULL, bad_input);
}

static char *bad; /* folder of damaged files */

static void
bad_pictures (RfWindow *window)
{
  RfFilterBench *bench = open_page (window);
  g_autoptr (GDir) dir = bad ? g_dir_open (bad, 0, NULL) : NULL;
  const char *name;
  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *file = g_build_filename (bad, name, NULL);
      check_file (bench, file);
    }
}

static void
test_bad_pictures (void)
{
  bad = rf_test_shared ("data/bad");
  if (bad)
    live (NULL, bad_pictures);
  g_free (bad);
}

/* ---- guessing, drawing, keeping ---- */

static gboolean
is_start (GtkWidget *button, gconstpointer what)
{
  return g_strcmp0 (gtk_button_get_label (GTK_BUTTON (button)), what) == 0;
}

static void
guess (RfWindow *window)
{
  RfFilterBench *bench = open_page (window);
  GtkWidget *pane = find_in (window, RF_TYPE_GUESS_PANE);
  GtkWidget *riddle = find (pane, GTK_TYPE_DROP_DOWN, NULL, NULL);
  const RfPreset *hidden = rf_preset_find ("emboss");
  RfKernel wanted;
  rf_preset_build (hidden, NULL, &wanted);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (riddle), (guint) (hidden - rf_presets) + 1);
  GtkWidget *start = find (pane, GTK_TYPE_BUTTON, is_start, "Guess");
  g_assert_nonnull (start);
  const RfKernel before = *get_kernel (bench);
  g_signal_emit_by_name (start, "clicked");
  WAIT (find_label (window, "It was: "));
  for (int i = 0; i < 9; i++)
    g_assert_cmpfloat (fabs (get_kernel (bench)->weights[0][i] - wanted.weights[0][i]), <, 0.02);
  g_assert_nonnull (find (pane, GTK_TYPE_BUTTON, is_start, "Guess"));
  /* All of it is one step back. */
  act (window, "win.undo");
  g_assert_true (rf_kernel_equal (&before, get_kernel (bench)));
}

static void
test_guess (void)
{
  live (NULL, guess);
}

static GtkWidget *
find_pad (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();
  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (toplevels, i);
      GtkWidget *pad = find (window, RF_TYPE_DRAWING_PAD, NULL, NULL);
      if (pad)
        return pad;
    }
  return NULL;
}

static void
draw (RfWindow *window)
{
  RfFilterBench *bench = open_page (window);
  const RfKernel sobel = *get_kernel (bench);
  act_in (find_in (window, RF_TYPE_PICTURE_PANE), "picture.draw");
  RfDrawingPad *pad = RF_DRAWING_PAD (find_pad ());
  WAIT (rf_filter_bench_get_picture (bench)->pixels.shape.width == 280);
  rf_drawing_pad_begin (pad, 20, 140);
  rf_drawing_pad_move (pad, 260, 140);
  rf_drawing_pad_end (pad);
  WAIT (rf_raster_get_pixel (rf_filter_bench_get_picture (bench)->raster, 140, 140) == 0xffffff);
  g_assert_cmphex (rf_raster_get_pixel (rf_filter_bench_get_picture (bench)->raster, 40, 140), ==,
                   0);
  g_assert_true (rf_drawing_pad_undo (pad));
  WAIT (rf_raster_get_pixel (rf_filter_bench_get_picture (bench)->raster, 140, 140) == 0);

  /* The filters of the network, one after the other. */
  for (int i = 0; i < 2; i++)
    {
      const RfKernel before = *get_kernel (bench);
      act_in (find_in (window, RF_TYPE_KERNEL_PANE), "kernel.network");
      WAIT (!rf_kernel_equal (get_kernel (bench), &before));
      g_assert_cmpint (get_kernel (bench)->mode, ==, RF_KERNEL_COMBINED);
    }
  rf_filter_bench_set_kernel (bench, &sobel, "Sobel", NULL);

  /* A picture of the data set, and a result that is kept. */
  act_in (find_in (window, RF_TYPE_PICTURE_PANE), "picture.row");
  const RfShape shape = rf_run_get_dataset (get_run (window))->shape;
  WAIT (rf_filter_bench_get_picture (bench)->pixels.shape.width == shape.width && settled (bench)
        && rf_filter_bench_get_result (bench)->shape.width == shape.width);
  g_autofree char *path = g_build_filename (folder, "result.png", NULL);
  rf_filter_bench_save_png (bench, path, NULL, NULL);
  WAIT (g_file_test (path, G_FILE_TEST_EXISTS));
  g_autoptr (GError) error = NULL;
  g_autoptr (RfImage) image = rf_image_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (image->width, ==, shape.width);

  /* The explanation as a drawing; a kernel among one's own. */
  rf_filter_bench_point (bench, 3, 0);
  WAIT (rf_filter_bench_get_trace (bench) != NULL);
  g_autofree char *svg = g_build_filename (folder, "sum.svg", NULL);
  g_assert_true (rf_sum_view_save (find_in (window, RF_TYPE_SUM_VIEW), svg, &error));
  RfKernel kernel;
  g_assert_true (rf_own_kernels_save ("mine", get_kernel (bench), &error));
  g_assert_true (rf_own_kernels_load ("mine", &kernel, &error));
  g_assert_true (rf_kernel_equal (&kernel, get_kernel (bench)));
  g_assert_false (rf_own_kernels_save ("../mine", &kernel, NULL));
  g_assert_true (rf_own_kernels_remove ("mine", &error));
}

static void
test_draw (void)
{
  live (NULL, draw);
}

/* ---- speed ---- */

static int
compare (gconstpointer a, gconstpointer b)
{
  const double x = *(const double *) a, y = *(const double *) b;
  return x < y ? -1 : x > y;
}

/* From an edit to the result, on a large picture with 7×7 weights. */
static void
speed (RfWindow *window)
{
  enum
  {
    N = 31
  };
  double first[N], full[N];
  RfFilterBench *bench = open_page (window);
  const int width = 1920, height = 1080;
  guint8 *rgb = g_malloc ((gsize) width * height * 3);
  rf_sample_draw (rf_sample_find ("landscape"), width, height, rgb);
  rf_filter_bench_open_rgb (bench, rgb, width, height, "Large");
  WAIT (rf_filter_bench_get_picture (bench)->pixels.shape.width == width && settled (bench)
        && rf_filter_bench_get_result (bench)->shape.width == width);
  for (int i = 0; i < N; i++)
    {
      RfKernel kernel;
      rf_preset_build (rf_preset_find ("random"), (const double[]){ i + 1, 7 }, &kernel);
      const gint64 now = g_get_monotonic_time ();
      rf_filter_bench_set_kernel (bench, &kernel, "Drag", "drag");
      WAIT (rf_filter_bench_get_result (bench)->asked >= now);
      first[i] = (double) (g_get_monotonic_time () - now) / 1000;
      WAIT_RESULT (bench, now);
      full[i] = (double) (g_get_monotonic_time () - now) / 1000;
      run_for (30);
    }
  qsort (first, N, sizeof first[0], compare);
  qsort (full, N, sizeof full[0], compare);
  g_test_message ("first %.1f ms, full %.1f ms (medians of %d)", first[N / 2], full[N / 2], N);
  g_assert_cmpfloat (full[N / 2], <, 5000);
}

static void
test_speed (void)
{
  live (NULL, speed);
}

int
main (int argc, char **argv)
{
  rf_thread_claim_main ();
  folder = rf_test_make_folder ();
  g_autofree char *data = g_build_filename (folder, "data", NULL);
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/filters/kernel", test_kernel);
  g_test_add_func ("/filters/window-options", test_window_options);
  g_test_add_func ("/filters/chain", test_chain);
  g_test_add_func ("/filters/references", test_references);
  g_test_add_func ("/filters/bad-input", test_bad_input);
  g_test_add_func ("/filters/bad-pictures", test_bad_pictures);
  g_test_add_func ("/filters/guess", test_guess);
  g_test_add_func ("/filters/draw", test_draw);
  g_test_add_func ("/filters/speed", test_speed);
  const int status = g_test_run ();
  g_free (said);
  rf_test_remove_folder (folder);
  return status;
}
