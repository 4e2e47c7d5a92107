/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Numbers for axes: ticks, their texts, and the smoothing of noisy values. */

#include "widgets/plot/painters/line-chart-painter.h"

#include <math.h>

guint
rf_chart_ticks (double low, double high, guint max, double *first, double *step)
{
  const double range = high - low;
  *first = low;
  *step = 1;
  if (!isfinite (range) || range < 0 || max == 0)
    return 0;
  /* A range that rounding has eaten is a single value. */
  if (range <= 1e-12 * MAX (fabs (low), fabs (high)))
    return 1;

  static const double multiples[] = { 1, 2, 5, 10, 20, 50, 100 };
  const double magnitude = pow (10, floor (log10 (range / max)));
  if (!(magnitude > 0))
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (multiples); i++)
    {
      /* Ends that are multiples but for rounding count as ticks. */
      const double size = multiples[i] * magnitude, slack = 1e-9;
      const double from = ceil (low / size - slack), to = floor (high / size + slack);
      if (to - from + 1 <= max)
        {
          *first = from * size;
          *step = size;
          return to >= from ? (guint) (to - from + 1) : 0;
        }
    }
  return 0;
}

guint
rf_chart_duration_ticks (double low, double high, guint max, double *first, double *step)
{
  static const double clock[]
      = { 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400 };
  const guint n = rf_chart_ticks (low, high, max, first, step);
  if (n == 0 || *step < 10)
    return n;
  for (guint i = 0; i < G_N_ELEMENTS (clock); i++)
    {
      const double from = ceil (low / clock[i] - 1e-9), to = floor (high / clock[i] + 1e-9);
      if (to - from + 1 > max)
        continue;
      *first = from * clock[i];
      *step = clock[i];
      return to >= from ? (guint) (to - from + 1) : 0;
    }
  const double days = 86400;
  const guint n_days = rf_chart_ticks (low / days, high / days, max, first, step);
  *first *= days;
  *step *= days;
  return n_days;
}

/* Exponents as people write them, not as C does. */
static void
append_power (GString *text, int exponent)
{
  static const char *const digits[] = { "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };
  g_autofree char *plain = g_strdup_printf ("%d", ABS (exponent));
  g_string_append (text, exponent < 0 ? "10⁻" : "10");
  for (const char *c = plain; *c; c++)
    g_string_append (text, digits[*c - '0']);
}

static void
append_fixed (GString *text, double value, int decimals)
{
  g_autofree char *number = g_strdup_printf ("%.*f", decimals, fabs (value));
  if (value < 0)
    g_string_append (text, "−");
  g_string_append (text, number);
}

/* Digits after the point that tell multiples of @step apart. */
static int
decimals_for (double step)
{
  return step > 0 ? (int) CLAMP (-floor (log10 (step) + 1e-9), 0, 12) : 0;
}

char *
rf_chart_format_tick (double value, double step)
{
  const double size = fabs (value);
  GString *text = g_string_new (NULL);
  if (!isfinite (value))
    g_string_append (text, "–");
  else if (size < step / 2 || size == 0)
    g_string_append (text, "0");
  else if (size >= 1e9 || size < 1e-4)
    {
      /* The power of the step, the same for all ticks, unless they are far from 0. */
      const int finest = (int) floor (log10 (step) + 1e-9);
      const int own = (int) floor (log10 (size) + 1e-9);
      const int exponent = size < 1000 * step ? MIN (own, finest) : own;
      const double mantissa = value / pow (10, exponent);
      const int decimals = CLAMP (exponent - finest, 0, 3);
      if (fabs (mantissa - 1) > 1e-6 || decimals > 0)
        {
          append_fixed (text, mantissa, decimals);
          g_string_append (text, "×");
        }
      append_power (text, exponent);
    }
  else if (size >= 1e6)
    {
      append_fixed (text, value / 1e6, decimals_for (step / 1e6));
      g_string_append (text, "M");
    }
  else if (size >= 1e4)
    {
      append_fixed (text, value / 1e3, decimals_for (step / 1e3));
      g_string_append (text, "k");
    }
  else
    append_fixed (text, value, decimals_for (step));
  return g_string_free (text, FALSE);
}

char *
rf_chart_format_value (double value, gboolean unit_range)
{
  GString *text = g_string_new (NULL);
  const double size = fabs (value);
  if (!isfinite (value))
    g_string_append (text, "–");
  else if (unit_range)
    {
      append_fixed (text, 100 * value, 1);
      g_string_append (text, " %");
    }
  else if (size != 0 && (size >= 1e5 || size < 1e-3))
    {
      int exponent = (int) floor (log10 (size));
      double mantissa = value / pow (10, exponent);
      if (fabs (mantissa) >= 9.995)
        {
          mantissa /= 10;
          exponent++;
        }
      append_fixed (text, mantissa, 2);
      g_string_append (text, "×");
      append_power (text, exponent);
    }
  else
    append_fixed (text, value, size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3);
  return g_string_free (text, FALSE);
}

char *
rf_chart_format_x (double x, RfChartXKind kind)
{
  if (!isfinite (x))
    return g_strdup ("–");
  GString *text = g_string_new (NULL);
  if (kind == RF_CHART_COUNT)
    append_fixed (text, x, 0);
  else if (kind == RF_CHART_NUMBER)
    append_fixed (text, x, fabs (x) >= 1000 ? 1 : 2);
  else if (fabs (x) < 59.95)
    {
      const gboolean whole = fabs (x - round (x)) < 1e-6;
      append_fixed (text, x, whole ? 0 : fabs (x) < 1 ? 2 : 1);
      g_string_append (text, " s");
    }
  else if (fabs (x) > 1e12)
    append_fixed (text, x, 0);
  else
    {
      const gint64 seconds = (gint64) round (fabs (x));
      const int hours = (int) MIN (seconds / 3600, G_MAXINT);
      const int minutes = (int) (seconds / 60 % 60), rest = (int) (seconds % 60);
      g_string_append (text, x < 0 ? "−" : "");
      if (hours > 0)
        g_string_append_printf (text, "%d:%02d:%02d", hours, minutes, rest);
      else
        g_string_append_printf (text, "%d:%02d", minutes, rest);
    }
  return g_string_free (text, FALSE);
}

double
rf_smoother_next (RfSmoother *smoother, double y)
{
  if (isfinite (y))
    smoother->mean += (y - smoother->mean) / (1 + smoother->n++ / 32.0);
  return smoother->n > 0 ? smoother->mean : NAN;
}

void
rf_chart_smooth (const double *y, gsize n, double *out)
{
  RfSmoother smoother = { 0 };
  for (gsize i = 0; i < n; i++)
    out[i] = rf_smoother_next (&smoother, y[i]);
}
