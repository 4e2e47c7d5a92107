/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/layers/rate.h"
#include "model/base/files.h"
#include "model/base/random.h"

#include <string.h>

const RfOption rf_rate_options[] = {
  { .name = "rate",
    .kind = RF_OPTION_NUMBER,
    .flags = RF_OPTION_REQUIRED | RF_OPTION_LIVE,
    .offset = G_STRUCT_OFFSET (RfRateConfig, rate),
    .maximum = 1,
    .title = N_ ("Dropout"),
    .summary = N_ ("Share that is set to zero at random in each training step; the rest is "
                   "multiplied by 1/(1 - rate). More of it holds back learning by heart") },
  { NULL },
};

char *
rf_rate_describe (const void *data)
{
  const RfRateConfig *config = data;
  GString *text = g_string_new (NULL);
  rf_append_number (text, config->rate);
  return g_string_free (text, FALSE);
}

void
rf_rate_pytorch (const RfLayer *layer, const char *name, GString *out)
{
  const RfRateConfig *config = layer->config;
  g_string_append_printf (out, "%s(", name);
  rf_append_number (out, config->rate);
  g_string_append_c (out, ')');
}

float
rf_rate_of (const RfLayer *layer, const RfPass *pass)
{
  const RfRateConfig *config = layer->config;
  return pass->training ? (float) config->rate : 0;
}

RfMaskKey
rf_rate_mask_key (const RfLayer *layer, const RfPass *pass)
{
  RfRandom random
      = rf_random (pass->seed, RF_RANDOM_DROPOUT, (guint64) pass->step, (guint64) layer->index);
  RfMaskKey key;
  memcpy (key.key, random.key, sizeof key.key);
  memcpy (key.counter, random.counter + 1, sizeof key.counter);
  return key;
}
