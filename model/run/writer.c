/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows wait in two arrays, checkpoints in a queue of two copies made beforehand; one mutex guards
 * them all, held only to hand things over. A checkpoint goes to disk in the order
 *
 *   tables and journal synced → weights → state, which makes it valid → weights.safetensors →
 * pruning
 *
 * so that at any moment the newest valid state has all its rows. Rows go out at least each second.
 */

#include "model/run/writer.h"
#include "model/run/log-file.h"
#include "model/run/tables.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#define N_COPIES      2
#define N_STATES_KEPT 2
#define FLUSH_SECONDS 0.5

typedef struct
{
  RfCheckpoint *checkpoint;
  gboolean epoch_end;
} Job;

struct _RfWriter
{
  char *run;
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_cond_t work, done;

  /* Guarded by the mutex. */
  GArray *steps, *epochs; /* rows handed over */
  Job jobs[N_COPIES];     /* in order; the first stays here until it is written */
  guint n_jobs;
  RfCheckpoint *spare[N_COPIES];
  guint n_spare;
  gboolean busy;  /* the thread has taken rows that are not written yet */
  gboolean hurry; /* somebody waits in rf_writer_drain() */
  gboolean quit;
  GArray *on_disk; /* gint64 steps with weights, until taken; NULL: nothing new */
  GError *failure;
  atomic_bool failed; /* the same, to be looked at between steps */

  /* The thread's own. */
  RfLogFile steps_file, epochs_file;
  GString *steps_text, *epochs_text; /* not yet written */
  GArray *epoch_ends;                /* gint64 steps, ascending */
  GArray *kept;                      /* gint64 steps whose states are known to be kept */

  RfLogFile changes_file; /* the trainer's; the thread only syncs it */
};

static gboolean
flush_rows (RfWriter *self, GArray *steps, GArray *epochs, GError **error)
{
  for (guint i = 0; i < steps->len; i++)
    rf_append_step_row (self->steps_text, &g_array_index (steps, RfStepRow, i));
  for (guint i = 0; i < epochs->len; i++)
    {
      const RfEpochRow *row = &g_array_index (epochs, RfEpochRow, i);
      rf_append_epoch_row (self->epochs_text, row);
      g_array_append_val (self->epoch_ends, row->step);
    }
  g_array_set_size (steps, 0);
  g_array_set_size (epochs, 0);

  if (!rf_log_file_append (&self->steps_file, self->steps_text, error))
    return FALSE;
  g_string_truncate (self->steps_text, 0);
  if (!rf_log_file_append (&self->epochs_file, self->epochs_text, error))
    return FALSE;
  g_string_truncate (self->epochs_text, 0);
  return TRUE;
}

static gboolean
contains (const GArray *steps, gint64 step)
{
  for (guint i = steps->len; i > 0; i--)
    if (g_array_index (steps, gint64, i - 1) == step)
      return TRUE;
  return FALSE;
}

static void
remove_part (const RfWriter *self, gint64 step, RfCheckpointPart part)
{
  g_autofree char *path = rf_checkpoint_path (self->run, step, part);
  g_unlink (path);
}

/* TRUE for a state that somebody forked from; each such file is opened once. */
static gboolean
is_kept (RfWriter *self, gint64 step)
{
  if (contains (self->kept, step))
    return TRUE;
  if (!rf_checkpoint_is_kept (self->run, step))
    return FALSE;
  g_array_append_val (self->kept, step);
  return TRUE;
}

/* Keeps the newest states and those of forks, and the weights of both and of every epoch. Returns
 * the steps that have weights. */
static GArray *
prune (RfWriter *self)
{
  g_autoptr (GArray) states = rf_checkpoints_list (self->run, RF_CHECKPOINT_STATE);
  g_autoptr (GArray) weights = rf_checkpoints_list (self->run, RF_CHECKPOINT_WEIGHTS);
  GArray *left = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint n_old = states->len > N_STATES_KEPT ? states->len - N_STATES_KEPT : 0;
  gint64 oldest_kept = states->len > 0 ? g_array_index (states, gint64, n_old) : 0;

  for (guint i = 0; i < n_old; i++)
    if (!is_kept (self, g_array_index (states, gint64, i)))
      remove_part (self, g_array_index (states, gint64, i), RF_CHECKPOINT_STATE);
  for (guint i = 0; i < weights->len; i++)
    {
      gint64 step = g_array_index (weights, gint64, i);
      if (step >= oldest_kept || contains (self->epoch_ends, step) || contains (self->kept, step))
        g_array_append_val (left, step);
      else
        remove_part (self, step, RF_CHECKPOINT_WEIGHTS);
    }
  return left;
}

static gboolean
write_job (RfWriter *self, const Job *job, GError **error)
{
  if (!rf_log_file_sync (&self->steps_file, error) || !rf_log_file_sync (&self->epochs_file, error)
      || !rf_log_file_sync (&self->changes_file, error)
      || !rf_checkpoint_write (job->checkpoint, self->run, error))
    return FALSE;
  if (job->epoch_end)
    {
      g_autofree char *path = g_build_filename (self->run, "weights.safetensors", NULL);
      if (!rf_checkpoint_write_weights (job->checkpoint, path, error))
        return FALSE;
    }
  g_autoptr (GArray) left = prune (self);
  pthread_mutex_lock (&self->mutex);
  GArray *old = self->on_disk;
  self->on_disk = g_steal_pointer (&left);
  pthread_mutex_unlock (&self->mutex);
  g_clear_pointer (&old, g_array_unref);
  return TRUE;
}

static gboolean
has_rows (const RfWriter *self)
{
  return self->steps->len > 0 || self->epochs->len > 0;
}

/* Sleeps until there is something to write; rows may wait a little for more of their kind. */
static void
wait_for_work (RfWriter *self, const struct timespec *flush_time)
{
  while (!self->quit)
    if (self->failure || !(has_rows (self) || self->busy || self->n_jobs > 0))
      pthread_cond_wait (&self->work, &self->mutex);
    else if (self->hurry || self->busy || self->n_jobs > 0
             || pthread_cond_timedwait (&self->work, &self->mutex, flush_time) == ETIMEDOUT)
      return;
}

static void
set_flush_time (struct timespec *time)
{
  clock_gettime (CLOCK_MONOTONIC, time);
  time->tv_nsec += (long) (FLUSH_SECONDS * 1e9);
  time->tv_sec += time->tv_nsec / 1000000000;
  time->tv_nsec %= 1000000000;
}

/* Swaps the rows handed over with an empty array. */
static void
take_rows (GArray **handed_over, GArray **taken)
{
  GArray *empty = *taken;
  *taken = *handed_over;
  *handed_over = empty;
}

static void *
write_folder (void *data)
{
  RfWriter *self = data;
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (RfStepRow));
  GArray *epochs = g_array_new (FALSE, FALSE, sizeof (RfEpochRow));
  struct timespec flush_time;

  set_flush_time (&flush_time);
  pthread_mutex_lock (&self->mutex);
  while (TRUE)
    {
      wait_for_work (self, &flush_time);
      if (self->failure || !(has_rows (self) || self->busy || self->n_jobs > 0))
        break; /* told to quit */

      Job job = self->jobs[0];
      gboolean has_job = self->n_jobs > 0;
      GError *error = NULL;
      take_rows (&self->steps, &steps);
      take_rows (&self->epochs, &epochs);
      self->busy = TRUE;
      pthread_mutex_unlock (&self->mutex);

      gboolean written = flush_rows (self, steps, epochs, &error)
                         && (!has_job || write_job (self, &job, &error));
      set_flush_time (&flush_time);

      pthread_mutex_lock (&self->mutex);
      self->busy = !written;
      self->failure = error;
      atomic_store (&self->failed, !written);
      if (written && has_job)
        {
          self->spare[self->n_spare++] = job.checkpoint;
          self->jobs[0] = self->jobs[1];
          self->n_jobs--;
        }
      pthread_cond_broadcast (&self->done);
    }
  pthread_mutex_unlock (&self->mutex);
  g_array_unref (steps);
  g_array_unref (epochs);
  return NULL;
}

static gboolean
open_files (RfWriter *self, GError **error)
{
  g_autofree char *steps = g_build_filename (self->run, "steps.csv", NULL);
  g_autofree char *epochs = g_build_filename (self->run, "epochs.csv", NULL);
  g_autofree char *changes = g_build_filename (self->run, "changes.jsonl", NULL);
  g_autoptr (GArray) rows = rf_run_read_epochs (self->run, error);

  if (!rows)
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    g_array_append_val (self->epoch_ends, g_array_index (rows, RfEpochRow, i).step);
  return rf_log_file_open (&self->steps_file, steps, error)
         && rf_log_file_open (&self->epochs_file, epochs, error)
         && rf_log_file_open (&self->changes_file, changes, error);
}

/* Two copies, or one where memory is short: then training waits for the disk now and then. */
static gboolean
make_copies (RfWriter *self, RfEngine *engine, GError **error)
{
  GError *why = NULL;
  while (self->n_spare < N_COPIES
         && (self->spare[self->n_spare] = rf_checkpoint_new (engine, &why)))
    self->n_spare++;
  if (self->n_spare == 0)
    {
      g_propagate_prefixed_error (error, why, "%s", _ ("A copy of the weights for checkpoints: "));
      return FALSE;
    }
  g_clear_error (&why);
  return TRUE;
}

static void
free_parts (RfWriter *self)
{
  for (guint i = 0; i < self->n_jobs; i++)
    rf_checkpoint_free (self->jobs[i].checkpoint);
  for (guint i = 0; i < self->n_spare; i++)
    rf_checkpoint_free (self->spare[i]);
  rf_log_file_close (&self->steps_file);
  rf_log_file_close (&self->epochs_file);
  rf_log_file_close (&self->changes_file);
  g_array_unref (self->steps);
  g_array_unref (self->epochs);
  g_array_unref (self->epoch_ends);
  g_array_unref (self->kept);
  g_clear_pointer (&self->on_disk, g_array_unref);
  g_string_free (self->steps_text, TRUE);
  g_string_free (self->epochs_text, TRUE);
  g_clear_error (&self->failure);
  pthread_cond_destroy (&self->work);
  pthread_cond_destroy (&self->done);
  pthread_mutex_destroy (&self->mutex);
  g_free (self->run);
  g_free (self);
}

RfWriter *
rf_writer_new (const char *run, RfEngine *engine, GError **error)
{
  RfWriter *self = g_new0 (RfWriter, 1);
  pthread_condattr_t monotonic;

  self->run = g_strdup (run);
  self->steps = g_array_new (FALSE, FALSE, sizeof (RfStepRow));
  self->epochs = g_array_new (FALSE, FALSE, sizeof (RfEpochRow));
  self->epoch_ends = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->kept = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->steps_text = g_string_new (NULL);
  self->epochs_text = g_string_new (NULL);
  pthread_mutex_init (&self->mutex, NULL);
  pthread_condattr_init (&monotonic);
  pthread_condattr_setclock (&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init (&self->work, &monotonic);
  pthread_cond_init (&self->done, NULL);
  pthread_condattr_destroy (&monotonic);

  if (!make_copies (self, engine, error) || !open_files (self, error))
    {
      free_parts (self);
      return NULL;
    }
  if (pthread_create (&self->thread, NULL, write_folder, self) != 0)
    g_error ("no thread for writing");
  pthread_setname_np (self->thread, "receptive-write");
  return self;
}

void
rf_writer_free (RfWriter *self)
{
  if (!self)
    return;
  pthread_mutex_lock (&self->mutex);
  self->quit = TRUE;
  pthread_cond_signal (&self->work);
  pthread_mutex_unlock (&self->mutex);
  pthread_join (self->thread, NULL);
  free_parts (self);
}

static void
add_row (RfWriter *self, gboolean epoch, const void *row)
{
  pthread_mutex_lock (&self->mutex);
  GArray *rows = epoch ? self->epochs : self->steps;
  g_array_append_vals (rows, row, 1);
  if (rows->len == 1)
    pthread_cond_signal (&self->work);
  pthread_mutex_unlock (&self->mutex);
}

void
rf_writer_add_step (RfWriter *self, const RfStepRow *row)
{
  add_row (self, FALSE, row);
}

void
rf_writer_add_epoch (RfWriter *self, const RfEpochRow *row)
{
  add_row (self, TRUE, row);
}

gboolean
rf_writer_log_changes (RfWriter *self, const GPtrArray *changes, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < changes->len; i++)
    rf_append_change (text, changes->pdata[i]);
  return rf_log_file_append (&self->changes_file, text, error);
}

gboolean
rf_writer_forget_changes (RfWriter *self, gint64 step, GError **error)
{
  g_autoptr (GPtrArray) changes = rf_run_read_changes (self->run, error);
  g_autoptr (GString) text = g_string_new (NULL);
  if (!changes)
    return FALSE;
  for (guint i = 0; i < changes->len; i++)
    if (((RfChange *) changes->pdata[i])->step < step)
      rf_append_change (text, changes->pdata[i]);
  return rf_log_file_replace (&self->changes_file, text, error);
}

RfWriterAnswer
rf_writer_checkpoint (RfWriter *self, const RfMoment *moment, gboolean epoch_end, gboolean wait)
{
  RfCheckpoint *copy = NULL;
  RfWriterAnswer answer = RF_WRITER_BUSY;

  pthread_mutex_lock (&self->mutex);
  while (wait && self->n_spare == 0 && !self->failure)
    pthread_cond_wait (&self->done, &self->mutex);
  if (self->failure)
    answer = RF_WRITER_FAILED;
  else if (self->n_spare > 0)
    copy = self->spare[--self->n_spare];
  pthread_mutex_unlock (&self->mutex);
  if (!copy)
    return answer;

  rf_checkpoint_take (copy, moment);
  answer = rf_checkpoint_is_finite (copy) ? RF_WRITER_TAKEN : RF_WRITER_NOT_FINITE;

  pthread_mutex_lock (&self->mutex);
  if (answer == RF_WRITER_TAKEN)
    self->jobs[self->n_jobs++] = (Job){ copy, epoch_end };
  else
    self->spare[self->n_spare++] = copy;
  pthread_cond_signal (&self->work);
  pthread_mutex_unlock (&self->mutex);
  return answer;
}

GArray *
rf_writer_take_checkpoints (RfWriter *self)
{
  pthread_mutex_lock (&self->mutex);
  GArray *steps = g_steal_pointer (&self->on_disk);
  pthread_mutex_unlock (&self->mutex);
  return steps;
}

gboolean
rf_writer_has_failed (RfWriter *self)
{
  return atomic_load (&self->failed);
}

GError *
rf_writer_get_failure (RfWriter *self)
{
  pthread_mutex_lock (&self->mutex);
  GError *failure = self->failure ? g_error_copy (self->failure) : NULL;
  pthread_mutex_unlock (&self->mutex);
  return failure;
}

void
rf_writer_retry (RfWriter *self)
{
  pthread_mutex_lock (&self->mutex);
  g_clear_error (&self->failure);
  atomic_store (&self->failed, FALSE);
  pthread_cond_signal (&self->work);
  pthread_mutex_unlock (&self->mutex);
}

gboolean
rf_writer_drain (RfWriter *self)
{
  pthread_mutex_lock (&self->mutex);
  self->hurry = TRUE;
  pthread_cond_signal (&self->work);
  while (!self->failure && (has_rows (self) || self->busy || self->n_jobs > 0))
    pthread_cond_wait (&self->done, &self->mutex);
  self->hurry = FALSE;
  gboolean written = !self->failure;
  pthread_mutex_unlock (&self->mutex);
  return written;
}
