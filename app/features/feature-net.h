/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A network to look into, with what is known of its data. */

#include "model/run/run.h"

G_BEGIN_DECLS

typedef struct
{
  char *title;              /* for people */
  RfRun *run;               /* that trains it; NULL: nobody does */
  RfExperiment *experiment; /* its recipe */
  char *weights;            /* a file, or NULL: those of the run, or of the seed */
  RfDataset *dataset;       /* NULL: not here */
  char *absent;             /* why not, or NULL */
  RfShape input;
  int n_classes;
  char **classes; /* [n_classes], NULL-terminated; numbers where the names are not known */
  gboolean pictures;
  double mean[RF_MAX_CHANNELS],
      deviation[RF_MAX_CHANNELS]; /* 0 and 1 where nothing is normalised */
} RfFeatureNet;

/* From the network of a run. */
RfFeatureNet *rf_feature_net_from_run (RfRun *run);
/* From a file: a run folder (or one of rf_feature_net_list()), an experiment, or weights of @base's
 * network, which is NULL if there is none. Its data set is read where it is found, first in
 * @data_folder (NULL: none). May take seconds: any thread. */
RfFeatureNet *rf_feature_net_load (const char *path, RfExperiment *base, RfShape base_input,
                                   const char *data_folder, GError **error);
void rf_feature_net_free (RfFeatureNet *net);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfFeatureNet, rf_feature_net_free)

/* Folders of the trained networks that come with the program, NULL-terminated: those in
 * $RECEPTIVE_PRETRAINED, else where it is installed. */
char **rf_feature_net_list (void);

/* What black (0) and white (1) are for the network, [channels] each; FALSE where it does not see
 * pictures. */
gboolean rf_feature_net_get_bounds (const RfFeatureNet *net, float *low, float *high);
/* Planar bytes as its input [channels, height, width]. */
void rf_feature_net_normalize (const RfFeatureNet *net, const guint8 *bytes, float *out);
const char *rf_feature_net_name_class (const RfFeatureNet *net, int klass);

G_END_DECLS
