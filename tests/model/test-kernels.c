/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small kernels on every path this processor has, against the reference. */

#include <math.h>
#include <string.h>

#include "model/base/memory.h"
#include "model/base/random.h"
#include "model/kernels/kernels.h"

static const gsize lengths[] = { 0, 1, 3, 4, 17, 63, 64, 65, 1000 };

#define MAX_LENGTH 1000

typedef struct
{
  float x[MAX_LENGTH], y[MAX_LENGTH], dy[MAX_LENGTH], want[MAX_LENGTH], got[MAX_LENGTH + 1];
} Buffers;

/* Numbers of all sizes, and, if asked for, what is not a number or not finite or barely one. */
static Buffers *
new_buffers (gboolean with_extremes)
{
  static const float extremes[]
      = { 0,   -0.0f, NAN,  INFINITY, -INFINITY, 1e-40f, -1e-40f, 1e-38f, -1e-38f, 88,
          -88, 104,   -104, 1e30f,    -1e30f,    3e38f,  -3e38f,  0.625f, -0.625f, 1e-8f };
  Buffers *buffers = g_new0 (Buffers, 1);
  RfRandom random = rf_random (11, RF_RANDOM_BENCH, 0, 0);

  for (gsize i = 0; i < MAX_LENGTH; i++)
    {
      float magnitude = expf (rf_random_between (&random, -8, 3));

      buffers->x[i] = rf_random_normal (&random) * magnitude;
      buffers->y[i] = rf_random_normal (&random);
      buffers->dy[i] = rf_random_normal (&random);
      if (with_extremes && i % 7 == 0)
        buffers->x[i] = extremes[i / 7 % G_N_ELEMENTS (extremes)];
    }
  return buffers;
}

/* Not a number matches only not a number, infinities only themselves. */
static gboolean
is_close (float got, float want, float relative, float absolute)
{
  if (isnan (want))
    return isnan (got);
  if (isinf (want))
    return got == want;
  return fabsf (got - want) <= MAX (relative * fabsf (want), absolute);
}

static void
assert_close (const char *what, const Buffers *buffers, gsize n, float relative, float absolute)
{
  for (gsize i = 0; i < n; i++)
    if (!is_close (buffers->got[i], buffers->want[i], relative, absolute))
      g_error ("%s: element %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
               " at x = %.9g: %.9g instead of %.9g",
               what, i, n, (double) buffers->x[i], (double) buffers->got[i],
               (double) buffers->want[i]);
  /* Nothing is written beyond the end. */
  g_assert_true (buffers->got[n] == 12345);
}

static void
test_activations (gconstpointer data)
{
  const RfKernels *fast = rf_kernels_get (GPOINTER_TO_UINT (data));
  const RfKernels *reference = rf_kernels_get (RF_KERNELS_REFERENCE);
  g_autofree Buffers *buffers = new_buffers (TRUE);
  const float slope = 0.01f;

  for (int activation = 0; activation < RF_N_ACTIVATIONS; activation++)
    for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
      {
        gsize n = lengths[i];
        g_autofree char *name = g_strdup_printf ("activation %d", activation);
        g_autofree char *gradient = g_strdup_printf ("gradient of activation %d", activation);

        buffers->got[n] = 12345;
        fast->activation[activation](buffers->x, buffers->got, n, slope);
        reference->activation[activation](buffers->x, buffers->want, n, slope);
        assert_close (name, buffers, n, 5e-7f, 1e-7f);

        memcpy (buffers->y, buffers->want, n * sizeof (float));
        fast->activation_gradient[activation](buffers->x, buffers->y, buffers->dy, buffers->got, n,
                                              slope);
        reference->activation_gradient[activation](buffers->x, buffers->y, buffers->dy,
                                                   buffers->want, n, slope);
        assert_close (gradient, buffers, n, 2e-6f, 1e-6f);

        /* In place. */
        memcpy (buffers->got, buffers->x, n * sizeof (float));
        fast->activation[activation](buffers->got, buffers->got, n, slope);
        reference->activation[activation](buffers->x, buffers->want, n, slope);
        assert_close (name, buffers, n, 5e-7f, 1e-7f);
      }
}

/* The formulas of the reference against numbers from elsewhere. */
static void
test_activations_by_hand (void)
{
  static const struct
  {
    RfActivation activation;
    float x, y, gradient;
  } known[] = {
    { RF_ACTIVATION_RELU, -2, 0, 0 },
    { RF_ACTIVATION_RELU, 3, 3, 1 },
    { RF_ACTIVATION_RELU, 0, 0, 0 },
    { RF_ACTIVATION_LEAKY_RELU, -2, -0.5f, 0.25f },
    { RF_ACTIVATION_LEAKY_RELU, 2, 2, 1 },
    { RF_ACTIVATION_ELU, -1, -0.632120559f, 0.367879441f },
    { RF_ACTIVATION_GELU, 1, 0.841344746f, 1.08331547f },
    { RF_ACTIVATION_GELU, -0.5f, -0.154268770f, 0.132504875f },
    { RF_ACTIVATION_SILU, 1, 0.731058579f, 0.927670512f },
    { RF_ACTIVATION_TANH, 0.5f, 0.462117157f, 0.786447733f },
    { RF_ACTIVATION_SIGMOID, 2, 0.880797078f, 0.104993585f },
  };
  const RfKernels *reference = rf_kernels_get (RF_KERNELS_REFERENCE);
  const float one = 1, slope = 0.25f;

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    {
      float y, gradient;

      reference->activation[known[i].activation](&known[i].x, &y, 1, slope);
      reference->activation_gradient[known[i].activation](&known[i].x, &y, &one, &gradient, 1,
                                                          slope);
      g_assert_true (is_close (y, known[i].y, 2e-7f, 0));
      g_assert_true (is_close (gradient, known[i].gradient, 2e-7f, 0));
    }
}

static void
test_ranges (gconstpointer data)
{
  const RfKernels *fast = rf_kernels_get (GPOINTER_TO_UINT (data));
  const RfKernels *reference = rf_kernels_get (RF_KERNELS_REFERENCE);
  g_autofree Buffers *buffers = new_buffers (TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      gsize n = lengths[i];

      buffers->got[n] = 12345;
      memcpy (buffers->got, buffers->y, n * sizeof (float));
      memcpy (buffers->want, buffers->y, n * sizeof (float));
      fast->accumulate (buffers->x, buffers->got, n);
      reference->accumulate (buffers->x, buffers->want, n);
      assert_close ("accumulate", buffers, n, 0, 0);

      fast->add (buffers->x, buffers->y, buffers->got, n);
      reference->add (buffers->x, buffers->y, buffers->want, n);
      assert_close ("add", buffers, n, 0, 0);

      fast->scale_shift (buffers->x, buffers->got, n, 1.25f, -0.3f);
      reference->scale_shift (buffers->x, buffers->want, n, 1.25f, -0.3f);
      assert_close ("scale_shift", buffers, n, 1e-6f, 1e-7f);
    }
}

static void
test_sums (gconstpointer data)
{
  const RfKernels *fast = rf_kernels_get (GPOINTER_TO_UINT (data));
  const RfKernels *reference = rf_kernels_get (RF_KERNELS_REFERENCE);
  g_autofree Buffers *buffers = new_buffers (FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      gsize n = lengths[i];
      double about = 1e-12 * (1 + (double) n), got[2], want[2];

      g_assert_cmpfloat_with_epsilon (fast->sum (buffers->dy, n), reference->sum (buffers->dy, n),
                                      about);
      g_assert_cmpfloat_with_epsilon (fast->sum_squares_about (buffers->dy, n, 0.1),
                                      reference->sum_squares_about (buffers->dy, n, 0.1), about);
      fast->sum_and_dot (buffers->dy, buffers->y, n, got);
      reference->sum_and_dot (buffers->dy, buffers->y, n, want);
      g_assert_cmpfloat_with_epsilon (got[0], want[0], about);
      g_assert_cmpfloat_with_epsilon (got[1], want[1], about);
    }
  for (gsize i = 0; i < 40; i++)
    {
      float old = buffers->dy[i];
      double sums[2];

      buffers->dy[i] = NAN;
      g_assert_true (isnan (fast->sum (buffers->dy, 40)));
      g_assert_true (isnan (fast->sum_squares_about (buffers->dy, 40, 0)));
      fast->sum_and_dot (buffers->dy, buffers->y, 40, sums);
      g_assert_true (isnan (sums[0]) && isnan (sums[1]));
      fast->sum_and_dot (buffers->y, buffers->dy, 40, sums);
      g_assert_true (!isnan (sums[0]) && isnan (sums[1]));
      buffers->dy[i] = old;
    }
}

static void
test_combine (gconstpointer data)
{
  const RfKernels *fast = rf_kernels_get (GPOINTER_TO_UINT (data));
  const RfKernels *reference = rf_kernels_get (RF_KERNELS_REFERENCE);
  g_autofree Buffers *buffers = new_buffers (FALSE);

  buffers->x[5] = buffers->dy[33] = NAN;
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      gsize n = lengths[i];

      buffers->got[n] = 12345;
      fast->combine (buffers->dy, buffers->x, buffers->got, n, 1.5f, -0.25f, 0.1f, 0.01f);
      reference->combine (buffers->dy, buffers->x, buffers->want, n, 1.5f, -0.25f, 0.1f, 0.01f);
      assert_close ("combine", buffers, n, 1e-6f, 2e-6f);
    }
}

/* Windows with equal numbers, infinities and NaN in each place: the same bits on every path. */
static void
test_max_2x2 (gconstpointer data)
{
  const RfKernels *fast = rf_kernels_get (GPOINTER_TO_UINT (data));
  const RfKernels *reference = rf_kernels_get (RF_KERNELS_REFERENCE);
  static const float values[] = { -INFINITY, -1, 0, 2, NAN };
  enum
  {
    N = 625, /* all windows of five values */
    CORNER = 77,
    WIDTH = 2 * N + 9
  };
  static float upper[2 * N], lower[2 * N], y[N + 1], want[N], dy[N];
  static float above[2 * N + 1], below[2 * N + 1], want_above[2 * N], want_below[2 * N];
  static gint32 places[N + 1], want_places[N];

  for (int i = 0; i < N; i++)
    {
      upper[2 * i] = values[i % 5];
      upper[2 * i + 1] = values[i / 5 % 5];
      lower[2 * i] = values[i / 25 % 5];
      lower[2 * i + 1] = values[i / 125];
      dy[i] = (float) (i + 1);
    }
  for (int n = 0; n <= N; n = n < 40 ? n + 1 : n + 117)
    {
      reference->max_2x2 (upper, lower, n, want, want_places, CORNER, WIDTH);
      y[n] = above[2 * n] = below[2 * n] = 12345;
      places[n] = 12345;
      fast->max_2x2 (upper, lower, n, y, NULL, CORNER, WIDTH);
      for (int i = 0; i < n; i++)
        g_assert_true (is_close (y[i], want[i], 0, 0));
      fast->max_2x2 (upper, lower, n, y, places, CORNER, WIDTH);
      for (int i = 0; i < n; i++)
        g_assert_true (is_close (y[i], want[i], 0, 0));
      g_assert_cmpmem (places, (gsize) n * sizeof *places, want_places, (gsize) n * sizeof *places);

      reference->max_2x2_gradient (dy, places, n, CORNER, WIDTH, want_above, want_below);
      fast->max_2x2_gradient (dy, places, n, CORNER, WIDTH, above, below);
      g_assert_cmpmem (above, 2 * (gsize) n * sizeof *above, want_above,
                       2 * (gsize) n * sizeof *above);
      g_assert_cmpmem (below, 2 * (gsize) n * sizeof *below, want_below,
                       2 * (gsize) n * sizeof *below);
      g_assert_true (y[n] == 12345 && places[n] == 12345);
      g_assert_true (above[2 * n] == 12345 && below[2 * n] == 12345);
    }
}

/* What an update rule changes: weights, gradients, states. */
typedef struct
{
  float w[MAX_LENGTH], g[MAX_LENGTH], m[MAX_LENGTH], v[MAX_LENGTH];
} Update;

static Update *
new_update (void)
{
  Update *update = g_new0 (Update, 1);
  RfRandom random = rf_random (17, RF_RANDOM_BENCH, 0, 0);

  for (gsize i = 0; i < MAX_LENGTH; i++)
    {
      update->w[i] = i % 5 ? rf_random_normal (&random) : 0;
      update->g[i] = rf_random_normal (&random);
      update->m[i] = rf_random_normal (&random);
      update->v[i] = fabsf (rf_random_normal (&random));
    }
  update->w[3] = update->g[14] = NAN;
  return update;
}

static void
run_update (const RfKernels *kernels, int rule, gsize n, Update *update)
{
  static const RfAdamFactors factors = { .rate = 0.02f,
                                         .root = 0.3f,
                                         .beta1 = 0.9f,
                                         .rest1 = 0.1f,
                                         .beta2 = 0.99f,
                                         .rest2 = 0.01f,
                                         .eps = 1e-6f,
                                         .decay = 0.1f,
                                         .shrink = 0.98f };

  switch (rule)
    {
    case 0:
      kernels->penalise (update->w, update->g, n, 0.3f, 0.2f);
      break;
    case 1:
      kernels->sgd (update->w, update->g, NULL, n, 0.1f, 0.01f, 0, TRUE);
      break;
    case 4:
      kernels->adam (update->w, update->g, update->m, update->v, n, &factors);
      break;
    default:
      kernels->sgd (update->w, update->g, update->m, n, 0.1f, 0.01f, 0.9f, rule == 3);
      break;
    }
}

static void
test_updates (gconstpointer data)
{
  const RfKernels *fast = rf_kernels_get (GPOINTER_TO_UINT (data));
  const RfKernels *reference = rf_kernels_get (RF_KERNELS_REFERENCE);

  for (int rule = 0; rule < 5; rule++)
    for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
      {
        g_autofree Update *got = new_update (), *want = new_update ();
        const float *numbers = (const float *) got, *right = (const float *) want;

        run_update (fast, rule, lengths[i], got);
        run_update (reference, rule, lengths[i], want);
        for (gsize j = 0; j < sizeof (Update) / sizeof (float); j++)
          g_assert_true (is_close (numbers[j], right[j], 1e-6f, 1e-6f));
      }
}

/* Masks are part of what a seed means: the same bits on every path. */
static void
test_dropout (gconstpointer data)
{
  static const float rates[] = { 0, 1e-9f, 0.1f, 0.25f, 0.5f, 0.999f, 1 };
  const RfKernels *fast = rf_kernels_get (GPOINTER_TO_UINT (data));
  const RfKernels *reference = rf_kernels_get (RF_KERNELS_REFERENCE);
  const RfMaskKey key = { { 0x12345678, 0x9abcdef0 }, { 0xffffffff, 2, 0x80000003 } };
  g_autofree Buffers *buffers = new_buffers (TRUE);

  for (gsize r = 0; r < G_N_ELEMENTS (rates); r++)
    for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
      {
        gsize n = lengths[i], first = 4 * (i * i + r);

        buffers->got[n] = 12345;
        fast->dropout (buffers->x, buffers->got, first, n, rates[r], &key);
        reference->dropout (buffers->x, buffers->want, first, n, rates[r], &key);
        for (gsize j = 0; j < n; j++)
          if (isnan (buffers->want[j]))
            g_assert_true (isnan (buffers->got[j]));
          else
            g_assert_cmpmem (&buffers->got[j], 4, &buffers->want[j], 4);
        g_assert_true (buffers->got[n] == 12345);

        /* In two pieces. */
        if (n > 20)
          {
            fast->dropout (buffers->x, buffers->want, first, 12, rates[r], &key);
            fast->dropout (buffers->x + 12, buffers->want + 12, first + 12, n - 12, rates[r], &key);
            for (gsize j = 0; j < n; j++)
              g_assert_true (isnan (buffers->want[j]) || buffers->want[j] == buffers->got[j]);
          }
      }
}

static void
test_dropout_rate (gconstpointer data)
{
  enum
  {
    N = 100000
  };
  const RfKernels *kernels = rf_kernels_get (GPOINTER_TO_UINT (data));
  const RfMaskKey key = { { 1, 2 }, { 3, 4, 5 } };
  float *x = rf_floats_new (N), *y = rf_floats_new (N);
  int dropped = 0;

  for (int i = 0; i < N; i++)
    x[i] = 3;
  kernels->dropout (x, y, 0, N, 0.25f, &key);
  for (int i = 0; i < N; i++)
    {
      g_assert_true (y[i] == 0 || y[i] == 4);
      dropped += y[i] == 0;
    }
  g_assert_cmpint (ABS (dropped - N / 4), <, 700); /* five deviations */
  kernels->dropout (x, y, 0, N, 1, &key);
  for (int i = 0; i < N; i++)
    g_assert_true (y[i] == 0);
  rf_floats_free (x);
  rf_floats_free (y);
}

static void
test_bytes (gconstpointer data)
{
  const RfKernels *kernels = rf_kernels_get (GPOINTER_TO_UINT (data));
  const float mean = 0.4914f, deviation = 0.2470f;
  guint8 bytes[256];
  float floats[256];

  for (int i = 0; i < 256; i++)
    bytes[i] = (guint8) i;
  kernels->bytes_to_floats (bytes, floats, 256, mean, deviation);
  for (int i = 0; i < 256; i++)
    g_assert_true (floats[i] == ((float) i / 255 - mean) / deviation);
}

static void
add_test (const char *name, RfKernelPath path, GTestDataFunc func)
{
  g_autofree char *full = g_strdup_printf ("/kernels/%s/%s", rf_kernels_path_name (path), name);

  g_test_add_data_func (full, GUINT_TO_POINTER (path), func);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kernels/activations-by-hand", test_activations_by_hand);
  for (RfKernelPath path = RF_KERNELS_REFERENCE; path <= RF_KERNELS_AVX512; path++)
    {
      if (!rf_kernels_path_available (path))
        continue;
      add_test ("activations", path, test_activations);
      add_test ("ranges", path, test_ranges);
      add_test ("sums", path, test_sums);
      add_test ("combine", path, test_combine);
      add_test ("max-2x2", path, test_max_2x2);
      add_test ("updates", path, test_updates);
      add_test ("dropout", path, test_dropout);
      add_test ("dropout-rate", path, test_dropout_rate);
      add_test ("bytes", path, test_bytes);
    }
  return g_test_run ();
}
