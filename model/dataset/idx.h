/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* IDX, the format of MNIST (yann.lecun.com/exdb/mnist): two zero bytes, the type of an element, the
 * number of dimensions, each dimension as 32 bits big-endian, the elements. Unsigned bytes with one
 * to four dimensions are read, gzipped or not: [n] labels, [n, h, w] pictures, [n, c, h, w]. */

#include "model/dataset/stream.h"

G_BEGIN_DECLS

#define RF_IDX_MAX_DIMS 4

typedef struct
{
  guint n_dims;
  gsize dims[RF_IDX_MAX_DIMS];
  gsize count; /* product of dims, at least 1 and at most what the file can hold */
  /*< private >*/
  RfStream *stream;
} RfIdx;

/* Reads and checks the header. The file is known then to be large enough for its elements, or,
 * where it is gzipped, not too small by more than deflate could pack. */
RfIdx *rf_idx_open (const char *path, GError **error);
/* The same over memory that the caller keeps; @origin names it in messages. */
RfIdx *rf_idx_parse (const void *data, gsize size, const char *origin, GError **error);
void rf_idx_free (RfIdx *idx);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfIdx, rf_idx_free)

const char *rf_idx_origin (const RfIdx *idx);

/* Reads all the elements, once, into out [count], and makes sure that the file ends there. */
gboolean rf_idx_read (RfIdx *idx, guint8 *out, GError **error);

/* Labels of a file with one dimension, each below @n_classes. */
gboolean rf_idx_read_labels (RfIdx *idx, gint n_classes, gint32 *out, GError **error);

G_END_DECLS
