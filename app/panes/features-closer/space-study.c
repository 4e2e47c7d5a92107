/* SPDX-License-Identifier: GPL-3.0-or-later */

/* First what the layer makes of the pictures, then the directions in which that varies most: two of
 * them are a map, fifty are what t-SNE begins with. */

#include "app/panes/features-closer/space-study.h"

#include "model/base/error.h"
#include "model/features/harvest.h"
#include "model/features/pca.h"
#include "model/features/tsne.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define SEED       1
#define DIRECTIONS 50 /* of what t-SNE is given */
#define PERPLEXITY 30
#define LEAST      5 /* pictures */

typedef struct
{
  RfDataset *dataset;
  RfSplit split;
  guint layer;
  RfSpaceMethod method;
  RfHarvest *harvest;
  RfPca *pca;
  RfTsne *tsne;
  int k;              /* directions */
  float *coordinates; /* [n, k], once the PCA is done */
  double shares[DIRECTIONS];
} Space;

static void
clear (Space *self)
{
  g_clear_pointer (&self->harvest, rf_harvest_free);
  g_clear_pointer (&self->pca, rf_pca_free);
  g_clear_pointer (&self->tsne, rf_tsne_free);
  g_clear_pointer (&self->coordinates, g_free);
}

/* ---- in the replica's thread ---- */

static gboolean
begin_pca (Space *self, GError **error)
{
  gsize n, d;
  const float *points = rf_harvest_get_points (self->harvest, &n, &d);
  if (n < LEAST)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_SHAPE, _ ("%zu pictures are too few for a map."), n);
      return FALSE;
    }
  if (!rf_harvest_is_finite (self->harvest))
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_SHAPE,
                           _ ("This layer gives values that are no numbers."));
      return FALSE;
    }
  self->k = MIN ((int) MIN (d, n), self->method == RF_SPACE_PCA ? 2 : DIRECTIONS);
  self->pca = rf_pca_new (points, n, d, self->k);
  return TRUE;
}

static void
end_pca (Space *self)
{
  gsize n, d;
  rf_harvest_get_points (self->harvest, &n, &d);
  self->coordinates = g_new (float, n *(gsize) self->k);
  rf_pca_get (self->pca, self->coordinates, self->shares);
  if (self->method == RF_SPACE_TSNE)
    self->tsne = rf_tsne_new (self->coordinates, n, (gsize) self->k, PERPLEXITY, SEED);
}

/* Other weights: from the beginning. */
static gboolean
step (gpointer data, RfSpecimen *specimen, gboolean renewed, GError **error)
{
  Space *self = data;
  if (renewed)
    clear (self);
  if (!self->harvest)
    self->harvest
        = rf_harvest_new (self->dataset, self->split, RF_SPACE_PICTURES, SEED, self->layer);
  if (self->tsne)
    return rf_tsne_step (self->tsne);
  if (!self->pca)
    return rf_harvest_step (self->harvest, specimen) && !begin_pca (self, error);
  if (!rf_pca_step (self->pca))
    return FALSE;
  end_pca (self);
  return self->method == RF_SPACE_PCA;
}

static double
progress (gpointer data)
{
  const Space *self = data;
  const double tsne = self->method == RF_SPACE_TSNE ? 0.7 : 0;
  if (self->tsne)
    return 1 - tsne + tsne * rf_tsne_get_progress (self->tsne);
  const double parts = 0.6 * rf_harvest_get_progress (self->harvest)
                       + 0.4 * (self->pca ? rf_pca_get_progress (self->pca) : 0);
  return parts * (1 - tsne);
}

static void
copy_places (const Space *self, RfSpaceMap *map)
{
  const double *layout = self->tsne ? rf_tsne_get_layout (self->tsne) : NULL;
  double largest = 0;
  for (gsize i = 0; i < map->n; i++)
    for (gsize axis = 0; axis < 2; axis++)
      {
        double place = layout ? layout[2 * i + axis] : 0;
        if (!layout && axis < (gsize) self->k)
          place = (double) self->coordinates[i * (gsize) self->k + axis];
        map->places[2 * i + axis] = place;
        largest = MAX (largest, fabs (place));
      }
  for (gsize i = 0; largest > 0 && i < 2 * map->n; i++)
    map->places[i] /= largest;
}

static gpointer
snapshot (gpointer data)
{
  const Space *self = data;
  gsize d;
  if (!self->coordinates)
    return NULL;
  RfSpaceMap *map = g_new0 (RfSpaceMap, 1);
  rf_harvest_get_points (self->harvest, &map->n, &d);
  map->rows = g_memdup2 (rf_harvest_get_rows (self->harvest), map->n * sizeof *map->rows);
  map->places = g_new (double, 2 * map->n);
  copy_places (self, map);
  map->shares[0] = self->shares[0];
  map->shares[1] = self->k > 1 ? self->shares[1] : 0;
  return map;
}

/* ---- on the main loop ---- */

static void
free_snapshot (gpointer map)
{
  rf_space_map_free (map);
}

static void
free_study (gpointer data)
{
  Space *self = data;
  clear (self);
  rf_dataset_unref (self->dataset);
  g_free (self);
}

RfStudyJob *
rf_space_study_start (RfFeatureBench *bench, RfSpaceMethod method, RfStudyShow show, gpointer data)
{
  static const RfStudyClass klass = { step, progress, snapshot, free_snapshot, free_study };
  RfSplit split;
  if (rf_feature_bench_count_rows (bench, &split) == 0)
    return NULL;
  Space *study = g_new0 (Space, 1);
  study->dataset = rf_dataset_ref (rf_feature_bench_get_net (bench)->dataset);
  study->split = split;
  study->layer = rf_feature_bench_get_layer (bench);
  study->method = method;
  return rf_study_job_start (rf_feature_bench_get_replica (bench), RF_STUDY_SPACE, &klass, study,
                             show, data);
}

RfSpaceMap *
rf_space_map_copy (const RfSpaceMap *map)
{
  RfSpaceMap *copy = g_memdup2 (map, sizeof *map);
  copy->rows = g_memdup2 (map->rows, map->n * sizeof *map->rows);
  copy->places = g_memdup2 (map->places, 2 * map->n * sizeof *map->places);
  return copy;
}

void
rf_space_map_free (RfSpaceMap *map)
{
  if (!map)
    return;
  g_free (map->rows);
  g_free (map->places);
  g_free (map);
}
