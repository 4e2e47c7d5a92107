/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/inside-feed.h"
#include "app/panes/inside/inside-layers.h"
#include "app/panes/inside/inside-pane.h"
#include "widgets/picture/bars.h"
#include "widgets/picture/map-panel.h"
#include "widgets/picture/picture.h"

G_BEGIN_DECLS

struct _RfInsidePane
{
  RfPane parent_instance;

  RfInsideFeed *feed;
  RfSplit split;
  guint picture, layer; /* layer: G_MAXUINT if there is none */
  guint n_pictures, n_layers;
  RfInsideLayers *layers;
  gint64 step;       /* on show; -1: nothing */
  gint64 told;       /* when it was last said */
  gboolean choosing; /* the list follows, it does not lead */

  GdkSurface *surface; /* while mapped */

  gint64 search_begun;
  guint search_id;

  GtkStack *stack;
  GtkLabel *picture_title, *step_label, *answer_label, *verdict_label, *count_label;
  GtkEntry *index_entry;
  GtkLabel *mistake_label, *filters_label, *no_filters_label, *maps_title;
  GtkWidget *mistake_button, *search_spinner, *search_progress;
  RfPicture *image;
  RfBars *bars;
  RfMapPanel *filters, *maps;
  GtkDropDown *layer_drop;
};

RfRun *rf_inside_pane_get_run (RfInsidePane *self);
const RfDataset *rf_inside_pane_get_dataset (RfInsidePane *self);
/* Class of the picture. */
int rf_inside_pane_get_truth (RfInsidePane *self);

/* inside-picture.c: which picture, by name or by being a mistake. */
void rf_inside_pane_install_choice (GtkWidgetClass *widget_class);
void rf_inside_pane_init_choice (RfInsidePane *self);
void rf_inside_pane_show_picture (RfInsidePane *self);
void rf_inside_pane_enable_choice (RfInsidePane *self, gboolean enabled);

/* inside-seen.c: whether the pane is seen. */
void rf_inside_pane_watch_surface (RfInsidePane *self);
void rf_inside_pane_unwatch_surface (RfInsidePane *self);

G_END_DECLS
