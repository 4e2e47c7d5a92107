/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/net/net.h"

G_BEGIN_DECLS

/* The part of the network's input that values of @layer's output depend on: @part comes as rows and
 * columns of that output and becomes those of the input, which may reach beyond its edges into
 * padding. Of branches that are added it is what encloses both. Layers behind one that flattens see
 * all of the input. Needs no plan. */
void rf_receptive_field (const RfNet *net, const RfLayer *layer, RfPart *part);

G_END_DECLS
