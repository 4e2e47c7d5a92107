/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The colours of numbers: the same value has the same colour in every picture of the program.
 *
 * RF_PALETTE_DIVERGING is for what has a sign: blue below zero, orange above, and the nearer to
 * zero, the whiter. RF_PALETTE_MAGNITUDE is for what begins at zero: from dark violet over green to
 * yellow. RF_PALETTE_GREY is for pictures and for filters shown as pictures. Steps of equal size
 * look equally large, in each of them. Blue and orange stay apart with every usual deficiency of
 * colour vision, and values of the same size are equally light, so that without any colour the size
 * is left.
 *
 * The colours are those of the light and of the dark window alike: a filter looks the same on a
 * projector, in print and in the dark, and zero stays light. As its white and the ends are neither
 * a light nor a dark window's background, a thin frame is all that a picture needs. What is not a
 * number is magenta, which no palette has. */

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RF_PALETTE_DIVERGING,
  RF_PALETTE_MAGNITUDE,
  RF_PALETTE_GREY,
  RF_N_PALETTES
} RfPalette;

#define RF_PALETTE_SIZE         256
#define RF_PALETTE_ZERO         128         /* the entry of the diverging palette for zero */
#define RF_PALETTE_NOT_A_NUMBER 0xffd6009eu /* as the entries */

/* RF_PALETTE_SIZE entries, ARGB32 as Cairo has it (native endian; opaque, thus premultiplied). The
 * diverging one is symmetric: entry 128 + i is for i 127ths of the range, and entry 0 repeats entry
 * 1. */
const guint32 *rf_palette_get (RfPalette palette);

/* A palette laid over the values from @low to @high: beyond them the colour is that of the end. */
typedef struct
{
  RfPalette palette;
  double low, high; /* low < high; −high for the diverging palette */
} RfPaletteRange;

guint32 rf_palette_color (const RfPaletteRange *range, double value);
/* The same for @n values. */
void rf_palette_colors (const RfPaletteRange *range, const float *values, gsize n, guint32 *colors);

/* Smallest and largest of @n values, leaving out what is not finite; both 0 if there are none. */
void rf_palette_extent (const float *values, gsize n, float *smallest, float *largest);

/* The range for values from @smallest to @largest, seen after others for which it was @before (low
 * = high = 0: after none). Its end is a round number, and stays as long as values reach half as
 * far, so that a legend can be read while values change. It is diverging from the first negative
 * value on. */
RfPaletteRange rf_palette_settle (const RfPaletteRange *before, double smallest, double largest);

G_END_DECLS
