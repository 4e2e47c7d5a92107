/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/controls.h"
#include "app/panes/kernel/sections.h"

#include <glib/gi18n-lib.h>

static const char *const rule_titles[] = { N_ ("Correlation"), N_ ("Convolution"), NULL };

struct _RfWindowSection
{
  GtkBox parent_instance;

  RfFilterBench *bench;
  /* Pairs are of rows and of columns. */
  GtkWidget *stride[2], *dilation[2], *same, *padding[2], *border, *rule, *formula;
};

G_DEFINE_FINAL_TYPE (RfWindowSection, rf_window_section, GTK_TYPE_BOX)

static int
get_int (GtkWidget *spin)
{
  return gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (spin));
}

/* What the spin buttons of a pair say, where @before held. As long as both are equal, turning the
 * first turns both. */
static void
get_pair (GtkWidget *const spins[2], const int before[2], int pair[2])
{
  pair[0] = get_int (spins[0]);
  pair[1] = get_int (spins[1]);
  if (before[0] == before[1] && pair[1] == before[1])
    pair[1] = pair[0];
}

static void
edited_cb (RfWindowSection *self)
{
  const RfStage *before = rf_section_get_kernel (self->bench);
  if (!before)
    return;
  RfStage stage = *before;
  RfFilterOptions *options = &stage.options;
  get_pair (self->stride, before->options.stride, options->stride);
  get_pair (self->dilation, before->options.dilation, options->dilation);
  options->same = gtk_check_button_get_active (GTK_CHECK_BUTTON (self->same));
  if (options->same != before->options.same && !options->same)
    rf_filter_padding (&before->kernel, &before->options, options->padding);
  else if (!options->same)
    {
      const int sides[2] = { before->options.padding[0], before->options.padding[2] };
      int pair[2];
      get_pair (self->padding, sides, pair);
      for (int axis = 0; axis < 2; axis++)
        if (pair[axis] != sides[axis])
          options->padding[2 * axis] = options->padding[2 * axis + 1] = pair[axis];
    }
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
  for (int axis = 0; axis < 2; axis++)
    {
      rf_control_set_spin (self->stride[axis], stage->options.stride[axis], self);
      rf_control_set_spin (self->dilation[axis], stage->options.dilation[axis], self);
      rf_control_set_spin (self->padding[axis], padding[2 * axis], self);
      gtk_widget_set_sensitive (self->padding[axis], !stage->options.same);
    }
  rf_control_set_toggle (self->same, stage->options.same, self);
  rf_control_set_drop (self->border, stage->options.border, self);
  rf_control_set_drop (self->rule, stage->options.convolve ? 1 : 0, self);
  show_formula (self);
}

static void
make_pair (RfWindowSection *self, GtkWidget *pair[2], int low, int high, const char *rows,
           const char *columns, const char *tooltip)
{
  for (int axis = 0; axis < 2; axis++)
    {
      pair[axis] = rf_control_spin (low, high, 1, 0, axis == 0 ? rows : columns, tooltip);
      g_signal_connect_swapped (pair[axis], "value-changed", G_CALLBACK (edited_cb), self);
    }
}

static void
make_controls (RfWindowSection *self)
{
  make_pair (self, self->stride, 1, RF_FILTER_MAX_STRIDE, _ ("Stride of rows"),
             _ ("Stride of columns"),
             _ ("Pixels from one window to the next, down and across; while both are equal the "
                "first sets both"));
  make_pair (self, self->dilation, 1, RF_FILTER_MAX_DILATION, _ ("Dilation of rows"),
             _ ("Dilation of columns"),
             _ ("Pixels from one weight to the next, down and across; while both are equal the "
                "first sets both"));
  make_pair (self, self->padding, 0, RF_FILTER_MAX_PADDING, _ ("Padding above and below"),
             _ ("Padding left and right"),
             _ ("Pixels that are imagined above and below the picture, and left and right of it; "
                "while both are equal the first sets both"));
  self->same = gtk_check_button_new_with_label (_ ("Same size"));
  gtk_widget_set_tooltip_text (
      self->same, _ ("As many pixels around the picture as keep its size at stride 1"));
  self->border = rf_control_drop (rf_border_titles, _ ("Border"),
                                  _ ("What the window sees beyond the picture"));
  self->rule = rf_control_drop (
      rule_titles, _ ("Rule"),
      _ ("Correlation, as networks compute it, or true convolution: the kernel turned by 180°"));
  g_signal_connect_swapped (self->same, "toggled", G_CALLBACK (edited_cb), self);
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
  gtk_box_append (box, rf_control_row (_ ("Stride"), self->stride[0], self->stride[1]));
  gtk_box_append (box, rf_control_row (_ ("Dilation"), self->dilation[0], self->dilation[1]));
  gtk_box_append (box, rf_control_row (_ ("Padding"), self->padding[0], self->padding[1]));
  gtk_box_append (box, rf_control_row ("", self->same, NULL));
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
