/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing: the header is padded with spaces to eight bytes, so that the data begin aligned. */
#include "model/safetensors/safetensors.h"

#include "model/base/files.h"

#include <jansson.h>
#include <string.h>

#define ALIGNMENT 8

/* Indices of the tensors by falling element size, in the order given where it is the same. */
static guint *
order_by_width (const RfTensor *tensors, guint n_tensors)
{
  guint *order = g_new (guint, n_tensors);
  guint n = 0;

  for (gsize width = ALIGNMENT; width > 0; width /= 2)
    for (guint i = 0; i < n_tensors; i++)
      if (rf_dtype_size (tensors[i].dtype) == width)
        order[n++] = i;
  g_assert (n == n_tensors);
  return order;
}

static gsize
count_elements (const RfTensor *tensor)
{
  gsize count = 1;

  for (guint i = 0; i < tensor->n_dims; i++)
    count *= tensor->dims[i];
  return count;
}

static void
append_quoted (GString *header, const char *text)
{
  json_t *json = json_string (text);
  char *quoted = json_dumps (json, JSON_ENCODE_ANY);

  g_assert (quoted != NULL);
  g_string_append (header, quoted);
  free (quoted);
  json_decref (json);
}

static void
append_metadata (GString *header, const char *const *metadata)
{
  g_string_append (header, "\"__metadata__\":{");
  for (guint i = 0; metadata[i]; i += 2)
    {
      if (i > 0)
        g_string_append_c (header, ',');
      append_quoted (header, metadata[i]);
      g_string_append_c (header, ':');
      append_quoted (header, metadata[i + 1]);
    }
  g_string_append_c (header, '}');
}

static void
append_tensor (GString *header, const RfTensor *tensor, gsize begin, gsize end)
{
  append_quoted (header, tensor->name);
  g_string_append_printf (header, ":{\"dtype\":\"%s\",\"shape\":[", rf_dtype_name (tensor->dtype));
  for (guint i = 0; i < tensor->n_dims; i++)
    g_string_append_printf (header, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", tensor->dims[i]);
  g_string_append_printf (header, "],\"data_offsets\":[%zu,%zu]}", begin, end);
}

gboolean
rf_safetensors_write (const char *path, const RfTensor *tensors, guint n_tensors,
                      const char *const *metadata, GError **error)
{
  g_autoptr (GString) header = g_string_new ("{");
  g_autofree guint *order = order_by_width (tensors, n_tensors);
  g_autofree RfChunk *chunks = g_new (RfChunk, n_tensors + 2);
  gsize n_chunks = 2, offset = 0;
  guint64 length;

  g_return_val_if_fail (path != NULL, FALSE);

  if (metadata)
    append_metadata (header, metadata);
  for (guint i = 0; i < n_tensors; i++)
    {
      const RfTensor *tensor = &tensors[order[i]];
      gsize size = count_elements (tensor) * rf_dtype_size (tensor->dtype);

      if (header->len > 1)
        g_string_append_c (header, ',');
      append_tensor (header, tensor, offset, offset + size);
      if (size > 0)
        chunks[n_chunks++] = (RfChunk){ tensor->data, size };
      offset += size;
    }
  g_string_append_c (header, '}');
  while (header->len % ALIGNMENT != 0)
    g_string_append_c (header, ' ');

  length = GUINT64_TO_LE ((guint64) header->len);
  chunks[0] = (RfChunk){ &length, sizeof length };
  chunks[1] = (RfChunk){ header->str, header->len };
  return rf_file_write (path, chunks, n_chunks, error);
}
