/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weights from and to files, and from network to network. */
#include "model/net/net-private.h"

#include "model/base/error.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* "[32, 3, 3, 3]". */
static char *
dims_to_text (guint n_dims, const gint64 *dims)
{
  GString *text = g_string_new ("[");
  for (guint i = 0; i < n_dims; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i ? ", " : "", dims[i]);
  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

static gboolean
check_tensor (const RfParam *param, const RfTensor *tensor, const char *origin, GError **error)
{
  g_autofree char *expected = dims_to_text (param->n_dims, param->dims);
  if (!tensor)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_MISSING,
                   _ ("%s: tensor \"%s\" is missing; the network expects F32 %s"), origin,
                   param->name, expected);
      return FALSE;
    }
  gboolean same = tensor->n_dims == param->n_dims;
  for (guint i = 0; same && i < param->n_dims; i++)
    same = tensor->dims[i] == param->dims[i];
  if (!same)
    {
      g_autofree char *found = dims_to_text (tensor->n_dims, tensor->dims);
      g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
                   _ ("%s: tensor \"%s\" has shape %s; the network expects %s"), origin,
                   param->name, found, expected);
      return FALSE;
    }
  if (tensor->dtype != RF_DTYPE_F32 && tensor->dtype != RF_DTYPE_F16
      && tensor->dtype != RF_DTYPE_BF16)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                   _ ("%s: tensor \"%s\" has dtype %s; expected F32, F16 or BF16"), origin,
                   param->name, rf_dtype_name (tensor->dtype));
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_all (const RfNet *net, const RfSafetensors *file, GError **error)
{
  const char *origin = rf_safetensors_origin (file);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < net->n_params; i++)
    {
      const RfParam *param = &net->params[i];
      if (!check_tensor (param, rf_safetensors_find (file, param->name), origin, error))
        return FALSE;
      g_hash_table_add (known, param->name);
    }
  for (guint i = 0; i < rf_safetensors_count (file); i++)
    {
      const RfTensor *tensor = rf_safetensors_nth (file, i);
      if (g_hash_table_contains (known, tensor->name)
          || g_str_has_suffix (tensor->name, ".num_batches_tracked"))
        continue;
      g_autofree char *found = dims_to_text (tensor->n_dims, tensor->dims);
      g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
                   _ ("%s: tensor \"%s\" (%s %s) has no place in the network, which has %u tensors "
                      "from \"%s\" to \"%s\""),
                   origin, tensor->name, rf_dtype_name (tensor->dtype), found, net->n_params,
                   net->n_params ? net->params[0].name : "",
                   net->n_params ? net->params[net->n_params - 1].name : "");
      return FALSE;
    }
  return TRUE;
}

gboolean
rf_net_load (RfNet *net, const RfSafetensors *file, GError **error)
{
  g_return_val_if_fail (net->weights != NULL, FALSE);
  if (!check_all (net, file, error))
    return FALSE;
  for (guint i = 0; i < net->n_params; i++)
    {
      const RfTensor *tensor = rf_safetensors_find (file, net->params[i].name);
      if (!rf_tensor_to_floats (tensor, rf_safetensors_origin (file),
                                rf_net_values (net, &net->params[i]), error))
        return FALSE;
    }
  rf_net_take_classes (net, file);
  return TRUE;
}

gboolean
rf_net_load_file (RfNet *net, const char *path, GError **error)
{
  g_autoptr (RfSafetensors) file = rf_safetensors_open (path, error);
  return file && rf_net_load (net, file, error);
}

/* Converts a parameter to half floats; one beyond their range would silently become infinite. */
static gboolean
to_halves (const RfParam *param, const float *values, guint16 *halves, GError **error)
{
  for (gsize i = 0; i < param->count; i++)
    {
      halves[i] = rf_half_from_float (values[i]);
      if (isfinite (values[i]) && !isfinite (rf_float_from_half (halves[i])))
        {
          g_set_error (error, RF_ERROR, RF_ERROR_UNSUPPORTED,
                       _ ("tensor \"%s\" holds %g, but F16 ends at 65504; write F32 instead"),
                       param->name, values[i]);
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
rf_net_save (const RfNet *net, const char *path, RfDtype dtype, GError **error)
{
  g_return_val_if_fail (net->weights != NULL, FALSE);
  g_return_val_if_fail (dtype == RF_DTYPE_F32 || dtype == RF_DTYPE_F16, FALSE);
  g_autofree guint16 *halves
      = dtype == RF_DTYPE_F16 ? g_new (guint16, net->n_weights + net->n_buffers) : NULL;
  g_autofree RfTensor *tensors = g_new0 (RfTensor, net->n_params);
  guint16 *next = halves;
  for (guint i = 0; i < net->n_params; i++)
    {
      const RfParam *param = &net->params[i];
      RfTensor *tensor = &tensors[i];
      tensor->name = param->name;
      tensor->dtype = dtype;
      tensor->n_dims = param->n_dims;
      for (guint j = 0; j < param->n_dims; j++)
        tensor->dims[j] = param->dims[j];
      tensor->count = param->count;
      tensor->size = param->count * rf_dtype_size (dtype);
      tensor->data = rf_net_values (net, param);
      if (halves)
        {
          if (!to_halves (param, tensor->data, next, error))
            return FALSE;
          tensor->data = next;
          next += param->count;
        }
    }
  return rf_net_write_tensors (net, path, tensors, net->n_params, error);
}

void
rf_net_copy_values (const RfNet *from, RfNet *to)
{
  g_return_if_fail (from->n_weights == to->n_weights && from->n_buffers == to->n_buffers);
  memcpy (to->weights, from->weights, from->n_weights * sizeof (float));
  memcpy (to->buffers, from->buffers, from->n_buffers * sizeof (float));
}
