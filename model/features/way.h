/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Where to look along the straight way from a baseline (0) to a picture (1), so that the integral
 * of the gradient along it is known well. f is a logit, f' its derivative along the way.
 *
 * The way is cut into parts; f' in the middle stands for all of a part. How wrong that is one can
 * see, because its integral over a part is the difference of f at the ends: so the worst parts are
 * halved until the whole is right. Kinks of ReLU lie close together near the baseline, where equal
 * parts would have to be very short. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  double share;  /* of the way */
  double weight; /* to add the gradient there with; 0: none is needed, less: it was too much */
  gsize part;    /* private */
} RfWayPoint;

typedef struct _RfWay RfWay;

/* @n parts to begin with, @most points in all, about; done when the sum of the parts is wrong by no
 * more than @tolerance times the whole difference. */
RfWay *rf_way_new (int n, int most, double tolerance);
void rf_way_free (RfWay *way);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfWay, rf_way_free)

/* Up to @most points to look at next; returns how many, 0: done. */
int rf_way_next (RfWay *way, int most, RfWayPoint *points);
/* f and f' at all of those; f' where the weight is 0 is not read. */
void rf_way_take (RfWay *way, int n, const RfWayPoint *points, const double *values,
                  const double *slopes);
/* From 0 to 1, a guess. */
double rf_way_get_progress (const RfWay *way);

G_END_DECLS
