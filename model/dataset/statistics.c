/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/dataset/build.h"

#include <math.h>
#include <string.h>

#include "model/dataset/parallel.h"

#define ROWS_PER_ITEM 512

/* Σx and Σx² of bytes: exact below 2⁶⁴/255² pixels, more than any memory has. */
typedef struct
{
  guint64 sum, squares;
} ByteSums;

typedef struct
{
  const RfDataset *dataset;
  const RfRows *rows;
  ByteSums *sums; /* [items, channels] */
} ByteJob;

static void
add_plane (ByteSums *sums, const guint8 *bytes, gsize n)
{
  for (gsize at = 0; at < n; at += 32768) /* 32768 · 255² < 2³² */
    {
      gsize end = MIN (at + 32768, n);
      guint32 sum = 0, squares = 0;
      for (gsize i = at; i < end; i++)
        {
          sum += bytes[i];
          squares += (guint32) bytes[i] * bytes[i];
        }
      sums->sum += sum;
      sums->squares += squares;
    }
}

static void
sum_item (void *data, int item, int worker)
{
  const ByteJob *job = data;
  RfShape shape = job->dataset->shape;
  gsize plane = (gsize) shape.height * shape.width;
  gsize first = (gsize) item * ROWS_PER_ITEM, end = MIN (first + ROWS_PER_ITEM, job->rows->n);
  ByteSums *sums = job->sums + (gsize) item * shape.channels;
  for (gsize i = first; i < end; i++)
    for (gint c = 0; c < shape.channels; c++)
      add_plane (&sums[c],
                 job->dataset->bytes + ((gsize) job->rows->rows[i] * shape.channels + c) * plane,
                 plane);
}

static void
byte_statistics (const RfDataset *dataset, const RfRows *rows, double *mean, double *deviation)
{
  gint n_channels = dataset->shape.channels;
  int n_items = (int) ((rows->n + ROWS_PER_ITEM - 1) / ROWS_PER_ITEM);
  g_autofree ByteSums *sums = g_new0 (ByteSums, (gsize) n_items * n_channels);
  ByteJob job = { dataset, rows, sums };
  rf_parallel (n_items, sum_item, &job);

  double n = (double) rows->n * dataset->shape.height * dataset->shape.width;
  for (gint c = 0; c < n_channels; c++)
    {
      ByteSums total = { 0 };
      for (int i = 0; i < n_items; i++)
        {
          total.sum += sums[(gsize) i * n_channels + c].sum;
          total.squares += sums[(gsize) i * n_channels + c].squares;
        }
      double average = (double) total.sum / n;
      double variance = (double) total.squares / n - average * average;
      mean[c] = average / 255;
      deviation[c] = sqrt (MAX (variance, 0)) / 255;
    }
}

static void
float_statistics (const RfDataset *dataset, const RfRows *rows, double *mean, double *deviation)
{
  RfShape shape = dataset->shape;
  gsize plane = (gsize) shape.height * shape.width;
  double n = (double) rows->n * (double) plane;
  for (gint c = 0; c < shape.channels; c++)
    {
      double sum = 0, squares = 0;
      for (int pass = 0; pass < 2; pass++)
        for (gsize i = 0; i < rows->n; i++)
          {
            const float *x = dataset->floats + ((gsize) rows->rows[i] * shape.channels + c) * plane;
            for (gsize j = 0; j < plane; j++)
              if (pass == 0)
                sum += x[j];
              else
                squares += (x[j] - sum / n) * (x[j] - sum / n);
          }
      mean[c] = sum / n;
      deviation[c] = sqrt (squares / n);
    }
}

void
rf_dataset_statistics (const RfDataset *dataset, const RfRows *rows, double *mean,
                       double *deviation)
{
  if (rows->n == 0)
    for (gint c = 0; c < dataset->shape.channels; c++)
      mean[c] = deviation[c] = 0;
  else if (dataset->pictures)
    byte_statistics (dataset, rows, mean, deviation);
  else
    float_statistics (dataset, rows, mean, deviation);
}

void
rf_dataset_count (const RfDataset *dataset, const RfRows *rows, gint64 *counts)
{
  memset (counts, 0, (gsize) dataset->n_classes * sizeof *counts);
  for (gsize i = 0; i < rows->n; i++)
    counts[dataset->labels[rows->rows[i]]]++;
}
