/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Widgets on a screen: shown, pressed, and looked at pixel by pixel. */

#include <gtk/gtk.h>

/* Shows @child in a window and runs until it has its size. */
static inline GtkWidget *
show_at (GtkWidget *child, int width, int height)
{
  GtkWidget *window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_set_child (GTK_WINDOW (window), child);
  gtk_window_present (GTK_WINDOW (window));
  while (!gtk_widget_get_mapped (child) || gtk_widget_get_width (child) == 0)
    g_main_context_iteration (NULL, TRUE);
  return window;
}

static inline GtkWidget *
show (GtkWidget *child)
{
  return show_at (child, 340, 400);
}

static inline void
run_for (guint milliseconds)
{
  const gint64 end = g_get_monotonic_time () + 1000 * (gint64) milliseconds;
  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (2000);
}

/* Checks that nothing but the window held @child. */
static inline void
destroy (GtkWidget *window, GtkWidget *child)
{
  gpointer left = child;
  g_object_add_weak_pointer (G_OBJECT (child), &left);
  gtk_window_destroy (GTK_WINDOW (window));
  run_for (50);
  g_assert_null (left);
}

/* ARGB of what the widget paints at a place of its own, over white. */
static inline guint32
pixel_at (GtkWidget *widget, int x, int y)
{
  const int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  GdkPaintable *paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  GskRenderNode *node = gtk_snapshot_free_to_node (snapshot);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (surface);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  if (node)
    gsk_render_node_draw (node, cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  g_assert_true (x >= 0 && y >= 0 && x < width && y < height);
  const guint32 pixel
      = ((const guint32 *) (const void *) (cairo_image_surface_get_data (surface)
                                           + y * cairo_image_surface_get_stride (surface)))[x];
  cairo_surface_destroy (surface);
  g_clear_pointer (&node, gsk_render_node_unref);
  g_object_unref (paintable);
  return pixel;
}

/* Gives a key to the widget's own controller, as if it had the focus. */
static inline void
press_key (GtkWidget *widget, guint key)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      gboolean handled = FALSE;
      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", key, 0u, (GdkModifierType) 0, &handled);
      if (handled)
        return;
    }
}
