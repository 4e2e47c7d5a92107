/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/pane.h"

typedef struct
{
  RfSession *session;
  GtkWidget *tools;
  gboolean presenting;
} RfPanePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (RfPane, rf_pane, ADW_TYPE_BIN)

enum
{
  PROP_SESSION = 1,
  PROP_TOOLS,
  PROP_PRESENTING,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

RfSession *
rf_pane_get_session (RfPane *self)
{
  g_return_val_if_fail (RF_IS_PANE (self), NULL);
  RfPanePrivate *priv = rf_pane_get_instance_private (self);
  return priv->session;
}

GtkWidget *
rf_pane_get_tools (RfPane *self)
{
  g_return_val_if_fail (RF_IS_PANE (self), NULL);
  RfPanePrivate *priv = rf_pane_get_instance_private (self);
  return priv->tools;
}

void
rf_pane_say (RfPane *self, const char *message)
{
  g_return_if_fail (RF_IS_PANE (self) && message);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", message);
}

void
rf_pane_name_drop_down (GtkDropDown *drop_down, const char *name)
{
  g_return_if_fail (GTK_IS_DROP_DOWN (drop_down) && name);
  GtkWidget *button = gtk_widget_get_first_child (GTK_WIDGET (drop_down));
  if (GTK_IS_ACCESSIBLE (button))
    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                    -1);
}

static void
rf_pane_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RfPanePrivate *priv = rf_pane_get_instance_private (RF_PANE (object));
  switch (id)
    {
    case PROP_SESSION:
      g_value_set_object (value, priv->session);
      break;
    case PROP_TOOLS:
      g_value_set_object (value, priv->tools);
      break;
    case PROP_PRESENTING:
      g_value_set_boolean (value, priv->presenting);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
set_presenting (RfPane *self, gboolean presenting)
{
  RfPanePrivate *priv = rf_pane_get_instance_private (self);
  if (priv->presenting == presenting)
    return;
  priv->presenting = presenting;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PRESENTING]);
}

static void
rf_pane_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RfPanePrivate *priv = rf_pane_get_instance_private (RF_PANE (object));
  switch (id)
    {
    case PROP_SESSION:
      priv->session = g_value_dup_object (value);
      break;
    case PROP_TOOLS:
      g_set_object (&priv->tools, g_value_get_object (value));
      break;
    case PROP_PRESENTING:
      set_presenting (RF_PANE (object), g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rf_pane_dispose (GObject *object)
{
  RfPanePrivate *priv = rf_pane_get_instance_private (RF_PANE (object));
  g_clear_object (&priv->tools);
  G_OBJECT_CLASS (rf_pane_parent_class)->dispose (object);
}

static void
rf_pane_finalize (GObject *object)
{
  RfPanePrivate *priv = rf_pane_get_instance_private (RF_PANE (object));
  g_clear_object (&priv->session);
  G_OBJECT_CLASS (rf_pane_parent_class)->finalize (object);
}

static void
rf_pane_class_init (RfPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->get_property = rf_pane_get_property;
  object_class->set_property = rf_pane_set_property;
  object_class->dispose = rf_pane_dispose;
  object_class->finalize = rf_pane_finalize;

  props[PROP_SESSION]
      = g_param_spec_object ("session", NULL, NULL, RF_TYPE_SESSION,
                             G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  props[PROP_TOOLS] = g_param_spec_object ("tools", NULL, NULL, GTK_TYPE_WIDGET,
                                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_PRESENTING]
      = g_param_spec_boolean ("presenting", NULL, NULL, FALSE,
                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
rf_pane_init (RfPane *self)
{
}
