/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/settings.h"

#include "rf-config.h"

GSettings *
rf_settings_get (void)
{
  static GSettings *settings;
  static gboolean looked;
  if (looked)
    return settings;
  looked = TRUE;
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema
      = source ? g_settings_schema_source_lookup (source, RF_APP_ID, TRUE) : NULL;
  if (schema)
    settings = g_settings_new (RF_APP_ID);
  return settings;
}

#define N_RECENT 8

void
rf_settings_add_recent (const char *path)
{
  g_return_if_fail (path);
  GSettings *self = rf_settings_get ();
  if (!self)
    return;
  g_auto (GStrv) old = g_settings_get_strv (self, "recent");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_strv_builder_add (builder, path);
  guint n = 1;
  for (guint i = 0; old[i] && n < N_RECENT; i++)
    if (!g_str_equal (old[i], path))
      {
        g_strv_builder_add (builder, old[i]);
        n++;
      }
  g_auto (GStrv) recent = g_strv_builder_end (builder);
  g_settings_set_strv (self, "recent", (const char *const *) recent);
}
