/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/features-closer/kernel-view.h"

#include "app/controls.h"
#include "app/features/feature-edit.h"
#include "model/filter/kernel.h"
#include "widgets/kernel-grid/kernel-grid.h"

#include <glib/gi18n-lib.h>

#define SIDE 150

struct _RfKernelView
{
  GtkBox parent_instance;

  RfFeatureBench *bench; /* not owned */
  GtkWidget *channel, *row, *learned, *about;
  RfKernelGrid *grid;
  gboolean painting; /* the grid is ahead of the network */
};

G_DEFINE_FINAL_TYPE (RfKernelView, rf_kernel_view, GTK_TYPE_BOX)

static int
get_channel (RfKernelView *self)
{
  return gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->channel));
}

static void
show (RfKernelView *self)
{
  int channels, height, width;
  const float *kernel = rf_feature_bench_get_kernel (self->bench, &channels, &height, &width);
  const gboolean possible
      = kernel && height <= RF_KERNEL_GRID_MAX_SIDE && width <= RF_KERNEL_GRID_MAX_SIDE;
  gtk_widget_set_visible (GTK_WIDGET (self), possible);
  if (!possible)
    return;
  g_signal_handlers_block_matched (self->channel, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, self);
  gtk_spin_button_set_range (GTK_SPIN_BUTTON (self->channel), 0, channels - 1);
  g_signal_handlers_unblock_matched (self->channel, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, self);
  gtk_widget_set_visible (self->row, channels > 1);
  const gboolean edited = rf_feature_bench_is_edited (self->bench);
  gtk_widget_set_sensitive (self->learned, edited);
  gtk_label_set_label (GTK_LABEL (self->about),
                       edited ? _ ("Painted by hand: all of the page shows the network with it.")
                              : _ ("Paint, and see what becomes of the answer."));
  if (self->painting)
    return;
  const int n = height * width;
  double weights[RF_KERNEL_GRID_MAX_SIDE * RF_KERNEL_GRID_MAX_SIDE];
  for (int i = 0; i < n; i++)
    weights[i] = (double) kernel[get_channel (self) * n + i];
  rf_kernel_grid_set_weights (self->grid, weights, height, width);
}

static void
edited_cb (RfKernelView *self)
{
  int channels, height, width;
  const float *before = rf_feature_bench_get_kernel (self->bench, &channels, &height, &width);
  if (!before)
    return;
  const int n = height * width;
  const double *weights = rf_kernel_grid_get_weights (self->grid, &height, &width);
  if (height * width != n)
    return;
  g_autofree float *kernel = g_memdup2 (before, (gsize) channels * (gsize) n * sizeof *kernel);
  for (int i = 0; i < n; i++)
    kernel[get_channel (self) * n + i] = (float) weights[i];
  g_autofree char *label
      = g_strdup_printf (_ ("Kernel of Unit %d"), rf_feature_bench_get_unit (self->bench));
  self->painting = TRUE;
  rf_feature_bench_set_kernel (self->bench, kernel, label);
  self->painting = FALSE;
}

static void
learned_cb (RfKernelView *self)
{
  g_autofree char *label
      = g_strdup_printf (_ ("Kernel of Unit %d"), rf_feature_bench_get_unit (self->bench));
  rf_feature_bench_set_kernel (self->bench, NULL, label);
}

static void
picked_cb (RfKernelView *self, double value)
{
  rf_kernel_grid_set_value (self->grid, value);
}

static void
failed_cb (RfKernelView *self, const char *message)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", message);
}

static void
rf_kernel_view_class_init (RfKernelViewClass *klass)
{
}

static void
rf_kernel_view_init (RfKernelView *self)
{
  const RfKernelGridWords words = { rf_kernel_number_to_text, rf_kernel_parse_number };
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  self->about = rf_control_caption ();
  self->channel = rf_control_spin (0, 1, 1, 0, _ ("Channel"),
                                   _ ("Channel of the input that this plane of the kernel is for"));
  g_signal_connect_swapped (self->channel, "value-changed", G_CALLBACK (show), self);
  self->row = rf_control_row (_ ("Channel"), self->channel, NULL);
  self->grid = RF_KERNEL_GRID (rf_kernel_grid_new (&words));
  rf_kernel_grid_set_in_page (self->grid, TRUE);
  rf_kernel_grid_set_value (self->grid, 0);
  gtk_widget_set_size_request (GTK_WIDGET (self->grid), -1, SIDE);
  rf_control_name (GTK_WIDGET (self->grid), _ ("Kernel of the unit"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->grid),
                               _ ("Drag to paint, with zero at first; Ctrl and click to take a "
                                  "value. Once pressed, the wheel changes a cell, and digits "
                                  "type it: 0.5 or 1/9"));
  g_signal_connect_swapped (self->grid, "edited", G_CALLBACK (edited_cb), self);
  g_signal_connect_swapped (self->grid, "picked", G_CALLBACK (picked_cb), self);
  g_signal_connect_swapped (self->grid, "failed", G_CALLBACK (failed_cb), self);
  self->learned
      = rf_control_button (_ ("As Learned"), _ ("As learned"), _ ("Puts the learned kernel back"));
  gtk_widget_set_halign (self->learned, GTK_ALIGN_START);
  g_signal_connect_swapped (self->learned, "clicked", G_CALLBACK (learned_cb), self);
  gtk_box_append (GTK_BOX (self), rf_control_heading (_ ("Its kernel")));
  gtk_box_append (GTK_BOX (self), self->about);
  gtk_box_append (GTK_BOX (self), self->row);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->grid));
  gtk_box_append (GTK_BOX (self), self->learned);
}

GtkWidget *
rf_kernel_view_new (RfFeatureBench *bench)
{
  RfKernelView *self = g_object_new (RF_TYPE_KERNEL_VIEW, NULL);
  self->bench = bench;
  g_signal_connect_object (bench, "filters", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "choice", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "edited", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "network", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  show (self);
  return GTK_WIDGET (self);
}
