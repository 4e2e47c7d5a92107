/* SPDX-License-Identifier: GPL-3.0-or-later */

/* playground: a session of TensorFlow Playground from its link, or a recorded one from a file,
 * trained for some epochs, with what it had come to at some of them. */

#include "cli/cli.h"
#include "model/playground/link.h"
#include "model/playground/playground.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_EPOCHS 1000000000

typedef struct
{
  guint64 epoch;
  RfPlayMeasure measure;
  json_t *weights, *biases; /* or NULL */
} Row;

static void
row_clear (Row *row)
{
  json_decref (row->weights);
  json_decref (row->biases);
}

/* --- Which epochs --------------------------------------------------------------------------- */

static int
compare_epochs (gconstpointer a, gconstpointer b)
{
  const guint64 x = *(const guint64 *) a, y = *(const guint64 *) b;
  return (x > y) - (x < y);
}

/* 0, 1, 2, 5, 10, 20, 50, … and the last. */
static GArray *
default_epochs (guint64 last)
{
  static const guint64 steps[] = { 1, 2, 5 };
  GArray *epochs = g_array_new (FALSE, FALSE, sizeof (guint64));
  const guint64 zero = 0;
  g_array_append_val (epochs, zero);
  for (guint64 ten = 1; ten < last; ten *= 10)
    for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
      {
        const guint64 epoch = ten * steps[i];
        if (epoch < last)
          g_array_append_val (epochs, epoch);
      }
  if (last > 0)
    g_array_append_val (epochs, last);
  return epochs;
}

/* "0,1,10", each up to @last; NULL, with the line said, for anything else. */
static GArray *
parse_epochs (const char *program, const char *text, guint64 last)
{
  g_autoptr (GArray) epochs = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);
  for (int i = 0; parts[i]; i++)
    {
      guint64 epoch;
      if (!g_ascii_string_to_unsigned (g_strstrip (parts[i]), 10, 0, last, &epoch, NULL))
        {
          g_autofree char *limit = g_strdup_printf ("%" G_GUINT64_FORMAT, last);
          rf_cli_misuse (program, _ ("--at takes epochs from 0 to --epochs, %s, not \"%s\""), limit,
                         parts[i]);
          return NULL;
        }
      g_array_append_val (epochs, epoch);
    }
  if (epochs->len == 0)
    {
      rf_cli_misuse (program, _ ("--at takes epochs, like 0,1,10"));
      return NULL;
    }
  g_array_sort (epochs, compare_epochs);
  for (guint i = epochs->len - 1; i > 0; i--)
    if (g_array_index (epochs, guint64, i) == g_array_index (epochs, guint64, i - 1))
      g_array_remove_index (epochs, i);
  return g_steal_pointer (&epochs);
}

/* --- Training ------------------------------------------------------------------------------- */

/* weights[layer][unit][input] and biases[layer][unit]. */
static void
take_weights (const RfPlayNet *net, Row *row)
{
  row->weights = json_array ();
  row->biases = json_array ();
  for (int l = 0; l < rf_play_net_count_layers (net); l++)
    {
      json_t *layer = json_array (), *biases = json_array ();
      for (int i = 0; i < rf_play_net_count_units (net, l); i++)
        {
          json_t *unit = json_array ();
          for (int j = 0; j < rf_play_net_count_inputs (net, l); j++)
            json_array_append_new (unit,
                                   rf_cli_json_number (rf_play_net_get_weight (net, l, i, j)));
          json_array_append_new (layer, unit);
          json_array_append_new (biases, rf_cli_json_number (rf_play_net_get_bias (net, l, i)));
        }
      json_array_append_new (row->weights, layer);
      json_array_append_new (row->biases, biases);
    }
}

/* Goes to @epoch, with a bar on a terminal. */
static void
train_until (RfPlayground *playground, guint64 epoch, guint64 last, RfProgressBar *bar)
{
  while (playground->epoch < epoch)
    {
      rf_playground_train (playground, RF_PLAYGROUND_EPOCH, MIN (epoch - playground->epoch, 100));
      rf_progress_bar_show (bar, (double) playground->epoch / (double) last, _ ("training"));
    }
}

static GArray *
train (RfPlayground *playground, const GArray *epochs, guint64 last, gboolean with_weights)
{
  GArray *rows = g_array_new (FALSE, TRUE, sizeof (Row));
  g_autoptr (RfProgressBar) bar = rf_progress_bar_new ();
  g_array_set_clear_func (rows, (GDestroyNotify) row_clear);
  for (guint i = 0; i < epochs->len; i++)
    {
      Row row = { .epoch = g_array_index (epochs, guint64, i) };
      train_until (playground, row.epoch, last, bar);
      rf_playground_measure (playground, &row.measure);
      if (with_weights)
        take_weights (playground->net, &row);
      g_array_append_val (rows, row);
    }
  train_until (playground, last, last, bar);
  rf_progress_bar_hide (bar);
  return rows;
}

/* --- Output --------------------------------------------------------------------------------- */

static int
print_json (const char *url, const RfPlayground *playground, const GArray *rows)
{
  json_t *object = json_object (), *first = json_null (), *epochs = json_array ();
  if (playground->data->n_train > 0)
    {
      const RfPlayPoint *point = playground->data->train;
      first = json_array ();
      json_array_append_new (first, rf_cli_json_number (point->x));
      json_array_append_new (first, rf_cli_json_number (point->y));
      json_array_append_new (first, rf_cli_json_number (point->label));
    }
  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = &g_array_index (rows, Row, i);
      json_t *epoch = json_object ();
      json_object_set_new (epoch, "epoch", json_integer ((json_int_t) row->epoch));
      json_object_set_new (epoch, "train_loss", rf_cli_json_number (row->measure.train_loss));
      json_object_set_new (epoch, "test_loss", rf_cli_json_number (row->measure.test_loss));
      json_object_set_new (epoch, "dead", json_integer (row->measure.weights.dead));
      if (row->weights)
        {
          json_object_set (epoch, "weights", row->weights);
          json_object_set (epoch, "biases", row->biases);
        }
      json_array_append_new (epochs, epoch);
    }
  json_object_set_new (object, "url", url ? json_string (url) : json_null ());
  json_object_set_new (object, "first_point", first);
  json_object_set_new (object, "epochs", epochs);
  const int status = rf_cli_print_json (object);
  json_decref (object);
  return status;
}

/* Right-aligned, a dash for what is not a number. */
static void
append_loss (GString *text, double loss)
{
  g_autofree char *number = isfinite (loss) ? g_strdup_printf ("%.6f", loss) : g_strdup ("–");
  for (int i = rf_cli_text_width (number); i < 13; i++)
    g_string_append_c (text, ' ');
  g_string_append (text, number);
}

static void
append_accuracy (GString *text, double accuracy)
{
  g_autoptr (GString) number = g_string_new (NULL);
  rf_cli_append_percent (number, accuracy);
  for (int i = rf_cli_text_width (number->str); i < 10; i++)
    g_string_append_c (text, ' ');
  g_string_append (text, number->str);
}

static void
append_column_title (GString *text, const char *title, int width)
{
  for (int i = rf_cli_text_width (title); i < width; i++)
    g_string_append_c (text, ' ');
  g_string_append (text, title);
}

static int
print_table (const char *url, const RfPlayground *playground, const GArray *rows)
{
  const RfPlayData *data = playground->data;
  RfPlayWeights weights;
  rf_play_net_sum_weights (playground->net, &weights);
  g_autoptr (GString) text = g_string_new (NULL);
  if (url)
    g_string_append_printf (text, "%s\n", url);
  g_string_append_printf (text, _ ("%zu training and %zu test points, %d weights\n\n"),
                          data->n_train, data->n_test, weights.weights);
  append_column_title (text, _ ("epoch"), 10);
  append_column_title (text, _ ("train loss"), 13);
  append_column_title (text, _ ("test loss"), 13);
  append_column_title (text, _ ("train"), 10);
  append_column_title (text, _ ("test"), 10);
  append_column_title (text, _ ("dead"), 8);
  g_string_append_c (text, '\n');
  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = &g_array_index (rows, Row, i);
      g_string_append_printf (text, "%10" G_GUINT64_FORMAT, row->epoch);
      append_loss (text, row->measure.train_loss);
      append_loss (text, row->measure.test_loss);
      append_accuracy (text, row->measure.train_accuracy);
      append_accuracy (text, row->measure.test_accuracy);
      g_string_append_printf (text, "%8d\n", row->measure.weights.dead);
    }
  return rf_cli_print (text->str);
}

/* --- The verb ------------------------------------------------------------------------------- */

static void
say_remarks (const GPtrArray *remarks)
{
  for (guint i = 0; i < remarks->len; i++)
    rf_cli_note ("%s", (const char *) remarks->pdata[i]);
}

/* *@url: what stands in the output, the link as given; a link without a seed gets the one drawn. */
static RfPlayground *
open_link (const char *link, char **url, GPtrArray *remarks, GError **error)
{
  g_auto (RfPlayState) state = { 0 };
  gboolean has_seed;
  rf_play_state_init (&state);
  if (!rf_play_link_read (link, &state, &has_seed, remarks, error))
    {
      g_prefix_error (error, "LINK: ");
      return NULL;
    }
  g_autofree char *valid = g_utf8_make_valid (link, -1);
  if (has_seed)
    *url = g_steal_pointer (&valid);
  else
    *url = g_strdup_printf ("%s%sseed=%s", valid,
                            strchr (valid, '#') || strchr (valid, '=') ? "&" : "#", state.seed);
  return rf_playground_new (&state);
}

static int
run (const char *operand, const GArray *epochs, guint64 last, gboolean as_json)
{
  const gboolean is_link = !g_file_test (operand, G_FILE_TEST_EXISTS) && rf_play_is_link (operand);
  g_autoptr (GPtrArray) remarks = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autofree char *url = NULL;
  g_autoptr (RfPlayground) playground = is_link ? open_link (operand, &url, remarks, &error)
                                                : rf_playground_load (operand, remarks, &error);
  if (!playground)
    return rf_cli_fail (error);
  say_remarks (remarks);

  g_autoptr (GArray) rows = train (playground, epochs, last, !is_link);
  g_autofree char *explanation = rf_playground_explain (playground);
  if (explanation)
    rf_cli_note ("%s", explanation);
  return as_json ? print_json (url, playground, rows) : print_table (url, playground, rows);
}

static int
playground (int argc, char **argv)
{
  g_autofree char *epochs_text = NULL, *at = NULL;
  gboolean as_json = FALSE;
  guint64 last;
  const GOptionEntry entries[] = {
    { "epochs", 0, 0, G_OPTION_ARG_STRING, &epochs_text, N_ ("Epochs to train (required)"), "N" },
    { "at", 0, 0, G_OPTION_ARG_STRING, &at,
      N_ ("Epochs to report, like 0,1,10 (default: 0, 1, 2, 5, 10, … and the last)"), "LIST" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print one JSON object"), NULL },
    { NULL },
  };
  if (!rf_cli_parse (
          entries, "LINK|FILE.json",
          _ ("Train a session of TensorFlow Playground, with the same numbers as there."),
          _ ("LINK is the address of a session, or what follows its #; put it in quotes. "
             "FILE.json\n"
             "holds points and first weights; its weights are then printed with --json."),
          &argc, &argv)
      || !rf_cli_check_operands (argv, argc, 1, 1, "LINK|FILE.json"))
    return RF_EXIT_USAGE;
  if (!epochs_text)
    return rf_cli_misuse (argv[0], _ ("--epochs is missing"));
  if (!g_ascii_string_to_unsigned (epochs_text, 10, 0, MAX_EPOCHS, &last, NULL))
    return rf_cli_misuse (argv[0], _ ("--epochs takes a whole number from 0 to %d, not \"%s\""),
                          MAX_EPOCHS, epochs_text);

  g_autoptr (GArray) epochs = at ? parse_epochs (argv[0], at, last) : default_epochs (last);
  return epochs ? run (argv[1], epochs, last, as_json) : RF_EXIT_USAGE;
}

const RfVerb rf_playground_verb = {
  .name = "playground",
  .summary = N_ ("a session of TensorFlow Playground, from its link"),
  .run = playground,
};
