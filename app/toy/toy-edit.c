/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/toy/toy-edit.h"

typedef enum
{
  EDIT_STATE,
  EDIT_WEIGHT,
  EDIT_DATA,
  EDIT_RESET,
} EditKind;

struct _RfToyEdit
{
  gatomicrefcount references;
  EditKind kind;
  gboolean as_original, fresh, points;
  RfPlayState state, state_before;
  int layer, unit, input;
  double value, value_before;
  RfPlayData *data, *data_before;
  /* Where more than settings changed. */
  RfPlayground *before, *after;
};

static RfToyEdit *
edit_new (EditKind kind)
{
  RfToyEdit *edit = g_new0 (RfToyEdit, 1);
  g_atomic_ref_count_init (&edit->references);
  edit->kind = kind;
  return edit;
}

RfToyEdit *
rf_toy_edit_new_state (const RfPlayState *state, gboolean as_original, gboolean fresh)
{
  RfToyEdit *edit = edit_new (EDIT_STATE);
  rf_play_state_copy (state, &edit->state);
  edit->as_original = as_original;
  edit->fresh = fresh;
  return edit;
}

RfToyEdit *
rf_toy_edit_new_weight (int layer, int unit, int input, double value)
{
  RfToyEdit *edit = edit_new (EDIT_WEIGHT);
  edit->layer = layer;
  edit->unit = unit;
  edit->input = input;
  edit->value = value;
  return edit;
}

RfToyEdit *
rf_toy_edit_new_data (RfPlayData *data)
{
  RfToyEdit *edit = edit_new (EDIT_DATA);
  edit->data = rf_play_data_ref (data);
  return edit;
}

RfToyEdit *
rf_toy_edit_new_reset (gboolean points)
{
  RfToyEdit *edit = edit_new (EDIT_RESET);
  edit->points = points;
  return edit;
}

RfToyEdit *
rf_toy_edit_ref (RfToyEdit *edit)
{
  g_atomic_ref_count_inc (&edit->references);
  return edit;
}

void
rf_toy_edit_unref (gpointer data)
{
  RfToyEdit *edit = data;
  if (!g_atomic_ref_count_dec (&edit->references))
    return;
  if (edit->kind == EDIT_STATE)
    {
      rf_play_state_clear (&edit->state);
      rf_play_state_clear (&edit->state_before);
    }
  g_clear_pointer (&edit->data, rf_play_data_unref);
  g_clear_pointer (&edit->data_before, rf_play_data_unref);
  g_clear_pointer (&edit->before, rf_playground_free);
  g_clear_pointer (&edit->after, rf_playground_free);
  g_free (edit);
}

/* Without the history, which would weigh more than all else. */
static RfPlayground *
keep (const RfPlayground *playground)
{
  RfPlayground *copy = rf_playground_copy (playground);
  rf_playground_keep_history (copy, FALSE);
  return copy;
}

static void
put (RfToyWork *work, const RfPlayground *kept)
{
  rf_playground_free (work->playground);
  work->playground = rf_playground_copy (kept);
  rf_playground_keep_history (work->playground, TRUE);
  work->fresh = TRUE;
  work->moment = -1;
}

static void
set_weight (RfToyWork *work, const RfToyEdit *edit, double value)
{
  RfPlayNet *net = work->playground->net;
  if (edit->input < 0)
    rf_play_net_set_bias (net, edit->layer, edit->unit, value);
  else
    rf_play_net_set_weight (net, edit->layer, edit->unit, edit->input, value);
}

/* An edit was made of what the main loop saw, which may be another network by now. */
static gboolean
has_weight (const RfToyWork *work, const RfToyEdit *edit)
{
  const RfPlayNet *net = work->playground->net;
  return edit->layer < rf_play_net_count_layers (net)
         && edit->unit < rf_play_net_count_units (net, edit->layer)
         && edit->input < rf_play_net_count_inputs (net, edit->layer);
}

static void
do_state (RfToyWork *work, RfToyEdit *edit)
{
  g_autoptr (RfPlayground) before = keep (work->playground);
  rf_play_state_copy (&work->playground->state, &edit->state_before);
  RfPlaygroundChange change = RF_PLAYGROUND_REGENERATED;
  if (edit->fresh)
    {
      rf_playground_free (work->playground);
      work->playground = rf_playground_new (&edit->state);
      rf_playground_keep_history (work->playground, TRUE);
    }
  else
    change = rf_playground_change (work->playground, &edit->state, edit->as_original);
  if (change == RF_PLAYGROUND_KEPT)
    return;
  edit->before = g_steal_pointer (&before);
  edit->after = keep (work->playground);
  work->fresh = TRUE;
  work->moment = -1;
}

void
rf_toy_edit_do (RfToyWork *work, gpointer data)
{
  RfToyEdit *edit = data;
  RfPlayground *playground = work->playground;
  switch (edit->kind)
    {
    case EDIT_STATE:
      do_state (work, edit);
      break;
    case EDIT_WEIGHT:
      if (!has_weight (work, edit))
        break;
      edit->value_before
          = edit->input < 0
                ? rf_play_net_get_bias (playground->net, edit->layer, edit->unit)
                : rf_play_net_get_weight (playground->net, edit->layer, edit->unit, edit->input);
      set_weight (work, edit, edit->value);
      work->moment = -1;
      break;
    case EDIT_DATA:
      edit->data_before = rf_play_data_ref (playground->data);
      rf_playground_set_data (playground, edit->data);
      break;
    case EDIT_RESET:
      edit->before = keep (playground);
      if (edit->points)
        rf_playground_regenerate (playground);
      else
        rf_playground_reset (playground);
      edit->after = keep (playground);
      work->fresh = TRUE;
      work->moment = -1;
      break;
    }
}

static void
apply (RfToyWork *work, RfToyEdit *edit, gboolean forward)
{
  if (edit->before)
    put (work, forward ? edit->after : edit->before);
  else if (edit->kind == EDIT_STATE)
    rf_playground_change (work->playground, forward ? &edit->state : &edit->state_before, FALSE);
  else if (edit->kind == EDIT_WEIGHT && has_weight (work, edit))
    set_weight (work, edit, forward ? edit->value : edit->value_before);
  else if (edit->kind == EDIT_DATA)
    rf_playground_set_data (work->playground, forward ? edit->data : edit->data_before);
}

void
rf_toy_edit_undo (RfToyWork *work, gpointer edit)
{
  apply (work, edit, FALSE);
}

void
rf_toy_edit_redo (RfToyWork *work, gpointer edit)
{
  apply (work, edit, TRUE);
}
