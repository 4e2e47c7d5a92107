/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/layers/work.h"
#include "model/base/pool.h"

#include <string.h>

#define PIECE_FLOATS 16384
#define MAX_PIECES   65536

typedef struct
{
  RfPartsFunc func;
  void *data;
  gsize total, piece;
} Parts;

static void
run_piece (void *data, int item, int worker)
{
  const Parts *parts = data;
  gsize first = (gsize) item * parts->piece;
  parts->func (parts->data, first, MIN (parts->piece, parts->total - first));
}

void
rf_run_parts (gsize total, gsize floats_each, RfPartsFunc func, void *data)
{
  Parts parts = { func, data, total, MAX (1, PIECE_FLOATS / MAX (1, floats_each)) };
  while (total / parts.piece >= MAX_PIECES)
    parts.piece *= 2;
  rf_pool_run ((int) ((total + parts.piece - 1) / parts.piece), run_piece, &parts);
}

typedef struct
{
  const float *x;
  float *y;
} Copy;

static void
copy_parts (void *data, gsize first, gsize n)
{
  const Copy *copy = data;
  memcpy (copy->y + first, copy->x + first, n * sizeof (float));
}

void
rf_copy_floats (const float *x, float *y, gsize n)
{
  Copy copy = { x, y };
  rf_run_parts (n, 1, copy_parts, &copy);
}
