/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text as a chain. What is read is written and read again as the same, and filters a small
 * picture, or is explained; a corner of the result is traced. */
#include "model/filter/chain.h"
#include "tests/fuzz/fuzz.h"

/* Padding may make a small picture large. */
#define MAX_PIXELS 20000

static gboolean
is_small (const RfChain *chain, RfShape picture)
{
  RfShape shapes[RF_CHAIN_MAX_STAGES];
  GError *error = NULL;
  const gboolean fits = rf_chain_shapes (chain, picture, shapes, &error);

  rf_fuzz_check (fits, error, "stages[");
  for (int i = 0; fits && i < chain->n_stages; i++)
    if ((gint64) shapes[i].height * shapes[i].width > MAX_PIXELS)
      return FALSE;
  return fits;
}

static void
check_run (const RfChain *chain)
{
  guint8 rgb[3 * 12 * 17];
  g_auto (RfChainResults) results = { 0 };
  const RfPixels picture = rf_pixels_rgb (rgb, 12, 17);
  GError *error = NULL;

  for (gsize i = 0; i < sizeof rgb; i++)
    rgb[i] = (guint8) (i * 37);
  if (!is_small (chain, picture.shape))
    return;
  const gboolean done = rf_chain_run (chain, &picture, 0, TRUE, &results, NULL, &error);
  rf_fuzz_check (done, error, "");
  RF_FUZZ_ASSERT (done);
  const int last = chain->n_stages - 1;
  const RfShape shape = results.shapes[last];
  g_autoptr (RfChainTrace) trace
      = rf_chain_trace (chain, &picture, &results, last, shape.channels - 1, shape.height - 1, 0);
  RF_FUZZ_ASSERT (trace->steps->len > 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  GError *error = NULL;
  g_autoptr (RfChain) chain = rf_chain_parse ((const char *) data, (gssize) size, "text", &error);

  rf_fuzz_check (chain != NULL, error, "text: ");
  if (!chain)
    return 0;
  g_autofree char *text = rf_chain_to_text (chain);
  error = NULL;
  g_autoptr (RfChain) again = rf_chain_parse (text, -1, "again", &error);
  rf_fuzz_check (again != NULL, error, "again: ");
  g_autofree char *second = rf_chain_to_text (again);
  RF_FUZZ_ASSERT (g_str_equal (text, second));
  check_run (chain);
  return 0;
}
