/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Specs over a registration table of the test's own, JSON texts, and guesses at mistyped words. */
#include "model/base/error.h"
#include "model/spec/json.h"
#include "model/spec/option.h"
#include "model/spec/spec.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* --- Classes with every kind of option ------------------------------------------------------- */

typedef struct
{
  gint filters, kernel[2], stride, init;
  double rate, slope, scale, gain;
  guint64 seed;
  gboolean bias;
} Config;

static const char *const inits[] = { "pytorch", "he", "zero", NULL };

static const RfOption config_options[] = {
  { "filters", RF_OPTION_INT, RF_OPTION_REQUIRED, G_STRUCT_OFFSET (Config, filters), 0, 1, 65536 },
  { "kernel", RF_OPTION_PAIR, RF_OPTION_PLAIN, G_STRUCT_OFFSET (Config, kernel), 3, 1, 99 },
  { "stride", RF_OPTION_INT, RF_OPTION_PLAIN, G_STRUCT_OFFSET (Config, stride), 0, 1, 99 },
  { "rate", RF_OPTION_NUMBER, RF_OPTION_LIVE, G_STRUCT_OFFSET (Config, rate), 0.5, 0, 1 },
  { "slope", RF_OPTION_NUMBER, RF_OPTION_BELOW, G_STRUCT_OFFSET (Config, slope), 0.01, 0, 1 },
  { "scale", RF_OPTION_NUMBER, RF_OPTION_ABOVE, G_STRUCT_OFFSET (Config, scale), 1, 0, 10 },
  { "gain", RF_OPTION_NUMBER, RF_OPTION_ABOVE, G_STRUCT_OFFSET (Config, gain), 1, 0, G_MAXDOUBLE },
  { "seed", RF_OPTION_UINT64, RF_OPTION_PLAIN, G_STRUCT_OFFSET (Config, seed), 7, 0,
    9007199254740991.0 },
  { "bias", RF_OPTION_BOOL, RF_OPTION_PLAIN, G_STRUCT_OFFSET (Config, bias), TRUE, 0, 1 },
  { "init", RF_OPTION_CHOICE, RF_OPTION_PLAIN, G_STRUCT_OFFSET (Config, init), 0, 0, 2, inits },
  { NULL },
};

static void
complete (void *data)
{
  Config *config = data;
  if (config->stride == 0)
    config->stride = config->kernel[0];
}

typedef struct
{
  GPtrArray *layers, *shortcut;
} Residual;

static const RfOption residual_options[] = {
  { "layers", RF_OPTION_LAYERS, RF_OPTION_REQUIRED, G_STRUCT_OFFSET (Residual, layers) },
  { "shortcut", RF_OPTION_LAYERS, RF_OPTION_PLAIN, G_STRUCT_OFFSET (Residual, shortcut) },
  { NULL },
};

static const RfOption no_options[] = { { NULL } };

static const RfSpecClass conv = { "conv2d", "", "", sizeof (Config), config_options, complete };
static const RfSpecClass residual = { "residual", "", "", sizeof (Residual), residual_options };
static const RfSpecClass relu = { "relu", "", "", 0, no_options };
static const RfSpecClass *const classes[] = { &conv, &residual, &relu, NULL };

static RfSpec *
read_spec (const char *text, GError **error)
{
  json_t *json = rf_json_parse_any (text, strlen (text), 64, error);
  RfSpec *spec = json ? rf_spec_from_json (json, classes, "layers[3]", error) : NULL;

  json_decref (json);
  return spec;
}

static char *
write_spec (const RfSpec *spec)
{
  json_t *json = rf_spec_to_json (spec);
  char *text = rf_json_to_text (json);

  json_decref (json);
  return text;
}

/* --- Tests ----------------------------------------------------------------------------------- */

static void
test_defaults (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RfSpec) spec = read_spec ("{\"type\": \"conv2d\", \"filters\": 32.0}", &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = write_spec (spec);
  g_assert_cmpstr (text, ==,
                   "{\n"
                   "  \"type\": \"conv2d\",\n  \"filters\": 32,\n  \"kernel\": 3,\n"
                   "  \"stride\": 3,\n  \"rate\": 0.5,\n  \"slope\": 0.01,\n  \"scale\": 1,\n"
                   "  \"gain\": 1,\n  \"seed\": 7,\n  \"bias\": true,\n"
                   "  \"init\": \"pytorch\"\n}\n");
}

static void
test_values (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RfSpec) spec = read_spec (
      "{\"init\": \"zero\", \"bias\": false, \"seed\": 9007199254740991, \"gain\": 1e300,"
      " \"scale\": 1e1, \"slope\": 0.12345678949, \"rate\": 1, \"stride\": 2, \"kernel\": [3, 5],"
      " \"filters\": 1, \"type\": \"conv2d\"}",
      &error);
  g_autoptr (RfSpec) copy = NULL, again = NULL;
  g_autofree char *text = NULL, *copied = NULL, *reread = NULL;

  g_assert_no_error (error);
  const Config *config = spec->config;
  g_assert_cmpint (config->filters, ==, 1);
  g_assert_cmpint (config->kernel[0], ==, 3);
  g_assert_cmpint (config->kernel[1], ==, 5);
  g_assert_cmpint (config->stride, ==, 2);
  g_assert_cmpint (config->init, ==, 2);
  g_assert_cmpfloat (config->rate, ==, 1);
  g_assert_cmpfloat (config->slope, ==, 0.123456789); /* nine digits */
  g_assert_cmpfloat (config->gain, ==, 1e300);
  g_assert_cmpuint (config->seed, ==, G_GUINT64_CONSTANT (9007199254740991));
  g_assert_false (config->bias);

  copy = rf_spec_copy (spec);
  text = write_spec (spec);
  copied = write_spec (copy);
  g_assert_cmpstr (text, ==, copied);
  again = read_spec (text, &error);
  g_assert_no_error (error);
  reread = write_spec (again);
  g_assert_cmpstr (text, ==, reread);
  g_assert_cmpmem (again->config, sizeof (Config), spec->config, sizeof (Config));
}

static void
test_nested (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RfSpec) spec
      = read_spec ("{\"type\": \"residual\", \"layers\": [{\"type\": \"relu\"}, {\"type\": "
                   "\"residual\", \"layers\": [{\"type\": \"relu\"}]}]}",
                   &error);
  g_autoptr (RfSpec) copy = NULL;
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  copy = rf_spec_copy (spec);
  g_clear_pointer (&spec, rf_spec_free); /* the copy shares nothing */
  text = write_spec (copy);
  g_assert_cmpstr (text, ==,
                   "{\n  \"type\": \"residual\",\n  \"layers\": [\n    {\"type\": \"relu\"},\n"
                   "    {\n      \"type\": \"residual\",\n      \"layers\": [\n"
                   "        {\"type\": \"relu\"}\n      ],\n      \"shortcut\": []\n    }\n  ],\n"
                   "  \"shortcut\": []\n}\n");
}

#define CONV(rest) "{\"type\": \"conv2d\", \"filters\": 1" rest "}"

static const struct
{
  const char *text, *message;
} bad_specs[] = {
  { "7", "layers[3]: must be an object, not a number" },
  { "[]", "layers[3]: must be an object, not a list" },
  { "{}", "layers[3].type: missing, it must be one of: conv2d, residual, relu" },
  { "{\"type\": 7}", "layers[3].type: must be a text, not a number" },
  { "{\"type\": \"conv2\"}", "layers[3].type: unknown type \"conv2\", did you mean \"conv2d\"?" },
  { "{\"type\": \"Relu\"}", "layers[3].type: unknown type \"Relu\", did you mean \"relu\"?" },
  { "{\"type\": \"attention\"}",
    "layers[3].type: unknown type \"attention\", it must be one of: conv2d, residual, relu" },
  { "{\"type\": \"conv2d\"}", "layers[3].filters: missing, it has no default" },
  { CONV (", \"kernal\": 3"), "layers[3].kernal: unknown key, did you mean \"kernel\"?" },
  { CONV (", \"Stride\": 3"), "layers[3].Stride: unknown key, did you mean \"stride\"?" },
  { CONV (", \"sede\": 3"), "layers[3].sede: unknown key, did you mean \"seed\"?" },
  { CONV (", \"temperature\": 3"),
    "layers[3].temperature: unknown key, known are: type, filters, kernel, stride, rate, slope, "
    "scale, gain, seed, bias, init" },
  { "{\"type\": \"relu\", \"\": 1}", "layers[3].: unknown key, known are: type" },
  { "{\"type\": \"relu\", \"a\\nb\": 1}",
    "layers[3].a\357\277\275b: unknown key, known are: type" },
  { CONV (", \"rate\": 1.5"), "layers[3].rate: 1.5 is out of range, it must be from 0 to 1" },
  { CONV (", \"rate\": -1e-9"), "layers[3].rate: -1e-09 is out of range, it must be from 0 to 1" },
  { CONV (", \"rate\": \"0.5\""), "layers[3].rate: must be a number, not a text" },
  { CONV (", \"rate\": null"), "layers[3].rate: must be a number, not null" },
  { CONV (", \"rate\": 1e999"), "line 1, column 46: the number is too large" },
  { CONV (", \"slope\": 1"),
    "layers[3].slope: 1 is out of range, it must be at least 0 and below 1" },
  { CONV (", \"slope\": 0.9999999999"),
    "layers[3].slope: 1 is out of range, it must be at least 0 and below 1" },
  { CONV (", \"scale\": 0"),
    "layers[3].scale: 0 is out of range, it must be above 0 and at most 10" },
  { CONV (", \"gain\": 0"), "layers[3].gain: 0 is out of range, it must be above 0" },
  { CONV (", \"stride\": 0"), "layers[3].stride: 0 is out of range, it must be from 1 to 99" },
  { CONV (", \"stride\": 2.5"), "layers[3].stride: 2.5 is not a whole number" },
  { CONV (", \"stride\": 1e18"),
    "layers[3].stride: 1e+18 is out of range, it must be from 1 to 99" },
  { CONV (", \"stride\": 4294967297"),
    "layers[3].stride: 4294967297 is out of range, it must be from 1 to 99" },
  { CONV (", \"stride\": [1, 1]"), "layers[3].stride: must be a whole number, not a list" },
  { CONV (", \"kernel\": [3]"), "layers[3].kernel: a pair has two numbers [height, width], not 1" },
  { CONV (", \"kernel\": [3, 100]"),
    "layers[3].kernel[1]: 100 is out of range, it must be from 1 to 99" },
  { CONV (", \"kernel\": [[3], 3]"), "layers[3].kernel[0]: must be a whole number, not a list" },
  { CONV (", \"kernel\": \"3x3\""),
    "layers[3].kernel: must be a whole number or a pair [height, width], not a text" },
  { CONV (", \"seed\": -1"),
    "layers[3].seed: -1 is out of range, it must be from 0 to 9007199254740991" },
  { CONV (", \"seed\": 9007199254740992"),
    "layers[3].seed: 9007199254740992 is out of range, it must be from 0 to 9007199254740991" },
  { CONV (", \"seed\": 1e19"),
    "layers[3].seed: 1e+19 is out of range, it must be from 0 to 9007199254740991" },
  { CONV (", \"bias\": 1"), "layers[3].bias: must be true or false, not a number" },
  { CONV (", \"init\": \"hee\""),
    "layers[3].init: \"hee\" is not one of \"pytorch\", \"he\", \"zero\"; did you mean \"he\"?" },
  { CONV (", \"init\": \"normal\""),
    "layers[3].init: \"normal\" is not one of \"pytorch\", \"he\", \"zero\"" },
  { CONV (", \"init\": 1"),
    "layers[3].init: must be one of \"pytorch\", \"he\", \"zero\", not a number" },
  { "{\"type\": \"residual\"}", "layers[3].layers: missing, it has no default" },
  { "{\"type\": \"residual\", \"layers\": {}}", "layers[3].layers: must be a list, not an object" },
  { "{\"type\": \"residual\", \"layers\": [], \"shortcut\": [{\"type\": \"relu\"}, {\"type\": "
    "\"conv2d\", \"filters\": 0}]}",
    "layers[3].shortcut[1].filters: 0 is out of range, it must be from 1 to 65536" },
};

static void
test_bad_specs (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad_specs); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RfSpec) spec = read_spec (bad_specs[i].text, &error);

      g_assert_null (spec);
      g_assert_nonnull (error);
      g_assert_cmpstr (error->message, ==, bad_specs[i].message);
    }
}

static void
test_nesting (void)
{
  for (guint levels = RF_SPEC_MAX_NESTING; levels <= RF_SPEC_MAX_NESTING + 1; levels++)
    {
      g_autoptr (GString) text = g_string_new ("");
      g_autoptr (GError) error = NULL;
      g_autoptr (RfSpec) spec = NULL;

      for (guint i = 0; i < levels; i++)
        g_string_append (text, "{\"type\": \"residual\", \"layers\": [");
      g_string_append (text, "{\"type\": \"relu\"}");
      for (guint i = 0; i < levels; i++)
        g_string_append (text, "]}");
      spec = read_spec (text->str, &error);
      g_assert_true ((spec != NULL) == (levels == RF_SPEC_MAX_NESTING));
      if (spec == NULL)
        g_assert_true (g_str_has_suffix (error->message, ": nested deeper than 16 layers"));
    }
}

static void
test_many (void)
{
  json_t *list = json_array ();
  json_t *entry = json_pack ("{ss}", "type", "relu");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) specs = NULL;

  for (guint i = 0; i < RF_SPEC_MAX_LAYERS; i++)
    json_array_append (list, entry);
  specs = rf_specs_from_json (list, classes, "layers", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (specs->len, ==, RF_SPEC_MAX_LAYERS);
  json_array_append (list, entry);
  g_assert_null (rf_specs_from_json (list, classes, "layers", &error));
  g_assert_cmpstr (error->message, ==, "layers: 10001 entries are too many, at most 10000 can be");
  json_decref (list);
  json_decref (entry);
}

static void
test_get_and_set (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RfSpec) spec = rf_spec_new (&conv);
  static const struct
  {
    const char *name;
    double value;
    const char *message;
  } cases[] = {
    { "rate", 0.25, NULL },
    { "rate", NAN, "p: nan is out of range, it must be from 0 to 1" },
    { "rate", INFINITY, "p: inf is out of range, it must be from 0 to 1" },
    { "gain", INFINITY, "p: inf is out of range, it must be above 0" },
    { "bias", 0, NULL },
    { "bias", 1, NULL },
    { "bias", 2, "p: 2 is out of range, it must be from 0 to 1" },
    { "bias", 0.5, "p: 0.5 is not a whole number" },
    { "init", 2, NULL },
    { "init", 3, "p: 3 is out of range, it must be from 0 to 2" },
    { "kernel", 7, NULL },
    { "filters", 1.5, "p: 1.5 is not a whole number" },
    { "filters", 12, NULL },
    { "seed", 123456789012345, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const RfOption *option = rf_spec_find_option (spec, cases[i].name);
      double before = rf_spec_get (spec, option);
      gboolean ok = rf_spec_set (spec, option, cases[i].value, "p", &error);

      g_assert_true (ok == (cases[i].message == NULL));
      g_assert_cmpstr (error ? error->message : NULL, ==, cases[i].message);
      g_assert_cmpfloat (rf_spec_get (spec, option), ==, ok ? cases[i].value : before);
      g_clear_error (&error);
    }
  g_assert_cmpint (((Config *) spec->config)->kernel[1], ==, 7);
  g_assert_true (rf_spec_set (spec, rf_spec_find_option (spec, "rate"), 1 / 3.0, "p", &error));
  g_assert_cmpfloat (((Config *) spec->config)->rate, ==, 0.333333333);
  g_assert_null (rf_spec_find_option (spec, "type"));
}

static const struct
{
  const char *text, *message;
} bad_texts[] = {
  { "", "line 1, column 0: not valid JSON (" },
  { "[1]", "line 1, column 1: must be an object, in braces" },
  { "{\"a\": 1,\n \"b\": 2,\n \"a\": 3}",
    "line 3, column 4: the key \"a\" stands twice in the same object" },
  { "{\"a\": 1e999}", "line 1, column 11: the number is too large" },
  { "{\"a\": -1e999}", "line 1, column 12: the number is too large" },
  { "{\"a\": 99999999999999999999}", "line 1, column 26: the number is too large" },
  { "{\"a\":\n \"\xC3\"}", "line 2, column 2: the text is not UTF-8" },
  { "{\"a\": 1,}", "line 1, column 9: not valid JSON (" },
  { "{\"a\": 1} x", "line 1, column 10: not valid JSON (" },
  { "{\"a\": NaN}", "line 1, column 9: not valid JSON (" },
  { "{\"a\": Infinity}", "line 1, column 14: not valid JSON (" },
  { "{// no\n}", "line 1, column 2: not valid JSON (" },
  { "{\"a\":\n  [[[[[[[[]]]]]]]]}", "line 2, column 6: nested deeper than 4 levels" },
};

static void
test_bad_texts (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad_texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *exact = g_memdup2 (bad_texts[i].text, MAX (strlen (bad_texts[i].text), 1));

      g_assert_null (rf_json_parse (exact, strlen (bad_texts[i].text), 4, &error));
      g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
      g_test_message ("%s", error->message); /* ends in jansson's own words */
      g_assert_true (g_str_has_prefix (error->message, bad_texts[i].message));
    }
}

/* Brackets in texts do not nest; depth is that of the deepest branch; very deep costs no stack. */
static void
test_depth (void)
{
  static const char flat[] = "\xEF\xBB\xBF{\"[[[[{\\\"[[\": [[]], \"b\": [[], [[]], []]}";
  g_autoptr (GError) error = NULL;
  json_t *json = rf_json_parse (flat, strlen (flat), 4, &error);
  g_autofree char *deep = g_strnfill (1000000, '[');

  g_assert_no_error (error);
  g_assert_cmpuint (rf_json_depth (json), ==, 4);
  json_decref (json);
  g_assert_null (rf_json_parse (deep, 1000000, 64, &error));
  g_assert_cmpstr (error->message, ==, "line 1, column 65: nested deeper than 64 levels");
}

static void
test_did_you_mean (void)
{
  static const char *const names[] = { "kernel", "stride", "padding", "l1", "learning_rate", NULL };
  static const struct
  {
    const char *word, *meant;
  } cases[] = {
    { "kernal", "kernel" },
    { "kerenl", "kernel" },
    { "KERNEL", "kernel" },
    { "strides", "stride" },
    { "paddign", "padding" },
    { "l2", "l1" },
    { "learningRate", "learning_rate" },
    { "x", NULL },
    { "", NULL },
    { "momentum", NULL },
    { "ker", NULL },
    { "a very long word that nobody ever meant to be a key of an experiment", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (rf_did_you_mean (cases[i].word, names), ==, cases[i].meant);
}

static void
test_messages (void)
{
  g_autofree char *plain = rf_text_for_message ("grün");
  g_autofree char *control = rf_text_for_message ("a\nb\033[31m\x7F");
  g_autofree char *broken = rf_text_for_message ("\xFF");
  g_autofree char *many = g_strnfill (1000, 'x');
  g_autofree char *shortened = rf_text_for_message (many);

  g_assert_cmpstr (plain, ==, "grün");
  g_assert_cmpstr (control, ==, "a\357\277\275b\357\277\275[31m\357\277\275");
  g_assert_cmpstr (broken, ==, "\357\277\275");
  g_assert_cmpint (g_utf8_strlen (shortened, -1), ==, 61);
}

static void
test_numbers (void)
{
  static const struct
  {
    double value;
    const char *text;
  } cases[] = {
    { 0, "0" },        { -0.0, "0" },
    { 1, "1" },        { 0.0005, "0.0005" },
    { 1e-5, "1e-05" }, { 1.0 / 3, "0.333333333" },
    { 1e20, "1e+20" }, { 123456789, "123456789" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double rounded = rf_number_as_written (cases[i].value);
      json_t *json = json_pack ("[f]", rounded);
      g_autofree char *text = rf_json_to_text (json);
      g_autofree char *expected = g_strdup_printf ("[\n  %s\n]\n", cases[i].text);

      g_assert_cmpstr (text, ==, expected);
      g_assert_cmpfloat (g_ascii_strtod (cases[i].text, NULL), ==, rounded);
      g_assert_cmpfloat (rf_number_as_written (rounded), ==, rounded);
      json_decref (json);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/spec/defaults", test_defaults);
  g_test_add_func ("/spec/values", test_values);
  g_test_add_func ("/spec/nested", test_nested);
  g_test_add_func ("/spec/bad-specs", test_bad_specs);
  g_test_add_func ("/spec/nesting", test_nesting);
  g_test_add_func ("/spec/many", test_many);
  g_test_add_func ("/spec/get-and-set", test_get_and_set);
  g_test_add_func ("/spec/did-you-mean", test_did_you_mean);
  g_test_add_func ("/json/bad-texts", test_bad_texts);
  g_test_add_func ("/json/depth", test_depth);
  g_test_add_func ("/json/messages", test_messages);
  g_test_add_func ("/json/numbers", test_numbers);
  return g_test_run ();
}
