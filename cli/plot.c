/* SPDX-License-Identifier: GPL-3.0-or-later */

/* plot: the curves of runs as the window draws them, into a PNG, SVG or PDF. */

#include "cli/cli.h"
#include "model/base/error.h"
#include "model/run/folder.h"
#include "widgets/plot/painters/run-plot.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A field of all rows as numbers. What curves point to is kept in @kept until the picture is
 * written. */
#define COLUMN(kept, rows, Row, field)                                                             \
  column ((kept), (rows), sizeof (Row), G_STRUCT_OFFSET (Row, field),                              \
          _Generic(((Row *) NULL)->field, gint64                                                   \
                   : TRUE, double                                                                  \
                   : FALSE))

static const double *
column (GPtrArray *kept, const GArray *rows, gsize row_size, gsize offset, gboolean whole)
{
  double *values = g_new (double, rows->len + 1);
  for (guint i = 0; i < rows->len; i++)
    {
      const void *field = rows->data + i * row_size + offset;
      values[i] = whole ? (double) *(const gint64 *) field : *(const double *) field;
    }
  g_ptr_array_add (kept, values);
  return values;
}

static char *
keep (GPtrArray *kept, char *text)
{
  g_ptr_array_add (kept, text);
  return text;
}

/* "rate 0.3" at each live change. */
static void
read_flags (RfCurves *curves, GPtrArray *kept, const GPtrArray *changes)
{
  RfChartFlag *flags = g_new (RfChartFlag, changes->len + 1);
  for (guint i = 0; i < changes->len; i++)
    {
      const RfChange *change = g_ptr_array_index (changes, i);
      const char *dot = strrchr (change->path, '.');
      flags[i].x = (double) change->step;
      flags[i].text
          = keep (kept, g_strdup_printf ("%s %g", dot ? dot + 1 : change->path, change->value));
    }
  g_ptr_array_add (kept, flags);
  curves->flags = flags;
  curves->n_flags = changes->len;
}

static gboolean
read_curves (RfCurves *curves, GPtrArray *kept, const char *run, GError **error)
{
  if (!rf_run_folder_is_run (run))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_MISSING, _ ("%s: is not a run folder"), run);
      return FALSE;
    }
  g_autoptr (GArray) steps = rf_run_read_steps (run, error);
  if (!steps)
    return FALSE;
  g_autoptr (GArray) epochs = rf_run_read_epochs (run, error);
  if (!epochs)
    return FALSE;
  g_autoptr (GPtrArray) changes = rf_run_read_changes (run, error);
  if (!changes)
    return FALSE;

  g_autofree char *absolute = g_canonicalize_filename (run, NULL);
  g_autofree char *base = g_path_get_basename (absolute);
  *curves = (RfCurves){
    .name = keep (kept, g_filename_display_name (base)),
    .n_steps = steps->len,
    .step = COLUMN (kept, steps, RfStepRow, step),
    .loss = COLUMN (kept, steps, RfStepRow, loss),
    .accuracy = COLUMN (kept, steps, RfStepRow, accuracy),
    .n_epochs = epochs->len,
    .epoch = COLUMN (kept, epochs, RfEpochRow, epoch),
    .epoch_step = COLUMN (kept, epochs, RfEpochRow, step),
    .train_loss = COLUMN (kept, epochs, RfEpochRow, train_loss),
    .test_loss = COLUMN (kept, epochs, RfEpochRow, test_loss),
    .validation_loss = COLUMN (kept, epochs, RfEpochRow, validation_loss),
    .train_accuracy = COLUMN (kept, epochs, RfEpochRow, train_accuracy),
    .test_accuracy = COLUMN (kept, epochs, RfEpochRow, test_accuracy),
    .validation_accuracy = COLUMN (kept, epochs, RfEpochRow, validation_accuracy),
  };
  read_flags (curves, kept, changes);
  return TRUE;
}

static gboolean
has_picture_suffix (const char *path)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);
  return g_str_has_suffix (lower, ".png") || g_str_has_suffix (lower, ".svg")
         || g_str_has_suffix (lower, ".pdf");
}

static int
plot (int argc, char **argv)
{
  g_autofree char *out = NULL;
  const GOptionEntry entries[] = {
    { "out", 'o', 0, G_OPTION_ARG_FILENAME, &out, N_ ("File to write: .png, .svg or .pdf"),
      "FILE" },
    { NULL },
  };
  if (!rf_cli_parse (entries, "RUN… --out FILE",
                     _ ("Draw the loss and accuracy of one or several runs."), NULL, &argc, &argv)
      || !rf_cli_check_operands (argv, argc, 1, 0, "RUN"))
    return RF_EXIT_USAGE;
  if (!out || !*out)
    return rf_cli_misuse (argv[0], _ ("%s is missing"), "--out FILE");
  if (!has_picture_suffix (out))
    return rf_cli_misuse (argv[0], _ ("--out ends in .png, .svg or .pdf, not \"%s\""), out);

  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);
  const guint n_runs = argc - 1;
  g_autofree RfCurves *curves = g_new0 (RfCurves, n_runs);
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < n_runs; i++)
    if (!read_curves (&curves[i], kept, argv[i + 1], &error))
      return rf_cli_fail (error);
  if (!rf_run_plot_save (out, curves, n_runs, &error))
    return rf_cli_fail (error);
  return RF_EXIT_DONE;
}

const RfVerb rf_plot_verb = {
  .name = "plot",
  .summary = N_ ("draw the curves of runs into a picture"),
  .run = plot,
};
