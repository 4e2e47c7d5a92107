/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pool: every item once, by 1 to 4 workers, with callers that contend; tickets in order. */

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "model/base/pool.h"

#define MAX_ITEMS 1000

typedef struct
{
  int n_threads;
  int counts[MAX_ITEMS];
  atomic_int wrong_workers;
} Counting;

static void
count_item (void *data, int item, int worker)
{
  Counting *counting = data;

  counting->counts[item]++;
  if (worker < 0 || worker >= counting->n_threads)
    atomic_fetch_add (&counting->wrong_workers, 1);
}

static void
run_counted (int n_items)
{
  Counting counting = { .n_threads = rf_pool_get_threads () };

  rf_pool_enter (RF_POOL_TRAIN);
  rf_pool_run (n_items, count_item, &counting);
  rf_pool_leave ();
  for (int i = 0; i < MAX_ITEMS; i++)
    g_assert_cmpint (counting.counts[i], ==, i < n_items ? 1 : 0);
  g_assert_cmpint (atomic_load (&counting.wrong_workers), ==, 0);
}

static void
test_items (void)
{
  for (int threads = 1; threads <= 4; threads++)
    {
      rf_pool_set_threads (threads);
      g_assert_cmpint (rf_pool_get_threads (), ==, threads);
      for (int i = 0; i < 300; i++)
        run_counted (i % 7 == 0 ? MAX_ITEMS : i % 11);
    }
  rf_pool_set_threads (0);
  g_assert_cmpint (rf_pool_get_threads (), >=, 1);
  run_counted (50);
}

/* An item leaves its mark over all of the worker's scratch and finds it whole. */
static void
use_scratch (void *data, int item, int worker)
{
  const gsize n_floats = *(const gsize *) data;
  float *scratch = rf_pool_scratch (worker);

  g_assert_cmpuint ((gsize) scratch % 64, ==, 0);
  for (gsize i = 0; i < n_floats; i++)
    scratch[i] = (float) item;
  for (gsize i = 0; i < n_floats; i++)
    g_assert_true (scratch[i] == (float) item);
}

static void
test_scratch (void)
{
  gsize n_floats = 100;

  rf_pool_set_threads (2);
  for (int i = 0; i < 3; i++, n_floats *= 10)
    {
      rf_pool_reserve_scratch (n_floats);
      rf_pool_set_threads (2 + i);
      rf_pool_enter (RF_POOL_TRAIN);
      rf_pool_run (50, use_scratch, &n_floats);
      rf_pool_leave ();
    }
  /* Asking for less leaves what there is. */
  n_floats /= 10;
  rf_pool_reserve_scratch (1);
  rf_pool_enter (RF_POOL_TRAIN);
  rf_pool_run (50, use_scratch, &n_floats);
  rf_pool_leave ();
}

static void *
contend (void *data)
{
  for (int i = 0; i < 300; i++)
    run_counted (1 + i % 40);
  return NULL;
}

static void
test_contention (void)
{
  for (int threads = 1; threads <= 4; threads++)
    {
      pthread_t callers[2];

      rf_pool_set_threads (threads);
      for (int i = 0; i < 2; i++)
        pthread_create (&callers[i], NULL, contend, NULL);
      /* Changing the number waits for the step under way. */
      if (threads == 3)
        run_counted (10);
      for (int i = 0; i < 2; i++)
        pthread_join (callers[i], NULL);
    }
}

typedef struct
{
  RfPoolPriority priority;
  char mark;
  int turns;
} Visitor;

static char visits[64];
static int n_visits;
static atomic_int n_arrived;

static void *
visit (void *data)
{
  const Visitor *visitor = data;

  for (int i = 0; i < visitor->turns; i++)
    {
      atomic_fetch_add (&n_arrived, 1);
      rf_pool_enter (visitor->priority);
      visits[n_visits++] = visitor->mark;
      rf_pool_leave ();
    }
  return NULL;
}

/* Starts a visitor and gives it the time to draw its ticket. */
static pthread_t
start_visitor (Visitor *visitor)
{
  int before = atomic_load (&n_arrived);
  pthread_t thread;

  pthread_create (&thread, NULL, visit, visitor);
  while (atomic_load (&n_arrived) == before)
    g_usleep (1000);
  g_usleep (50000);
  return thread;
}

/* Those who wait are let in first come, first served, trainers before inspections. */
static void
test_order (void)
{
  Visitor visitors[] = {
    { RF_POOL_INSPECT, 'a', 1 }, { RF_POOL_TRAIN, 'B', 1 }, { RF_POOL_TRAIN, 'C', 1 },
    { RF_POOL_INSPECT, 'd', 1 }, { RF_POOL_TRAIN, 'E', 1 },
  };
  pthread_t threads[G_N_ELEMENTS (visitors)];

  n_visits = 0;
  memset (visits, 0, sizeof visits);
  rf_pool_enter (RF_POOL_TRAIN);
  for (gsize i = 0; i < G_N_ELEMENTS (visitors); i++)
    threads[i] = start_visitor (&visitors[i]);
  rf_pool_leave ();
  for (gsize i = 0; i < G_N_ELEMENTS (visitors); i++)
    pthread_join (threads[i], NULL);
  g_assert_cmpstr (visits, ==, "BCEad");
}

/* Two trainers in turn do not keep an inspection out for ever. */
static void
test_no_starvation (void)
{
  Visitor trainers[] = { { RF_POOL_TRAIN, 'A', 20 }, { RF_POOL_TRAIN, 'B', 20 } };
  Visitor inspection = { RF_POOL_INSPECT, 'i', 1 };
  pthread_t threads[3];
  const char *inspected;

  n_visits = 0;
  memset (visits, 0, sizeof visits);
  rf_pool_enter (RF_POOL_TRAIN);
  threads[0] = start_visitor (&inspection);
  threads[1] = start_visitor (&trainers[0]);
  threads[2] = start_visitor (&trainers[1]);
  rf_pool_leave ();
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    pthread_join (threads[i], NULL);
  g_assert_cmpint (n_visits, ==, 41);
  inspected = strchr (visits, 'i');
  g_assert_nonnull (inspected);
  g_assert_cmpint (inspected - visits, <=, 10);
}

static void
add_item (void *data, int item, int worker)
{
  float *scratch = rf_pool_scratch (worker);

  scratch[999] = (float) item;
  *(int *) data += (int) scratch[999];
}

static void *
compute_by_hand (void *data)
{
  rf_pool_reserve_scratch (1000);
  rf_pool_enter (RF_POOL_HAND);
  rf_pool_run (100, add_item, data);
  rf_pool_leave ();
  return NULL;
}

/* What a hand waits for does not wait for a step, nor disturb what the step keeps in its scratch.
 */
static void
test_aside (void)
{
  pthread_t thread;
  int sum = 0;

  rf_pool_reserve_scratch (1000);
  rf_pool_enter (RF_POOL_TRAIN);
  rf_pool_scratch (0)[999] = -1;
  pthread_create (&thread, NULL, compute_by_hand, &sum);
  pthread_join (thread, NULL);
  g_assert_cmpint (sum, ==, 4950);
  g_assert_cmpfloat (rf_pool_scratch (0)[999], ==, -1);
  rf_pool_leave ();

  sum = 0;
  rf_pool_set_threads (1);
  compute_by_hand (&sum); /* the pool is free */
  g_assert_cmpint (sum, ==, 4950);
  g_assert_cmpfloat (rf_pool_scratch (0)[999], ==, 99);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool/items", test_items);
  g_test_add_func ("/pool/scratch", test_scratch);
  g_test_add_func ("/pool/contention", test_contention);
  g_test_add_func ("/pool/order", test_order);
  g_test_add_func ("/pool/no-starvation", test_no_starvation);
  g_test_add_func ("/pool/aside", test_aside);
  return g_test_run ();
}
