/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A table of properties, as in the original, in whose order a link is written. */

#include "model/playground/link.h"

#include "model/base/error.h"
#include "model/playground/js-number.h"
#include "model/spec/json.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_REMARKS 20

typedef enum
{
  NAME,   /* int, one of a table; NULL stands for what is not written */
  NUMBER, /* double */
  SHAPE,  /* n_layers and units */
  TEXT,   /* char * or NULL */
  SWITCH, /* gboolean */
} Kind;

typedef struct
{
  const char *key;
  Kind kind;
  gsize offset;
  const char *const *names;
} Property;

#define FIELD(name)   offsetof (RfPlayState, name)
#define FEATURE(name) offsetof (RfPlayState, features[RF_PLAY_##name])

static const Property properties[] = {
  { "activation", NAME, FIELD (activation), rf_play_activation_names },
  { "regularization", NAME, FIELD (regularization), rf_play_regularization_names },
  { "batchSize", NUMBER, FIELD (batch_size) },
  { "dataset", NAME, FIELD (dataset), rf_play_dataset_names },
  { "regDataset", NAME, FIELD (reg_dataset), rf_play_reg_dataset_names },
  { "learningRate", NUMBER, FIELD (learning_rate) },
  { "regularizationRate", NUMBER, FIELD (regularization_rate) },
  { "noise", NUMBER, FIELD (noise) },
  { "networkShape", SHAPE, 0 },
  { "seed", TEXT, FIELD (seed) },
  { "showTestData", SWITCH, FIELD (show_test_data) },
  { "discretize", SWITCH, FIELD (discretize) },
  { "percTrainData", NUMBER, FIELD (perc_train_data) },
  { "x", SWITCH, FEATURE (X) },
  { "y", SWITCH, FEATURE (Y) },
  { "xTimesY", SWITCH, FEATURE (X_TIMES_Y) },
  { "xSquared", SWITCH, FEATURE (X_SQUARED) },
  { "ySquared", SWITCH, FEATURE (Y_SQUARED) },
  { "cosX", SWITCH, FIELD (cos_x) },
  { "sinX", SWITCH, FEATURE (SIN_X) },
  { "cosY", SWITCH, FIELD (cos_y) },
  { "sinY", SWITCH, FEATURE (SIN_Y) },
  { "collectStats", SWITCH, FIELD (collect_stats) },
  { "tutorial", TEXT, FIELD (tutorial) },
  { "problem", NAME, FIELD (problem), rf_play_problem_names },
  { "initZero", SWITCH, FIELD (init_zero) },
  { "hideText", SWITCH, FIELD (hide_text) },
};

static const char *const own_keys[] = { "rfClasses",     "rfOptimizer", "rfMomentum", "rfL2",
                                        "rfActivations", "rfDropout",   "rfRevive",   NULL };

/* --- Reading -------------------------------------------------------------------------------- */

gboolean
rf_play_is_link (const char *text)
{
  return strpbrk (text, "#=") || strstr (text, "://");
}

static void G_GNUC_PRINTF (2, 3) remark (GPtrArray *remarks, const char *format, ...)
{
  if (!remarks || remarks->len >= MAX_REMARKS)
    return;
  va_list arguments;
  va_start (arguments, format);
  g_ptr_array_add (remarks, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

/* What location.hash would be, without its "#"; blanks around the address do not count. */
static char *
take_fragment (const char *link)
{
  const char *end = link + strlen (link);
  while (*link && (guchar) *link <= ' ')
    link++;
  while (end > link && (guchar) end[-1] <= ' ')
    end--;
  const char *mark = memchr (link, '#', (gsize) (end - link));
  const char *start = mark ? mark + 1 : g_strstr_len (link, end - link, "://") ? end : link;
  return rf_play_escape (start, (gsize) (end - start), "");
}

typedef struct
{
  GHashTable *values; /* key → value, or NULL where there was no "=" */
  GPtrArray *keys;    /* each once, in the order of the link */
} Pairs;

static void
pairs_clear (Pairs *pairs)
{
  g_clear_pointer (&pairs->values, g_hash_table_unref);
  g_clear_pointer (&pairs->keys, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pairs, pairs_clear)

/* split ("&"), split ("="): what follows a second "=" is lost. */
static void
split_fragment (const char *fragment, Pairs *pairs)
{
  pairs->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  pairs->keys = g_ptr_array_new_with_free_func (g_free);
  for (const char *p = fragment;;)
    {
      const char *end = p + strcspn (p, "&");
      const char *mark = memchr (p, '=', (gsize) (end - p));
      char *key = g_strndup (p, (gsize) ((mark ? mark : end) - p)), *value = NULL;
      if (mark)
        {
          const char *second = memchr (mark + 1, '=', (gsize) (end - mark - 1));
          value = g_strndup (mark + 1, (gsize) ((second ? second : end) - mark - 1));
        }
      if (!g_hash_table_contains (pairs->values, key))
        g_ptr_array_add (pairs->keys, g_strdup (key));
      g_hash_table_replace (pairs->values, key, value);
      if (!*end)
        break;
      p = end + 1;
    }
}

/* What the original's hasKey () lets pass. */
static const char *
find_value (const Pairs *pairs, const char *key)
{
  const char *value = g_hash_table_lookup (pairs->values, key);
  return value && value[strspn (value, " \t\n\v\f\r")] ? value : NULL;
}

static void
read_number (const char *key, const char *text, double *number, GPtrArray *remarks)
{
  *number = rf_js_number (text);
  if (isnan (*number))
    {
      g_autofree char *shown = rf_text_for_message (text);
      remark (remarks, _ ("%s: \"%s\" is not a number, and what is computed with it is none"), key,
              shown);
    }
}

/* A loop "i < units" makes ⌈units⌉ neurons, and none for what is no number. */
static gboolean
read_shape (const Pairs *pairs, RfPlayState *state, GPtrArray *remarks, GError **error)
{
  const char *text = g_hash_table_lookup (pairs->values, "networkShape");
  if (!g_hash_table_contains (pairs->values, "networkShape"))
    return TRUE;
  if (!text)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                   _ ("networkShape: it has no value; it should be a list like networkShape=4,2"));
      return FALSE;
    }
  state->n_layers = 0;
  if (!text[strspn (text, " \t\n\v\f\r")])
    return TRUE;

  g_auto (GStrv) parts = g_strsplit (text, ",", RF_PLAY_MAX_LAYERS + 2);
  if (g_strv_length (parts) > RF_PLAY_MAX_LAYERS)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_UNSUPPORTED,
                   _ ("networkShape: there are more than %d hidden layers, the most there can be"),
                   RF_PLAY_MAX_LAYERS);
      return FALSE;
    }
  for (int i = 0; parts[i]; i++)
    {
      const double units = ceil (rf_js_number (parts[i]));
      g_autofree char *shown = rf_text_for_message (parts[i]);
      if (units > RF_PLAY_MAX_UNITS)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_UNSUPPORTED,
                       _ ("networkShape: layer %d would have %s neurons; the most is %d"), i + 1,
                       shown, RF_PLAY_MAX_UNITS);
          return FALSE;
        }
      state->units[state->n_layers++] = units > 0 ? (int) units : 0;
      if (!(units > 0))
        remark (remarks,
                strchr (parts[i], '%')
                    ? _ ("networkShape: \"%s\" makes a layer without neurons; commas must not be "
                         "written as %%2C")
                    : _ ("networkShape: \"%s\" makes a layer without neurons"),
                shown);
    }
  return TRUE;
}

static void
read_property (const Property *property, const Pairs *pairs, RfPlayState *state, GPtrArray *remarks)
{
  const char *text = find_value (pairs, property->key);
  char *field = (char *) state + property->offset;
  if (!text || property->kind == SHAPE)
    return;

  switch (property->kind)
    {
    case NAME:
      {
        const int found = rf_play_find_name (property->names, text);
        if (found >= 0)
          *(int *) field = found;
        else
          {
            g_autofree char *shown = rf_text_for_message (text);
            remark (remarks, _ ("%s: \"%s\" is unknown and was passed over"), property->key, shown);
          }
        break;
      }
    case NUMBER:
      read_number (property->key, text, (double *) field, remarks);
      break;
    case TEXT:
      g_free (*(char **) field);
      *(char **) field = g_strdup (text);
      break;
    case SWITCH:
      *(gboolean *) field = !g_str_equal (text, "false");
      break;
    case SHAPE:
      break;
    }
}

/* A number of our own keys, where NaN has no meaning to keep. */
static void
read_own_number (const char *key, const char *text, double minimum, double maximum, double *number,
                 GPtrArray *remarks)
{
  const double value = rf_js_number (text);
  if (value >= minimum && value <= maximum)
    *number = value;
  else
    {
      g_autofree char *shown = rf_text_for_message (text);
      remark (remarks, _ ("%s: \"%s\" is out of range and was passed over"), key, shown);
    }
}

static void
read_own_layers (const Pairs *pairs, RfPlayState *state, GPtrArray *remarks)
{
  const char *activations = find_value (pairs, "rfActivations");
  const char *dropout = find_value (pairs, "rfDropout");
  g_auto (GStrv) names = g_strsplit (activations ? activations : "", ",", RF_PLAY_MAX_LAYERS + 1);
  g_auto (GStrv) rates = g_strsplit (dropout ? dropout : "", ",", RF_PLAY_MAX_LAYERS + 1);
  for (int i = 0; i < state->n_layers && names[i]; i++)
    state->layer_activation[i] = rf_play_find_name (rf_play_activation_names, names[i]);
  for (int i = 0; i < state->n_layers && rates[i]; i++)
    read_own_number ("rfDropout", rates[i], 0, 0.99, &state->dropout[i], remarks);
}

static void
read_own_keys (const Pairs *pairs, RfPlayState *state, GPtrArray *remarks)
{
  const char *text;
  double classes = 0;
  if ((text = find_value (pairs, "rfClasses")))
    read_own_number ("rfClasses", text, 3, RF_PLAY_MAX_CLASSES, &classes, remarks);
  state->n_classes = (int) classes;
  if ((text = find_value (pairs, "rfOptimizer")))
    state->optimizer = MAX (rf_play_find_name (rf_play_optimizer_names, text), 0);
  if ((text = find_value (pairs, "rfMomentum")))
    read_own_number ("rfMomentum", text, 0, 0.9999, &state->momentum, remarks);
  if ((text = find_value (pairs, "rfL2")))
    read_own_number ("rfL2", text, 0, 1e6, &state->l2_beside_l1, remarks);
  if ((text = find_value (pairs, "rfRevive")))
    state->revive = g_str_equal (text, "true");
  read_own_layers (pairs, state, remarks);
}

static gboolean
is_known_key (const char *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (properties); i++)
    if (g_str_equal (properties[i].key, key))
      return TRUE;
  return g_strv_contains (own_keys, key);
}

/* "name_hide" hides a control of the original; kept to be written back. */
static void
read_other_keys (const Pairs *pairs, RfPlayState *state, GPtrArray *remarks)
{
  for (guint i = 0; i < pairs->keys->len; i++)
    {
      const char *key = pairs->keys->pdata[i], *value = g_hash_table_lookup (pairs->values, key);
      if (g_str_has_suffix (key, "_hide"))
        {
          if (!state->hides)
            state->hides = g_ptr_array_new_with_free_func (g_free);
          g_ptr_array_add (
              state->hides,
              g_strdup_printf ("%s=%s", key, g_strcmp0 (value, "true") == 0 ? "true" : "false"));
        }
      else if (*key && !is_known_key (key))
        {
          g_autofree char *shown = rf_text_for_message (key);
          remark (remarks, _ ("%s: the key is unknown and was passed over"), shown);
        }
    }
}

/* The original's noise slider ends at 50, and stretches up to 80 for a link. */
static void
clamp_noise (RfPlayState *state, GPtrArray *remarks)
{
  if (state->noise > 80 || state->noise < 0)
    {
      state->noise = state->noise < 0 ? 0 : 50;
      remark (remarks, _ ("noise: it is out of range; %d is taken"), (int) state->noise);
    }
}

gboolean
rf_play_link_read (const char *link, RfPlayState *state, gboolean *has_seed, GPtrArray *remarks,
                   GError **error)
{
  g_autofree char *fragment = take_fragment (link);
  g_auto (Pairs) pairs = { 0 };
  g_auto (RfPlayState) read = { 0 };
  split_fragment (fragment, &pairs);
  rf_play_state_init (&read);

  if (!read_shape (&pairs, &read, remarks, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (properties); i++)
    read_property (&properties[i], &pairs, &read, remarks);
  clamp_noise (&read, remarks);
  read_own_keys (&pairs, &read, remarks);
  read_other_keys (&pairs, &read, remarks);
  if (has_seed)
    *has_seed = find_value (&pairs, "seed") != NULL;

  rf_play_state_clear (state);
  *state = read;
  read = (RfPlayState){ 0 };
  return TRUE;
}

/* --- Writing -------------------------------------------------------------------------------- */

static void
append_pair (GString *link, const char *key, const char *value)
{
  g_string_append_printf (link, "%c%s=%s", link->len ? '&' : '#', key, value);
}

static void
append_number (GString *link, const char *key, double number)
{
  g_autofree char *text = rf_js_text (number);
  append_pair (link, key, text);
}

static void
append_property (GString *link, const Property *property, const RfPlayState *state)
{
  const char *field = (const char *) state + property->offset;
  switch (property->kind)
    {
    case NAME:
      /* "none" is null in the original, and not written. */
      if (property->names != rf_play_regularization_names || *(const int *) field != RF_PLAY_NONE)
        append_pair (link, property->key, property->names[*(const int *) field]);
      break;
    case NUMBER:
      append_number (link, property->key, *(const double *) field);
      break;
    case SHAPE:
      append_pair (link, property->key, "");
      for (int i = 0; i < state->n_layers; i++)
        g_string_append_printf (link, "%s%d", i ? "," : "", state->units[i]);
      break;
    case TEXT:
      if (*(char *const *) field)
        append_pair (link, property->key, *(char *const *) field);
      break;
    case SWITCH:
      append_pair (link, property->key, *(const gboolean *) field ? "true" : "false");
      break;
    }
}

static void
append_own_layers (GString *link, const RfPlayState *state)
{
  gboolean activations = FALSE, dropout = FALSE;
  for (int i = 0; i < state->n_layers; i++)
    {
      activations = activations || state->layer_activation[i] != RF_PLAY_COMMON_ACTIVATION;
      dropout = dropout || state->dropout[i] != 0;
    }
  if (activations)
    append_pair (link, "rfActivations", "");
  for (int i = 0; activations && i < state->n_layers; i++)
    {
      const int own = state->layer_activation[i];
      const char *name = own == RF_PLAY_COMMON_ACTIVATION ? "" : rf_play_activation_names[own];
      g_string_append_printf (link, "%s%s", i ? "," : "", name);
    }
  if (dropout)
    append_pair (link, "rfDropout", "");
  for (int i = 0; dropout && i < state->n_layers; i++)
    {
      g_autofree char *rate = rf_js_text (state->dropout[i]);
      g_string_append_printf (link, "%s%s", i ? "," : "", rate);
    }
}

static void
append_own_keys (GString *link, const RfPlayState *state)
{
  if (state->n_classes)
    append_number (link, "rfClasses", state->n_classes);
  if (state->optimizer != RF_PLAY_SGD)
    append_pair (link, "rfOptimizer", rf_play_optimizer_names[state->optimizer]);
  if (state->optimizer == RF_PLAY_MOMENTUM)
    append_number (link, "rfMomentum", state->momentum);
  if (state->l2_beside_l1 != 0)
    append_number (link, "rfL2", state->l2_beside_l1);
  append_own_layers (link, state);
  if (state->revive)
    append_pair (link, "rfRevive", "true");
}

char *
rf_play_link_write (const RfPlayState *state)
{
  GString *link = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (properties); i++)
    append_property (link, &properties[i], state);
  for (guint i = 0; state->hides && i < state->hides->len; i++)
    g_string_append_printf (link, "&%s", (const char *) state->hides->pdata[i]);
  append_own_keys (link, state);
  return g_string_free (link, FALSE);
}
