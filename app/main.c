/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/application.h"
#include "model/base/error.h"
#include "rf-config.h"

#include <glib/gi18n-lib.h>
#include <locale.h>

int
main (int argc, char **argv)
{
  rf_thread_claim_main ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, RF_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  g_set_application_name (_ ("Receptive"));
  g_autoptr (RfApplication) application = rf_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
