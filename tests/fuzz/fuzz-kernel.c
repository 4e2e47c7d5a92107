/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text as a kernel or the name of one. What is read is sound, and reads the same once written
 * in each format; its rank and factors agree. */
#include "model/filter/presets.h"
#include "tests/fuzz/fuzz.h"

static void
check_format (const RfKernel *kernel, RfKernelFormat format)
{
  g_autofree char *text = rf_kernel_format (kernel, format);
  GError *error = NULL;
  RfKernel again;
  const gboolean read = rf_kernel_parse (&again, text, -1, &error);

  rf_fuzz_check (read, error, "");
  g_autofree char *second = rf_kernel_format (&again, format);
  RF_FUZZ_ASSERT (g_str_equal (text, second));
  RF_FUZZ_ASSERT (again.height == kernel->height && again.width == kernel->width);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  GError *error = NULL;
  RfKernel kernel, other;
  const gboolean read = rf_preset_parse (text, &kernel, NULL, NULL, &error);

  rf_fuzz_check (read, error, "");
  /* Bytes that are no text are refused too. */
  error = NULL;
  const gboolean also = rf_kernel_parse (&other, (const char *) data, (gssize) size, &error);
  rf_fuzz_check (also, error, "");
  if (!read)
    return 0;

  RF_FUZZ_ASSERT (rf_kernel_check (&kernel, NULL));
  for (RfKernelFormat format = RF_KERNEL_TEXT; format <= RF_KERNEL_C; format++)
    check_format (&kernel, format);
  double column[RF_KERNEL_MAX_SIDE], row[RF_KERNEL_MAX_SIDE];
  const int rank = rf_kernel_rank (&kernel, 0);
  RF_FUZZ_ASSERT (rank <= MIN (kernel.height, kernel.width));
  if (rf_kernel_factor (&kernel, 0, column, row))
    RF_FUZZ_ASSERT (rank >= 1);
  return 0;
}
