/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What values reach in a stretch of a series; low > high where there is none that can be drawn. */
typedef struct
{
  double low, high;
  double positive; /* the least value above 0, for logarithmic axes; else infinite */
} RfChartExtent;

/* Is @y a number that a chart can show? Beyond 1e300 the ends of an axis could not be reckoned
 * with any more. */
#define RF_CHART_IS_NUMBER(y) (ABS (y) < 1e300)

#define RF_CHART_PYRAMID_FAN 8

/* Extents of blocks of values, of blocks of blocks and so on, kept while values are appended. */
typedef struct _RfChartPyramid RfChartPyramid;

RfChartPyramid *rf_chart_pyramid_new (void);
void rf_chart_pyramid_free (RfChartPyramid *pyramid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfChartPyramid, rf_chart_pyramid_free)

/* The next value; O(1) amortised. */
void rf_chart_pyramid_append (RfChartPyramid *pyramid, double y);
gsize rf_chart_pyramid_get_n (const RfChartPyramid *pyramid);

/* Extent of @y[@begin … @end−1], where @y are the values that were appended; the least value above
 * 0 only if @positive. Returns how many values and blocks it looked at: at most 14 for each factor
 * of 8 in the length, and none of the values if both ends are multiples of 8. Without a @pyramid
 * all values are. */
gsize rf_chart_pyramid_extent (const RfChartPyramid *pyramid, const double *y, gsize begin,
                               gsize end, gboolean positive, RfChartExtent *extent);

/* The first index of the greatest (or least) of @n values, or -1 if none can be drawn. */
gssize rf_chart_pyramid_find (const RfChartPyramid *pyramid, const double *y, gsize n,
                              gboolean greatest);

G_END_DECLS
