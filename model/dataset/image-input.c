/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scales and crops in one go: of the picture only the window that is left after cropping is looked
 * at, so that a picture of 1×20000 costs no more than the input it becomes.
 *
 * The shorter side of w×h pixels is scaled by p/q (the larger of target/side over both axes, exact
 * as a fraction), then the middle is cut out. In source coordinates with 2p units a pixel, value i
 * of an axis of t values over n pixels covers [n·p − t·q + 2q·i, … + 2q): all integers. Its weights
 * over the pixels are rounded to 1/65536 and made to add up to 1. */
#include "model/dataset/image.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/base/error.h"

#define ONE 65536

typedef struct
{
  guint32 first, n; /* pixels */
  guint32 weights;  /* index of the first in Axis.weights */
} Span;

typedef struct
{
  Span *spans;     /* one for each value of the axis */
  GArray *weights; /* of guint32, in units of 1/ONE */
} Axis;

static void
axis_clear (Axis *axis)
{
  g_clear_pointer (&axis->spans, g_free);
  g_clear_pointer (&axis->weights, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Axis, axis_clear)

/* Weights of the pixels under [start, end), clipped to the picture: their shares of the area. */
static void
add_area (Axis *axis, Span *span, gint64 start, gint64 end, gint64 unit, gint64 n)
{
  start = CLAMP (start, 0, n * unit - 1);
  end = CLAMP (end, start + 1, n * unit);
  gint64 first = start / unit, last = (end - 1) / unit;
  gint64 done = 0; /* cumulative rounding makes the sum exact */
  span->first = (guint32) first;
  span->n = (guint32) (last - first + 1);
  for (gint64 j = first; j <= last; j++)
    {
      gint64 upto = MIN ((j + 1) * unit, end) - start;
      guint32 cumulative = (guint32) ((upto * ONE + (end - start) / 2) / (end - start));
      guint32 weight = cumulative - (guint32) done;
      done = cumulative;
      g_array_append_val (axis->weights, weight);
    }
}

/* The two pixels whose centres are around @centre. */
static void
add_bilinear (Axis *axis, Span *span, gint64 centre, gint64 unit, gint64 n)
{
  gint64 place = CLAMP (centre - unit / 2, 0, (n - 1) * unit);
  gint64 first = place / unit;
  guint32 second = (guint32) (((place - first * unit) * ONE + unit / 2) / unit);
  guint32 weights[2] = { ONE - second, second };
  span->first = (guint32) first;
  span->n = second ? 2 : 1;
  g_array_append_vals (axis->weights, weights, span->n);
}

/* @n pixels to @t values at the scale @p/@q. */
static void
axis_init (Axis *axis, gint64 n, gint64 t, gint64 p, gint64 q)
{
  axis->spans = g_new (Span, t);
  axis->weights = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (gint64 i = 0; i < t; i++)
    {
      Span *span = &axis->spans[i];
      gint64 start = n * p - t * q + 2 * q * i;
      span->weights = axis->weights->len;
      if (p > q)
        add_bilinear (axis, span, start + q, 2 * p, n);
      else
        add_area (axis, span, start, start + 2 * q, 2 * p, n);
    }
}

/* One source row to t × 3 values with 8 bits behind the point. */
static void
scale_row (const guint8 *row, const Axis *axis, gint t, guint16 *out)
{
  for (gint i = 0; i < t; i++, out += 3)
    {
      const Span *span = &axis->spans[i];
      const guint32 *weights = &g_array_index (axis->weights, guint32, span->weights);
      const guint8 *pixel = row + (gsize) span->first * 3;
      guint32 r = 0, g = 0, b = 0;
      for (guint32 j = 0; j < span->n; j++, pixel += 3)
        {
          r += weights[j] * pixel[0];
          g += weights[j] * pixel[1];
          b += weights[j] * pixel[2];
        }
      out[0] = (guint16) ((r + 128) >> 8);
      out[1] = (guint16) ((g + 128) >> 8);
      out[2] = (guint16) ((b + 128) >> 8);
    }
}

static guint8
rounded (guint64 sum)
{
  return (guint8) ((sum + (1 << 23)) >> 24);
}

gboolean
rf_image_check_input (RfShape shape, GError **error)
{
  if ((shape.channels == 1 || shape.channels == 3) && shape.height > 0 && shape.width > 0)
    return TRUE;
  g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
               _ ("pictures become inputs of 1 channel (grey) or 3 (RGB), not of %d×%d×%d"),
               shape.channels, shape.height, shape.width);
  return FALSE;
}

gboolean
rf_image_to_input (const RfImage *image, RfShape shape, guint8 *out, GError **error)
{
  g_return_val_if_fail (image != NULL && out != NULL, FALSE);
  if (!rf_image_check_input (shape, error))
    return FALSE;
  gint h = shape.height, w = shape.width;
  gboolean by_height = (gint64) h * image->width >= (gint64) w * image->height;
  gint p = by_height ? h : w, q = by_height ? image->height : image->width;
  g_auto (Axis) across = { 0 }, down = { 0 };
  axis_init (&across, image->width, w, p, q);
  axis_init (&down, image->height, h, p, q);

  gsize row_size = (gsize) w * 3, plane = (gsize) h * w;
  g_autofree guint16 *row = g_new (guint16, row_size);
  g_autofree guint64 *sums = g_new (guint64, row_size);
  for (gint y = 0; y < h; y++)
    {
      const Span *span = &down.spans[y];
      memset (sums, 0, row_size * sizeof *sums);
      for (guint32 j = 0; j < span->n; j++)
        {
          guint32 weight = g_array_index (down.weights, guint32, span->weights + j);
          scale_row (image->rgb + (gsize) (span->first + j) * image->width * 3, &across, w, row);
          for (gsize i = 0; i < row_size; i++)
            sums[i] += (guint64) weight * row[i];
        }
      for (gint x = 0; x < w; x++)
        {
          guint8 r = rounded (sums[3 * x]), g = rounded (sums[3 * x + 1]),
                 b = rounded (sums[3 * x + 2]);
          guint8 *to = out + (gsize) y * w + x;
          if (shape.channels == 3)
            {
              to[0] = r;
              to[plane] = g;
              to[2 * plane] = b;
            }
          else /* Rec. 601: 0.299 R + 0.587 G + 0.114 B */
            to[0] = (guint8) ((19595u * r + 38470u * g + 7471u * b + ONE / 2) / ONE);
        }
    }
  return TRUE;
}
