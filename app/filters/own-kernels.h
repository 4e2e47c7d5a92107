/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The user's own kernels: text files NAME.txt in the user's data folder, as rf_kernel_parse() reads
 * them and as anyone can write them. */

#include "model/filter/kernel.h"

G_BEGIN_DECLS

/* Names, sorted; NULL-terminated. */
char **rf_own_kernels_list (void);
gboolean rf_own_kernels_load (const char *name, RfKernel *kernel, GError **error);
/* Scale is multiplied in; bias is not kept. One of this name is replaced. */
gboolean rf_own_kernels_save (const char *name, const RfKernel *kernel, GError **error);
gboolean rf_own_kernels_remove (const char *name, GError **error);

G_END_DECLS
