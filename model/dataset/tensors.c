/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `images` and `labels` of a safetensors file. U8 images are pictures; floats are used as they are.
 */
#include "model/dataset/build.h"

#include <glib/gi18n-lib.h>
#include <stdint.h>
#include <string.h>

#include "model/base/error.h"
#include "model/safetensors/safetensors.h"

static const RfTensor *
find_tensor (const RfSafetensors *file, const char *name, const char *what, guint n_dims,
             GError **error)
{
  const RfTensor *tensor = rf_safetensors_find (file, name);
  if (!tensor)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_MISSING,
                   _ ("%s: has no tensor “%s”; a data set has images [N, C, H, W] and labels [N]"),
                   rf_safetensors_origin (file), name);
      return NULL;
    }
  gboolean fits = tensor->n_dims == n_dims && tensor->count > 0;
  for (guint i = 0; i < tensor->n_dims && fits; i++)
    fits = tensor->dims[i] <= G_MAXINT32;
  if (!fits)
    {
      g_autoptr (GString) dims = g_string_new (NULL);
      for (guint i = 0; i < tensor->n_dims; i++)
        g_string_append_printf (dims, "%s%" G_GINT64_FORMAT, i ? ", " : "", tensor->dims[i]);
      g_set_error (error, RF_ERROR, RF_ERROR_SHAPE, _ ("%s: “%s” has the shape [%s], not %s"),
                   rf_safetensors_origin (file), name, dims->str, what);
      return NULL;
    }
  return tensor;
}

static gboolean
check_labels (const gint64 *labels, gsize n, const char *origin, gint *n_classes, GError **error)
{
  gint64 largest = 0;
  for (gsize i = 0; i < n; i++)
    {
      if (labels[i] < 0 || labels[i] >= RF_DATASET_MAX_CLASSES)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                       _ ("%s: label %zu of %zu is %jd; labels are 0 to %d"), origin, i, n,
                       (intmax_t) labels[i], RF_DATASET_MAX_CLASSES - 1);
          return FALSE;
        }
      largest = MAX (largest, labels[i]);
    }
  *n_classes = (gint) largest + 1;
  return TRUE;
}

RfDataset *
rf_dataset_load_tensors (const char *path, GError **error)
{
  g_autoptr (RfSafetensors) file = rf_safetensors_open (path, error);
  if (!file)
    return NULL;
  const RfTensor *images = find_tensor (file, "images", "[N, C, H, W]", 4, error);
  const RfTensor *labels = images ? find_tensor (file, "labels", "[N]", 1, error) : NULL;
  if (!labels)
    return NULL;
  gsize n = (gsize) images->dims[0];
  if (labels->count != n)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _ ("%s: has %zu images and %zu labels"), path,
                   n, labels->count);
      return NULL;
    }

  gint n_classes;
  g_autofree gint64 *values = g_new (gint64, n);
  if (!rf_tensor_to_int64 (labels, path, values, error)
      || !check_labels (values, n, path, &n_classes, error))
    return NULL;

  gboolean pictures = images->dtype == RF_DTYPE_U8;
  RfShape shape = { (gint) images->dims[1], (gint) images->dims[2], (gint) images->dims[3] };
  g_autofree char *title = rf_dataset_title_of (path);
  g_autoptr (RfDataset) dataset
      = rf_dataset_new (title, shape, n_classes, NULL, n, pictures, error);
  if (!dataset)
    return NULL;
  if (pictures)
    memcpy (dataset->bytes, images->data, images->size);
  else if (!rf_tensor_to_floats (images, path, dataset->floats, error))
    return NULL;
  for (gsize i = 0; i < n; i++)
    dataset->labels[i] = (gint32) values[i];
  rf_dataset_add_rows (dataset, RF_SPLIT_TRAIN, 0, n);
  return g_steal_pointer (&dataset);
}
