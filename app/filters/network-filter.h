/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A filter of the first convolution of the run in front, as a kernel. */

#include "app/session.h"
#include "model/filter/kernel.h"

G_BEGIN_DECLS

/* @kernel NULL: @message says why not. Else @message names it: "Filter 3 of 32, step 120". */
typedef void (*RfNetworkFilterFunc) (const RfKernel *kernel, const char *message, gpointer data);

/* Gives the filter @index (modulo their number) as it is now; @data must live until then. */
void rf_network_filter_get (RfSession *session, guint index, RfNetworkFilterFunc func,
                            gpointer data);

/* A learned filter, [channels, height, width], as a kernel to be painted. FALSE: it has other than
 * one or three channels, is too large, or holds what is no number. */
gboolean rf_network_filter_to_kernel (const float *values, int channels, int height, int width,
                                      RfKernel *kernel, GError **error);

G_END_DECLS
