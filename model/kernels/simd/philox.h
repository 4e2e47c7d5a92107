/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Philox 4x32-10 (base/random.c) on many blocks at once: a block to each 64-bit lane, whose upper
 * half is not looked at, so that both halves of a product are where the next round wants them;
 * several vectors at a time, since a product takes longer than it keeps the processor busy. */

#include "model/kernels/kernels.h"

#include <string.h>

#ifdef __SSE2__
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
typedef guint64 Words __attribute__ ((vector_size (64)));
#define MULTIPLY(a, b) ((Words) _mm512_mul_epu32 ((__m512i) (a), (__m512i) (b)))
#elif defined(__AVX2__)
typedef guint64 Words __attribute__ ((vector_size (32)));
#define MULTIPLY(a, b) ((Words) _mm256_mul_epu32 ((__m256i) (a), (__m256i) (b)))
#elif defined(__SSE2__)
typedef guint64 Words __attribute__ ((vector_size (16)));
#define MULTIPLY(a, b) ((Words) _mm_mul_epu32 ((__m128i) (a), (__m128i) (b)))
#else
typedef guint64 Words __attribute__ ((vector_size (16)));
#define MULTIPLY(a, b) (((a) &0xffffffffu) * (b))
#endif

/* As many as there are registers for. */
#ifdef __AVX512F__
#define VECTORS 4
#else
#define VECTORS 2
#endif
#define VECTOR_BLOCKS (sizeof (Words) / sizeof (guint64))
#define PHILOX_BLOCKS (VECTORS * VECTOR_BLOCKS)

static inline void
philox_blocks (const RfMaskKey *key, guint32 first_block, guint32 words[4 * PHILOX_BLOCKS])
{
  static const guint64 lane_numbers[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
  const Words zero = { 0 };
  const Words multiplier_0 = zero + 0xD2511F53u, multiplier_1 = zero + 0xCD9E8D57u;
  Words x0[VECTORS], x1[VECTORS], x2[VECTORS], x3[VECTORS];
  guint32 k0 = key->key[0], k1 = key->key[1];
  Words lanes, pairs_01[VECTORS], pairs_23[VECTORS];
  const guint64 *first, *second;

  memcpy (&lanes, lane_numbers, sizeof lanes);
  for (guint32 v = 0; v < VECTORS; v++)
    {
      x0[v] = lanes + (first_block + v * (guint32) VECTOR_BLOCKS);
      x1[v] = zero + key->counter[0];
      x2[v] = zero + key->counter[1];
      x3[v] = zero + key->counter[2];
    }
  for (int round = 0; round < 10; round++)
    {
      for (int v = 0; v < VECTORS; v++)
        {
          Words p0 = MULTIPLY (x0[v], multiplier_0), p1 = MULTIPLY (x2[v], multiplier_1);

          x0[v] = (p1 >> 32) ^ x1[v] ^ k0;
          x1[v] = p1;
          x2[v] = (p0 >> 32) ^ x3[v] ^ k1;
          x3[v] = p0;
        }
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }
  for (int v = 0; v < VECTORS; v++)
    {
      pairs_01[v] = (x0[v] & 0xffffffffu) | x1[v] << 32;
      pairs_23[v] = (x2[v] & 0xffffffffu) | x3[v] << 32;
    }
  first = (const guint64 *) pairs_01;
  second = (const guint64 *) pairs_23;
#pragma omp simd
  for (gsize block = 0; block < PHILOX_BLOCKS; block++)
    {
      words[4 * block] = (guint32) first[block];
      words[4 * block + 1] = (guint32) (first[block] >> 32);
      words[4 * block + 2] = (guint32) second[block];
      words[4 * block + 3] = (guint32) (second[block] >> 32);
    }
}
