/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/controls.h"
#include "app/panes/kernel/sections.h"
#include "widgets/kernel-grid/kernel-grid.h"
#include "widgets/picture/picture.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define RESPONSE 64 /* side of the picture of frequencies */

static const char *const pen_titles[] = { N_ ("Single Cell"), N_ ("Mirrored ↔"), N_ ("Mirrored ↕"),
                                          N_ ("Four-fold"),   N_ ("Radial"),     NULL };
static const char *const mode_titles[]
    = { N_ ("Shared"), N_ ("One per Channel"), N_ ("RGB into One Map"), NULL };
static const char *const plane_names[] = { N_ ("Red"), N_ ("Green"), N_ ("Blue") };
static const char *const plane_titles[] = { N_ ("R"), N_ ("G"), N_ ("B") };

struct _RfPaintSection
{
  GtkBox parent_instance;

  RfFilterBench *bench;
  int plane;
  RfKernelGrid *grid;
  GtkWidget *planes, *plane_buttons[3], *rows, *columns, *value, *pen, *mode, *scale, *bias;
  GtkWidget *analysis, *spectrum;
};

G_DEFINE_FINAL_TYPE (RfPaintSection, rf_paint_section, GTK_TYPE_BOX)

/* ---- the grid ---- */

static void
edited_cb (RfPaintSection *self)
{
  const RfStage *stage = rf_section_get_kernel (self->bench);
  int height, width;
  const double *weights = rf_kernel_grid_get_weights (self->grid, &height, &width);
  if (!stage || height != stage->kernel.height || width != stage->kernel.width)
    return;
  RfKernel kernel = stage->kernel;
  for (int i = 0; i < height * width; i++)
    kernel.weights[self->plane][i] = weights[i];
  rf_filter_bench_set_kernel (self->bench, &kernel, _ ("Painting the Kernel"), "paint");
}

static void
picked_cb (RfPaintSection *self, double value)
{
  rf_control_set_spin (self->value, value, self);
}

static void
value_cb (RfPaintSection *self)
{
  rf_kernel_grid_set_value (self->grid, gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->value)));
}

static void
pen_cb (RfPaintSection *self)
{
  rf_kernel_grid_set_pen (self->grid, gtk_drop_down_get_selected (GTK_DROP_DOWN (self->pen)));
}

/* ---- operations ---- */

static gboolean
zero_mean (RfKernel *kernel, GError **error)
{
  rf_kernel_zero_mean (kernel);
  return TRUE;
}

#define PLAIN(name)                                                                                \
  static gboolean name (RfKernel *kernel, GError **error)                                          \
  {                                                                                                \
    rf_kernel_##name (kernel);                                                                     \
    return TRUE;                                                                                   \
  }
PLAIN (rotate)
PLAIN (flip_horizontal)
PLAIN (flip_vertical)
PLAIN (transpose)
PLAIN (negate)

static const struct
{
  const char *label, *name, *tooltip;
  gboolean (*apply) (RfKernel *kernel, GError **error);
} operations[] = {
  { "Σ = 1", N_ ("Normalize"), N_ ("Divide by the sum: flat areas keep their brightness"),
    rf_kernel_normalize_sum },
  { "Σ = 0", N_ ("Zero Mean"), N_ ("Subtract the mean weight: flat areas become 0"), zero_mean },
  { "↻", N_ ("Rotate"), N_ ("Rotate by 90°, clockwise"), rotate },
  { "↔", N_ ("Flip Left and Right"), N_ ("Flip left and right"), flip_horizontal },
  { "↕", N_ ("Flip Top and Bottom"), N_ ("Flip top and bottom"), flip_vertical },
  { "⤡", N_ ("Transpose"), N_ ("Exchange rows and columns"), transpose },
  { "±", N_ ("Negate"), N_ ("Change all signs"), negate },
};

static void
operation_cb (GtkWidget *button, RfPaintSection *self)
{
  const int i = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "operation"));
  const RfStage *stage = rf_section_get_kernel (self->bench);
  g_autoptr (GError) error = NULL;
  if (!stage)
    return;
  RfKernel kernel = stage->kernel;
  if (operations[i].apply (&kernel, &error))
    rf_filter_bench_set_kernel (self->bench, &kernel, _ (operations[i].name), NULL);
  else
    rf_section_say (self, error->message);
}

static void
resize_cb (RfPaintSection *self)
{
  const RfStage *stage = rf_section_get_kernel (self->bench);
  if (!stage)
    return;
  RfKernel kernel = stage->kernel;
  rf_kernel_resize (&kernel, gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->rows)),
                    gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->columns)));
  rf_filter_bench_set_kernel (self->bench, &kernel, _ ("Size of the Kernel"), "resize");
}

static void
mode_cb (RfPaintSection *self)
{
  const RfStage *stage = rf_section_get_kernel (self->bench);
  if (!stage)
    return;
  RfKernel kernel = stage->kernel;
  rf_kernel_set_mode (&kernel, gtk_drop_down_get_selected (GTK_DROP_DOWN (self->mode)));
  rf_filter_bench_set_kernel (self->bench, &kernel, _ ("Channels of the Kernel"), NULL);
}

static void
numbers_cb (RfPaintSection *self)
{
  const RfStage *stage = rf_section_get_kernel (self->bench);
  if (!stage)
    return;
  RfKernel kernel = stage->kernel;
  kernel.scale = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->scale));
  kernel.bias = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->bias));
  rf_filter_bench_set_kernel (self->bench, &kernel, _ ("Scale and Bias"), "numbers");
}

/* ---- showing ---- */

static void
show_analysis (RfPaintSection *self, const RfKernel *kernel)
{
  g_autofree float *magnitudes = g_new (float, RESPONSE *RESPONSE);
  rf_kernel_response (kernel, self->plane, RESPONSE, magnitudes);
  float largest = 1e-9f;
  for (int i = 0; i < RESPONSE * RESPONSE; i++)
    largest = MAX (largest, magnitudes[i]);
  for (int i = 0; i < RESPONSE * RESPONSE; i++)
    magnitudes[i] /= largest;
  rf_picture_set_floats (RF_PICTURE (self->spectrum), magnitudes, 1, RESPONSE, RESPONSE);

  const int rank = rf_kernel_rank (kernel, self->plane);
  const int n = kernel->height * kernel->width;
  double sum = rf_kernel_sum (kernel, self->plane);
  if (fabs (sum) < 1e-12)
    sum = 0;
  g_autofree char *exact = rf_kernel_number_to_text (sum);
  g_autofree char *sum_text
      = strlen (exact) <= 7 ? g_strdup (exact) : g_strdup_printf ("%.4g", sum);
  const gboolean separable = rank == 1 && kernel->height > 1 && kernel->width > 1;
  g_autofree char *cost
      = separable ? g_strdup_printf (_ ("separable: %d products rather than %d"),
                                     kernel->height + kernel->width, n)
                  : g_strdup_printf (
                      ngettext ("%d product a pixel", "%d products a pixel", (gulong) n), n);
  /* Translators: sum of the weights; rank of the matrix; what it costs; what the picture beside
   * shows. */
  g_autofree char *text = g_strdup_printf (
      _ ("Σ %s · rank %d\n%s\nFrequencies it lets through: slow in the middle, up to ×%.3g"),
      sum_text, rank, cost, (double) largest);
  gtk_label_set_label (GTK_LABEL (self->analysis), text);
}

static void
changed_cb (RfPaintSection *self)
{
  const RfStage *stage = rf_section_get_kernel (self->bench);
  gtk_widget_set_visible (GTK_WIDGET (self), stage != NULL);
  if (!stage)
    return;
  const RfKernel *kernel = &stage->kernel;
  const int n_planes = rf_kernel_n_planes (kernel);
  self->plane = MIN (self->plane, n_planes - 1);
  gtk_widget_set_visible (self->planes, n_planes > 1);
  rf_control_set_toggle (self->plane_buttons[self->plane], TRUE, self);
  rf_kernel_grid_set_weights (self->grid, kernel->weights[self->plane], kernel->height,
                              kernel->width);
  rf_control_set_spin (self->rows, kernel->height, self);
  rf_control_set_spin (self->columns, kernel->width, self);
  rf_control_set_drop (self->mode, kernel->mode, self);
  rf_control_set_spin (self->scale, kernel->scale, self);
  rf_control_set_spin (self->bias, kernel->bias, self);
  show_analysis (self, kernel);
}

static void
plane_cb (GtkToggleButton *button, RfPaintSection *self)
{
  if (!gtk_toggle_button_get_active (button))
    return;
  self->plane = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "plane"));
  changed_cb (self);
}

/* ---- the widget ---- */

static GtkWidget *
make_planes (RfPaintSection *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (box, "linked");
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  for (int i = 0; i < 3; i++)
    {
      GtkWidget *button = gtk_toggle_button_new_with_label (_ (plane_titles[i]));
      rf_control_name (button, _ (plane_names[i]));
      gtk_widget_set_tooltip_text (button, _ ("The weights for this channel"));
      gtk_widget_set_size_request (button, 52, -1);
      if (i > 0)
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button),
                                     GTK_TOGGLE_BUTTON (self->plane_buttons[0]));
      g_object_set_data (G_OBJECT (button), "plane", GINT_TO_POINTER (i));
      g_signal_connect (button, "toggled", G_CALLBACK (plane_cb), self);
      gtk_box_append (GTK_BOX (box), button);
      self->plane_buttons[i] = button;
    }
  return box;
}

static GtkWidget *
make_operations (RfPaintSection *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (box, "linked");
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    {
      GtkWidget *button = rf_control_button (operations[i].label, _ (operations[i].name),
                                             _ (operations[i].tooltip));
      gtk_widget_add_css_class (button, "tight");
      gtk_widget_set_hexpand (button, TRUE);
      g_object_set_data (G_OBJECT (button), "operation", GINT_TO_POINTER ((int) i));
      g_signal_connect (button, "clicked", G_CALLBACK (operation_cb), self);
      gtk_box_append (GTK_BOX (box), button);
    }
  return box;
}

static GtkWidget *
make_analysis (RfPaintSection *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  self->spectrum = rf_picture_new ();
  g_object_set (self->spectrum, "size", RESPONSE, NULL);
  gtk_widget_set_valign (self->spectrum, GTK_ALIGN_CENTER);
  rf_control_name (self->spectrum, _ ("Frequency response"));
  gtk_widget_set_tooltip_text (
      self->spectrum,
      _ ("Frequency response |H|: how much of each wave is left, from still areas in "
         "the middle to stripes of two pixels at the edges"));
  self->analysis = rf_control_caption ();
  gtk_widget_set_hexpand (self->analysis, TRUE);
  gtk_label_set_width_chars (GTK_LABEL (self->analysis), 10);
  gtk_box_append (GTK_BOX (box), self->spectrum);
  gtk_box_append (GTK_BOX (box), self->analysis);
  return box;
}

static void
stroke_begun_cb (RfPaintSection *self)
{
  rf_filter_bench_begin_stroke (self->bench);
}

static void
stroke_ended_cb (RfPaintSection *self)
{
  rf_filter_bench_end_stroke (self->bench, _ ("Painting the Kernel"));
}

static void
failed_cb (RfPaintSection *self, const char *message)
{
  rf_section_say (self, message);
}

static void
make_grid (RfPaintSection *self)
{
  const RfKernelGridWords words = { rf_kernel_number_to_text, rf_kernel_parse_number };
  self->grid = RF_KERNEL_GRID (rf_kernel_grid_new (&words));
  rf_control_name (GTK_WIDGET (self->grid), _ ("Weights of the kernel"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->grid),
                               _ ("Drag to paint, Shift to erase, Ctrl and click to take a value. "
                                  "The wheel changes a cell, digits type it: 0.5 or 1/9"));
  g_signal_connect_swapped (self->grid, "edited", G_CALLBACK (edited_cb), self);
  g_signal_connect_swapped (self->grid, "stroke-begun", G_CALLBACK (stroke_begun_cb), self);
  g_signal_connect_swapped (self->grid, "stroke-ended", G_CALLBACK (stroke_ended_cb), self);
  g_signal_connect_swapped (self->grid, "picked", G_CALLBACK (picked_cb), self);
  g_signal_connect_swapped (self->grid, "failed", G_CALLBACK (failed_cb), self);
}

static void
make_controls (RfPaintSection *self)
{
  self->value = rf_control_spin (-RF_KERNEL_MAX_WEIGHT, RF_KERNEL_MAX_WEIGHT, 0.1, 3,
                                 _ ("Value of the pen"), _ ("What dragging over the cells paints"));
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->value), 1);
  self->pen = rf_control_drop (pen_titles, _ ("Pen"),
                               _ ("A symmetric pen paints the opposite cells as well"));
  self->rows = rf_control_spin (1, RF_KERNEL_MAX_SIDE, 1, 0, _ ("Rows"), _ ("Rows of the kernel"));
  self->columns
      = rf_control_spin (1, RF_KERNEL_MAX_SIDE, 1, 0, _ ("Columns"), _ ("Columns of the kernel"));
  self->mode = rf_control_drop (
      mode_titles, _ ("Channels"),
      _ ("The same weights for red, green and blue; weights for each; or all three summed into "
         "one map, as the filters of a network’s first layer do"));
  self->scale = rf_control_spin (-1000, 1000, 0.05, 3, _ ("Scale"),
                                 _ ("The sum of products is multiplied by this"));
  self->bias = rf_control_spin (-1000, 1000, 0.05, 3, _ ("Bias"),
                                _ ("This is added: 1 is white, 0.5 makes zero grey"));
  g_signal_connect_swapped (self->value, "value-changed", G_CALLBACK (value_cb), self);
  g_signal_connect_swapped (self->pen, "notify::selected", G_CALLBACK (pen_cb), self);
  g_signal_connect_swapped (self->rows, "value-changed", G_CALLBACK (resize_cb), self);
  g_signal_connect_swapped (self->columns, "value-changed", G_CALLBACK (resize_cb), self);
  g_signal_connect_swapped (self->mode, "notify::selected", G_CALLBACK (mode_cb), self);
  g_signal_connect_swapped (self->scale, "value-changed", G_CALLBACK (numbers_cb), self);
  g_signal_connect_swapped (self->bias, "value-changed", G_CALLBACK (numbers_cb), self);
}

static void
rf_paint_section_class_init (RfPaintSectionClass *klass)
{
}

static void
rf_paint_section_init (RfPaintSection *self)
{
  GtkBox *box = GTK_BOX (self);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (box, 8);
  make_grid (self);
  make_controls (self);
  self->planes = make_planes (self);
  gtk_box_append (box, self->planes);
  gtk_box_append (box, GTK_WIDGET (self->grid));
  gtk_box_append (box, make_operations (self));
  gtk_box_append (box, rf_control_row (_ ("Pen"), self->pen, self->value));
  gtk_box_append (box, rf_control_row (_ ("Size"), self->rows, self->columns));
  gtk_box_append (box, rf_control_row (_ ("Channels"), self->mode, NULL));
  gtk_box_append (box, rf_control_row (_ ("Scale"), self->scale, NULL));
  gtk_box_append (box, rf_control_row (_ ("Bias"), self->bias, NULL));
  gtk_box_append (box, make_analysis (self));
}

GtkWidget *
rf_paint_section_new (RfFilterBench *bench)
{
  RfPaintSection *self = g_object_new (RF_TYPE_PAINT_SECTION, NULL);
  self->bench = bench;
  g_signal_connect_object (bench, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  changed_cb (self);
  return GTK_WIDGET (self);
}
