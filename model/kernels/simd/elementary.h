/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Elementary functions in single precision, without branches, so that the compiler makes vectors of
 * the loops around them. Relative errors are below 2e-7 wherever the result is a normal number (the
 * distribution function: 6e-7, growing to 4e-6 where it is below 1e-5); NaN gives NaN and
 * infinities their limits. */

#include <glib.h>
#include <string.h>

static inline float
float_from_bits (guint32 bits)
{
  float x;

  memcpy (&x, &bits, sizeof x);
  return x;
}

static inline guint32
bits_of_float (float x)
{
  guint32 bits;

  memcpy (&bits, &x, sizeof bits);
  return bits;
}

static inline float
absolute (float x)
{
  return float_from_bits (bits_of_float (x) & 0x7fffffffu);
}

/* x = n ln 2 + r with |r| ≤ ln 2 / 2. Adding 1.5 · 2²³ rounds to an integer, which is then in the
 * low bits of the sum; a NaN gives some integer and stays in r. */
static inline gint32
reduce (float x, float *r)
{
  const float shifter = 12582912.0f;
  float shifted = x * 1.44269504088896341f + shifter;
  float n = shifted - shifter;

  *r = x - n * 0.693359375f + n * 2.12194440e-4f;
  return (gint32) (bits_of_float (shifted) - bits_of_float (shifter));
}

/* (e^r - 1 - r) / r² (Moshier, Cephes, expf.c). */
static inline float
exp_tail (float r)
{
  float p = 1.9875691500e-4f;

  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  return p * r + 5.0000001201e-1f;
}

/* 2ⁿ for -126 ≤ n ≤ 127. */
static inline float
power_of_two (gint32 n)
{
  return float_from_bits ((guint32) (n + 127) << 23);
}

static inline float
fast_exp (float x)
{
  float r, y;
  gint32 n, half;

  x = x > 89 ? 89 : x;
  x = x < -104 ? -104 : x;
  n = reduce (x, &r);
  y = exp_tail (r) * r * r + r + 1;
  /* In two factors, as 2ⁿ alone may be out of range. */
  half = n >> 1;
  return y * power_of_two (half) * power_of_two (n - half);
}

/* e^x - 1 for x ≤ 0, without cancellation near 0. */
static inline float
fast_expm1_negative (float x)
{
  float r, p, scale;

  x = x < -30 ? -30 : x;
  scale = power_of_two (reduce (x, &r));
  p = exp_tail (r) * r * r + r;
  return scale * p + (scale - 1);
}

static inline float
fast_sigmoid (float x)
{
  return 1 / (1 + fast_exp (-x));
}

/* A polynomial near 0 (Moshier, Cephes, tanhf.c), 1 - 2 / (e^2|x| + 1) elsewhere. */
static inline float
fast_tanh (float x)
{
  float magnitude = absolute (x);
  float square = x * x;
  float far = 1 - 2 / (fast_exp (2 * magnitude) + 1);
  float p = -5.70498872745e-3f;

  p = p * square + 2.06390887954e-2f;
  p = p * square - 5.37397155531e-2f;
  p = p * square + 1.33314422036e-1f;
  p = p * square - 3.33332819422e-1f;
  p = p * square * x + x;
  far = x < 0 ? -far : far;
  return magnitude >= 0.625f ? far : p;
}

/* Φ(x), the normal distribution function, and *@gaussian = e^(-x²/2).
 *
 * erfc(|x|/√2) = e^(-x²/2) t Q(t) with t = 1 / (1 + |x|/4); Q interpolates the quotient at the ten
 * Chebyshev nodes of (0, 1], with a relative error of 8.5e-8. */
static inline float
fast_normal (float x, float *gaussian)
{
  float t = 1 / (1 + 0.25f * absolute (x));
  float q = 0.041629776806f;
  float tail;

  *gaussian = fast_exp (-0.5f * x * x);
  q = q * t - 0.170778459874f;
  q = q * t + 0.207597715046f;
  q = q * t - 0.0794937267355f;
  q = q * t + 0.136547991467f;
  q = q * t + 0.114892516481f;
  q = q * t + 0.163779263532f;
  q = q * t + 0.186879029419f;
  q = q * t + 0.199474793537f;
  q = q * t + 0.199471122073f;
  tail = 0.5f * *gaussian * t * q;
  return x < 0 ? tail : 1 - tail;
}
