/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The window: header bar, panes, and what is said about the run as a whole. It watches the session
 * and, through a signal group that follows it, the run. */

#include "app/window-private.h"

#include "app/pace.h"
#include "app/runs-folder.h"
#include "app/settings.h"
#include "app/text.h"
#include "widgets/rhythm.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define TELL_EVERY (G_USEC_PER_SEC / 5) /* numbers that change faster cannot be read */

G_DEFINE_FINAL_TYPE (RfWindow, rf_window, ADW_TYPE_APPLICATION_WINDOW)

RfSession *
rf_window_get_session (RfWindow *self)
{
  g_return_val_if_fail (RF_IS_WINDOW (self), NULL);
  return self->session;
}

void
rf_window_open (RfWindow *self, const char *path)
{
  g_return_if_fail (RF_IS_WINDOW (self) && path);
  rf_session_open (self->session, path);
}

static char *
format_time_left (double seconds)
{
  if (seconds < 60)
    return g_strdup_printf (_ ("%.0f s left"), ceil (seconds));
  if (seconds < 3600)
    return g_strdup_printf (_ ("%.0f min left"), ceil (seconds / 60));
  const double minutes = ceil (seconds / 60);
  return g_strdup_printf (_ ("%.0f h %.0f min left"), floor (minutes / 60), fmod (minutes, 60));
}

/* By its epochs, not by those that it was to have: they may have been changed on the way. */
static void
append_end (GString *text, RfRun *run)
{
  const int wanted = rf_run_get_experiment (run)->training.epochs;
  gsize n;
  const RfEpochRow *epochs = rf_run_get_epochs (run, &n);
  const int done = n > 0 ? (int) epochs[n - 1].epoch : 0;
  if (done >= wanted)
    g_string_append_printf (text, ngettext ("done after %d epoch", "done after %d epochs", done),
                            done);
  else if (wanted >= RF_MAX_EPOCHS)
    g_string_append_printf (text, _ ("stopped early after epoch %d"), done);
  else
    g_string_append_printf (text, _ ("stopped early after epoch %d of %d"), done, wanted);
}

/* "epoch 3 of 20 · 62 % · 1,930 images/s · 2 min left" */
static char *
describe_progress (RfRun *run)
{
  const RfTrainerState state = rf_run_get_state (run);
  const int epochs = rf_run_get_experiment (run)->training.epochs;
  const gboolean endless = epochs >= RF_MAX_EPOCHS;
  double speed, left;
  gboolean evaluating;
  g_object_get (run, "images-per-second", &speed, "seconds-left", &left, "evaluating", &evaluating,
                NULL);

  GString *text = g_string_new (NULL);
  if (state == RF_TRAINER_FINISHED)
    append_end (text, run);
  else if (endless)
    g_string_append_printf (text, _ ("epoch %d · until stopped"), (int) rf_run_get_epoch (run));
  else
    g_string_append_printf (text, _ ("epoch %d of %d · %.0f %%"),
                            (int) MIN (rf_run_get_epoch (run), epochs), epochs,
                            floor (100 * rf_run_get_fraction (run)));
  if (evaluating)
    g_string_append (text, _ (" · measuring on held-out pictures"));
  else if (state == RF_TRAINER_RUNNING && speed > 0)
    {
      g_autofree char *count = rf_text_count (speed);
      g_string_append_printf (text, _ (" · %s images/s"), count);
      if (left > 0 && isfinite (left) && !endless)
        {
          g_autofree char *time = format_time_left (left);
          g_string_append_printf (text, " · %s", time);
        }
    }
  else if (state == RF_TRAINER_PAUSED && rf_run_get_step (run) > 0)
    g_string_append (text, _ (" · paused"));
  else if (state == RF_TRAINER_DISK)
    g_string_append (text, _ (" · paused: the disk is full"));
  else if (state == RF_TRAINER_DIVERGED)
    g_string_append (text, _ (" · diverged"));
  return g_string_free (text, FALSE);
}

static void
tell_progress (RfWindow *self)
{
  RfRun *run = rf_session_get_run (self->session);
  self->told = g_get_monotonic_time ();
  g_autofree char *text = run ? describe_progress (run) : g_strdup ("");
  adw_window_title_set_subtitle (self->title, text);
  gtk_progress_bar_set_fraction (self->progress, run ? CLAMP (rf_run_get_fraction (run), 0, 1) : 0);
}

static void
tell_cb (gpointer data)
{
  RfWindow *self = data;
  self->tell_id = 0;
  tell_progress (self);
}

static void
rows_cb (RfWindow *self)
{
  if (!g_action_group_get_action_enabled (G_ACTION_GROUP (self), "fork"))
    rf_window_update_actions (self);
  if (self->tell_id == 0 && g_get_monotonic_time () - self->told >= TELL_EVERY)
    self->tell_id = rf_rhythm_next (tell_cb, self);
}

static const char *
describe_train (RfRun *run)
{
  switch (run ? rf_run_get_state (run) : RF_TRAINER_STOPPED)
    {
    case RF_TRAINER_RUNNING:
      return _ ("Pause after this step and save (F5)");
    case RF_TRAINER_FINISHED:
      return _ (
          "The training is done: more epochs, in the settings, let it go on; Reset begins anew");
    case RF_TRAINER_DIVERGED:
      return _ ("The run has diverged; Reset begins a new one");
    default:
      return _ ("Train until paused or done (F5)");
    }
}

/* A run that trains can be paused from every page. */
void
rf_window_show_controls (RfWindow *self)
{
  RfRun *run = rf_session_get_run (self->session);
  const gboolean running = run && rf_run_get_state (run) == RF_TRAINER_RUNNING;
  gtk_widget_set_visible (GTK_WIDGET (self->open_button), !self->presenting);
  gtk_widget_set_visible (self->train_button, !self->alone || running);
  gtk_widget_set_visible (self->step_button, !self->alone && !self->presenting);
  gtk_widget_set_visible (self->reset_button, !self->alone && !self->presenting);
  gtk_widget_set_visible (self->fork_button, !self->alone);
}

static void
state_cb (RfWindow *self)
{
  RfRun *run = rf_session_get_run (self->session);
  const gboolean running = run && rf_run_get_state (run) == RF_TRAINER_RUNNING;
  adw_button_content_set_label (self->train_content, running ? _ ("Pause") : _ ("Train"));
  adw_button_content_set_icon_name (self->train_content,
                                    running ? "rf-pause-symbolic" : "rf-train-symbolic");
  gtk_widget_set_tooltip_text (self->train_button, describe_train (run));
  rf_pace_set_training (running);
  rf_window_update_actions (self);
  rf_window_show_controls (self);
  tell_progress (self);
}

/* "B · Shapes: a small CNN, forked at step 780" */
static char *
make_title (RfWindow *self)
{
  RfRun *run = rf_session_get_run (self->session);
  const char *letter = run ? rf_session_get_letter (self->session, run) : NULL;
  const RfExperiment *experiment = run ? rf_run_get_experiment (run) : NULL;
  const char *name = experiment && *experiment->name ? experiment->name : _ ("Receptive");
  if (!letter)
    return g_strdup (name);
  if (!g_str_equal (letter, "B"))
    return g_strdup_printf ("%s · %s", letter, name);
  g_autofree char *step = rf_text_count ((double) experiment->parent_step);
  /* Translators: the letter of a run, the name of its experiment, a number. */
  return g_strdup_printf (_ ("%s · %s, forked at step %s"), letter, name, step);
}

static void
other_cb (RfWindow *self)
{
  RfRun *run = rf_session_get_run (self->session);
  const char *letter = run ? rf_session_get_letter (self->session, run) : NULL;
  g_autofree char *title = make_title (self);
  adw_window_title_set_title (self->title, title);
  gtk_window_set_title (GTK_WINDOW (self), title);
  gtk_widget_set_visible (self->swap_button, letter != NULL);
  if (letter)
    {
      const gboolean fork = g_str_equal (letter, "B");
      adw_button_content_set_label (self->swap_content, fork ? "B → A" : "A → B");
    }
  rf_window_update_actions (self);
}

static void
run_cb (RfWindow *self)
{
  RfRun *run = rf_session_get_run (self->session);
  other_cb (self);
  g_signal_group_set_target (self->run, run);
  state_cb (self);
  /* GTK has given the focus to the first thing that could be used before there was a run. */
  if (run && !self->greeted)
    gtk_widget_grab_focus (self->train_button);
  self->greeted = self->greeted || run;
}

/* What is on show: the panes of a run, or that one is being loaded, or that there is none. */
static void
loading_cb (RfWindow *self)
{
  const gboolean loading = rf_session_get_loading (self->session);
  const gboolean has_run = rf_session_get_run (self->session) != NULL;
  /* One that turns unseen would still make a frame 60 times a second. */
  gtk_spinner_set_spinning (self->spinner, loading && has_run);
  gtk_spinner_set_spinning (self->loading_spinner, loading && !has_run);
  gtk_stack_set_visible_child_name (self->stack, has_run ? "pages" : loading ? "loading" : "empty");
  rf_window_update_actions (self);
}

static void
progress_cb (RfWindow *self)
{
  double progress;
  g_object_get (self->session, "progress", &progress, NULL);
  gtk_progress_bar_set_fraction (self->loading_progress, progress);
}

/* The message is a whole sentence with a file and a place in it: more than a toast can hold. */
static void
failed_cb (RfWindow *self, const char *message)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _ ("This Cannot Be Opened"), NULL);
  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), message);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

void
rf_window_say (RfWindow *self, const char *message)
{
  g_autofree char *escaped = g_markup_escape_text (message, -1);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

static void
closed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RfWindow) self = data;
  rf_session_close_finish (RF_SESSION (source), result, NULL);
  gtk_window_destroy (GTK_WINDOW (self));
  g_application_release (g_application_get_default ());
}

/* Hides at once; the program ends when the run has been saved. */
static gboolean
rf_window_close_request (GtkWindow *window)
{
  RfWindow *self = RF_WINDOW (window);
  if (!self->closing)
    {
      self->closing = TRUE;
      rf_window_save_layout (self);
      rf_window_bring_panes_back (self);
      g_application_hold (g_application_get_default ());
      gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
      rf_session_close_async (self->session, closed_cb, g_object_ref (self));
    }
  return TRUE;
}

static void
begin (gpointer data)
{
  g_autoptr (RfWindow) self = data;
  if (self->closing)
    return;
  g_debug ("the first frame is on show");
  rf_runs_folder_keep_quota ();
  rf_window_open_first (self);
  rf_window_fill_open_menu (self);
}

/* The first tick comes before the first frame is painted; an idle of low priority, after. */
static gboolean
first_tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  g_idle_add_once (begin, g_object_ref (widget));
  return G_SOURCE_REMOVE;
}

static void
rf_window_dispose (GObject *object)
{
  RfWindow *self = RF_WINDOW (object);
  g_clear_handle_id (&self->tell_id, rf_rhythm_forget);
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->run);
  gtk_widget_dispose_template (GTK_WIDGET (self), RF_TYPE_WINDOW);
  G_OBJECT_CLASS (rf_window_parent_class)->dispose (object);
}

static void
rf_window_finalize (GObject *object)
{
  RfWindow *self = RF_WINDOW (object);
  g_clear_object (&self->session);
  g_free (self->path);
  G_OBJECT_CLASS (rf_window_parent_class)->finalize (object);
}

static void
rf_window_class_init (RfWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = rf_window_dispose;
  object_class->finalize = rf_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = rf_window_close_request;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/receptive/Receptive/window.ui");
  gtk_widget_class_bind_template_child (widget_class, RfWindow, title);
  gtk_widget_class_bind_template_child (widget_class, RfWindow, open_button);
  gtk_widget_class_bind_template_child (widget_class, RfWindow, train_button);
  gtk_widget_class_bind_template_child (widget_class, RfWindow, train_content);
  gtk_widget_class_bind_template_child (widget_class, RfWindow, step_button);
  gtk_widget_class_bind_template_child (widget_class, RfWindow, fork_button);
  gtk_widget_class_bind_template_child (widget_class, RfWindow, reset_button);
  gtk_widget_class_bind_template_child (widget_class, RfWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, RfWindow, progress);
  gtk_widget_class_bind_template_child (widget_class, RfWindow, loading_spinner);
  gtk_widget_class_bind_template_child (widget_class, RfWindow, loading_progress);
  gtk_widget_class_bind_template_child (widget_class, RfWindow, loading_label);
  gtk_widget_class_bind_template_child (widget_class, RfWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, RfWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, RfWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, RfWindow, swap_button);
  gtk_widget_class_bind_template_child (widget_class, RfWindow, swap_content);
  gtk_widget_class_bind_template_child (widget_class, RfWindow, flap);
  gtk_widget_class_bind_template_child (widget_class, RfWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, RfWindow, sidebar_button);
}

/* The arrow of a split button has a tooltip, but no name of its own. */
static void
name_dropdown (RfWindow *self)
{
  for (GtkWidget *child = gtk_widget_get_first_child (self->train_button); child;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_MENU_BUTTON (child))
      gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _ ("More ways to train"), -1);
}

static void
rf_window_init (RfWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  rf_pace_watch (GTK_WIDGET (self));

  GSettings *settings = rf_settings_get ();
  if (settings)
    {
      g_settings_bind (settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
      g_settings_bind (settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
      g_settings_bind (settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
    }

  self->session = rf_session_new ();
  self->run = g_signal_group_new (RF_TYPE_RUN);
  g_signal_group_connect_swapped (self->run, "rows", G_CALLBACK (rows_cb), self);
  g_signal_group_connect_swapped (self->run, "notify::state", G_CALLBACK (state_cb), self);
  g_signal_group_connect_swapped (self->run, "notify::evaluating", G_CALLBACK (tell_progress),
                                  self);

  name_dropdown (self);
  rf_window_init_actions (self);
  rf_window_init_open (self);
  rf_window_init_pages (self);
  g_signal_connect_object (rf_session_get_history (self->session), "notify::undo-label",
                           G_CALLBACK (rf_window_update_actions), self, G_CONNECT_SWAPPED);

  /* After the panes, so that they are filled when they come on show. */
  g_object_bind_property (self->session, "activity", self->loading_label, "label",
                          G_BINDING_SYNC_CREATE);
  g_signal_connect_swapped (self->session, "notify::run", G_CALLBACK (run_cb), self);
  g_signal_connect_swapped (self->session, "notify::run", G_CALLBACK (loading_cb), self);
  g_signal_connect_swapped (self->session, "notify::other", G_CALLBACK (other_cb), self);
  g_signal_connect_swapped (self->session, "notify::plan", G_CALLBACK (rf_window_update_actions),
                            self);
  g_signal_connect_swapped (self->session, "noted", G_CALLBACK (rf_window_say), self);
  g_signal_connect_swapped (self->session, "notify::loading", G_CALLBACK (loading_cb), self);
  g_signal_connect_swapped (self->session, "notify::progress", G_CALLBACK (progress_cb), self);
  g_signal_connect_swapped (self->session, "failed", G_CALLBACK (failed_cb), self);

  run_cb (self);
  gtk_stack_set_visible_child_name (self->stack, "loading");
  gtk_widget_add_tick_callback (GTK_WIDGET (self), first_tick_cb, NULL, NULL);
}

RfWindow *
rf_window_new (AdwApplication *application, const char *path)
{
  RfWindow *self = g_object_new (RF_TYPE_WINDOW, "application", application, NULL);
  self->path = g_strdup (path);
  return self;
}
