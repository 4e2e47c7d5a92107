/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/dataset/parallel.h"

#include <pthread.h>
#include <stdatomic.h>

typedef struct
{
  RfPoolFunc func;
  void *data;
  int n_items;
  atomic_int next;
} Job;

typedef struct
{
  Job *job;
  int index;
  pthread_t thread;
} Worker;

static void *
work (void *data)
{
  Worker *worker = data;
  Job *job = worker->job;
  for (;;)
    {
      int item = atomic_fetch_add_explicit (&job->next, 1, memory_order_relaxed);
      if (item >= job->n_items)
        return NULL;
      job->func (job->data, item, worker->index);
    }
}

void
rf_parallel (int n_items, RfPoolFunc func, void *data)
{
  Worker workers[RF_POOL_MAX_THREADS];
  Job job = { func, data, n_items, 0 };
  int n = CLAMP (MIN (n_items, rf_pool_get_threads ()), 1, RF_POOL_MAX_THREADS);

  /* Whatever threads cannot be had, this one does all there is. */
  workers[0] = (Worker){ &job, 0 };
  int started = 1;
  for (; started < n; started++)
    {
      workers[started] = (Worker){ &job, started };
      if (pthread_create (&workers[started].thread, NULL, work, &workers[started]) != 0)
        break;
    }
  work (&workers[0]);
  for (int i = 1; i < started; i++)
    pthread_join (workers[i].thread, NULL);
}
