/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A frame counts if it is the first of its window since a beat: it has what came on the beat in it.
 * Those in between are a person's doing. Frames of several windows on one beat are added up. */

#include "app/pace.h"

#include "model/base/pool.h"
#include "widgets/rhythm.h"

#include <time.h>

/* One that took unusually long, as the first may, is soon forgotten. */
static double
smooth (double before, double seconds)
{
  return before > 0 ? before + 0.25 * (seconds - before) : seconds;
}

void
rf_pace_looked (RfPace *pace, double seconds)
{
  pace->look = smooth (pace->look, seconds);
}

void
rf_pace_painted (RfPace *pace, double seconds, int threads)
{
  pace->paint = smooth (pace->paint, seconds / MAX (threads, 1));
}

double
rf_pace_get_beat (const RfPace *pace)
{
  return CLAMP (pace->paint / RF_PACE_PAINT_SHARE, RF_RHYTHM_SHORTEST, RF_PACE_SLOWEST);
}

double
rf_pace_get_look (const RfPace *pace)
{
  const double beat = rf_pace_get_beat (pace);
  const double left = RF_PACE_SHARE - MIN (pace->paint / beat, RF_PACE_PAINT_SHARE);
  return CLAMP (pace->look / left, beat, RF_PACE_LONGEST);
}

/* ---- of this program ---- */

static struct
{
  RfPace pace;
  gboolean training;
  double painted; /* since the last beat that was painted, by all windows */
  guint beat;     /* number of that beat */
} own;

static void
set_beat (void)
{
  rf_rhythm_set_interval (own.training ? rf_pace_get_beat (&own.pace) : 0);
}

RfPace *
rf_pace_get_default (void)
{
  return &own.pace;
}

void
rf_pace_set_training (gboolean training)
{
  own.training = training;
  set_beat ();
}

gboolean
rf_pace_get_training (void)
{
  return own.training;
}

static void
add_painted (guint beat, double seconds)
{
  if (beat != own.beat && own.painted > 0)
    {
      rf_pace_painted (&own.pace, own.painted, rf_pool_get_threads ());
      own.painted = 0;
      set_beat ();
    }
  own.beat = beat;
  own.painted += seconds;
}

/* ---- frames ---- */

typedef struct
{
  guint beat;   /* of the last frame */
  double begun; /* processor time; < 0: not one that counts */
} Frames;

static double
processor_time (void)
{
  struct timespec time;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

static void
before_paint_cb (GdkFrameClock *clock, Frames *frames)
{
  frames->begun = frames->beat != rf_rhythm_count () ? processor_time () : -1;
  frames->beat = rf_rhythm_count ();
}

static void
after_paint_cb (GdkFrameClock *clock, Frames *frames)
{
  if (frames->begun >= 0)
    add_painted (frames->beat, processor_time () - frames->begun);
  frames->begun = -1;
}

static void
realize_cb (GtkWidget *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);
  Frames *frames = g_new (Frames, 1);
  *frames = (Frames){ rf_rhythm_count (), -1 };
  g_signal_connect_data (clock, "before-paint", G_CALLBACK (before_paint_cb), frames,
                         (GClosureNotify) (void (*) (void)) g_free, 0);
  g_signal_connect_after (clock, "after-paint", G_CALLBACK (after_paint_cb), frames);
  g_object_set_data (G_OBJECT (window), "rf-pace-frames", frames);
}

static void
unrealize_cb (GtkWidget *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);
  Frames *frames = g_object_steal_data (G_OBJECT (window), "rf-pace-frames");
  if (!frames || !clock)
    return;
  g_signal_handlers_disconnect_by_func (clock, after_paint_cb, frames);
  g_signal_handlers_disconnect_by_func (clock, before_paint_cb, frames);
}

void
rf_pace_watch (GtkWidget *window)
{
  g_return_if_fail (GTK_IS_WINDOW (window) && !gtk_widget_get_realized (window));
  g_signal_connect_after (window, "realize", G_CALLBACK (realize_cb), NULL);
  g_signal_connect (window, "unrealize", G_CALLBACK (unrealize_cb), NULL);
}
