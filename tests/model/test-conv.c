/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolution: the reference against numbers worked out by hand, every fast path against the
 * reference over odd shapes, and the same bytes for 1 to 4 threads. */

#include <math.h>
#include <string.h>

#include "model/base/memory.h"
#include "model/base/pool.h"
#include "model/base/random.h"
#include "model/kernels/blas.h"
#include "model/kernels/conv.h"

typedef struct
{
  int batch, capacity;
  int in_channels, in_height, in_width, out_channels;
  int kernel[2], stride[2], padding[2], dilation[2];
  int groups;
} Case;

static const Case cases[] = {
  /* The usual ones: 3×3 that keeps the size, at widths that are and are not those of vectors. */
  { 3, 4, 3, 32, 32, 32, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, 1 },
  { 2, 2, 48, 8, 32, 64, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, 1 },
  { 5, 8, 16, 16, 16, 33, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, 1 },
  { 33, 40, 16, 8, 8, 30, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, 1 },
  { 35, 35, 20, 4, 4, 17, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, 1 },
  { 3, 3, 7, 7, 7, 5, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, 1 },
  { 2, 3, 5, 13, 19, 11, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, 1 },
  { 1, 1, 300, 8, 8, 40, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, 1 },
  { 1, 9, 8, 140, 150, 5, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, 1 },
  /* Winograd's: tiles that end beyond the plane, channels that fill no vector, one vector and an
   * odd number of them, several splits, paddings of 0, 2 and more than the kernel has. */
  { 9, 12, 16, 6, 9, 16, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, 1 },
  { 3, 4, 40, 10, 7, 50, { 3, 3 }, { 1, 1 }, { 0, 0 }, { 1, 1 }, 1 },
  { 2, 2, 33, 5, 5, 17, { 3, 3 }, { 1, 1 }, { 2, 2 }, { 1, 1 }, 1 },
  { 2, 2, 16, 7, 4, 24, { 3, 3 }, { 1, 1 }, { 4, 3 }, { 1, 1 }, 1 },
  { 2, 2, 150, 5, 6, 144, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, 1 },
  { 10, 64, 24, 14, 14, 24, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, 1 },
  { 2, 2, 16, 3, 70, 16, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, 1 },
  /* Strides, with input rows that no output reads. */
  { 3, 3, 16, 32, 32, 32, { 3, 3 }, { 2, 2 }, { 1, 1 }, { 1, 1 }, 1 },
  { 3, 3, 16, 32, 32, 32, { 1, 1 }, { 2, 2 }, { 0, 0 }, { 1, 1 }, 1 },
  { 2, 2, 4, 15, 17, 9, { 3, 5 }, { 2, 3 }, { 1, 2 }, { 1, 1 }, 1 },
  { 2, 2, 3, 23, 23, 8, { 2, 2 }, { 5, 4 }, { 0, 1 }, { 1, 1 }, 1 },
  { 2, 2, 3, 48, 40, 24, { 11, 11 }, { 4, 4 }, { 2, 2 }, { 1, 1 }, 1 },
  /* Paddings: none, more than the kernel needs, more than the input has. */
  { 2, 2, 6, 9, 10, 7, { 5, 4 }, { 1, 1 }, { 0, 0 }, { 1, 1 }, 1 },
  { 2, 2, 2, 3, 4, 3, { 2, 3 }, { 1, 1 }, { 4, 5 }, { 1, 1 }, 1 },
  { 2, 2, 2, 5, 5, 3, { 1, 1 }, { 1, 1 }, { 2, 2 }, { 1, 1 }, 1 },
  { 2, 2, 2, 1, 1, 3, { 3, 3 }, { 2, 2 }, { 1, 1 }, { 1, 1 }, 1 },
  { 3, 3, 4, 1, 40, 6, { 1, 7 }, { 1, 2 }, { 0, 3 }, { 1, 1 }, 1 },
  /* Dilation. */
  { 2, 2, 5, 16, 18, 6, { 3, 3 }, { 1, 1 }, { 2, 2 }, { 2, 2 }, 1 },
  { 2, 2, 5, 17, 19, 6, { 3, 2 }, { 2, 2 }, { 3, 1 }, { 2, 3 }, 1 },
  { 2, 2, 4, 12, 12, 4, { 3, 3 }, { 3, 2 }, { 0, 0 }, { 3, 4 }, 1 },
  /* Groups, depthwise among them. */
  { 3, 4, 8, 11, 9, 12, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, 4 },
  { 3, 4, 32, 16, 16, 64, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, 2 },
  { 3, 4, 10, 16, 16, 10, { 3, 3 }, { 2, 2 }, { 1, 1 }, { 1, 1 }, 10 },
  { 3, 4, 6, 9, 9, 18, { 3, 3 }, { 1, 1 }, { 2, 2 }, { 2, 2 }, 6 },
  /* 1×1. */
  { 3, 4, 24, 14, 14, 40, { 1, 1 }, { 1, 1 }, { 0, 0 }, { 1, 1 }, 1 },
  { 20, 20, 24, 3, 3, 40, { 1, 1 }, { 1, 1 }, { 0, 0 }, { 1, 1 }, 2 },
};

typedef struct
{
  gsize n_x, n_y, n_weights;
  float *x, *dy, *weights, *bias;
} Tensors;

typedef struct
{
  float *y, *y_no_bias, *dx, *d_weights, *d_bias;
} Results;

static RfConvShape
shape_of (const Case *c)
{
  RfConvShape shape = {
    .in_channels = c->in_channels,
    .in_height = c->in_height,
    .in_width = c->in_width,
    .out_channels = c->out_channels,
    .groups = c->groups,
  };
  int in[2] = { c->in_height, c->in_width };
  int out[2];

  for (int axis = 0; axis < 2; axis++)
    {
      shape.kernel[axis] = c->kernel[axis];
      shape.stride[axis] = c->stride[axis];
      shape.padding[axis] = c->padding[axis];
      shape.dilation[axis] = c->dilation[axis];
      out[axis] = (in[axis] + 2 * c->padding[axis] - c->dilation[axis] * (c->kernel[axis] - 1) - 1)
                      / c->stride[axis]
                  + 1;
    }
  shape.out_height = out[0];
  shape.out_width = out[1];
  return shape;
}

static float *
random_floats (RfRandom *random, gsize n)
{
  float *floats = rf_floats_new (n);

  for (gsize i = 0; i < n; i++)
    floats[i] = rf_random_normal (random);
  return floats;
}

static Tensors
make_tensors (const RfConvShape *shape, int batch)
{
  RfRandom random = rf_random (7, RF_RANDOM_BENCH, 0, 0);
  Tensors tensors;

  tensors.n_x = (gsize) (batch * shape->in_channels * shape->in_height * shape->in_width);
  tensors.n_y = (gsize) (batch * shape->out_channels * shape->out_height * shape->out_width);
  tensors.n_weights = (gsize) (shape->out_channels * (shape->in_channels / shape->groups)
                               * shape->kernel[0] * shape->kernel[1]);
  tensors.x = random_floats (&random, tensors.n_x);
  tensors.dy = random_floats (&random, tensors.n_y);
  tensors.weights = random_floats (&random, tensors.n_weights);
  tensors.bias = random_floats (&random, (gsize) shape->out_channels);
  return tensors;
}

static void
free_tensors (Tensors *tensors)
{
  rf_floats_free (tensors->x);
  rf_floats_free (tensors->dy);
  rf_floats_free (tensors->weights);
  rf_floats_free (tensors->bias);
}

static float *
spoiled_floats (gsize n)
{
  float *floats = rf_floats_new (n);

  /* What a call does not write, or adds to instead of writing, shows. */
  for (gsize i = 0; i < n; i++)
    floats[i] = NAN;
  return floats;
}

static Results
compute (const RfConvShape *shape, const Case *c, RfKernelPath path, const Tensors *tensors)
{
  RfConv *conv = rf_conv_new (shape, c->capacity, TRUE, path);
  float *shared = spoiled_floats (rf_conv_shared_scratch (conv));
  Results results = {
    .y = spoiled_floats (tensors->n_y),
    .y_no_bias = spoiled_floats (tensors->n_y),
    .dx = spoiled_floats (tensors->n_x),
    .d_weights = spoiled_floats (tensors->n_weights),
    .d_bias = spoiled_floats ((gsize) shape->out_channels),
  };

  rf_pool_reserve_scratch (rf_conv_worker_scratch (conv));
  rf_pool_enter (RF_POOL_TRAIN);
  rf_conv_forward (conv, c->batch, tensors->x, tensors->weights, tensors->bias, NULL, results.y,
                   shared);
  rf_conv_forward (conv, c->batch, tensors->x, tensors->weights, NULL, NULL, results.y_no_bias,
                   shared);
  rf_conv_backward_input (conv, c->batch, tensors->dy, tensors->weights, results.dx, shared);
  rf_conv_backward_weights (conv, c->batch, tensors->x, tensors->dy, results.d_weights,
                            results.d_bias, shared);
  rf_pool_leave ();

  rf_floats_free (shared);
  rf_conv_free (conv);
  return results;
}

static void
free_results (Results *results)
{
  rf_floats_free (results->y);
  rf_floats_free (results->y_no_bias);
  rf_floats_free (results->dx);
  rf_floats_free (results->d_weights);
  rf_floats_free (results->d_bias);
}

/* Relative to the largest of the true numbers: single precision, whose errors over @n_terms terms
 * grow like those of a random walk; @winograd: where that algorithm's transforms may come in. */
static void
assert_close (const char *what, int index, const float *got, const float *want, gsize n,
              int n_terms, gboolean winograd)
{
  float tolerance = (winograd ? 1.5e-5f : 2e-6f) + 4e-8f * sqrtf ((float) n_terms);
  float largest = 0;

  for (gsize i = 0; i < n; i++)
    largest = MAX (largest, fabsf (want[i]));
  for (gsize i = 0; i < n; i++)
    if (!(fabsf (got[i] - want[i]) <= tolerance * largest))
      g_error ("case %d, %s[%" G_GSIZE_FORMAT "]: %.9g instead of %.9g", index, what, i,
               (double) got[i], (double) want[i]);
}

static void
assert_same_bytes (const char *what, int index, const float *got, const float *want, gsize n)
{
  if (memcmp (got, want, n * sizeof (float)) != 0)
    g_error ("case %d: the bytes of %s depend on the number of threads", index, what);
}

static void
assert_same_results (int index, const RfConvShape *shape, const Tensors *tensors,
                     const Results *got, const Results *want)
{
  assert_same_bytes ("y", index, got->y, want->y, tensors->n_y);
  assert_same_bytes ("y without bias", index, got->y_no_bias, want->y_no_bias, tensors->n_y);
  assert_same_bytes ("dx", index, got->dx, want->dx, tensors->n_x);
  assert_same_bytes ("d_weights", index, got->d_weights, want->d_weights, tensors->n_weights);
  assert_same_bytes ("d_bias", index, got->d_bias, want->d_bias, (gsize) shape->out_channels);
}

static void
assert_close_results (int index, const RfConvShape *shape, const Tensors *tensors,
                      const Results *got, const Results *want)
{
  int taps = shape->kernel[0] * shape->kernel[1];
  int in_terms = shape->in_channels / shape->groups * taps;
  int out_terms = shape->out_channels / shape->groups * taps;
  int pixels = cases[index].batch * shape->out_height * shape->out_width;
  gboolean winograd = taps == 9 && shape->stride[0] == 1 && shape->dilation[0] == 1;

  assert_close ("y", index, got->y, want->y, tensors->n_y, in_terms, winograd);
  assert_close ("y without bias", index, got->y_no_bias, want->y_no_bias, tensors->n_y, in_terms,
                winograd);
  assert_close ("dx", index, got->dx, want->dx, tensors->n_x, out_terms, winograd);
  assert_close ("d_weights", index, got->d_weights, want->d_weights, tensors->n_weights, pixels,
                winograd);
  assert_close ("d_bias", index, got->d_bias, want->d_bias, (gsize) shape->out_channels, 1, FALSE);
}

/* One case on every path with 1 to 4 threads: close to the reference, and always the same bytes. */
static void
test_case (gconstpointer data)
{
  int index = GPOINTER_TO_INT (data);
  RfConvShape shape = shape_of (&cases[index]);
  Tensors tensors = make_tensors (&shape, cases[index].batch);
  Results want = { NULL };

  for (RfKernelPath path = RF_KERNELS_REFERENCE; path <= RF_KERNELS_AVX512; path++)
    {
      Results first = { NULL };

      if (!rf_kernels_path_available (path))
        continue;
      for (int threads = 1; threads <= 4; threads++)
        {
          Results got;

          rf_pool_set_threads (threads);
          got = compute (&shape, &cases[index], path, &tensors);
          if (threads == 1)
            {
              first = got;
              continue;
            }
          assert_same_results (index, &shape, &tensors, &got, &first);
          free_results (&got);
        }
      if (path == RF_KERNELS_REFERENCE)
        want = first;
      else
        {
          assert_close_results (index, &shape, &tensors, &first, &want);
          free_results (&first);
        }
    }
  free_results (&want);
  free_tensors (&tensors);
}

/* x = 1 … 9 in 3×3, w = 1 2 / 3 4, stride 1, padding 0, worked out by hand. */
static void
test_by_hand (gconstpointer data)
{
  static const Case by_hand = { 1, 1, 1, 3, 3, 1, { 2, 2 }, { 1, 1 }, { 0, 0 }, { 1, 1 }, 1 };
  float x[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, weights[] = { 1, 2, 3, 4 }, bias[] = { .5f };
  float dy[] = { 1, 0, 2, -1 };
  static const float y[] = { 37.5f, 47.5f, 67.5f, 77.5f };
  static const float dx[] = { 1, 2, 0, 5, 7, -2, 6, 5, -4 };
  static const float d_weights[] = { 1 + 8 - 5, 2 + 10 - 6, 4 + 14 - 8, 5 + 16 - 9 };
  RfConvShape shape = shape_of (&by_hand);
  Tensors tensors = { 9, 4, 4, x, dy, weights, bias };
  Results got = compute (&shape, &by_hand, GPOINTER_TO_UINT (data), &tensors);

  assert_close ("y", -1, got.y, y, 4, 4, FALSE);
  assert_close ("dx", -1, got.dx, dx, 9, 4, FALSE);
  assert_close ("d_weights", -1, got.d_weights, d_weights, 4, 4, FALSE);
  g_assert_cmpfloat (got.d_bias[0], ==, 2);
  free_results (&got);
}

/* A NaN spreads to the outputs that read it and to no others, save those that Winograd's algorithm
 * computes together with one of them: it has tiles of 4×4. */
static void
test_nan (gconstpointer data)
{
  static const Case c = { 2, 2, 16, 16, 16, 16, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, 1 };
  RfConvShape shape = shape_of (&c);
  Tensors tensors = make_tensors (&shape, c.batch);
  Results got;

  tensors.x[3 * 256 + 5 * 16 + 7] = NAN;
  got = compute (&shape, &c, GPOINTER_TO_UINT (data), &tensors);
  for (int i = 0; i < (int) tensors.n_y; i++)
    {
      int row = i % 256 / 16, column = i % 16;
      gboolean reads = i < 16 * 256 && ABS (row - 5) <= 1 && ABS (column - 7) <= 1;
      gboolean may = i < 16 * 256 && row / 4 == 1 && (column / 4 == 1 || column / 4 == 2);

      if (reads || !may)
        g_assert_cmpint (isnan (got.y[i]) != 0, ==, reads);
    }
  free_results (&got);
  free_tensors (&tensors);
}

/* Shapes of a typing error are planned, so that what they need can be refused, and cost nothing. */
static void
test_absurd (gconstpointer data)
{
  static const Case absurd[] = {
    { 1, 100000, 1, 1 << 15, 1 << 15, 1 << 30, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, 1 },
    { 1, 100000, 1 << 20, 4096, 4096, 65536, { 1024, 1024 }, { 1, 1 }, { 9, 9 }, { 3, 3 }, 1 },
    { 1, 1, 3, 1 << 20, 1 << 20, 1, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, 1 },
    { 1, 1, 3, 9000, 9000, 1, { 3, 3 }, { 1024, 1024 }, { 1, 1 }, { 1, 1 }, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (absurd); i++)
    {
      RfConvShape shape = shape_of (&absurd[i]);
      RfConv *conv = rf_conv_new (&shape, absurd[i].capacity, TRUE, GPOINTER_TO_UINT (data));

      g_assert_cmpuint (rf_conv_worker_scratch (conv), <, G_MAXSIZE / 64);
      g_assert_cmpuint (rf_conv_shared_scratch (conv), <, G_MAXSIZE / 64);
      rf_conv_free (conv);
    }
}

static void
add_test (const char *name, RfKernelPath path, GTestDataFunc func)
{
  g_autofree char *full = g_strdup_printf ("/conv/%s/%s", rf_kernels_path_name (path), name);

  g_test_add_data_func (full, GUINT_TO_POINTER (path), func);
}

int
main (int argc, char **argv)
{
  rf_blas_prepare ();
  g_test_init (&argc, &argv, NULL);
  for (RfKernelPath path = RF_KERNELS_REFERENCE; path <= RF_KERNELS_AVX512; path++)
    {
      if (!rf_kernels_path_available (path))
        continue;
      add_test ("by-hand", path, test_by_hand);
      add_test ("nan", path, test_nan);
      add_test ("absurd", path, test_absurd);
    }
  for (int i = 0; i < (int) G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/conv/case/%d", i);

      g_test_add_data_func (name, GINT_TO_POINTER (i), test_case);
    }
  return g_test_run ();
}
