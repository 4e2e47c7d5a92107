/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A fuzz target is a file fuzz-NAME.c with this function. libFuzzer calls it with changed copies of
 * the files in corpus/NAME; replay.c, in the ordinary tests, with the files themselves. */

#include <glib.h>

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);
/* Called once, before. */
int LLVMFuzzerInitialize (int *argc, char ***argv);

/* What is promised of every refusal: an error of ours, one clear line in UTF-8 that names its
 * origin. Also that success and failure are told apart. Frees the error. */
void rf_fuzz_check (gboolean ok, GError *error, const char *origin);

/* A property of the code, checked in every build. */
#define RF_FUZZ_ASSERT(expression)                                                                 \
  do                                                                                               \
    {                                                                                              \
      if (!(expression))                                                                           \
        rf_fuzz_fail (__FILE__, __LINE__, #expression);                                            \
    }                                                                                              \
  while (0)

void rf_fuzz_fail (const char *file, int line, const char *expression) G_GNUC_NORETURN;
