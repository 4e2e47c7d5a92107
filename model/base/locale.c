/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which language a program speaks. From a build folder its own catalogues must be found, not those
 * of an installed version: hence the variable of the environment, as for the examples. */

#include "model/base/locale.h"
#include "rf-config.h"

#include <libintl.h>
#include <locale.h>

void
rf_locale_begin (void)
{
  const char *folder = g_getenv ("RECEPTIVE_LOCALEDIR");
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, folder && *folder ? folder : RF_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  /* ngettext() and interface files ask the default domain. */
  textdomain (GETTEXT_PACKAGE);
}
