/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What layers do over many pictures, against one look at each. */

#include "model/features/harvest.h"
#include "model/features/survey.h"

#include <math.h>
#include <string.h>

#define N     40
#define UNITS 5

static RfDataset *
load_shapes (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RfExperiment) experiment = rf_experiment_parse (
      "{\"receptive\": 1, \"name\": \"test\", \"dataset\": {\"id\": \"shapes\", \"limit\": 50},"
      "\"network\": {\"layers\": [{\"type\": \"flatten\"}, {\"type\": \"linear\", \"units\": "
      "10}]}, "
      "\"training\": {\"optimizer\": {\"type\": \"sgd\", \"learning_rate\": 0.05}}}",
      -1, "test", ".", NULL, &error);
  g_assert_no_error (error);
  const char *const folders[] = { NULL };
  RfDataset *dataset
      = rf_dataset_load (&experiment->dataset, (RfShape){ 0 }, folders, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return dataset;
}

static RfSpecimen *
new_shapes_specimen (const RfDataset *dataset)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RfExperiment) experiment = rf_experiment_parse (
      "{\"receptive\": 1, \"name\": \"test\", \"dataset\": {\"id\": \"shapes\"}, \"network\": "
      "{\"layers\": [{\"type\": \"conv2d\", \"filters\": 5, \"kernel\": 3, \"stride\": 2}, "
      "{\"type\": \"relu\"}, {\"type\": \"global_avgpool\"}, {\"type\": \"linear\", \"units\": "
      "10}]}, "
      "\"training\": {\"optimizer\": {\"type\": \"sgd\", \"learning_rate\": 0.05}}}",
      -1, "test", ".", NULL, &error);
  g_assert_no_error (error);
  RfSpecimen *specimen = rf_specimen_new (experiment, dataset->shape, rf_kernels_path (), &error);
  g_assert_no_error (error);
  /* One unit that is never active. */
  rf_layer_values (rf_specimen_get_net (specimen)->layers->pdata[0], 1)[3] = -1000;
  return specimen;
}

/* What a survey should find: every picture, one at a time. */
typedef struct
{
  guint32 row;
  float value;
} Best;

static int
compare_best (const void *a, const void *b)
{
  const float x = ((const Best *) a)->value, y = ((const Best *) b)->value;
  return x > y ? -1 : x < y;
}

static void
check_hits (const RfSurveyUnit *unit, Best *best, const float *maps, gsize area, int width)
{
  qsort (best, N, sizeof (Best), compare_best);
  g_assert_cmpint (unit->n_top, ==, RF_SURVEY_TOP);
  for (int i = 0; i < RF_SURVEY_TOP; i++)
    {
      const RfSurveyHit *hit = &unit->top[i];
      g_assert_cmpfloat_with_epsilon (hit->value, best[i].value, 1e-5);
      g_assert_cmpfloat_with_epsilon (maps[hit->row * area + (gsize) (hit->y * width + hit->x)],
                                      hit->value, 1e-5);
    }
  g_assert_cmpfloat (unit->greatest, ==, unit->top[0].value);
}

static void
check_unit (const RfSurveyUnit *unit, const guint32 *rows, const float *maps, const RfLayer *layer)
{
  const gsize area = (gsize) layer->out.height * (gsize) layer->out.width;
  Best best[N];
  double sum = 0, active = 0;
  for (int i = 0; i < N; i++)
    {
      best[i] = (Best){ rows[i], -INFINITY };
      for (gsize j = 0; j < area; j++)
        {
          const float value = maps[rows[i] * area + j];
          sum += value;
          active += value > 0;
          best[i].value = fmaxf (best[i].value, value);
        }
    }
  g_assert_cmpfloat_with_epsilon (unit->mean, sum / (N * (double) area), 1e-5);
  g_assert_cmpfloat_with_epsilon (unit->active, active / (N * (double) area), 1e-3);
  check_hits (unit, best, maps, area, layer->out.width);
}

/* The maps of one unit, in the places of their rows. */
static float *
collect_maps (RfSpecimen *specimen, const RfDataset *dataset, const guint32 *rows,
              const RfLayer *layer, int unit)
{
  const gsize area = (gsize) layer->out.height * (gsize) layer->out.width;
  float *maps = g_new0 (float, dataset->n *area);
  g_autofree float *image = g_new (float, RF_SHAPE_COUNT (dataset->shape));
  for (int i = 0; i < N; i++)
    {
      rf_dataset_get (dataset, rows[i], image);
      rf_specimen_forward (specimen, image, 1);
      memcpy (maps + rows[i] * area, layer->y + (gsize) unit * area, area * sizeof (float));
    }
  return maps;
}

static void
test_survey (void)
{
  g_autoptr (RfDataset) dataset = load_shapes ();
  g_autoptr (RfSpecimen) specimen = new_shapes_specimen (dataset);
  const RfLayer *layer = rf_specimen_get_net (specimen)->layers->pdata[1];
  g_autoptr (RfSurvey) survey = rf_survey_new (dataset, RF_SPLIT_TRAIN, N, 1, 1);
  g_autoptr (RfHarvest) harvest = rf_harvest_new (dataset, RF_SPLIT_TRAIN, N, 1, 1);
  double progress = 0;
  g_assert_cmpuint (dataset->splits[RF_SPLIT_TRAIN].n, >, N);
  while (!rf_survey_step (survey, specimen))
    {
      g_assert_cmpfloat (rf_survey_get_progress (survey), >, progress);
      progress = rf_survey_get_progress (survey);
      g_assert_cmpfloat (rf_survey_get_unit (survey, 3)->active, ==, 0);
    }
  g_assert_cmpfloat (rf_survey_get_progress (survey), ==, 1);
  g_assert_true (rf_survey_step (survey, specimen)); /* nothing is counted twice */
  g_assert_cmpint (rf_survey_count_units (survey), ==, UNITS);
  int dead = 0;
  for (int unit = 0; unit < UNITS; unit++)
    {
      const RfSurveyUnit *found = rf_survey_get_unit (survey, unit);
      g_autofree float *maps
          = collect_maps (specimen, dataset, rf_harvest_get_rows (harvest), layer, unit);
      check_unit (found, rf_harvest_get_rows (harvest), maps, layer);
      dead += found->active == 0;
    }
  g_assert_cmpint (rf_survey_count_dead (survey), ==, dead);
  g_assert_cmpint (dead, >=, 1);
  g_assert_cmpfloat (rf_survey_get_unit (survey, 3)->active, ==, 0);
}

/* A split with fewer pictures than are asked for, and fewer than a unit has places for. */
static void
test_few (void)
{
  g_autoptr (RfDataset) dataset = load_shapes ();
  g_autoptr (RfSpecimen) specimen = new_shapes_specimen (dataset);
  g_autoptr (RfSurvey) few = rf_survey_new (dataset, RF_SPLIT_TRAIN, 4, 1, 3);
  g_autoptr (RfSurvey) none = rf_survey_new (dataset, RF_SPLIT_TRAIN, 0, 1, 3);
  g_autoptr (RfSurvey) all = rf_survey_new (dataset, RF_SPLIT_TRAIN, G_MAXSIZE, 1, 3);
  g_assert_true (rf_survey_step (few, specimen));
  g_assert_cmpint (rf_survey_count_units (few), ==, 10);
  g_assert_cmpint (rf_survey_get_unit (few, 9)->n_top, ==, 4);
  g_assert_true (rf_survey_step (none, specimen));
  g_assert_cmpfloat (rf_survey_get_progress (none), ==, 1);
  while (!rf_survey_step (all, specimen))
    ;
  g_assert_cmpint (rf_survey_get_unit (all, 0)->n_top, ==, RF_SURVEY_TOP);
}

static RfHarvest *
reap (RfDataset *dataset, RfSpecimen *specimen, guint layer)
{
  RfHarvest *harvest = rf_harvest_new (dataset, RF_SPLIT_TRAIN, N, 1, layer);
  while (!rf_harvest_step (harvest, specimen))
    g_assert_cmpfloat (rf_harvest_get_progress (harvest), <, 1);
  return harvest;
}

static void
test_harvest (void)
{
  g_autoptr (RfDataset) dataset = load_shapes ();
  g_autoptr (RfSpecimen) specimen = new_shapes_specimen (dataset);
  const RfNet *net = rf_specimen_get_net (specimen);
  g_autofree float *image = g_new (float, RF_SHAPE_COUNT (dataset->shape));
  for (guint l = 0; l < net->layers->len; l++)
    {
      const RfLayer *layer = net->layers->pdata[l];
      g_autoptr (RfHarvest) harvest = reap (dataset, specimen, l);
      gsize n, d;
      const float *points = rf_harvest_get_points (harvest, &n, &d);
      g_assert_cmpuint (n, ==, N);
      g_assert_cmpuint (d, ==, RF_SHAPE_COUNT (layer->out));
      g_assert_true (rf_harvest_is_finite (harvest));
      for (gsize i = 0; i < n; i++)
        {
          rf_dataset_get (dataset, rf_harvest_get_rows (harvest)[i], image);
          rf_specimen_forward (specimen, image, 1);
          for (gsize j = 0; j < d; j++)
            g_assert_cmpfloat_with_epsilon (points[i * d + j], layer->y[j], 1e-5);
        }
    }
  /* What has exploded says so. */
  rf_layer_values (net->layers->pdata[0], 1)[1] = NAN;
  g_autoptr (RfHarvest) broken = reap (dataset, specimen, 0);
  g_assert_false (rf_harvest_is_finite (broken));
}

/* Maps that are too large become means of cells, which keep the mean of each map. */
static void
test_cells (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RfDataset) dataset = load_shapes ();
  g_autoptr (RfExperiment) experiment = rf_experiment_parse (
      "{\"receptive\": 1, \"name\": \"test\", \"dataset\": {\"id\": \"shapes\"}, \"network\": "
      "{\"layers\": [{\"type\": \"conv2d\", \"filters\": 20, \"kernel\": 3, \"padding\": 1}, "
      "{\"type\": \"linear\", \"units\": 10}]}, "
      "\"training\": {\"optimizer\": {\"type\": \"sgd\", \"learning_rate\": 0.05}}}",
      -1, "test", ".", NULL, &error);
  g_assert_no_error (error);
  g_autoptr (RfSpecimen) specimen
      = rf_specimen_new (experiment, dataset->shape, rf_kernels_path (), &error);
  g_assert_no_error (error);
  const RfLayer *layer = rf_specimen_get_net (specimen)->layers->pdata[0];
  g_autoptr (RfHarvest) harvest = reap (dataset, specimen, 0);
  g_autofree float *image = g_new (float, RF_SHAPE_COUNT (dataset->shape));
  gsize n, d;
  const float *points = rf_harvest_get_points (harvest, &n, &d);
  const gsize area = (gsize) layer->out.height * (gsize) layer->out.width;
  g_assert_cmpuint (RF_SHAPE_COUNT (layer->out), >, RF_HARVEST_DIMENSIONS);
  g_assert_cmpuint (d, <=, RF_HARVEST_DIMENSIONS);
  g_assert_cmpuint (d % 20, ==, 0);
  rf_dataset_get (dataset, rf_harvest_get_rows (harvest)[7], image);
  rf_specimen_forward (specimen, image, 1);
  for (gsize c = 0; c < 20; c++)
    {
      double of_map = 0, of_cells = 0;
      for (gsize i = 0; i < area; i++)
        of_map += layer->y[c * area + i] / (double) area;
      for (gsize i = 0; i < d / 20; i++)
        of_cells += points[7 * d + c * (d / 20) + i] / (double) (d / 20);
      g_assert_cmpfloat_with_epsilon (of_map, of_cells, 1e-5);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/survey/survey", test_survey);
  g_test_add_func ("/survey/few", test_few);
  g_test_add_func ("/survey/harvest", test_harvest);
  g_test_add_func ("/survey/cells", test_cells);
  return g_test_run ();
}
