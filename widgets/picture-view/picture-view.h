/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A picture to look into: zoomed by the wheel about the pointer, moved by dragging, its pixels
 * squares as soon as they are larger than the screen's. Several views of one viewport zoom and move
 * together, though their pictures be of different sizes.
 *
 * With the focus: arrow keys move the pixel that is pointed at (with Control ten at a time), Shift
 * and arrows the view, + and − zoom, 0 shows all. Return or a click chooses the pixel. */

#include "widgets/picture-view/raster.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What part is on show: @zoom times as large as would fit, about a middle in parts of the picture.
 * Signal "changed". */
#define RF_TYPE_VIEWPORT (rf_viewport_get_type ())
G_DECLARE_FINAL_TYPE (RfViewport, rf_viewport, RF, VIEWPORT, GObject)

RfViewport *rf_viewport_new (void);
void rf_viewport_set (RfViewport *viewport, double zoom, double x, double y);
double rf_viewport_get_zoom (RfViewport *viewport);

typedef enum
{
  RF_MARK_WINDOW,   /* under the kernel */
  RF_MARK_FIELD,    /* what a pixel depends on */
  RF_MARK_PIXEL,    /* a single one */
  RF_MARK_IMAGINED, /* beyond the border: filled, with a faint line */
} RfMarkKind;

/* In pixels of the picture; may lie beyond it. */
typedef struct
{
  RfMarkKind kind;
  double top, left, bottom, right;
  guint32 fill; /* 0xrrggbb of what is imagined */
} RfPictureMark;

#define RF_TYPE_PICTURE_VIEW (rf_picture_view_get_type ())
G_DECLARE_FINAL_TYPE (RfPictureView, rf_picture_view, RF, PICTURE_VIEW, GtkWidget)

/* Signals "pointed" and "chosen" (int y, int x); pointed with -1, -1 when the pointer leaves. Label
 * and description for assistive technology are the caller's. */
GtkWidget *rf_picture_view_new (RfViewport *viewport);
/* @raster (NULL: none) stands for a picture of @width × @height, of which it may be a smaller copy.
 */
void rf_picture_view_set_raster (RfPictureView *view, RfRaster *raster, int width, int height);
void rf_picture_view_set_marks (RfPictureView *view, const RfPictureMark *marks, int n);
/* It stands in a page that scrolls: the wheel does not zoom unless the view has the focus. */
void rf_picture_view_set_in_page (RfPictureView *view, gboolean in_page);
RfRaster *rf_picture_view_get_raster (RfPictureView *view);
int rf_picture_view_get_n_marks (RfPictureView *view);
/* Where a pixel's upper left corner is in the widget, and how large a pixel is. */
double rf_picture_view_locate (RfPictureView *view, double pixel_y, double pixel_x, double *y,
                               double *x);
/* Moves the viewport so that a pixel is on show; not at all where it is already. */
void rf_picture_view_reveal (RfPictureView *view, int y, int x);
/* A scale at which a picture fits, whole where it is enlarged. */
double rf_picture_view_fit (int width, int height, double room_x, double room_y, double device);

G_END_DECLS
