/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/session.h"

#include "app/settings.h"
#include "model/base/error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

struct _RfSession
{
  GObject parent_instance;

  RfRun *run;
  GCancellable *loading; /* of the newest request; NULL: none */
  char *activity;
  double progress;

  guint n_busy; /* runs that are being opened or closed */
  GTask *close; /* somebody waits for the last of them */
};

G_DEFINE_FINAL_TYPE (RfSession, rf_session, G_TYPE_OBJECT)

enum
{
  PROP_RUN = 1,
  PROP_LOADING,
  PROP_PROGRESS,
  PROP_ACTIVITY,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

enum
{
  FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* A request to open something, from the main thread to the worker and back. */
typedef struct
{
  RfSession *session;
  GCancellable *cancellable;
  char *path; /* asked for; NULL for an experiment at hand */
  RfExperiment *experiment;
  char *folder;
  gboolean resume;
  gint progress;  /* in thousandths, set by the worker */
  guint watch_id; /* looks at it */
} Opening;

static void
return_closed (RfSession *self)
{
  if (self->close && self->n_busy == 0)
    {
      g_autoptr (GTask) task = g_steal_pointer (&self->close);
      g_task_return_boolean (task, TRUE);
    }
}

static void
opening_free (Opening *opening)
{
  g_clear_handle_id (&opening->watch_id, g_source_remove);
  g_clear_pointer (&opening->experiment, rf_experiment_unref);
  g_clear_object (&opening->cancellable);
  g_free (opening->path);
  g_free (opening->folder);
  opening->session->n_busy--;
  return_closed (opening->session);
  g_object_unref (opening->session);
  g_free (opening);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opening, opening_free)

char *
rf_session_runs_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "receptive", "runs", NULL);
}

/* "small CNN on CIFAR-10" → "small-cnn-on-cifar-10-20260131-142501". */
static char *
make_run_folder (const char *name)
{
  GString *slug = g_string_new (NULL);
  for (const char *c = name ? name : ""; *c && slug->len < 48; c++)
    {
      if (g_ascii_isalnum (*c))
        g_string_append_c (slug, g_ascii_tolower (*c));
      else if (slug->len > 0 && slug->str[slug->len - 1] != '-')
        g_string_append_c (slug, '-');
    }
  if (slug->len > 0 && slug->str[slug->len - 1] == '-')
    g_string_truncate (slug, slug->len - 1);
  if (slug->len == 0)
    g_string_assign (slug, "run");

  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%Y%m%d-%H%M%S");
  g_autofree char *runs = rf_session_runs_folder ();
  g_autofree char *base = g_strdup_printf ("%s/%s-%s", runs, slug->str, date);
  g_string_free (slug, TRUE);
  char *folder = g_strdup (base);
  for (int i = 2; g_file_test (folder, G_FILE_TEST_EXISTS); i++)
    {
      g_free (folder);
      folder = g_strdup_printf ("%s-%d", base, i);
    }
  return folder;
}

static void
fail (RfSession *self, const char *message)
{
  g_signal_emit (self, signals[FAILED], 0, message);
}

static void
set_activity (RfSession *self, char *activity)
{
  g_free (self->activity);
  self->activity = activity;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ACTIVITY]);
}

static void
set_progress (RfSession *self, double progress)
{
  if (self->progress == progress)
    return;
  self->progress = progress;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROGRESS]);
}

static void
set_loading (RfSession *self, GCancellable *cancellable)
{
  const gboolean changed = (self->loading != NULL) != (cancellable != NULL);
  if (self->loading && self->loading != cancellable)
    g_cancellable_cancel (self->loading);
  g_set_object (&self->loading, cancellable);
  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADING]);
}

/* Opening a run lays out its folder. One that ends before its first step has nothing to keep. */
static void
remove_untouched (const char *folder)
{
  g_autofree char *runs = rf_session_runs_folder ();
  g_autofree char *parent = g_path_get_dirname (folder);
  if (g_strcmp0 (runs, parent) != 0)
    return;
  const char *const inside[] = { "checkpoints", "." };
  for (guint i = 0; i < G_N_ELEMENTS (inside); i++)
    {
      g_autofree char *path = g_build_filename (folder, inside[i], NULL);
      g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
      const char *name;
      while (dir && (name = g_dir_read_name (dir)))
        {
          g_autofree char *file = g_build_filename (path, name, NULL);
          g_unlink (file);
        }
      g_rmdir (i + 1 < G_N_ELEMENTS (inside) ? path : folder);
    }
}

static void
run_closed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RfSession) self = data;
  RfRun *run = RF_RUN (source);
  g_autoptr (GError) error = NULL;
  if (!rf_run_close_finish (run, result, &error))
    g_warning ("%s", error->message);
  else if (rf_run_get_step (run) == 0)
    remove_untouched (rf_run_get_folder (run));
  g_object_unref (run);
  self->n_busy--;
  return_closed (self);
}

/* Takes over the caller's reference. */
static void
close_run (RfSession *self, RfRun *run)
{
  self->n_busy++;
  rf_run_close_async (run, run_closed_cb, g_object_ref (self));
}

/* The next start begins where this one was. */
static void
remember (const char *path)
{
  GSettings *settings = rf_settings_get ();
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  if (settings)
    g_settings_set_string (settings, "last-experiment", absolute);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Opening) opening = data;
  RfSession *self = opening->session;
  g_autoptr (GError) error = NULL;
  RfRun *run = rf_run_open_finish (result, &error);
  const gboolean wanted = self->loading == opening->cancellable;

  if (wanted)
    set_loading (self, NULL);
  if (!run)
    {
      if (wanted && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        fail (self, error->message);
      return;
    }
  if (!wanted)
    {
      close_run (self, run);
      return;
    }
  if (opening->path && !opening->resume)
    remember (opening->path);
  RfRun *before = self->run;
  self->run = run;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RUN]);
  if (before)
    close_run (self, before);
}

/* Called in the worker: no more than a number is left for the main thread. */
static void
progress_cb (double fraction, const char *what, gpointer data)
{
  Opening *opening = data;
  g_atomic_int_set (&opening->progress, (int) (1000 * fraction));
}

static gboolean
watch_cb (gpointer data)
{
  Opening *opening = data;
  if (opening->session->loading == opening->cancellable)
    set_progress (opening->session, g_atomic_int_get (&opening->progress) / 1000.0);
  return G_SOURCE_CONTINUE;
}

static void
open_run (Opening *opening)
{
  RfSession *self = opening->session;
  /* Translators: the name of an experiment. */
  set_activity (self, g_strdup_printf (_ ("Loading the data of “%s”"), opening->experiment->name));
  opening->watch_id = g_timeout_add (100, watch_cb, opening);
  GSettings *settings = rf_settings_get ();
  g_autofree char *data = settings ? g_settings_get_string (settings, "data-folder") : NULL;
  const RfRunOptions options = {
    .folder = opening->folder,
    .resume = opening->resume,
    .data_folder = data && *data ? data : NULL,
    .progress = progress_cb,
    .progress_data = opening,
  };
  rf_run_open_async (opening->experiment, &options, opening->cancellable, opened_cb, opening);
}

static Opening *
opening_new (RfSession *self)
{
  Opening *opening = g_new0 (Opening, 1);
  opening->session = g_object_ref (self);
  self->n_busy++;
  opening->cancellable = g_cancellable_new ();
  set_progress (self, 0);
  set_loading (self, opening->cancellable);
  return opening;
}

static void
read_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Opening *opening = data;
  GError *error = NULL;
  opening->experiment = rf_run_read_experiment (opening->path, &opening->resume, &error);
  if (!opening->experiment)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Opening) opening = data;
  RfSession *self = opening->session;
  g_autoptr (GError) error = NULL;
  const gboolean read = g_task_propagate_boolean (G_TASK (result), &error);
  if (self->loading != opening->cancellable)
    return;
  if (!read)
    {
      set_loading (self, NULL);
      fail (self, error->message);
      return;
    }
  opening->folder = opening->resume ? g_canonicalize_filename (opening->path, NULL)
                                    : make_run_folder (opening->experiment->name);
  if (self->run && g_strcmp0 (opening->folder, rf_run_get_folder (self->run)) == 0)
    {
      set_loading (self, NULL);
      fail (self, _ ("This run is open already."));
      return;
    }
  open_run (g_steal_pointer (&opening));
}

void
rf_session_open (RfSession *self, const char *path)
{
  g_return_if_fail (RF_IS_SESSION (self) && path);
  RF_ASSERT_MAIN_THREAD ();

  Opening *opening = opening_new (self);
  opening->path = g_strdup (path);
  g_autofree char *name = g_path_get_basename (path);
  /* Translators: the name of a file. */
  set_activity (self, g_strdup_printf (_ ("Reading %s"), name));
  g_autoptr (GTask) task = g_task_new (self, opening->cancellable, read_cb, opening);
  g_task_set_task_data (task, opening, NULL);
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, read_thread);
}

void
rf_session_open_experiment (RfSession *self, RfExperiment *experiment)
{
  g_return_if_fail (RF_IS_SESSION (self) && experiment);
  RF_ASSERT_MAIN_THREAD ();

  Opening *opening = opening_new (self);
  opening->experiment = rf_experiment_ref (experiment);
  opening->folder = make_run_folder (experiment->name);
  open_run (opening);
}

void
rf_session_cancel (RfSession *self)
{
  g_return_if_fail (RF_IS_SESSION (self));
  set_loading (self, NULL);
}

void
rf_session_reset (RfSession *self)
{
  g_return_if_fail (RF_IS_SESSION (self));
  if (!self->run)
    return;
  rf_run_pause (self->run);
  rf_session_open_experiment (self, rf_run_get_experiment (self->run));
}

void
rf_session_close_async (RfSession *self, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (RF_IS_SESSION (self) && !self->close);
  RF_ASSERT_MAIN_THREAD ();

  self->close = g_task_new (self, NULL, callback, data);
  set_loading (self, NULL);
  if (self->run)
    {
      close_run (self, g_steal_pointer (&self->run));
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RUN]);
    }
  return_closed (self);
}

gboolean
rf_session_close_finish (RfSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

RfRun *
rf_session_get_run (RfSession *self)
{
  g_return_val_if_fail (RF_IS_SESSION (self), NULL);
  return self->run;
}

gboolean
rf_session_get_loading (RfSession *self)
{
  g_return_val_if_fail (RF_IS_SESSION (self), FALSE);
  return self->loading != NULL;
}

static void
rf_session_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RfSession *self = RF_SESSION (object);
  switch (id)
    {
    case PROP_RUN:
      g_value_set_object (value, self->run);
      break;
    case PROP_LOADING:
      g_value_set_boolean (value, self->loading != NULL);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, self->progress);
      break;
    case PROP_ACTIVITY:
      g_value_set_string (value, self->activity);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rf_session_finalize (GObject *object)
{
  RfSession *self = RF_SESSION (object);
  g_assert (!self->run);
  g_clear_object (&self->loading);
  g_free (self->activity);
  G_OBJECT_CLASS (rf_session_parent_class)->finalize (object);
}

static void
rf_session_class_init (RfSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = rf_session_get_property;
  object_class->finalize = rf_session_finalize;

  props[PROP_RUN] = g_param_spec_object ("run", NULL, NULL, RF_TYPE_RUN, flags);
  props[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, flags);
  props[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0, 1, 0, flags);
  props[PROP_ACTIVITY] = g_param_spec_string ("activity", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[FAILED] = g_signal_new ("failed", RF_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
rf_session_init (RfSession *self)
{
}

RfSession *
rf_session_new (void)
{
  return g_object_new (RF_TYPE_SESSION, NULL);
}
