/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where Winograd's convolution is faster than the direct one: what kernels/conv-winograd-table.c is
 * made from. Not a test: it takes minutes and says nothing about right and wrong.
 *
 *   tune-conv [BATCH [CHANNELS]]
 *
 * prints for squares of pixels and channels the microseconds a picture of both algorithms in one
 * thread, for each of the three passes. The time is the processor's, not the clock's, and the
 * shortest of several, so that what else the machine does counts little. RECEPTIVE_KERNELS chooses
 * the instruction set. */

#include <stdlib.h>
#include <time.h>

#include "model/base/memory.h"
#include "model/base/pool.h"
#include "model/base/random.h"
#include "model/kernels/conv-private.h"

#define REPEATS 7

typedef struct
{
  RfConv *conv;
  int batch;
  float *x, *y, *weights, *shared;
} Bench;

static float *
random_floats (gsize n)
{
  RfRandom random = rf_random (1, RF_RANDOM_BENCH, 0, 0);
  float *floats = rf_floats_new (n);

  for (gsize i = 0; i < n; i++)
    floats[i] = rf_random_normal (&random);
  return floats;
}

static double
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double) time.tv_sec + 1e-9 * (double) time.tv_nsec;
}

static void
run (const Bench *bench, RfConvPass pass)
{
  if (pass == RF_CONV_FORWARD)
    rf_conv_forward (bench->conv, bench->batch, bench->x, bench->weights, NULL, NULL, bench->y,
                     bench->shared);
  else if (pass == RF_CONV_INPUT)
    rf_conv_backward_input (bench->conv, bench->batch, bench->y, bench->weights, bench->x,
                            bench->shared);
  else
    rf_conv_backward_weights (bench->conv, bench->batch, bench->x, bench->y, bench->weights, NULL,
                              bench->shared);
}

/* Microseconds a picture. */
static double
measure (const RfConvShape *shape, int batch, const RfConvAlgorithm *algorithm, RfConvPass pass)
{
  Bench bench = { rf_conv_new_using (shape, batch, TRUE, rf_kernels_path (), algorithm), batch };
  gsize pixels = (gsize) batch * (gsize) (shape->in_height * shape->in_width);
  double best = 1e9;

  bench.x = random_floats (pixels * (gsize) shape->in_channels);
  bench.y = random_floats (pixels * (gsize) shape->out_channels);
  bench.weights = random_floats ((gsize) (9 * shape->in_channels * shape->out_channels));
  bench.shared = rf_floats_new (rf_conv_shared_scratch (bench.conv));
  rf_pool_reserve_scratch (rf_conv_worker_scratch (bench.conv));
  rf_pool_enter (RF_POOL_TRAIN);
  for (int i = 0; i <= REPEATS; i++)
    {
      double start = now ();

      run (&bench, pass);
      if (i > 0)
        best = MIN (best, now () - start);
    }
  rf_pool_leave ();
  rf_floats_free (bench.x);
  rf_floats_free (bench.y);
  rf_floats_free (bench.weights);
  rf_floats_free (bench.shared);
  rf_conv_free (bench.conv);
  return 1e6 * best / batch;
}

int
main (int argc, char **argv)
{
  static const char *const passes[] = { "forward", "input", "weights" };
  static const int channels[] = { 3, 8, 16, 32, 64, 128, 256 };
  static const int sides[] = { 32, 16, 14, 8, 7, 4, 2 };
  int batch = argc > 1 ? atoi (argv[1]) : 64;
  int only = argc > 2 ? atoi (argv[2]) : 0;

  rf_pool_set_threads (1);
  g_print ("%s, batch %d: microseconds a picture\n", rf_kernels_path_name (rf_kernels_path ()),
           batch);
  for (gsize i = 0; i < G_N_ELEMENTS (channels); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (sides); j++)
      for (int wide = 0; wide < 2; wide++)
        {
          int in = channels[i], out = wide ? MIN (2 * MAX (in, 16), 256) : in, side = sides[j];
          RfConvShape shape
              = { in, side, side, out, side, side, { 3, 3 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, 1 };

          if ((wide && out == in) || (in > 64 && side > 16) || (only && only != in))
            continue;
          g_print ("%3d → %3d, %2d×%-2d", in, out, side, side);
          for (RfConvPass pass = 0; pass < RF_CONV_N_PASSES; pass++)
            {
              double direct = measure (&shape, batch, &rf_conv_direct, pass);
              double winograd = measure (&shape, batch, &rf_conv_winograd, pass);

              g_print ("   %s %8.1f %8.1f %5.2f", passes[pass], direct, winograd,
                       direct / winograd);
            }
          g_print ("\n");
        }
  return 0;
}
