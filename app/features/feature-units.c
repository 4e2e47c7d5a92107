/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/features/feature-units.h"

#include "app/features/feature-bench-private.h"
#include "model/features/importance.h"

#define SEED 1 /* of the order of the pictures */

/* ---- the survey ---- */

typedef struct
{
  RfDataset *dataset;
  RfSplit split;
  guint layer;
  RfSurvey *survey;
} Survey;

static void
survey_free (gpointer data)
{
  RfUnitSurvey *survey = data;
  g_free (survey->units);
  g_free (survey);
}

/* Other weights: from the beginning. */
static gboolean
step_survey (gpointer data, RfSpecimen *specimen, gboolean renewed, GError **error)
{
  Survey *self = data;
  if (renewed)
    {
      g_clear_pointer (&self->survey, rf_survey_free);
      self->survey
          = rf_survey_new (self->dataset, self->split, RF_UNIT_PICTURES, SEED, self->layer);
    }
  return rf_survey_step (self->survey, specimen);
}

static double
survey_progress (gpointer data)
{
  return rf_survey_get_progress (((Survey *) data)->survey);
}

/* Half a survey calls units dead that are not. */
static gpointer
snap_survey (gpointer data)
{
  const Survey *self = data;
  if (!self->survey || rf_survey_get_progress (self->survey) < 1)
    return NULL;
  RfUnitSurvey *copy = g_new0 (RfUnitSurvey, 1);
  copy->layer = self->layer;
  copy->n_units = rf_survey_count_units (self->survey);
  copy->n_dead = rf_survey_count_dead (self->survey);
  copy->n_pictures = (int) MIN (RF_UNIT_PICTURES, self->dataset->splits[self->split].n);
  copy->units = g_new (RfSurveyUnit, copy->n_units);
  for (int i = 0; i < copy->n_units; i++)
    copy->units[i] = *rf_survey_get_unit (self->survey, i);
  return copy;
}

static void
free_survey_study (gpointer data)
{
  Survey *self = data;
  g_clear_pointer (&self->survey, rf_survey_free);
  rf_dataset_unref (self->dataset);
  g_free (self);
}

static const RfStudyClass survey_class
    = { step_survey, survey_progress, snap_survey, survey_free, free_survey_study };

static void
show_survey (gpointer snapshot, double progress, gboolean over, const char *message, gpointer data)
{
  RfFeatureBench *self = data;
  self->surveyed = over ? -1 : progress;
  if (message)
    rf_feature_bench_fail (self, message);
  if (snapshot)
    {
      g_clear_pointer (&self->survey, survey_free);
      self->survey = g_memdup2 (snapshot, sizeof *self->survey);
      self->survey->units
          = g_memdup2 (self->survey->units, sizeof (RfSurveyUnit) * (gsize) self->survey->n_units);
    }
  rf_feature_bench_tell (self, "survey");
}

static gboolean
trains (RfFeatureBench *self)
{
  return self->net->run && rf_run_get_state (self->net->run) == RF_TRAINER_RUNNING;
}

void
rf_feature_bench_survey (RfFeatureBench *self)
{
  RfSplit split;
  g_clear_pointer (&self->survey_job, rf_study_job_stop);
  g_clear_pointer (&self->survey, survey_free);
  self->surveyed = -1;
  if (self->net && self->layer != G_MAXUINT && !trains (self)
      && rf_feature_bench_count_rows (self, &split) > 0)
    {
      Survey *study = g_new0 (Survey, 1);
      study->dataset = rf_dataset_ref (self->net->dataset);
      study->split = split;
      study->layer = self->layer;
      self->surveyed = 0;
      self->survey_job = rf_study_job_start (rf_feature_bench_get_replica (self), RF_STUDY_UNITS,
                                             &survey_class, study, show_survey, self);
    }
  rf_feature_bench_tell (self, "survey");
}

const RfUnitSurvey *
rf_feature_bench_get_survey (RfFeatureBench *self)
{
  g_return_val_if_fail (RF_IS_FEATURE_BENCH (self), NULL);
  return self->survey && self->survey->layer == self->layer ? self->survey : NULL;
}

double
rf_feature_bench_get_surveyed (RfFeatureBench *self)
{
  g_return_val_if_fail (RF_IS_FEATURE_BENCH (self), -1);
  return self->surveyed;
}

/* ---- importance ---- */

typedef struct
{
  RfFeatureInput *input;
  guint layer;
  int klass;
  int n;
  float *values;
} Importance;

static gboolean
step_importance (gpointer data, RfSpecimen *specimen, gboolean renewed, GError **error)
{
  Importance *self = data;
  const RfLayer *layer = rf_specimen_get_net (specimen)->layers->pdata[self->layer];
  rf_importance (specimen, self->input->values, layer, self->klass, self->values);
  return TRUE;
}

static double
importance_progress (gpointer data)
{
  return 0;
}

static gpointer
snap_importance (gpointer data)
{
  const Importance *self = data;
  return g_memdup2 (self->values, (gsize) self->n * sizeof (float));
}

static void
free_importance (gpointer data)
{
  Importance *self = data;
  rf_feature_input_unref (self->input);
  g_free (self->values);
  g_free (self);
}

static const RfStudyClass importance_class
    = { step_importance, importance_progress, snap_importance, g_free, free_importance };

static void
show_importance (gpointer snapshot, double progress, gboolean over, const char *message,
                 gpointer data)
{
  RfFeatureBench *self = data;
  if (!snapshot)
    return;
  const RfNet *net = rf_feature_bench_get_layers (self);
  const RfLayer *layer = net->layers->pdata[self->layer];
  g_free (self->importance);
  self->importance = g_memdup2 (snapshot, (gsize) layer->out.channels * sizeof (float));
  rf_feature_bench_tell (self, "importance");
}

/* @keep: what is known may stay until the new is there. */
void
rf_feature_bench_weigh_units (RfFeatureBench *self, gboolean keep)
{
  const RfNet *net = rf_feature_bench_get_layers (self);
  const int answer = rf_feature_bench_get_answer (self);
  g_clear_pointer (&self->importance_job, rf_study_job_stop);
  if (!keep)
    g_clear_pointer (&self->importance, g_free);
  if (!self->wants_importance || !net || !self->input || self->layer == G_MAXUINT || answer < 0)
    return;
  Importance *study = g_new0 (Importance, 1);
  study->input = rf_feature_input_ref (self->input);
  study->layer = self->layer;
  study->klass = answer;
  study->n = ((const RfLayer *) net->layers->pdata[self->layer])->out.channels;
  study->values = g_new0 (float, study->n);
  self->importance_job
      = rf_study_job_start (rf_feature_bench_get_replica (self), RF_STUDY_IMPORTANCE,
                            &importance_class, study, show_importance, self);
}

void
rf_feature_bench_want_importance (RfFeatureBench *self, gboolean wanted)
{
  g_return_if_fail (RF_IS_FEATURE_BENCH (self));
  if (wanted == self->wants_importance)
    return;
  self->wants_importance = wanted;
  rf_feature_bench_weigh_units (self, FALSE);
}

const float *
rf_feature_bench_get_importance (RfFeatureBench *self)
{
  g_return_val_if_fail (RF_IS_FEATURE_BENCH (self), NULL);
  return self->importance;
}

void
rf_feature_bench_forget_units (RfFeatureBench *self)
{
  g_clear_pointer (&self->survey_job, rf_study_job_stop);
  g_clear_pointer (&self->importance_job, rf_study_job_stop);
  g_clear_pointer (&self->survey, survey_free);
  g_clear_pointer (&self->importance, g_free);
  self->surveyed = -1;
}
