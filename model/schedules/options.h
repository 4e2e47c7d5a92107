/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The row that every schedule's option table has. Include <glib/gi18n-lib.h> after this. */

#include "model/spec/spec.h"

#define RF_SCHEDULE_WARMUP(Config)                                                                 \
  {                                                                                                \
    "warmup_steps", RF_OPTION_INT, RF_OPTION_PLAIN, G_STRUCT_OFFSET (Config, warmup_steps), 0, 0,  \
        1e9, NULL, N_ ("Warm-up steps"),                                                           \
        N_ ("The learning rate rises in a straight line over this many first steps")               \
  }
