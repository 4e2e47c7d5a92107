/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/filters/controls.h"
#include "app/panes/kernel/sections.h"

#include <glib/gi18n-lib.h>

static const char *const rule_titles[] = { N_ ("Correlation"), N_ ("Convolution"), NULL };

struct _RfWindowSection
{
  GtkBox parent_instance;

  RfFilterBench *bench;
  GtkWidget *stride, *dilation, *same, *padding, *border, *rule, *formula;
};

G_DEFINE_FINAL_TYPE (RfWindowSection, rf_window_section, GTK_TYPE_BOX)

static int
get_int (GtkWidget *spin)
{
  return gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (spin));
}

static void
edited_cb (RfWindowSection *self)
{
  const RfStage *before = rf_section_get_kernel (self->bench);
  if (!before)
    return;
  RfStage stage = *before;
  RfFilterOptions *options = &stage.options;
  options->stride[0] = options->stride[1] = get_int (self->stride);
  options->dilation[0] = options->dilation[1] = get_int (self->dilation);
  options->same = gtk_check_button_get_active (GTK_CHECK_BUTTON (self->same));
  if (options->same != before->options.same && !options->same)
    rf_filter_padding (&before->kernel, &before->options, options->padding);
  else
    for (int i = 0; i < 4 && !options->same; i++)
      options->padding[i] = get_int (self->padding);
  options->border = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->border));
  options->convolve = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->rule)) == 1;
  rf_filter_bench_set_stage (self->bench, &stage, _ ("Window of the Kernel"), "window");
}

/* ⌊(288 + 1 + 1 − 1·(3 − 1) − 1) / 1⌋ + 1 = 288, for one axis. */
static char *
write_formula (const RfStage *stage, int axis, int n)
{
  int padding[4];
  rf_filter_padding (&stage->kernel, &stage->options, padding);
  const int before = padding[axis ? 2 : 0], after = padding[axis ? 3 : 1];
  const int side = axis ? stage->kernel.width : stage->kernel.height;
  const int stride = stage->options.stride[axis], dilation = stage->options.dilation[axis];
  const int out = rf_filter_output_side (n, side, stride, dilation, before, after);
  return g_strdup_printf ("⌊(%d + %d + %d − %d·(%d − 1) − 1) / %d⌋ + 1 = %d", n, before, after,
                          dilation, side, stride, out);
}

static void
show_formula (RfWindowSection *self)
{
  const RfStage *stage = rf_section_get_kernel (self->bench);
  const RfFilterResult *result = rf_filter_bench_get_result (self->bench);
  RfFilterPicture *picture = rf_filter_bench_get_picture (self->bench);
  if (!stage || !picture)
    return;
  const RfChain *chain = rf_filter_bench_get_chain (self->bench);
  const int input = rf_chain_input_of (chain, rf_filter_bench_get_selected (self->bench));
  RfShape from = picture->pixels.shape;
  if (input >= 0 && result && input < result->n_stages)
    from = result->shapes[input];
  g_autofree char *width = write_formula (stage, 1, from.width);
  g_autofree char *height = write_formula (stage, 0, from.height);
  g_autofree char *text = g_strdup_printf (_ ("Width %s\nHeight %s"), width, height);
  gtk_label_set_label (GTK_LABEL (self->formula), text);
}

static void
changed_cb (RfWindowSection *self)
{
  const RfStage *stage = rf_section_get_kernel (self->bench);
  gtk_widget_set_visible (GTK_WIDGET (self), stage != NULL);
  if (!stage)
    return;
  int padding[4];
  rf_filter_padding (&stage->kernel, &stage->options, padding);
  rf_control_set_spin (self->stride, stage->options.stride[0], self);
  rf_control_set_spin (self->dilation, stage->options.dilation[0], self);
  rf_control_set_toggle (self->same, stage->options.same, self);
  rf_control_set_spin (self->padding, padding[0], self);
  gtk_widget_set_sensitive (self->padding, !stage->options.same);
  rf_control_set_drop (self->border, stage->options.border, self);
  rf_control_set_drop (self->rule, stage->options.convolve ? 1 : 0, self);
  show_formula (self);
}

static void
make_controls (RfWindowSection *self)
{
  self->stride = rf_control_spin (1, RF_FILTER_MAX_STRIDE, 1, 0, _ ("Stride"),
                                  _ ("Pixels from one window to the next"));
  self->dilation = rf_control_spin (1, RF_FILTER_MAX_DILATION, 1, 0, _ ("Dilation"),
                                    _ ("Pixels from one weight to the next"));
  self->same = gtk_check_button_new_with_label (_ ("Same size"));
  gtk_widget_set_tooltip_text (
      self->same, _ ("As many pixels around the picture as keep its size at stride 1"));
  self->padding = rf_control_spin (0, RF_FILTER_MAX_PADDING, 1, 0, _ ("Padding"),
                                   _ ("Pixels that are imagined on each side of the picture"));
  self->border = rf_control_drop (rf_border_titles, _ ("Border"),
                                  _ ("What the window sees beyond the picture"));
  self->rule = rf_control_drop (
      rule_titles, _ ("Rule"),
      _ ("Correlation, as networks compute it, or true convolution: the kernel turned by 180°"));
  g_signal_connect_swapped (self->stride, "value-changed", G_CALLBACK (edited_cb), self);
  g_signal_connect_swapped (self->dilation, "value-changed", G_CALLBACK (edited_cb), self);
  g_signal_connect_swapped (self->same, "toggled", G_CALLBACK (edited_cb), self);
  g_signal_connect_swapped (self->padding, "value-changed", G_CALLBACK (edited_cb), self);
  g_signal_connect_swapped (self->border, "notify::selected", G_CALLBACK (edited_cb), self);
  g_signal_connect_swapped (self->rule, "notify::selected", G_CALLBACK (edited_cb), self);
  self->formula = rf_control_caption ();
  gtk_widget_set_tooltip_text (
      self->formula,
      _ ("⌊(size + padding before + after − dilation · (side − 1) − 1) / stride⌋ + 1"));
}

static void
rf_window_section_class_init (RfWindowSectionClass *klass)
{
}

static void
rf_window_section_init (RfWindowSection *self)
{
  GtkBox *box = GTK_BOX (self);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (box, 8);
  make_controls (self);
  gtk_box_append (box, rf_control_heading (_ ("Window")));
  gtk_box_append (box, rf_control_row (_ ("Stride"), self->stride, NULL));
  gtk_box_append (box, rf_control_row (_ ("Dilation"), self->dilation, NULL));
  gtk_box_append (box, rf_control_row (_ ("Padding"), self->same, self->padding));
  gtk_box_append (box, rf_control_row (_ ("Border"), self->border, NULL));
  gtk_box_append (box, rf_control_row (_ ("Rule"), self->rule, NULL));
  gtk_box_append (box, self->formula);
}

GtkWidget *
rf_window_section_new (RfFilterBench *bench)
{
  RfWindowSection *self = g_object_new (RF_TYPE_WINDOW_SECTION, NULL);
  self->bench = bench;
  g_signal_connect_object (bench, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "picture", G_CALLBACK (show_formula), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "result", G_CALLBACK (show_formula), self, G_CONNECT_SWAPPED);
  changed_cb (self);
  return GTK_WIDGET (self);
}
