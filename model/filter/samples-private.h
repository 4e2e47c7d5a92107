/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/filter/samples.h"

G_BEGIN_DECLS

RfSampleColor rf_sample_landscape (const RfSamplePoint *point);
RfSampleColor rf_sample_spheres (const RfSamplePoint *point);
RfSampleColor rf_sample_letters (const RfSamplePoint *point);
RfSampleColor rf_sample_digits (const RfSamplePoint *point);

/* 0 to 1, a pure function of the place and @seed. */
double rf_sample_hash (gint64 x, gint64 y, guint32 seed);
/* The same, smooth between whole coordinates; and octaves of it, each half as strong. */
double rf_sample_value_noise (double x, double y, guint32 seed);
double rf_sample_clouds (double x, double y, int n_octaves, guint32 seed);

RfSampleColor rf_sample_mix (RfSampleColor a, RfSampleColor b, double share_of_b);

static inline RfSampleColor
rf_sample_grey (double value)
{
  return (RfSampleColor){ (float) value, (float) value, (float) value };
}

/* Share of a pixel at @distance (negative inside) from an edge. */
static inline double
rf_sample_cover (double distance, double pixel)
{
  return CLAMP (.5 - distance / pixel, 0, 1);
}

G_END_DECLS
