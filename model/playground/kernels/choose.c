/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The loops of a network for each kernel path. */

#include "model/playground/kernels.h"

extern const RfPlayKernels rf_play_kernels_plain;
#ifdef __x86_64__
extern const RfPlayKernels rf_play_kernels_avx2;
extern const RfPlayKernels rf_play_kernels_avx512;
#endif

const RfPlayKernels *
rf_play_kernels_get (RfKernelPath path)
{
  g_return_val_if_fail (rf_kernels_path_available (path), &rf_play_kernels_plain);

  switch (path)
    {
    case RF_KERNELS_REFERENCE:
      return &rf_play_kernels_reference;
#ifdef __x86_64__
    case RF_KERNELS_AVX2:
      return &rf_play_kernels_avx2;
    case RF_KERNELS_AVX512:
      return &rf_play_kernels_avx512;
#endif
    default:
      return &rf_play_kernels_plain;
    }
}
