/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Filtering pictures: cross-correlation, as networks do, or true convolution, with stride, padding,
 * dilation and border, over bytes or floats in any order of channels.
 *
 * Not the convolution of the networks (model/kernels/conv.h), which has many maps of few pixels;
 * here are one to three maps of many pixels. A plan is made for a kernel and a size of picture,
 * costs microseconds and never changes. Running it cuts the output into blocks whose size depends
 * on the shapes alone and computes them on the pool: the same bytes for any number of threads. */

#include <stdatomic.h>

#include "model/experiment/experiment.h"
#include "model/filter/kernel.h"

G_BEGIN_DECLS

#define RF_FILTER_MAX_STRIDE   64
#define RF_FILTER_MAX_DILATION 64
#define RF_FILTER_MAX_PADDING  1024
#define RF_FILTER_MAX_PIXELS   (100 * 1000 * 1000) /* of an output, each channel */
#define RF_FILTER_MAX_CHANNELS 4

/* What a window sees beyond the picture: zeros, the nearest pixel, the picture mirrored about its
 * edge pixel (which is not repeated), or the picture again. The last two go on periodically. */
typedef enum
{
  RF_BORDER_ZERO,
  RF_BORDER_EDGE,
  RF_BORDER_REFLECT,
  RF_BORDER_WRAP,
} RfBorder;

/* "zero", "edge", "reflect", "wrap", NULL; and titles for people (N_()). */
extern const char *const rf_border_names[];
extern const char *const rf_border_titles[];

typedef struct
{
  int stride[2], dilation[2]; /* down, across */
  /* Top, bottom, left, right. With @same these numbers are not looked at: as much as keeps the size
   * at stride 1, an odd pixel going below and to the right. */
  gboolean same;
  int padding[4];
  RfBorder border;
  gboolean convolve; /* the kernel turned by 180° */
} RfFilterOptions;

/* Stride and dilation 1, same, zeros, cross-correlation. */
#define RF_FILTER_OPTIONS_INIT                                                                     \
  {                                                                                                \
    .stride = { 1, 1 }, .dilation = { 1, 1 }, .same = TRUE                                         \
  }

/* The padding in numbers. */
void rf_filter_padding (const RfKernel *kernel, const RfFilterOptions *options, int padding[4]);
/* ⌊(n + before + after - dilation · (side - 1) - 1) / stride⌋ + 1; 0 where no window fits. */
int rf_filter_output_side (int n, int side, int stride, int dilation, int before, int after);
/* The place in the picture, 0 to @n - 1, that coordinate @i shows; -1 for none. */
int rf_border_place (RfBorder border, gint64 i, int n);
/* Maps that come out of @channels ones, 0 where kernel and picture do not fit together. */
int rf_filter_output_channels (const RfKernel *kernel, int channels);
/* Shape of the output, or RF_ERROR_OPTION or RF_ERROR_SHAPE in words. */
gboolean rf_filter_output_shape (const RfKernel *kernel, const RfFilterOptions *options,
                                 RfShape input, RfShape *output, GError **error);

/* Pixels that belong to someone else: the value of (c, y, x) is at
 * data[c · plane + y · row + x · pixel]. Bytes 0 to 255 are values 0 to 1; bytes are written
 * rounded (halves to even) and clipped. */
typedef struct
{
  gboolean bytes; /* guint8, else float */
  RfShape shape;
  gsize plane, row, pixel; /* steps, in values */
  void *data;
} RfPixels;

RfPixels rf_pixels_rgb (guint8 *rgb, int height, int width); /* interleaved */
RfPixels rf_pixels_planar (float *values, RfShape shape);    /* [c, h, w] */

/* Set to true from any thread, it ends a run at the next block: its result is not wanted any more.
 */
typedef atomic_bool RfStale;

typedef struct _RfFilterPlan RfFilterPlan;

RfFilterPlan *rf_filter_plan_new (const RfKernel *kernel, const RfFilterOptions *options,
                                  RfShape input, GError **error);
void rf_filter_plan_free (RfFilterPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfFilterPlan, rf_filter_plan_free)

RfShape rf_filter_plan_get_output (const RfFilterPlan *plan);
/* Whether it computes columns after rows. */
gboolean rf_filter_plan_is_separable (const RfFilterPlan *plan);

/* Filters @input into @output, which must have the shapes of the plan and not overlap. Blocks, on
 * the pool, whose ticket the caller must not hold; not for a thread with a window. FALSE if @stale
 * (may be NULL) became true: the output is then undefined. Values from 0 to 1 come out within
 * 1e-6 of rf_filter_reference(), times Σ|weight · scale| where that is above 1. */
gboolean rf_filter_run (const RfFilterPlan *plan, const RfPixels *input, const RfPixels *output,
                        RfStale *stale);

/* The plain truth: every product and sum in double, in one thread. @output is planar, of the shape
 * of rf_filter_output_shape(). */
void rf_filter_reference (const RfKernel *kernel, const RfFilterOptions *options,
                          const RfPixels *input, double *output);
/* The value of one pixel, its border included; @y and @x may lie outside. */
double rf_pixels_value (const RfPixels *pixels, RfBorder border, int channel, gint64 y, gint64 x);

G_END_DECLS
