/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text as a recorded session, if it begins with a brace, or else as a link. What is accepted
 * can be trained and looked at; a link is written and read again as the same. */
#include "model/playground/link.h"
#include "model/playground/playground.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void
check_session (RfPlayground *playground)
{
  RfPlayWeights weights;
  g_autoptr (RfPlayground) copy = rf_playground_copy (playground);
  rf_playground_train (copy, RF_PLAYGROUND_POINT, 13);
  rf_play_net_sum_weights (copy->net, &weights);
  RF_FUZZ_ASSERT (weights.dead <= weights.weights);
  /* All points of a link's would take most of the time. */
  g_autofree char *explanation = copy->train->n < 100 ? rf_playground_explain (copy) : NULL;
  RF_FUZZ_ASSERT (!explanation || g_utf8_validate (explanation, -1, NULL));
}

static void
check_remarks (const GPtrArray *remarks)
{
  for (guint i = 0; i < remarks->len; i++)
    {
      RF_FUZZ_ASSERT (g_utf8_validate (remarks->pdata[i], -1, NULL));
      RF_FUZZ_ASSERT (strchr (remarks->pdata[i], '\n') == NULL);
    }
}

static void
check_link (const char *text)
{
  g_autoptr (GPtrArray) remarks = g_ptr_array_new_with_free_func (g_free);
  g_auto (RfPlayState) state = { 0 }, again = { 0 };
  GError *error = NULL;
  rf_play_state_init (&state);
  rf_play_state_init (&again);
  const gboolean ok = rf_play_link_read (text, &state, NULL, remarks, &error);
  rf_fuzz_check (ok, error, "networkShape: ");
  check_remarks (remarks);
  if (!ok)
    return;

  g_autofree char *link = rf_play_link_write (&state);
  RF_FUZZ_ASSERT (rf_play_link_read (link, &again, NULL, NULL, NULL));
  g_autofree char *reread = rf_play_link_write (&again);
  RF_FUZZ_ASSERT (g_str_equal (link, reread));
  g_autoptr (RfPlayground) playground = rf_playground_new (&state);
  check_session (playground);
}

static void
check_file (const char *text, gsize length)
{
  g_autoptr (GPtrArray) remarks = g_ptr_array_new_with_free_func (g_free);
  GError *error = NULL;
  g_autoptr (RfPlayground) playground = rf_playground_parse (text, length, "file", remarks, &error);
  rf_fuzz_check (playground != NULL, error, "file: ");
  check_remarks (remarks);
  if (playground)
    check_session (playground);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  if (text[0] == '{')
    check_file (text, size);
  else
    check_link (text);
  return 0;
}
