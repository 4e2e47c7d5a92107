/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A safetensors file held against its header: the tensors must tile the data exactly, in some
 * order, and each must have the size that its dtype and shape give. */
#include "model/safetensors/safetensors.h"

#include "model/base/error.h"
#include "model/base/memory.h"
#include "model/safetensors/header.h"
#include "model/spec/json.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LENGTH_BYTES 8
/* As in the reference implementation. */
#define MAX_HEADER (100 * 1000 * 1000)

struct _RfSafetensors
{
  char *origin;
  GMappedFile *map; /* NULL over the caller's memory */
  GArray *entries;  /* of RfTensorEntry, by offset */
  GHashTable *by_name;
  GHashTable *metadata;
};

static void
clear_entry (RfTensorEntry *entry)
{
  g_free (entry->tensor.name);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const RfTensorEntry *left = a, *right = b;

  if (left->begin != right->begin)
    return left->begin < right->begin ? -1 : 1;
  return left->end < right->end ? -1 : left->end > right->end;
}

static gboolean
check_size (RfTensorEntry *entry, GError **error)
{
  RfTensor *tensor = &entry->tensor;
  g_autofree char *name = rf_text_for_message (tensor->name);

  if (entry->begin > entry->end)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                   _ ("tensor \"%s\": its data begin at byte %ju, after their end at %ju"), name,
                   (uintmax_t) entry->begin, (uintmax_t) entry->end);
      return FALSE;
    }

  tensor->count = 1;
  for (guint i = 0; i < tensor->n_dims; i++)
    if (!g_size_checked_mul (&tensor->count, tensor->count, (guint64) tensor->dims[i]))
      {
        g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                     _ ("tensor \"%s\": its shape has more elements than can be counted"), name);
        return FALSE;
      }
  if (!g_size_checked_mul (&tensor->size, tensor->count, rf_dtype_size (tensor->dtype))
      || tensor->size != entry->end - entry->begin)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                   _ ("tensor \"%s\": %zu elements of %s do not take the %ju bytes that it claims"),
                   name, tensor->count, rf_dtype_name (tensor->dtype),
                   (uintmax_t) (entry->end - entry->begin));
      return FALSE;
    }
  return TRUE;
}

/* The entries, sorted by offset, must cover the bytes from 0 to @size once each. */
static gboolean
check_tiling (const GArray *entries, gsize size, GError **error)
{
  guint64 covered = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      const RfTensorEntry *entry = &g_array_index (entries, RfTensorEntry, i);
      g_autofree char *name = rf_text_for_message (entry->tensor.name);

      if (entry->end > size)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                       _ ("tensor \"%s\": its data end at byte %ju, but the file has only %zu"),
                       name, (uintmax_t) entry->end, size);
          return FALSE;
        }
      if (entry->begin < covered)
        {
          g_autofree char *other = rf_text_for_message (entry[-1].tensor.name);
          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                       _ ("tensor \"%s\": its data overlap those of \"%s\""), name, other);
          return FALSE;
        }
      if (entry->begin > covered)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                       _ ("tensor \"%s\": the bytes from %ju to %ju before it belong to no tensor"),
                       name, (uintmax_t) covered, (uintmax_t) entry->begin);
          return FALSE;
        }
      covered = entry->end;
    }
  if (covered != size)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                   _ ("the tensors end at byte %ju, but the file has %zu bytes of data"),
                   (uintmax_t) covered, size);
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_file (RfSafetensors *file, const char *bytes, gsize size, GError **error)
{
  guint64 header;

  if (size < LENGTH_BYTES)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                   _ ("not a safetensors file: it has %zu bytes, less than the %d of its header's "
                      "length"),
                   size, LENGTH_BYTES);
      return FALSE;
    }
  memcpy (&header, bytes, LENGTH_BYTES);
  header = GUINT64_FROM_LE (header);
  if (header > size - LENGTH_BYTES)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                   _ ("not a safetensors file: its header claims %ju bytes, but only %zu follow"),
                   (uintmax_t) header, size - LENGTH_BYTES);
      return FALSE;
    }
  if (header > MAX_HEADER)
    {
      g_autofree char *most = rf_format_bytes (MAX_HEADER);
      g_set_error (error, RF_ERROR, RF_ERROR_UNSUPPORTED,
                   _ ("its header of %ju bytes is longer than %s"), (uintmax_t) header, most);
      return FALSE;
    }
  if (!rf_safetensors_read_header (bytes + LENGTH_BYTES, header, file->entries, file->metadata,
                                   error))
    return FALSE;

  const char *data = bytes + LENGTH_BYTES + header;
  for (guint i = 0; i < file->entries->len; i++)
    if (!check_size (&g_array_index (file->entries, RfTensorEntry, i), error))
      return FALSE;
  g_array_sort (file->entries, compare_entries);
  if (!check_tiling (file->entries, size - LENGTH_BYTES - header, error))
    return FALSE;
  for (guint i = 0; i < file->entries->len; i++)
    {
      RfTensorEntry *entry = &g_array_index (file->entries, RfTensorEntry, i);
      entry->tensor.data = data + entry->begin;
      g_hash_table_insert (file->by_name, entry->tensor.name, &entry->tensor);
    }
  return TRUE;
}

RfSafetensors *
rf_safetensors_parse (const void *data, gsize size, const char *origin, GError **error)
{
  g_autoptr (RfSafetensors) file = g_new0 (RfSafetensors, 1);

  g_return_val_if_fail (data != NULL || size == 0, NULL);
  g_return_val_if_fail (origin != NULL, NULL);

  file->origin = g_strdup (origin);
  file->entries = g_array_new (FALSE, FALSE, sizeof (RfTensorEntry));
  g_array_set_clear_func (file->entries, (GDestroyNotify) clear_entry);
  file->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  file->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (!read_file (file, data, size, error))
    {
      g_prefix_error (error, "%s: ", origin);
      return NULL;
    }
  return g_steal_pointer (&file);
}

/* Maps a regular file; a pipe would block and a device has no end. */
static GMappedFile *
map_file (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  struct stat info;
  GMappedFile *map = NULL;
  g_autoptr (GError) local = NULL;
  const char *why = NULL;

  if (fd < 0 || fstat (fd, &info) != 0)
    why = g_strerror (errno);
  else if (!S_ISREG (info.st_mode))
    why = _ ("it is not a file");
  else if ((map = g_mapped_file_new_from_fd (fd, FALSE, &local)) == NULL)
    why = local->message;
  if (fd >= 0)
    close (fd);
  if (map == NULL)
    g_set_error (error, RF_ERROR, RF_ERROR_MISSING, _ ("%s: it could not be read: %s"), path, why);
  return map;
}

RfSafetensors *
rf_safetensors_open (const char *path, GError **error)
{
  GMappedFile *map;
  RfSafetensors *file;

  g_return_val_if_fail (path != NULL, NULL);

  map = map_file (path, error);
  if (map == NULL)
    return NULL;
  file = rf_safetensors_parse (g_mapped_file_get_contents (map), g_mapped_file_get_length (map),
                               path, error);
  if (file)
    file->map = map;
  else
    g_mapped_file_unref (map);
  return file;
}

void
rf_safetensors_free (RfSafetensors *file)
{
  if (file == NULL)
    return;
  g_hash_table_unref (file->by_name);
  g_hash_table_unref (file->metadata);
  g_array_unref (file->entries);
  g_clear_pointer (&file->map, g_mapped_file_unref);
  g_free (file->origin);
  g_free (file);
}

guint
rf_safetensors_count (const RfSafetensors *file)
{
  return file->entries->len;
}

const RfTensor *
rf_safetensors_nth (const RfSafetensors *file, guint n)
{
  g_return_val_if_fail (n < file->entries->len, NULL);

  return &g_array_index (file->entries, RfTensorEntry, n).tensor;
}

const RfTensor *
rf_safetensors_find (const RfSafetensors *file, const char *name)
{
  return g_hash_table_lookup (file->by_name, name);
}

const char *
rf_safetensors_origin (const RfSafetensors *file)
{
  return file->origin;
}

const char *
rf_safetensors_metadata (const RfSafetensors *file, const char *key)
{
  return g_hash_table_lookup (file->metadata, key);
}
