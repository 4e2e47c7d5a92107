/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The clockwork of bench: windows of time over a training step, a forward pass, a layer, a product.
 */

#include "cli/bench.h"
#include "model/base/memory.h"
#include "model/base/pool.h"
#include "model/base/random.h"
#include "model/kernels/blas.h"
#include "model/losses/loss.h"

#define N_CLASSES    10
#define N_WINDOWS    5
#define TRAIN_WINDOW 1.0 /* seconds */
#define INFER_WINDOW 0.5
#define LAYER_WINDOW 0.05
#define GEMM_SIZE    768
#define GEMM_REPEATS 8

struct _RfBench
{
  RfExperiment *experiment;
  RfNet *net;
  RfOptimizer *optimizer;
  float *images, *d_logits;
  gint32 *labels;
  int batch;
  gint64 step;
};

static float *
random_floats (gsize n, guint64 purpose)
{
  float *values = rf_floats_new (n);
  RfRandom random = rf_random (1, RF_RANDOM_BENCH, purpose, 0);
  for (gsize i = 0; i < n; i++)
    values[i] = rf_random_normal (&random);
  return values;
}

RfBench *
rf_bench_new (const RfBenchNet *net, int batch, GError **error)
{
  g_autofree char *text = g_strdup_printf (
      "{\"dataset\": {\"id\": \"shapes\"},"
      " \"network\": {\"input\": [3, 32, 32], \"layers\": [%s]},"
      " \"training\": {\"batch_size\": %d, \"epochs\": 1, \"optimizer\": {\"type\": \"sgd\","
      " \"learning_rate\": 0.01, \"momentum\": 0.9, \"weight_decay\": 0.0005}}}",
      net->layers, batch);
  g_autoptr (RfBench) bench = g_new0 (RfBench, 1);
  bench->batch = batch;
  bench->experiment = rf_experiment_parse (text, -1, net->name, ".", NULL, error);
  if (!bench->experiment)
    return NULL;
  bench->net = rf_net_new (bench->experiment, (RfShape){ 3, 32, 32 }, rf_kernels_path (), error);
  if (!bench->net || !rf_net_plan (bench->net, batch, TRUE, error))
    return NULL;
  rf_net_reset (bench->net, bench->experiment->training.seed);
  bench->optimizer = rf_optimizer_new (bench->net, bench->experiment->training.optimizer, error);
  if (!bench->optimizer)
    return NULL;

  bench->images = random_floats ((gsize) batch * RF_SHAPE_COUNT (bench->net->input), 0);
  bench->d_logits = rf_floats_new ((gsize) batch * N_CLASSES);
  bench->labels = g_new (gint32, batch);
  RfRandom random = rf_random (1, RF_RANDOM_BENCH, 1, 0);
  for (int i = 0; i < batch; i++)
    bench->labels[i] = (gint32) rf_random_below (&random, N_CLASSES);
  return g_steal_pointer (&bench);
}

void
rf_bench_free (RfBench *bench)
{
  if (!bench)
    return;
  g_clear_pointer (&bench->optimizer, rf_optimizer_free);
  g_clear_pointer (&bench->net, rf_net_free);
  g_clear_pointer (&bench->experiment, rf_experiment_unref);
  rf_floats_free (bench->images);
  rf_floats_free (bench->d_logits);
  g_free (bench->labels);
  g_free (bench);
}

static double
now (void)
{
  return (double) g_get_monotonic_time () / G_USEC_PER_SEC;
}

typedef void (*WorkFunc) (gpointer data);

/* Seconds that @work takes, in the best of the windows. */
static double
time_of (WorkFunc work, gpointer data, double window)
{
  double best = G_MAXDOUBLE;
  work (data);
  for (int i = 0; i < N_WINDOWS; i++)
    {
      const double start = now ();
      double seconds;
      int n = 0;
      do
        {
          work (data);
          n++;
          seconds = now () - start;
        }
      while (seconds < window);
      best = MIN (best, seconds / n);
    }
  return best;
}

static void
train_step (gpointer data)
{
  RfBench *bench = data;
  const RfPass pass = { .n = bench->batch, .training = TRUE, .seed = 1, .step = ++bench->step };
  rf_pool_enter (RF_POOL_TRAIN);
  const float *logits = rf_net_forward (bench->net, &pass, bench->images);
  rf_loss_classes[0]->compute (logits, bench->labels, bench->batch, N_CLASSES, 0, bench->d_logits);
  rf_net_backward (bench->net, &pass, bench->d_logits);
  rf_optimizer_step (bench->optimizer, bench->experiment, 1);
  rf_pool_leave ();
}

static void
infer (gpointer data)
{
  RfBench *bench = data;
  const RfPass pass = { .n = bench->batch, .training = FALSE };
  rf_pool_enter (RF_POOL_INSPECT);
  rf_net_forward (bench->net, &pass, bench->images);
  rf_pool_leave ();
}

gboolean
rf_bench_measure (RfBench *bench, RfBenchFigures *figures, GError **error)
{
  figures->train = bench->batch / time_of (train_step, bench, TRAIN_WINDOW);
  figures->gflops = 3 * 2 * (double) rf_net_cost (bench->net) * figures->train / 1e9;
  if (!rf_net_plan (bench->net, bench->batch, FALSE, error))
    return FALSE;
  figures->infer = bench->batch / time_of (infer, bench, INFER_WINDOW);
  return TRUE;
}

typedef struct
{
  RfLayer *layer;
  RfPass pass;
  const float *x, *dy;
  float *y, *dx;
} LayerWork;

static void
layer_forward (gpointer data)
{
  LayerWork *work = data;
  rf_pool_enter (RF_POOL_TRAIN);
  work->layer->klass->forward (work->layer, &work->pass, work->x, work->y);
  rf_pool_leave ();
}

static void
layer_backward (gpointer data)
{
  LayerWork *work = data;
  rf_pool_enter (RF_POOL_TRAIN);
  work->layer->klass->backward (work->layer, &work->pass, work->x, work->y, work->dy, work->dx);
  rf_pool_leave ();
}

GArray *
rf_bench_measure_layers (RfBench *bench, GError **error)
{
  if (!rf_net_plan (bench->net, bench->batch, TRUE, error))
    return NULL;
  train_step (bench);

  gsize largest = 0;
  for (guint i = 0; i < bench->net->layers->len; i++)
    {
      const RfLayer *layer = g_ptr_array_index (bench->net->layers, i);
      largest = MAX (largest, MAX (RF_SHAPE_COUNT (layer->in), RF_SHAPE_COUNT (layer->out)));
    }
  float *x = random_floats ((gsize) bench->batch * largest, 2),
        *dy = random_floats ((gsize) bench->batch * largest, 3);
  float *y = rf_floats_new ((gsize) bench->batch * largest),
        *dx = rf_floats_new ((gsize) bench->batch * largest);

  GArray *figures = g_array_new (FALSE, FALSE, sizeof (RfBenchLayer));
  for (guint i = 0; i < bench->net->layers->len; i++)
    {
      RfLayer *layer = g_ptr_array_index (bench->net->layers, i);
      /* A layer that holds others would count them twice. */
      if (layer->branches[0] || !layer->klass->forward)
        continue;
      LayerWork work = {
        .layer = layer,
        .pass = { .n = bench->batch, .training = TRUE, .seed = 1, .step = 1 },
        .x = x,
        .y = y,
        .dy = dy,
        .dx = layer->dx ? dx : NULL,
      };
      RfBenchLayer figure = { .layer = layer };
      if (layer->merged)
        {
          g_array_append_val (figures, figure);
          continue;
        }
      figure.forward = time_of (layer_forward, &work, LAYER_WINDOW);
      figure.backward = time_of (layer_backward, &work, LAYER_WINDOW);
      const double cost = layer->klass->cost ? (double) layer->klass->cost (layer) : 0;
      const double operations = 2 * cost * bench->batch / 1e9;
      figure.forward_gflops = operations / figure.forward;
      figure.backward_gflops = (work.dx ? 2 : 1) * operations / figure.backward;
      g_array_append_val (figures, figure);
    }
  rf_floats_free (x);
  rf_floats_free (y);
  rf_floats_free (dx);
  rf_floats_free (dy);
  return figures;
}

/* Each thread multiplies matrices of its own. */
static void
multiply (void *data, int item, int worker)
{
  float *const *products = data;
  const float *a = products[item], *b = a + GEMM_SIZE * GEMM_SIZE;
  float *c = products[item] + 2 * GEMM_SIZE * GEMM_SIZE;
  for (int i = 0; i < GEMM_REPEATS; i++)
    rf_blas_sgemm (FALSE, FALSE, GEMM_SIZE, GEMM_SIZE, GEMM_SIZE, 1, a, GEMM_SIZE, b, GEMM_SIZE, 0,
                   c, GEMM_SIZE);
}

static void
multiply_all (gpointer data)
{
  rf_pool_enter (RF_POOL_TRAIN);
  rf_pool_run (rf_pool_get_threads (), multiply, data);
  rf_pool_leave ();
}

double
rf_bench_sgemm (void)
{
  const int n_threads = rf_pool_get_threads ();
  g_autofree float **products = g_new (float *, n_threads);
  for (int i = 0; i < n_threads; i++)
    products[i] = random_floats (3 * GEMM_SIZE * GEMM_SIZE, 4 + i);
  const double seconds = time_of (multiply_all, products, INFER_WINDOW);
  for (int i = 0; i < n_threads; i++)
    rf_floats_free (products[i]);
  return 2.0 * GEMM_SIZE * GEMM_SIZE * GEMM_SIZE * GEMM_REPEATS * n_threads / seconds / 1e9;
}
