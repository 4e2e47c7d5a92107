/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text as an experiment, and behind a zero byte a change as of --set. What is accepted is
 * written and read again as the same, its live options take their own values, and its network is
 * found sound or explained. */
#include "model/experiment/experiment.h"
#include "model/net/net.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void
set_same (const RfOptionPlace *place, gpointer data)
{
  RfExperiment *copy = data;

  if (place->option->flags & RF_OPTION_LIVE)
    RF_FUZZ_ASSERT (
        rf_experiment_set_live (copy, place->path, rf_spec_get (place->spec, place->option), NULL));
}

static void
check_experiment (RfExperiment *experiment)
{
  g_autoptr (RfExperiment) copy = rf_experiment_copy (experiment);
  g_autoptr (GPtrArray) changes = NULL;
  g_autofree char *text = rf_experiment_to_text (experiment, TRUE);
  GError *error = NULL;
  g_autoptr (RfExperiment) again = rf_experiment_parse (text, -1, "again", "/folder", NULL, &error);

  rf_fuzz_check (again != NULL, error, "again: ");
  g_autofree char *reread = rf_experiment_to_text (again, TRUE);
  RF_FUZZ_ASSERT (g_str_equal (text, reread));

  rf_experiment_foreach_option (experiment, set_same, copy);
  changes = rf_experiment_diff_live (experiment, copy);
  RF_FUZZ_ASSERT (changes->len == 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  const guint8 *zero = size > 0 ? memchr (data, 0, size) : NULL;
  gsize length = zero ? (gsize) (zero - data) : size;
  g_autofree char *text = g_strndup ((const char *) data, length);
  g_autofree char *change = zero ? g_strndup ((const char *) zero + 1, size - length - 1) : NULL;
  const char *overrides[] = { change, NULL };
  GError *error = NULL;
  g_autoptr (RfExperiment) experiment
      = rf_experiment_parse (text, length, "text", "/folder", overrides, &error);

  rf_fuzz_check (experiment != NULL, error, "text: ");
  if (experiment == NULL)
    return 0;
  check_experiment (experiment);

  error = NULL;
  g_autoptr (RfNet) net
      = rf_net_new (experiment, (RfShape){ 3, 32, 32 }, RF_KERNELS_REFERENCE, &error);
  rf_fuzz_check (net != NULL, error, "");
  return 0;
}
