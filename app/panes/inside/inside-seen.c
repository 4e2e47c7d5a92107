/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Nothing is asked for while nobody could see it: not mapped, or the window minimised. */

#include "app/panes/inside/inside-pane-private.h"

static void
update_active (RfInsidePane *self)
{
  const gboolean minimized
      = GDK_IS_TOPLEVEL (self->surface)
        && gdk_toplevel_get_state (GDK_TOPLEVEL (self->surface)) & GDK_TOPLEVEL_STATE_MINIMIZED;
  rf_inside_feed_set_active (self->feed, gtk_widget_get_mapped (GTK_WIDGET (self)) && !minimized);
}

void
rf_inside_pane_unwatch_surface (RfInsidePane *self)
{
  if (self->surface)
    g_signal_handlers_disconnect_by_data (self->surface, self);
  g_clear_object (&self->surface);
  if (self->feed)
    rf_inside_feed_set_active (self->feed, FALSE);
}

void
rf_inside_pane_watch_surface (RfInsidePane *self)
{
  rf_inside_pane_unwatch_surface (self);
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  self->surface = g_object_ref (gtk_native_get_surface (native));
  if (GDK_IS_TOPLEVEL (self->surface))
    g_signal_connect_swapped (self->surface, "notify::state", G_CALLBACK (update_active), self);
  update_active (self);
}
