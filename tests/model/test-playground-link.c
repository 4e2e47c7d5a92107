/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Links as the original reads and writes them; what of JavaScript that takes: numbers as texts,
 * elementary functions to the last bit, and the generator. Expected values are Node's. */

#include "model/base/error.h"
#include "model/playground/js-math.h"
#include "model/playground/js-number.h"
#include "model/playground/link.h"
#include "model/playground/seedrandom.h"

#include <math.h>
#include <string.h>

#define SHEET                                                                                      \
  "#activation=tanh&batchSize=4&dataset=circle&regDataset=reg-plane&learningRate=0.03&"            \
  "regularizationRate=0.003&noise=40&networkShape=6,5,5&seed=0.54350&showTestData=false&"          \
  "discretize=false&percTrainData=50&x=true&y=true&xTimesY=false&xSquared=false&ySquared=false&"   \
  "cosX=false&sinX=false&cosY=false&sinY=false&collectStats=false&problem=classification&"         \
  "initZero=false&hideText=false"

/* --- JavaScript ----------------------------------------------------------------------------- */

static void
test_functions (void)
{
  /* Where V8 and the GNU C library differ, and the branch points. */
  static const struct
  {
    double (*function) (double);
    double x, y;
  } values[] = {
    { rf_js_sin, 0x1.de94434396da0p-2, 0x1.cd589080ab8b0p-2 },
    { rf_js_sin, 0x1.7fbcc70bffc30p+2, -0x1.2227328103382p-2 },
    { rf_js_cos, 0x1.2e6db107cbd7cp+1, -0x1.6c64f37a324a2p-1 },
    { rf_js_cos, 0x1.e27ab1c8570fap-2, 0x1.c836098763167p-1 },
    { rf_js_exp, -0x1.3b4d5e44a0df2p+0, 0x1.2ad079e0b58e6p-2 },
    { rf_js_exp, -0x1.0b311738929bep+3, 0x1.efe318ca23e78p-13 },
    { rf_js_exp, 1, 0x1.5bf0a8b145769p+1 },
    { rf_js_exp, 710, INFINITY },
    { rf_js_exp, -746, 0 },
    { rf_js_tanh, 0x1.7d2c6b5dd679dp-29, 0x1.7d2c6b5dd679dp-29 },
    { rf_js_tanh, -30, -1 },
    { rf_js_tanh, INFINITY, 1 },
    { rf_js_log, 0x1.4112894ad3d51p+2, 0x1.9cdf6286cd384p+0 },
    { rf_js_log, 0x1.38be0bc56ca0ep-2, -0x1.2fa3bab9745b6p+0 },
    { rf_js_log, 0, -INFINITY },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      const double y = values[i].function (values[i].x);
      g_assert_cmpmem (&y, sizeof y, &values[i].y, sizeof y);
    }
  g_assert_true (isnan (rf_js_exp (NAN)) && isnan (rf_js_tanh (NAN)) && isnan (rf_js_log (-1)));
}

/* Everywhere within some units in the last place of the C library's. */
static void
test_functions_are_close (void)
{
  for (int i = -4000; i <= 4000; i++)
    {
      const double x = i * 0.01034;
      g_assert_cmpfloat (fabs (rf_js_exp (x) - exp (x)), <=, 4e-16 * exp (x));
      g_assert_cmpfloat (fabs (rf_js_tanh (x) - tanh (x)), <=, 4e-16 * fabs (tanh (x)));
      g_assert_cmpfloat (fabs (rf_js_sin (x) - sin (x)), <=, 3e-16);
      g_assert_cmpfloat (fabs (rf_js_cos (x) - cos (x)), <=, 3e-16);
      if (x > 0)
        g_assert_cmpfloat (fabs (rf_js_log (x) - log (x)), <=, 4e-16 * (1 + fabs (log (x))));
    }
}

static void
test_numbers (void)
{
  static const struct
  {
    const char *text;
    double value;
  } numbers[] = {
    { "0x1F", 31 },
    { "0b101", 5 },
    { "0o17", 15 },
    { " 12 ", 12 },
    { "1e3", 1000 },
    { ".5", 0.5 },
    { "5.", 5 },
    { "", 0 },
    { "-Infinity", -INFINITY },
    { "+7", 7 },
    { "1e999", INFINITY },
    { "1_0", NAN },
    { "0x", NAN },
    { "1e", NAN },
    { "++1", NAN },
    { "infinity", NAN },
    { "nan", NAN },
    { "-0x1", NAN },
    { "4,2", NAN },
    { ".", NAN },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      const double got = rf_js_number (numbers[i].text);
      g_assert_true (isnan (numbers[i].value) ? isnan (got) : got == numbers[i].value);
    }

  static const struct
  {
    double value;
    const char *text;
  } texts[] = {
    { 0.1, "0.1" },       { 1.0 / 3, "0.3333333333333333" },
    { 1e21, "1e+21" },    { 123456789012345680000.0, "123456789012345680000" },
    { 1e-6, "0.000001" }, { 1.5e-7, "1.5e-7" },
    { -2.5, "-2.5" },     { 1e100, "1e+100" },
    { 5e-324, "5e-324" }, { 100, "100" },
    { 4.35, "4.35" },     { 12345.678, "12345.678" },
    { -0.0, "0" },        { NAN, "NaN" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *got = rf_js_text (texts[i].value);
      g_assert_cmpstr (got, ==, texts[i].text);
    }
}

static void
test_generator (void)
{
  g_autofree char *long_seed = g_strnfill (300, 'x');
  const struct
  {
    const char *seed;
    double numbers[3];
  } streams[] = {
    { "0.54350", { 0.5350180200071033, 0.43390275185611454, 0.9960360052995142 } },
    { "a", { 0.43449421599986604, 0.5451403460013228, 0.3578386258898537 } },
    { "", { 0.23144008215179881, 0.27404636548159655, 0.7901279251811976 } },
    { long_seed, { 0.952495823023581, 0.9378530102966817, 0.8504259399717166 } },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      RfSeedRandom random;
      rf_seed_random_init (&random, streams[i].seed);
      for (int k = 0; k < 3; k++)
        g_assert_true (rf_seed_random_next (&random) == streams[i].numbers[k]);
    }
}

/* --- Links ---------------------------------------------------------------------------------- */

static void
read_link (const char *link, RfPlayState *state, GPtrArray *remarks)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (rf_play_link_read (link, state, NULL, remarks, &error));
  g_assert_no_error (error);
}

static void
assert_written (const RfPlayState *state, const char *want)
{
  g_autofree char *link = rf_play_link_write (state);
  g_assert_cmpstr (link, ==, want);
}

static void
test_round_trip (void)
{
  g_auto (RfPlayState) state = { 0 };
  rf_play_state_init (&state);
  read_link (RF_PLAY_ADDRESS SHEET, &state, NULL);
  g_assert_cmpfloat (state.batch_size, ==, 4);
  g_assert_cmpfloat (state.noise, ==, 40);
  g_assert_cmpint (state.n_layers, ==, 3);
  g_assert_cmpint (state.units[0], ==, 6);
  g_assert_cmpint (state.units[2], ==, 5);
  g_assert_cmpstr (state.seed, ==, "0.54350");
  assert_written (&state, SHEET);
  /* Only the fragment, with and without its sign, and blanks around it. */
  read_link (SHEET, &state, NULL);
  assert_written (&state, SHEET);
  read_link (&SHEET[1], &state, NULL);
  assert_written (&state, SHEET);
  read_link ("  \n" SHEET "\r\n ", &state, NULL);
  assert_written (&state, SHEET);
}

static void
test_defaults (void)
{
  g_auto (RfPlayState) state = { 0 };
  gboolean has_seed = TRUE;
  rf_play_state_init (&state);
  g_assert_true (rf_play_link_read (RF_PLAY_ADDRESS, &state, &has_seed, NULL, NULL));
  g_assert_false (has_seed);
  g_assert_cmpuint (strlen (state.seed), ==, 7);
  rf_play_state_set_seed (&state, "s");
  assert_written (
      &state,
      "#activation=tanh&batchSize=10&dataset=circle&regDataset=reg-plane&learningRate=0.03&"
      "regularizationRate=0&noise=0&networkShape=4,2&seed=s&showTestData=false&discretize=false&"
      "percTrainData=50&x=true&y=true&xTimesY=false&xSquared=false&ySquared=false&cosX=false&"
      "sinX=false&cosY=false&sinY=false&collectStats=false&problem=classification&initZero=false&"
      "hideText=false");
}

static void
test_passed_over (void)
{
  g_auto (RfPlayState) state = { 0 };
  g_autoptr (GPtrArray) remarks = g_ptr_array_new_with_free_func (g_free);
  rf_play_state_init (&state);
  read_link (
      "#activation=toString&dataset=hexagon&problem=&seed=1&seed=2=3&&=&x=0&y=false&noise=81&"
      "batchSize=many&colour=red&networkShape=2.5,%2C,3&play_hide=true&x_hide=yes&x_hide=true&"
      "discretize=+&regularization=L1",
      &state, remarks);
  g_assert_cmpint (state.activation, ==, RF_PLAY_TANH);
  g_assert_cmpint (state.dataset, ==, RF_PLAY_CIRCLE);
  g_assert_cmpint (state.regularization, ==, RF_PLAY_L1);
  g_assert_cmpstr (state.seed, ==, "2");
  g_assert_true (state.features[RF_PLAY_X] && !state.features[RF_PLAY_Y] && state.discretize);
  g_assert_cmpfloat (state.noise, ==, 50);
  g_assert_true (isnan (state.batch_size));
  g_assert_cmpint (state.n_layers, ==, 3);
  g_assert_cmpint (state.units[0], ==, 3);
  g_assert_cmpint (state.units[1], ==, 0);
  g_assert_cmpuint (state.hides->len, ==, 2);
  g_assert_cmpstr (state.hides->pdata[0], ==, "play_hide=true");
  g_assert_cmpstr (state.hides->pdata[1], ==, "x_hide=true");
  /* toString, hexagon, noise, many, colour, %2C */
  g_assert_cmpuint (remarks->len, ==, 6);
}

/* The browser's share: what it writes as %XX is what the original sees, which decodes nothing. */
static void
test_percent (void)
{
  g_auto (RfPlayState) state = { 0 };
  rf_play_state_init (&state);
  read_link ("https://host/#activation=rel%75&seed=a b\t\"é%20", &state, NULL);
  g_assert_cmpint (state.activation, ==, RF_PLAY_TANH);
  g_assert_cmpstr (state.seed, ==, "a%20b%22%C3%A9%20");
  rf_play_state_set_seed (&state, "a&b=#ü");
  g_assert_cmpstr (state.seed, ==, "a%26b%3D%23%C3%BC");
}

static void
test_refused (void)
{
  static const char *const links[] = {
    "#networkShape",          "#networkShape=33",       "#networkShape=1e9",
    "#networkShape=Infinity", "#networkShape=4,2,0x40", "#networkShape=1,1,1,1,1,1,1,1,1,1,1,1,1",
  };
  g_auto (RfPlayState) state = { 0 };
  rf_play_state_init (&state);
  rf_play_state_set_seed (&state, "kept");
  for (gsize i = 0; i < G_N_ELEMENTS (links); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_false (rf_play_link_read (links[i], &state, NULL, NULL, &error));
      g_assert_true (error && error->domain == RF_ERROR);
      g_assert_true (g_str_has_prefix (error->message, "networkShape: "));
      g_assert_cmpstr (state.seed, ==, "kept");
    }
}

/* A megabyte of anything is read in no time. */
static void
test_long (void)
{
  static const char *const parts[]
      = { "&", "=", "a=b&", "seed=1&", "networkShape=&", "%", "é", "x_hide=true&", "," };
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (GString) link = g_string_new ("#seed=");
      while (link->len < 1 << 20)
        g_string_append (link, parts[i]);
      g_auto (RfPlayState) state = { 0 };
      g_autoptr (GPtrArray) remarks = g_ptr_array_new_with_free_func (g_free);
      rf_play_state_init (&state);
      const gint64 start = g_get_monotonic_time ();
      read_link (link->str, &state, remarks);
      g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
      g_assert_cmpuint (remarks->len, <=, 20);
    }
}

static void
test_own_keys (void)
{
  g_auto (RfPlayState) state = { 0 }, again = { 0 };
  rf_play_state_init (&state);
  rf_play_state_init (&again);
  state.n_classes = 5;
  state.optimizer = RF_PLAY_MOMENTUM;
  state.momentum = 0.75;
  state.layer_activation[1] = RF_PLAY_RELU;
  state.dropout[0] = 0.25;
  state.revive = TRUE;
  rf_play_state_set_penalties (&state, 0.001, 0.01);
  g_autofree char *link = rf_play_link_write (&state);
  g_assert_nonnull (strstr (link, "&rfClasses=5&rfOptimizer=momentum&rfMomentum=0.75&rfL2=0.01&"
                                  "rfActivations=,relu&rfDropout=0.25,0&rfRevive=true"));
  read_link (link, &again, NULL);
  g_assert_cmpint (again.layer_activation[0], ==, RF_PLAY_COMMON_ACTIVATION);
  g_assert_cmpint (rf_play_state_get_activation (&again, 1), ==, RF_PLAY_RELU);
  double l1, l2;
  rf_play_state_get_penalties (&again, &l1, &l2);
  g_assert_cmpfloat (l1, ==, 0.001);
  g_assert_cmpfloat (l2, ==, 0.01);
  assert_written (&again, link);
  /* Nonsense under them is passed over. */
  read_link (
      "#rfClasses=7&rfOptimizer=x&rfMomentum=2&rfDropout=1,NaN,3&rfActivations=a,b,c&rfL2=-1",
      &again, NULL);
  g_assert_cmpint (again.n_classes, ==, 0);
  g_assert_cmpint (again.optimizer, ==, RF_PLAY_SGD);
  g_assert_cmpfloat (again.momentum, ==, 0.9);
  g_assert_cmpfloat (again.dropout[0], ==, 0);
  g_assert_cmpfloat (again.l2_beside_l1, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/playground-link/functions", test_functions);
  g_test_add_func ("/playground-link/functions-are-close", test_functions_are_close);
  g_test_add_func ("/playground-link/numbers", test_numbers);
  g_test_add_func ("/playground-link/generator", test_generator);
  g_test_add_func ("/playground-link/round-trip", test_round_trip);
  g_test_add_func ("/playground-link/defaults", test_defaults);
  g_test_add_func ("/playground-link/passed-over", test_passed_over);
  g_test_add_func ("/playground-link/percent", test_percent);
  g_test_add_func ("/playground-link/refused", test_refused);
  g_test_add_func ("/playground-link/long", test_long);
  g_test_add_func ("/playground-link/own-keys", test_own_keys);
  return g_test_run ();
}
