/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/filters/filter-colors.h"

#include "model/base/pool.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define ROW_VALUES  (32 * 1024) /* of an item */
#define BELOW_COLOR 0x2f6fd0u
#define ABOVE_COLOR 0xe8871eu

const char *const rf_display_titles[RF_N_DISPLAYS + 1]
    = { N_ ("Automatic"), N_ ("As Is"), N_ ("Clipped"), N_ ("Absolute"), N_ ("To Range"),
        N_ ("Signed"),    NULL };
const char *const rf_display_summaries[RF_N_DISPLAYS + 1] = {
  N_ ("Signed where something is below zero; else from black for 0 to white for 1, or for the "
      "largest if that is more"),
  N_ ("0 is black and 1 white; below is marked blue, above orange"),
  N_ ("What is below 0 becomes black, what is above 1 white"),
  N_ ("Without the sign; above 1 white"),
  N_ ("The smallest value is black, the largest white"),
  N_ ("Blue below zero, orange above; the mean where there are three maps"),
  NULL
};

/* ---- range ---- */

typedef struct
{
  const float *values;
  RfShape shape;
  RfColorWish wish;
  RfColors *colors;
  guint8 *data;
  int stride;
  int rows; /* of an item */
  float scale, shift;
  gsize n_values;
  float *lows, *highs; /* of each item */
} Job;

static void
extent_item (void *data, int item, int worker)
{
  const Job *job = data;
  const gsize begin = (gsize) item * ROW_VALUES, n = MIN (ROW_VALUES, job->n_values - begin);
  rf_palette_extent (job->values + begin, n, &job->lows[item], &job->highs[item]);
}

static void
find_extent (const float *values, gsize n, float *low, float *high)
{
  const int n_items = (int) ((n + ROW_VALUES - 1) / ROW_VALUES);
  g_autofree float *lows = g_new (float, (gsize) n_items);
  g_autofree float *highs = g_new (float, (gsize) n_items);
  Job job = { .values = values, .n_values = n, .lows = lows, .highs = highs };
  rf_pool_enter (RF_POOL_HAND);
  rf_pool_run (n_items, extent_item, &job);
  rf_pool_leave ();
  *low = lows[0];
  *high = highs[0];
  for (int i = 1; i < n_items; i++)
    {
      *low = MIN (*low, lows[i]);
      *high = MAX (*high, highs[i]);
    }
}

/* ---- colours ---- */

static inline guint32
to_byte (float value)
{
  /* What is not a number becomes black. */
  return value > 0 ? (guint32) (fminf (value, 1) * 255 + 0.5f) : 0;
}

static void
grey_row (const Job *job, const float *const planes[3], int width, guint32 *out)
{
  const gboolean absolute = job->colors->display == RF_DISPLAY_ABSOLUTE;
  const float scale = job->scale, shift = job->shift;
  for (int x = 0; x < width; x++)
    {
      float r = planes[0][x], g = planes[1][x], b = planes[2][x];
      if (absolute)
        {
          r = fabsf (r);
          g = fabsf (g);
          b = fabsf (b);
        }
      out[x] = to_byte (r * scale + shift) << 16 | to_byte (g * scale + shift) << 8
               | to_byte (b * scale + shift);
    }
}

/* Marks what neither black nor white could show. */
static void
mark_row (const float *const planes[3], int width, guint32 *out)
{
  const float slack = 0.5f / 255;
  for (int x = 0; x < width; x++)
    {
      const float r = planes[0][x], g = planes[1][x], b = planes[2][x];
      if (r < -slack || g < -slack || b < -slack)
        out[x] = BELOW_COLOR;
      else if (r > 1 + slack || g > 1 + slack || b > 1 + slack)
        out[x] = ABOVE_COLOR;
    }
}

static void
signed_row (const Job *job, const float *const planes[3], int width, guint32 *out)
{
  const guint32 *palette = rf_palette_get (RF_PALETTE_DIVERGING);
  const float scale = 127 / (float) job->colors->range.high;
  const gboolean three = planes[0] != planes[1];
  for (int x = 0; x < width; x++)
    {
      const float value = three ? (planes[0][x] + planes[1][x] + planes[2][x]) / 3 : planes[0][x];
      const float place = value * scale;
      if (isnan (place))
        out[x] = RF_PALETTE_NOT_A_NUMBER & 0xffffff;
      else
        out[x] = palette[RF_PALETTE_ZERO + (int) lrintf (CLAMP (place, -127, 127))] & 0xffffff;
    }
}

static void
colors_item (void *data, int item, int worker)
{
  const Job *job = data;
  const RfShape shape = job->shape;
  const gsize plane = (gsize) shape.height * (gsize) shape.width;
  const int end = MIN ((item + 1) * job->rows, shape.height);
  for (int y = item * job->rows; y < end; y++)
    {
      const float *planes[3];
      for (int c = 0; c < 3; c++)
        {
          const int channel = job->wish.channel >= 0 ? job->wish.channel
                              : shape.channels >= 3  ? c
                                                     : 0;
          planes[c] = job->values + (gsize) channel * plane + (gsize) y * (gsize) shape.width;
        }
      guint32 *out = (guint32 *) (void *) (job->data + (gsize) y * (gsize) job->stride);
      if (job->colors->display == RF_DISPLAY_SIGNED)
        signed_row (job, planes, shape.width, out);
      else
        grey_row (job, planes, shape.width, out);
      if (job->colors->display == RF_DISPLAY_AS_IS)
        mark_row (planes, shape.width, out);
    }
}

static void
choose_range (Job *job)
{
  RfColors *colors = job->colors;
  const gsize plane = (gsize) job->shape.height * (gsize) job->shape.width;
  const gboolean one = job->wish.channel >= 0;
  colors->range = (RfPaletteRange){ RF_PALETTE_GREY, 0, 1 };
  job->scale = 1;
  if (colors->display != RF_DISPLAY_AUTO && colors->display != RF_DISPLAY_RANGE
      && colors->display != RF_DISPLAY_SIGNED)
    return;
  float low, high;
  find_extent (one ? job->values + (gsize) job->wish.channel * plane : job->values,
               one ? plane : plane * (gsize) job->shape.channels, &low, &high);
  if (colors->display == RF_DISPLAY_AUTO)
    {
      colors->display = low < -0.5f / 255       ? RF_DISPLAY_SIGNED
                        : high > 1 + 0.5f / 255 ? RF_DISPLAY_RANGE
                                                : RF_DISPLAY_AS_IS;
      /* Black stays zero. */
      low = colors->display == RF_DISPLAY_RANGE ? 0 : low;
    }
  if (colors->display == RF_DISPLAY_SIGNED)
    {
      const double end = MAX (MAX (-low, high), 1e-6);
      const RfPaletteRange *before = &job->wish.before;
      const RfPaletteRange none = { 0 };
      colors->range = rf_palette_settle (
          before->palette == RF_PALETTE_DIVERGING && before->low < 0 ? before : &none, -end, end);
    }
  else if (colors->display == RF_DISPLAY_RANGE)
    {
      if (!(high - low > 1e-9f))
        high = low + 1e-6f;
      colors->range = (RfPaletteRange){ RF_PALETTE_GREY, low, high };
      job->scale = 1 / (high - low);
      job->shift = -low * job->scale;
    }
}

RfColors
rf_filter_colors (const float *values, RfShape shape, const RfColorWish *wish)
{
  RfColors colors = { NULL, wish->display, { RF_PALETTE_GREY, 0, 1 } };
  Job job = { .values = values, .shape = shape, .wish = *wish, .colors = &colors };
  if (job.wish.channel >= shape.channels)
    job.wish.channel = shape.channels == 1 ? 0 : -1;
  if (shape.width > RF_RASTER_MAX_SIDE || shape.height > RF_RASTER_MAX_SIDE)
    return colors;
  cairo_surface_t *surface
      = cairo_image_surface_create (CAIRO_FORMAT_RGB24, shape.width, shape.height);
  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    {
      cairo_surface_destroy (surface);
      return colors;
    }
  choose_range (&job);
  cairo_surface_flush (surface);
  job.data = cairo_image_surface_get_data (surface);
  job.stride = cairo_image_surface_get_stride (surface);
  job.rows = MAX (1, ROW_VALUES / shape.width);
  rf_pool_enter (RF_POOL_HAND);
  rf_pool_run ((shape.height + job.rows - 1) / job.rows, colors_item, &job);
  rf_pool_leave ();
  cairo_surface_mark_dirty (surface);
  colors.raster = rf_raster_new (surface);
  return colors;
}

/* ---- thumbnails ---- */

static void
fit (RfShape *small, RfShape shape, int side)
{
  const double scale = MIN ((double) side / MAX (shape.width, shape.height), 1);
  *small = shape;
  small->width = MAX (1, (int) lrint (shape.width * scale));
  small->height = MAX (1, (int) lrint (shape.height * scale));
}

RfRaster *
rf_filter_thumbnail (const float *values, RfShape shape, int side)
{
  RfShape small;
  fit (&small, shape, side);
  g_autofree float *out = g_new (float, RF_SHAPE_COUNT (small));
  float *at = out;
  for (int c = 0; c < small.channels; c++)
    for (int y = 0; y < small.height; y++)
      for (int x = 0; x < small.width; x++)
        {
          const gsize from_y = (gsize) y * (gsize) shape.height / (gsize) small.height;
          const gsize from_x = (gsize) x * (gsize) shape.width / (gsize) small.width;
          *at++
              = values[((gsize) c * (gsize) shape.height + from_y) * (gsize) shape.width + from_x];
        }
  const RfColorWish wish = { .display = RF_DISPLAY_AUTO, .channel = -1 };
  return rf_filter_colors (out, small, &wish).raster;
}
