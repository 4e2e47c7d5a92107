/* SPDX-License-Identifier: GPL-3.0-or-later */

/* More than one run on the Lab page: forks, moments gone back to, several seeds, earlier runs laid
 * over; and more than one life of the program. */

#include "app/panes/inside/inside-pane.h"
#include "app/runs-folder.h"
#include "app/seeds.h"
#include "app/settings.h"
#include "model/run/runs-list.h"
#include "tests/app/lab-util.h"

#include <math.h>

static RfSession *
get_session (RfWindow *window)
{
  return rf_window_get_session (window);
}

/* Trained to the end of the epoch and paused: there is a checkpoint then. */
static void
train_epochs (RfWindow *window, gsize n)
{
  RfRun *run = get_run (window);
  gsize have;
  if (rf_run_get_state (run) != RF_TRAINER_RUNNING)
    act (window, "win.train");
  WAIT ((rf_run_get_epochs (run, &have), have >= n));
  pause_run (window);
  WAIT ((rf_run_get_checkpoints (run, &have), have >= 1));
}

/* ---- forking ---- */

static void
fork_run (RfWindow *window)
{
  RfRun *before = get_run (window);
  act (window, "win.fork");
  WAIT (get_run (window) != before);
  wait_for_run (window);
  g_assert_true (rf_session_get_other (get_session (window)) == before);
}

static gboolean
goes_on (RfRun *run, gint64 from)
{
  return rf_run_get_state (run) == RF_TRAINER_RUNNING && rf_run_get_step (run) > from + 3;
}

static void
forking (RfWindow *window)
{
  wait_for_run (window);
  RfSession *session = get_session (window);
  RfRun *a = get_run (window);
  g_assert_false (g_action_group_get_action_enabled (G_ACTION_GROUP (window), "fork"));
  g_assert_false (g_action_group_get_action_enabled (G_ACTION_GROUP (window), "swap"));
  train_steps (window, 10);

  /* From the present, while it trains; both train. */
  fork_run (window);
  RfRun *b = get_run (window);
  const gint64 forked = rf_run_get_experiment (b)->parent_step;
  g_assert_cmpstr (rf_run_get_experiment (b)->parent_run, ==, rf_run_get_folder (a));
  g_assert_cmpint (forked, >=, 10);
  g_assert_cmpint (rf_run_get_step (b), ==, forked);
  g_assert_cmpstr (rf_session_get_letter (session, a), ==, "A");
  g_assert_cmpstr (rf_session_get_letter (session, b), ==, "B");
  WAIT (find_label (window, "forked at step"));
  train_steps (window, 3);
  const gint64 step_a = rf_run_get_step (a), step_b = rf_run_get_step (b);
  WAIT (goes_on (a, step_a) && goes_on (b, step_b));

  /* The knobs are those of the run in front; the other does not hear of them. */
  type_value (find_knob (window, DROPOUT), "0.6");
  WAIT (rf_run_get_changes (b)->len == 1);
  g_assert_cmpuint (rf_run_get_changes (a)->len, ==, 0);
  act (window, "win.swap");
  g_assert_true (get_run (window) == a && rf_session_get_other (session) == b);
  g_assert_cmpfloat (rf_knob_get_value (find_knob (window, DROPOUT)), ==, 0.25);
  WAIT (find_label (window, "A · "));
  pause_run (window);
  g_assert_cmpint (rf_run_get_state (b), ==, RF_TRAINER_RUNNING);
  act (window, "win.swap");
  g_assert_true (get_run (window) == b);
  g_assert_cmpfloat (rf_knob_get_value (find_knob (window, DROPOUT)), ==, 0.6);

  /* One undo is of the run that it was made on, wherever that stands. */
  act (window, "win.swap");
  act (window, "win.undo");
  g_assert_cmpfloat (option_of (window, DROPOUT), ==, 0.25);
  act (window, "win.swap");
  g_assert_cmpfloat (option_of (window, DROPOUT), ==, 0.25);

  /* A third run: the one that was in front stays, the other is closed. */
  g_autofree char *folder_a = g_strdup (rf_run_get_folder (a));
  fork_run (window);
  g_assert_true (rf_session_get_other (session) == b);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rows = rf_run_read_steps (folder_a, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, >=, step_a);
  train_steps (window, 3);
  /* And the window is closed while two train. */
  g_assert_cmpint (rf_run_get_state (b), ==, RF_TRAINER_RUNNING);
}

static void
test_forking (void)
{
  g_autofree char *path = write_experiment ("forking", "\"epochs\": 5000");
  live (path, forking);
}

/* ---- moments ---- */

static RfInsidePane *
find_inside (RfWindow *window)
{
  return RF_INSIDE_PANE (find (GTK_WIDGET (window), RF_TYPE_INSIDE_PANE, NULL, NULL));
}

static gboolean
is_timeline (GtkWidget *widget, gconstpointer what)
{
  const char *tooltip = gtk_widget_get_tooltip_text (widget);
  return tooltip && strstr (tooltip, what);
}

static void
move_timeline (RfWindow *window, double place)
{
  GtkWidget *scale = find (GTK_WIDGET (window), GTK_TYPE_SCALE, is_timeline, "checkpoints");
  gboolean handled;
  g_assert_nonnull (scale);
  g_signal_emit_by_name (scale, "change-value", GTK_SCROLL_JUMP, place, &handled);
}

static double
get_cursor (RfWindow *window, const char *title)
{
  double cursor;
  g_object_get (find_chart (window, title), "cursor", &cursor, NULL);
  return cursor;
}

static void
moments (RfWindow *window)
{
  wait_for_run (window);
  RfSession *session = get_session (window);
  RfInsidePane *inside = find_inside (window);
  train_epochs (window, 2);
  gsize n;
  const gint64 *checkpoints = rf_run_get_checkpoints (get_run (window), &n);
  g_assert_cmpuint (n, >=, 2);
  const gint64 second = checkpoints[1];

  move_timeline (window, 2.2);
  g_assert_cmpint (rf_session_get_moment (session), ==, second);
  g_assert_cmpfloat (get_cursor (window, "Loss"), ==, second);
  g_assert_cmpfloat (get_cursor (window, "Accuracy"), ==, second);
  WAIT (rf_inside_pane_get_step (inside) == second);
  move_timeline (window, 0);
  g_assert_cmpint (rf_session_get_moment (session), ==, 0);
  WAIT (rf_inside_pane_get_step (inside) == 0);
  WAIT (find_label (window, "first weights"));
  /* Training goes on behind it. */
  train_steps (window, 3);
  run_for (100);
  g_assert_cmpint (rf_inside_pane_get_step (inside), ==, 0);

  /* A fork begins at the moment on show. */
  move_timeline (window, 2);
  act (window, "win.fork");
  RfRun *before = get_run (window);
  WAIT (get_run (window) != before);
  wait_for_run (window);
  g_assert_cmpint (rf_run_get_experiment (get_run (window))->parent_step, ==, second);
  g_assert_cmpint (rf_run_get_step (get_run (window)), ==, second);
  g_assert_cmpint (rf_session_get_moment (session), ==, RF_MOMENT_LIVE);
  g_assert_true (isnan (get_cursor (window, "Loss")));
  WAIT (rf_inside_pane_get_step (inside) == second);

  /* Back to now. */
  move_timeline (window, 0);
  WAIT (rf_inside_pane_get_step (inside) == 0);
  move_timeline (window, 1e6);
  g_assert_cmpint (rf_session_get_moment (session), ==, RF_MOMENT_LIVE);
  train_steps (window, 3);
  pause_run (window);
  WAIT (rf_inside_pane_get_step (inside) == rf_run_get_step (get_run (window)));
}

static void
test_moments (void)
{
  g_autofree char *path = write_experiment ("moments", "\"epochs\": 5000");
  live (path, moments);
}

/* ---- seeds, and earlier runs ---- */

static void
seeds (RfWindow *window)
{
  wait_for_run (window);
  RfSession *session = get_session (window);
  RfRun *first = get_run (window);
  const guint before = rf_line_chart_get_n_series (find_chart (window, "Accuracy"));
  g_autofree char *folder_first = g_strdup (rf_run_get_folder (first));
  act (window, "win.several-seeds");
  WAIT (find_dialog ());
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (adw_message_dialog_get_extra_child (find_dialog ())),
                             2);
  adw_message_dialog_response (find_dialog (), "start");
  gtk_window_destroy (GTK_WINDOW (find_dialog ()));
  RfSeeds *study = rf_session_get_seeds (session);
  g_assert_true (rf_seeds_get_running (study));
  WAIT (!rf_seeds_get_running (study) && rf_seeds_get_curves (study)->len == 2);
  g_assert_cmpstr (rf_run_get_folder (get_run (window)), !=, folder_first);
  g_assert_cmpuint (rf_run_get_experiment (get_run (window))->training.seed, ==, 2);
  g_assert_cmpint (rf_run_get_state (get_run (window)), ==, RF_TRAINER_FINISHED);
  /* The band is one series more, and the figures of both runs differ. */
  WAIT (rf_line_chart_get_n_series (find_chart (window, "Accuracy")) == before + 1);
  gsize n;
  rf_line_chart_get_values (find_chart (window, "Loss"), before, &n);
  g_assert_cmpuint (n, ==, 2);

  /* Something else: no band any more. */
  act (window, "win.new-seed");
  WAIT (rf_seeds_get_curves (study)->len == 0);
  wait_for_run (window);
  g_assert_cmpuint (rf_run_get_experiment (get_run (window))->training.seed, ==, 3);
  WAIT (rf_line_chart_get_n_series (find_chart (window, "Accuracy")) == before);

  /* The first run, laid over: two lines more in each chart, and gone again. */
  RfComparison *comparison = rf_session_get_comparison (session);
  rf_comparison_set (comparison, folder_first, TRUE);
  WAIT (rf_line_chart_get_n_series (find_chart (window, "Accuracy")) == before + 2);
  train_steps (window, 3);
  rf_comparison_set (comparison, folder_first, FALSE);
  WAIT (rf_line_chart_get_n_series (find_chart (window, "Accuracy")) == before);

  /* The run that is no more is told. */
  rf_comparison_set (comparison, "/no/such/run", TRUE);
  WAIT (find_label (window, "/no/such/run"));
  g_assert_cmpuint (rf_line_chart_get_n_series (find_chart (window, "Accuracy")), ==, before);
}

static void
test_seeds (void)
{
  g_autofree char *path = write_experiment ("seeds", "\"epochs\": 2");
  live (path, seeds);
}

static gboolean
is_menu_button (GtkWidget *widget, gconstpointer what)
{
  return g_strcmp0 (gtk_menu_button_get_label (GTK_MENU_BUTTON (widget)), what) == 0;
}

/* The list of earlier runs: what they are called, when they were trained, how far. */
static void
listed (RfWindow *window)
{
  wait_for_run (window);
  GtkWidget *button = find (GTK_WIDGET (window), GTK_TYPE_MENU_BUTTON, is_menu_button, "Compare");
  g_assert_nonnull (button);
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  GtkWidget *popover = GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button)));
  GtkWidget *check;
  WAIT ((check = find (popover, GTK_TYPE_CHECK_BUTTON, NULL, NULL)));
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *day = g_date_time_format (now, "%e %b");
  WAIT (find (popover, GTK_TYPE_LABEL, says, day));
  g_assert_nonnull (find (popover, GTK_TYPE_LABEL, says, "2 epochs"));
  const guint before = rf_line_chart_get_n_series (find_chart (window, "Loss"));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
  WAIT (rf_line_chart_get_n_series (find_chart (window, "Loss")) == before + 2);
  gtk_menu_button_popdown (GTK_MENU_BUTTON (button));
}

static void
test_listed (void)
{
  g_autofree char *path = write_experiment ("listed", "\"epochs\": 2");
  live (path, listed);
}

/* ---- other programs, and other days ---- */

static char *
keep_file (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static void
note (const char *name, const char *text)
{
  g_autofree char *path = keep_file (name);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static char *
recall (const char *name)
{
  g_autofree char *path = keep_file (name);
  char *text;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static void
refused (RfWindow *window)
{
  g_autofree char *run = recall ("locked");
  WAIT (find_dialog ());
  g_test_message ("%s", adw_message_dialog_get_body (find_dialog ()));
  g_assert_nonnull (strstr (adw_message_dialog_get_body (find_dialog ()), run));
  gtk_window_destroy (GTK_WINDOW (find_dialog ()));
  WAIT (find_label (window, "No Experiment"));
}

static void
test_refused (void)
{
  g_autofree char *run = recall ("locked");
  live (run, refused);
}

/* While one program trains a run, another cannot open it, and says why; the first does not notice.
 */
static void
locked (RfWindow *window)
{
  wait_for_run (window);
  train_steps (window, 3);
  note ("locked", rf_run_get_folder (get_run (window)));
  g_test_trap_subprocess ("/lab-runs/locked/subprocess/other", 0, 0);
  g_test_trap_assert_passed ();
  train_steps (window, 3);
}

static void
test_locked (void)
{
  g_autofree char *path = write_experiment ("locked", "\"epochs\": 5000");
  live (path, locked);
}

static void
leave (RfWindow *window)
{
  wait_for_run (window);
  train_steps (window, 20);
  note ("left", rf_run_get_folder (get_run (window)));
  /* A knob that is turned while it is paused has not acted yet. */
  pause_run (window);
  type_value (find_knob (window, DROPOUT), "0.35");
  gtk_window_set_default_size (GTK_WINDOW (window), 1111, 777);
}

static void
test_leave (void)
{
  g_autofree char *path = write_experiment ("leave", "\"epochs\": 5000");
  live (path, leave);
}

static void
come_back (RfWindow *window)
{
  g_autofree char *run = recall ("left");
  wait_for_run (window);
  g_assert_cmpstr (rf_run_get_folder (get_run (window)), ==, run);
  g_assert_cmpint (rf_run_get_step (get_run (window)), >=, 20);
  /* Not before the epoch has been measured, if that was still to come. */
  train_steps (window, 3);
  WAIT (option_of (window, DROPOUT) == 0.35
        && rf_knob_get_value (find_knob (window, DROPOUT)) == 0.35);
}

static void
test_come_back (void)
{
  live (NULL, come_back);
}

/* Where the run is gone, its experiment is opened. */
static void
come_back_to_file (RfWindow *window)
{
  wait_for_run (window);
  g_assert_cmpstr (rf_run_get_experiment (get_run (window))->name, ==, "leave");
  g_assert_cmpint (rf_run_get_step (get_run (window)), ==, 0);
}

static void
test_come_back_to_file (void)
{
  live (NULL, come_back_to_file);
}

static void
test_next_day (void)
{
  g_test_trap_subprocess ("/lab-runs/next-day/subprocess/leave", 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_subprocess ("/lab-runs/next-day/subprocess/come-back", 0, 0);
  g_test_trap_assert_passed ();
  g_autofree char *run = recall ("left");
  g_autoptr (GError) error = NULL;
  g_assert_true (rf_runs_delete (run, &error));
  g_assert_no_error (error);
  g_test_trap_subprocess ("/lab-runs/next-day/subprocess/come-back-to-file", 0, 0);
  g_test_trap_assert_passed ();
}

/* Above its quota the folder of runs loses the oldest, never the newest three. */
static guint
count_runs (void)
{
  g_autofree char *runs = rf_runs_folder ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = rf_runs_list (runs, &error);
  g_assert_no_error (error);
  return list->len;
}

static void
quota (RfWindow *window)
{
  wait_for_run (window);
  WAIT (count_runs () <= RF_RUNS_KEPT + 1);
  g_assert_cmpuint (count_runs (), >=, RF_RUNS_KEPT);
  train_steps (window, 2);
}

static void
test_quota (void)
{
  g_autofree char *old = write_experiment ("old", "\"epochs\": 5000");
  while (count_runs () <= RF_RUNS_KEPT + 1)
    live (old, leave);
  g_settings_set_double (rf_settings_get (), "runs-quota", 1e-6);
  g_autofree char *path = write_experiment ("quota", "\"epochs\": 5000");
  live (path, quota);
  g_settings_reset (rf_settings_get (), "runs-quota");
}

int
main (int argc, char **argv)
{
  rf_thread_claim_main ();
  /* Other lives of the program are other processes with the same files and settings. */
  const char *given = g_getenv ("RECEPTIVE_TEST_FOLDER");
  folder = given ? g_strdup (given) : rf_test_make_folder ();
  g_autofree char *data = g_build_filename (folder, "data", NULL);
  g_autofree char *config = g_build_filename (folder, "config", NULL);
  g_setenv ("RECEPTIVE_TEST_FOLDER", folder, TRUE);
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_setenv ("XDG_CONFIG_HOME", config, TRUE);
  g_setenv ("GSETTINGS_BACKEND", "keyfile", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab-runs/forking", test_forking);
  g_test_add_func ("/lab-runs/moments", test_moments);
  g_test_add_func ("/lab-runs/seeds", test_seeds);
  g_test_add_func ("/lab-runs/listed", test_listed);
  g_test_add_func ("/lab-runs/locked", test_locked);
  g_test_add_func ("/lab-runs/locked/subprocess/other", test_refused);
  g_test_add_func ("/lab-runs/next-day", test_next_day);
  g_test_add_func ("/lab-runs/next-day/subprocess/leave", test_leave);
  g_test_add_func ("/lab-runs/next-day/subprocess/come-back", test_come_back);
  g_test_add_func ("/lab-runs/next-day/subprocess/come-back-to-file", test_come_back_to_file);
  g_test_add_func ("/lab-runs/quota", test_quota);
  const int status = g_test_run ();
  if (given)
    g_free (folder);
  else
    rf_test_remove_folder (folder);
  return status;
}
