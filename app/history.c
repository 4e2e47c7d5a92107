/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A list of edits and a place in it: those before the place are done, those after it undone. */

#include "app/history.h"

#include "model/base/error.h"

#define MERGE_WITHIN G_USEC_PER_SEC
#define LONGEST      1000
#define HEAVIEST     (512 * 1024 * 1024) /* bytes */

typedef struct
{
  const RfEditClass *klass;
  char *label;
  gpointer data;
  gint64 time;
} Edit;

struct _RfHistory
{
  GObject parent_instance;

  GPtrArray *edits; /* of Edit * */
  guint place;
  gboolean applying; /* what an edit does pushes nothing */
};

G_DEFINE_FINAL_TYPE (RfHistory, rf_history, G_TYPE_OBJECT)

enum
{
  PROP_UNDO_LABEL = 1,
  PROP_REDO_LABEL,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

static void
edit_free (gpointer data)
{
  Edit *edit = data;
  if (edit->klass->free)
    edit->klass->free (edit->data);
  g_free (edit->label);
  g_free (edit);
}

static void
notify (RfHistory *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_UNDO_LABEL]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REDO_LABEL]);
}

static Edit *
get_last (RfHistory *self)
{
  return self->place > 0 ? g_ptr_array_index (self->edits, self->place - 1) : NULL;
}

/* Drops the oldest edits beyond what may be kept; the newest stays. */
static void
shorten (RfHistory *self)
{
  gsize bytes = 0;
  guint kept = 0;
  while (kept < self->edits->len && kept < LONGEST)
    {
      const Edit *edit = g_ptr_array_index (self->edits, self->edits->len - 1 - kept);
      bytes += edit->klass->weigh ? edit->klass->weigh (edit->data) : 0;
      if (bytes > HEAVIEST && kept > 0)
        break;
      kept++;
    }
  if (kept < self->edits->len)
    g_ptr_array_remove_range (self->edits, 0, self->edits->len - kept);
}

void
rf_history_push (RfHistory *self, const RfEditClass *klass, const char *label, gpointer data)
{
  g_return_if_fail (RF_IS_HISTORY (self) && klass && klass->apply && label);
  RF_ASSERT_MAIN_THREAD ();

  const gint64 now = g_get_monotonic_time ();
  if (self->applying)
    {
      if (klass->free)
        klass->free (data);
      return;
    }
  Edit *last = get_last (self);
  const gboolean newest = self->place == self->edits->len;
  if (last && newest && last->klass == klass && klass->merge && now - last->time < MERGE_WITHIN
      && klass->merge (last->data, data))
    {
      last->time = now;
      if (klass->free)
        klass->free (data);
      return;
    }
  g_ptr_array_set_size (self->edits, (int) self->place);
  Edit *edit = g_new (Edit, 1);
  *edit = (Edit){ klass, g_strdup (label), data, now };
  g_ptr_array_add (self->edits, edit);
  shorten (self);
  self->place = self->edits->len;
  notify (self);
}

static gboolean
apply (RfHistory *self, Edit *edit, gboolean forward)
{
  self->applying = TRUE;
  const gboolean done = edit->klass->apply (edit->data, forward);
  self->applying = FALSE;
  return done;
}

gboolean
rf_history_undo (RfHistory *self)
{
  g_return_val_if_fail (RF_IS_HISTORY (self), FALSE);
  RF_ASSERT_MAIN_THREAD ();

  gboolean done = FALSE;
  while (!done && self->place > 0)
    done = apply (self, g_ptr_array_index (self->edits, --self->place), FALSE);
  /* The next edit begins a step of its own. */
  if (self->place > 0)
    get_last (self)->time = 0;
  notify (self);
  return done;
}

gboolean
rf_history_redo (RfHistory *self)
{
  g_return_val_if_fail (RF_IS_HISTORY (self), FALSE);
  RF_ASSERT_MAIN_THREAD ();

  gboolean done = FALSE;
  while (!done && self->place < self->edits->len)
    done = apply (self, g_ptr_array_index (self->edits, self->place++), TRUE);
  if (self->place > 0)
    get_last (self)->time = 0;
  notify (self);
  return done;
}

const char *
rf_history_get_undo_label (RfHistory *self)
{
  g_return_val_if_fail (RF_IS_HISTORY (self), NULL);
  Edit *last = get_last (self);
  return last ? last->label : NULL;
}

const char *
rf_history_get_redo_label (RfHistory *self)
{
  g_return_val_if_fail (RF_IS_HISTORY (self), NULL);
  if (self->place == self->edits->len)
    return NULL;
  return ((Edit *) g_ptr_array_index (self->edits, self->place))->label;
}

void
rf_history_clear (RfHistory *self)
{
  g_return_if_fail (RF_IS_HISTORY (self));
  g_ptr_array_set_size (self->edits, 0);
  self->place = 0;
  notify (self);
}

static void
rf_history_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RfHistory *self = RF_HISTORY (object);
  if (id == PROP_UNDO_LABEL)
    g_value_set_string (value, rf_history_get_undo_label (self));
  else if (id == PROP_REDO_LABEL)
    g_value_set_string (value, rf_history_get_redo_label (self));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
rf_history_finalize (GObject *object)
{
  g_ptr_array_unref (RF_HISTORY (object)->edits);
  G_OBJECT_CLASS (rf_history_parent_class)->finalize (object);
}

static void
rf_history_class_init (RfHistoryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = rf_history_get_property;
  object_class->finalize = rf_history_finalize;
  props[PROP_UNDO_LABEL] = g_param_spec_string ("undo-label", NULL, NULL, NULL, flags);
  props[PROP_REDO_LABEL] = g_param_spec_string ("redo-label", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
rf_history_init (RfHistory *self)
{
  self->edits = g_ptr_array_new_with_free_func (edit_free);
}

RfHistory *
rf_history_new (void)
{
  return g_object_new (RF_TYPE_HISTORY, NULL);
}
