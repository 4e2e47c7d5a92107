/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "model/features/survey.h"

#include "model/features/sample.h"

#include <math.h>
#include <string.h>

struct _RfSurvey
{
  RfSample sample;
  guint layer;
  int n_units;
  RfSurveyUnit *units;
  double *sums; /* [n_units, 2]: of values, and of those that are active, as shares of a map */
};

RfSurvey *
rf_survey_new (RfDataset *dataset, RfSplit split, gsize n, guint64 seed, guint layer)
{
  g_return_val_if_fail (dataset && split < RF_N_SPLITS, NULL);
  RfSurvey *self = g_new0 (RfSurvey, 1);
  rf_sample_init (&self->sample, dataset, split, n, seed);
  self->layer = layer;
  return self;
}

void
rf_survey_free (RfSurvey *self)
{
  if (!self)
    return;
  rf_sample_clear (&self->sample);
  g_free (self->units);
  g_free (self->sums);
  g_free (self);
}

/* Into its place among the best, if it has one. */
static void
offer (RfSurveyUnit *unit, RfSurveyHit hit)
{
  int at = unit->n_top;
  while (at > 0 && unit->top[at - 1].value < hit.value)
    at--;
  if (at == RF_SURVEY_TOP)
    return;
  unit->n_top = MIN (unit->n_top + 1, RF_SURVEY_TOP);
  memmove (unit->top + at + 1, unit->top + at,
           (gsize) (unit->n_top - 1 - at) * sizeof (RfSurveyHit));
  unit->top[at] = hit;
}

static void
take_map (RfSurvey *self, int index, const float *map, RfShape out, guint32 row)
{
  RfSurveyUnit *unit = &self->units[index];
  const gsize area = (gsize) out.height * (gsize) out.width;
  RfSurveyHit hit = { row, map[0], 0, 0 };
  double sum = 0;
  gsize active = 0, best = 0;
  for (gsize i = 0; i < area; i++)
    {
      sum += map[i];
      active += map[i] > 0;
      if (map[i] > map[best])
        best = i;
    }
  hit.value = map[best];
  hit.y = (gint16) (best / (gsize) out.width);
  hit.x = (gint16) (best % (gsize) out.width);
  unit->greatest = unit->n_top == 0 ? hit.value : fmaxf (unit->greatest, hit.value);
  self->sums[2 * index] += sum / (double) area;
  self->sums[2 * index + 1] += (double) active / (double) area;
  offer (unit, hit);
}

gboolean
rf_survey_step (RfSurvey *self, RfSpecimen *specimen)
{
  g_return_val_if_fail (self && specimen, TRUE);
  const RfNet *net = rf_specimen_get_net (specimen);
  g_return_val_if_fail (self->layer < net->layers->len, TRUE);
  const RfLayer *layer = net->layers->pdata[self->layer];
  const gsize out = RF_SHAPE_COUNT (layer->out);
  const gsize area = (gsize) layer->out.height * (gsize) layer->out.width;
  const int n = rf_sample_forward (&self->sample, specimen);
  if (n == 0)
    return TRUE;
  if (!self->units)
    {
      self->n_units = layer->out.channels;
      self->units = g_new0 (RfSurveyUnit, self->n_units);
      self->sums = g_new0 (double, 2 * (gsize) self->n_units);
    }
  for (int i = 0; i < n; i++)
    for (int unit = 0; unit < self->n_units; unit++)
      take_map (self, unit, layer->y + (gsize) i * out + (gsize) unit * area, layer->out,
                self->sample.rows[self->sample.done + (gsize) i]);
  self->sample.done += (gsize) n;
  for (int unit = 0; unit < self->n_units; unit++)
    {
      self->units[unit].mean = self->sums[2 * unit] / (double) self->sample.done;
      self->units[unit].active = self->sums[2 * unit + 1] / (double) self->sample.done;
    }
  return self->sample.done == self->sample.n;
}

double
rf_survey_get_progress (const RfSurvey *self)
{
  return rf_sample_get_progress (&self->sample);
}

int
rf_survey_count_units (const RfSurvey *self)
{
  return self->n_units;
}

const RfSurveyUnit *
rf_survey_get_unit (const RfSurvey *self, int unit)
{
  g_return_val_if_fail (unit >= 0 && unit < self->n_units, NULL);
  return &self->units[unit];
}

int
rf_survey_count_dead (const RfSurvey *self)
{
  int dead = 0;
  for (int unit = 0; unit < self->n_units; unit++)
    dead += !(self->units[unit].greatest > 0);
  return dead;
}

guint
rf_survey_get_layer (const RfSurvey *self)
{
  return self->layer;
}
