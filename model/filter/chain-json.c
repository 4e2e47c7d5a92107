/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chains as JSON, read as strictly as experiments are. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/base/error.h"
#include "model/base/files.h"
#include "model/filter/chain.h"
#include "model/filter/presets.h"
#include "model/spec/json.h"
#include "model/spec/option.h"

#define FORMAT    1
#define MAX_DEPTH 8

static const char *const mode_names[] = { "shared", "each", "combined", NULL };

/* What of a kernel stage is a number or a word. */
typedef struct
{
  int mode, border;
  int stride[2], dilation[2];
  double scale, bias;
  gboolean convolve;
} KernelConfig;

#define RANGE -RF_KERNEL_MAX_WEIGHT, RF_KERNEL_MAX_WEIGHT

static const RfOption kernel_options[] = {
  { "channels", RF_OPTION_CHOICE, 0, offsetof (KernelConfig, mode), 0, 0, 2, mode_names },
  { "scale", RF_OPTION_NUMBER, 0, offsetof (KernelConfig, scale), 1, RANGE },
  { "bias", RF_OPTION_NUMBER, 0, offsetof (KernelConfig, bias), 0, RANGE },
  { "stride", RF_OPTION_PAIR, 0, offsetof (KernelConfig, stride), 1, 1, RF_FILTER_MAX_STRIDE },
  { "dilation", RF_OPTION_PAIR, 0, offsetof (KernelConfig, dilation), 1, 1,
    RF_FILTER_MAX_DILATION },
  { "border", RF_OPTION_CHOICE, 0, offsetof (KernelConfig, border), 0, 0, 3, rf_border_names },
  { "convolve", RF_OPTION_BOOL, 0, offsetof (KernelConfig, convolve), 0, 0, 1 },
  { NULL },
};

static const RfOption bias_options[] = {
  { "value", RF_OPTION_NUMBER, RF_OPTION_REQUIRED, offsetof (RfStage, value), 0, RANGE },
  { NULL },
};

static const RfOption threshold_options[] = {
  { "value", RF_OPTION_NUMBER, 0, offsetof (RfStage, value), .5, RANGE },
  { NULL },
};

/* The stride's default is the size. */
static const RfOption pool_options[] = {
  { "size", RF_OPTION_PAIR, 0, offsetof (RfStage, size), 2, 1, RF_CHAIN_MAX_POOL },
  { "stride", RF_OPTION_PAIR, 0, offsetof (RfStage, stride), 0, 1, RF_CHAIN_MAX_POOL },
  { "padding", RF_OPTION_PAIR, 0, offsetof (RfStage, padding), 0, 0, RF_CHAIN_MAX_POOL / 2 },
  { NULL },
};

static const RfOption padding_option
    = { "padding", RF_OPTION_INT, 0, 0, 0, 0, RF_FILTER_MAX_PADDING };
static const RfOption weight_option = { "kernel", RF_OPTION_NUMBER, 0, 0, 0, RANGE };
static const RfOption no_options[] = { { NULL } };

static const RfOption *
options_of (RfStageKind kind)
{
  switch (kind)
    {
    case RF_STAGE_KERNEL:
      return kernel_options;
    case RF_STAGE_BIAS:
      return bias_options;
    case RF_STAGE_THRESHOLD:
      return threshold_options;
    case RF_STAGE_MAXPOOL:
    case RF_STAGE_AVGPOOL:
      return pool_options;
    default:
      return no_options;
    }
}

/* --- Reading -------------------------------------------------------------------------------- */

static void
set_expected (GError **error, const char *path, const char *expected)
{
  /* Translators: a path in a file, what should be there. */
  g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("%s: must be %s"), path, expected);
}

static gboolean
read_row (const json_t *json, int plane, int y, RfKernel *kernel, const char *path, GError **error)
{
  const gsize n = json_array_size (json);

  if (!json_is_array (json) || n < 1 || n > RF_KERNEL_MAX_SIDE)
    {
      set_expected (error, path, _ ("a row of 1 to 11 numbers"));
      return FALSE;
    }
  if (plane == 0 && y == 0)
    kernel->width = (int) n;
  if ((int) n != kernel->width)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                   _ ("%s: this row has %d numbers, the first has %d"), path, (int) n,
                   kernel->width);
      return FALSE;
    }
  for (int x = 0; x < kernel->width; x++)
    {
      g_autofree char *place = g_strdup_printf ("%s[%d]", path, x);
      if (!rf_option_read_number (&weight_option, json_array_get (json, x), place,
                                  &kernel->weights[plane][y * kernel->width + x], error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_plane (const json_t *json, int plane, RfKernel *kernel, const char *path, GError **error)
{
  const gsize n = json_array_size (json);

  if (!json_is_array (json) || n < 1 || n > RF_KERNEL_MAX_SIDE)
    {
      set_expected (error, path, _ ("a list of 1 to 11 rows of numbers"));
      return FALSE;
    }
  if (plane == 0)
    kernel->height = (int) n;
  if ((int) n != kernel->height)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                   _ ("%s: this channel has %d rows, the first has %d"), path, (int) n,
                   kernel->height);
      return FALSE;
    }
  for (int y = 0; y < kernel->height; y++)
    {
      g_autofree char *place = g_strdup_printf ("%s[%d]", path, y);
      if (!read_row (json_array_get (json, y), plane, y, kernel, place, error))
        return FALSE;
    }
  return TRUE;
}

/* A preset's name, rows as text, [[…]…], or three of these. */
static gboolean
read_weights (const json_t *json, RfKernel *kernel, const char *path, GError **error)
{
  if (json == NULL)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("%s: missing"), path);
      return FALSE;
    }
  rf_kernel_init (kernel, 1, 1);
  if (json_is_string (json))
    {
      g_autoptr (GError) problem = NULL;
      if (rf_preset_parse (json_string_value (json), kernel, NULL, NULL, &problem))
        {
          for (int plane = 0; plane < RF_KERNEL_MAX_PLANES; plane++)
            for (int i = 0; i < RF_KERNEL_MAX_CELLS; i++)
              kernel->weights[plane][i] = rf_number_as_written (kernel->weights[plane][i]);
          return TRUE;
        }
      g_set_error (error, problem->domain, problem->code, "%s: %s", path, problem->message);
      return FALSE;
    }
  if (!json_is_array (json_array_get (json_array_get (json, 0), 0)))
    return read_plane (json, 0, kernel, path, error);

  if (json_array_size (json) != RF_KERNEL_MAX_PLANES)
    {
      set_expected (error, path,
                    _ ("rows of numbers, or three such lists for red, green and blue"));
      return FALSE;
    }
  kernel->mode = RF_KERNEL_PER_CHANNEL;
  for (int plane = 0; plane < RF_KERNEL_MAX_PLANES; plane++)
    {
      g_autofree char *place = g_strdup_printf ("%s[%d]", path, plane);
      if (!read_plane (json_array_get (json, plane), plane, kernel, place, error))
        return FALSE;
    }
  return TRUE;
}

/* "same", one number for all sides, [down, across], or [top, bottom, left, right]. */
static gboolean
read_padding (const json_t *json, RfFilterOptions *options, const char *path, GError **error)
{
  const gsize n = json_array_size (json);

  options->same = json == NULL || g_strcmp0 (json_string_value (json), "same") == 0;
  if (options->same)
    return TRUE;
  if (!json_is_number (json) && n != 2 && n != 4)
    {
      set_expected (error, path,
                    _ ("\"same\", a number, [down, across] or [top, bottom, left, right]"));
      return FALSE;
    }
  for (int side = 0; side < 4; side++)
    {
      const gsize index = n == 2 ? (gsize) side / 2 : (gsize) side;
      g_autofree char *place
          = n > 0 ? g_strdup_printf ("%s[%d]", path, (int) index) : g_strdup (path);
      int number;
      if (!rf_option_read (&padding_option, &number, n > 0 ? json_array_get (json, index) : json,
                           place, error))
        return FALSE;
      options->padding[side] = number;
    }
  return TRUE;
}

/* "picture", "previous" or the index of a stage before stage @i. */
static gboolean
read_reference (const json_t *json, int i, int *reference, const char *path, GError **error)
{
  const char *word = json_string_value (json);

  if (word && g_str_equal (word, "picture"))
    *reference = RF_STAGE_PICTURE;
  else if (word && g_str_equal (word, "previous"))
    *reference = RF_STAGE_PREVIOUS;
  else if (json_is_integer (json) && json_integer_value (json) >= 0
           && json_integer_value (json) < i)
    *reference = (int) json_integer_value (json);
  else if (i == 0)
    {
      set_expected (error, path, _ ("\"picture\" or \"previous\""));
      return FALSE;
    }
  else
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                   _ ("%s: must be \"picture\", \"previous\" or an earlier stage, from 0 to %d"),
                   path, i - 1);
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_kernel (const json_t *json, RfStage *stage, const char *path, GError **error)
{
  KernelConfig config;
  g_autofree char *kernel_path = rf_json_path (path, "kernel");
  g_autofree char *padding_path = rf_json_path (path, "padding");

  rf_options_reset (kernel_options, &config);
  if (!read_weights (json_object_get (json, "kernel"), &stage->kernel, kernel_path, error)
      || !rf_options_read (kernel_options, &config, json, path, error)
      || !read_padding (json_object_get (json, "padding"), &stage->options, padding_path, error))
    return FALSE;
  if (json_object_get (json, "channels"))
    {
      if (config.mode == RF_KERNEL_SHARED && stage->kernel.mode != RF_KERNEL_SHARED)
        {
          g_autofree char *mode_path = rf_json_path (path, "channels");
          set_expected (error, mode_path,
                        _ ("\"each\" or \"combined\" where there are weights for each channel"));
          return FALSE;
        }
      rf_kernel_set_mode (&stage->kernel, config.mode);
    }
  stage->kernel.scale = config.scale;
  stage->kernel.bias = config.bias;
  memcpy (stage->options.stride, config.stride, sizeof config.stride);
  memcpy (stage->options.dilation, config.dilation, sizeof config.dilation);
  stage->options.border = config.border;
  stage->options.convolve = config.convolve;
  return TRUE;
}

static gboolean
read_pool (const json_t *json, RfStage *stage, const char *path, GError **error)
{
  rf_options_reset (pool_options, stage);
  if (!rf_options_read (pool_options, stage, json, path, error))
    return FALSE;
  for (int axis = 0; axis < 2; axis++)
    {
      if (stage->stride[axis] == 0)
        stage->stride[axis] = stage->size[axis];
      if (stage->padding[axis] > stage->size[axis] / 2)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                       _ ("%s.padding: %d is out of range, it must be at most half the size, %d"),
                       path, stage->padding[axis], stage->size[axis] / 2);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
read_kind (const json_t *json, RfStageKind *kind, const char *path, GError **error)
{
  const char *names[RF_N_STAGE_KINDS + 1] = { NULL };
  g_autofree char *type_path = rf_json_path (path, "type");
  const char *word = rf_json_read_text (json_object_get (json, "type"), type_path, error);

  if (!word)
    return FALSE;
  for (int i = 0; i < RF_N_STAGE_KINDS; i++)
    {
      names[i] = rf_stage_infos[i].name;
      if (g_str_equal (word, names[i]))
        {
          *kind = i;
          return TRUE;
        }
    }
  g_autofree char *shown = rf_text_for_message (word);
  g_autofree char *all = g_strjoinv (", ", (char **) names);
  const char *meant = rf_did_you_mean (word, names);
  if (meant)
    g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                 _ ("%s: there is no stage \"%s\", did you mean \"%s\"?"), type_path, shown, meant);
  else
    g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                 _ ("%s: there is no stage \"%s\"; known are: %s"), type_path, shown, all);
  return FALSE;
}

static gboolean
read_stage (const json_t *json, int i, RfStage *stage, const char *path, GError **error)
{
  static const char *const kernel_keys[] = { "type", "input", "kernel", "padding", NULL };
  static const char *const combine_keys[] = { "type", "input", "with", NULL };
  static const char *const plain_keys[] = { "type", "input", NULL };
  RfStageKind kind;

  if (!rf_json_check_object (json, path, error) || !read_kind (json, &kind, path, error))
    return FALSE;
  const gboolean combines = kind == RF_STAGE_ADD || kind == RF_STAGE_MAGNITUDE;
  if (!rf_options_check_keys (options_of (kind),
                              kind == RF_STAGE_KERNEL ? kernel_keys
                              : combines              ? combine_keys
                                                      : plain_keys,
                              json, path, error))
    return FALSE;

  rf_stage_init (stage, kind);
  const json_t *input = json_object_get (json, "input"), *with = json_object_get (json, "with");
  g_autofree char *input_path = rf_json_path (path, "input");
  g_autofree char *with_path = rf_json_path (path, "with");
  if (input && !read_reference (input, i, &stage->input, input_path, error))
    return FALSE;
  if (combines && with == NULL)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("%s: missing"), with_path);
      return FALSE;
    }
  if (combines && !read_reference (with, i, &stage->with, with_path, error))
    return FALSE;
  switch (kind)
    {
    case RF_STAGE_KERNEL:
      return read_kernel (json, stage, path, error);
    case RF_STAGE_MAXPOOL:
    case RF_STAGE_AVGPOOL:
      return read_pool (json, stage, path, error);
    default:
      rf_options_reset (options_of (kind), stage);
      return rf_options_read (options_of (kind), stage, json, path, error);
    }
}

static gboolean
read_chain (const json_t *root, RfChain *chain, GError **error)
{
  static const char *const keys[] = { "receptive_chain", "name", "stages", NULL };
  static const RfOption format = { "receptive_chain", RF_OPTION_INT, 0, 0, FORMAT, 1, 1000000 };
  const json_t *version = json_object_get (root, "receptive_chain");
  const json_t *name = json_object_get (root, "name"), *stages = json_object_get (root, "stages");
  int number = FORMAT;

  if (version && !rf_option_read (&format, &number, version, format.name, error))
    return FALSE;
  if (number > FORMAT)
    {
      g_set_error (
          error, RF_ERROR, RF_ERROR_UNSUPPORTED,
          _ ("receptive_chain: format %d was written by a newer program; this one reads %d"),
          number, FORMAT);
      return FALSE;
    }
  if (!rf_json_check_keys (root, "", keys, error))
    return FALSE;
  if (name)
    {
      const char *text = rf_json_read_text (name, "name", error);
      if (!text)
        return FALSE;
      chain->name = g_strdup (text);
    }
  if (stages == NULL)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("%s: missing"), "stages");
      return FALSE;
    }
  if (!json_is_array (stages) || json_array_size (stages) < 1
      || json_array_size (stages) > RF_CHAIN_MAX_STAGES)
    {
      set_expected (error, "stages", _ ("a list of 1 to 32 stages"));
      return FALSE;
    }
  for (int i = 0; i < (int) json_array_size (stages); i++)
    {
      g_autofree char *path = g_strdup_printf ("stages[%d]", i);
      if (!read_stage (json_array_get (stages, i), i, &chain->stages[i], path, error))
        return FALSE;
      chain->n_stages++;
    }
  return TRUE;
}

RfChain *
rf_chain_parse (const char *text, gssize length, const char *origin, GError **error)
{
  const gsize size = length < 0 ? strlen (text) : (gsize) length;
  g_autoptr (GError) problem = NULL;
  g_autoptr (RfChain) chain = rf_chain_new ();
  gboolean sound = FALSE;

  json_t *root = rf_json_parse (text, size, MAX_DEPTH, &problem);
  if (root)
    {
      sound = read_chain (root, chain, &problem);
      json_decref (root);
    }
  if (sound)
    return g_steal_pointer (&chain);
  g_set_error (error, problem->domain, problem->code, "%s: %s", origin, problem->message);
  return NULL;
}

RfChain *
rf_chain_load (const char *path, GError **error)
{
  gsize size;
  g_autofree char *text = rf_file_read (path, RF_CHAIN_MAX_BYTES, &size, error);
  g_autofree char *shown = g_filename_display_name (path);

  return text ? rf_chain_parse (text, (gssize) size, shown, error) : NULL;
}

/* --- Writing -------------------------------------------------------------------------------- */

static json_t *
write_plane (const RfKernel *kernel, int plane)
{
  json_t *rows = json_array ();

  for (int y = 0; y < kernel->height; y++)
    {
      json_t *row = json_array ();
      for (int x = 0; x < kernel->width; x++)
        json_array_append_new (row, json_real (rf_kernel_get (kernel, plane, y, x)));
      json_array_append_new (rows, row);
    }
  return rows;
}

static json_t *
write_weights (const RfKernel *kernel)
{
  if (kernel->mode == RF_KERNEL_SHARED)
    return write_plane (kernel, 0);

  json_t *planes = json_array ();
  for (int plane = 0; plane < RF_KERNEL_MAX_PLANES; plane++)
    json_array_append_new (planes, write_plane (kernel, plane));
  return planes;
}

static json_t *
write_padding (const RfFilterOptions *options)
{
  const int *p = options->padding;

  if (options->same)
    return json_string ("same");
  if (p[0] == p[1] && p[1] == p[2] && p[2] == p[3])
    return json_integer (p[0]);
  if (p[0] == p[1] && p[2] == p[3])
    return json_pack ("[i, i]", p[0], p[2]);
  return json_pack ("[i, i, i, i]", p[0], p[1], p[2], p[3]);
}

static json_t *
write_reference (int reference)
{
  return reference == RF_STAGE_PICTURE    ? json_string ("picture")
         : reference == RF_STAGE_PREVIOUS ? json_string ("previous")
                                          : json_integer (reference);
}

static json_t *
write_stage (const RfStage *stage)
{
  json_t *json = json_object ();
  const KernelConfig config = { stage->kernel.mode,
                                stage->options.border,
                                { stage->options.stride[0], stage->options.stride[1] },
                                { stage->options.dilation[0], stage->options.dilation[1] },
                                stage->kernel.scale,
                                stage->kernel.bias,
                                stage->options.convolve };
  const gboolean is_kernel = stage->kind == RF_STAGE_KERNEL;

  json_object_set_new (json, "type", json_string (rf_stage_infos[stage->kind].name));
  json_object_set_new (json, "input", write_reference (stage->input));
  if (stage->kind == RF_STAGE_ADD || stage->kind == RF_STAGE_MAGNITUDE)
    json_object_set_new (json, "with", write_reference (stage->with));
  if (is_kernel)
    {
      json_object_set_new (json, "kernel", write_weights (&stage->kernel));
      json_object_set_new (json, "padding", write_padding (&stage->options));
    }
  for (const RfOption *option = options_of (stage->kind); option->name; option++)
    json_object_set_new (
        json, option->name,
        rf_option_write (option, is_kernel ? (const void *) &config : (const void *) stage));
  return json;
}

char *
rf_chain_to_text (const RfChain *chain)
{
  json_t *root = json_pack ("{s:i}", "receptive_chain", FORMAT), *stages = json_array ();

  if (chain->name)
    json_object_set_new (root, "name", json_string (chain->name));
  for (int i = 0; i < chain->n_stages; i++)
    json_array_append_new (stages, write_stage (&chain->stages[i]));
  json_object_set_new (root, "stages", stages);
  char *text = rf_json_to_text (root);
  json_decref (root);
  return text;
}
