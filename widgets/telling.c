/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "widgets/telling.h"

static void
tell (RfTelling *self)
{
  g_autofree char *text = self->describe (self->widget);
  self->again = FALSE;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->widget),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text ? text : "", -1);
}

static gboolean
second_cb (gpointer data)
{
  RfTelling *self = data;
  if (self->again)
    {
      tell (self);
      return G_SOURCE_CONTINUE;
    }
  self->timer = 0;
  return G_SOURCE_REMOVE;
}

static gboolean
first_cb (gpointer data)
{
  RfTelling *self = data;
  tell (self);
  self->timer = g_timeout_add_seconds (1, second_cb, self);
  return G_SOURCE_REMOVE;
}

void
rf_telling_begin (RfTelling *self, GtkWidget *widget, char *(*describe) (gpointer widget))
{
  *self = (RfTelling){ .widget = widget, .describe = describe };
  rf_telling_touch (self);
}

void
rf_telling_touch (RfTelling *self)
{
  self->again = TRUE;
  if (self->timer == 0)
    self->timer = g_idle_add (first_cb, self);
}

void
rf_telling_stop (RfTelling *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
}
