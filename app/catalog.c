/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/catalog.h"

#include "model/dataset/dataset.h"
#include "rf-config.h"

static void
example_free (gpointer data)
{
  RfExample *example = data;
  g_free (example->name);
  g_free (example->path);
  g_free (example);
}

/* What can be trained at once comes first, then what needs a data set that is not here. */
static int
compare (gconstpointer a, gconstpointer b)
{
  const RfExample *left = *(RfExample *const *) a, *right = *(RfExample *const *) b;
  if (left->ready != right->ready)
    return left->ready ? -1 : 1;
  return g_utf8_collate (left->name, right->name);
}

static gboolean
has_data (const RfDatasetConfig *dataset, const char *const *folders)
{
  if (dataset->kind != RF_DATASET_ID)
    return g_file_test (dataset->source, G_FILE_TEST_EXISTS);
  const RfSourceClass *source = rf_source_find (dataset->source);
  g_autofree char *folder = source ? source->find (folders) : NULL;
  return folder != NULL;
}

GPtrArray *
rf_catalog_list (void)
{
  const char *given = g_getenv ("RECEPTIVE_EXAMPLES");
  const char *folder = given ? given : RF_PKGDATADIR "/examples";
  GPtrArray *examples = g_ptr_array_new_with_free_func (example_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_auto (GStrv) folders = rf_data_folders (NULL);
  const char *file;
  while (dir && (file = g_dir_read_name (dir)))
    {
      if (!g_str_has_suffix (file, ".json"))
        continue;
      g_autofree char *path = g_build_filename (folder, file, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (RfExperiment) experiment = rf_experiment_load (path, NULL, &error);
      if (!experiment)
        {
          g_warning ("%s", error->message);
          continue;
        }
      RfExample *example = g_new (RfExample, 1);
      example->name = g_strdup (experiment->name);
      example->path = g_steal_pointer (&path);
      example->ready = has_data (&experiment->dataset, (const char *const *) folders);
      g_ptr_array_add (examples, example);
    }
  g_ptr_array_sort (examples, compare);
  return examples;
}

GBytes *
rf_catalog_demo (void)
{
  /* It is linked in: it cannot be missing. */
  return g_resources_lookup_data ("/io/github/receptive/Receptive/demo.json", 0, NULL);
}
