/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A picture to be filtered: bytes for the filter, a raster for the screen, and a small copy that is
 * filtered while the large one takes its time. Immutable, counted by references. */

#include "model/dataset/dataset.h"
#include "model/dataset/image.h"
#include "model/filter/filter.h"
#include "model/filter/samples.h"
#include "widgets/picture-view/raster.h"

G_BEGIN_DECLS

typedef struct
{
  gatomicrefcount references;
  char *title;      /* for people */
  char *sample;     /* name of the sample, or NULL */
  RfPixels pixels;  /* RGB bytes, interleaved */
  RfPixels preview; /* the same, or a smaller copy of at most RF_FILTER_PREVIEW_PIXELS */
  RfRaster *raster;
  /*< private >*/
  GDestroyNotify free_owner;
  gpointer owner;
  guint8 *preview_bytes; /* NULL where the preview is the picture */
} RfFilterPicture;

#define RF_FILTER_PREVIEW_PIXELS (320 * 1024)

/* All of these may take some tenths of a second: not for the main thread. @rgb is interleaved and
 * taken over. NULL where a side is too long for the screen or memory does not suffice. */
RfFilterPicture *rf_filter_picture_new (guint8 *rgb, int width, int height, const char *title,
                                        GError **error);
RfFilterPicture *rf_filter_picture_load (const char *path, GError **error);
/* @data: a PNG, JPEG or GIF file. */
RfFilterPicture *rf_filter_picture_parse (GBytes *data, const char *title, GError **error);
RfFilterPicture *rf_filter_picture_draw (const RfSample *sample, int width, int height,
                                         GError **error);
/* A row of a data set: one channel becomes grey, of more than three the first three are taken. */
RfFilterPicture *rf_filter_picture_from_row (const RfDataset *dataset, guint32 row,
                                             const char *title, GError **error);

RfFilterPicture *rf_filter_picture_ref (RfFilterPicture *picture);
void rf_filter_picture_unref (RfFilterPicture *picture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfFilterPicture, rf_filter_picture_unref)

G_END_DECLS
