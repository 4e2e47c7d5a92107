/* SPDX-License-Identifier: GPL-3.0-or-later */

/* No gradient is kept: that of a part that is halved is asked for once more and taken away. */

#include "model/features/way.h"

#include <math.h>

#define SHORTEST 1e-5 /* of parts: floats tell no less apart */

typedef struct
{
  double begin, end;
  double values[3]; /* f at the ends, then in the middle */
  double slope;     /* f' in the middle */
} Part;

struct _RfWay
{
  int n, most, done;
  double tolerance;
  GArray *parts; /* of Part */
};

RfWay *
rf_way_new (int n, int most, double tolerance)
{
  g_return_val_if_fail (n > 0, NULL);
  RfWay *self = g_new0 (RfWay, 1);
  self->n = n;
  self->most = most;
  self->tolerance = tolerance;
  self->parts = g_array_new (FALSE, TRUE, sizeof (Part));
  g_array_set_size (self->parts, (guint) n);
  for (int i = 0; i < n; i++)
    {
      Part *part = &g_array_index (self->parts, Part, i);
      part->begin = (double) i / n;
      part->end = (double) (i + 1) / n;
    }
  return self;
}

void
rf_way_free (RfWay *self)
{
  if (!self)
    return;
  g_array_unref (self->parts);
  g_free (self);
}

static Part *
get_part (const RfWay *self, gsize index)
{
  return &g_array_index (self->parts, Part, index);
}

static double
get_middle (const Part *part)
{
  return (part->begin + part->end) / 2;
}

static double
get_error (const Part *part)
{
  return part->values[1] - part->values[0] - (part->end - part->begin) * part->slope;
}

static gboolean
is_done (const RfWay *self)
{
  double error = 0;
  for (gsize i = 0; i < self->parts->len; i++)
    error += get_error (get_part (self, i));
  const double whole
      = get_part (self, (gsize) self->n - 1)->values[1] - get_part (self, 0)->values[0];
  return fabs (error) <= self->tolerance * fabs (whole);
}

/* Longer than they may be, and not chosen yet: of those the one that is most wrong. */
static gssize
find_worst (const RfWay *self, const RfWayPoint *chosen, int n_chosen)
{
  gssize worst = -1;
  for (gsize i = 0; i < self->parts->len; i++)
    {
      const Part *part = get_part (self, i);
      gboolean free = part->end - part->begin > SHORTEST;
      for (int j = 0; j < n_chosen && free; j += 3)
        free = chosen[j].part != i;
      if (free
          && (worst < 0
              || fabs (get_error (part)) > fabs (get_error (get_part (self, (gsize) worst)))))
        worst = (gssize) i;
    }
  return worst;
}

/* Its middle, to take away, and the middles of its halves. */
static int
choose_worst (const RfWay *self, int most, RfWayPoint *points)
{
  int n = 0;
  while (n + 3 <= most)
    {
      const gssize worst = find_worst (self, points, n);
      if (worst < 0)
        break;
      const Part *part = get_part (self, (gsize) worst);
      const double length = part->end - part->begin;
      const gsize index = (gsize) worst;
      points[n++] = (RfWayPoint){ get_middle (part), -length, index };
      points[n++] = (RfWayPoint){ part->begin + length / 4, length / 2, index };
      points[n++] = (RfWayPoint){ part->begin + length * 3 / 4, length / 2, index };
    }
  return n;
}

/* First the ends of all parts, then their middles, then those that are wrong. */
int
rf_way_next (RfWay *self, int most, RfWayPoint *points)
{
  g_return_val_if_fail (most >= 3, 0);
  const int n_ends = self->n + 1;
  int n = 0;
  for (int i = self->done; i < n_ends && n < most; i++)
    points[n++] = (RfWayPoint){ (double) i / self->n, 0, (gsize) i };
  for (int i = self->done - n_ends; n < most && i >= 0 && i < self->n; i++)
    {
      const Part *part = get_part (self, (gsize) i);
      points[n++] = (RfWayPoint){ get_middle (part), part->end - part->begin, (gsize) i };
    }
  if (n > 0)
    return n;
  return is_done (self) || self->done >= self->most ? 0 : choose_worst (self, most, points);
}

static void
take_end (RfWay *self, gsize index, double value)
{
  if (index > 0)
    get_part (self, index - 1)->values[1] = value;
  if (index < (gsize) self->n)
    get_part (self, index)->values[0] = value;
}

/* @values, @slopes: of the middle, and those of both halves. The second half is a new part, at the
 * end of the list; so that the way's own end stays that of the last part of the first ones, halves
 * change places there. */
static void
halve (RfWay *self, gsize index, const double *values, const double *slopes)
{
  const Part whole = *get_part (self, index);
  const double middle = get_middle (&whole);
  const Part left
      = { whole.begin, middle, { whole.values[0], whole.values[2], values[1] }, slopes[1] };
  const Part right
      = { middle, whole.end, { whole.values[2], whole.values[1], values[2] }, slopes[2] };
  const gboolean last = whole.end == 1;
  *get_part (self, index) = last ? right : left;
  g_array_append_val (self->parts, *(last ? &left : &right));
}

void
rf_way_take (RfWay *self, int n, const RfWayPoint *points, const double *values,
             const double *slopes)
{
  for (int i = 0; i < n; i++)
    if (points[i].weight == 0)
      take_end (self, points[i].part, values[i]);
    else if (points[i].weight > 0)
      {
        get_part (self, points[i].part)->values[2] = values[i];
        get_part (self, points[i].part)->slope = slopes[i];
      }
    else
      {
        halve (self, points[i].part, values + i, slopes + i);
        i += 2;
      }
  self->done += n;
}

double
rf_way_get_progress (const RfWay *self)
{
  return MIN ((double) self->done / (2 * self->n + 1), 0.99);
}
