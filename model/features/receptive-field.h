/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/net/net.h"

G_BEGIN_DECLS

/* The part of the network's input that values of @layer's output depend on: @part comes as rows and
 * columns of that output (what is outside of it does not count) and becomes those of the input: the
 * smallest rectangle around all pixels that can make a difference, never beyond the edges. What
 * branches give is added, so it encloses what they see. Layers behind one that flattens see all
 * that it sees. All zeros where there is no such pixel: windows that lie in padding. Needs no plan.
 */
void rf_receptive_field (const RfNet *net, const RfLayer *layer, RfPart *part);

G_END_DECLS
