/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a stage reads is asked for of all kinds, also of kernels; hidden while there is nothing to
 * choose between. */

#include "app/controls.h"
#include "app/panes/kernel/sections.h"

#include <glib/gi18n-lib.h>

struct _RfStageSection
{
  GtkBox parent_instance;

  RfFilterBench *bench;
  GtkWidget *title, *summary, *value_row, *value, *size_row, *size, *stride_row, *stride;
  GtkWidget *padding_row, *padding, *input_row, *input, *with_row, *with;
};

G_DEFINE_FINAL_TYPE (RfStageSection, rf_stage_section, GTK_TYPE_BOX)

static gboolean
is_pool (const RfStage *stage)
{
  return stage->kind == RF_STAGE_MAXPOOL || stage->kind == RF_STAGE_AVGPOOL;
}

static gboolean
combines (const RfStage *stage)
{
  return stage->kind == RF_STAGE_ADD || stage->kind == RF_STAGE_MAGNITUDE;
}

static int
get_int (GtkWidget *spin)
{
  return gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (spin));
}

/* Entry 0 of the lists is the picture, entry i + 1 is stage i. */
static int
get_source (GtkWidget *drop)
{
  return (int) gtk_drop_down_get_selected (GTK_DROP_DOWN (drop)) - 1;
}

static void
edited_cb (RfStageSection *self)
{
  const int i = rf_filter_bench_get_selected (self->bench);
  RfStage stage = *rf_filter_bench_get_stage (self->bench);
  stage.value = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->value));
  if (is_pool (&stage))
    {
      stage.size[0] = stage.size[1] = get_int (self->size);
      stage.stride[0] = stage.stride[1] = get_int (self->stride);
      stage.padding[0] = stage.padding[1] = MIN (get_int (self->padding), stage.size[0] / 2);
    }
  const int input = get_source (self->input);
  stage.input = input == i - 1 ? RF_STAGE_PREVIOUS : input;
  stage.with = combines (&stage) ? get_source (self->with) : stage.with;
  rf_filter_bench_set_stage (self->bench, &stage, _ (rf_stage_infos[stage.kind].title), "stage");
}

static void
fill (RfStageSection *self, GtkWidget *drop, const RfChain *chain, int end, int source)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  gtk_string_list_append (list, _ ("The Picture"));
  for (int i = 0; i < end; i++)
    {
      g_autofree char *name = rf_filter_bench_name_stage (chain, i);
      gtk_string_list_append (list, name);
    }
  g_signal_handlers_block_by_func (drop, edited_cb, self);
  gtk_drop_down_set_model (GTK_DROP_DOWN (drop), G_LIST_MODEL (list));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop), (guint) (source + 1));
  g_signal_handlers_unblock_by_func (drop, edited_cb, self);
}

static void
changed_cb (RfStageSection *self)
{
  const RfChain *chain = rf_filter_bench_get_chain (self->bench);
  const int i = rf_filter_bench_get_selected (self->bench);
  const RfStage *stage = &chain->stages[i];
  const gboolean kernel = stage->kind == RF_STAGE_KERNEL, pool = is_pool (stage);
  g_autofree char *name = rf_filter_bench_name_stage (chain, i);
  gtk_label_set_label (GTK_LABEL (self->title), name);
  gtk_label_set_label (GTK_LABEL (self->summary), _ (rf_stage_infos[stage->kind].summary));
  gtk_widget_set_visible (self->summary, !kernel);
  gtk_widget_set_visible (self->value_row,
                          stage->kind == RF_STAGE_BIAS || stage->kind == RF_STAGE_THRESHOLD);
  gtk_widget_set_visible (self->size_row, pool);
  gtk_widget_set_visible (self->stride_row, pool);
  gtk_widget_set_visible (self->padding_row, pool);
  gtk_widget_set_visible (self->with_row, combines (stage));
  gtk_widget_set_visible (self->input_row, i > 0);
  gtk_widget_set_visible (GTK_WIDGET (self), !kernel || chain->n_stages > 1);
  rf_control_set_spin (self->value, stage->value, self);
  rf_control_set_spin (self->size, stage->size[0], self);
  rf_control_set_spin (self->stride, stage->stride[0], self);
  rf_control_set_spin (self->padding, stage->padding[0], self);
  fill (self, self->input, chain, i, rf_chain_input_of (chain, i));
  if (combines (stage))
    fill (self, self->with, chain, i, rf_chain_with_of (chain, i));
}

static void
make_controls (RfStageSection *self)
{
  self->value = rf_control_spin (-1000, 1000, 0.05, 3, _ ("Value"),
                                 _ ("What is added, or from where on it is 1"));
  self->size = rf_control_spin (1, RF_CHAIN_MAX_POOL, 1, 0, _ ("Size"),
                                _ ("Rows and columns of each window"));
  self->stride = rf_control_spin (1, RF_CHAIN_MAX_POOL, 1, 0, _ ("Stride"),
                                  _ ("Pixels from one window to the next"));
  self->padding = rf_control_spin (0, RF_CHAIN_MAX_POOL / 2, 1, 0, _ ("Padding"),
                                   _ ("Pixels around the picture, at most half the size"));
  self->input = rf_control_drop (NULL, _ ("Reads"), _ ("Whose result this stage reads"));
  self->with = rf_control_drop (NULL, _ ("Second result"),
                                _ ("The earlier result that is combined with it"));
  g_signal_connect_swapped (self->value, "value-changed", G_CALLBACK (edited_cb), self);
  g_signal_connect_swapped (self->size, "value-changed", G_CALLBACK (edited_cb), self);
  g_signal_connect_swapped (self->stride, "value-changed", G_CALLBACK (edited_cb), self);
  g_signal_connect_swapped (self->padding, "value-changed", G_CALLBACK (edited_cb), self);
  g_signal_connect_swapped (self->input, "notify::selected", G_CALLBACK (edited_cb), self);
  g_signal_connect_swapped (self->with, "notify::selected", G_CALLBACK (edited_cb), self);
}

static void
rf_stage_section_class_init (RfStageSectionClass *klass)
{
}

static void
rf_stage_section_init (RfStageSection *self)
{
  GtkBox *box = GTK_BOX (self);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (box, 8);
  make_controls (self);
  self->title = rf_control_heading (NULL);
  self->summary = rf_control_caption ();
  gtk_box_append (box, self->title);
  gtk_box_append (box, self->summary);
  gtk_box_append (box, self->input_row = rf_control_row (_ ("Reads"), self->input, NULL));
  gtk_box_append (box, self->with_row = rf_control_row (_ ("With"), self->with, NULL));
  gtk_box_append (box, self->value_row = rf_control_row (_ ("Value"), self->value, NULL));
  gtk_box_append (box, self->size_row = rf_control_row (_ ("Size"), self->size, NULL));
  gtk_box_append (box, self->stride_row = rf_control_row (_ ("Stride"), self->stride, NULL));
  gtk_box_append (box, self->padding_row = rf_control_row (_ ("Padding"), self->padding, NULL));
}

GtkWidget *
rf_stage_section_new (RfFilterBench *bench)
{
  RfStageSection *self = g_object_new (RF_TYPE_STAGE_SECTION, NULL);
  self->bench = bench;
  g_signal_connect_object (bench, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  changed_cb (self);
  return GTK_WIDGET (self);
}
