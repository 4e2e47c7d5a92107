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
