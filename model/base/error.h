/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The one error domain of the model.
 *
 * A message is a full sentence for a person: it names the file or path, the place in it, and what
 * would be right. It never ends in a newline and is said exactly once. */

#include <glib.h>

G_BEGIN_DECLS

#define RF_ERROR (rf_error_quark ())

typedef enum
{
  RF_ERROR_FORMAT,      /* a file is not what it claims to be */
  RF_ERROR_OPTION,      /* a key or value of an experiment is unknown or out of range */
  RF_ERROR_SHAPE,       /* layers or tensors do not fit together */
  RF_ERROR_MISSING,     /* a data set, tensor or checkpoint is not there */
  RF_ERROR_MEMORY,      /* it would need more memory than there is */
  RF_ERROR_EXISTS,      /* a run folder is there already */
  RF_ERROR_LOCKED,      /* a run folder is being written by another process */
  RF_ERROR_DISK,        /* writing failed: disk full, no permission */
  RF_ERROR_DIVERGED,    /* the loss is not finite any more */
  RF_ERROR_CHANGED,     /* the data are not those that a run began with */
  RF_ERROR_UNSUPPORTED, /* sound, but more than this program does */
} RfError;

GQuark rf_error_quark (void);

/* Asserts of the thread a function belongs to. The main thread is the one that called
 * rf_thread_claim_main() first thing in main(). A trainer thread marks itself. */
void rf_thread_claim_main (void);
void rf_thread_claim_trainer (void);
gboolean rf_thread_is_main (void);
gboolean rf_thread_is_trainer (void);

#define RF_ASSERT_MAIN_THREAD()    g_assert (rf_thread_is_main ())
#define RF_ASSERT_TRAINER_THREAD() g_assert (rf_thread_is_trainer ())

G_END_DECLS
