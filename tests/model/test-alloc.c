/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the forward pass to the update nothing is allocated, by any thread: every layer is in the
 * network, and the allocator is ours while it runs. Not under sanitizers, which have their own. */
#include "model/losses/loss.h"
#include "tests/model/net-util.h"
#include "tests/model/run-util.h"

#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

void *__libc_malloc (size_t size);
void *__libc_calloc (size_t count, size_t size);
void *__libc_realloc (void *old, size_t size);
void *__libc_memalign (size_t alignment, size_t size);

static atomic_bool watching;
static atomic_int n_allocations;

static void
count_allocation (void)
{
  if (atomic_load (&watching))
    atomic_fetch_add (&n_allocations, 1);
}

void *
malloc (size_t size)
{
  count_allocation ();
  return __libc_malloc (size);
}

void *
calloc (size_t count, size_t size)
{
  count_allocation ();
  return __libc_calloc (count, size);
}

void *
realloc (void *old, size_t size)
{
  count_allocation ();
  return __libc_realloc (old, size);
}

void *
aligned_alloc (size_t alignment, size_t size)
{
  count_allocation ();
  return __libc_memalign (alignment, size);
}

void *
memalign (size_t alignment, size_t size)
{
  count_allocation ();
  return __libc_memalign (alignment, size);
}

int
posix_memalign (void **out, size_t alignment, size_t size)
{
  count_allocation ();
  *out = __libc_memalign (alignment, size);
  return *out ? 0 : ENOMEM;
}

static const char layers[]
    = "[{\"type\": \"conv2d\", \"filters\": 16, \"kernel\": 3, \"padding\": 1, \"l1\": 1e-4},"
      " {\"type\": \"batchnorm\"}, {\"type\": \"relu\"}, {\"type\": \"maxpool\", \"size\": 2},"
      " {\"type\": \"conv2d\", \"filters\": 16, \"kernel\": 5, \"padding\": 2, \"groups\": 4},"
      " {\"type\": \"leaky_relu\"}, {\"type\": \"spatial_dropout\", \"rate\": 0.1},"
      " {\"type\": \"residual\", \"layers\": [{\"type\": \"conv2d\", \"filters\": 8, \"kernel\": 3,"
      " \"padding\": 1, \"stride\": 2}, {\"type\": \"elu\"}, {\"type\": \"gelu\"}], \"shortcut\":"
      " [{\"type\": \"conv2d\", \"filters\": 8, \"kernel\": 1, \"stride\": 2}, {\"type\":"
      " \"silu\"}]}, {\"type\": \"tanh\"}, {\"type\": \"residual\", \"layers\": [{\"type\":"
      " \"sigmoid\"}]}, {\"type\": \"avgpool\", \"size\": 2}, {\"type\": \"dropout\", \"rate\":"
      " 0.5}, {\"type\": \"flatten\"}, {\"type\": \"linear\", \"units\": 33}, {\"type\":"
      " \"global_avgpool\"}, {\"type\": \"linear\", \"units\": 10, \"l2\": 1e-3}]";

static double
step (RfNet *net, gint64 number, const float *x, const gint32 *labels, float *d_logits)
{
  RfPass pass = { .n = 32, .training = TRUE, .seed = 1, .step = number };
  const float *logits = run_forward (net, &pass, x);
  RfLossResult result
      = rf_loss_classes[0]->compute (logits, labels, pass.n, net->output.channels, 0.1, d_logits);
  run_backward (net, &pass, d_logits);
  return result.loss + rf_net_penalty (net);
}

static void
test_step (void)
{
  RfShape input = { 3, 32, 32 };
  gint32 labels[32];
  float d_logits[320];
  for (int i = 0; i < 32; i++)
    labels[i] = i % 10;
  g_autofree float *x = random_floats (32 * RF_SHAPE_COUNT (input), 1);
  for (int path = RF_KERNELS_REFERENCE; path <= RF_KERNELS_AVX512; path++)
    {
      if (!rf_kernels_path_available (path))
        continue;
      g_autoptr (RfNet) net = make_net (layers, input, path, 32, TRUE);
      g_assert_true (step (net, 1, x, labels, d_logits) > 0); /* OpenBLAS takes its buffers */
      g_autoptr (RfExperiment) knobs = rf_experiment_copy (net->experiment);
      atomic_store (&n_allocations, 0);
      atomic_store (&watching, TRUE);
      rf_net_set_experiment (net, knobs);
      double loss = step (net, 2, x, labels, d_logits) + step (net, 3, x, labels, d_logits);
      atomic_store (&watching, FALSE);
      g_test_message ("%s: loss %g", rf_kernels_path_name (path), loss);
      g_assert_cmpint (atomic_load (&n_allocations), ==, 0);
    }
}

/* Whole steps of an engine, over the ends of epochs, with each optimizer; batches made ahead too.
 */
static void
test_engine (void)
{
  char *folder = rf_test_make_folder ();
  g_autofree char *data = write_corners (folder);
  for (const RfOptimizerClass *const *klass = rf_optimizer_classes; *klass; klass++)
    {
      g_autofree char *optimizer
          = g_strdup_printf ("{\"type\": \"%s\", \"learning_rate\": 0.001, \"weight_decay\": 0.01}",
                             (*klass)->spec.type);
      g_autoptr (RfExperiment) experiment = make_experiment (data, SMALL_CNN, optimizer, 3);
      g_autoptr (RfEngine) engine = make_engine (experiment);
      RfStepRow row;
      for (int i = 0; i < 2; i++)
        rf_engine_step (engine, &row);
      atomic_store (&n_allocations, 0);
      atomic_store (&watching, TRUE);
      for (int i = 0; i < 2 * STEPS_PER_EPOCH; i++)
        rf_engine_step (engine, &row);
      atomic_store (&watching, FALSE);
      g_test_message ("%s: loss %g", (*klass)->spec.type, row.loss);
      g_assert_cmpint (atomic_load (&n_allocations), ==, 0);
    }
  rf_test_remove_folder (folder);
}

/* The counter itself works. */
static void
test_counter (void)
{
  atomic_store (&n_allocations, 0);
  atomic_store (&watching, TRUE);
  g_free (g_malloc (100));
  atomic_store (&watching, FALSE);
  g_assert_cmpint (atomic_load (&n_allocations), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rf_pool_set_threads (2);
  g_test_add_func ("/alloc/counter", test_counter);
  g_test_add_func ("/alloc/step", test_step);
  g_test_add_func ("/alloc/engine", test_engine);
  return g_test_run ();
}

#else

static void
test_skipped (void)
{
  g_test_skip ("the allocator belongs to a sanitizer or another C library");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alloc/step", test_skipped);
  return g_test_run ();
}

#endif
