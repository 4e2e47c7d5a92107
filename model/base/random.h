/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Counter-based random numbers: Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as
 * 1, 2, 3", SC 2011). A number is a function of what it is for, not of what was drawn before it, so
 * that results do not depend on the number of threads and a run can resume anywhere. */

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RF_RANDOM_WEIGHTS = 1, /* first weights: (seed, parameter) */
  RF_RANDOM_SHUFFLE,     /* order of an epoch: (seed, epoch) */
  RF_RANDOM_AUGMENT,     /* one sample in one epoch: (seed, epoch, sample) */
  RF_RANDOM_DROPOUT,     /* a layer in a step: (seed, step, layer), element by counter */
  RF_RANDOM_SPLIT,       /* which rows a split takes: (dataset seed) */
  RF_RANDOM_SHAPES,      /* pictures of the built-in set: (seed, picture) */
  RF_RANDOM_BENCH,       /* inputs of a benchmark */
  RF_RANDOM_EXAMINE,     /* looking into a network: (seed, sample) */
} RfRandomPurpose;

typedef struct
{
  guint32 key[2];
  guint32 counter[4]; /* [0] counts blocks; the rest say what the numbers are for */
  guint32 block[4];
  guint left; /* numbers of @block not yet used */
} RfRandom;

/* One Philox block: ten rounds on @counter under @key. */
void rf_random_block (const guint32 key[2], const guint32 counter[4], guint32 out[4]);

/* A stream for @purpose and up to two indices, e.g. (epoch, sample). */
RfRandom rf_random (guint64 seed, RfRandomPurpose purpose, guint64 a, guint64 b);

guint32 rf_random_uint32 (RfRandom *random);
/* 0 ≤ result < @n, without bias. */
guint32 rf_random_below (RfRandom *random, guint32 n);
/* [0, 1), 24 bits. */
float rf_random_uniform (RfRandom *random);
float rf_random_between (RfRandom *random, float low, float high);
float rf_random_normal (RfRandom *random);

/* Fisher–Yates over @items. */
void rf_random_shuffle (RfRandom *random, guint32 *items, gsize n_items);

G_END_DECLS
