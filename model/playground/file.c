/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sessions with explicit points and first weights, as JSON: recorded runs that are to be followed
 * number by number. */

#include "model/playground/playground.h"

#include "model/base/error.h"
#include "model/base/files.h"
#include "model/spec/json.h"
#include "model/spec/spec.h"

#include <glib/gi18n-lib.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#define MAX_BYTES (64 << 20)
#define MAX_DEPTH 16

static const char *const known_keys[] = { "problem",
                                          "features",
                                          "hidden",
                                          "activation",
                                          "regularization",
                                          "learningRate",
                                          "regularizationRate",
                                          "batchSize",
                                          "train",
                                          "test",
                                          "init",
                                          "epochs",
                                          NULL };

static gboolean G_GNUC_PRINTF (3, 4)
    fail (GError **error, const char *path, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, "%s: %s", path, what);
  return FALSE;
}

static json_t *
get_list (const json_t *object, const char *key, GError **error)
{
  json_t *list = json_object_get (object, key);
  if (json_is_array (list))
    return list;
  fail (error, key, _ ("there should be a list"));
  return NULL;
}

/* One of @names; where the key is missing, what @index already is. */
static gboolean
read_name (const json_t *root, const char *key, const char *const *names, int *index,
           GError **error)
{
  const json_t *value = json_object_get (root, key);
  if (!value)
    return TRUE;
  const int found
      = json_is_string (value) ? rf_play_find_name (names, json_string_value (value)) : -1;
  if (found < 0)
    {
      g_autofree char *all = g_strjoinv (", ", (char **) names);
      return fail (error, key, _ ("it must be one of: %s"), all);
    }
  *index = found;
  return TRUE;
}

static gboolean
read_number (const json_t *root, const char *key, double *number, GError **error)
{
  const json_t *value = json_object_get (root, key);
  if (!value)
    return TRUE;
  if (!json_is_number (value))
    return fail (error, key, _ ("it must be a number"));
  *number = json_number_value (value);
  return TRUE;
}

/* The order is that of the network's inputs, so that the weights of the file fit. */
static gboolean
read_features (const json_t *root, RfPlayState *state, GError **error)
{
  const json_t *list = get_list (root, "features", error);
  int last = -1;
  if (!list)
    return FALSE;
  memset (state->features, 0, sizeof state->features);
  for (gsize i = 0; i < json_array_size (list); i++)
    {
      const char *name = json_string_value (json_array_get (list, i));
      const int feature = name ? rf_play_find_name (rf_play_feature_names, name) : -1;
      if (feature <= last)
        {
          g_autofree char *all = g_strjoinv (", ", (char **) rf_play_feature_names);
          return fail (error, "features", _ ("they must be some of these, in this order: %s"), all);
        }
      state->features[feature] = TRUE;
      last = feature;
    }
  return TRUE;
}

static gboolean
read_hidden (const json_t *root, RfPlayState *state, GError **error)
{
  const json_t *list = get_list (root, "hidden", error);
  if (!list)
    return FALSE;
  if (json_array_size (list) > RF_PLAY_MAX_LAYERS)
    return fail (error, "hidden", _ ("there can be up to %d layers"), RF_PLAY_MAX_LAYERS);
  state->n_layers = (int) json_array_size (list);
  for (int i = 0; i < state->n_layers; i++)
    {
      const json_t *value = json_array_get (list, (gsize) i);
      const json_int_t units = json_is_integer (value) ? json_integer_value (value) : -1;
      if (units < 0 || units > RF_PLAY_MAX_UNITS)
        return fail (error, "hidden", _ ("a layer has from 0 to %d neurons"), RF_PLAY_MAX_UNITS);
      state->units[i] = (int) units;
    }
  return TRUE;
}

static gboolean
read_points (const json_t *root, const char *key, GArray *points, GError **error)
{
  const json_t *list = get_list (root, key, error);
  if (!list)
    return FALSE;
  if (json_array_size (list) > RF_PLAY_MAX_POINTS)
    return fail (error, key, _ ("there can be up to %d points"), RF_PLAY_MAX_POINTS);
  for (gsize i = 0; i < json_array_size (list); i++)
    {
      const json_t *entry = json_array_get (list, i);
      double numbers[3];
      for (gsize k = 0; k < 3; k++)
        {
          const json_t *value = json_array_get (entry, k);
          if (json_array_size (entry) != 3 || !json_is_number (value))
            {
              g_autofree char *path = g_strdup_printf ("%s[%" G_GSIZE_FORMAT "]", key, i);
              return fail (error, path, _ ("a point is a list of x, y and label"));
            }
          numbers[k] = json_number_value (value);
        }
      const RfPlayPoint point = { numbers[0], numbers[1], numbers[2] };
      g_array_append_val (points, point);
    }
  return TRUE;
}

static RfPlayData *
read_data (const json_t *root, GError **error)
{
  g_autoptr (GArray) train = g_array_new (FALSE, FALSE, sizeof (RfPlayPoint));
  g_autoptr (GArray) test = g_array_new (FALSE, FALSE, sizeof (RfPlayPoint));
  if (!read_points (root, "train", train, error) || !read_points (root, "test", test, error))
    return NULL;
  return rf_play_data_new ((const RfPlayPoint *) train->data, train->len,
                           (const RfPlayPoint *) test->data, test->len);
}

static gboolean
read_unit (RfPlayNet *net, int layer, int unit, const json_t *weights, const json_t *bias,
           GError **error)
{
  const int n_inputs = rf_play_net_count_inputs (net, layer);
  g_autofree char *path = g_strdup_printf ("init.weights[%d][%d]", layer, unit);
  if (!json_is_array (weights) || json_array_size (weights) != (gsize) n_inputs)
    return fail (error, path, _ ("it must be a list with a weight for each of %d inputs"),
                 n_inputs);
  for (int input = 0; input < n_inputs; input++)
    {
      const json_t *weight = json_array_get (weights, (gsize) input);
      if (!json_is_number (weight))
        return fail (error, path, _ ("weights must be numbers"));
      rf_play_net_set_weight (net, layer, unit, input, json_number_value (weight));
    }
  if (!json_is_number (bias))
    {
      g_autofree char *bias_path = g_strdup_printf ("init.biases[%d][%d]", layer, unit);
      return fail (error, bias_path, _ ("it must be a number"));
    }
  rf_play_net_set_bias (net, layer, unit, json_number_value (bias));
  return TRUE;
}

static gboolean
read_weights (const json_t *root, RfPlayNet *net, GError **error)
{
  const json_t *init = json_object_get (root, "init");
  const json_t *weights = json_object_get (init, "weights");
  const json_t *biases = json_object_get (init, "biases");
  const int n_layers = rf_play_net_count_layers (net);
  if (json_array_size (weights) != (gsize) n_layers || json_array_size (biases) != (gsize) n_layers)
    return fail (error, "init", _ ("it must have weights and biases, each a list with %d layers"),
                 n_layers);
  for (int l = 0; l < n_layers; l++)
    {
      const json_t *layer = json_array_get (weights, (gsize) l);
      const json_t *bias = json_array_get (biases, (gsize) l);
      const int n_units = rf_play_net_count_units (net, l);
      if (json_array_size (layer) != (gsize) n_units || json_array_size (bias) != (gsize) n_units)
        {
          g_autofree char *path = g_strdup_printf ("init[%d]", l);
          return fail (error, path, _ ("weights and biases must be lists with %d neurons"),
                       n_units);
        }
      for (int i = 0; i < n_units; i++)
        if (!read_unit (net, l, i, json_array_get (layer, (gsize) i),
                        json_array_get (bias, (gsize) i), error))
          return FALSE;
    }
  return TRUE;
}

static RfPlayground *
read_root (const json_t *root, GError **error)
{
  g_auto (RfPlayState) state = { 0 };
  rf_play_state_init (&state);
  if (!read_name (root, "problem", rf_play_problem_names, &state.problem, error)
      || !read_features (root, &state, error) || !read_hidden (root, &state, error)
      || !read_name (root, "activation", rf_play_activation_names, &state.activation, error)
      || !read_name (root, "regularization", rf_play_regularization_names, &state.regularization,
                     error)
      || !read_number (root, "learningRate", &state.learning_rate, error)
      || !read_number (root, "regularizationRate", &state.regularization_rate, error)
      || !read_number (root, "batchSize", &state.batch_size, error))
    return NULL;

  g_autoptr (RfPlayData) data = read_data (root, error);
  if (!data)
    return NULL;
  g_autoptr (RfPlayground) playground = rf_playground_new_with_data (&state, data);
  if (!read_weights (root, playground->net, error))
    return NULL;
  return g_steal_pointer (&playground);
}

RfPlayground *
rf_playground_parse (const char *text, gsize length, const char *name, GPtrArray *remarks,
                     GError **error)
{
  json_t *root = rf_json_parse (text, length, MAX_DEPTH, error);
  RfPlayground *playground = root ? read_root (root, error) : NULL;
  if (!playground)
    g_prefix_error (error, "%s: ", name);

  const char *key;
  json_t *value;
  json_object_foreach (root, key,
                       value) if (playground && remarks && !g_strv_contains (known_keys, key))
  {
    g_autofree char *shown = rf_text_for_message (key);
    g_ptr_array_add (remarks, g_strdup_printf (_ ("%s: the key %s is unknown and was passed "
                                                  "over"),
                                               name, shown));
  }
  json_decref (root);
  return playground;
}

RfPlayground *
rf_playground_load (const char *path, GPtrArray *remarks, GError **error)
{
  gsize size;
  g_autofree char *text = rf_file_read (path, MAX_BYTES, &size, error);
  return text ? rf_playground_parse (text, size, path, remarks, error) : NULL;
}
