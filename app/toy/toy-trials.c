/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/toy/toy-trials.h"

#include "model/base/pool.h"
#include "model/run/background.h"

#include <string.h>

#define MAX_THREADS 4
#define SLICE       2000 /* points */

typedef struct
{
  RfPlayState state;
  RfPlayground *playground; /* of the thread that is busy with it */
  gboolean busy;
  int n_rows;
  RfToyRow rows[RF_TOY_TRIAL_ROWS];
  RfPlayMeasure measure;
  RfPlayNet *net; /* at the last row */
} Trial;

struct _RfToyTrials
{
  GThread *threads[MAX_THREADS]; /* or NULL */
  GMutex lock;
  gboolean stopping;
  RfPlayData *data;
  guint64 epochs;
  int n_trials;
  Trial trials[];
};

/* ---- the threads ---- */

static gboolean
has_same_points (const RfPlayData *a, const RfPlayData *b)
{
  if (a->n_train != b->n_train || a->n_test != b->n_test)
    return FALSE;
  return memcmp (a->train, b->train, a->n_train * sizeof (RfPlayPoint)) == 0
         && memcmp (a->test, b->test, a->n_test * sizeof (RfPlayPoint)) == 0;
}

static RfPlayground *
begin (const RfToyTrials *self, const Trial *trial)
{
  RfPlayground *playground = rf_playground_new (&trial->state);
  if (!has_same_points (playground->data, self->data))
    rf_playground_set_data (playground, self->data);
  return playground;
}

static guint64
get_moment (const RfToyTrials *self, int row)
{
  return self->epochs * (guint64) row / (RF_TOY_TRIAL_ROWS - 1);
}

/* To its next moment. */
static void
advance (RfToyTrials *self, Trial *trial)
{
  if (!trial->playground)
    trial->playground = begin (self, trial);
  RfPlayground *playground = trial->playground;
  const guint64 goal = get_moment (self, trial->n_rows);
  while (playground->epoch < goal && !g_atomic_int_get (&self->stopping))
    rf_playground_train_some (playground, goal, SLICE);
  RfPlayMeasure measure;
  RfPlayNet *net = rf_play_net_copy (playground->net);
  rf_playground_measure (playground, &measure);
  g_mutex_lock (&self->lock);
  trial->rows[trial->n_rows++]
      = (RfToyRow){ (double) playground->epoch, measure.train_loss, measure.test_loss,
                    measure.train_accuracy, measure.test_accuracy };
  trial->measure = measure;
  RfPlayNet *old = trial->net;
  trial->net = net;
  trial->busy = FALSE;
  g_mutex_unlock (&self->lock);
  rf_play_net_free (old);
}

/* The one that is behind the others; NULL: nothing is left for this thread. */
static Trial *
take (RfToyTrials *self)
{
  Trial *last = NULL;
  g_mutex_lock (&self->lock);
  for (int i = 0; i < self->n_trials && !self->stopping; i++)
    {
      Trial *trial = &self->trials[i];
      if (!trial->busy && trial->n_rows < RF_TOY_TRIAL_ROWS
          && (!last || trial->n_rows < last->n_rows))
        last = trial;
    }
  if (last)
    last->busy = TRUE;
  g_mutex_unlock (&self->lock);
  return last;
}

static gpointer
run (gpointer data)
{
  RfToyTrials *self = data;
  Trial *trial;
  rf_pool_be_nice ();
  while ((trial = take (self)))
    advance (self, trial);
  return NULL;
}

/* ---- for the main loop ---- */

RfToyTrials *
rf_toy_trials_new (const RfPlayState *states, int n_states, RfPlayData *data, guint64 epochs)
{
  g_return_val_if_fail (states && n_states > 0 && data && epochs > 0, NULL);
  const int n_threads = CLAMP ((int) g_get_num_processors (), 1, MIN (MAX_THREADS, n_states));
  RfToyTrials *self = g_malloc0 (sizeof (RfToyTrials) + (gsize) n_states * sizeof (Trial));
  g_mutex_init (&self->lock);
  self->data = rf_play_data_ref (data);
  self->epochs = epochs;
  self->n_trials = n_states;
  for (int i = 0; i < n_states; i++)
    rf_play_state_copy (&states[i], &self->trials[i].state);
  for (int i = 0; i < n_threads; i++)
    self->threads[i] = g_thread_try_new ("toy-trials", run, self, NULL);
  return self;
}

static void
join (gpointer data)
{
  RfToyTrials *self = data;
  for (int i = 0; i < MAX_THREADS; i++)
    if (self->threads[i])
      g_thread_join (self->threads[i]);
  for (int i = 0; i < self->n_trials; i++)
    {
      rf_play_state_clear (&self->trials[i].state);
      rf_playground_free (self->trials[i].playground);
      rf_play_net_free (self->trials[i].net);
    }
  rf_play_data_unref (self->data);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
rf_toy_trials_stop (RfToyTrials *self)
{
  if (!self)
    return;
  g_mutex_lock (&self->lock);
  g_atomic_int_set (&self->stopping, TRUE);
  g_mutex_unlock (&self->lock);
  if (!rf_background_run (join, NULL, self))
    join (self);
}

int
rf_toy_trials_count (const RfToyTrials *self)
{
  g_return_val_if_fail (self, 0);
  return self->n_trials;
}

const RfPlayState *
rf_toy_trials_get_state (const RfToyTrials *self, int trial)
{
  g_return_val_if_fail (self && trial >= 0 && trial < self->n_trials, NULL);
  return &self->trials[trial].state;
}

double
rf_toy_trials_get_progress (RfToyTrials *self)
{
  g_return_val_if_fail (self, 0);
  int rows = 0;
  g_mutex_lock (&self->lock);
  for (int i = 0; i < self->n_trials; i++)
    rows += self->trials[i].n_rows;
  g_mutex_unlock (&self->lock);
  return (double) rows / (self->n_trials * RF_TOY_TRIAL_ROWS);
}

int
rf_toy_trials_get_rows (RfToyTrials *self, int trial, RfToyRow *rows)
{
  g_return_val_if_fail (self && trial >= 0 && trial < self->n_trials && rows, 0);
  g_mutex_lock (&self->lock);
  const int n = self->trials[trial].n_rows;
  memcpy (rows, self->trials[trial].rows, (gsize) n * sizeof (RfToyRow));
  g_mutex_unlock (&self->lock);
  return n;
}

gboolean
rf_toy_trials_get_measure (RfToyTrials *self, int trial, RfPlayMeasure *measure)
{
  g_return_val_if_fail (self && trial >= 0 && trial < self->n_trials && measure, FALSE);
  g_mutex_lock (&self->lock);
  const gboolean there = self->trials[trial].n_rows > 0;
  *measure = self->trials[trial].measure;
  g_mutex_unlock (&self->lock);
  return there;
}

RfPlayNet *
rf_toy_trials_get_net (RfToyTrials *self, int trial)
{
  g_return_val_if_fail (self && trial >= 0 && trial < self->n_trials, NULL);
  g_mutex_lock (&self->lock);
  RfPlayNet *net = self->trials[trial].net ? rf_play_net_copy (self->trials[trial].net) : NULL;
  g_mutex_unlock (&self->lock);
  return net;
}
