/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Nothing is asked for while nobody could see it: not mapped, or the window minimised. Of what is
 * painted only those frames are counted that bring something new of the pane's; charts that change
 * in the same frame are counted with it, for the charts' next frame would have been as dear. */

#include "app/panes/inside/inside-pane-private.h"

#include <time.h>

static double
processor_time (void)
{
  struct timespec time;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

static void
frame_begins_cb (RfInsidePane *self)
{
  self->frame_begun = self->brought ? processor_time () : -1;
}

static void
frame_ends_cb (RfInsidePane *self)
{
  if (self->frame_begun >= 0)
    rf_inside_feed_painted (self->feed, processor_time () - self->frame_begun);
  self->frame_begun = -1;
  self->brought = FALSE;
}

static void
update_active (RfInsidePane *self)
{
  const gboolean minimized
      = GDK_IS_TOPLEVEL (self->surface)
        && gdk_toplevel_get_state (GDK_TOPLEVEL (self->surface)) & GDK_TOPLEVEL_STATE_MINIMIZED;
  rf_inside_feed_set_active (self->feed, gtk_widget_get_mapped (GTK_WIDGET (self)) && !minimized);
}

void
rf_inside_pane_unwatch_frames (RfInsidePane *self)
{
  if (self->clock)
    g_signal_handlers_disconnect_by_data (self->clock, self);
  if (self->surface)
    g_signal_handlers_disconnect_by_data (self->surface, self);
  g_clear_object (&self->clock);
  g_clear_object (&self->surface);
  if (self->feed)
    rf_inside_feed_set_active (self->feed, FALSE);
}

void
rf_inside_pane_watch_frames (RfInsidePane *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  rf_inside_pane_unwatch_frames (self);
  self->frame_begun = -1;
  self->clock = g_object_ref (gtk_widget_get_frame_clock (widget));
  g_signal_connect_swapped (self->clock, "before-paint", G_CALLBACK (frame_begins_cb), self);
  g_signal_connect_swapped (self->clock, "after-paint", G_CALLBACK (frame_ends_cb), self);
  self->surface = g_object_ref (gtk_native_get_surface (gtk_widget_get_native (widget)));
  if (GDK_IS_TOPLEVEL (self->surface))
    g_signal_connect_swapped (self->surface, "notify::state", G_CALLBACK (update_active), self);
  update_active (self);
}
