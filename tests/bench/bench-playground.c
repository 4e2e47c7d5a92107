/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How fast the playground trains and draws: bench-playground, without arguments. A benchmark, not a
 * test: it prints the best of several windows for each kernel path. The reference for the first
 * figure is the training loop of TensorFlow Playground alone in Node, some 2,300 epochs a second.
 */

#include "model/playground/link.h"
#include "model/playground/playground.h"

#include <stdio.h>

#define WINDOWS 5
#define SECONDS 0.3
#define SIDE    100

static RfPlayground *
open_session (const char *link, RfKernelPath path)
{
  g_auto (RfPlayState) state = { 0 };
  rf_play_state_init (&state);
  g_assert_true (rf_play_link_read (link, &state, NULL, NULL, NULL));
  RfPlayground *playground = rf_playground_new (&state);
  rf_play_net_set_kernels (playground->net, path);
  return playground;
}

static double
now (void)
{
  return (double) g_get_monotonic_time () / 1e6;
}

/* Times a second, the best of the windows. */
static double
measure (void (*once) (gpointer), gpointer data)
{
  double best = 0;
  for (int window = 0; window < WINDOWS; window++)
    {
      const double start = now ();
      int n = 0;
      for (; now () - start < SECONDS; n++)
        once (data);
      best = MAX (best, n / (now () - start));
    }
  return best;
}

static void
train_ten_epochs (gpointer data)
{
  rf_playground_train (data, RF_PLAYGROUND_EPOCH, 10);
}

static void
measure_losses (gpointer data)
{
  RfPlayMeasure result;
  rf_playground_measure (data, &result);
}

typedef struct
{
  const RfPlayground *playground;
  RfPlayTable *grid;
  float **maps;
} Picture;

static void
draw_picture (gpointer data)
{
  const Picture *picture = data;
  rf_play_net_draw_maps (picture->playground->net, picture->grid, picture->maps);
}

static void
bench_link (const char *title, const char *link)
{
  printf ("%s\n", title);
  for (RfKernelPath path = RF_KERNELS_REFERENCE; path <= RF_KERNELS_AVX512; path++)
    {
      if (!rf_kernels_path_available (path))
        continue;
      g_autoptr (RfPlayground) playground = open_session (link, path);
      const int n_nodes = rf_play_net_count_nodes (playground->net);
      g_autofree float *pixels = g_new (float, (gsize) n_nodes *SIDE *SIDE);
      g_autofree float **maps = g_new (float *, (gsize) n_nodes);
      for (int i = 0; i < n_nodes; i++)
        maps[i] = pixels + (gsize) i * SIDE * SIDE;
      g_autoptr (RfPlayTable) grid = rf_play_table_new_grid (SIDE, 6, playground->state.features);
      Picture picture = { playground, grid, maps };

      printf ("  %-10s %9.0f epochs/s   %8.0f losses/s   %7.0f pictures/s\n",
              rf_kernels_path_name (path), 10 * measure (train_ten_epochs, playground),
              measure (measure_losses, playground), measure (draw_picture, &picture));
    }
}

int
main (void)
{
  bench_link (
      "250 points, 2-6-5-5-1, tanh, batch 4",
      "#activation=tanh&batchSize=4&dataset=circle&noise=40&networkShape=6,5,5&seed=0.54350");
  bench_link ("250 points, 2-8-8-8-8-8-8-1, ReLU, batch 10",
              "#activation=relu&dataset=spiral&networkShape=8,8,8,8,8,8&seed=0.5");
  bench_link (
      "250 points, 7-32-32-32-1, tanh, batch 30",
      "#batchSize=30&dataset=spiral&networkShape=32,32,32&seed=0.5&xTimesY=true&xSquared=true"
      "&ySquared=true&sinX=true&sinY=true");
  return 0;
}
