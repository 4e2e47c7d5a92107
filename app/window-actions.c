/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the window can be told to do, by buttons, menus and keys. The actions are those of the
 * window's action group, so that panes in windows of their own can be given them too. */

#include "app/preferences.h"
#include "app/seeds-dialog.h"
#include "app/window-private.h"

#include <glib/gi18n-lib.h>

#define HANDLER(name) static void name (GSimpleAction *action, GVariant *parameter, gpointer data)

HANDLER (train)
{
  RfRun *run = rf_session_get_run (RF_WINDOW (data)->session);
  if (rf_run_get_state (run) == RF_TRAINER_RUNNING)
    rf_run_pause (run);
  else
    rf_run_start (run);
}

HANDLER (step)
{
  rf_run_step (rf_session_get_run (RF_WINDOW (data)->session));
}

HANDLER (reset)
{
  rf_session_reset (RF_WINDOW (data)->session);
}

HANDLER (new_seed)
{
  rf_session_new_seed (RF_WINDOW (data)->session);
}

HANDLER (fork_run)
{
  RfSession *session = RF_WINDOW (data)->session;
  rf_session_fork (session, rf_session_get_moment (session));
}

HANDLER (swap)
{
  rf_session_swap (RF_WINDOW (data)->session);
}

/* Turned like any option, so that it is on record and can be undone. */
HANDLER (train_endless)
{
  RfSession *session = RF_WINDOW (data)->session;
  g_autoptr (GError) error = NULL;
  if (!rf_session_turn (session, "training.epochs", RF_MAX_EPOCHS, &error))
    rf_window_say (data, error->message);
  else
    rf_run_start (rf_session_get_run (session));
}

HANDLER (several_seeds)
{
  rf_seeds_dialog_show (data, RF_WINDOW (data)->session);
}

HANDLER (cancel)
{
  rf_session_cancel (RF_WINDOW (data)->session);
}

HANDLER (open_experiment)
{
  rf_window_choose_experiment (data);
}

HANDLER (open_run)
{
  rf_window_choose_run (data);
}

HANDLER (open_pictures)
{
  rf_window_choose_pictures (data);
}

HANDLER (open_path)
{
  rf_window_open (data, g_variant_get_string (parameter, NULL));
}

HANDLER (open_demo)
{
  rf_window_open_demo (data);
}

HANDLER (save)
{
  rf_window_choose_save (data);
}

HANDLER (save_weights)
{
  rf_window_save_weights (data);
}

HANDLER (show_folder)
{
  RfRun *run = rf_session_get_run (RF_WINDOW (data)->session);
  g_autofree char *uri = g_filename_to_uri (rf_run_get_folder (run), NULL, NULL);
  gtk_show_uri (GTK_WINDOW (data), uri, GDK_CURRENT_TIME);
}

HANDLER (say)
{
  rf_window_say (data, g_variant_get_string (parameter, NULL));
}

/* ---- edits ---- */

static void
say_edit (RfWindow *self, const char *format, const char *label)
{
  g_autofree char *message = g_strdup_printf (format, label);
  rf_window_say (self, message);
}

HANDLER (undo)
{
  RfWindow *self = data;
  RfHistory *history = rf_session_get_history (self->session);
  g_autofree char *label = g_strdup (rf_history_get_undo_label (history));
  if (rf_history_undo (history))
    /* Translators: what was undone: the name of an option. */
    say_edit (self, _ ("Undone: %s"), label);
}

HANDLER (redo)
{
  RfWindow *self = data;
  RfHistory *history = rf_session_get_history (self->session);
  g_autofree char *label = g_strdup (rf_history_get_redo_label (history));
  if (rf_history_redo (history))
    /* Translators: what was done again: the name of an option. */
    say_edit (self, _ ("Done again: %s"), label);
}

/* ---- view ---- */

HANDLER (maximize_pane)
{
  RfPage *page = rf_window_get_page (data);
  RfPaneFrame *frame = page ? rf_page_get_frame (page) : NULL;
  if (frame)
    rf_pane_frame_set_maximized (frame, !rf_pane_frame_get_maximized (frame));
}

HANDLER (pop_out_pane)
{
  RfPage *page = rf_window_get_page (data);
  RfPaneFrame *frame = page ? rf_page_get_frame (page) : NULL;
  if (!frame)
    return;
  if (rf_pane_frame_get_window (frame))
    rf_pane_frame_bring_back (frame);
  else
    rf_pane_frame_pop_out (frame);
}

HANDLER (presenting)
{
  RfWindow *self = data;
  const gboolean on = !self->presenting;
  g_simple_action_set_state (action, g_variant_new_boolean (on));
  rf_window_set_presenting (self, on);
}

HANDLER (preferences)
{
  rf_preferences_show (GTK_WINDOW (data));
}

/* ---- all of them ---- */

static void
enable (RfWindow *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

void
rf_window_update_actions (RfWindow *self)
{
  RfRun *run = rf_session_get_run (self->session);
  RfHistory *history = rf_session_get_history (self->session);
  const RfTrainerState state = run ? rf_run_get_state (run) : RF_TRAINER_STOPPED;
  const gboolean loading = rf_session_get_loading (self->session);
  const gboolean waits = state == RF_TRAINER_PAUSED || state == RF_TRAINER_DISK;
  enable (self, "train", waits || state == RF_TRAINER_RUNNING);
  enable (self, "step", waits);
  enable (self, "reset", run && !loading);
  enable (self, "new-seed", run && !loading);
  enable (self, "several-seeds", run && !loading);
  enable (self, "train-endless", run && state != RF_TRAINER_DIVERGED);
  enable (self, "fork", !loading && rf_session_can_fork (self->session));
  enable (self, "swap", rf_session_get_other (self->session) != NULL);
  enable (self, "save", run != NULL);
  enable (self, "save-weights", run != NULL);
  enable (self, "show-folder", run != NULL);
  enable (self, "cancel", loading);
  enable (self, "undo", rf_history_get_undo_label (history) != NULL);
  enable (self, "redo", rf_history_get_redo_label (history) != NULL);
}

void
rf_window_init_actions (RfWindow *self)
{
  static const GActionEntry entries[] = {
    { "train", train },
    { "step", step },
    { "reset", reset },
    { "new-seed", new_seed },
    { "fork", fork_run },
    { "swap", swap },
    { "train-endless", train_endless },
    { "several-seeds", several_seeds },
    { "cancel", cancel },
    { "open", open_experiment },
    { "open-run", open_run },
    { "open-pictures", open_pictures },
    { "open-path", open_path, "s" },
    { "open-demo", open_demo },
    { "save", save },
    { "save-weights", save_weights },
    { "show-folder", show_folder },
    { "say", say, "s" },
    { "undo", undo },
    { "redo", redo },
    { "maximize-pane", maximize_pane },
    { "pop-out-pane", pop_out_pane },
    { "presenting", presenting, NULL, "false" },
    { "preferences", preferences },
  };
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
