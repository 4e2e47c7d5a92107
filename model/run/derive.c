/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A new experiment is a copy without what only a run has: parent, fingerprint, measured mean and
 * deviation. */

#include "model/run/derive.h"
#include "model/base/error.h"
#include "model/dataset/dataset.h"
#include "model/net/net.h"
#include "model/spec/json.h"

#include <glib/gi18n-lib.h>

#define VALIDATION_FRACTION 0.1
#define TEST_FRACTION       0.2
#define SIDE                32

static RfExperiment *
copy_without_parent (const RfExperiment *base)
{
  RfExperiment *copy = rf_experiment_copy (base);
  g_clear_pointer (&copy->parent_run, g_free);
  copy->parent_step = 0;
  return copy;
}

RfExperiment *
rf_experiment_with_seed (const RfExperiment *base, guint64 seed)
{
  g_return_val_if_fail (base && seed < G_GUINT64_CONSTANT (1) << 53, NULL);
  RfExperiment *copy = copy_without_parent (base);
  copy->training.seed = seed;
  return copy;
}

/* The last layer whose option says how many outputs there are. */
static gboolean
set_outputs (const GPtrArray *layers, gint n_classes, GError **error)
{
  static const char *const names[] = { "units", "filters" };
  for (guint i = layers->len; i > 0; i--)
    for (guint n = 0; n < G_N_ELEMENTS (names); n++)
      {
        RfSpec *spec = layers->pdata[i - 1];
        const RfOption *option = rf_spec_find_option (spec, names[n]);
        g_autofree char *path = g_strdup_printf ("network.layers[%u].%s", i - 1, names[n]);
        if (option)
          return rf_spec_set (spec, option, n_classes, path, error);
      }
  g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
               _ ("network.layers: none of them is a linear layer or a convolution, whose outputs "
                  "could be the %d classes of the folder"),
               n_classes);
  return FALSE;
}

static void
set_dataset (RfDatasetConfig *dataset, const char *folder, const gsize n_split[RF_N_SPLITS])
{
  g_free (dataset->source);
  g_free (dataset->written);
  g_clear_pointer (&dataset->fingerprint, g_free);
  dataset->kind = RF_DATASET_FOLDER;
  dataset->source = g_canonicalize_filename (folder, NULL);
  dataset->written = g_strdup (dataset->source);
  dataset->limit = 0;
  dataset->normalize = RF_NORMALIZE_DEFAULT;
  dataset->n_channels = 0;

  if (dataset->validation_fraction == 0)
    dataset->validation_fraction = VALIDATION_FRACTION;
  if (dataset->test_fraction == 0)
    dataset->test_fraction = TEST_FRACTION;
  if (dataset->validation_fraction + dataset->test_fraction >= 1)
    {
      dataset->validation_fraction = VALIDATION_FRACTION;
      dataset->test_fraction = TEST_FRACTION;
    }
  if (n_split[RF_SPLIT_VALIDATION] > 0)
    dataset->validation_fraction = 0;
  if (n_split[RF_SPLIT_TEST] > 0)
    dataset->test_fraction = 0;
}

static RfShape
find_input (RfShape input)
{
  gboolean picture
      = (input.channels == 1 || input.channels == 3) && input.height > 1 && input.width > 1;
  return picture ? input : (RfShape){ 3, SIDE, SIDE };
}

RfExperiment *
rf_experiment_for_folder (const RfExperiment *base, const char *folder, GError **error)
{
  g_return_val_if_fail (base && folder, NULL);

  gint n_classes;
  gsize n_split[RF_N_SPLITS];
  if (!g_utf8_validate (folder, -1, NULL))
    {
      g_autofree char *shown = rf_text_for_message (folder);
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                   _ ("the path %s is not UTF-8, as an experiment must be; rename the folder"),
                   shown);
      return NULL;
    }
  if (!rf_dataset_scan_folder (folder, &n_classes, n_split, error))
    return NULL;
  g_autoptr (RfExperiment) copy = copy_without_parent (base);
  set_dataset (&copy->dataset, folder, n_split);
  copy->network.input = find_input (copy->network.input);
  g_clear_pointer (&copy->network.initial_weights, g_free);
  g_clear_pointer (&copy->network.initial_weights_written, g_free);
  g_free (copy->name);
  copy->name = g_path_get_basename (copy->dataset.source);
  if (!set_outputs (copy->network.layers, n_classes, error))
    return NULL;
  g_autoptr (RfNet) net = rf_net_new (copy, copy->network.input, rf_kernels_path (), error);
  return net ? g_steal_pointer (&copy) : NULL;
}
