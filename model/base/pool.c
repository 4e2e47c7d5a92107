/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job is one atomic number: how many of its items nobody has taken yet. Whoever takes one (the
 * caller and any worker that is awake) reads the job's fields only afterwards, so that they are
 * those of the job it took from: a job cannot end before its last item is done. A worker that wakes
 * late finds nothing left and costs nothing, which matters where there are more threads than
 * processors.
 *
 * Both the workers, waiting for a job, and the caller, waiting for the last item, spin for some
 * microseconds and then sleep. Sleeping follows Dekker: announce oneself, look again, sleep; the
 * other side changes the number first and then looks who sleeps.
 *
 * One thread at a time may compute aside, without the pool and with scratch of its own. */

#include "model/base/pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "model/base/cgroup.h"
#include "model/base/memory.h"

#define ASIDE            RF_POOL_MAX_THREADS /* its number as a worker */
#define CACHE_LINE       64
#define SPIN_NANOSECONDS 40000
#define NICENESS         5
/* Steps of training in a row after which a waiting inspection is let in, or two runs in turn would
 * keep it out for ever. */
#define MAX_TRAIN_STREAK 8

/* The ticket: handed from thread to thread, so that nobody overtakes. */
static struct
{
  pthread_mutex_t lock;
  pthread_cond_t turn[2];
  gboolean held;
  guint64 drawn[2], served[2]; /* tickets, by priority */
  int train_streak;            /* steps let in while an inspection waited */
} ticket = {
  .lock = PTHREAD_MUTEX_INITIALIZER,
  .turn = { PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER },
};

/* Changed only by the holder of the ticket, between jobs. */
static struct
{
  pthread_t threads[RF_POOL_MAX_THREADS]; /* [0] is unused: worker 0 is the caller */
  float *scratch[RF_POOL_MAX_THREADS + 1];
  atomic_size_t n_scratch; /* floats of each; grows */
  gboolean spins;
} pool;

/* Held by whoever computes aside. */
static pthread_mutex_t aside_lock = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local gboolean is_aside;

/* Changed by the holder of the ticket, read by anyone. */
static atomic_int n_threads;

/* The job under way. */
static struct
{
  RfPoolFunc func;
  void *data;
  int n_items;
  _Alignas(CACHE_LINE) atomic_int left; /* items that nobody has taken */
  _Alignas(CACHE_LINE) atomic_int done;
  _Alignas(CACHE_LINE) atomic_int sleepers;
  atomic_bool caller_sleeps;
  atomic_bool stopping;
  pthread_mutex_t lock;
  pthread_cond_t wake, finished;
} job = {
  .lock = PTHREAD_MUTEX_INITIALIZER,
  .wake = PTHREAD_COND_INITIALIZER,
  .finished = PTHREAD_COND_INITIALIZER,
};

static gint64
now_in_nanoseconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (gint64) now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline void
relax (void)
{
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause ();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static gboolean
job_has_work (void)
{
  return atomic_load (&job.left) > 0 || atomic_load (&job.stopping);
}

static gboolean
job_is_done (void)
{
  return atomic_load (&job.done) == job.n_items;
}

/* Spins until @condition holds; FALSE when it took too long. */
static gboolean
spin_for (gboolean (*condition) (void))
{
  gint64 end;

  if (condition ())
    return TRUE;
  if (!pool.spins)
    return FALSE;
  end = now_in_nanoseconds () + SPIN_NANOSECONDS;
  do
    for (int i = 0; i < 32; i++)
      {
        relax ();
        if (condition ())
          return TRUE;
      }
  while (now_in_nanoseconds () < end);
  return FALSE;
}

static void
work (int worker)
{
  int left = atomic_load (&job.left);

  while (left > 0)
    {
      int n_items;

      if (!atomic_compare_exchange_weak (&job.left, &left, left - 1))
        continue;
      n_items = job.n_items;
      job.func (job.data, n_items - left, worker);
      if (atomic_fetch_add (&job.done, 1) + 1 == n_items && atomic_load (&job.caller_sleeps))
        {
          pthread_mutex_lock (&job.lock);
          pthread_cond_signal (&job.finished);
          pthread_mutex_unlock (&job.lock);
        }
      left = atomic_load (&job.left);
    }
}

static void
wait_for_work (void)
{
  if (spin_for (job_has_work))
    return;
  pthread_mutex_lock (&job.lock);
  atomic_fetch_add (&job.sleepers, 1);
  while (!job_has_work ())
    pthread_cond_wait (&job.wake, &job.lock);
  atomic_fetch_sub (&job.sleepers, 1);
  pthread_mutex_unlock (&job.lock);
}

/* So that the window wins; failing to yield is no reason to stop. Only Linux has a niceness per
 * thread. */
void
rf_pool_be_nice (void)
{
#ifdef __linux__
  setpriority (PRIO_PROCESS, (id_t) gettid (), getpriority (PRIO_PROCESS, 0) + NICENESS);
#endif
}

static void *
run_worker (void *data)
{
  int worker = GPOINTER_TO_INT (data);

  rf_pool_be_nice ();
  while (!atomic_load (&job.stopping))
    {
      wait_for_work ();
      work (worker);
    }
  return NULL;
}

static void
stop_workers (void)
{
  int count = atomic_load (&n_threads);

  atomic_store (&job.stopping, TRUE);
  pthread_mutex_lock (&job.lock);
  pthread_cond_broadcast (&job.wake);
  pthread_mutex_unlock (&job.lock);
  for (int i = 1; i < count; i++)
    pthread_join (pool.threads[i], NULL);
  atomic_store (&job.stopping, FALSE);
  atomic_store (&n_threads, 0);
}

/* Where the system refuses a thread, the pool makes do with those it has. */
static void
start_workers (int wanted)
{
  int processors = rf_cgroup_count_processors ();
  int count = 1;

  wanted = wanted > 0 ? wanted : processors;
  wanted = MIN (wanted, RF_POOL_MAX_THREADS);
  pool.spins = wanted <= processors;
  while (count < wanted
         && pthread_create (&pool.threads[count], NULL, run_worker, GINT_TO_POINTER (count)) == 0)
    count++;
  for (int i = 0; i < count; i++)
    if (pool.scratch[i] == NULL && atomic_load (&pool.n_scratch) > 0)
      pool.scratch[i] = rf_floats_new (atomic_load (&pool.n_scratch));
  atomic_store (&n_threads, count);
}

static void
take_ticket (RfPoolPriority priority)
{
  guint64 mine;

  pthread_mutex_lock (&ticket.lock);
  if (!ticket.held)
    ticket.held = TRUE;
  else
    {
      mine = ticket.drawn[priority]++;
      while (ticket.served[priority] <= mine)
        pthread_cond_wait (&ticket.turn[priority], &ticket.lock);
    }
  pthread_mutex_unlock (&ticket.lock);
}

static gboolean
take_if_free (void)
{
  pthread_mutex_lock (&ticket.lock);
  gboolean taken = !ticket.held;
  ticket.held = TRUE;
  pthread_mutex_unlock (&ticket.lock);
  return taken;
}

void
rf_pool_enter (RfPoolPriority priority)
{
  if (priority != RF_POOL_HAND)
    take_ticket (priority);
  else if (!take_if_free ())
    {
      pthread_mutex_lock (&aside_lock);
      is_aside = TRUE;
      return;
    }
  if (atomic_load (&n_threads) == 0)
    start_workers (0);
}

void
rf_pool_leave (void)
{
  gboolean train, inspect;

  if (is_aside)
    {
      is_aside = FALSE;
      pthread_mutex_unlock (&aside_lock);
      return;
    }
  pthread_mutex_lock (&ticket.lock);
  train = ticket.drawn[RF_POOL_TRAIN] > ticket.served[RF_POOL_TRAIN];
  inspect = ticket.drawn[RF_POOL_INSPECT] > ticket.served[RF_POOL_INSPECT];
  if (train && !(inspect && ticket.train_streak >= MAX_TRAIN_STREAK))
    {
      ticket.train_streak = inspect ? ticket.train_streak + 1 : 0;
      ticket.served[RF_POOL_TRAIN]++;
      pthread_cond_broadcast (&ticket.turn[RF_POOL_TRAIN]);
    }
  else if (inspect)
    {
      ticket.train_streak = 0;
      ticket.served[RF_POOL_INSPECT]++;
      pthread_cond_broadcast (&ticket.turn[RF_POOL_INSPECT]);
    }
  else
    ticket.held = FALSE;
  pthread_mutex_unlock (&ticket.lock);
}

void
rf_pool_set_threads (int count)
{
  g_return_if_fail (count >= 0 && count <= RF_POOL_MAX_THREADS);

  take_ticket (RF_POOL_TRAIN);
  stop_workers ();
  start_workers (count);
  rf_pool_leave ();
}

int
rf_pool_get_threads (void)
{
  if (atomic_load (&n_threads) == 0)
    {
      rf_pool_enter (RF_POOL_INSPECT);
      rf_pool_leave ();
    }
  return atomic_load (&n_threads);
}

void
rf_pool_run (int n_items, RfPoolFunc func, void *data)
{
  int sleepers;

  if (n_items <= 0)
    return;
  if (is_aside || n_items == 1 || atomic_load (&n_threads) == 1)
    {
      for (int item = 0; item < n_items; item++)
        func (data, item, is_aside ? ASIDE : 0);
      return;
    }

  job.func = func;
  job.data = data;
  job.n_items = n_items;
  atomic_store (&job.done, 0);
  atomic_store (&job.left, n_items);

  sleepers = MIN (atomic_load (&job.sleepers), n_items - 1);
  if (sleepers > 0)
    {
      pthread_mutex_lock (&job.lock);
      for (int i = 0; i < sleepers; i++)
        pthread_cond_signal (&job.wake);
      pthread_mutex_unlock (&job.lock);
    }

  work (0);
  if (spin_for (job_is_done))
    return;
  pthread_mutex_lock (&job.lock);
  atomic_store (&job.caller_sleeps, TRUE);
  while (!job_is_done ())
    pthread_cond_wait (&job.finished, &job.lock);
  atomic_store (&job.caller_sleeps, FALSE);
  pthread_mutex_unlock (&job.lock);
}

static void
renew_scratch (int worker, gsize n_floats)
{
  if (pool.scratch[worker])
    rf_floats_free (pool.scratch[worker]);
  pool.scratch[worker] = rf_floats_new (n_floats);
}

void
rf_pool_reserve_scratch (gsize n_floats)
{
  if (n_floats <= atomic_load (&pool.n_scratch))
    return;
  take_ticket (RF_POOL_TRAIN);
  pthread_mutex_lock (&aside_lock);
  if (n_floats > atomic_load (&pool.n_scratch))
    {
      for (int i = 0; i < RF_POOL_MAX_THREADS; i++)
        if (i < atomic_load (&n_threads) || pool.scratch[i])
          renew_scratch (i, n_floats);
      renew_scratch (ASIDE, n_floats);
      atomic_store (&pool.n_scratch, n_floats);
    }
  pthread_mutex_unlock (&aside_lock);
  rf_pool_leave ();
}

float *
rf_pool_scratch (int worker)
{
  return pool.scratch[worker];
}
