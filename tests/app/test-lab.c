/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The Lab page on real runs: what is turned and planned, what of it can be undone, and what becomes
 * of the panes. */

#include "app/pages/pane-frame.h"
#include "app/panes/layers/layer-row.h"
#include "tests/app/lab-util.h"

#include <math.h>

#define L2_FIRST   "network.layers[0].l2"
#define L2_LAST    "network.layers[5].l2"
#define BATCH_SIZE "training.batch_size"
#define EPOCHS     "training.epochs"

static RfHistory *
get_history (RfWindow *window)
{
  return rf_session_get_history (rf_window_get_session (window));
}

/* Dragged, in as many moves as there are values. */
static void
drag (RfKnob *knob, const double *values, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      gtk_range_set_value (GTK_RANGE (rf_knob_get_scale (knob)), values[i]);
      run_for (5);
    }
}

/* The newest value at @path that acted; NaN: none did. */
static double
acted (RfRun *run, const char *path)
{
  const GPtrArray *changes = rf_run_get_changes (run);
  for (guint i = changes->len; i-- > 0;)
    {
      const RfChange *change = g_ptr_array_index (changes, i);
      if (g_str_equal (change->path, path))
        return change->value;
    }
  return NAN;
}

/* One drag is one step of undo, and another knob another; what is undone acts, and is on record. */
static void
undo (RfWindow *window)
{
  static const double places[] = { 0.3, 0.4, 0.5, 0.6 };
  wait_for_run (window);
  train_steps (window, 3);
  RfRun *run = get_run (window);
  g_assert_null (rf_history_get_undo_label (get_history (window)));
  g_assert_false (g_action_group_get_action_enabled (G_ACTION_GROUP (window), "undo"));

  drag (find_knob (window, DROPOUT), places, G_N_ELEMENTS (places));
  g_assert_nonnull (strstr (rf_history_get_undo_label (get_history (window)), "3"));
  type_value (find_knob (window, RATE), "0.01");
  g_assert_cmpfloat (option_of (window, DROPOUT), ==, 0.6);
  WAIT (acted (run, RATE) == 0.01);

  act (window, "win.undo");
  g_assert_cmpfloat (option_of (window, RATE), ==, 0.05);
  g_assert_cmpfloat (rf_knob_get_value (find_knob (window, RATE)), ==, 0.05);
  g_assert_cmpfloat (option_of (window, DROPOUT), ==, 0.6);
  act (window, "win.undo");
  g_assert_cmpfloat (option_of (window, DROPOUT), ==, 0.25);
  g_assert_cmpfloat (rf_knob_get_value (find_knob (window, DROPOUT)), ==, 0.25);
  g_assert_false (g_action_group_get_action_enabled (G_ACTION_GROUP (window), "undo"));
  WAIT (find_label (window, "Undone"));
  act (window, "win.redo");
  g_assert_cmpfloat (option_of (window, DROPOUT), ==, 0.6);
  /* A new edit ends what could be done again. */
  g_assert_true (g_action_group_get_action_enabled (G_ACTION_GROUP (window), "redo"));
  type_value (find_knob (window, DROPOUT), "0.1");
  g_assert_false (g_action_group_get_action_enabled (G_ACTION_GROUP (window), "redo"));
  act (window, "win.undo");
  g_assert_cmpfloat (option_of (window, DROPOUT), ==, 0.6);
  WAIT (acted (run, RATE) == 0.05 && acted (run, DROPOUT) == 0.6);
  pause_run (window);

  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = rf_run_read_changes (rf_run_get_folder (run), &error);
  g_assert_no_error (error);
  double rate = NAN, dropout = NAN;
  for (guint i = 0; i < changes->len; i++)
    {
      const RfChange *change = g_ptr_array_index (changes, i);
      if (g_str_equal (change->path, RATE))
        rate = change->value;
      else if (g_str_equal (change->path, DROPOUT))
        dropout = change->value;
    }
  g_assert_cmpfloat (rate, ==, 0.05);
  g_assert_cmpfloat (dropout, ==, 0.6);

  /* A run that is gone takes its edits with it. */
  act (window, "win.reset");
  WAIT (get_run (window) != run);
  wait_for_run (window);
  g_assert_cmpfloat (option_of (window, DROPOUT), ==, 0.6);
  while (rf_history_get_undo_label (get_history (window)))
    act (window, "win.undo");
  g_assert_cmpfloat (option_of (window, DROPOUT), ==, 0.6);
}

static void
test_undo (void)
{
  g_autofree char *path = write_experiment ("undo", "\"epochs\": 5000");
  live (path, undo);
}

/* ---- settings of the run under way ---- */

static GtkSpinButton *
find_spin (RfWindow *window, const char *title)
{
  GtkWidget *row = find (GTK_WIDGET (window), ADW_TYPE_ACTION_ROW, has_title, title);
  g_assert_nonnull (row);
  return GTK_SPIN_BUTTON (find (row, GTK_TYPE_SPIN_BUTTON, NULL, NULL));
}

static void
settings (RfWindow *window)
{
  wait_for_run (window);
  RfRun *run = get_run (window);
  train_steps (window, 3);
  gtk_spin_button_set_value (find_spin (window, "Batch size"), 64);
  WAIT (rf_run_get_changes (run)->len == 1);
  const RfChange *change = g_ptr_array_index (rf_run_get_changes (run), 0);
  g_assert_cmpstr (change->path, ==, BATCH_SIZE);
  g_assert_cmpint (rf_run_get_experiment (run)->training.batch_size, ==, 64);
  WAIT (rf_run_get_state (run) == RF_TRAINER_FINISHED);
  gsize n_epochs;
  rf_run_get_epochs (run, &n_epochs);
  g_assert_cmpuint (n_epochs, ==, 2);
  WAIT (find_label (window, "done after 2 epochs"));

  /* More epochs: it goes on. */
  gtk_spin_button_set_value (find_spin (window, "Epochs"), 3);
  WAIT (rf_run_get_state (run) == RF_TRAINER_PAUSED);
  act (window, "win.train");
  WAIT (rf_run_get_state (run) == RF_TRAINER_FINISHED);
  rf_run_get_epochs (run, &n_epochs);
  g_assert_cmpuint (n_epochs, ==, 3);

  /* Until stopped, and back, as an edit of its own; fewer epochs than were trained are told as they
   * were. */
  run_for (1100);
  act (window, "win.train-endless");
  WAIT (rf_run_get_state (run) == RF_TRAINER_RUNNING);
  WAIT (find_label (window, "until stopped"));
  g_assert_cmpint (rf_run_get_experiment (run)->training.epochs, ==, RF_MAX_EPOCHS);
  act (window, "win.undo");
  g_assert_cmpint (rf_run_get_experiment (run)->training.epochs, ==, 3);
  WAIT (rf_run_get_state (run) == RF_TRAINER_FINISHED);
  rf_run_get_epochs (run, &n_epochs);
  g_assert_cmpuint (n_epochs, >=, 3);
  g_autofree char *done = g_strdup_printf ("done after %d epochs", (int) n_epochs);
  WAIT (find_label (window, done));
}

static void
test_settings (void)
{
  g_autofree char *path = write_experiment ("settings", "\"epochs\": 2");
  live (path, settings);
}

/* ---- several layers ---- */

static gboolean
is_layer (GtkWidget *widget, gconstpointer what)
{
  return g_strcmp0 (rf_layer_row_get_name (RF_LAYER_ROW (widget)), what) == 0;
}

static void
select_layer (RfWindow *window, const char *name)
{
  GtkWidget *row = find (GTK_WIDGET (window), RF_TYPE_LAYER_ROW, is_layer, name);
  g_assert_nonnull (row);
  rf_layer_row_set_selected (RF_LAYER_ROW (row), TRUE);
}

static void
selection (RfWindow *window)
{
  wait_for_run (window);
  open_cards (window);
  train_steps (window, 2);
  select_layer (window, "0");
  select_layer (window, "5");
  WAIT (find_label (window, "2 layers selected"));
  type_value (find_knob (window, L2_FIRST), "0.001");
  g_assert_cmpfloat (option_of (window, L2_FIRST), ==, 0.001);
  g_assert_cmpfloat (option_of (window, L2_LAST), ==, 0.001);
  g_assert_cmpfloat (rf_knob_get_value (find_knob (window, L2_LAST)), ==, 0.001);
  act (window, "win.undo");
  g_assert_cmpfloat (option_of (window, L2_FIRST), ==, 0);
  g_assert_cmpfloat (option_of (window, L2_LAST), ==, 0);
  g_assert_cmpfloat (rf_knob_get_value (find_knob (window, L2_LAST)), ==, 0);

  /* A layer that is not selected moves alone. */
  GtkWidget *control = GTK_WIDGET (find_control (window, L2_FIRST));
  g_assert_true (gtk_widget_activate_action (control, "layers.select-none", NULL));
  WAIT (!find_label (window, "layers selected"));
  type_value (find_knob (window, L2_FIRST), "0.002");
  g_assert_cmpfloat (option_of (window, L2_LAST), ==, 0);

  /* A preset is one step of undo. */
  activate_preset (window, "l2");
  g_assert_cmpfloat (option_of (window, L2_FIRST), ==, 1e-4);
  g_assert_cmpfloat (option_of (window, L2_LAST), ==, 1e-4);
  act (window, "win.undo");
  g_assert_cmpfloat (option_of (window, L2_FIRST), ==, 0.002);
  g_assert_cmpfloat (option_of (window, L2_LAST), ==, 0);
}

static void
test_selection (void)
{
  g_autofree char *path = write_experiment ("selection", "\"epochs\": 5000");
  live (path, selection);
}

/* ---- what is planned ---- */

static void
choose (RfWindow *window, const char *title, const char *item)
{
  AdwComboRow *row
      = ADW_COMBO_ROW (find (GTK_WIDGET (window), ADW_TYPE_COMBO_ROW, has_title, title));
  g_assert_nonnull (row);
  GListModel *model = adw_combo_row_get_model (row);
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    if (g_str_equal (gtk_string_list_get_string (GTK_STRING_LIST (model), i), item))
      {
        adw_combo_row_set_selected (row, i);
        return;
      }
  g_error ("%s has no %s", title, item);
}

static GtkSwitch *
find_augment (RfWindow *window, const char *title)
{
  GtkWidget *row = find (GTK_WIDGET (window), ADW_TYPE_ACTION_ROW, has_title, title);
  g_assert_nonnull (row);
  return GTK_SWITCH (find (row, GTK_TYPE_SWITCH, NULL, NULL));
}

static void
plan (RfWindow *window)
{
  wait_for_run (window);
  RfSession *session = rf_window_get_session (window);
  RfRun *run = get_run (window);
  train_steps (window, 5);
  g_assert_false (rf_session_has_plan (session));
  g_assert_null (find_label (window, "wait for a new run"));

  /* Discarded, undone, and chosen back: no plan is left, and the run never heard of it. */
  choose (window, "Schedule", "Cosine");
  g_assert_true (rf_session_has_plan (session));
  WAIT (find_label (window, "wait for a new run"));
  GtkWidget *control = GTK_WIDGET (find_control (window, DROPOUT));
  g_assert_true (gtk_widget_activate_action (control, "layers.discard-plan", NULL));
  g_assert_false (rf_session_has_plan (session));
  act (window, "win.undo");
  g_assert_true (rf_session_has_plan (session));
  act (window, "win.undo");
  g_assert_false (rf_session_has_plan (session));
  run_for (50);
  choose (window, "Schedule", "Cosine");
  run_for (50);
  choose (window, "Schedule", "Constant");
  g_assert_false (rf_session_has_plan (session));
  g_assert_cmpuint (rf_run_get_changes (run)->len, ==, 0);

  /* A knob that is turned meanwhile is in the plan too. */
  run_for (50);
  choose (window, "Schedule", "Cosine");
  run_for (50);
  gtk_switch_set_active (find_augment (window, "Augment: Flip"), TRUE);
  run_for (50);
  choose (window, "Optimizer", "Adam");
  type_value (find_knob (window, DROPOUT), "0.4");
  act (window, "win.reset");
  WAIT (get_run (window) != run);
  wait_for_run (window);
  const RfExperiment *experiment = rf_run_get_experiment (get_run (window));
  g_assert_cmpstr (experiment->training.schedule->klass->type, ==, "cosine");
  g_assert_cmpstr (experiment->training.optimizer->klass->type, ==, "adam");
  g_assert_cmpuint (experiment->training.augment->len, ==, 1);
  g_assert_cmpfloat (option_of (window, DROPOUT), ==, 0.4);
  g_assert_false (rf_session_has_plan (session));
  WAIT (!find_label (window, "wait for a new run"));
  train_steps (window, 3);

  /* A fork goes on with what is planned, beside the run. */
  run = get_run (window);
  choose (window, "Optimizer", "SGD");
  act (window, "win.fork");
  WAIT (get_run (window) != run);
  wait_for_run (window);
  g_assert_true (rf_session_get_other (session) == run);
  experiment = rf_run_get_experiment (get_run (window));
  g_assert_cmpstr (experiment->training.optimizer->klass->type, ==, "sgd");
  g_assert_false (rf_session_has_plan (session));
  g_assert_cmpint (rf_run_get_step (get_run (window)), >=, 3);
  train_steps (window, 3);
}

static void
test_plan (void)
{
  g_autofree char *path = write_experiment ("plan", "\"epochs\": 5000");
  live (path, plan);
}

/* Early stopping needs a validation split: it is planned along, and ends the next run. */
static void
early_stopping (RfWindow *window)
{
  wait_for_run (window);
  RfSession *session = rf_window_get_session (window);
  RfRun *run = get_run (window);
  train_steps (window, 2);
  gtk_spin_button_set_value (find_spin (window, "Early stopping"), 1);
  g_assert_true (rf_session_has_plan (session));
  g_assert_cmpfloat (rf_session_get_plan (session)->dataset.validation_fraction, ==, 0.1);
  WAIT (find_label (window, "set apart for validation"));
  /* Other data cannot be gone on with. */
  g_assert_false (g_action_group_get_action_enabled (G_ACTION_GROUP (window), "fork"));

  act (window, "win.reset");
  WAIT (get_run (window) != run);
  wait_for_run (window);
  run = get_run (window);
  g_assert_cmpuint (rf_run_get_dataset (run)->splits[RF_SPLIT_VALIDATION].n, >, 0);
  g_assert_cmpint (rf_run_get_experiment (run)->training.patience, ==, 1);
  act (window, "win.train");
  WAIT (rf_run_get_state (run) == RF_TRAINER_FINISHED);
  gsize n_epochs;
  rf_run_get_epochs (run, &n_epochs);
  g_assert_cmpuint (n_epochs, <, 500);
  g_autofree char *words = g_strdup_printf ("stopped early after epoch %d of 500", (int) n_epochs);
  WAIT (find_label (window, words));
  WAIT (find_label (window, rf_run_get_message (run)));

  /* More patience, and it goes on: here the split is there. */
  run_for (50);
  gtk_spin_button_set_value (find_spin (window, "Early stopping"), 100);
  g_assert_false (rf_session_has_plan (session));
  WAIT (rf_run_get_state (run) == RF_TRAINER_PAUSED);
}

static void
test_early_stopping (void)
{
  g_autofree char *path = write_experiment ("early", "\"epochs\": 500");
  live (path, early_stopping);
}

/* ---- the page ---- */

static gboolean
is_frame_of (GtkWidget *widget, gconstpointer what)
{
  return g_strcmp0 (rf_pane_frame_get_info (RF_PANE_FRAME (widget))->id, what) == 0;
}

static RfPaneFrame *
find_frame (RfWindow *window, const char *id)
{
  GtkWidget *frame = find (GTK_WIDGET (window), RF_TYPE_PANE_FRAME, is_frame_of, id);
  g_assert_nonnull (frame);
  return RF_PANE_FRAME (frame);
}

static gboolean
is_seen (RfPaneFrame *frame)
{
  return gtk_widget_get_mapped (GTK_WIDGET (rf_pane_frame_get_pane (frame)));
}

static void
panes (RfWindow *window)
{
  static const char *const ids[] = { "layers", "curves", "inside" };
  wait_for_run (window);
  RfPaneFrame *frames[G_N_ELEMENTS (ids)];
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      frames[i] = find_frame (window, ids[i]);
      WAIT (is_seen (frames[i]));
    }
  train_steps (window, 3);

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      rf_pane_frame_set_maximized (frames[i], TRUE);
      for (guint j = 0; j < G_N_ELEMENTS (ids); j++)
        WAIT (is_seen (frames[j]) == (i == j));
      rf_pane_frame_set_maximized (frames[i], FALSE);
      for (guint j = 0; j < G_N_ELEMENTS (ids); j++)
        WAIT (is_seen (frames[j]));
    }
  /* By key: the middle, as long as the focus is in no pane. */
  gtk_window_set_focus (GTK_WINDOW (window), NULL);
  act (window, "win.maximize-pane");
  g_assert_true (rf_pane_frame_get_maximized (frames[1]));
  act (window, "win.maximize-pane");
  g_assert_false (rf_pane_frame_get_maximized (frames[1]));

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      rf_pane_frame_pop_out (frames[i]);
      GtkWindow *out = rf_pane_frame_get_window (frames[i]);
      g_assert_nonnull (out);
      WAIT (gtk_widget_get_mapped (GTK_WIDGET (out)) && is_seen (frames[i]));
      g_assert_true (gtk_widget_get_root (GTK_WIDGET (rf_pane_frame_get_pane (frames[i])))
                     == GTK_ROOT (out));
      /* It answers to the window's actions. */
      act_in (GTK_WIDGET (rf_pane_frame_get_pane (frames[i])), "win.train");
      WAIT (rf_run_get_state (get_run (window)) == RF_TRAINER_PAUSED);
      train_steps (window, 2);
      if (i == 0)
        gtk_window_close (out);
      else
        rf_pane_frame_bring_back (frames[i]);
      g_assert_null (rf_pane_frame_get_window (frames[i]));
      WAIT (is_seen (frames[i]));
    }

  act (window, "win.presenting");
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (window), "presenting"));
  gboolean presenting;
  g_object_get (rf_pane_frame_get_pane (frames[1]), "presenting", &presenting, NULL);
  g_assert_true (presenting);
  /* Also in a window of its own, which is for the projector. */
  rf_pane_frame_pop_out (frames[1]);
  g_assert_true (
      gtk_widget_has_css_class (GTK_WIDGET (rf_pane_frame_get_window (frames[1])), "presenting"));
  act (window, "win.presenting");
  g_assert_false (
      gtk_widget_has_css_class (GTK_WIDGET (rf_pane_frame_get_window (frames[1])), "presenting"));
  g_object_get (rf_pane_frame_get_pane (frames[1]), "presenting", &presenting, NULL);
  g_assert_false (presenting);
  /* And the window is closed while the pane is out. */
  train_steps (window, 2);
}

static void
test_panes (void)
{
  g_autofree char *path = write_experiment ("panes", "\"epochs\": 5000");
  live (path, panes);
}

/* ---- saving ---- */

static void
saving (RfWindow *window)
{
  wait_for_run (window);
  type_value (find_knob (window, DROPOUT), "0.45");
  choose (window, "Schedule", "Cosine");
  g_autofree char *path = g_build_filename (folder, "saved.json", NULL);
  g_assert_true (rf_window_save_experiment (window, path));
  g_autoptr (GError) error = NULL;
  g_autoptr (RfExperiment) saved = rf_experiment_load (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (saved->training.schedule->klass->type, ==, "cosine");
  g_autoptr (RfExperiment) with = rf_experiment_copy (saved);
  g_assert_true (rf_experiment_set_live (with, DROPOUT, 0.45, NULL));
  g_autoptr (GPtrArray) changes = rf_experiment_diff_live (saved, with);
  g_assert_cmpuint (changes->len, ==, 0);

  /* A place where nothing can be written is told, and nothing is lost. */
  g_assert_false (rf_window_save_experiment (window, "/no/such/folder/saved.json"));
  WAIT (find_label (window, "/no/such/folder"));

  RfRun *run = get_run (window);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.open-path", "s", path));
  WAIT (get_run (window) != run);
  wait_for_run (window);
  g_assert_cmpfloat (option_of (window, DROPOUT), ==, 0.45);
}

static void
test_saving (void)
{
  g_autofree char *path = write_experiment ("saving", "\"epochs\": 5");
  live (path, saving);
}

int
main (int argc, char **argv)
{
  rf_thread_claim_main ();
  folder = rf_test_make_folder ();
  g_autofree char *data = g_build_filename (folder, "data", NULL);
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/undo", test_undo);
  g_test_add_func ("/lab/settings", test_settings);
  g_test_add_func ("/lab/selection", test_selection);
  g_test_add_func ("/lab/plan", test_plan);
  g_test_add_func ("/lab/early-stopping", test_early_stopping);
  g_test_add_func ("/lab/panes", test_panes);
  g_test_add_func ("/lab/saving", test_saving);
  const int status = g_test_run ();
  rf_test_remove_folder (folder);
  return status;
}
