/* SPDX-License-Identifier: GPL-3.0-or-later */

/* eval: loss, accuracy and confusion over a split. */

#include "cli/cli.h"
#include "model/base/error.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  const RfDataset *dataset;
  double loss, accuracy, top5;
  gint64 *confusion; /* [true classes, predicted classes] */
} Evaluation;

static gint64
row_sum (const Evaluation *evaluation, int row)
{
  gint64 sum = 0;
  for (int column = 0; column < evaluation->dataset->n_classes; column++)
    sum += evaluation->confusion[row * evaluation->dataset->n_classes + column];
  return sum;
}

/* NaN for a class of which there is no sample. */
static double
class_accuracy (const Evaluation *evaluation, int row)
{
  const gint64 right = evaluation->confusion[row * evaluation->dataset->n_classes + row];
  return (double) right / (double) row_sum (evaluation, row);
}

static int
print_json (const Evaluation *evaluation)
{
  const int n_classes = evaluation->dataset->n_classes;
  json_t *classes = json_array (), *per_class = json_array (), *confusion = json_array ();
  gint64 n = 0;
  for (int row = 0; row < n_classes; row++)
    {
      json_array_append_new (classes, json_string (evaluation->dataset->classes[row]));
      json_array_append_new (per_class, rf_cli_json_number (class_accuracy (evaluation, row)));
      json_t *counts = json_array ();
      for (int column = 0; column < n_classes; column++)
        json_array_append_new (counts,
                               json_integer (evaluation->confusion[row * n_classes + column]));
      json_array_append_new (confusion, counts);
      n += row_sum (evaluation, row);
    }

  json_t *object = json_object ();
  json_object_set_new (object, "n", json_integer (n));
  json_object_set_new (object, "loss", rf_cli_json_number (evaluation->loss));
  json_object_set_new (object, "accuracy", rf_cli_json_number (evaluation->accuracy));
  json_object_set_new (object, "top5", rf_cli_json_number (evaluation->top5));
  json_object_set_new (object, "classes", classes);
  json_object_set_new (object, "per_class", per_class);
  json_object_set_new (object, "confusion", confusion);
  const int status = rf_cli_print_json (object);
  json_decref (object);
  return status;
}

/* "often taken for truck (7.1 %)", where there is such a class. */
static void
append_mistake (GString *text, const Evaluation *evaluation, int row)
{
  const RfDataset *dataset = evaluation->dataset;
  const gint64 *counts = evaluation->confusion + row * dataset->n_classes;
  int worst = -1;
  for (int column = 0; column < dataset->n_classes; column++)
    if (column != row && counts[column] > 0 && (worst < 0 || counts[column] > counts[worst]))
      worst = column;
  if (worst < 0)
    return;
  g_string_append_printf (text, _ ("   most often taken for %s ("), dataset->classes[worst]);
  rf_cli_append_percent (text, (double) counts[worst] / (double) row_sum (evaluation, row));
  g_string_append_c (text, ')');
}

static int
print_table (const Evaluation *evaluation, RfSplit split)
{
  const RfDataset *dataset = evaluation->dataset;
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_append_printf (text, _ ("%s, %s split: %zu samples\n"), dataset->title,
                          rf_split_name (split), dataset->splits[split].n);
  g_string_append_printf (text, _ ("loss      %.6g\naccuracy  "), evaluation->loss);
  rf_cli_append_percent (text, evaluation->accuracy);
  g_string_append (text, _ ("\ntop 5     "));
  rf_cli_append_percent (text, evaluation->top5);
  g_string_append (text, "\n\n");

  int width = 0;
  for (int row = 0; row < dataset->n_classes; row++)
    width = MAX (width, rf_cli_text_width (dataset->classes[row]));
  for (int row = 0; row < dataset->n_classes; row++)
    {
      g_autoptr (GString) accuracy = g_string_new (NULL);
      rf_cli_append_percent (accuracy, class_accuracy (evaluation, row));
      rf_cli_append_padded (text, dataset->classes[row], width);
      for (int i = rf_cli_text_width (accuracy->str); i < 9; i++)
        g_string_append_c (text, ' ');
      g_string_append (text, accuracy->str);
      append_mistake (text, evaluation, row);
      g_string_append_c (text, '\n');
    }
  return rf_cli_print (text->str);
}

static gboolean
check_split (const RfDataset *dataset, RfSplit split, GError **error)
{
  if (dataset->splits[split].n > 0)
    return TRUE;
  g_autoptr (GString) others = g_string_new (NULL);
  for (guint i = 0; i < RF_N_SPLITS; i++)
    if (dataset->splits[i].n > 0)
      g_string_append_printf (others, "%s--split %s", others->len ? ", " : "", rf_split_name (i));
  g_set_error (error, RF_ERROR, RF_ERROR_MISSING, _ ("%s has no %s split; there is: %s"),
               dataset->title, rf_split_name (split), others->str);
  return FALSE;
}

static int
evaluate (const RfModelSource *source, const char *data, RfSplit split, gboolean as_json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RfDataset) dataset = rf_model_source_load_data (source, data, &error);
  if (!dataset || !check_split (dataset, split, &error))
    return rf_cli_fail (error);

  g_autoptr (RfEngine) engine
      = rf_engine_new (source->experiment, dataset, rf_kernels_path (), &error);
  if (!engine || (source->weights && !rf_net_load_file (engine->net, source->weights, &error)))
    return rf_cli_fail (error);

  rf_model_source_say_remark (source);
  g_autofree gint64 *confusion = g_new0 (gint64, (gsize) dataset->n_classes * dataset->n_classes);
  Evaluation evaluation = { .dataset = dataset, .confusion = confusion };
  rf_engine_evaluate (engine, split, NULL, &evaluation.loss, &evaluation.accuracy, &evaluation.top5,
                      confusion);
  return as_json ? print_json (&evaluation) : print_table (&evaluation, split);
}

static int
eval (int argc, char **argv)
{
  g_autofree char *weights = NULL, *split_name = NULL, *data = NULL;
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
    { "weights", 0, 0, G_OPTION_ARG_FILENAME, &weights,
      N_ ("Weights to use (default: the run's newest)"), "FILE" },
    { "split", 0, 0, G_OPTION_ARG_STRING, &split_name, N_ ("train, validation or test (default)"),
      "SPLIT" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print one JSON object"), NULL },
    RF_CLI_DATA_OPTION (&data),
    RF_CLI_THREADS_OPTION,
    { NULL },
  };
  if (!rf_cli_parse (entries, "RUN|EXPERIMENT",
                     _ ("Measure loss and accuracy, in evaluation mode, over a split of the data."),
                     NULL, &argc, &argv)
      || !rf_cli_check_operands (argv, argc, 1, 1, "RUN|EXPERIMENT"))
    return RF_EXIT_USAGE;

  RfSplit split = RF_SPLIT_TEST;
  if (split_name && !rf_split_from_name (split_name, &split))
    return rf_cli_misuse (argv[0], _ ("--split is train, validation or test, not \"%s\""),
                          split_name);

  g_autoptr (GError) error = NULL;
  g_auto (RfModelSource) source = { 0 };
  if (!rf_model_source_open (&source, argv[1], weights, &error))
    return rf_cli_fail (error);
  return evaluate (&source, data, split, as_json);
}

const RfVerb rf_eval_verb = {
  .name = "eval",
  .summary = N_ ("loss, accuracy and confusion over a split"),
  .run = eval,
};
