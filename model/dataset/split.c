/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rows are trained on.
 *
 * The rows of the training split are shuffled by the data set's seed; `limit` keeps the first of
 * them; of what is kept, the last `test_fraction` become the test split and those before them, by
 * `validation_fraction`, the validation split, each only where the set has none of its own. So a
 * set with a larger limit contains the smaller one's rows. Within each split rows go up. */
#include "model/dataset/build.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "model/base/error.h"
#include "model/base/random.h"

static int
compare_rows (const void *a, const void *b)
{
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;
  return (x > y) - (x < y);
}

static void
set_rows (RfRows *rows, const guint32 *from, gsize n)
{
  g_free (rows->rows);
  rows->rows = g_new (guint32, MAX (n, 1));
  rows->n = n;
  if (n > 0)
    memcpy (rows->rows, from, n * sizeof *from);
  qsort (rows->rows, n, sizeof *rows->rows, compare_rows);
}

gboolean
rf_dataset_split (RfDataset *dataset, const RfDatasetConfig *config, GError **error)
{
  RfRows *train = &dataset->splits[RF_SPLIT_TRAIN];
  RfRows *validation = &dataset->splits[RF_SPLIT_VALIDATION];
  RfRows *test = &dataset->splits[RF_SPLIT_TEST];

  gsize n = config->limit > 0 ? MIN (train->n, (guint64) config->limit) : train->n;
  double validation_fraction = validation->n == 0 ? config->validation_fraction : 0;
  double test_fraction = test->n == 0 ? config->test_fraction : 0;
  gsize n_validation = (gsize) (validation_fraction * (double) n + 0.5);
  gsize n_test = (gsize) (test_fraction * (double) n + 0.5);
  if (n == train->n && n_validation == 0 && n_test == 0)
    return TRUE;
  if (n_validation + n_test >= n)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                   _ ("dataset: of %zu pictures, validation_fraction %g and "
                      "test_fraction %g leave none to train on"),
                   n, validation_fraction, test_fraction);
      return FALSE;
    }

  g_autofree guint32 *order = g_memdup2 (train->rows, train->n * sizeof (guint32));
  RfRandom random = rf_random (config->seed, RF_RANDOM_SPLIT, 0, 0);
  rf_random_shuffle (&random, order, train->n);
  gsize n_train = n - n_validation - n_test;
  set_rows (train, order, n_train);
  if (n_validation > 0)
    set_rows (validation, order + n_train, n_validation);
  if (n_test > 0)
    set_rows (test, order + n_train + n_validation, n_test);
  return TRUE;
}
