/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a safetensors file: what is accepted can be read to its last element. */
#include "model/safetensors/safetensors.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  GError *error = NULL;
  g_autoptr (RfSafetensors) file = rf_safetensors_parse (data, size, "memory", &error);
  gsize n_bytes = 0;

  rf_fuzz_check (file != NULL, error, "memory: ");
  for (guint i = 0; file && i < rf_safetensors_count (file); i++)
    {
      const RfTensor *tensor = rf_safetensors_nth (file, i);
      g_autofree float *floats = g_new (float, tensor->count);
      g_autofree gint64 *integers = g_new (gint64, tensor->count);
      GError *no_floats = NULL, *no_integers = NULL;
      gboolean is_float = rf_tensor_to_floats (tensor, "memory", floats, &no_floats);
      gboolean is_integer = rf_tensor_to_int64 (tensor, "memory", integers, &no_integers);

      RF_FUZZ_ASSERT (rf_safetensors_find (file, tensor->name) == tensor);
      RF_FUZZ_ASSERT (tensor->count * rf_dtype_size (tensor->dtype) == tensor->size);
      RF_FUZZ_ASSERT (!(is_float && is_integer));
      rf_fuzz_check (is_float, no_floats, "memory: ");
      rf_fuzz_check (is_integer, no_integers, "memory: ");
      n_bytes += tensor->size;
    }
  RF_FUZZ_ASSERT (n_bytes <= size);
  return 0;
}
