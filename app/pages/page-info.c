/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/pages/page-info.h"

#include <glib/gi18n-lib.h>

const RfPageInfo rf_page_infos[] = {
  { "filters", N_ ("Filters"), N_ ("See"), "rf-filters-symbolic", TRUE },
  { "lab", N_ ("Lab"), N_ ("Train"), "rf-lab-symbolic", FALSE },
  { "playground", N_ ("Playground"), N_ ("Train"), "rf-playground-symbolic", TRUE },
  { "features", N_ ("Features"), N_ ("Understand"), "rf-features-symbolic", FALSE },
  { NULL },
};
