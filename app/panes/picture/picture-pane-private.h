/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/filters/filter-bench.h"
#include "app/panes/picture/picture-pane.h"
#include "widgets/picture-view/picture-view.h"
#include "widgets/picture-view/twin-box.h"
#include "widgets/plot/legend.h"

G_BEGIN_DECLS

struct _RfPicturePane
{
  RfPane parent_instance;

  RfFilterBench *bench;
  RfViewport *viewport;
  RfTwinBox *twins;
  RfPictureView *input, *output;
  GtkLabel *input_title, *output_title, *problem, *status;
  GtkWidget *display, *channel, *which, *spinner;
  RfLegend *legend;
  GtkWindow *pad; /* weak: the drawing pad, while it is open */
};

/* picture-sources.c: where pictures come from. */
void rf_picture_pane_init_sources (RfPicturePane *self);
GMenuModel *rf_picture_pane_make_menu (void);
extern const GActionEntry rf_picture_pane_actions[];
extern const int rf_picture_pane_n_actions;

/* picture-marks.c: what the followed pixel depends on, on both pictures. */
void rf_picture_pane_show_marks (RfPicturePane *self);

G_END_DECLS
