/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include "model/base/error.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* GLib ends a program with a trap, which libFuzzer does not know; an abort it reports, and keeps
 * the input. */
static void
abort_at_trap (int number)
{
  abort ();
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  signal (SIGTRAP, abort_at_trap);
  return 0;
}

void
rf_fuzz_fail (const char *file, int line, const char *expression)
{
  g_printerr ("%s:%d: %s does not hold\n", file, line, expression);
  abort ();
}

void
rf_fuzz_check (gboolean ok, GError *error, const char *origin)
{
  RF_FUZZ_ASSERT (ok == (error == NULL));
  if (error == NULL)
    return;
  RF_FUZZ_ASSERT (error->domain == RF_ERROR);
  RF_FUZZ_ASSERT (g_utf8_validate (error->message, -1, NULL));
  RF_FUZZ_ASSERT (strchr (error->message, '\n') == NULL);
  RF_FUZZ_ASSERT (g_str_has_prefix (error->message, origin));
  RF_FUZZ_ASSERT (strlen (error->message) > strlen (origin) + 2);
  g_error_free (error);
}
