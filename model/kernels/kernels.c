/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The choice of a path: by name from the environment, or the best that the processor has. */

#include "model/kernels/kernels.h"

#include <pthread.h>

#include "model/kernels/reference.h"

extern const RfKernels rf_kernels_plain;
#ifdef __x86_64__
extern const RfKernels rf_kernels_avx2;
extern const RfKernels rf_kernels_avx512;
#endif

static const char *const names[] = {
  [RF_KERNELS_REFERENCE] = "reference",
  [RF_KERNELS_PLAIN] = "plain",
  [RF_KERNELS_AVX2] = "avx2",
  [RF_KERNELS_AVX512] = "avx512",
};

static RfKernelPath chosen;
static pthread_once_t chosen_once = PTHREAD_ONCE_INIT;

gboolean
rf_kernels_path_available (RfKernelPath path)
{
  switch (path)
    {
    case RF_KERNELS_REFERENCE:
    case RF_KERNELS_PLAIN:
      return TRUE;
#ifdef __x86_64__
    case RF_KERNELS_AVX2:
      return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma");
    case RF_KERNELS_AVX512:
      return __builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512dq")
             && __builtin_cpu_supports ("avx512bw") && __builtin_cpu_supports ("avx512vl")
             && __builtin_cpu_supports ("fma");
#endif
    default:
      return FALSE;
    }
}

static void
choose (void)
{
  const char *wanted = g_getenv ("RECEPTIVE_KERNELS");
  RfKernelPath best = RF_KERNELS_AVX512;

  while (!rf_kernels_path_available (best))
    best--;
  chosen = best;
  if (wanted == NULL || *wanted == '\0' || g_str_equal (wanted, "auto"))
    return;

  for (RfKernelPath path = RF_KERNELS_REFERENCE; path <= RF_KERNELS_AVX512; path++)
    if (g_str_equal (wanted, names[path]) && rf_kernels_path_available (path))
      {
        chosen = path;
        return;
      }
  g_printerr ("RECEPTIVE_KERNELS=%s: this processor has no such kernels; taking %s\n", wanted,
              names[best]);
}

RfKernelPath
rf_kernels_path (void)
{
  pthread_once (&chosen_once, choose);
  return chosen;
}

const char *
rf_kernels_path_name (RfKernelPath path)
{
  g_return_val_if_fail (path < G_N_ELEMENTS (names), NULL);
  return names[path];
}

const RfKernels *
rf_kernels_get (RfKernelPath path)
{
  g_return_val_if_fail (rf_kernels_path_available (path), &rf_kernels_plain);

  switch (path)
    {
    case RF_KERNELS_REFERENCE:
      return &rf_kernels_reference;
#ifdef __x86_64__
    case RF_KERNELS_AVX2:
      return &rf_kernels_avx2;
    case RF_KERNELS_AVX512:
      return &rf_kernels_avx512;
#endif
    default:
      return &rf_kernels_plain;
    }
}
