/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/inside/inside-layers.h"

#include "model/layers/activation.h"

#include <glib/gi18n-lib.h>

static gboolean
changes_numbers (const RfLayerClass *klass)
{
  return klass->forward != NULL && klass->rate < 0;
}

static gboolean
is_activation (const RfLayerClass *klass)
{
  return klass->forward == rf_activation_forward;
}

static gboolean
has_maps (const RfLayerSummary *layer)
{
  return layer->out.height * layer->out.width > 1;
}

/* The first activation that follows a convolution's parameters; else of any layer; else the first.
 */
static guint
find_first (const RfLayerSummary *layers, const GArray *indices)
{
  for (int flat = 0; flat < 2; flat++)
    {
      gboolean learns = FALSE;
      for (guint i = 0; i < indices->len; i++)
        {
          const RfLayerSummary *layer = &layers[g_array_index (indices, guint, i)];
          if (!has_maps (layer) && !flat)
            continue;
          learns |= layer->n_parameters > 0;
          if (learns && is_activation (layer->klass))
            return i;
        }
    }
  return 0;
}

RfInsideLayers *
rf_inside_layers_new (RfRun *run)
{
  guint n;
  const RfLayerSummary *layers = rf_run_get_layers (run, &n);
  RfInsideLayers *self = g_new0 (RfInsideLayers, 1);
  self->names = gtk_string_list_new (NULL);
  self->indices = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < n; i++)
    {
      if (!changes_numbers (layers[i].klass))
        continue;
      g_autofree char *shape = rf_shape_to_text (layers[i].out);
      g_autofree char *name = g_strdup_printf ("%s · %s · %s", layers[i].name,
                                               _ (layers[i].klass->spec.title), shape);
      gtk_string_list_append (self->names, name);
      g_array_append_val (self->indices, i);
    }
  self->first = find_first (layers, self->indices);
  return self;
}

void
rf_inside_layers_free (RfInsideLayers *self)
{
  if (!self)
    return;
  g_object_unref (self->names);
  g_array_unref (self->indices);
  g_free (self);
}

guint
rf_inside_layers_find (const RfInsideLayers *self, guint index)
{
  for (guint i = 0; i < self->indices->len; i++)
    if (g_array_index (self->indices, guint, i) == index)
      return i;
  return G_MAXUINT;
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkStringObject *name = gtk_list_item_get_item (item);
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                       gtk_string_object_get_string (name));
}

GtkListItemFactory *
rf_inside_layers_make_factory (void)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  return factory;
}
