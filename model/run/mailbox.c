/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The slot is a C11 atomic pointer: whoever exchanges it owns what it held. A snapshot that was
 * read is emptied by the main loop, then marked as free for the trainer.
 *
 * The doorbell re-arms itself before it takes the slot: a snapshot that arrives in between rings
 * again, and at worst finds the slot empty. Its priority is below events and above painting, which
 * would otherwise starve one another. */

#include "model/run/mailbox.h"

#include <stdatomic.h>

#define N_SNAPSHOTS 3

typedef struct
{
  GSource source;
  RfMailbox *box;
} Doorbell;

struct _RfMailbox
{
  RfSnapshot snapshots[N_SNAPSHOTS];
  atomic_bool taken[N_SNAPSHOTS];
  RfSnapshot *pending; /* the trainer's */
  gboolean touched;    /* it holds something new */
  _Atomic (RfSnapshot *) slot;
  atomic_bool heard;
  Doorbell *doorbell;
  RfSnapshotFunc func;
  gpointer data;
  atomic_int references; /* the owner's, and the main loop's while it reads a snapshot */
};

static void
empty (RfSnapshot *snapshot)
{
  g_clear_pointer (&snapshot->message, g_free);
  snapshot->weights = FALSE;
  snapshot->refused_batch_size = 0;
  snapshot->n_answers = 0;
  g_clear_pointer (&snapshot->answer_failure, g_free);
  g_clear_pointer (&snapshot->checkpoints, g_array_unref);
  g_array_set_size (snapshot->steps, 0);
  g_array_set_size (snapshot->epochs, 0);
  g_ptr_array_set_size (snapshot->changes, 0);
}

/* One of three is always free: one is in the slot, and the main loop reads at most one more. */
static RfSnapshot *
take_free (RfMailbox *box)
{
  for (guint i = 0; i < N_SNAPSHOTS; i++)
    if (!atomic_exchange (&box->taken[i], TRUE))
      return &box->snapshots[i];
  g_assert_not_reached ();
}

RfMailbox *
rf_mailbox_new (void)
{
  RfMailbox *box = g_new0 (RfMailbox, 1);
  for (guint i = 0; i < N_SNAPSHOTS; i++)
    {
      RfSnapshot *snapshot = &box->snapshots[i];
      snapshot->steps = g_array_new (FALSE, FALSE, sizeof (RfStepRow));
      snapshot->epochs = g_array_new (FALSE, FALSE, sizeof (RfEpochRow));
      snapshot->changes = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_change_free);
    }
  box->pending = take_free (box);
  atomic_init (&box->references, 1);
  return box;
}

static void
release (RfMailbox *box)
{
  if (atomic_fetch_sub (&box->references, 1) > 1)
    return;
  if (box->doorbell)
    g_source_unref (&box->doorbell->source);
  for (guint i = 0; i < N_SNAPSHOTS; i++)
    {
      RfSnapshot *snapshot = &box->snapshots[i];
      empty (snapshot);
      g_array_unref (snapshot->steps);
      g_array_unref (snapshot->epochs);
      g_ptr_array_unref (snapshot->changes);
    }
  g_free (box);
}

void
rf_mailbox_free (RfMailbox *box)
{
  if (!box)
    return;
  rf_mailbox_hang_up (box);
  release (box);
}

static gboolean
answer (GSource *source, GSourceFunc unused, gpointer nothing)
{
  RfMailbox *box = ((Doorbell *) source)->box;
  g_source_set_ready_time (source, -1);
  RfSnapshot *snapshot = atomic_exchange (&box->slot, NULL);
  if (snapshot)
    {
      /* The last snapshot makes its reader end the trainer, and this box with it. */
      atomic_fetch_add (&box->references, 1);
      box->func (snapshot, box->data);
      empty (snapshot);
      atomic_store (&box->taken[snapshot - box->snapshots], FALSE);
      release (box);
    }
  return G_SOURCE_CONTINUE;
}

void
rf_mailbox_listen (RfMailbox *box, RfSnapshotFunc func, gpointer data)
{
  static GSourceFuncs funcs = { .dispatch = answer };
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  g_return_if_fail (box && func && !box->doorbell);
  box->func = func;
  box->data = data;
  box->doorbell = (Doorbell *) g_source_new (&funcs, sizeof (Doorbell));
  box->doorbell->box = box;
  g_source_set_static_name (&box->doorbell->source, "training snapshots");
  g_source_set_priority (&box->doorbell->source, G_PRIORITY_HIGH_IDLE);
  g_source_attach (&box->doorbell->source, context);
  atomic_store (&box->heard, TRUE);
}

void
rf_mailbox_hang_up (RfMailbox *box)
{
  atomic_store (&box->heard, FALSE);
  if (box->doorbell)
    g_source_destroy (&box->doorbell->source);
}

gboolean
rf_mailbox_is_heard (RfMailbox *box)
{
  return atomic_load (&box->heard);
}

RfSnapshot *
rf_mailbox_pending (RfMailbox *box)
{
  return box->pending;
}

void
rf_mailbox_touch (RfMailbox *box)
{
  box->touched = TRUE;
}

gboolean
rf_mailbox_deliver (RfMailbox *box)
{
  if (!box->touched || !rf_mailbox_is_heard (box))
    return TRUE;

  RfSnapshot *nobody = NULL;
  if (!atomic_compare_exchange_strong (&box->slot, &nobody, box->pending))
    return FALSE;
  box->pending = take_free (box);
  box->touched = FALSE;
  g_source_set_ready_time (&box->doorbell->source, 0);
  return TRUE;
}
