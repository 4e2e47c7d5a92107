/* SPDX-License-Identifier: GPL-3.0-or-later */

/* receptive-cli: the model without a window, for scripts, clusters and tests. */

#include "cli/cli.h"
#include "model/base/error.h"
#include "model/base/locale.h"
#include "model/kernels/blas.h"

#include <glib/gi18n-lib.h>
#include <locale.h>
#include <signal.h>

int
main (int argc, char **argv)
{
  rf_thread_claim_main ();
  rf_locale_begin ();
  /* What scripts read has decimal points, whatever the user's locale. */
  setlocale (LC_NUMERIC, "C");
  rf_blas_prepare ();
  /* A reader that went away is an error like any other when writing, not a silent death. */
  signal (SIGPIPE, SIG_IGN);

  char program[] = "receptive-cli";
  if (argc > 0)
    argv[0] = program;
  return rf_cli_dispatch (
      rf_verbs, _ ("Train, measure and use convolutional networks from the command line."), argc,
      argv);
}
