/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is turned back is found by comparing the experiment before with the one after, in both
 * directions. */

#include "app/turn.h"

#include "app/session-private.h"
#include "model/base/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _RfTurn
{
  RfSession *session;            /* weak */
  RfRun *run;                    /* weak */
  GPtrArray *forward, *backward; /* of RfChange * */
};

RfTurn *
rf_turn_new (RfSession *session, RfRun *run, const GPtrArray *changes, GError **error)
{
  g_return_val_if_fail (RF_IS_SESSION (session) && RF_IS_RUN (run) && changes, NULL);

  RfExperiment *before = rf_run_get_experiment (run);
  g_autoptr (RfExperiment) after = rf_experiment_copy (before);
  for (guint i = 0; i < changes->len; i++)
    {
      const RfChange *change = g_ptr_array_index (changes, i);
      if (!rf_experiment_set_live (after, change->path, change->value, error))
        return NULL;
    }
  RfTurn *self = g_new0 (RfTurn, 1);
  g_set_weak_pointer (&self->session, session);
  g_set_weak_pointer (&self->run, run);
  self->forward = rf_experiment_diff_live (before, after);
  self->backward = rf_experiment_diff_live (after, before);
  return self;
}

void
rf_turn_free (RfTurn *self)
{
  g_clear_weak_pointer (&self->session);
  g_clear_weak_pointer (&self->run);
  g_ptr_array_unref (self->forward);
  g_ptr_array_unref (self->backward);
  g_free (self);
}

gboolean
rf_turn_is_empty (const RfTurn *self)
{
  g_return_val_if_fail (self, TRUE);
  return self->forward->len == 0;
}

gboolean
rf_turn_make (RfTurn *self, gboolean forward, GError **error)
{
  g_return_val_if_fail (self, FALSE);
  if (!self->session || !self->run || rf_run_get_state (self->run) == RF_TRAINER_STOPPED)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_MISSING, _ ("The run is closed."));
      return FALSE;
    }
  const GPtrArray *changes = forward ? self->forward : self->backward;
  const GPtrArray *back = forward ? self->backward : self->forward;
  for (guint i = 0; i < changes->len; i++)
    {
      const RfChange *change = g_ptr_array_index (changes, i);
      if (rf_run_set_live (self->run, change->path, change->value, error))
        continue;
      while (i-- > 0)
        {
          const RfChange *made = g_ptr_array_index (back, i);
          rf_run_set_live (self->run, made->path, made->value, NULL);
        }
      return FALSE;
    }
  for (guint i = 0; i < changes->len; i++)
    rf_session_tell_turned (self->session, self->run, g_ptr_array_index (changes, i));
  return TRUE;
}

static gboolean
apply (gpointer data, gboolean forward)
{
  return rf_turn_make (data, forward, NULL);
}

static gboolean
merge (gpointer data, gpointer newer)
{
  RfTurn *self = data, *next = newer;
  if (self->run != next->run || self->forward->len != next->forward->len)
    return FALSE;
  for (guint i = 0; i < self->forward->len; i++)
    {
      const RfChange *a = g_ptr_array_index (self->forward, i);
      const RfChange *b = g_ptr_array_index (next->forward, i);
      if (!g_str_equal (a->path, b->path))
        return FALSE;
    }
  GPtrArray *forward = self->forward;
  self->forward = next->forward;
  next->forward = forward;
  return TRUE;
}

static void
free_turn (gpointer data)
{
  rf_turn_free (data);
}

const RfEditClass rf_turn_edit_class = { apply, merge, free_turn };

/* ---- in words ---- */

typedef struct
{
  const char *path;
  const char *title;
} Search;

static void
match (const RfOptionPlace *place, gpointer data)
{
  Search *search = data;
  if (g_str_equal (place->path, search->path))
    search->title = place->option->title;
}

char *
rf_turn_describe (RfRun *run, const char *path)
{
  g_return_val_if_fail (RF_IS_RUN (run) && path, NULL);

  Search search = { path, NULL };
  rf_experiment_foreach_option (rf_run_get_experiment (run), match, &search);
  if (!search.title)
    return g_strdup (path);

  guint n;
  const RfLayerSummary *layers = rf_run_get_layers (run, &n);
  for (guint i = 0; i < n; i++)
    {
      const gsize length = strlen (layers[i].path);
      if (g_str_has_prefix (path, layers[i].path) && path[length] == '.'
          && !strchr (path + length + 1, '.'))
        /* Translators: an option, the number of its layer. */
        return g_strdup_printf (_ ("%s (%s)"), _ (search.title), layers[i].name);
    }
  return g_strdup (_ (search.title));
}
