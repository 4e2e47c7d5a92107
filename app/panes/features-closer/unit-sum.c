/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/features-closer/unit-sum.h"

#include "model/features/arithmetic.h"
#include "widgets/plot/painters/legend-painter.h"
#include "widgets/plot/painters/sum-painter.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MOST_CHANNELS 3 /* that are shown; of more, those that count most */
#define MOST_TERMS    9 /* of a sum without windows */

typedef struct
{
  RfFeatureInput *input;
  guint layer; /* with the sum */
  gsize place;
  GPtrArray *sheets;
} UnitSum;

/* ---- sheets ---- */

static void
sheet_free (gpointer sheet)
{
  rf_sum_sheet_free (sheet);
}

static RfSumSheet *
add_sheet (UnitSum *self, int rows, int columns, char *title)
{
  RfSumSheet *sheet = g_new0 (RfSumSheet, 1);
  sheet->title = title;
  sheet->planes = rows > 0 ? 1 : 0;
  sheet->rows = rows;
  sheet->columns = columns;
  sheet->terms = g_new0 (RfSumTerm, MAX (1, rows * columns));
  sheet->products = TRUE;
  g_ptr_array_add (self->sheets, sheet);
  return sheet;
}

static int
compare_sizes (gconstpointer a, gconstpointer b, gpointer sizes)
{
  const double left = ((const double *) sizes)[*(const int *) a];
  const double right = ((const double *) sizes)[*(const int *) b];
  return left == right ? *(const int *) a - *(const int *) b : left < right ? 1 : -1;
}

/* Numbers 0 … n − 1, those of the largest @sizes first. */
static int *
rank (const double *sizes, int n)
{
  int *order = g_new (int, n);
  for (int i = 0; i < n; i++)
    order[i] = i;
  g_qsort_with_data (order, n, sizeof *order, compare_sizes, (gpointer) sizes);
  return order;
}

static void
add_window (UnitSum *self, const RfArithmetic *sum, const RfLayer *layer, int channel)
{
  static const char *const colors[] = { N_ ("Red"), N_ ("Green"), N_ ("Blue") };
  const int area = sum->height * sum->width;
  const gboolean color = layer->in.channels == 3 && layer->index == 0;
  g_autofree char *total = rf_legend_format ((double) sum->sums[channel]);
  g_autofree char *name = color ? g_strdup (_ (colors[channel]))
                                : g_strdup_printf (_ ("Channel %d"), sum->first_channel + channel);
  RfSumSheet *sheet
      = add_sheet (self, sum->height, sum->width, g_strdup_printf (_ ("%s: Σ = %s"), name, total));
  for (int i = 0; i < area; i++)
    {
      const int y = sum->top + i / sum->width * sum->dilation[0];
      const int x = sum->left + i % sum->width * sum->dilation[1];
      sheet->terms[i] = (RfSumTerm){
        .value = (double) sum->inputs[channel * area + i],
        .weight = (double) sum->weights[channel * area + i],
        .imagined = y < 0 || x < 0 || y >= layer->in.height || x >= layer->in.width,
        .counts = TRUE,
      };
    }
  sheet->words = g_strdup ("");
}

static void
add_windows (UnitSum *self, const RfArithmetic *sum, const RfLayer *layer)
{
  g_autofree double *sizes = g_new (double, sum->channels);
  for (int i = 0; i < sum->channels; i++)
    sizes[i] = fabs ((double) sum->sums[i]);
  g_autofree int *order = rank (sizes, sum->channels);
  const gboolean all = sum->channels <= MOST_CHANNELS;
  for (int i = 0; i < MIN (sum->channels, MOST_CHANNELS); i++)
    add_window (self, sum, layer, all ? i : order[i]);
  if (all)
    return;
  double rest = 0;
  for (int i = MOST_CHANNELS; i < sum->channels; i++)
    rest += (double) sum->sums[order[i]];
  g_autofree char *text = rf_legend_format (rest);
  RfSumSheet *sheet = add_sheet (self, 0, 0, NULL);
  const int n = sum->channels - MOST_CHANNELS;
  sheet->title = g_strdup_printf (
      ngettext ("The other channel (%d): Σ = %s", "The other %d channels: Σ = %s", (gulong) n), n,
      text);
  sheet->words = g_strdup ("");
}

/* A sum over so many values has no window that could be drawn. */
static void
add_largest (UnitSum *self, const RfArithmetic *sum)
{
  const int n = sum->channels * sum->height * sum->width, shown = MIN (n, MOST_TERMS);
  g_autofree double *sizes = g_new (double, n);
  for (int i = 0; i < n; i++)
    sizes[i] = fabs ((double) sum->inputs[i] * (double) sum->weights[i]);
  g_autofree int *order = rank (sizes, n);
  const int columns = MIN (shown, 3);
  RfSumSheet *sheet
      = add_sheet (self, (shown + columns - 1) / columns, columns,
                   n > shown ? g_strdup_printf (_ ("The %d largest of %d products"), shown, n)
                             : g_strdup (_ ("Products")));
  double rest = 0;
  for (int i = 0; i < n; i++)
    if (i < shown)
      sheet->terms[i] = (RfSumTerm){ .value = (double) sum->inputs[order[i]],
                                     .weight = (double) sum->weights[order[i]],
                                     .counts = TRUE };
    else
      rest += (double) sum->inputs[order[i]] * (double) sum->weights[order[i]];
  g_autofree char *text = rf_legend_format (rest);
  sheet->words = n > shown ? g_strdup_printf (_ ("All others together: %s"), text) : g_strdup ("");
}

static void
add_result (UnitSum *self, const RfArithmetic *sum)
{
  g_autofree char *products = rf_legend_format (sum->value - sum->bias);
  g_autofree char *bias = rf_legend_format (sum->bias), *value = rf_legend_format (sum->value);
  g_autoptr (GString) words = g_string_new (NULL);
  /* Translators: sum of the products, bias, both together. */
  g_string_printf (words, _ ("Σ %s + bias %s = %s"), products, bias, value);
  for (guint i = 0; i < sum->n_steps; i++)
    {
      g_autofree char *step = rf_legend_format (sum->steps[i].value);
      g_string_append_printf (words, "\n%s → %s", _ (sum->steps[i].layer->klass->spec.title), step);
    }
  RfSumSheet *sheet = add_sheet (self, 0, 0, g_strdup (_ ("Together")));
  sheet->words = g_strdup (words->str);
}

/* ---- the study ---- */

static gboolean
step (gpointer data, RfSpecimen *specimen, gboolean renewed, GError **error)
{
  UnitSum *self = data;
  const RfLayer *layer = rf_specimen_get_net (specimen)->layers->pdata[self->layer];
  rf_specimen_forward (specimen, self->input->values, 1);
  g_autoptr (RfArithmetic) sum = rf_arithmetic_new (layer, self->place);
  self->sheets = g_ptr_array_new_with_free_func (sheet_free);
  if (layer->params[0]->n_dims == 4 && sum->height * sum->width > 1)
    add_windows (self, sum, layer);
  else
    add_largest (self, sum);
  add_result (self, sum);
  return TRUE;
}

static double
progress (gpointer data)
{
  return 0;
}

static gpointer
snapshot (gpointer data)
{
  return g_ptr_array_ref (((UnitSum *) data)->sheets);
}

static void
free_sheets (gpointer sheets)
{
  g_ptr_array_unref (sheets);
}

static void
free_study (gpointer data)
{
  UnitSum *self = data;
  rf_feature_input_unref (self->input);
  g_clear_pointer (&self->sheets, g_ptr_array_unref);
  g_free (self);
}

RfStudyJob *
rf_unit_sum_start (RfFeatureBench *bench, RfStudyShow show, gpointer data)
{
  static const RfStudyClass klass = { step, progress, snapshot, free_sheets, free_study };
  const RfNet *net = rf_feature_bench_get_layers (bench);
  RfFeatureInput *input = rf_feature_bench_get_input (bench);
  int y, x;
  if (!net || !input || !rf_feature_bench_get_place (bench, &y, &x))
    return NULL;
  const RfLayer *layer = net->layers->pdata[rf_feature_bench_get_layer (bench)];
  const RfLayer *sum = rf_feature_layers_find_sum (net, layer);
  if (!sum)
    return NULL;
  UnitSum *study = g_new0 (UnitSum, 1);
  study->input = rf_feature_input_ref (input);
  study->layer = (guint) sum->index;
  study->place = ((gsize) rf_feature_bench_get_unit (bench) * (gsize) layer->out.height + (gsize) y)
                     * (gsize) layer->out.width
                 + (gsize) x;
  return rf_study_job_start (rf_feature_bench_get_replica (bench), RF_STUDY_SUM, &klass, study,
                             show, data);
}
