/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/sum/sum-sheets.h"

#include "app/filters/filter-bench.h"

#include <glib/gi18n-lib.h>

static void
set_window (RfSumSheet *sheet, const RfTraceStep *step, int planes, int rows, int columns)
{
  const guint n = (guint) (planes * rows * columns);
  if (step->terms->len != n)
    return; /* of another size: the chain has changed since */
  sheet->planes = planes;
  sheet->rows = rows;
  sheet->columns = columns;
  sheet->terms = g_new (RfSumTerm, n);
  for (guint i = 0; i < n; i++)
    {
      const RfTraceTerm *term = &g_array_index (step->terms, RfTraceTerm, i);
      const gboolean imagined = term->place_y != term->y || term->place_x != term->x;
      sheet->terms[i] = (RfSumTerm){ term->value, term->weight, imagined, term->counts };
    }
}

static const RfTraceTerm *
get_term (const RfTraceStep *step, guint i)
{
  return i < step->terms->len ? &g_array_index (step->terms, RfTraceTerm, i) : NULL;
}

static char *
say_kernel (const RfKernel *kernel, const RfTraceStep *step)
{
  if (kernel->scale == 1 && kernel->bias == 0)
    return g_strdup_printf (_ ("Sum of the products = %.4g"), step->value);
  return g_strdup_printf (_ ("Sum of the products = %.4g\n%.4g · %.4g + %.4g = %.4g"), step->sum,
                          step->sum, kernel->scale, kernel->bias, step->value);
}

static char *
say_simple (const RfStage *stage, const RfTraceStep *step)
{
  const RfTraceTerm *first = get_term (step, 0), *second = get_term (step, 1);
  const double x = first ? first->value : 0, y = second ? second->value : 0;
  switch (stage->kind)
    {
    case RF_STAGE_BIAS:
      return g_strdup_printf ("%.4g + %.4g = %.4g", x, stage->value, step->value);
    case RF_STAGE_RELU:
      return g_strdup_printf ("max (%.4g, 0) = %.4g", x, step->value);
    case RF_STAGE_TANH:
      return g_strdup_printf ("tanh %.4g = %.4g", x, step->value);
    case RF_STAGE_ABS:
      return g_strdup_printf ("|%.4g| = %.4g", x, step->value);
    case RF_STAGE_THRESHOLD:
      return g_strdup_printf (step->value > 0 ? "%.4g ≥ %.4g → %.4g" : "%.4g < %.4g → %.4g", x,
                              stage->value, step->value);
    case RF_STAGE_ADD:
      return g_strdup_printf ("%.4g + %.4g = %.4g", x, y, step->value);
    case RF_STAGE_MAGNITUDE:
      return g_strdup_printf ("√(%.4g² + %.4g²) = %.4g", x, y, step->value);
    case RF_STAGE_MAXPOOL:
      return g_strdup_printf (_ ("Largest of the window = %.4g"), step->value);
    default:
      return g_strdup_printf (_ ("Mean of the window = %.4g"), step->value);
    }
}

static RfSumSheet *
make_sheet (const RfChain *chain, const RfTraceStep *step, int n_channels)
{
  static const char *const channels[] = { N_ ("red"), N_ ("green"), N_ ("blue") };
  const RfStage *stage = &chain->stages[step->stage];
  RfSumSheet *sheet = g_new0 (RfSumSheet, 1);
  g_autofree char *name = rf_filter_bench_name_stage (chain, step->stage);
  const gboolean one = stage->kind == RF_STAGE_KERNEL && stage->kernel.mode == RF_KERNEL_COMBINED;
  if (n_channels != 3)
    sheet->title = g_strdup_printf (_ ("%s\nrow %d, column %d"), name, step->y, step->x);
  else
    sheet->title = g_strdup_printf (_ ("%s\nrow %d, column %d, %s"), name, step->y, step->x,
                                    _ (channels[CLAMP (step->channel, 0, 2)]));
  if (stage->kind == RF_STAGE_KERNEL)
    {
      sheet->products = TRUE;
      set_window (sheet, step, one ? 3 : 1, stage->kernel.height, stage->kernel.width);
      sheet->words = say_kernel (&stage->kernel, step);
      return sheet;
    }
  if (stage->kind == RF_STAGE_MAXPOOL || stage->kind == RF_STAGE_AVGPOOL)
    set_window (sheet, step, 1, stage->size[0], stage->size[1]);
  sheet->words = say_simple (stage, step);
  return sheet;
}

GPtrArray *
rf_sum_sheets_new (const RfChain *chain, const RfChainTrace *trace, const RfShape *shapes,
                   int n_shapes)
{
  GPtrArray *sheets = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_sum_sheet_free);
  for (guint i = trace->steps->len; i-- > 0;)
    {
      const RfTraceStep *step = g_ptr_array_index (trace->steps, i);
      if (step->stage < chain->n_stages)
        g_ptr_array_add (
            sheets,
            make_sheet (chain, step, step->stage < n_shapes ? shapes[step->stage].channels : 1));
    }
  return sheets;
}
