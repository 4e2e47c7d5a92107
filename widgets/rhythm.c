/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "widgets/rhythm.h"

typedef struct
{
  guint id;
  GSourceOnceFunc func; /* NULL: forgotten */
  gpointer data;
} Call;

static struct
{
  GSource *source; /* ready at the next beat, or not at all */
  GArray *calls;   /* of Call: who waits for it */
  GArray *called;  /* likewise, while it is under way */
  gint64 last;
  gint64 interval; /* microseconds; 0: the shortest */
  guint count, last_id;
} rhythm;

static gint64
get_interval (void)
{
  return MAX (rhythm.interval, (gint64) (RF_RHYTHM_SHORTEST * G_USEC_PER_SEC));
}

static gboolean
beat_cb (gpointer data)
{
  GArray *calls = rhythm.calls;
  g_source_set_ready_time (rhythm.source, -1);
  rhythm.last = g_get_monotonic_time ();
  rhythm.count++;
  /* Who asks for a beat in a beat gets the next one. */
  rhythm.calls = rhythm.called;
  rhythm.called = calls;
  for (guint i = 0; i < calls->len; i++)
    {
      const Call call = g_array_index (calls, Call, i);
      if (call.func)
        call.func (call.data);
    }
  g_array_set_size (calls, 0);
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  return callback (data);
}

static void
begin (void)
{
  static GSourceFuncs funcs = { .dispatch = dispatch };
  rhythm.calls = g_array_new (FALSE, FALSE, sizeof (Call));
  rhythm.called = g_array_new (FALSE, FALSE, sizeof (Call));
  rhythm.source = g_source_new (&funcs, sizeof (GSource));
  g_source_set_static_name (rhythm.source, "beat");
  g_source_set_callback (rhythm.source, beat_cb, NULL, NULL);
  g_source_attach (rhythm.source, NULL);
}

guint
rf_rhythm_next (GSourceOnceFunc func, gpointer data)
{
  g_return_val_if_fail (func, 0);

  if (!rhythm.source)
    begin ();
  if (++rhythm.last_id == 0)
    rhythm.last_id++;
  const Call call = { rhythm.last_id, func, data };
  g_array_append_val (rhythm.calls, call);
  if (rhythm.calls->len == 1)
    g_source_set_ready_time (rhythm.source, rhythm.last + get_interval ());
  return call.id;
}

static void
forget_in (GArray *calls, guint id)
{
  for (guint i = 0; calls && i < calls->len; i++)
    if (g_array_index (calls, Call, i).id == id)
      g_array_index (calls, Call, i).func = NULL;
}

void
rf_rhythm_forget (guint id)
{
  forget_in (rhythm.calls, id);
  forget_in (rhythm.called, id);
}

void
rf_rhythm_set_interval (double seconds)
{
  g_return_if_fail (seconds >= 0);
  rhythm.interval = (gint64) (seconds * G_USEC_PER_SEC);
}

double
rf_rhythm_get_interval (void)
{
  return (double) get_interval () / G_USEC_PER_SEC;
}

guint
rf_rhythm_count (void)
{
  return rhythm.count;
}
