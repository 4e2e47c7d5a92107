/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Slices of training are short, whatever the network, so that a command waits for milliseconds at
 * most. At a speed that is wished for, the time that has passed says how much is due. */

#include "app/toy/toy-worker.h"

#include "model/base/pool.h"

#include <glib/gi18n-lib.h>

#define VIEW_SECONDS  (1. / 36) /* and a slice: thirty a second */
#define SLICE_SECONDS 0.006
#define CHUNK         500 /* points between two looks at the clock */
#define RATE_SECONDS  0.5 /* over which epochs a second are counted */

const RfToySpeed rf_toy_speeds[] = {
  { RF_TOY_POINTS, 1, N_ ("a point a second") },
  { RF_TOY_POINTS, 8, N_ ("8 points a second") },
  { RF_TOY_BATCHES, 5, N_ ("5 batches a second") },
  { RF_TOY_EPOCHS, 1, N_ ("an epoch a second") },
  { RF_TOY_EPOCHS, 10, N_ ("10 epochs a second") },
  { RF_TOY_EPOCHS, 60, N_ ("60 epochs a second") },
  { RF_TOY_EPOCHS, 600, N_ ("600 epochs a second") },
  { RF_TOY_EPOCHS, 0, N_ ("as fast as it goes") },
  { 0 },
};

typedef struct
{
  RfToyCommand command;
  gpointer data;
  GDestroyNotify destroy;
} Order;

struct _RfToyWorker
{
  GThread *thread;
  RfToyViewFunc func;
  gpointer data;

  GMutex lock;
  GCond bell;
  GArray *orders; /* of Order */
  gboolean ending;
  RfToyView *view; /* that the main loop has not taken yet */
  guint doorbell;

  /* The thread's. */
  RfToyWork work;
  guint64 answered;
  double credit, last_slice, last_train, last_view;
  double rate_since, rate;
  guint64 rate_epoch;
};

static double
now (void)
{
  return (double) g_get_monotonic_time () / G_USEC_PER_SEC;
}

/* ---- telling ---- */

static gboolean
doorbell_cb (gpointer data)
{
  RfToyWorker *self = data;
  g_mutex_lock (&self->lock);
  self->doorbell = 0;
  RfToyView *view = g_steal_pointer (&self->view);
  g_mutex_unlock (&self->lock);
  if (view)
    self->func (view, self->data);
  rf_toy_view_unref (view);
  return G_SOURCE_REMOVE;
}

/* The rows of a view that was not taken come before those of the newer one. */
static void
inherit (RfToyView *view, RfToyView *old)
{
  if (!old)
    return;
  if (!view->fresh)
    {
      g_array_prepend_vals (view->rows, old->rows->data, old->rows->len);
      view->fresh = old->fresh;
    }
  rf_toy_view_unref (old);
}

static double
count_epochs (const RfPlayground *playground)
{
  const gsize n = playground->data->n_train;
  return (double) playground->epoch + (n > 0 ? (double) playground->position / (double) n : 0);
}

static void
tell (RfToyWorker *self)
{
  RfToyWork *work = &self->work;
  RfToyView *view = rf_toy_view_new (work->playground, work->moment);
  work->moment = view->moment;
  view->answered = self->answered;
  view->running = work->running;
  view->epochs_per_second = work->running ? self->rate : 0;
  if (work->fresh)
    work->seconds = 0;
  view->seconds = work->seconds;
  view->fresh = work->fresh;
  if (view->moment < 0)
    {
      const RfPlayMeasure *measure = &view->measure;
      const RfToyRow row = { count_epochs (work->playground), measure->train_loss,
                             measure->test_loss, measure->train_accuracy, measure->test_accuracy };
      g_array_append_val (view->rows, row);
    }
  work->fresh = FALSE;
  self->last_view = now ();

  g_mutex_lock (&self->lock);
  inherit (view, g_steal_pointer (&self->view));
  self->view = view;
  if (self->doorbell == 0)
    self->doorbell = g_idle_add_full (G_PRIORITY_HIGH_IDLE, doorbell_cb, self, NULL);
  g_mutex_unlock (&self->lock);
}

/* ---- training ---- */

static void
count_rate (RfToyWorker *self)
{
  const double passed = now () - self->rate_since;
  const guint64 epoch = self->work.playground->epoch;
  if (epoch < self->rate_epoch)
    self->rate_epoch = epoch;
  if (passed < RATE_SECONDS)
    return;
  self->rate = (double) (epoch - self->rate_epoch) / passed;
  self->rate_since += passed;
  self->rate_epoch = epoch;
}

/* Stops if that was wished for now. */
static void
look_for_end (RfToyWork *work)
{
  const RfPlayground *playground = work->playground;
  RfPlayMeasure measure;
  if (work->end_epoch > 0 && playground->epoch >= work->end_epoch && playground->position == 0)
    work->running = FALSE;
  if (work->end_loss > 0 && work->running)
    {
      rf_playground_measure (playground, &measure);
      if (measure.test_loss < work->end_loss)
        work->running = FALSE;
    }
}

/* To the end of an epoch, or as far as a slice goes. */
static void
train_until (RfToyWorker *self, guint64 epoch)
{
  RfPlayground *playground = self->work.playground;
  if (self->work.end_epoch > 0)
    epoch = MIN (epoch, self->work.end_epoch);
  for (const double begun = now (); playground->epoch < epoch && now () - begun < SLICE_SECONDS;)
    rf_playground_train_some (playground, epoch, CHUNK);
}

/* What cannot be done in its time is not made up for. */
static void
train_at_speed (RfToyWorker *self, const RfToySpeed *speed)
{
  const double time = now ();
  self->credit += MIN (time - self->last_slice, 0.1) * speed->per_second;
  self->last_slice = time;
  if (self->credit < 1)
    return;
  const guint64 due = (guint64) self->credit;
  self->credit -= (double) due;
  if (speed->unit == RF_TOY_EPOCHS)
    train_until (self, self->work.playground->epoch + due);
  else
    rf_playground_train (self->work.playground,
                         speed->unit == RF_TOY_POINTS ? RF_PLAYGROUND_POINT : RF_PLAYGROUND_BATCH,
                         due);
}

static void
train (RfToyWorker *self)
{
  const RfToySpeed *speed = &rf_toy_speeds[self->work.speed];
  const double time = now ();
  if (speed->per_second > 0)
    train_at_speed (self, speed);
  else
    train_until (self, G_MAXUINT64);
  self->work.seconds += now () - MIN (self->last_train, time);
  self->last_train = now ();
  count_rate (self);
  if (now () - self->last_view >= VIEW_SECONDS)
    {
      look_for_end (&self->work);
      tell (self);
    }
  else if (self->work.end_epoch > 0)
    {
      const gboolean was = self->work.running;
      look_for_end (&self->work);
      if (was && !self->work.running)
        tell (self);
    }
}

/* ---- the thread ---- */

/* Takes the orders that there are; waits for some while there is nothing to be done. FALSE: the
 * end.
 */
static gboolean
take_orders (RfToyWorker *self, GArray *orders)
{
  g_mutex_lock (&self->lock);
  const RfToySpeed *speed = &rf_toy_speeds[self->work.speed];
  while (self->orders->len == 0 && !self->ending && !self->work.running)
    g_cond_wait (&self->bell, &self->lock);
  /* Between two points there is time to sleep. */
  if (self->orders->len == 0 && !self->ending && speed->per_second > 0 && self->credit < 1)
    g_cond_wait_until (
        &self->bell, &self->lock,
        g_get_monotonic_time ()
            + (gint64) (MIN ((1 - self->credit) / speed->per_second, 0.1) * G_USEC_PER_SEC));
  g_array_append_vals (orders, self->orders->data, self->orders->len);
  g_array_set_size (self->orders, 0);
  const gboolean ending = self->ending;
  g_mutex_unlock (&self->lock);
  return !ending;
}

static void
obey (RfToyWorker *self, GArray *orders)
{
  const gboolean was_running = self->work.running;
  for (guint i = 0; i < orders->len; i++)
    {
      Order *order = &g_array_index (orders, Order, i);
      order->command (&self->work, order->data);
      if (order->destroy)
        order->destroy (order->data);
      self->answered++;
    }
  if (self->work.running && !was_running)
    {
      self->last_slice = self->last_train = self->rate_since = now ();
      self->rate_epoch = self->work.playground->epoch;
      self->rate = 0;
      self->credit = 0;
    }
  if (orders->len > 0)
    tell (self);
  g_array_set_size (orders, 0);
}

static gpointer
run (gpointer data)
{
  RfToyWorker *self = data;
  g_autoptr (GArray) orders = g_array_new (FALSE, FALSE, sizeof (Order));
  rf_pool_be_nice ();
  tell (self);
  while (take_orders (self, orders))
    {
      obey (self, orders);
      if (self->work.running)
        train (self);
    }
  for (guint i = 0; i < orders->len; i++)
    {
      Order *order = &g_array_index (orders, Order, i);
      if (order->destroy)
        order->destroy (order->data);
    }
  return NULL;
}

RfToyWorker *
rf_toy_worker_new (RfPlayground *playground, RfToyViewFunc func, gpointer data)
{
  RfToyWorker *self = g_new0 (RfToyWorker, 1);
  g_mutex_init (&self->lock);
  g_cond_init (&self->bell);
  self->orders = g_array_new (FALSE, FALSE, sizeof (Order));
  self->func = func;
  self->data = data;
  self->work = (RfToyWork){ .playground = playground, .moment = -1, .fresh = TRUE };
  rf_playground_keep_history (playground, TRUE);
  self->thread = g_thread_try_new ("toy", run, self, NULL);
  if (self->thread)
    return self;
  rf_toy_worker_free (self);
  return NULL;
}

void
rf_toy_worker_free (RfToyWorker *self)
{
  if (!self)
    return;
  g_mutex_lock (&self->lock);
  self->ending = TRUE;
  g_cond_signal (&self->bell);
  g_mutex_unlock (&self->lock);
  if (self->thread)
    g_thread_join (self->thread);
  g_clear_handle_id (&self->doorbell, g_source_remove);
  rf_toy_view_unref (self->view);
  rf_playground_free (self->work.playground);
  g_array_unref (self->orders);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->bell);
  g_free (self);
}

void
rf_toy_worker_do (RfToyWorker *self, RfToyCommand command, gpointer data, GDestroyNotify destroy)
{
  const Order order = { command, data, destroy };
  g_mutex_lock (&self->lock);
  g_array_append_val (self->orders, order);
  g_cond_signal (&self->bell);
  g_mutex_unlock (&self->lock);
}
