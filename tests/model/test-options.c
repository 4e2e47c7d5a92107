/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options of an experiment by their paths: changes as of --set, and live ones. */
#include "tests/model/experiment-util.h"

#include <math.h>
#include <string.h>

/* --- PATH=VALUE ------------------------------------------------------------------------------ */

static void
test_overrides (void)
{
  static const char *const overrides[] = {
    "name=a=b",
    "training.optimizer.learning_rate=0.5",
    "training.optimizer.learning_rate=0.25",
    "network.layers[1].layers[1].rate=0.75",
    "network.layers[0].kernel=[5, 7]",
    "network.layers[2]={\"type\": \"global_avgpool\"}",
    "network.input[1]=64",
    "training.augment[0].probability=1",
    "training.l1_rule=gradient",
    "training.shuffle=true",
    "dataset.limit=12",
    NULL,
  };
  static const char *const schedule[] = { "training.schedule.type=cosine", NULL };
  g_autoptr (RfExperiment) experiment = parse_sound (full_experiment, overrides);
  g_autoptr (RfExperiment) scheduled = parse_sound (MINIMAL, schedule);
  g_autofree char *text = rf_experiment_to_text (experiment, FALSE);

  g_assert_cmpstr (experiment->name, ==, "a=b");
  g_assert_nonnull (strstr (text, "\"learning_rate\": 0.25,"));
  g_assert_nonnull (strstr (text, "\"rate\": 0.75"));
  g_assert_nonnull (strstr (text, "\"kernel\": [5, 7]"));
  g_assert_nonnull (strstr (text, "global_avgpool"));
  g_assert_null (strstr (text, "maxpool"));
  g_assert_cmpint (experiment->network.input.height, ==, 64);
  g_assert_nonnull (strstr (text, "\"probability\": 1}"));
  g_assert_cmpint (experiment->training.l1_rule, ==, RF_L1_GRADIENT);
  g_assert_true (experiment->training.shuffle);
  g_assert_cmpuint (experiment->dataset.limit, ==, 12);
  g_assert_cmpstr (scheduled->training.schedule->klass->type, ==, "cosine");
}

static const struct
{
  const char *assignment, *message;
} bad_overrides[] = {
  { "training.epochs",
    "e.json: training.epochs: a change is written PATH=VALUE, such as training.epochs=5" },
  { "", "e.json: : a change is written PATH=VALUE, such as training.epochs=5" },
  { "=5", "e.json: : not a path such as training.epochs or network.layers[3].rate" },
  { ".a=5", "e.json: .a: not a path such as training.epochs or network.layers[3].rate" },
  { "training.=5",
    "e.json: training.: not a path such as training.epochs or network.layers[3].rate" },
  { "training..epochs=5",
    "e.json: training..epochs: not a path such as training.epochs or network.layers[3].rate" },
  { "[0]=5", "e.json: [0]: not a path such as training.epochs or network.layers[3].rate" },
  { "network.layers[=5",
    "e.json: network.layers[: not a path such as training.epochs or network.layers[3].rate" },
  { "network.layers[-1]=5",
    "e.json: network.layers[-1]: not a path such as training.epochs or network.layers[3].rate" },
  { "network.layers[0=5",
    "e.json: network.layers[0: not a path such as training.epochs or network.layers[3].rate" },
  { "network.layers[0]rate=5",
    "e.json: network.layers[0]rate: not a path such as training.epochs or network.layers[3].rate" },
  { "network.layers]=5",
    "e.json: network.layers]: not a path such as training.epochs or network.layers[3].rate" },
  { "network.layers[1].rate=5",
    "e.json: network.layers[1].rate: there is no entry 1, the list has 1, counted from 0" },
  { "network.layers[99999999999999999999999]=5",
    "e.json: network.layers[99999999999999999999999]: there is no entry 18446744073709551615, the "
    "list has 1, counted from 0" },
  { "network.layers.rate=5", "e.json: network.layers: must be an object, not a list" },
  { "training[0]=5", "e.json: training: must be a list, not an object" },
  { "training.optimizer.type.x=5",
    "e.json: training.optimizer.type: must be an object, not a text" },
  { "training.new[0]=5", "e.json: training.new: must be a list, not an object" },
  { "training.epoch=5", "e.json: training.epoch: unknown key, did you mean \"epochs\"?" },
  { "optimizer.learning_rate=5", "e.json: optimizer: unknown key, known are: receptive, name, "
                                 "dataset, network, training, parent" },
  { "training.epochs=many", "e.json: training.epochs: must be a whole number, not a text" },
  { "training.epochs=", "e.json: training.epochs: must be a whole number, not a text" },
  { "training.epochs=1.5", "e.json: training.epochs: 1.5 is not a whole number" },
  { "training.optimizer.learning_rate=nan",
    "e.json: training.optimizer.learning_rate: must be a number, not a text" },
  { "training.optimizer={\"type\": \"sgd\", \"type\": \"sgd\"}",
    "e.json: training.optimizer: line 1, column 22: the key \"type\" stands twice in the same "
    "object" },
  { "a\nb=[", "e.json: a\357\277\275b: line 1, column 1: not valid JSON" },
  { "name=\xFF", "e.json: name: the value is not UTF-8" },
  { "\xFF=1", "e.json: \357\277\275: a change is written PATH=VALUE, such as training.epochs=5" },
};

static void
test_bad_overrides (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad_overrides); i++)
    {
      const char *overrides[] = { "training.seed=1", bad_overrides[i].assignment, NULL };
      g_autoptr (GError) error = NULL;
      g_autoptr (RfExperiment) experiment = parse_experiment (MINIMAL, overrides, &error);

      g_assert_null (experiment);
      g_assert_nonnull (error);
      if (!g_str_has_prefix (error->message, bad_overrides[i].message))
        g_assert_cmpstr (error->message, ==, bad_overrides[i].message);
    }
}

static void
test_deep_override (void)
{
  g_autofree char *list = g_strnfill (60, '[');
  g_autofree char *end = g_strnfill (60, ']');
  g_autofree char *deep = g_strconcat ("network.layers[0].a.b.c=", list, end, NULL);
  g_autoptr (GString) path = g_string_new ("a");
  const char *overrides[] = { deep, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_null (parse_experiment (MINIMAL, overrides, &error));
  g_assert_cmpstr (error->message, ==,
                   "e.json: network.layers[0].a.b.c: nested deeper than 64 levels");
  g_clear_error (&error);
  for (guint i = 0; i < 100000; i++)
    g_string_append (path, ".a");
  g_string_append (path, "=1");
  overrides[0] = path->str;
  g_assert_null (parse_experiment (MINIMAL, overrides, &error));
  g_assert_nonnull (strstr (error->message, "not a path such as"));
}

/* --- Live options ---------------------------------------------------------------------------- */

static void
append_path (const RfOptionPlace *place, gpointer data)
{
  g_string_append_printf (data, "%s%s\n", place->path,
                          place->option->flags & RF_OPTION_LIVE ? " live" : "");
}

static void
test_foreach (void)
{
  g_autoptr (RfExperiment) experiment = parse_sound (full_experiment, NULL);
  g_autoptr (GString) paths = g_string_new ("");
  static const char *const live[] = {
    "network.layers[0].l1",
    "network.layers[0].l2",
    "network.layers[0].lr_scale",
    "network.layers[0].frozen",
    "network.layers[1].layers[1].rate",
    "network.layers[1].shortcut[0].rate",
    "training.optimizer.learning_rate",
    "training.optimizer.momentum",
    "training.optimizer.weight_decay",
    "training.batch_size",
    "training.epochs",
    "training.augment[0].probability",
    "training.early_stopping.patience",
  };
  const char *last;

  rf_experiment_foreach_option (experiment, append_path, paths);
  g_assert_nonnull (strstr (paths->str, "network.layers[0].filters\n"));
  g_assert_nonnull (strstr (paths->str, "training.schedule.warmup_steps\n"));
  g_assert_null (strstr (paths->str, "network.layers[1].layers\n"));
  last = paths->str;
  for (guint i = 0; i < G_N_ELEMENTS (live); i++) /* in this order */
    {
      g_autofree char *line = g_strconcat (live[i], " live\n", NULL);
      last = strstr (last, line);
      if (last == NULL)
        g_test_message ("missing or out of order: %s", live[i]);
      g_assert_nonnull (last);
    }
}

static void
test_live (void)
{
  static const struct
  {
    const char *path;
    double value, stored;
  } sets[] = {
    { "network.layers[0].l2", 0.001, 0.001 },
    { "network.layers[0].frozen", 1, 1 },
    { "network.layers[1].layers[1].rate", 1 / 3.0, 0.333333333 },
    { "network.layers[1].shortcut[0].rate", 0, 0 },
    { "training.optimizer.learning_rate", 0.125, 0.125 },
    { "training.batch_size", 1000000, 1000000 },
    { "training.epochs", 1, 1 },
    { "training.augment[0].probability", 0.75, 0.75 },
    { "training.early_stopping.patience", 3, 3 },
  };
  g_autoptr (RfExperiment) old = parse_sound (full_experiment, NULL);
  g_autoptr (RfExperiment) experiment = rf_experiment_copy (old);
  g_autoptr (GPtrArray) none = rf_experiment_diff_live (old, experiment);
  g_autoptr (GPtrArray) changes = NULL;
  g_autofree char *unchanged = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (none->len, ==, 0);
  for (guint i = G_N_ELEMENTS (sets); i-- > 0;) /* reported in the order of the file all the same */
    {
      g_assert_true (rf_experiment_set_live (experiment, sets[i].path, sets[i].value, &error));
      g_assert_no_error (error);
    }
  changes = rf_experiment_diff_live (old, experiment);
  g_assert_cmpuint (changes->len, ==, G_N_ELEMENTS (sets));
  for (guint i = 0; i < changes->len; i++)
    {
      const RfChange *change = changes->pdata[i];
      g_assert_cmpstr (change->path, ==, sets[i].path);
      g_assert_cmpfloat (change->value, ==, sets[i].stored);
      g_assert_cmpint (change->step, ==, 0);
      /* The same changes, made on the old one, leave no difference: this is how a run is replayed.
       */
      g_autoptr (RfExperiment) replay = rf_experiment_copy (old);
      g_assert_true (rf_experiment_set_live (replay, change->path, change->value, &error));
    }
  unchanged = rf_experiment_to_text (old, FALSE);
  g_assert_cmpstr (unchanged, ==, full_experiment);
}

static void
test_bad_live (void)
{
  static const struct
  {
    const char *path;
    double value;
    const char *message;
  } cases[] = {
    { "network.layers[9].rate", 0, "network.layers[9].rate: the experiment has no such option" },
    { "training.batch", 1, "training.batch: the experiment has no such option" },
    { "training.seed", 1, "training.seed: cannot change during a run" },
    { "training.batch_size", 0, "training.batch_size: 0 is out of range, it must be" },
    { "training.batch_size", 1.5, "training.batch_size: 1.5 is not a whole number" },
    { "training.epochs", 0, "training.epochs: 0 is out of range, it must be" },
    { "network.layers[0].filters", 1, "network.layers[0].filters: cannot change during a run" },
    { "network.layers[0].l1", -1, "network.layers[0].l1: -1 is out of range, it must be" },
    { "network.layers[0].l1", NAN, "network.layers[0].l1: nan is out of range, it must be" },
    { "training.optimizer.learning_rate", INFINITY,
      "training.optimizer.learning_rate: inf is out of range, it must be" },
    { "network.layers[0].frozen", 0.5, "network.layers[0].frozen: 0.5 is not a whole number" },
  };
  g_autoptr (RfExperiment) experiment = parse_sound (full_experiment, NULL);
  g_autofree char *text = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_false (rf_experiment_set_live (experiment, cases[i].path, cases[i].value, &error));
      g_assert_true (g_str_has_prefix (error->message, cases[i].message));
    }
  text = rf_experiment_to_text (experiment, FALSE);
  g_assert_cmpstr (text, ==, full_experiment);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/options/overrides", test_overrides);
  g_test_add_func ("/options/bad-overrides", test_bad_overrides);
  g_test_add_func ("/options/deep-override", test_deep_override);
  g_test_add_func ("/options/foreach", test_foreach);
  g_test_add_func ("/options/live", test_live);
  g_test_add_func ("/options/bad-live", test_bad_live);
  return g_test_run ();
}
