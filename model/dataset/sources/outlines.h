/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Outlines of the drawn objects as signed distances. */

#include <glib.h>

G_BEGIN_DECLS

#define RF_N_OUTLINES 10

typedef struct
{
  float x, y;
} RfPoint;

extern const char *const rf_outline_names[]; /* RF_N_OUTLINES, NULL-terminated */

/* Distance of @p from the edge of an object about as large as the unit circle, y downwards;
 * negative inside. Exact near the edge, which is where it matters. */
float rf_outline_distance (int outline, RfPoint p);

G_END_DECLS
