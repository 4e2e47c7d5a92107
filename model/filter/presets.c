/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Well-known kernels. All are for cross-correlation: the direction of an edge or a light is as it
 * lies on the picture, x to the right and y down. Angles turn counter-clockwise from the right, as
 * in mathematics.
 *
 * Gaussian: e^(-r²/2σ²), normalised. Laplacian of Gaussian: (r²/σ² - 2)/σ² · e^(-r²/2σ²), its mean
 * taken off, so that flat areas become 0. Gabor: e^(-(x'² + γ² y'²)/2σ²) · cos (2π x'/λ + φ) with
 * σ = 0.56 λ (a bandwidth of one octave) and γ = ½. */
#include "model/filter/presets.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "model/base/error.h"
#include "model/base/random.h"
#include "model/spec/json.h"
#include "model/spec/spec.h"

#define SIZE(fallback)                                                                             \
  {                                                                                                \
    "size", N_ ("Size"), "px", fallback, 1, RF_KERNEL_MAX_SIDE, 1, TRUE                            \
  }
#define SIGMA(fallback)                                                                            \
  {                                                                                                \
    "sigma", N_ ("Standard deviation σ"), "px", fallback, .3, 5, .1, FALSE                         \
  }
#define ANGLE(fallback)                                                                            \
  {                                                                                                \
    "angle", N_ ("Angle"), "°", fallback, 0, 360, 5, FALSE                                         \
  }

static void
set_square (RfKernel *kernel, int side, const double *weights, double divisor)
{
  rf_kernel_init (kernel, side, side);
  for (int i = 0; i < side * side; i++)
    kernel->weights[0][i] = weights[i] / divisor;
}

/* Coordinates from the middle, of which an even kernel has none. */
static double
from_middle (int i, int side)
{
  return i - (side - 1) / 2.;
}

static double
gaussian_at (const RfKernel *kernel, int i, double sigma)
{
  const double y = from_middle (i / kernel->width, kernel->height);
  const double x = from_middle (i % kernel->width, kernel->width);

  return exp (-(x * x + y * y) / (2 * sigma * sigma));
}

static void
build_gaussian (RfKernel *kernel, const double *values)
{
  const int side = (int) values[1];

  rf_kernel_init (kernel, side, side);
  for (int i = 0; i < side * side; i++)
    kernel->weights[0][i] = gaussian_at (kernel, i, values[0]);
  rf_kernel_normalize_sum (kernel, NULL);
}

static void
build_identity (RfKernel *kernel, const double *values)
{
  rf_kernel_init (kernel, 1, 1);
  kernel->weights[0][0] = 1;
  rf_kernel_resize (kernel, (int) values[0], (int) values[0]);
}

static void
build_box (RfKernel *kernel, const double *values)
{
  const int side = (int) values[0];

  rf_kernel_init (kernel, side, side);
  for (int i = 0; i < side * side; i++)
    kernel->weights[0][i] = 1. / (side * side);
}

/* The picture, and as much as wanted of what distinguishes it from its four neighbours. */
static void
build_sharpen (RfKernel *kernel, const double *values)
{
  const double a = values[0];

  set_square (kernel, 3, (const double[]){ 0, -a, 0, -a, 1 + 4 * a, -a, 0, -a, 0 }, 1);
}

/* (1 + a) · identity - a · Gaussian. */
static void
build_unsharp (RfKernel *kernel, const double *values)
{
  const double amount = values[1];
  const int side = (int) values[2];

  build_gaussian (kernel, (const double[]){ values[0], side });
  for (int i = 0; i < side * side; i++)
    kernel->weights[0][i] *= -amount;
  const int centre = (side - 1) / 2 * side + (side - 1) / 2;
  kernel->weights[0][centre] += 1 + amount;
}

static void
build_sobel_x (RfKernel *kernel, const double *values)
{
  set_square (kernel, 3, (const double[]){ -1, 0, 1, -2, 0, 2, -1, 0, 1 }, 1);
}

static void
build_sobel_y (RfKernel *kernel, const double *values)
{
  set_square (kernel, 3, (const double[]){ -1, -2, -1, 0, 0, 0, 1, 2, 1 }, 1);
}

static void
build_prewitt_x (RfKernel *kernel, const double *values)
{
  set_square (kernel, 3, (const double[]){ -1, 0, 1, -1, 0, 1, -1, 0, 1 }, 1);
}

static void
build_prewitt_y (RfKernel *kernel, const double *values)
{
  set_square (kernel, 3, (const double[]){ -1, -1, -1, 0, 0, 0, 1, 1, 1 }, 1);
}

static void
build_scharr_x (RfKernel *kernel, const double *values)
{
  set_square (kernel, 3, (const double[]){ -3, 0, 3, -10, 0, 10, -3, 0, 3 }, 1);
}

static void
build_scharr_y (RfKernel *kernel, const double *values)
{
  set_square (kernel, 3, (const double[]){ -3, -10, -3, 0, 0, 0, 3, 10, 3 }, 1);
}

static void
build_roberts_1 (RfKernel *kernel, const double *values)
{
  set_square (kernel, 2, (const double[]){ 1, 0, 0, -1 }, 1);
}

static void
build_roberts_2 (RfKernel *kernel, const double *values)
{
  set_square (kernel, 2, (const double[]){ 0, 1, -1, 0 }, 1);
}

static void
build_laplacian_4 (RfKernel *kernel, const double *values)
{
  set_square (kernel, 3, (const double[]){ 0, 1, 0, 1, -4, 1, 0, 1, 0 }, 1);
}

static void
build_laplacian_8 (RfKernel *kernel, const double *values)
{
  set_square (kernel, 3, (const double[]){ 1, 1, 1, 1, -8, 1, 1, 1, 1 }, 1);
}

static void
build_log (RfKernel *kernel, const double *values)
{
  const double sigma = values[0], s2 = sigma * sigma;
  const int side = (int) values[1];

  rf_kernel_init (kernel, side, side);
  for (int i = 0; i < side * side; i++)
    {
      const double y = from_middle (i / side, side), x = from_middle (i % side, side);
      kernel->weights[0][i]
          = ((x * x + y * y) / s2 - 2) / (2 * G_PI * s2 * s2) * gaussian_at (kernel, i, sigma);
    }
  rf_kernel_zero_mean (kernel);
}

static void
build_emboss (RfKernel *kernel, const double *values)
{
  set_square (kernel, 3, (const double[]){ -2, -1, 0, -1, 1, 1, 0, 1, 2 }, 1);
}

static void
build_outline (RfKernel *kernel, const double *values)
{
  set_square (kernel, 3, (const double[]){ -1, -1, -1, -1, 8, -1, -1, -1, -1 }, 1);
}

/* A line through the middle: each cell by its distance from it, as far as half a cell beyond its
 * ends. */
static void
build_motion (RfKernel *kernel, const double *values)
{
  const double angle = values[0] * G_PI / 180, c = cos (angle), s = -sin (angle);
  const int side = (int) values[1];

  rf_kernel_init (kernel, side, side);
  for (int i = 0; i < side * side; i++)
    {
      const double y = from_middle (i / side, side), x = from_middle (i % side, side);
      const double along = fabs (x * c + y * s), off = fabs (y * c - x * s);
      const double weight = CLAMP (side / 2. - along + .5, 0, 1) * CLAMP (1 - off, 0, 1);
      /* What is left of sines that are zero. */
      kernel->weights[0][i] = weight > 1e-9 ? weight : 0;
    }
  rf_kernel_normalize_sum (kernel, NULL);
}

static void
build_gabor (RfKernel *kernel, const double *values)
{
  const double angle = values[0] * G_PI / 180, c = cos (angle), s = -sin (angle);
  const double wavelength = values[1], phase = values[2] * G_PI / 180;
  const double sigma = .56 * wavelength;
  const int side = (int) values[3];

  rf_kernel_init (kernel, side, side);
  for (int i = 0; i < side * side; i++)
    {
      const double y = from_middle (i / side, side), x = from_middle (i % side, side);
      const double along = x * c + y * s, off = y * c - x * s;
      kernel->weights[0][i] = exp (-(along * along + off * off / 4) / (2 * sigma * sigma))
                              * cos (2 * G_PI * along / wavelength + phase);
    }
}

static void
build_random (RfKernel *kernel, const double *values)
{
  const int side = (int) values[1];
  RfRandom random = rf_random ((guint64) values[0], RF_RANDOM_WEIGHTS, (guint64) side, 0);

  rf_kernel_init (kernel, side, side);
  /* As a fresh layer's: the variance of a sum does not depend on the size. */
  for (int i = 0; i < side * side; i++)
    kernel->weights[0][i] = (double) rf_random_normal (&random) / side;
}

const RfPreset rf_presets[] = {
  { "identity",
    N_ ("Identity"),
    N_ ("Leaves the picture as it is."),
    { SIZE (3) },
    build_identity },
  { "box",
    N_ ("Box blur"),
    N_ ("Takes the mean of all pixels under the window."),
    { SIZE (3) },
    build_box },
  { "gaussian",
    N_ ("Gaussian blur"),
    N_ ("Blurs by a bell curve: near pixels count more than far ones."),
    { SIGMA (1), SIZE (7) },
    build_gaussian },
  { "sharpen",
    N_ ("Sharpen"),
    N_ ("Adds what distinguishes a pixel from its four neighbours."),
    { { "amount", N_ ("Amount"), "", 1, 0, 5, .1, FALSE } },
    build_sharpen },
  { "unsharp",
    N_ ("Unsharp mask"),
    N_ ("Sharpens by taking away a blurred copy."),
    { SIGMA (1), { "amount", N_ ("Amount"), "", 1, 0, 5, .1, FALSE }, SIZE (5) },
    build_unsharp },
  { "sobel-x",
    N_ ("Sobel, left to right"),
    N_ ("Slope from left to right, smoothed across: vertical edges."),
    { { NULL } },
    build_sobel_x },
  { "sobel-y",
    N_ ("Sobel, top to bottom"),
    N_ ("Slope from top to bottom, smoothed across: horizontal edges."),
    { { NULL } },
    build_sobel_y },
  { "prewitt-x",
    N_ ("Prewitt, left to right"),
    N_ ("Slope from left to right, three rows counting the same."),
    { { NULL } },
    build_prewitt_x },
  { "prewitt-y",
    N_ ("Prewitt, top to bottom"),
    N_ ("Slope from top to bottom, three columns counting the same."),
    { { NULL } },
    build_prewitt_y },
  { "scharr-x",
    N_ ("Scharr, left to right"),
    N_ ("Slope from left to right, weighted so that turned edges come out alike."),
    { { NULL } },
    build_scharr_x },
  { "scharr-y",
    N_ ("Scharr, top to bottom"),
    N_ ("Slope from top to bottom, weighted so that turned edges come out alike."),
    { { NULL } },
    build_scharr_y },
  { "roberts-1",
    N_ ("Roberts, falling diagonal"),
    N_ ("Difference of two diagonal neighbours: the smallest edge detector."),
    { { NULL } },
    build_roberts_1 },
  { "roberts-2",
    N_ ("Roberts, rising diagonal"),
    N_ ("Difference along the other diagonal."),
    { { NULL } },
    build_roberts_2 },
  { "laplacian-4",
    N_ ("Laplacian, 4 neighbours"),
    N_ ("Second derivative: how far the four neighbours differ from the middle."),
    { { NULL } },
    build_laplacian_4 },
  { "laplacian-8",
    N_ ("Laplacian, 8 neighbours"),
    N_ ("Second derivative with diagonals: more alike in all directions."),
    { { NULL } },
    build_laplacian_8 },
  { "log",
    N_ ("Laplacian of Gaussian"),
    N_ ("Blurs, then takes the second derivative: answers to blobs of one size."),
    { SIGMA (1.4), SIZE (9) },
    build_log },
  { "emboss",
    N_ ("Emboss"),
    N_ ("Light from one corner: slopes become relief."),
    { { NULL } },
    build_emboss },
  { "outline",
    N_ ("Outline"),
    N_ ("Keeps what differs from its surroundings."),
    { { NULL } },
    build_outline },
  { "motion-blur",
    N_ ("Motion blur"),
    N_ ("Smears along a line, as a moving camera does."),
    { ANGLE (0), SIZE (9) },
    build_motion },
  { "gabor",
    N_ ("Gabor"),
    N_ ("A wave under a bell curve: answers to stripes of one direction and width, as the first "
        "layer of a trained network does."),
    { ANGLE (0),
      { "wavelength", N_ ("Wavelength"), "px", 5, 2, 20, .5, FALSE },
      { "phase", N_ ("Phase"), "°", 0, 0, 360, 5, FALSE },
      SIZE (11) },
    build_gabor },
  { "random",
    N_ ("Random"),
    N_ ("Normal random weights, as before any training."),
    { { "seed", N_ ("Seed"), "", 1, 0, 1000000, 1, TRUE }, SIZE (5) },
    build_random },
  { NULL },
};

const RfPreset *
rf_preset_find (const char *name)
{
  for (const RfPreset *preset = rf_presets; preset->name; preset++)
    if (g_str_equal (preset->name, name))
      return preset;
  return NULL;
}

int
rf_preset_n_parameters (const RfPreset *preset)
{
  int n = 0;

  while (preset->parameters[n].name)
    n++;
  return n;
}

void
rf_preset_build (const RfPreset *preset, const double *values, RfKernel *kernel)
{
  double used[RF_PRESET_MAX_PARAMETERS] = { 0 };

  for (int i = 0; i < rf_preset_n_parameters (preset); i++)
    {
      const RfPresetParameter *parameter = &preset->parameters[i];
      const double value = values && isfinite (values[i]) ? values[i] : parameter->fallback;
      used[i] = CLAMP (value, parameter->minimum, parameter->maximum);
      if (parameter->whole)
        used[i] = rint (used[i]);
    }
  preset->build (kernel, used);
}

/* --- NAME:PARAMETER=NUMBER,… ---------------------------------------------------------------- */

static gboolean
parse_parameter (const RfPreset *preset, const char *text, double *values, GError **error)
{
  const char *equals = strchr (text, '=');
  g_autofree char *raw = equals ? g_strndup (text, (gsize) (equals - text)) : g_strdup (text);
  const char *names[RF_PRESET_MAX_PARAMETERS + 1] = { NULL };
  const int n = rf_preset_n_parameters (preset);
  int i;

  g_strstrip (raw);
  for (i = 0; i < n; i++)
    names[i] = preset->parameters[i].name;
  for (i = 0; i < n && !g_str_equal (raw, names[i]); i++)
    ;
  g_autofree char *name = rf_text_for_message (raw);
  if (i == n)
    {
      g_autofree char *all = g_strjoinv (", ", (char **) names);
      if (n == 0)
        g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                     _ ("%s has no parameter \"%s\"; it has none"), preset->name, name);
      else
        g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("%s has no parameter \"%s\"; it has: %s"),
                     preset->name, name, all);
      return FALSE;
    }
  if (!equals)
    {
      g_autofree char *usual = rf_number_to_text (preset->parameters[i].fallback);
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("%s: %s needs a number, as in %s=%s"),
                   preset->name, name, name, usual);
      return FALSE;
    }

  const RfPresetParameter *parameter = &preset->parameters[i];
  g_autoptr (GError) problem = NULL;
  double value;
  if (!rf_kernel_parse_number (equals + 1, &value, &problem))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("%s: %s: %s"), preset->name, name,
                   problem->message);
      return FALSE;
    }
  if (value < parameter->minimum || value > parameter->maximum
      || (parameter->whole && value != rint (value)))
    {
      g_autofree char *low = rf_number_to_text (parameter->minimum);
      g_autofree char *high = rf_number_to_text (parameter->maximum);
      g_autofree char *shown = rf_number_to_text (value);
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                   parameter->whole ? _ ("%s: %s must be a whole number from %s to %s, not %s")
                                    : _ ("%s: %s must be from %s to %s, not %s"),
                   preset->name, name, low, high, shown);
      return FALSE;
    }
  values[i] = value;
  return TRUE;
}

static gboolean
parse_preset (const char *text, RfKernel *kernel, const RfPreset **found, double *values,
              GError **error)
{
  const char *colon = strchr (text, ':');
  g_autofree char *raw = colon ? g_strndup (text, (gsize) (colon - text)) : g_strdup (text);
  const RfPreset *preset = rf_preset_find (g_strstrip (raw));
  double all[RF_PRESET_MAX_PARAMETERS] = { 0 };

  if (!preset)
    {
      const char *names[64] = { NULL };
      gsize n = 0;
      for (; rf_presets[n].name && n + 1 < G_N_ELEMENTS (names); n++)
        names[n] = rf_presets[n].name;
      g_autofree char *shown = rf_text_for_message (raw);
      g_autofree char *known = g_strjoinv (", ", (char **) names);
      const char *meant = rf_did_you_mean (raw, names);
      if (meant)
        g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                     _ ("there is no kernel \"%s\", did you mean \"%s\"?"), shown, meant);
      else
        g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                     _ ("there is no kernel \"%s\"; known are %s, or rows such as 0 -1 0; -1 5 -1; "
                        "0 -1 0"),
                     shown, known);
      return FALSE;
    }
  for (int i = 0; i < rf_preset_n_parameters (preset); i++)
    all[i] = preset->parameters[i].fallback;
  g_auto (GStrv) parts = g_strsplit (colon ? colon + 1 : "", ",", RF_PRESET_MAX_PARAMETERS + 1);
  for (char **part = parts; *part; part++)
    if (!parse_parameter (preset, *part, all, error))
      return FALSE;
  rf_preset_build (preset, all, kernel);
  if (values)
    memcpy (values, all, sizeof all);
  if (found)
    *found = preset;
  return TRUE;
}

gboolean
rf_preset_parse (const char *text, RfKernel *kernel, const RfPreset **preset, double *values,
                 GError **error)
{
  const char *start = text;

  g_return_val_if_fail (text != NULL && kernel != NULL, FALSE);

  if (preset)
    *preset = NULL;
  while (g_ascii_isspace (*start))
    start++;
  /* Names begin with a letter and have no bracket or sign of assignment before their parameters. */
  const gsize word = strcspn (start, ":");
  if (g_ascii_isalpha (*start) && strcspn (start, "[](){}=;|\n") >= word
      && g_ascii_strncasecmp (start, "nan", 3) != 0 && g_ascii_strncasecmp (start, "inf", 3) != 0
      && g_utf8_validate (start, -1, NULL))
    return parse_preset (start, kernel, preset, values, error);
  return rf_kernel_parse (kernel, text, -1, error);
}
