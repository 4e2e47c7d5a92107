/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/filters/chain-edit.h"

#include <string.h>

/* Renames the stages that are read: stage i is now map[i], or what that stands for. */
static void
rename_references (RfChain *chain, const int *map)
{
  for (int i = 0; i < chain->n_stages; i++)
    {
      RfStage *stage = &chain->stages[i];
      if (stage->input >= 0)
        stage->input = map[stage->input];
      if (stage->with >= 0)
        stage->with = map[stage->with];
      if (stage->input >= i)
        stage->input = RF_STAGE_PREVIOUS;
      if (stage->with >= i)
        stage->with = i > 0 ? RF_STAGE_PREVIOUS : RF_STAGE_PICTURE;
    }
}

gboolean
rf_chain_edit_insert (RfChain *chain, int at, const RfStage *stage)
{
  g_return_val_if_fail (chain && stage && at >= 0 && at <= chain->n_stages, FALSE);
  int map[RF_CHAIN_MAX_STAGES];
  if (chain->n_stages == RF_CHAIN_MAX_STAGES)
    return FALSE;
  for (int i = 0; i < RF_CHAIN_MAX_STAGES; i++)
    map[i] = i < at ? i : i + 1;
  rename_references (chain, map);
  memmove (&chain->stages[at + 1], &chain->stages[at],
           (gsize) (chain->n_stages - at) * sizeof (RfStage));
  chain->stages[at] = *stage;
  chain->n_stages++;
  return TRUE;
}

void
rf_chain_edit_remove (RfChain *chain, int at)
{
  g_return_if_fail (chain && at >= 0 && at < chain->n_stages);
  int map[RF_CHAIN_MAX_STAGES];
  if (chain->n_stages == 1)
    {
      rf_stage_init (&chain->stages[0], RF_STAGE_KERNEL);
      return;
    }
  const int input = rf_chain_input_of (chain, at);
  for (int i = 0; i < RF_CHAIN_MAX_STAGES; i++)
    map[i] = i < at ? i : i == at ? input : i - 1;
  if (at + 1 < chain->n_stages && chain->stages[at + 1].input == RF_STAGE_PREVIOUS)
    chain->stages[at + 1].input = at; /* renamed below, as all are */
  memmove (&chain->stages[at], &chain->stages[at + 1],
           (gsize) (chain->n_stages - at - 1) * sizeof (RfStage));
  chain->n_stages--;
  rename_references (chain, map);
  /* The usual way to say the stage before. */
  if (at < chain->n_stages && chain->stages[at].input == at - 1 && at > 0)
    chain->stages[at].input = RF_STAGE_PREVIOUS;
}

void
rf_chain_edit_move (RfChain *chain, int from, int to)
{
  g_return_if_fail (chain && from >= 0 && to >= 0 && from < chain->n_stages
                    && to < chain->n_stages);
  int map[RF_CHAIN_MAX_STAGES];
  const RfStage stage = chain->stages[from];
  for (int i = 0; i < RF_CHAIN_MAX_STAGES; i++)
    map[i] = i == from                          ? to
             : from < to && i > from && i <= to ? i - 1
             : from > to && i >= to && i < from ? i + 1
                                                : i;
  if (from < to)
    memmove (&chain->stages[from], &chain->stages[from + 1], (gsize) (to - from) * sizeof stage);
  else
    memmove (&chain->stages[to + 1], &chain->stages[to], (gsize) (from - to) * sizeof stage);
  chain->stages[to] = stage;
  rename_references (chain, map);
}
