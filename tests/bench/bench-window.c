/* SPDX-License-Identifier: GPL-3.0-or-later */

/* By hand: how soon the window answers, and what a frame costs, while all processors train.
 *
 * Drives the real window in process. The pointer is moved from outside by xdotool, 125 times a
 * second, as a mouse would be; needs a screen of its own, for instance
 *
 *     dbus-run-session -- xvfb-run -a -s '-screen 0 1440x900x24' bench-window [EXPERIMENT]
 *
 * An answer is the time from the server's stamp on the motion to the moment when the frame that
 * shows its effect has arrived at the server (it is asked, and has answered). The server's clock is
 * the monotonic one, in milliseconds. A stall is how late a timer of the highest priority comes.
 * What a frame costs is the main thread's processor time in it.
 *
 * --watch trains the experiment to its end with all panes on show and measures nothing, for its
 * images per second to be compared with those of receptive-cli (bench-watch.py). */

#include "app/panes/layers/option-control.h"
#include "model/kernels/blas.h"
#include "tests/app/window-util.h"
#include "widgets/knob/knob.h"
#include "widgets/plot/line-chart.h"
#include "widgets/rhythm.h"

#include <gdk/x11/gdkx.h>
#include <math.h>
#include <time.h>

#define BEAT     5    /* milliseconds between two beats of the timer */
#define MOTION   8000 /* microseconds between two motions */
#define RATE     "training.optimizer.learning_rate"
#define WATCHING "watching " /* the phases, as printed */
#define TURNING  "a slider "
#define POINTING "a chart  "

static struct
{
  int seconds;
  gboolean watch;
  char **experiments;
} options = { .seconds = 10 };

/* ---- samples ---- */

static double
percentile (GArray *samples, double share)
{
  return samples->len ? g_array_index (samples, double, (guint) (share * (samples->len - 1))) : NAN;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static void
tell (const char *phase, const char *what, GArray *samples, double seconds)
{
  g_array_sort (samples, compare);
  g_print ("%s %-22s %7.1f %7.1f %7.1f ms %8.1f a second\n", phase, what, percentile (samples, 0.5),
           percentile (samples, 0.99), percentile (samples, 1), samples->len / seconds);
}

static void
add (GArray *samples, double milliseconds)
{
  g_array_append_val (samples, milliseconds);
}

/* ---- measuring ---- */

typedef struct
{
  GdkFrameClock *clock;
  GdkDisplay *display;
  GArray *answers, *costs, *stalls; /* of double, milliseconds */
  GArray *moved;                    /* of guint32: stamps of motions not answered yet */
  double frame_begun;
  gint64 beat;
  guint layouts;
} Meter;

static double
processor_time (void)
{
  struct timespec now;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static gboolean
event_cb (Meter *self, GdkEvent *event)
{
  if (gdk_event_get_event_type (event) != GDK_MOTION_NOTIFY)
    return GDK_EVENT_PROPAGATE;
  guint n = 0;
  g_autofree GdkTimeCoord *history = gdk_event_get_history (event, &n);
  for (guint i = 0; i < n; i++)
    g_array_append_val (self->moved, history[i].time);
  const guint32 time = gdk_event_get_time (event);
  g_array_append_val (self->moved, time);
  return GDK_EVENT_PROPAGATE;
}

static void
layout_cb (Meter *self)
{
  self->layouts++;
}

static void
before_paint_cb (Meter *self)
{
  self->frame_begun = processor_time ();
}

static void
after_paint_cb (Meter *self)
{
  add (self->costs, processor_time () - self->frame_begun);
  if (self->moved->len == 0)
    return;
  gdk_display_sync (self->display);
  const guint32 now = (guint32) (g_get_monotonic_time () / 1000);
  for (guint i = 0; i < self->moved->len; i++)
    add (self->answers, (gint32) (now - g_array_index (self->moved, guint32, i)));
  g_array_set_size (self->moved, 0);
}

/* The end of a turn of the clock: a motion that has asked for no frame has nothing to show, as one
 * within the reach of the same point of a chart. */
static void
resume_cb (Meter *self)
{
  g_array_set_size (self->moved, 0);
}

static gboolean
beat_cb (gpointer data)
{
  Meter *self = data;
  const gint64 now = g_get_monotonic_time ();
  add (self->stalls, MAX (0, (now - self->beat) / 1e3 - BEAT));
  self->beat = now;
  return G_SOURCE_CONTINUE;
}

/* ---- a hand at the mouse ---- */

typedef struct
{
  FILE *xdotool;
  gulong window;
  double x, y, width; /* a line, in pixels of the window; 0 wide: stays away */
  gboolean pressed;
  int seconds;
} Hand;

static void
point (Hand *hand, double share)
{
  fprintf (hand->xdotool, "mousemove --window %lu %d %d\n", hand->window,
           (int) (hand->x + share * hand->width), (int) hand->y);
  fflush (hand->xdotool);
}

static gpointer
move (gpointer data)
{
  Hand *hand = data;
  const gint64 begun = g_get_monotonic_time (), end = begun + hand->seconds * G_USEC_PER_SEC;
  point (hand, 0.5);
  if (hand->pressed)
    fputs ("mousedown 1\n", hand->xdotool);
  /* To and fro, once in two seconds. */
  for (gint64 due = begun; due < end; due += MOTION)
    {
      g_usleep (MAX (0, due - g_get_monotonic_time ()));
      point (hand, 0.5 + 0.45 * sin (G_PI * (due - begun) / G_USEC_PER_SEC));
    }
  if (hand->pressed)
    fputs ("mouseup 1\n", hand->xdotool);
  fflush (hand->xdotool);
  return NULL;
}

/* The middle line of @widget is where the hand goes. */
static void
aim (Hand *hand, GtkWidget *widget)
{
  GtkNative *native = gtk_widget_get_native (widget);
  double left, top, x, y;
  gtk_native_get_surface_transform (native, &left, &top);
  gtk_widget_translate_coordinates (widget, GTK_WIDGET (native), 0, 0, &x, &y);
  hand->window = gdk_x11_surface_get_xid (gtk_native_get_surface (native));
  hand->x = left + x;
  hand->y = top + y + gtk_widget_get_height (widget) / 2.0;
  hand->width = gtk_widget_get_width (widget);
}

/* ---- phases ---- */

static void
measure (RfWindow *window, const char *phase, Hand *hand)
{
  GtkWidget *widget = GTK_WIDGET (window);
  Meter meter = {
    .clock = gtk_widget_get_frame_clock (widget),
    .display = gtk_widget_get_display (widget),
    .answers = g_array_new (FALSE, FALSE, sizeof (double)),
    .costs = g_array_new (FALSE, FALSE, sizeof (double)),
    .stalls = g_array_new (FALSE, FALSE, sizeof (double)),
    .moved = g_array_new (FALSE, FALSE, sizeof (guint32)),
    .beat = g_get_monotonic_time (),
  };
  GtkEventController *events = gtk_event_controller_legacy_new ();
  gtk_event_controller_set_propagation_phase (events, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (events, "event", G_CALLBACK (event_cb), &meter);
  gtk_widget_add_controller (widget, events);
  g_signal_connect_swapped (meter.clock, "before-paint", G_CALLBACK (before_paint_cb), &meter);
  g_signal_connect_swapped (meter.clock, "layout", G_CALLBACK (layout_cb), &meter);
  g_signal_connect_data (meter.clock, "after-paint", G_CALLBACK (after_paint_cb), &meter, NULL,
                         G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_swapped (meter.clock, "resume-events", G_CALLBACK (resume_cb), &meter);
  const guint beat = g_timeout_add_full (G_PRIORITY_HIGH, BEAT, beat_cb, &meter, NULL);

  const gint64 begun = g_get_monotonic_time (), step = rf_run_get_step (get_run (window));
  const double processor = processor_time ();
  const guint beats = rf_rhythm_count ();
  GThread *thread = hand ? g_thread_new ("hand", move, hand) : NULL;
  const gint64 end = begun + options.seconds * G_USEC_PER_SEC;
  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  if (thread)
    g_thread_join (thread);
  const double seconds = (g_get_monotonic_time () - begun) / 1e6;

  if (hand)
    tell (phase, "motion to the screen", meter.answers, seconds);
  tell (phase, "processor time a frame", meter.costs, seconds);
  tell (phase, "stalls of the loop", meter.stalls, seconds);
  g_print ("%s main thread %.1f %% of a processor; a second %.1f beats, %.1f layouts, %.1f steps\n",
           phase, (processor_time () - processor) / seconds / 10,
           (rf_rhythm_count () - beats) / seconds, meter.layouts / seconds,
           (rf_run_get_step (get_run (window)) - step) / seconds);

  g_source_remove (beat);
  g_signal_handlers_disconnect_by_data (meter.clock, &meter);
  gtk_widget_remove_controller (widget, events);
  g_array_unref (meter.answers);
  g_array_unref (meter.costs);
  g_array_unref (meter.stalls);
  g_array_unref (meter.moved);
}

static gboolean
has_path (GtkWidget *widget, gconstpointer what)
{
  return g_strcmp0 (rf_option_control_get_path (RF_OPTION_CONTROL (widget)), what) == 0;
}

static void
answers (RfWindow *window)
{
  wait_for_run (window);
  train_steps (window, 1);
  run_for (2000);
  g_print ("%-32s  median     99%%     most\n", "");
  measure (window, WATCHING, NULL);

  Hand hand = { .xdotool = popen ("xdotool -", "w"), .seconds = options.seconds };
  GtkWidget *control = find (GTK_WIDGET (window), RF_TYPE_OPTION_CONTROL, has_path, RATE);
  GtkWidget *knob = find (control, RF_TYPE_KNOB, NULL, NULL);
  aim (&hand, rf_knob_get_scale (RF_KNOB (knob)));
  hand.pressed = TRUE;
  const guint before = rf_run_get_changes (get_run (window))->len;
  measure (window, TURNING, &hand);
  run_for (500);
  g_print (TURNING " turned %u times\n", rf_run_get_changes (get_run (window))->len - before);

  aim (&hand, find (GTK_WIDGET (window), RF_TYPE_LINE_CHART, NULL, NULL));
  hand.pressed = FALSE;
  measure (window, POINTING, &hand);
  pclose (hand.xdotool);
  pause_run (window);
}

/* ---- the other use ---- */

static void
watch (RfWindow *window)
{
  wait_for_run (window);
  RfRun *run = get_run (window);
  act (window, "win.train");
  while (rf_run_get_state (run) != RF_TRAINER_FINISHED)
    g_main_context_iteration (NULL, TRUE);
  gsize n;
  const RfEpochRow *epochs = rf_run_get_epochs (run, &n);
  for (gsize i = 0; i < n; i++)
    g_print ("%.1f\n", epochs[i].images_per_second);
}

int
main (int argc, char **argv)
{
  static const GOptionEntry entries[] = {
    { "seconds", 's', 0, G_OPTION_ARG_INT, &options.seconds, "Of each measurement", "N" },
    { "watch", 'w', 0, G_OPTION_ARG_NONE, &options.watch,
      "Train to the end, print each epoch's images per second", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.experiments, NULL,
      "[EXPERIMENT]" },
    { NULL },
  };
  rf_thread_claim_main ();
  rf_blas_prepare ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  folder = rf_test_make_folder ();
  g_autofree char *data = g_build_filename (folder, "data", NULL);
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  live (options.experiments ? options.experiments[0] : NULL, options.watch ? watch : answers);
  rf_test_remove_folder (folder);
  return 0;
}
