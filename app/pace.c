/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The first frame of a window since a beat has what came on the beat in it; those in between are a
 * person's doing. */

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
  guint beat;     /* number of the last one that was painted */
  double since;   /* the main thread's processor time when that began; 0: none yet */
  double by_hand; /* and what of it went to frames between the beats */
} own;

static double
processor_time (void)
{
  struct timespec time;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

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
  own.since = 0;
  set_beat ();
}

/* All that the main thread did from one beat to the next, but for what a person had painted. */
static void
begin_beat (double now)
{
  const gboolean next = rf_rhythm_count () == own.beat + 1; /* none went by unpainted */
  if (own.since > 0 && own.training && next)
    rf_pace_painted (&own.pace, MAX (0, now - own.since - own.by_hand), rf_pool_get_threads ());
  own.beat = rf_rhythm_count ();
  own.since = now;
  own.by_hand = 0;
  set_beat ();
}

/* ---- frames ---- */

typedef struct
{
  guint beat;   /* that its window has painted last */
  double begun; /* < 0: a frame on the beat */
} Frames;

static void
before_paint_cb (GdkFrameClock *clock, Frames *frames)
{
  const double now = processor_time ();
  if (own.beat != rf_rhythm_count ())
    begin_beat (now);
  frames->begun = frames->beat == own.beat ? now : -1;
  frames->beat = own.beat;
}

static void
after_paint_cb (GdkFrameClock *clock, Frames *frames)
{
  if (frames->begun >= 0)
    own.by_hand += processor_time () - frames->begun;
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
