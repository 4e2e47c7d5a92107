/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A kernel of the picture filters: what a person paints, types, turns and pastes.
 *
 * A plain value without pointers, so that assigning copies it and undoing is keeping the old one.
 * Sides are 1 to 11, odd, even or different; the weights are doubles, row by row. A kernel filters
 * each channel alike, each with weights of its own, or red, green and blue into one map:
 *
 *   out = scale · Σ weight · value + bias
 *
 * Pictures are from 0 (black) to 1 (white), and so is the bias. */

#include <glib.h>

G_BEGIN_DECLS

#define RF_KERNEL_MAX_SIDE   11
#define RF_KERNEL_MAX_CELLS  (RF_KERNEL_MAX_SIDE * RF_KERNEL_MAX_SIDE)
#define RF_KERNEL_MAX_PLANES 3
#define RF_KERNEL_MAX_WEIGHT 1e6 /* of weights, scale and bias, either sign */
#define RF_KERNEL_MAX_TEXT   (64 * 1024)

typedef enum
{
  RF_KERNEL_SHARED,      /* one plane of weights for every channel */
  RF_KERNEL_PER_CHANNEL, /* three planes, three maps */
  RF_KERNEL_COMBINED,    /* three planes, summed into one map: a first layer's filter */
} RfKernelMode;

typedef struct
{
  int height, width;
  RfKernelMode mode;
  double scale, bias;
  double weights[RF_KERNEL_MAX_PLANES][RF_KERNEL_MAX_CELLS]; /* [y · width + x]; [0] where shared */
} RfKernel;

/* Zeros; scale 1, bias 0, shared. */
void rf_kernel_init (RfKernel *kernel, int height, int width);
/* Planes of weights: 1 or 3. */
int rf_kernel_n_planes (const RfKernel *kernel);
/* Shared to three planes: each gets a copy. Three planes to shared: the mean of the three. Between
 * the other two the weights stay. */
void rf_kernel_set_mode (RfKernel *kernel, RfKernelMode mode);
/* The same shape, mode and numbers. */
gboolean rf_kernel_equal (const RfKernel *a, const RfKernel *b);
/* Sides, mode, and every number finite and within RF_KERNEL_MAX_WEIGHT: RF_ERROR_OPTION names the
 * row and column, counted from 1. */
gboolean rf_kernel_check (const RfKernel *kernel, GError **error);

double rf_kernel_get (const RfKernel *kernel, int plane, int y, int x);
void rf_kernel_set (RfKernel *kernel, int plane, int y, int x, double weight);
double rf_kernel_sum (const RfKernel *kernel, int plane);

/* Operations act on every plane; a combined kernel's planes are normalised together. Those that can
 * fail leave the kernel as it was and say in *@error why. */

/* Divides by the sum, so that flat areas keep their brightness. Fails where it is 0. */
gboolean rf_kernel_normalize_sum (RfKernel *kernel, GError **error);
/* Subtracts the mean weight, so that flat areas become 0. */
void rf_kernel_zero_mean (RfKernel *kernel);
void rf_kernel_rotate (RfKernel *kernel); /* by 90°, clockwise */
void rf_kernel_flip_horizontal (RfKernel *kernel);
void rf_kernel_flip_vertical (RfKernel *kernel);
/* By 180°: true convolution with a kernel is cross-correlation with its rotated self. */
void rf_kernel_flip_both (RfKernel *kernel);
void rf_kernel_transpose (RfKernel *kernel);
void rf_kernel_negate (RfKernel *kernel);
/* Adds zeros or cuts off about the centre: between odd and even sides the middle goes half a cell
 * up and to the left, as the windows' does. Returns FALSE if numbers other than 0 were cut off. */
gboolean rf_kernel_resize (RfKernel *kernel, int height, int width);

/* The singular values of a plane in descending order; @values has room for MIN (height, width),
 * which is returned. */
int rf_kernel_singular_values (const RfKernel *kernel, int plane, double *values);
/* Number of singular values above 1e-9 of the largest: 0 for zeros, 1 where it is separable. */
int rf_kernel_rank (const RfKernel *kernel, int plane);
/* The factors of a plane of rank 1: weight[y][x] = column[y] · row[x] up to 1e-8 of the largest
 * weight, of equal length where that can be. FALSE for any other rank. */
gboolean rf_kernel_factor (const RfKernel *kernel, int plane, double *column, double *row);
/* |H| at @side × @side frequencies from -½ to just below ½ cycle per pixel, zero at
 * [side / 2][side / 2], rows being vertical frequencies. With scale, without bias. */
void rf_kernel_response (const RfKernel *kernel, int plane, int side, float *magnitudes);

/* Reads a kernel as people write it: "0 -1 0; -1 5 -1; 0 -1 0" or lines (with | between planes),
 * fractions such as 1/9, NumPy's [[…], […]] or np.array(…), C's braces, with or without a
 * declaration before them and "/ 9" or "* 0.5" after them. Three planes read as per channel.
 * RF_ERROR_OPTION says line and column and what is wrong there, without naming an origin. */
gboolean rf_kernel_parse (RfKernel *kernel, const char *text, gssize length, GError **error);

typedef enum
{
  RF_KERNEL_TEXT,  /* lines of numbers, fractions where they are meant */
  RF_KERNEL_NUMPY, /* np.array([[…], …]) */
  RF_KERNEL_C,     /* { { …f, … }, … } */
} RfKernelFormat;

/* What rf_kernel_parse() reads; scale and bias are not in it. */
char *rf_kernel_format (const RfKernel *kernel, RfKernelFormat format);
/* A number as in a text: "1/9" where that is meant, else up to nine digits. */
char *rf_kernel_number_to_text (double number);
/* One number or fraction and nothing else, as typed into a cell. */
gboolean rf_kernel_parse_number (const char *text, double *number, GError **error);

G_END_DECLS
