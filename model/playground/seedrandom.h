/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The random numbers of TensorFlow Playground: seedrandom 2.4 (David Bau), an RC4 keyed with the
 * characters of the seed. A plain value: copying it copies the stream. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint8 s[256];
  guint8 i, j;
} RfSeedRandom;

/* Each byte of @seed is a character code; see link.h for how other characters arrive here. */
void rf_seed_random_init (RfSeedRandom *random, const char *seed);

/* [0, 1), 52 bits and more. */
double rf_seed_random_next (RfSeedRandom *random);
/* low ≤ result < high, with the original's rounding. */
double rf_seed_random_between (RfSeedRandom *random, double low, double high);

G_END_DECLS
