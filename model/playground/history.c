/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Places are allocated once, when the history is made: training allocates nothing. */

#include "model/playground/history.h"

#include <string.h>

struct _RfPlayHistory
{
  int n_parameters, n;
  guint64 interval;
  guint64 epochs[RF_PLAY_HISTORY_CAPACITY];
  double *parameters; /* [capacity][n_parameters] */
};

static double *
parameters_at (const RfPlayHistory *history, int index)
{
  return history->parameters + (gsize) index * (gsize) history->n_parameters;
}

RfPlayHistory *
rf_play_history_new (int n_parameters)
{
  RfPlayHistory *history = g_new0 (RfPlayHistory, 1);
  history->n_parameters = n_parameters;
  history->interval = 1;
  history->parameters = g_new (double, RF_PLAY_HISTORY_CAPACITY *(gsize) n_parameters);
  return history;
}

RfPlayHistory *
rf_play_history_copy (const RfPlayHistory *history)
{
  RfPlayHistory *copy = g_memdup2 (history, sizeof *history);
  copy->parameters = g_new (double, RF_PLAY_HISTORY_CAPACITY *(gsize) history->n_parameters);
  memcpy (copy->parameters, history->parameters,
          (gsize) history->n * (gsize) history->n_parameters * sizeof (double));
  return copy;
}

void
rf_play_history_free (RfPlayHistory *history)
{
  g_free (history->parameters);
  g_free (history);
}

static void
thin_out (RfPlayHistory *history)
{
  history->interval *= 2;
  int kept = 0;
  for (int i = 0; i < history->n; i++)
    if (history->epochs[i] % history->interval == 0)
      {
        history->epochs[kept] = history->epochs[i];
        memmove (parameters_at (history, kept), parameters_at (history, i),
                 (gsize) history->n_parameters * sizeof (double));
        kept++;
      }
  history->n = kept;
}

void
rf_play_history_offer (RfPlayHistory *history, guint64 epoch, const RfPlayNet *net)
{
  if (epoch % history->interval != 0)
    return;
  if (history->n == RF_PLAY_HISTORY_CAPACITY)
    thin_out (history);
  if (epoch % history->interval != 0)
    return;
  history->epochs[history->n] = epoch;
  rf_play_net_get_parameters (net, parameters_at (history, history->n));
  history->n++;
}

int
rf_play_history_count (const RfPlayHistory *history)
{
  return history->n;
}

guint64
rf_play_history_get_epoch (const RfPlayHistory *history, int index)
{
  g_return_val_if_fail (index >= 0 && index < history->n, 0);
  return history->epochs[index];
}

void
rf_play_history_show (const RfPlayHistory *history, int index, RfPlayNet *net)
{
  g_return_if_fail (index >= 0 && index < history->n);
  g_return_if_fail (rf_play_net_count_parameters (net) == history->n_parameters);
  rf_play_net_set_parameters (net, parameters_at (history, index));
}
