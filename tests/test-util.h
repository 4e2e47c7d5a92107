/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Path of a file in the folder of shared test data (environment RECEPTIVE_SHARED), or NULL after
 * marking the running test as skipped because it is not there. Free it. */
char *rf_test_shared (const char *relative);

/* A fresh folder that is removed, with all in it, by rf_test_remove_folder(). */
char *rf_test_make_folder (void);
void rf_test_remove_folder (char *path);
