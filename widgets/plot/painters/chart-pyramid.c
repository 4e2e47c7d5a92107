/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The extent of any stretch of a long series without looking at all of it.
 *
 * Level k holds the extents of blocks of 8ᵏ⁺¹ values. A stretch is covered from both ends: single
 * values up to the next block, such blocks up to the next block of blocks, and so on. What this
 * costs is less the looks than the cache lines: so the extents of a level lie close, and the least
 * values above 0, which only logarithmic axes ask for, by themselves. A million values take 3.4
 * megabytes more. A new value changes at most one block a level, and as a rule none: it lies
 * within. */

#include "widgets/plot/painters/chart-pyramid.h"

#include <math.h>

#define FAN      RF_CHART_PYRAMID_FAN
#define N_LEVELS 10

typedef struct
{
  double low, high;
} Block;

struct _RfChartPyramid
{
  GArray *levels[N_LEVELS];    /* of Block */
  GArray *positives[N_LEVELS]; /* of double */
  gsize n;
};

static const RfChartExtent nothing = { INFINITY, -INFINITY, INFINITY };

RfChartPyramid *
rf_chart_pyramid_new (void)
{
  RfChartPyramid *pyramid = g_new0 (RfChartPyramid, 1);
  for (int level = 0; level < N_LEVELS; level++)
    {
      pyramid->levels[level] = g_array_new (FALSE, FALSE, sizeof (Block));
      pyramid->positives[level] = g_array_new (FALSE, FALSE, sizeof (double));
    }
  return pyramid;
}

void
rf_chart_pyramid_free (RfChartPyramid *pyramid)
{
  if (!pyramid)
    return;
  for (int level = 0; level < N_LEVELS; level++)
    {
      g_array_unref (pyramid->levels[level]);
      g_array_unref (pyramid->positives[level]);
    }
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
take_block (RfChartExtent *extent, const Block *block)
{
  extent->low = block->low < extent->low ? block->low : extent->low;
  extent->high = block->high > extent->high ? block->high : extent->high;
}

void
rf_chart_pyramid_append (RfChartPyramid *pyramid, double y)
{
  const gboolean number = RF_CHART_IS_NUMBER (y);
  gsize size = FAN;
  for (int level = 0; level < N_LEVELS; level++, size *= FAN)
    {
      GArray *blocks = pyramid->levels[level], *positives = pyramid->positives[level];
      gboolean changed = pyramid->n % size == 0;
      if (changed)
        {
          const Block block = { INFINITY, -INFINITY };
          g_array_append_val (blocks, block);
          g_array_append_val (positives, block.low);
        }
      Block *last = &g_array_index (blocks, Block, blocks->len - 1);
      double *positive = &g_array_index (positives, double, positives->len - 1);
      if (number && y < last->low)
        last->low = y, changed = TRUE;
      if (number && y > last->high)
        last->high = y, changed = TRUE;
      if (number && y > 0 && y < *positive)
        *positive = y, changed = TRUE;
      /* A block that holds it already lies in blocks that do. */
      if (!changed)
        break;
    }
  pyramid->n++;
}

gsize
rf_chart_pyramid_get_n (const RfChartPyramid *pyramid)
{
  return pyramid->n;
}

/* The blocks @begin … @end−1 of a level. */
static void
take_blocks (const RfChartPyramid *pyramid, int level, gsize begin, gsize end, gboolean positive,
             RfChartExtent *extent)
{
  const Block *blocks = (const Block *) pyramid->levels[level]->data;
  for (gsize i = begin; i < end; i++)
    take_block (extent, &blocks[i]);
  if (!positive)
    return;
  const double *positives = (const double *) pyramid->positives[level]->data;
  for (gsize i = begin; i < end; i++)
    extent->positive = MIN (extent->positive, positives[i]);
}

gsize
rf_chart_pyramid_extent (const RfChartPyramid *pyramid, const double *y, gsize begin, gsize end,
                         gboolean positive, RfChartExtent *extent)
{
  gsize looks = 0;
  *extent = nothing;
  if (!pyramid)
    {
      for (gsize i = begin; i < end; i++)
        take_value (extent, y[i]);
      return end - begin;
    }
  for (; begin < end && begin % FAN != 0; begin++, looks++)
    take_value (extent, y[begin]);
  for (; begin < end && end % FAN != 0; looks++)
    take_value (extent, y[--end]);
  for (int level = 0; begin < end; level++)
    {
      begin /= FAN;
      end /= FAN;
      const gboolean top = level + 1 == N_LEVELS;
      const gsize up = top ? end : MIN ((begin + FAN - 1) / FAN * FAN, end);
      const gsize down = MAX (end / FAN * FAN, up);
      take_blocks (pyramid, level, begin, up, positive, extent);
      take_blocks (pyramid, level, down, end, positive, extent);
      looks += up - begin + end - down;
      begin = up;
      end = down;
    }
  return looks;
}

gssize
rf_chart_pyramid_find (const RfChartPyramid *pyramid, const double *y, gsize n, gboolean greatest)
{
  RfChartExtent all;
  rf_chart_pyramid_extent (pyramid, y, 0, n, FALSE, &all);
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
            const Block *extent = &g_array_index (blocks, Block, block);
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
