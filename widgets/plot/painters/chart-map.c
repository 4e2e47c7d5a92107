/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A monotone line through places, searched by bisection. A chart of a million points asks it for
 * the borders of columns of pixels only, so that another unit costs as little as another zoom.
 * Places on a straight line are kept as its two ends: epochs of equal length are one line. */

#include "widgets/plot/painters/chart-map.h"

#include <math.h>

typedef struct
{
  double x, value;
} Knot;

struct _RfChartMap
{
  GArray *knots;
  int references;
};

RfChartMap *
rf_chart_map_new (void)
{
  RfChartMap *map = g_new (RfChartMap, 1);
  map->knots = g_array_new (FALSE, FALSE, sizeof (Knot));
  map->references = 1;
  return map;
}

RfChartMap *
rf_chart_map_copy (const RfChartMap *map)
{
  g_return_val_if_fail (map, NULL);
  RfChartMap *copy = rf_chart_map_new ();
  g_array_append_vals (copy->knots, map->knots->data, map->knots->len);
  return copy;
}

RfChartMap *
rf_chart_map_ref (RfChartMap *map)
{
  g_return_val_if_fail (map, NULL);
  g_atomic_int_inc (&map->references);
  return map;
}

void
rf_chart_map_unref (RfChartMap *map)
{
  if (!map || !g_atomic_int_dec_and_test (&map->references))
    return;
  g_array_unref (map->knots);
  g_free (map);
}

static const Knot *
get_knots (const RfChartMap *map, gsize *n)
{
  *n = map ? map->knots->len : 0;
  return *n > 0 ? (const Knot *) map->knots->data : NULL;
}

static double
between (const Knot *a, const Knot *b, double x)
{
  return a->value + (b->value - a->value) * ((x - a->x) / (b->x - a->x));
}

void
rf_chart_map_append (RfChartMap *map, double x, double value)
{
  g_return_if_fail (map);
  if (!isfinite (x) || !isfinite (value))
    return;
  GArray *knots = map->knots;
  Knot knot = { x, value };
  if (knots->len == 0 && x > 0 && value >= 0)
    {
      const Knot origin = { 0, 0 };
      g_array_append_val (knots, origin);
    }
  if (knots->len > 0)
    {
      Knot *last = &g_array_index (knots, Knot, knots->len - 1);
      if (!(x > last->x))
        return;
      knot.value = MAX (value, last->value);
      if (knots->len > 1)
        {
          const double expected = between (last - 1, &knot, last->x);
          if (fabs (expected - last->value) <= 1e-12 * fabs (knot.value))
            {
              *last = knot;
              return;
            }
        }
    }
  g_array_append_val (knots, knot);
}

/* The right end of the piece of the line where @at lies; always with one to its left. */
static gsize
find_piece (const Knot *knots, gsize n, double at, gboolean by_value)
{
  gsize low = 1, high = n - 1;
  while (low < high)
    {
      const gsize middle = low + (high - low) / 2;
      if ((by_value ? knots[middle].value : knots[middle].x) < at)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

double
rf_chart_map_apply (const RfChartMap *map, double x)
{
  gsize n;
  const Knot *knots = get_knots (map, &n);
  if (n == 0)
    return x;
  if (n == 1)
    return knots[0].value + x - knots[0].x;
  const gsize right = find_piece (knots, n, x, FALSE);
  return between (&knots[right - 1], &knots[right], x);
}

double
rf_chart_map_invert (const RfChartMap *map, double value)
{
  gsize n;
  const Knot *knots = get_knots (map, &n);
  if (n == 0)
    return value;
  if (n == 1)
    return knots[0].x + value - knots[0].value;
  const gsize right = find_piece (knots, n, value, TRUE);
  const Knot *a = &knots[right - 1], *b = &knots[right];
  if (b->value > a->value)
    return a->x + (b->x - a->x) * ((value - a->value) / (b->value - a->value));
  return value <= a->value ? a->x : value <= b->value ? b->x : G_MAXDOUBLE;
}
