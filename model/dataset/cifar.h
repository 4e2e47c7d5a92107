/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Batches of CIFAR-10's binary version (www.cs.toronto.edu/~kriz/cifar.html): records of 3073 bytes
 * end to end without a header, each a label and 3 × 32 × 32 pixels, planar. */

#include "model/dataset/stream.h"

G_BEGIN_DECLS

#define RF_CIFAR_CLASSES 10
#define RF_CIFAR_PIXELS  (3 * 32 * 32)
#define RF_CIFAR_RECORD  (1 + RF_CIFAR_PIXELS)

/* The published names, in the order of the labels; NULL-terminated. */
extern const char *const rf_cifar_class_names[];

typedef struct
{
  gsize n; /* records, at least 1 */
  /*< private >*/
  RfStream *stream;
} RfCifar;

/* Opens a batch, whose size must be a number of whole records. */
RfCifar *rf_cifar_open (const char *path, GError **error);
/* The same over memory that the caller keeps; @origin names it in messages. */
RfCifar *rf_cifar_parse (const void *data, gsize size, const char *origin, GError **error);
void rf_cifar_free (RfCifar *cifar);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfCifar, rf_cifar_free)

/* Reads all records, once: pixels [n, 3, 32, 32] and labels [n], each below RF_CIFAR_CLASSES. */
gboolean rf_cifar_read (RfCifar *cifar, guint8 *pixels, gint32 *labels, GError **error);

G_END_DECLS
