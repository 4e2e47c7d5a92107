/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Vectors of doubles as wide as the instruction set has them; tanh and the logistic function on
 * them without branches, with the bits of js-math.c: each lane computes what its branch would, and
 * takes on the way what the other branches would do differently. */

#include "model/playground/kernels/constants.h"

#include <glib.h>
#include <math.h>

#if defined(__AVX512F__)
#define LANES 8
#elif defined(__AVX__)
#define LANES 4
#else
#define LANES 2
#endif

typedef double Vector __attribute__ ((vector_size (LANES * sizeof (double)), may_alias));
typedef gint64 Bits __attribute__ ((vector_size (LANES * sizeof (gint64)), may_alias));

#define INLINE static inline __attribute__ ((always_inline))

/* @x is aligned to a vector. */
INLINE Vector
load (const double *x)
{
  return *(const Vector *) x;
}

INLINE void
store (double *x, Vector v)
{
  *(Vector *) x = v;
}

INLINE Vector
broadcast (double x)
{
  return x - (Vector){ 0 };
}

INLINE Vector
choose (Bits mask, Vector yes, Vector no)
{
  return (Vector) ((mask & (Bits) yes) | (~mask & (Bits) no));
}

INLINE Vector
square_root (Vector x)
{
  Vector y;
#pragma GCC unroll 8
  for (int i = 0; i < LANES; i++)
    y[i] = __builtin_sqrt (x[i]);
  return y;
}

INLINE Bits
sign_of (Vector x)
{
  return (Bits) x & (Bits) broadcast (-0.0);
}

/* The smallest number with this upper half. */
INLINE Vector
from_upper (gint64 upper)
{
  return (Vector) ((Bits){ 0 } + (upper << 32));
}

/* The multiple of ln 2 that is taken off x ≥ 0: ⌊x / ln 2 + ½⌋, but for small x. Adding 2⁵² rounds
 * to a whole number, maybe up. */
INLINE Vector
choose_multiple (Vector x)
{
  const Vector quotient = INVERSE_LN2 * x + 0.5;
  Vector n = (quotient + 0x1p52) - 0x1p52;
  n = choose (n > quotient, n - 1, n);
  n = choose (x < from_upper (UPPER_3_HALVES_LN2), broadcast (1), n);
  return choose (x < from_upper (UPPER_HALF_LN2 + 1), broadcast (0), n);
}

/* A whole number from 0 to 2⁵¹ as an integer. */
INLINE Bits
to_integer (Vector n)
{
  return (Bits) (n + 0x1p52) - (Bits) broadcast (0x1p52);
}

/* 2ⁿ, -1022 ≤ n ≤ 1023. */
INLINE Vector
power_of_two (Bits n)
{
  return (Vector) ((n + 1023) << 52);
}

/* t = e^(2|x|) - 1 for |x| ≥ 1, where tanh |x| = 1 - 2 / (t + 2), and e^(-2|x|) - 1 below, where it
 * is -t / (t + 2). */
INLINE Vector
expm1_for_tanh (Vector magnitude, Bits large)
{
  const Bits minus = ~large & (Bits) broadcast (-0.0);
  const Vector twice = 2 * magnitude, x = (Vector) ((Bits) twice ^ minus);
  const Vector multiple = choose_multiple (twice), n = (Vector) ((Bits) multiple ^ minus);
  const Vector high = x - n * LN2_HIGH, low = n * LN2_LOW;
  const Vector r = high - low, c = (high - r) - low;
  const Vector half = 0.5 * r, square = r * half;
  const Vector r1
      = 1
        + square
              * (EXPM1_Q1
                 + square
                       * (EXPM1_Q2
                          + square * (EXPM1_Q3 + square * (EXPM1_Q4 + square * EXPM1_Q5))));
  const Vector t = 3 - r1 * half;
  Vector e = square * ((r1 - t) / (6 - r * t));
  e = (r * (e - c) - c) - square;

  /* (1 - (e - r)) · 2ⁿ - 1 in as many ways as there are ranges of n: 0, -1, below, 3 to 19, 20 to
   * 56, above. */
  const Bits whole = to_integer (multiple), few = ~large & (multiple < 2.0);
  const Bits medium = large & (multiple < 57.0), twenty = medium & (multiple >= 20.0);
  const Bits below_twenty = medium & ~twenty;
  const Vector scale = power_of_two ((whole ^ ~large) - ~large);
  const Vector inverse = power_of_two (-whole);
  const Vector start
      = choose (few, broadcast (0), choose (below_twenty, 1 - inverse, broadcast (1)));
  const Vector less = choose (medium, broadcast (0), choose (few, multiple * 0.5, broadcast (1)));
  const Vector sum = choose (twenty, (r - (e + inverse)) + 1, start - (e - r));
  return sum * scale - less;
}

INLINE Vector
vector_tanh (Vector x)
{
  const Bits sign = sign_of (x);
  const Vector magnitude = (Vector) ((Bits) x ^ sign);
  const Bits large = magnitude >= 1.0;
  const Vector t = expm1_for_tanh (magnitude, large);
  const Vector quotient = choose (large, broadcast (2), -t) / (t + 2);
  Vector y = choose (large, 1 - quotient, quotient);
  y = choose (magnitude >= 22.0, broadcast (1), y);
  y = choose (magnitude < 0x1p-28, magnitude, y);
  return (Vector) ((Bits) y | sign);
}

/* eˣ; below -708 some tiny number instead of a tinier one. */
INLINE Vector
exp_for_sigmoid (Vector given)
{
  const Vector x = choose (given < -708.0, broadcast (-708), given);
  const Bits sign = sign_of (x);
  const Vector magnitude = (Vector) ((Bits) x ^ sign), multiple = choose_multiple (magnitude);
  const Vector n = (Vector) ((Bits) multiple | sign);
  const Vector high = x - n * LN2_HIGH, low = n * LN2_LOW, r = high - low, t = r * r;
  const Vector c = r - t * (EXP_P1 + t * (EXP_P2 + t * (EXP_P3 + t * (EXP_P4 + t * EXP_P5))));
  Vector y = 1 - ((low - (r * c) / (2 - c)) - high);

  /* 2¹⁰²⁴ is no double: once by 2, then by 2¹⁰²³. */
  const Bits top = n == 1024.0, negative = n < 0.0, whole = to_integer (multiple);
  y = choose (top, y * 2, y) * power_of_two (((whole ^ negative) - negative) + top);
  y = choose (x == 1.0, broadcast (G_E), y);
  y = choose (magnitude < 0x1p-28, 1 + x, y);
  return choose (x > EXP_OVERFLOW, broadcast ((double) INFINITY), y);
}

INLINE Vector
vector_sigmoid (Vector x)
{
  return 1 / (1 + exp_for_sigmoid (-x));
}
