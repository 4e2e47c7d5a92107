/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Which kernels compute, and the table of the small ones.
 *
 * Three levels, as in OpenBLAS: the layer checks shapes, a driver (conv.h, gemm.h) cuts work items
 * and runs them on the pool, a kernel computes one item. The kernels of this table work on plain
 * ranges of floats in one thread. kernels/simd/ is compiled once per instruction set;
 * kernels/reference.c is the plain truth that all are tested against, accumulating in double. */

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RF_KERNELS_REFERENCE, /* plain loops, double accumulators, no OpenBLAS */
  RF_KERNELS_PLAIN,     /* portable C and OpenBLAS's products */
  RF_KERNELS_AVX2,      /* AVX2 and FMA */
  RF_KERNELS_AVX512,    /* AVX-512 F, DQ, BW, VL */
} RfKernelPath;

/* The path named by RECEPTIVE_KERNELS (reference, plain, avx2, avx512; auto or unset: the best this
 * processor has), decided once. A name this processor cannot run is said on standard error and
 * taken as auto. */
RfKernelPath rf_kernels_path (void);
const char *rf_kernels_path_name (RfKernelPath path);
gboolean rf_kernels_path_available (RfKernelPath path);

/* Philox keys of one layer's dropout in one step; see rf_dropout below. */
typedef struct
{
  guint32 key[2];
  guint32 counter[3]; /* words 1 to 3 of the counter; word 0 is element / 4 */
} RfMaskKey;

typedef enum
{
  RF_ACTIVATION_RELU,
  RF_ACTIVATION_LEAKY_RELU, /* parameter: slope */
  RF_ACTIVATION_ELU,        /* alpha 1 */
  RF_ACTIVATION_GELU,       /* exact: x Φ(x) */
  RF_ACTIVATION_SILU,
  RF_ACTIVATION_TANH,
  RF_ACTIVATION_SIGMOID,
  RF_N_ACTIVATIONS
} RfActivation;

/* Factors of Adam's rule in one step; see adam below. */
typedef struct
{
  float rate, root; /* of the corrected averages: rate / (1 - beta1ᵗ), √(1 - beta2ᵗ) */
  float beta1, rest1, beta2, rest2; /* rest = 1 - beta */
  float eps;
  float decay, shrink; /* decay · w is added to g; w is multiplied by shrink before the step */
} RfAdamFactors;

/* What convolution is built from: a tile of a matrix product that stays in registers, @max_rows by
 * two vectors of @lanes floats. */
typedef struct
{
  int lanes, max_rows;
  /* For each row r < @rows, half h and lane: c[h][r · ldc + lane] = start + Σ over p < @depth of
   * a[p · rows + r] · b[h][offsets[p] + lane]. The start is c with @accumulate, else bias[r], else
   * 0. */
  void (*multiply) (int rows, int depth, const float *a, const float *const b[2],
                    const int *offsets, gboolean accumulate, const float *bias, float *const c[2],
                    gsize ldc);
  /* out[j · ld_out + i] = in[i · ld_in + j] for i < @rows, j < @columns. */
  void (*transpose) (int rows, int columns, const float *in, gsize ld_in, float *out, gsize ld_out);
  /* out[i] = in[i · stride] for i < @n; nothing beyond in[(n - 1) · stride] is read. */
  void (*take_every) (const float *in, int stride, int n, float *out);
} RfTile;

/* What Winograd's convolution of kernels/conv-winograd.h is built from. Numbers lie in vectors of
 * RfTile.lanes channels. A transformed tile is 36 vectors side by side. */
typedef struct
{
  /* V = Bᵀ x B of @tiles tiles side by side: x [6 rows, @row floats apart][4 · tiles + 2][lanes].
   * @columns: (4 · tiles + 2) · 6 · lanes floats of scratch. */
  void (*input) (const float *x, gsize row, int tiles, float *columns, float *v);
  /* y = Aᵀ M A + bias, to y [4 rows][4 · tiles][lanes]. */
  void (*output) (const float *m, int tiles, const float *bias, float *y, gsize row);
  /* dM = A dy Aᵀ, from dy [4 rows][4 · tiles][lanes]. */
  void (*gradient) (const float *dy, gsize row, int tiles, float *m);
  /* U = G w Gᵀ of a kernel [9][lanes], turned by 180° with @flip, and dw = Gᵀ dU G; the vectors of
   * U lie @point floats apart. */
  void (*weights) (const float *taps, gboolean flip, float *u, gsize point);
  void (*weights_gradient) (const float *u, gsize point, float *taps);
  /* One of the 36 products, of tiles r < @rows (at most RfTile.max_rows) and @vectors, 1 or 2:
   * m[h · m_block][r] = Σ over @blocks blocks b of channels and lanes p of v[b · v_block][r][p] ·
   * u[b][p][h]. */
  void (*multiply) (int rows, int vectors, int blocks, const float *v, gsize v_block,
                    const float *u, float *m, gsize m_block);
  /* The same for the gradient: du[r][h] = (@accumulate: += ) Σ over tiles t of dm[t][r] ·
   * v[h · v_block][t], for each lane r. */
  void (*outer) (int vectors, int tiles, const float *dm, const float *v, gsize v_block,
                 gboolean accumulate, float *du);
} RfWinograd;

typedef struct
{
  /* y = f(x) and dx = dy f'(x), with x the input and y the output of the forward pass. */
  void (*activation[RF_N_ACTIVATIONS]) (const float *x, float *y, gsize n, float parameter);
  void (*activation_gradient[RF_N_ACTIVATIONS]) (const float *x, const float *y, const float *dy,
                                                 float *dx, gsize n, float parameter);
  /* y += x; y = a + b. */
  void (*accumulate) (const float *x, float *y, gsize n);
  void (*add) (const float *a, const float *b, float *y, gsize n);
  /* y = x · scale + shift. */
  void (*scale_shift) (const float *x, float *y, gsize n, float scale, float shift);
  /* y = x · scale + shift + addend, or the larger of it and 0 with @rectify; @addend may be NULL.
   * And the gradient of the latter without an addend, in place: dy = 0 where y was. */
  void (*scale_shift_add) (const float *x, const float *addend, float *y, gsize n, float scale,
                           float shift, gboolean rectify);
  void (*mask_gradient) (const float *x, float *dy, gsize n, float scale, float shift);
  /* Sums over a range, for batch normalisation: Σx, Σ(x - centre)²; Σa and Σa·b together. */
  double (*sum) (const float *x, gsize n);
  double (*sum_squares_about) (const float *x, gsize n, double centre);
  void (*sum_and_dot) (const float *a, const float *b, gsize n, double sums[2]);
  /* y = a · dy + b · (x - mean) + c, the gradient of batch normalisation. */
  void (*combine) (const float *dy, const float *x, float *y, gsize n, float a, float b, float mean,
                   float c);
  /* The largest of 2×2 windows side by side, over one pair of rows: y[j] of upper[2j], upper[2j+1],
   * lower[2j], lower[2j+1], the first of equal ones, the last NaN if any. Its place, unless @places
   * is NULL, counted from @corner, the place of upper[0]; lower[0] is @width further. */
  void (*max_2x2) (const float *upper, const float *lower, int n, float *y, gint32 *places,
                   gint32 corner, gint32 width);
  /* The gradient: writes dy[j] to its place in the two rows and 0 to the other three. */
  void (*max_2x2_gradient) (const float *dy, const gint32 *places, int n, gint32 corner,
                            gint32 width, float *upper, float *lower);
  /* g += l1 · sign (w) + l2 · w. */
  void (*penalise) (const float *w, float *g, gsize n, float l1, float l2);
  /* d = g + decay · w, buffer = momentum · buffer + d, w -= rate · buffer, or with Nesterov
   * rate · (d + momentum · buffer). Momentum 0 leaves the buffer alone: w -= rate · d. */
  void (*sgd) (float *w, const float *g, float *buffer, gsize n, float rate, float decay,
               float momentum, gboolean nesterov);
  /* d = g + decay · w, m = beta1 · m + rest1 · d, v = beta2 · v + rest2 · d²,
   * w = shrink · w - rate · m / (√v / root + eps). */
  void (*adam) (float *w, const float *g, float *m, float *v, gsize n,
                const RfAdamFactors *factors);
  /* Inverted dropout: y[i] = kept ? x[i] / (1 - rate) : 0 for the elements first … first + n - 1 of
   * the layer's output; an element is dropped where its Philox word < rate · 2³². The gradient is
   * the same function of dy, so no mask is stored. @first is a multiple of 4. rate 1 gives zeros.
   */
  void (*dropout) (const float *x, float *y, gsize first, gsize n, float rate,
                   const RfMaskKey *key);
  /* Bytes to floats: out = (in / 255 - mean) / deviation. */
  void (*bytes_to_floats) (const guint8 *in, float *out, gsize n, float mean, float deviation);
  /* NULL where products are left to OpenBLAS. */
  const RfTile *tile;
  const RfWinograd *winograd; /* not NULL where tile is not */
} RfKernels;

const RfKernels *rf_kernels_get (RfKernelPath path);

G_END_DECLS
