/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The error domain, and which kind of thread this one is: a mark in the thread itself, so that
 * asking takes no lock. */

#include "model/base/error.h"

static _Thread_local gboolean main_thread;
static _Thread_local gboolean trainer_thread;

GQuark
rf_error_quark (void)
{
  return g_quark_from_static_string ("rf-error-quark");
}

void
rf_thread_claim_main (void)
{
  main_thread = TRUE;
}

void
rf_thread_claim_trainer (void)
{
  trainer_thread = TRUE;
}

gboolean
rf_thread_is_main (void)
{
  return main_thread;
}

gboolean
rf_thread_is_trainer (void)
{
  return trainer_thread;
}
