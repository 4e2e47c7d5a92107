/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Philox 4x32-10. The key is the seed. Word 0 of the counter counts blocks of four numbers, words 1
 * and 2 are the low halves of the two indices, and word 3 packs the purpose and the next twelve
 * bits of each index; so no two streams with indices below 2⁴⁴ share a block. */

#include "model/base/random.h"

#include <math.h>

#define ROUNDS       10
#define MULTIPLIER_0 0xD2511F53u
#define MULTIPLIER_1 0xCD9E8D57u
#define WEYL_0       0x9E3779B9u
#define WEYL_1       0xBB67AE85u

void
rf_random_block (const guint32 key[2], const guint32 counter[4], guint32 out[4])
{
  guint32 x0 = counter[0], x1 = counter[1], x2 = counter[2], x3 = counter[3];
  guint32 k0 = key[0], k1 = key[1];

  for (int round = 0; round < ROUNDS; round++)
    {
      guint64 p0 = (guint64) MULTIPLIER_0 * x0, p1 = (guint64) MULTIPLIER_1 * x2;

      x0 = (guint32) (p1 >> 32) ^ x1 ^ k0;
      x1 = (guint32) p1;
      x2 = (guint32) (p0 >> 32) ^ x3 ^ k1;
      x3 = (guint32) p0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
}

RfRandom
rf_random (guint64 seed, RfRandomPurpose purpose, guint64 a, guint64 b)
{
  RfRandom random = { 0 };

  g_assert (purpose < 256 && a >> 44 == 0 && b >> 44 == 0);
  random.key[0] = (guint32) seed;
  random.key[1] = (guint32) (seed >> 32);
  random.counter[1] = (guint32) a;
  random.counter[2] = (guint32) b;
  random.counter[3] = (guint32) purpose | (guint32) (a >> 32) << 8 | (guint32) (b >> 32) << 20;
  return random;
}

guint32
rf_random_uint32 (RfRandom *random)
{
  if (random->left == 0)
    {
      rf_random_block (random->key, random->counter, random->block);
      random->counter[0]++;
      random->left = 4;
    }
  return random->block[4 - random->left--];
}

/* Lemire, "Fast random integer generation in an interval", ACM TOMACS 2019. */
guint32
rf_random_below (RfRandom *random, guint32 n)
{
  guint64 product;

  g_return_val_if_fail (n > 0, 0);
  do
    product = (guint64) rf_random_uint32 (random) * n;
  while ((guint32) product < (0u - n) % n);
  return (guint32) (product >> 32);
}

float
rf_random_uniform (RfRandom *random)
{
  return (float) (rf_random_uint32 (random) >> 8) * 0x1p-24f;
}

float
rf_random_between (RfRandom *random, float low, float high)
{
  return low + (high - low) * rf_random_uniform (random);
}

/* Box–Muller; half a unit is added so that the logarithm is of a number above zero. */
float
rf_random_normal (RfRandom *random)
{
  double u = (rf_random_uint32 (random) + 0.5) * 0x1p-32;
  double v = rf_random_uint32 (random) * 0x1p-32;

  return (float) (sqrt (-2 * log (u)) * cos (2 * G_PI * v));
}

void
rf_random_shuffle (RfRandom *random, guint32 *items, gsize n_items)
{
  g_return_if_fail (n_items <= G_MAXUINT32);

  for (guint32 i = (guint32) n_items; i > 1; i--)
    {
      guint32 j = rf_random_below (random, i);
      guint32 item = items[i - 1];

      items[i - 1] = items[j];
      items[j] = item;
    }
}
