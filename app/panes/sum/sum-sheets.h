/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The trace of a pixel as sheets to be painted, from the picture to the pixel. */

#include "model/filter/chain.h"
#include "widgets/plot/painters/sum-painter.h"

G_BEGIN_DECLS

/* Of RfSumSheet *. @shapes: of the stages' results. @trace may be of a chain that was another; then
 * what no longer fits is left out.
 */
GPtrArray *rf_sum_sheets_new (const RfChain *chain, const RfChainTrace *trace,
                              const RfShape *shapes, int n_shapes);

G_END_DECLS
