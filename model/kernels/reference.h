/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kernels/kernels.h"

G_BEGIN_DECLS

extern const RfKernels rf_kernels_reference;

G_END_DECLS
