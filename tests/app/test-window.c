/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Drives the real window in process: what a person does with it, on a real run, and what is on disk
 * afterwards. Each test is one life of the application, from its start to its clean end. */

#include "app/settings.h"
#include "app/text.h"
#include "model/base/error.h"
#include "tests/app/lab-util.h"

#include <glib/gstdio.h>
#include <math.h>

/* ---- the tests ---- */

/* The first start: the demo, ready; Train gives curves; nothing is asked. */
static void
demo (RfWindow *window)
{
  g_assert_null (get_run (window));
  wait_for_run (window);
  g_assert_cmpint (rf_run_get_state (get_run (window)), ==, RF_TRAINER_PAUSED);
  g_assert_nonnull (find_label (window, rf_run_get_experiment (get_run (window))->name));
  g_assert_cmpuint (count_points (window, "Accuracy", 0), ==, 0);

  train_steps (window, 20);
  WAIT (count_points (window, "Accuracy", 1) >= 20 && count_points (window, "Loss", 1) >= 20);
  g_assert_nonnull (find_label (window, "epoch 1 of"));
}

/* With nothing to do the window makes no frames: a spinner that turns unseen would. */
static void
resting (RfWindow *window)
{
  wait_for_run (window);
  run_for (2000);
  int frames = 0;
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
  const gulong handler
      = g_signal_connect_swapped (clock, "before-paint", G_CALLBACK (g_atomic_int_inc), &frames);
  run_for (1000);
  g_signal_handler_disconnect (clock, handler);
  g_assert_cmpint (frames, <, 10);
}

static void
test_resting (void)
{
  live (NULL, resting);
}

static void
test_demo (void)
{
  live (NULL, demo);
}

/* Turning, pausing, stepping, and what of it is on disk. */
static void
knobs (RfWindow *window)
{
  wait_for_run (window);
  RfRun *run = get_run (window);
  gsize n_steps;
  train_steps (window, 5);

  gtk_range_set_value (GTK_RANGE (rf_knob_get_scale (find_knob (window, DROPOUT))), 0.5);
  g_assert_cmpfloat (rf_knob_get_value (find_knob (window, DROPOUT)), ==, 0.5);
  WAIT (rf_run_get_changes (run)->len >= 1);
  train_steps (window, 5);
  type_value (find_knob (window, RATE), "0.0125");
  train_steps (window, 5);
  WAIT (rf_run_get_changes (run)->len >= 2);
  pause_run (window);

  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = rf_run_read_changes (rf_run_get_folder (run), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (changes->len, ==, 2);
  const RfChange *dropout = g_ptr_array_index (changes, 0), *rate = g_ptr_array_index (changes, 1);
  g_assert_cmpstr (dropout->path, ==, DROPOUT);
  g_assert_cmpfloat (dropout->value, ==, 0.5);
  g_assert_cmpstr (rate->path, ==, RATE);
  g_assert_cmpfloat (rate->value, ==, 0.0125);
  g_assert_cmpint (rate->step, >, dropout->step);
  g_assert_cmpuint (rf_line_chart_get_n_flags (find_chart (window, "Loss")), ==, 2);

  /* The step that the change names is the first that was made with it. */
  const RfStepRow *steps = rf_run_get_steps (run, &n_steps);
  for (gsize i = 0; i < n_steps; i++)
    g_assert_cmpfloat (steps[i].learning_rate, ==, steps[i].step >= rate->step ? 0.0125 : 0.05);
  g_assert_cmpuint (count_points (window, "Loss", 0), ==, n_steps);

  const gint64 before = rf_run_get_step (run);
  act (window, "win.step");
  WAIT (rf_run_get_step (run) > before && rf_run_get_state (run) == RF_TRAINER_PAUSED);
  run_for (100);
  g_assert_cmpint (rf_run_get_step (run), ==, before + 1);
  g_assert_cmpint (rf_run_get_state (run), ==, RF_TRAINER_PAUSED);

  /* What cannot be is refused where it was typed, and acts on nothing. */
  type_value (find_knob (window, DROPOUT), "1.5");
  g_assert_true (
      gtk_widget_has_css_class (rf_knob_get_entry (find_knob (window, DROPOUT)), "error"));
  g_assert_cmpfloat (rf_knob_get_value (find_knob (window, DROPOUT)), ==, 0.5);
}

static void
test_knobs (void)
{
  g_autofree char *path = write_experiment ("knobs", "\"epochs\": 5000");
  live (path, knobs);
}

/* The options of a layer, closed away in its card, and what sets those of all layers. */
static void
layers (RfWindow *window)
{
  wait_for_run (window);
  RfRun *run = get_run (window);
  train_steps (window, 3);
  open_cards (window);

  /* One step of the arrow keys leaves the zero at the slider's left end. */
  RfKnob *l2 = find_knob (window, "network.layers[0].l2");
  gboolean handled;
  g_assert_cmpfloat (rf_knob_get_value (l2), ==, 0);
  g_signal_emit_by_name (rf_knob_get_scale (l2), "change-value", GTK_SCROLL_STEP_FORWARD, 0.0,
                         &handled);
  g_assert_cmpfloat (rf_knob_get_value (l2), >, 0);
  WAIT (rf_run_get_changes (run)->len >= 1);
  GtkWidget *frozen = find (GTK_WIDGET (find_control (window, "network.layers[5].frozen")),
                            GTK_TYPE_SWITCH, NULL, NULL);
  gtk_switch_set_active (GTK_SWITCH (frozen), TRUE);
  WAIT (rf_run_get_changes (run)->len >= 2);
  g_assert_nonnull (find_label (window, "Frozen"));
  pause_run (window);

  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = rf_run_read_changes (rf_run_get_folder (run), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (changes->len, ==, 2);
  const RfChange *first = g_ptr_array_index (changes, 0), *second = g_ptr_array_index (changes, 1);
  g_assert_cmpstr (first->path, ==, "network.layers[0].l2");
  g_assert_cmpfloat (first->value, ==, rf_knob_get_value (l2));
  g_assert_cmpstr (second->path, ==, "network.layers[5].frozen");
  g_assert_cmpfloat (second->value, ==, 1);

  activate_preset (window, "l2");
  g_assert_cmpfloat (option_of (window, "network.layers[0].l2"), ==, 1e-4);
  g_assert_cmpfloat (option_of (window, "network.layers[5].l2"), ==, 1e-4);
  g_assert_cmpfloat (rf_knob_get_value (l2), ==, 1e-4);
  g_assert_cmpfloat (option_of (window, DROPOUT), ==, 0.25);
  activate_preset (window, "dropout");
  g_assert_cmpfloat (option_of (window, DROPOUT), ==, 0.5);
  activate_preset (window, "none");
  g_assert_cmpfloat (option_of (window, DROPOUT), ==, 0);
  g_assert_cmpfloat (option_of (window, "network.layers[0].l2"), ==, 0);
  g_assert_cmpfloat (option_of (window, "network.layers[5].frozen"), ==, 1);
  g_assert_cmpfloat (rf_knob_get_value (find_knob (window, DROPOUT)), ==, 0);
  train_steps (window, 2);
}

static void
test_layers (void)
{
  g_autofree char *path = write_experiment ("layers", "\"epochs\": 5000");
  live (path, layers);
}

static void
check_sidebar (AdwFlap *flap, int width, gboolean folded, gboolean shown)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (flap)));
  gtk_window_set_default_size (GTK_WINDOW (window), width, 800);
  WAIT (adw_flap_get_folded (flap) == folded);
  WAIT (adw_flap_get_reveal_progress (flap) == (shown ? 1 : 0));
}

/* It gives way where a window is narrow; once closed, it does not come back by itself. */
static void
sidebar (RfWindow *window)
{
  AdwFlap *flap = ADW_FLAP (find (GTK_WIDGET (window), ADW_TYPE_FLAP, NULL, NULL));
  GSettings *settings = rf_settings_get ();
  wait_for_run (window);
  for (int wanted = TRUE; wanted >= FALSE; wanted--)
    {
      check_sidebar (flap, 1440, FALSE, TRUE);
      adw_flap_set_reveal_flap (flap, wanted);
      check_sidebar (flap, 1440, FALSE, wanted);
      check_sidebar (flap, 700, TRUE, FALSE);
      adw_flap_set_reveal_flap (flap, TRUE);
      check_sidebar (flap, 700, TRUE, TRUE);
      g_assert_cmpint (g_settings_get_boolean (settings, "sidebar"), ==, wanted);
      check_sidebar (flap, 1440, FALSE, wanted);
      g_assert_cmpint (g_settings_get_boolean (settings, "sidebar"), ==, wanted);
    }
}

static void
test_sidebar (void)
{
  live (NULL, sidebar);
}

/* Tests run in the C locale, which groups nothing by itself. */
static void
test_text (void)
{
  static const struct
  {
    double number;
    const char *text;
  } counts[] = { { 0, "0" },          { 999, "999" },          { 1000, "1,000" },
                 { -123, "-123" },    { -123456, "-123,456" }, { 1930.4, "1,930" },
                 { 1e6, "1,000,000" } };
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autofree char *text = rf_text_count (counts[i].number);
      g_assert_cmpstr (text, ==, counts[i].text);
    }
}

/* To the end: every row is in the charts, and nothing is left to be trained. */
static void
finish (RfWindow *window)
{
  wait_for_run (window);
  RfRun *run = get_run (window);
  gsize n_steps, n_epochs;
  act (window, "win.train");
  WAIT (rf_run_get_state (run) == RF_TRAINER_FINISHED);
  WAIT (find_label (window, "done after 3 epochs"));
  rf_run_get_steps (run, &n_steps);
  rf_run_get_epochs (run, &n_epochs);
  g_assert_cmpuint (n_steps, ==, 3 * 16);
  g_assert_cmpuint (n_epochs, ==, 3);
  g_assert_cmpuint (count_points (window, "Loss", 0), ==, n_steps);
  g_assert_cmpuint (count_points (window, "Accuracy", 2), ==, 3);
  GtkWidget *train = find (GTK_WIDGET (window), ADW_TYPE_BUTTON_CONTENT, NULL, NULL);
  g_assert_cmpstr (adw_button_content_get_label (ADW_BUTTON_CONTENT (train)), ==, "Train");
  g_assert_false (gtk_widget_is_sensitive (train));
}

static void
test_finish (void)
{
  g_autofree char *path = write_experiment ("finish", "\"epochs\": 3");
  live (path, finish);
}

/* Reset: another folder, step 0, the knobs as they stand; the run before stays as it was. */
static void
reset (RfWindow *window)
{
  wait_for_run (window);
  train_steps (window, 3);
  type_value (find_knob (window, RATE), "0.01");
  train_steps (window, 3);
  pause_run (window);
  g_autofree char *before = g_strdup (rf_run_get_folder (get_run (window)));
  const gint64 step = rf_run_get_step (get_run (window));

  act (window, "win.reset");
  WAIT (g_strcmp0 (rf_run_get_folder (get_run (window)), before) != 0);
  g_assert_cmpint (rf_run_get_step (get_run (window)), ==, 0);
  g_assert_cmpuint (count_points (window, "Loss", 0), ==, 0);
  g_assert_cmpfloat (rf_knob_get_value (find_knob (window, RATE)), ==, 0.01);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rows = rf_run_read_steps (before, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, step);
  train_steps (window, 1);
}

static void
test_reset (void)
{
  g_autofree char *path = write_experiment ("reset", "\"epochs\": 5000");
  live (path, reset);
}

/* A run that took no step leaves nothing behind. */
static char *untouched_folder;

static void
untouched (RfWindow *window)
{
  wait_for_run (window);
  untouched_folder = g_strdup (rf_run_get_folder (get_run (window)));
  g_assert_true (rf_run_folder_is_run (untouched_folder));
}

static void
test_untouched (void)
{
  g_autofree char *path = write_experiment ("untouched", "\"epochs\": 1");
  live (path, untouched);
  g_assert_false (g_file_test (untouched_folder, G_FILE_TEST_EXISTS));
  g_clear_pointer (&untouched_folder, g_free);
}

/* Bad files are told with their place; what was there goes on. */
static void
bad_files (RfWindow *window)
{
  wait_for_run (window);
  train_steps (window, 2);
  RfRun *run = get_run (window);
  g_autofree char *unknown = write_experiment ("unknown", "\"epochs\": 1, \"epoks\": 2");
  g_autofree char *broken = g_build_filename (folder, "broken.json", NULL);
  g_assert_true (g_file_set_contents (broken, "{\"receptive\": 1,", -1, NULL));
  g_autofree char *elsewhere = g_build_filename (folder, "elsewhere.json", NULL);
  g_assert_true (g_file_set_contents (
      elsewhere,
      "{\"dataset\": {\"folder\": \"nowhere\"}, \"network\": {\"layers\": [{\"type\": "
      "\"flatten\"}, {\"type\": \"linear\", \"units\": 2}]}, \"training\": {\"optimizer\": "
      "{\"type\": \"sgd\", \"learning_rate\": 0.1}, \"batch_size\": 1, \"epochs\": 1}}",
      -1, NULL));
  const struct
  {
    const char *path, *says;
  } files[] = { { unknown, "epoks" },
                { broken, "broken.json" },
                { elsewhere, "nowhere" },
                { "/no/such/file.json", "/no/such/file.json" },
                { folder, folder } };
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_assert_true (
          gtk_widget_activate_action (GTK_WIDGET (window), "win.open-path", "s", files[i].path));
      WAIT (find_dialog ());
      g_test_message ("%s", adw_message_dialog_get_body (find_dialog ()));
      g_assert_nonnull (strstr (adw_message_dialog_get_body (find_dialog ()), files[i].says));
      gtk_window_destroy (GTK_WINDOW (find_dialog ()));
      g_assert_true (get_run (window) == run);
      g_assert_false (rf_session_get_loading (rf_window_get_session (window)));
    }
  train_steps (window, 2);
}

static void
test_bad_files (void)
{
  g_autofree char *path = write_experiment ("good", "\"epochs\": 5000");
  live (path, bad_files);
}

/* Nothing but a bad file: the window says what to do next, and the demo can be loaded. */
static void
bad_start (RfWindow *window)
{
  WAIT (find_dialog ());
  gtk_window_destroy (GTK_WINDOW (find_dialog ()));
  WAIT (find_label (window, "No Experiment"));
  g_assert_false (gtk_widget_activate_action (GTK_WIDGET (window), "win.train", NULL)
                  && get_run (window));
  act (window, "win.open-demo");
  wait_for_run (window);
}

static void
test_bad_start (void)
{
  live ("/no/such/file.json", bad_start);
}

/* A learning rate of a million: the run stops, says where and what to try, and keeps a checkpoint.
 */
static void
divergence (RfWindow *window)
{
  wait_for_run (window);
  RfRun *run = get_run (window);
  train_steps (window, 20);
  type_value (find_knob (window, RATE), "1e6");
  WAIT (rf_run_get_state (run) == RF_TRAINER_DIVERGED);
  const char *message = rf_run_get_message (run);
  g_assert_nonnull (message);
  WAIT (find_label (window, message));
  g_test_message ("%s", message);
  g_assert_nonnull (strstr (message, "layer"));
  g_assert_nonnull (strstr (message, "learning rate"));
  WAIT (find_label (window, "diverged"));

  g_autofree char *checkpoints = g_build_filename (rf_run_get_folder (run), "checkpoints", NULL);
  g_autoptr (GDir) dir = g_dir_open (checkpoints, 0, NULL);
  g_assert_nonnull (dir);
  g_assert_nonnull (g_dir_read_name (dir));

  type_value (find_knob (window, RATE), "0.01");
  act (window, "win.reset");
  WAIT (get_run (window) != run);
  wait_for_run (window);
  train_steps (window, 3);
  WAIT (!find_label (window, "diverged"));
}

static void
test_divergence (void)
{
  g_autofree char *path = write_experiment ("divergence", "\"epochs\": 5000");
  live (path, divergence);
}

/* Closed in the middle of training: hidden at once, saved, ended; and the run can be gone on with.
 */
static char *closed_folder;
static gint64 closed_step;

static void
close_in_training (RfWindow *window)
{
  wait_for_run (window);
  train_steps (window, 20);
  closed_folder = g_strdup (rf_run_get_folder (get_run (window)));
  closed_step = rf_run_get_step (get_run (window));
  gtk_window_close (GTK_WINDOW (window));
}

static void
resume (RfWindow *window)
{
  wait_for_run (window);
  RfRun *run = get_run (window);
  gsize n;
  const RfStepRow *steps = rf_run_get_steps (run, &n);
  g_assert_cmpstr (rf_run_get_folder (run), ==, closed_folder);
  g_assert_cmpint (rf_run_get_step (run), >=, closed_step);
  g_assert_cmpuint (n, ==, rf_run_get_step (run));
  g_assert_cmpuint (count_points (window, "Loss", 0), ==, n);
  train_steps (window, 5);
  steps = rf_run_get_steps (run, &n);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpint (steps[i].step, ==, i + 1);
}

static void
test_close_and_resume (void)
{
  g_autofree char *path = write_experiment ("closed", "\"epochs\": 5000");
  live (path, close_in_training);
  live (closed_folder, resume);
  g_clear_pointer (&closed_folder, g_free);
}

/* Closed while something is being loaded. */
static void
close_in_loading (RfWindow *window)
{
  WAIT (rf_session_get_loading (rf_window_get_session (window)));
  gtk_window_close (GTK_WINDOW (window));
}

static void
test_close_in_loading (void)
{
  live (NULL, close_in_loading);
}

int
main (int argc, char **argv)
{
  rf_thread_claim_main ();
  folder = rf_test_make_folder ();
  g_autofree char *data = g_build_filename (folder, "data", NULL);
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/window/demo", test_demo);
  g_test_add_func ("/window/resting", test_resting);
  g_test_add_func ("/window/knobs", test_knobs);
  g_test_add_func ("/window/layers", test_layers);
  g_test_add_func ("/window/sidebar", test_sidebar);
  g_test_add_func ("/window/text", test_text);
  g_test_add_func ("/window/finish", test_finish);
  g_test_add_func ("/window/reset", test_reset);
  g_test_add_func ("/window/untouched", test_untouched);
  g_test_add_func ("/window/bad-files", test_bad_files);
  g_test_add_func ("/window/bad-start", test_bad_start);
  g_test_add_func ("/window/divergence", test_divergence);
  g_test_add_func ("/window/close-and-resume", test_close_and_resume);
  g_test_add_func ("/window/close-in-loading", test_close_in_loading);
  const int status = g_test_run ();
  rf_test_remove_folder (folder);
  return status;
}
