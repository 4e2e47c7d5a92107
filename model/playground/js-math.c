/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What decides a branch in fdlibm is the upper half of a number's bits, so it is here too. */

#include "model/playground/js-math.h"

#include "model/playground/kernels/constants.h"

#include <glib.h>
#include <math.h>
#include <string.h>

static guint64
bits_of (double x)
{
  guint64 bits;
  memcpy (&bits, &x, sizeof bits);
  return bits;
}

static double
from_bits (guint64 bits)
{
  double x;
  memcpy (&x, &bits, sizeof x);
  return x;
}

/* Sign, exponent and the first 20 bits of the fraction. */
static guint32
upper (double x)
{
  return (guint32) (bits_of (x) >> 32);
}

static guint32
upper_magnitude (double x)
{
  return upper (x) & 0x7fffffff;
}

/* 2ⁿ, -1022 ≤ n ≤ 1023. */
static double
power_of_two (int n)
{
  return from_bits ((guint64) (n + 1023) << 52);
}

/* --- Exponential functions ------------------------------------------------------------------ */

/* The multiple of ln 2 that is taken off. */
static int
choose_multiple (double x)
{
  const guint32 magnitude = upper_magnitude (x);
  if (magnitude <= UPPER_HALF_LN2)
    return 0;
  if (magnitude < UPPER_3_HALVES_LN2)
    return x < 0 ? -1 : 1;
  return (int) (INVERSE_LN2 * x + (x < 0 ? -0.5 : 0.5));
}

double
rf_js_exp (double x)
{
  if (isnan (x))
    return x;
  if (x > EXP_OVERFLOW)
    return INFINITY;
  if (x < EXP_UNDERFLOW)
    return 0;
  if (x == 1)
    return G_E;
  if (upper_magnitude (x) < UPPER_2_POW_MINUS_28)
    return 1 + x;

  const int n = choose_multiple (x);
  const double high = x - n * LN2_HIGH, low = n * LN2_LOW, r = high - low, t = r * r;
  const double c = r - t * (EXP_P1 + t * (EXP_P2 + t * (EXP_P3 + t * (EXP_P4 + t * EXP_P5))));
  const double y = 1 - ((low - (r * c) / (2 - c)) - high);
  if (n == 1024)
    return y * 2 * 0x1p1023;
  return n >= -1021 ? y * power_of_two (n) : y * power_of_two (n + 1000) * 0x1p-1000;
}

/* eˣ - 1 for -2 < x ≤ 44, which is what tanh needs. */
static double
expm1_for_tanh (double x)
{
  const int n = choose_multiple (x);
  const double high = x - n * LN2_HIGH, low = n * LN2_LOW;
  const double r = high - low, c = (high - r) - low;
  const double half = 0.5 * r, square = r * half;
  const double r1
      = 1
        + square
              * (EXPM1_Q1
                 + square
                       * (EXPM1_Q2
                          + square * (EXPM1_Q3 + square * (EXPM1_Q4 + square * EXPM1_Q5))));
  const double t = 3 - r1 * half;
  double e = square * ((r1 - t) / (6 - r * t));
  e = (r * (e - c) - c) - square;

  if (n == 0)
    return r - e;
  if (n == -1)
    return 0.5 * (r - e) - 0.5;
  if (n <= -2 || n > 56)
    return (1 - (e - r)) * power_of_two (n) - 1;
  if (n < 20)
    return ((1 - power_of_two (-n)) - (e - r)) * power_of_two (n);
  return ((r - (e + power_of_two (-n))) + 1) * power_of_two (n);
}

double
rf_js_tanh (double x)
{
  const double magnitude = fabs (x);
  double y;
  if (isnan (x) || magnitude < 0x1p-28)
    return x;
  if (magnitude >= 22)
    y = 1;
  else if (magnitude >= 1)
    y = 1 - 2 / (expm1_for_tanh (2 * magnitude) + 2);
  else
    {
      const double t = expm1_for_tanh (-2 * magnitude);
      y = -t / (t + 2);
    }
  return x < 0 ? -y : y;
}

/* --- Logarithm ------------------------------------------------------------------------------ */

/* log (1 + f) + n ln 2, for √½ < 1 + f < √2; @fraction: the upper half's 20 bits. */
static double
log_near_one (double f, int n, gint32 fraction)
{
  const double high = n * LN2_HIGH, low = n * LN2_LOW;
  if ((0xfffff & (2 + fraction)) < 3)
    {
      /* |f| < 2⁻²⁰ */
      const double rest = f * f * (0.5 - 0.33333333333333333 * f);
      return n == 0 ? f - rest : high - ((rest - low) - f);
    }
  const double s = f / (2 + f), z = s * s, w = z * z;
  const double even = w * (LOG_2 + w * (LOG_4 + w * LOG_6));
  const double odd = z * (LOG_1 + w * (LOG_3 + w * (LOG_5 + w * LOG_7)));
  const double rest = odd + even;
  if (((fraction - 0x6147a) | (0x6b851 - fraction)) > 0)
    {
      const double half = 0.5 * f * f;
      return n == 0 ? f - (half - s * (half + rest))
                    : high - ((half - (s * (half + rest) + low)) - f);
    }
  return n == 0 ? f - s * (f - rest) : high - ((s * (f - rest) - low) - f);
}

double
rf_js_log (double x)
{
  int n = 0;
  if (!(x > 0))
    return x == 0 ? -INFINITY : NAN;
  if (isinf (x))
    return x;
  if (x < 0x1p-1022)
    {
      n = -54;
      x *= 0x1p54;
    }
  const gint32 fraction = (gint32) (upper (x) & 0xfffff);
  /* Fractions beyond √2 count as below 1. */
  const gint32 carry = (fraction + 0x95f64) & 0x100000;
  n += (int) (upper (x) >> 20) - 1023 + (carry >> 20);
  const guint64 lower = bits_of (x) & 0xffffffff;
  const double near_one
      = from_bits ((guint64) (guint32) (fraction | (carry ^ 0x3ff00000)) << 32 | lower);
  if (near_one == 1)
    return n == 0 ? 0 : n * LN2_HIGH + n * LN2_LOW;
  return log_near_one (near_one - 1, n, fraction);
}

/* --- Sine and cosine ------------------------------------------------------------------------ */

/* sin (x + tail) for |x| ≤ π/4. */
static double
sine_near_zero (double x, double tail, gboolean with_tail)
{
  if (upper_magnitude (x) < 0x3e400000)
    return x;
  const double z = x * x, v = z * x;
  const double r = SIN_2 + z * (SIN_3 + z * (SIN_4 + z * (SIN_5 + z * SIN_6)));
  return with_tail ? x - ((z * (0.5 * tail - v * r) - tail) - v * SIN_1) : x + v * (SIN_1 + z * r);
}

static double
cosine_near_zero (double x, double tail)
{
  const guint32 magnitude = upper_magnitude (x);
  if (magnitude < 0x3e400000)
    return 1;
  const double z = x * x;
  const double r = z * (COS_1 + z * (COS_2 + z * (COS_3 + z * (COS_4 + z * (COS_5 + z * COS_6)))));
  if (magnitude < 0x3fd33333)
    return 1 - (0.5 * z - (z * r - x * tail));
  /* Takes a quarter of x off both sides, so that 1 - x²/2 loses less. */
  const double quarter
      = magnitude > 0x3fe90000 ? 0.28125 : from_bits ((guint64) (magnitude - 0x00200000) << 32);
  return (1 - quarter) - ((0.5 * z - quarter) - (z * r - x * tail));
}

/* How many bits are lost from @x to @y. */
static int
lost_bits (double x, double y)
{
  return (int) (upper_magnitude (x) >> 20) - (int) (upper_magnitude (y) >> 20);
}

/* x = n π/2 + y + tail for x > 0, by Cody and Waite: π/2 in parts of 33 bits, as many as the
 * cancellation asks for. */
static int
take_quarters (double x, double *y, double *tail)
{
  const guint32 magnitude = upper_magnitude (x);
  const int n = magnitude < 0x4002d97c ? 1 : (int) (x * TWO_OVER_PI + 0.5);
  double r = x - n * HALF_PI_1, w = n * HALF_PI_1_REST;
  const gboolean near_multiple = magnitude == upper_magnitude (n * G_PI_2);
  *y = r - w;
  if (n == 1 ? near_multiple : (n >= 32 || near_multiple) && lost_bits (x, *y) > 16)
    {
      double t = r;
      w = n * HALF_PI_2;
      r = t - w;
      w = n * HALF_PI_2_REST - ((t - r) - w);
      *y = r - w;
      if (n > 1 && lost_bits (x, *y) > 49)
        {
          t = r;
          w = n * HALF_PI_3;
          r = t - w;
          w = n * HALF_PI_3_REST - ((t - r) - w);
          *y = r - w;
        }
    }
  *tail = (r - *y) - w;
  return n;
}

/* sin (x + @quarters π/2) */
static double
sine_from (double x, int quarters)
{
  double y, tail;
  int n = take_quarters (fabs (x), &y, &tail);
  if (x < 0)
    {
      n = -n;
      y = -y;
      tail = -tail;
    }
  n += quarters;
  const double result = n & 1 ? cosine_near_zero (y, tail) : sine_near_zero (y, tail, TRUE);
  return n & 2 ? -result : result;
}

double
rf_js_sin (double x)
{
  const guint32 magnitude = upper_magnitude (x);
  if (magnitude <= UPPER_QUARTER_PI)
    return sine_near_zero (x, 0, FALSE);
  return magnitude > UPPER_MEDIUM_ANGLE ? sin (x) : sine_from (x, 0);
}

double
rf_js_cos (double x)
{
  const guint32 magnitude = upper_magnitude (x);
  if (magnitude <= UPPER_QUARTER_PI)
    return cosine_near_zero (x, 0);
  return magnitude > UPPER_MEDIUM_ANGLE ? cos (x) : sine_from (x, 1);
}
