/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every type of widget that the program has registered, whatever is added to it: made, its
 * properties read and set, and finalized, as containers and interface files do it: by name, with
 * nothing given but what a pane cannot be without. */

#include "app/panes/pane.h"
#include "tests/app/window-util.h"

#include <math.h>

/* Made by functions of their own only: they are the frame of all others. */
static const char *const framed[] = { "RfWindow", "RfPage", "RfPaneFrame", NULL };

static RfSession *session;

static gboolean
is_same (const GValue *a, const GValue *b, GParamSpec *pspec)
{
  if (G_VALUE_HOLDS_DOUBLE (a) && isnan (g_value_get_double (a)))
    return isnan (g_value_get_double (b));
  return g_param_values_cmp (pspec, a, b) == 0;
}

static void
count_cb (int *n)
{
  ++*n;
}

/* Set to what it is: nobody is notified. Set to its default: that is what can be read then. */
static void
try_property (GObject *object, GParamSpec *pspec)
{
  g_auto (GValue) value = G_VALUE_INIT, again = G_VALUE_INIT;
  if (!(pspec->flags & G_PARAM_READABLE))
    return;
  g_value_init (&value, pspec->value_type);
  g_object_get_property (object, pspec->name, &value);
  if (!(pspec->flags & G_PARAM_WRITABLE) || (pspec->flags & G_PARAM_CONSTRUCT_ONLY)
      || !(pspec->flags & G_PARAM_EXPLICIT_NOTIFY))
    return;
  int n = 0;
  g_autofree char *signal = g_strdup_printf ("notify::%s", pspec->name);
  const gulong id = g_signal_connect_swapped (object, signal, G_CALLBACK (count_cb), &n);
  g_object_set_property (object, pspec->name, &value);
  g_test_message ("%s:%s", G_OBJECT_TYPE_NAME (object), pspec->name);
  g_assert_cmpint (n, ==, 0);
  g_value_init (&again, pspec->value_type);
  g_object_get_property (object, pspec->name, &again);
  g_assert_true (is_same (&value, &again, pspec));
  g_signal_handler_disconnect (object, id);
}

static void
try_type (GType type)
{
  GObject *object = g_type_is_a (type, RF_TYPE_PANE) ? g_object_new (type, "session", session, NULL)
                                                     : g_object_new (type, NULL);
  guint n;
  g_object_ref_sink (object);
  g_autofree GParamSpec **properties
      = g_object_class_list_properties (G_OBJECT_GET_CLASS (object), &n);
  for (guint i = 0; i < n; i++)
    if (g_str_has_prefix (g_type_name (properties[i]->owner_type), "Rf"))
      try_property (object, properties[i]);
  run_for (1);
  g_assert_finalize_object (object);
}

static guint
try_all (GType type)
{
  guint n_children, n = 0;
  g_autofree GType *children = g_type_children (type, &n_children);
  const char *name = g_type_name (type);
  if (g_str_has_prefix (name, "Rf") && !G_TYPE_IS_ABSTRACT (type)
      && !g_strv_contains (framed, name))
    {
      try_type (type);
      n++;
    }
  for (guint i = 0; i < n_children; i++)
    n += try_all (children[i]);
  return n;
}

static void
types (RfWindow *window)
{
  wait_for_run (window);
  session = rf_session_new ();
  const guint n = try_all (GTK_TYPE_WIDGET);
  g_test_message ("%u types", n);
  g_assert_cmpuint (n, >=, 12);
  g_assert_finalize_object (session);
}

static void
test_types (void)
{
  live (NULL, types);
}

int
main (int argc, char **argv)
{
  rf_thread_claim_main ();
  folder = rf_test_make_folder ();
  g_autofree char *data = g_build_filename (folder, "data", NULL);
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/types/all", test_types);
  const int status = g_test_run ();
  rf_test_remove_folder (folder);
  return status;
}
