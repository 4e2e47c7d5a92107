/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether two experiments have the same network: the same layers, made the same way, whatever their
 * live options are. Then weights of one fit the other and mean the same in it. */
#include "model/experiment/fields.h"

#include "model/spec/json.h"
#include "model/spec/option.h"

static char *find_other_layer (const GPtrArray *a, const GPtrArray *b, const char *path);

static char *
find_other_option (const RfSpec *a, const RfSpec *b, const char *path)
{
  if (a->klass != b->klass)
    return g_strdup (path);
  for (const RfOption *option = a->klass->options; option->name; option++)
    {
      g_autofree char *place = rf_json_path (path, option->name);
      if (option->kind == RF_OPTION_LAYERS)
        {
          char *other = find_other_layer (RF_OPTION_FIELD (GPtrArray *, option, a->config),
                                          RF_OPTION_FIELD (GPtrArray *, option, b->config), place);
          if (other)
            return other;
          continue;
        }
      if (option->flags & RF_OPTION_LIVE)
        continue;
      json_t *x = rf_option_write (option, a->config), *y = rf_option_write (option, b->config);
      gboolean same = json_equal (x, y);
      json_decref (x);
      json_decref (y);
      if (!same)
        return g_steal_pointer (&place);
    }
  return NULL;
}

static char *
find_other_layer (const GPtrArray *a, const GPtrArray *b, const char *path)
{
  for (guint i = 0; i < MAX (a->len, b->len); i++)
    {
      g_autofree char *place = g_strdup_printf ("%s[%u]", path, i);
      if (i >= a->len || i >= b->len)
        return g_steal_pointer (&place);
      char *other = find_other_option (a->pdata[i], b->pdata[i], place);
      if (other)
        return other;
    }
  return NULL;
}

char *
rf_experiment_find_other_layer (const RfExperiment *a, const RfExperiment *b)
{
  g_return_val_if_fail (a && b, NULL);
  return find_other_layer (a->network.layers, b->network.layers, "network.layers");
}

void
rf_experiment_take_training (RfExperiment *experiment, const RfExperiment *from)
{
  g_return_if_fail (experiment && from);
  /* The copy takes away with it what is given up. */
  RfExperiment *other = rf_experiment_copy (from);
  RfTrainingConfig training = experiment->training;
  GPtrArray *layers = experiment->network.layers;
  experiment->training = other->training;
  other->training = training;
  experiment->network.layers = other->network.layers;
  other->network.layers = layers;
  if (*other->name)
    {
      char *name = experiment->name;
      experiment->name = other->name;
      other->name = name;
    }
  rf_experiment_unref (other);
}
