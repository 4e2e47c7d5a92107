/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/features/feature-net.h"

#include "model/base/error.h"
#include "model/run/folder.h"
#include "rf-config.h"

#include <glib/gi18n-lib.h>

/* ---- what is known of the data ---- */

static void
take_scale (RfFeatureNet *self)
{
  self->pictures = !self->dataset || self->dataset->pictures;
  rf_dataset_find_scale (&self->experiment->dataset, self->dataset, self->mean, self->deviation);
}

/* Names of the outputs of @net: of the data set, of the file of weights, or numbers. */
static void
take_classes (RfFeatureNet *self, RfNet *net)
{
  self->n_classes = (int) RF_SHAPE_COUNT (net->output);
  if (self->dataset && self->dataset->n_classes == self->n_classes)
    self->classes = g_strdupv (self->dataset->classes);
  else if (net->classes)
    self->classes = g_strdupv (net->classes);
  if (self->classes)
    return;
  self->classes = g_new0 (char *, (gsize) self->n_classes + 1);
  for (int k = 0; k < self->n_classes; k++)
    self->classes[k] = g_strdup_printf ("%d", k);
}

static void
load_data (RfFeatureNet *self, RfShape input, const char *data_folder)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) folders = rf_data_folders (data_folder);
  self->dataset = rf_dataset_load (&self->experiment->dataset, input, (const char *const *) folders,
                                   NULL, NULL, NULL, &error);
  if (!self->dataset)
    self->absent = g_strdup (error->message);
}

/* ---- from a run ---- */

RfFeatureNet *
rf_feature_net_from_run (RfRun *run)
{
  g_return_val_if_fail (RF_IS_RUN (run), NULL);
  RfFeatureNet *self = g_new0 (RfFeatureNet, 1);
  self->run = g_object_ref (run);
  self->experiment = rf_experiment_ref (rf_run_get_experiment (run));
  self->dataset = rf_dataset_ref (rf_run_get_dataset (run));
  self->title = g_strdup (self->experiment->name);
  self->input = self->dataset->shape;
  self->n_classes = self->dataset->n_classes;
  self->classes = g_strdupv (self->dataset->classes);
  take_scale (self);
  return self;
}

/* ---- from a file ---- */

static gboolean
read_files (RfFeatureNet *self, const char *path, RfExperiment *base, GError **error)
{
  gboolean is_run = FALSE, first;
  if (g_str_has_suffix (path, ".safetensors"))
    {
      if (!base)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_MISSING,
                       _ ("%s has weights; open the network that they are for first."), path);
          return FALSE;
        }
      self->experiment = rf_experiment_ref (base);
      self->weights = g_strdup (path);
      self->title = g_path_get_basename (path);
    }
  else
    {
      self->experiment = rf_run_read_experiment (path, &is_run, error);
      if (!self->experiment)
        return FALSE;
      self->weights = is_run ? rf_run_folder_find_weights (path, &first)
                             : g_strdup (self->experiment->network.initial_weights);
      self->title = g_strdup (self->experiment->name);
    }
  if (!self->weights)
    return TRUE;
  RfExperiment *copy = rf_experiment_copy_without_weights (self->experiment);
  rf_experiment_unref (self->experiment);
  self->experiment = copy;
  return TRUE;
}

RfFeatureNet *
rf_feature_net_load (const char *path, RfExperiment *base, RfShape base_input,
                     const char *data_folder, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);
  g_autoptr (RfFeatureNet) self = g_new0 (RfFeatureNet, 1);
  if (!read_files (self, path, base, error))
    return NULL;
  load_data (self, self->experiment->network.input, data_folder);
  self->input = self->dataset ? self->dataset->shape : self->experiment->network.input;
  if (self->input.channels == 0)
    self->input = base_input;
  g_autoptr (RfNet) net = rf_net_new (self->experiment, self->input, rf_kernels_path (), error);
  if (!net)
    return NULL;
  self->input = net->input;
  if (self->weights)
    {
      g_autoptr (RfSafetensors) file = rf_safetensors_open (self->weights, error);
      if (!file)
        return NULL;
      rf_net_take_classes (net, file);
    }
  take_classes (self, net);
  take_scale (self);
  return g_steal_pointer (&self);
}

void
rf_feature_net_free (RfFeatureNet *self)
{
  if (!self)
    return;
  g_clear_object (&self->run);
  g_clear_pointer (&self->experiment, rf_experiment_unref);
  g_clear_pointer (&self->dataset, rf_dataset_unref);
  g_strfreev (self->classes);
  g_free (self->absent);
  g_free (self->weights);
  g_free (self->title);
  g_free (self);
}

/* ---- those that come with the program ---- */

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

char **
rf_feature_net_list (void)
{
  const char *given = g_getenv ("RECEPTIVE_PRETRAINED");
  const char *folder = given ? given : RF_PKGDATADIR "/pretrained";
  GPtrArray *paths = g_ptr_array_new ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *recipe = g_build_filename (path, "experiment.json", NULL);
      if (g_file_test (recipe, G_FILE_TEST_IS_REGULAR))
        g_ptr_array_add (paths, g_steal_pointer (&path));
    }
  g_ptr_array_sort (paths, compare);
  g_ptr_array_add (paths, NULL);
  return (char **) g_ptr_array_free (paths, FALSE);
}

/* ---- pictures ---- */

gboolean
rf_feature_net_get_bounds (const RfFeatureNet *self, float *low, float *high)
{
  for (int c = 0; c < self->input.channels; c++)
    {
      low[c] = (float) ((0 - self->mean[c]) / self->deviation[c]);
      high[c] = (float) ((1 - self->mean[c]) / self->deviation[c]);
    }
  return self->pictures;
}

void
rf_feature_net_normalize (const RfFeatureNet *self, const guint8 *bytes, float *out)
{
  const gsize plane = (gsize) self->input.height * (gsize) self->input.width;
  const RfKernels *kernels = rf_kernels_get (rf_kernels_path ());
  for (int c = 0; c < self->input.channels; c++)
    kernels->bytes_to_floats (bytes + (gsize) c * plane, out + (gsize) c * plane, plane,
                              (float) self->mean[c], (float) self->deviation[c]);
}

const char *
rf_feature_net_name_class (const RfFeatureNet *self, int klass)
{
  return klass >= 0 && klass < self->n_classes ? self->classes[klass] : "";
}
