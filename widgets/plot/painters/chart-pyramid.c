/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The extent of any stretch of a long series without looking at all of it.
 *
 * Level k holds the extents of blocks of 16ᵏ⁺¹ values. A stretch is covered from both ends: single
 * values up to the next block, such blocks up to the next block of blocks, and so on. A million
 * values cost a tenth of their own memory, and a column of a thousand of them some forty looks.
 * A new value changes at most one block a level, and as a rule none: it lies within. */

#include "widgets/plot/painters/chart-pyramid.h"

#include <math.h>

#define FAN      16
#define N_LEVELS 8

struct _RfChartPyramid
{
  GArray *levels[N_LEVELS]; /* of RfChartExtent */
  gsize n;
};

static const RfChartExtent nothing = { INFINITY, -INFINITY, INFINITY };

RfChartPyramid *
rf_chart_pyramid_new (void)
{
  RfChartPyramid *pyramid = g_new0 (RfChartPyramid, 1);
  for (int level = 0; level < N_LEVELS; level++)
    pyramid->levels[level] = g_array_new (FALSE, FALSE, sizeof (RfChartExtent));
  return pyramid;
}

void
rf_chart_pyramid_free (RfChartPyramid *pyramid)
{
  if (!pyramid)
    return;
  for (int level = 0; level < N_LEVELS; level++)
    g_array_unref (pyramid->levels[level]);
  g_free (pyramid);
}

static inline void
take_value (RfChartExtent *extent, double y)
{
  if (!RF_CHART_IS_NUMBER (y))
    return;
  extent->low = y < extent->low ? y : extent->low;
  extent->high = y > extent->high ? y : extent->high;
  if (y > 0 && y < extent->positive)
    extent->positive = y;
}

static inline void
take_block (RfChartExtent *extent, const RfChartExtent *block)
{
  extent->low = block->low < extent->low ? block->low : extent->low;
  extent->high = block->high > extent->high ? block->high : extent->high;
  extent->positive = block->positive < extent->positive ? block->positive : extent->positive;
}

void
rf_chart_pyramid_append (RfChartPyramid *pyramid, double y)
{
  gsize size = FAN;
  for (int level = 0; level < N_LEVELS; level++, size *= FAN)
    {
      GArray *blocks = pyramid->levels[level];
      const gboolean fresh = pyramid->n % size == 0;
      if (fresh)
        g_array_append_val (blocks, nothing);
      RfChartExtent *last = &g_array_index (blocks, RfChartExtent, blocks->len - 1);
      const RfChartExtent before = *last;
      take_value (last, y);
      /* A block that holds it already lies in blocks that do. */
      if (!fresh && last->low == before.low && last->high == before.high
          && last->positive == before.positive)
        break;
    }
  pyramid->n++;
}

gsize
rf_chart_pyramid_get_n (const RfChartPyramid *pyramid)
{
  return pyramid->n;
}

gsize
rf_chart_pyramid_extent (const RfChartPyramid *pyramid, const double *y, gsize begin, gsize end,
                         RfChartExtent *extent)
{
  const gsize slack = pyramid ? FAN : G_MAXSIZE;
  gsize looks = 0;
  *extent = nothing;
  for (; begin < end && begin % slack != 0; begin++, looks++)
    take_value (extent, y[begin]);
  if (!pyramid)
    for (; begin < end; begin++, looks++)
      take_value (extent, y[begin]);
  for (; begin < end && end % slack != 0; looks++)
    take_value (extent, y[--end]);

  begin /= FAN;
  end /= FAN;
  for (int level = 0; begin < end; level++)
    {
      const RfChartExtent *blocks = (const RfChartExtent *) pyramid->levels[level]->data;
      const gboolean top = level + 1 == N_LEVELS;
      for (; begin < end && (top || begin % FAN != 0); begin++, looks++)
        take_block (extent, &blocks[begin]);
      for (; begin < end && end % FAN != 0; looks++)
        take_block (extent, &blocks[--end]);
      begin /= FAN;
      end /= FAN;
    }
  return looks;
}

gssize
rf_chart_pyramid_find (const RfChartPyramid *pyramid, const double *y, gsize n, gboolean greatest)
{
  RfChartExtent all;
  rf_chart_pyramid_extent (pyramid, y, 0, n, &all);
  if (all.low > all.high)
    return -1;
  const double wanted = greatest ? all.high : all.low;

  /* From block to block within, always into the first that reaches as far. */
  gsize first = 0, size = n;
  if (pyramid)
    for (int level = N_LEVELS - 1; level >= 0; level--)
      {
        const GArray *blocks = pyramid->levels[level];
        gsize block_size = FAN;
        for (int i = 0; i < level; i++)
          block_size *= FAN;
        if (block_size >= n)
          continue;
        for (gsize block = first / block_size; block < blocks->len; block++)
          {
            const RfChartExtent *extent = &g_array_index (blocks, RfChartExtent, block);
            if ((greatest ? extent->high : extent->low) == wanted)
              {
                first = block * block_size;
                break;
              }
          }
        size = block_size;
      }
  for (gsize i = first; i < MIN (first + size, n); i++)
    if (y[i] == wanted)
      return (gssize) i;
  return -1;
}
