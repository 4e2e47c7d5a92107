/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The safetensors container: 8 bytes of header length, a JSON header, the tensors end to end.
 * https://huggingface.co/docs/safetensors. Everything that a header can claim is checked before it
 * is believed: overlaps, gaps, products that wrap, duplicate keys, deep nesting, names not in
 * UTF-8. */

#include <glib.h>

G_BEGIN_DECLS

#define RF_TENSOR_MAX_DIMS 8

typedef enum
{
  RF_DTYPE_BOOL,
  RF_DTYPE_U8,
  RF_DTYPE_I8,
  RF_DTYPE_I16,
  RF_DTYPE_U16,
  RF_DTYPE_F16,
  RF_DTYPE_BF16,
  RF_DTYPE_I32,
  RF_DTYPE_U32,
  RF_DTYPE_F32,
  RF_DTYPE_F64,
  RF_DTYPE_I64,
  RF_DTYPE_U64,
} RfDtype;

const char *rf_dtype_name (RfDtype dtype);
gsize rf_dtype_size (RfDtype dtype);

typedef struct
{
  char *name;
  RfDtype dtype;
  guint n_dims;
  gint64 dims[RF_TENSOR_MAX_DIMS];
  gsize count; /* product of dims; 1 without dims */
  /* Little endian; inside the file's mapping, where it may lie unaligned, or the writer's memory.
   */
  const void *data;
  gsize size; /* bytes */
} RfTensor;

typedef struct _RfSafetensors RfSafetensors;

/* Maps a file. The tensors live as long as the result. */
RfSafetensors *rf_safetensors_open (const char *path, GError **error);
/* The same over memory that the caller keeps; @origin names it in messages. */
RfSafetensors *rf_safetensors_parse (const void *data, gsize size, const char *origin,
                                     GError **error);
void rf_safetensors_free (RfSafetensors *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfSafetensors, rf_safetensors_free)

/* Tensors in the order of their data. */
guint rf_safetensors_count (const RfSafetensors *file);
const RfTensor *rf_safetensors_nth (const RfSafetensors *file, guint n);
const RfTensor *rf_safetensors_find (const RfSafetensors *file, const char *name);
const char *rf_safetensors_origin (const RfSafetensors *file);
/* Value of a string in __metadata__, or NULL. */
const char *rf_safetensors_metadata (const RfSafetensors *file, const char *key);

/* Converts F32, F16, BF16 or F64 to floats; any other dtype is an error that names the tensor. */
gboolean rf_tensor_to_floats (const RfTensor *tensor, const char *origin, float *out,
                              GError **error);
/* Converts any integer dtype, and BOOL. */
gboolean rf_tensor_to_int64 (const RfTensor *tensor, const char *origin, gint64 *out,
                             GError **error);

/* Writes the tensors (names, dtypes, dims, data of each filled in) atomically: in the order given,
 * but wider elements first, so that each tensor lies aligned in a mapping, as the reference
 * implementation has it. @metadata: NULL or alternating keys and values, NULL-terminated. */
gboolean rf_safetensors_write (const char *path, const RfTensor *tensors, guint n_tensors,
                               const char *const *metadata, GError **error);

/* Half floats (IEEE 754 binary16), rounded to nearest even; subnormals, infinities and NaN kept. */
guint16 rf_half_from_float (float value);
float rf_float_from_half (guint16 half);

G_END_DECLS
