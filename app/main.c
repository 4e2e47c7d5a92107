/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/application.h"
#include "model/base/error.h"
#include "model/base/locale.h"
#include "model/kernels/blas.h"

#include <glib/gi18n-lib.h>

/* With the Cairo renderer nothing is drawn by OpenGL, but GTK would still open it, and a software
 * OpenGL costs 50 MB and part of the time to the first frame. */
static void
spare_opengl (void)
{
  const char *debug = g_getenv ("GDK_DEBUG");
  if (g_strcmp0 (g_getenv ("GSK_RENDERER"), "cairo") != 0)
    return;
  g_autofree char *more = g_strdup_printf ("%s%sgl-disable", debug ? debug : "", debug ? "," : "");
  g_setenv ("GDK_DEBUG", more, TRUE);
}

int
main (int argc, char **argv)
{
  rf_thread_claim_main ();
  spare_opengl ();
  rf_blas_prepare ();
  rf_locale_begin ();

  g_set_application_name (_ ("Receptive"));
  g_autoptr (RfApplication) application = rf_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
