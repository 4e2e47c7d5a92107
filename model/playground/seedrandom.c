/* SPDX-License-Identifier: GPL-3.0-or-later */

/* RC4, its first 256 bytes dropped. A number takes six bytes, big-endian, and then a byte more
 * while there are fewer than 52 significant bits; past 53 it is halved again, the last byte's bits
 * falling out. */

#include "model/playground/seedrandom.h"

#include <string.h>

static guint8
next_byte (RfSeedRandom *random)
{
  guint8 *s = random->s;
  const guint8 t = s[++random->i];
  random->j = (guint8) (random->j + t);
  s[random->i] = s[random->j];
  s[random->j] = t;
  return s[(guint8) (s[random->i] + t)];
}

/* Seeds longer than the key fold back into it. The smear of the original begins as undefined and
 * stays 0 until then. */
static gsize
mix_key (const char *seed, guint8 key[256])
{
  const gsize length = strlen (seed);
  gint32 smear = 0;
  memset (key, 0, 256);
  for (gsize i = 0; i < length; i++)
    {
      smear ^= key[i & 255] * 19;
      key[i & 255] = (guint8) (smear + (guchar) seed[i]);
    }
  /* The empty key is the key 0. */
  return CLAMP (length, 1, 256);
}

void
rf_seed_random_init (RfSeedRandom *random, const char *seed)
{
  guint8 key[256], j = 0;
  const gsize n = mix_key (seed, key);

  for (int i = 0; i < 256; i++)
    random->s[i] = (guint8) i;
  for (int i = 0; i < 256; i++)
    {
      const guint8 t = random->s[i];
      j = (guint8) (j + key[(gsize) i % n] + t);
      random->s[i] = random->s[j];
      random->s[j] = t;
    }
  random->i = random->j = 0;
  for (int i = 0; i < 256; i++)
    next_byte (random);
}

double
rf_seed_random_next (RfSeedRandom *random)
{
  double n = 0, d = 0x1p48;
  guint32 x = 0;
  for (int i = 0; i < 6; i++)
    n = n * 256 + next_byte (random);
  while (n < 0x1p52)
    {
      n = (n + x) * 256;
      d *= 256;
      x = next_byte (random);
    }
  while (n >= 0x1p53)
    {
      n /= 2;
      d /= 2;
      x >>= 1;
    }
  return (n + x) / d;
}

double
rf_seed_random_between (RfSeedRandom *random, double low, double high)
{
  return rf_seed_random_next (random) * (high - low) + low;
}
