/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of a network's outputs, kept beside its weights as a JSON array in `__metadata__`, so
 * that predicting needs no data set. */

#include "model/net/net.h"

#include <stdlib.h>

void
rf_net_set_classes (RfNet *net, const char *const *classes)
{
  g_strfreev (net->classes);
  net->classes = g_strdupv ((char **) classes);
}

static char **
read_classes (const RfNet *net, const RfSafetensors *file)
{
  const char *text = rf_safetensors_metadata (file, "classes");
  json_t *names = text ? json_loads (text, 0, NULL) : NULL, *name;
  g_autoptr (GStrvBuilder) classes = g_strv_builder_new ();
  gsize k;
  json_array_foreach (names, k, name)
      g_strv_builder_add (classes, json_is_string (name) ? json_string_value (name) : "");
  gboolean found = json_array_size (names) == RF_SHAPE_COUNT (net->output);
  json_decref (names);
  return found ? g_strv_builder_end (classes) : NULL;
}

void
rf_net_take_classes (RfNet *net, const RfSafetensors *file)
{
  if (!net->classes)
    net->classes = read_classes (net, file);
}

gboolean
rf_net_write_tensors (const RfNet *net, const char *path, const RfTensor *tensors, guint n_tensors,
                      GError **error)
{
  json_t *names = json_array ();
  for (char **name = net->classes; name && *name; name++)
    {
      g_autofree char *valid = g_utf8_make_valid (*name, -1);
      json_array_append_new (names, json_string (valid));
    }
  char *text = json_dumps (names, JSON_COMPACT);
  const char *const metadata[]
      = { "format", "pt", net->classes ? "classes" : NULL, net->classes ? text : NULL, NULL };
  gboolean written = rf_safetensors_write (path, tensors, n_tensors, metadata, error);
  free (text);
  json_decref (names);
  return written;
}
