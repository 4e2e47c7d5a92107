/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The menu of known kernels. What the bench has tells which of them is shown as chosen: the one
 * built last, as long as nobody has painted over it, or one that happens to be the same. */

#include "app/controls.h"
#include "app/filters/own-kernels.h"
#include "app/panes/kernel/sections.h"
#include "model/filter/presets.h"
#include "widgets/knob/knob.h"

#include <glib/gi18n-lib.h>

struct _RfPresetSection
{
  GtkBox parent_instance;

  RfFilterBench *bench; /* the session's */
  GtkWidget *drop, *remove, *summary, *knobs;
  guint n_presets;
  char **own;
  const RfPreset *preset; /* built last */
  double values[RF_PRESET_MAX_PARAMETERS];
  RfKernel built;
  GtkWidget *knob[RF_PRESET_MAX_PARAMETERS];
};

G_DEFINE_FINAL_TYPE (RfPresetSection, rf_preset_section, GTK_TYPE_BOX)

/* Only weights: scale, bias and channels are the user's. */
static gboolean
same_weights (const RfKernel *a, const RfKernel *b)
{
  if (a->height != b->height || a->width != b->width)
    return FALSE;
  for (int plane = 0; plane < rf_kernel_n_planes (a); plane++)
    for (int i = 0; i < a->height * a->width; i++)
      if (a->weights[plane][i] != b->weights[0][i])
        return FALSE;
  return TRUE;
}

static void
put_kernel (RfPresetSection *self, const RfKernel *built, const char *label, const char *key)
{
  const RfStage *stage = rf_section_get_kernel (self->bench);
  if (!stage)
    return;
  RfKernel kernel = *built;
  /* A preset has one plane: it goes into each of those that there are. */
  rf_kernel_set_mode (&kernel, stage->kernel.mode);
  kernel.scale = stage->kernel.scale;
  kernel.bias = stage->kernel.bias;
  rf_filter_bench_set_kernel (self->bench, &kernel, label, key);
}

static void
build (RfPresetSection *self)
{
  rf_preset_build (self->preset, self->values, &self->built);
  g_autofree char *key = g_strconcat ("preset-", self->preset->name, NULL);
  put_kernel (self, &self->built, _ (self->preset->title), key);
}

static void
knob_cb (RfKnob *knob, double value, RfPresetSection *self)
{
  for (int i = 0; self->preset && i < rf_preset_n_parameters (self->preset); i++)
    if (self->knob[i] == GTK_WIDGET (knob))
      {
        const RfPresetParameter *parameter = &self->preset->parameters[i];
        self->values[i] = parameter->whole ? (double) (gint64) (value + 0.5) : value;
        if (self->values[i] != value)
          rf_knob_set_value (knob, self->values[i]);
        build (self);
      }
}

static void
make_knobs (RfPresetSection *self)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (self->knobs)))
    gtk_box_remove (GTK_BOX (self->knobs), child);
  for (int i = 0; self->preset && i < rf_preset_n_parameters (self->preset); i++)
    {
      const RfPresetParameter *parameter = &self->preset->parameters[i];
      g_autofree char *title = *parameter->unit ? g_strdup_printf ("%s (%s)", _ (parameter->title),
                                                                   _ (parameter->unit))
                                                : g_strdup (_ (parameter->title));
      const RfKnobRange range = { .title = title,
                                  .minimum = parameter->minimum,
                                  .maximum = parameter->maximum,
                                  .low = parameter->minimum,
                                  .high = MIN (parameter->maximum, 1000) };
      self->knob[i] = rf_knob_new (&range, self->values[i]);
      g_signal_connect (self->knob[i], "turned", G_CALLBACK (knob_cb), self);
      gtk_box_append (GTK_BOX (self->knobs), self->knob[i]);
    }
  gtk_widget_set_visible (self->knobs, self->preset && rf_preset_n_parameters (self->preset) > 0);
}

static void
set_preset (RfPresetSection *self, const RfPreset *preset)
{
  if (preset == self->preset)
    return;
  self->preset = preset;
  for (int i = 0; preset && i < rf_preset_n_parameters (preset); i++)
    self->values[i] = preset->parameters[i].fallback;
  make_knobs (self);
}

static void
chosen_cb (RfPresetSection *self)
{
  const guint chosen = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->drop));
  if (chosen == 0 || chosen == GTK_INVALID_LIST_POSITION)
    return;
  if (chosen <= self->n_presets)
    {
      set_preset (self, &rf_presets[chosen - 1]);
      build (self);
      return;
    }
  const char *name = self->own[chosen - 1 - self->n_presets];
  g_autoptr (GError) error = NULL;
  RfKernel kernel;
  if (!rf_own_kernels_load (name, &kernel, &error))
    {
      rf_section_say (self, error->message);
      return;
    }
  const RfStage *stage = rf_section_get_kernel (self->bench);
  set_preset (self, NULL); /* what is built now is none of them */
  self->built = kernel;
  if (kernel.mode == RF_KERNEL_SHARED)
    put_kernel (self, &kernel, name, NULL);
  else if (stage)
    {
      if (stage->kernel.mode == RF_KERNEL_COMBINED)
        kernel.mode = RF_KERNEL_COMBINED;
      rf_filter_bench_set_kernel (self->bench, &kernel, name, NULL);
    }
}

/* Which of the presets the kernel is, by its numbers. */
static const RfPreset *
recognize (RfPresetSection *self, const RfKernel *kernel)
{
  if (self->preset && same_weights (kernel, &self->built))
    return self->preset;
  for (const RfPreset *preset = rf_presets; preset->name; preset++)
    {
      RfKernel known;
      rf_preset_build (preset, NULL, &known);
      if (same_weights (kernel, &known))
        {
          set_preset (self, preset);
          rf_preset_build (preset, self->values, &self->built);
          return preset;
        }
    }
  return NULL;
}

/* The name of the user's kernel that is chosen, or NULL. */
static const char *
get_own (RfPresetSection *self)
{
  const guint chosen = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->drop));
  if (chosen == GTK_INVALID_LIST_POSITION || chosen <= self->n_presets)
    return NULL;
  return self->own[chosen - 1 - self->n_presets];
}

static void
remove_cb (RfPresetSection *self)
{
  g_autofree char *name = g_strdup (get_own (self));
  g_autoptr (GError) error = NULL;
  if (!name)
    return;
  g_autofree char *removed
      = g_strdup_printf (_ ("“%s” is no longer among your kernels; the grid still has it."), name);
  const gboolean done = rf_own_kernels_remove (name, &error);
  rf_preset_section_reload (self);
  rf_section_say (self, done ? removed : error->message);
}

static void
show_kernel (RfPresetSection *self)
{
  const RfStage *stage = rf_section_get_kernel (self->bench);
  gtk_widget_set_visible (GTK_WIDGET (self), stage != NULL);
  if (!stage)
    return;
  const RfPreset *preset = recognize (self, &stage->kernel);
  if (preset)
    {
      rf_control_set_drop (self->drop, (guint) (preset - rf_presets) + 1, self);
      gtk_label_set_label (GTK_LABEL (self->summary), _ (preset->summary));
      for (int i = 0; i < rf_preset_n_parameters (preset); i++)
        if (rf_knob_get_value (RF_KNOB (self->knob[i])) != self->values[i])
          rf_knob_set_value (RF_KNOB (self->knob[i]), self->values[i]);
      return;
    }
  const guint chosen = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->drop));
  set_preset (self, NULL);
  if (chosen <= self->n_presets || !same_weights (&stage->kernel, &self->built))
    rf_control_set_drop (self->drop, 0, self);
  gtk_label_set_label (GTK_LABEL (self->summary), _ ("A kernel of your own."));
}

static void
changed_cb (RfPresetSection *self)
{
  show_kernel (self);
  gtk_widget_set_visible (self->remove, get_own (self) != NULL);
}

void
rf_preset_section_reload (RfPresetSection *self)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  gtk_string_list_append (list, _ ("Of Your Own"));
  self->n_presets = 0;
  for (const RfPreset *preset = rf_presets; preset->name; preset++, self->n_presets++)
    gtk_string_list_append (list, _ (preset->title));
  g_strfreev (self->own);
  self->own = rf_own_kernels_list ();
  for (guint i = 0; self->own[i]; i++)
    gtk_string_list_append (list, self->own[i]);
  g_signal_handlers_block_by_func (self->drop, chosen_cb, self);
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->drop), G_LIST_MODEL (list));
  g_signal_handlers_unblock_by_func (self->drop, chosen_cb, self);
  changed_cb (self);
}

static void
rf_preset_section_finalize (GObject *object)
{
  g_strfreev (RF_PRESET_SECTION (object)->own);
  G_OBJECT_CLASS (rf_preset_section_parent_class)->finalize (object);
}

static void
rf_preset_section_class_init (RfPresetSectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rf_preset_section_finalize;
}

static void
rf_preset_section_init (RfPresetSection *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  self->drop = rf_control_drop (NULL, _ ("Known kernel"),
                                _ ("A kernel that is known by a name, or one that you saved"));
  g_signal_connect_swapped (self->drop, "notify::selected", G_CALLBACK (chosen_cb), self);
  self->summary = rf_control_caption ();
  self->knobs = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_widget_set_hexpand (self->drop, TRUE);
  self->remove = rf_control_icon ("user-trash-symbolic", _ ("Remove the kernel"),
                                  _ ("Remove this kernel from those that you saved"));
  gtk_widget_set_visible (self->remove, FALSE);
  g_signal_connect_swapped (self->remove, "clicked", G_CALLBACK (remove_cb), self);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_append (GTK_BOX (row), self->drop);
  gtk_box_append (GTK_BOX (row), self->remove);
  gtk_box_append (GTK_BOX (self), row);
  gtk_box_append (GTK_BOX (self), self->summary);
  gtk_box_append (GTK_BOX (self), self->knobs);
}

GtkWidget *
rf_preset_section_new (RfFilterBench *bench)
{
  RfPresetSection *self = g_object_new (RF_TYPE_PRESET_SECTION, NULL);
  self->bench = bench;
  g_signal_connect_object (bench, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  rf_preset_section_reload (self);
  return GTK_WIDGET (self);
}
