/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The bench's inside, shared by feature-bench.c (the object, the network, what is looked at),
 * feature-open.c (networks from files), feature-picture.c (where pictures come from),
 * feature-units.c (what units do) and feature-edit.c (kernels painted over). */

#include "app/features/feature-bench.h"
#include "app/features/feature-units.h"
#include "app/features/study-job.h"

G_BEGIN_DECLS

struct _RfFeatureBench
{
  GObject parent_instance;

  RfSession *session; /* not owned */
  GSignalGroup *run_signals;
  RfInsideFeed *feed;
  guint holds;
  gboolean begun;  /* somebody has looked */
  gboolean chosen; /* a network was chosen by a person */

  RfFeatureNet *net;
  char *path;
  guint n_loading, newest_net, newest_picture;

  RfFeatureInput *input;
  RfView *view;
  RfFeatureInput *seen; /* the picture that it is of */
  RfFilters *filters;
  guint layer;
  int unit, y, x;
  gboolean picks; /* a unit, as soon as something is seen */

  GPtrArray *edits; /* of RfFilterEdit *, in force; or NULL */
  guint generation; /* of the network */

  RfStudyJob *survey_job, *importance_job;
  RfUnitSurvey *survey;
  double surveyed;
  gboolean wants_importance;
  float *importance; /* of the chosen layer's units, or NULL */
};

/* feature-bench.c */
void rf_feature_bench_tell (RfFeatureBench *self, const char *signal);
void rf_feature_bench_fail (RfFeatureBench *self, const char *message);
void rf_feature_bench_count_loading (RfFeatureBench *self, int by);
/* Takes over @net, whose replica the feed has. */
void rf_feature_bench_begin_with (RfFeatureBench *self, RfFeatureNet *net);

/* feature-open.c: as rf_feature_bench_open_net(), but nobody has chosen it. */
void rf_feature_bench_load_net (RfFeatureBench *self, const char *path);

/* feature-picture.c: a picture to begin with. */
void rf_feature_bench_show_first (RfFeatureBench *self);

/* feature-units.c */
void rf_feature_bench_survey (RfFeatureBench *self);
void rf_feature_bench_weigh_units (RfFeatureBench *self, gboolean keep);
void rf_feature_bench_forget_units (RfFeatureBench *self);

/* feature-edit.c */
void rf_feature_bench_forget_edits (RfFeatureBench *self);

G_END_DECLS
