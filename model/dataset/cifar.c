/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/dataset/cifar.h"

#include <glib/gi18n-lib.h>
#include <stdint.h>

#include "model/base/error.h"

const char *const rf_cifar_class_names[] = {
  "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck", NULL,
};

static RfCifar *
cifar_new (RfStream *stream, GError **error)
{
  if (!stream)
    return NULL;
  g_autoptr (RfCifar) cifar = g_new0 (RfCifar, 1);
  cifar->stream = stream;

  guint64 size = rf_stream_bound (stream);
  if (size == 0 || size % RF_CIFAR_RECORD != 0)
    {
      g_set_error (
          error, RF_ERROR, RF_ERROR_FORMAT,
          size ? _ (
              "%s: is not a CIFAR-10 batch: its size, %ju bytes, is no multiple of a record's %d")
               : _ ("%s: is not a CIFAR-10 batch: it has %ju bytes, and a record takes %d"),
          rf_stream_origin (stream), (uintmax_t) size, RF_CIFAR_RECORD);
      return NULL;
    }
  cifar->n = size / RF_CIFAR_RECORD;
  return g_steal_pointer (&cifar);
}

RfCifar *
rf_cifar_open (const char *path, GError **error)
{
  return cifar_new (rf_stream_open (path, RF_STREAM_AS_IS, error), error);
}

RfCifar *
rf_cifar_parse (const void *data, gsize size, const char *origin, GError **error)
{
  return cifar_new (rf_stream_new (data, size, origin, RF_STREAM_AS_IS), error);
}

void
rf_cifar_free (RfCifar *cifar)
{
  if (!cifar)
    return;
  rf_stream_free (cifar->stream);
  g_free (cifar);
}

gboolean
rf_cifar_read (RfCifar *cifar, guint8 *pixels, gint32 *labels, GError **error)
{
  g_return_val_if_fail (cifar != NULL && pixels != NULL && labels != NULL, FALSE);

  for (gsize i = 0; i < cifar->n; i++)
    {
      guint8 label;
      gsize n_label, n_pixels = 0;
      if (!rf_stream_read (cifar->stream, &label, 1, &n_label, error)
          || !rf_stream_read (cifar->stream, pixels + i * RF_CIFAR_PIXELS, RF_CIFAR_PIXELS,
                              &n_pixels, error))
        return FALSE;
      g_assert (n_label == 1 && n_pixels == RF_CIFAR_PIXELS);
      if (label >= RF_CIFAR_CLASSES)
        {
          g_set_error (
              error, RF_ERROR, RF_ERROR_FORMAT,
              _ ("%s: the label of record %zu of %zu is %u; CIFAR-10 has the classes 0 to 9"),
              rf_stream_origin (cifar->stream), i, cifar->n, label);
          return FALSE;
        }
      labels[i] = label;
    }
  return rf_stream_expect_end (cifar->stream, error);
}
