/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Element types and their conversion. Elements are read by memcpy, because a file need not align
 * them, and turned from little endian. */
#include "model/safetensors/safetensors.h"

#include "model/base/error.h"
#include "model/spec/json.h"

#include <glib/gi18n-lib.h>
#include <stdint.h>
#include <string.h>

static const struct
{
  const char *name;
  gsize size;
} dtypes[] = {
  [RF_DTYPE_BOOL] = { "BOOL", 1 }, [RF_DTYPE_U8] = { "U8", 1 },   [RF_DTYPE_I8] = { "I8", 1 },
  [RF_DTYPE_I16] = { "I16", 2 },   [RF_DTYPE_U16] = { "U16", 2 }, [RF_DTYPE_F16] = { "F16", 2 },
  [RF_DTYPE_BF16] = { "BF16", 2 }, [RF_DTYPE_I32] = { "I32", 4 }, [RF_DTYPE_U32] = { "U32", 4 },
  [RF_DTYPE_F32] = { "F32", 4 },   [RF_DTYPE_F64] = { "F64", 8 }, [RF_DTYPE_I64] = { "I64", 8 },
  [RF_DTYPE_U64] = { "U64", 8 },
};

const char *
rf_dtype_name (RfDtype dtype)
{
  return dtypes[dtype].name;
}

gsize
rf_dtype_size (RfDtype dtype)
{
  return dtypes[dtype].size;
}

static guint16
load16 (const guint8 *bytes)
{
  guint16 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT16_FROM_LE (value);
}

static guint32
load32 (const guint8 *bytes)
{
  guint32 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT32_FROM_LE (value);
}

static guint64
load64 (const guint8 *bytes)
{
  guint64 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT64_FROM_LE (value);
}

static float
float_from_bits (guint32 bits)
{
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

static double
double_from_bits (guint64 bits)
{
  double value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

static void
set_dtype_error (const RfTensor *tensor, const char *origin, const char *expected, GError **error)
{
  g_autofree char *name = rf_text_for_message (tensor->name);

  g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _ ("%s: tensor \"%s\" is %s, expected %s"), origin,
               name, rf_dtype_name (tensor->dtype), expected);
}

gboolean
rf_tensor_to_floats (const RfTensor *tensor, const char *origin, float *out, GError **error)
{
  const guint8 *bytes = tensor->data;
  gsize n = tensor->count;

  switch ((int) tensor->dtype)
    {
    case RF_DTYPE_F32:
      for (gsize i = 0; i < n; i++)
        out[i] = float_from_bits (load32 (bytes + 4 * i));
      return TRUE;
    case RF_DTYPE_F64:
      for (gsize i = 0; i < n; i++)
        out[i] = (float) double_from_bits (load64 (bytes + 8 * i));
      return TRUE;
    case RF_DTYPE_F16:
      for (gsize i = 0; i < n; i++)
        out[i] = rf_float_from_half (load16 (bytes + 2 * i));
      return TRUE;
    case RF_DTYPE_BF16: /* the upper half of a float */
      for (gsize i = 0; i < n; i++)
        out[i] = float_from_bits ((guint32) load16 (bytes + 2 * i) << 16);
      return TRUE;
    default:
      set_dtype_error (tensor, origin, "F32, F16, BF16 or F64", error);
      return FALSE;
    }
}

gboolean
rf_tensor_to_int64 (const RfTensor *tensor, const char *origin, gint64 *out, GError **error)
{
  const guint8 *bytes = tensor->data;
  gsize n = tensor->count;

  switch ((int) tensor->dtype)
    {
    case RF_DTYPE_BOOL:
    case RF_DTYPE_U8:
      for (gsize i = 0; i < n; i++)
        out[i] = bytes[i];
      return TRUE;
    case RF_DTYPE_I8:
      for (gsize i = 0; i < n; i++)
        out[i] = (gint8) bytes[i];
      return TRUE;
    case RF_DTYPE_U16:
      for (gsize i = 0; i < n; i++)
        out[i] = load16 (bytes + 2 * i);
      return TRUE;
    case RF_DTYPE_I16:
      for (gsize i = 0; i < n; i++)
        out[i] = (gint16) load16 (bytes + 2 * i);
      return TRUE;
    case RF_DTYPE_U32:
      for (gsize i = 0; i < n; i++)
        out[i] = load32 (bytes + 4 * i);
      return TRUE;
    case RF_DTYPE_I32:
      for (gsize i = 0; i < n; i++)
        out[i] = (gint32) load32 (bytes + 4 * i);
      return TRUE;
    case RF_DTYPE_I64:
      for (gsize i = 0; i < n; i++)
        out[i] = (gint64) load64 (bytes + 8 * i);
      return TRUE;
    case RF_DTYPE_U64:
      for (gsize i = 0; i < n; i++)
        {
          guint64 value = load64 (bytes + 8 * i);
          if (value > G_MAXINT64)
            {
              g_autofree char *name = rf_text_for_message (tensor->name);
              g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                           _ ("%s: tensor \"%s\", element %zu: %ju is beyond 63 bits"), origin,
                           name, i, (uintmax_t) value);
              return FALSE;
            }
          out[i] = value;
        }
      return TRUE;
    default:
      set_dtype_error (tensor, origin, _ ("whole numbers such as I64"), error);
      return FALSE;
    }
}

/* --- Half floats: 1 sign bit, 5 of exponent with bias 15, 10 of fraction --------------------- */

guint16
rf_half_from_float (float value)
{
  guint32 bits, magnitude, mantissa, half, shift, rest;
  guint16 sign;

  memcpy (&bits, &value, sizeof bits);
  sign = bits >> 16 & 0x8000;
  magnitude = bits & 0x7FFFFFFF;

  if (magnitude > 0x7F800000) /* NaN, made quiet, with the upper bits of its payload */
    return sign | 0x7E00 | (magnitude >> 13 & 0x03FF);
  if (magnitude >= 0x47800000) /* 65536 and above, infinity */
    return sign | 0x7C00;
  if (magnitude < 0x33000000) /* below half of the smallest subnormal, 2^-25 */
    return sign;

  if (magnitude >= 0x38800000) /* normal: from 2^-14 on; the exponent is rebiased by 112 */
    {
      shift = 13;
      mantissa = magnitude - (112U << 23);
    }
  else /* subnormal: the fraction, with its hidden one, counts 2^-24 */
    {
      shift = 126 - (magnitude >> 23);
      mantissa = (magnitude & 0x007FFFFF) | 0x00800000;
    }
  half = mantissa >> shift;
  rest = mantissa & ((1U << shift) - 1);
  /* A carry out of the fraction goes up into the exponent, and from 65520 on to infinity. */
  if (rest > 1U << (shift - 1) || (rest == 1U << (shift - 1) && half & 1))
    half++;
  return sign | half;
}

float
rf_float_from_half (guint16 half)
{
  guint32 sign = (guint32) (half & 0x8000) << 16;
  guint32 exponent = half >> 10 & 0x1F, fraction = half & 0x03FF;

  if (exponent == 0x1F)
    return float_from_bits (sign | 0x7F800000 | fraction << 13);
  if (exponent == 0)
    return (sign ? -1 : 1) * (float) fraction * 0x1p-24f;
  return float_from_bits (sign | (exponent + 112) << 23 | fraction << 13);
}
