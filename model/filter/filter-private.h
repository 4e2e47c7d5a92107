/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/filter/filter.h"
#include "model/filter/simd/simd.h"

G_BEGIN_DECLS

/* A plan: the kernel as it will be multiplied, and how a block of the output finds its input.
 *
 * A block takes the rows of the picture that its windows look at into rows of floats, border
 * included: its slots. With a horizontal stride s, columns are taken apart by their remainder, so
 * that neighbours in the output are neighbours in memory; only remainders that a column of the
 * kernel has are kept (phases). Where the kernel is a column times a row, the row is applied on the
 * way into the slot. */
struct _RfFilterPlan
{
  RfKernel kernel; /* as given: the reference wants it */
  RfFilterOptions options;
  RfShape input, output;
  int padding[4];
  const RfFilterSimd *simd; /* NULL: the reference */

  gboolean separable;
  /* Turned where it convolves, and scaled. Where separable, columns only. */
  float weights[RF_KERNEL_MAX_PLANES][RF_KERNEL_MAX_CELLS];
  float rows[RF_KERNEL_MAX_PLANES][RF_KERNEL_MAX_SIDE];
  int slot_width;                       /* columns of @weights */
  int offsets[RF_KERNEL_MAX_SIDE];      /* of the kernel's columns in a row of phases */
  int slot_offsets[RF_KERNEL_MAX_SIDE]; /* the same in a slot */
  int n_phases, phases[RF_KERNEL_MAX_SIDE];

  /* Blocks, in pixels of the output, and scratch, in floats. */
  int block_height, block_width, n_across, n_blocks;
  int group;                     /* rows computed together */
  int n_slots, *slots;           /* by row from the block's first; -1: not looked at */
  int line_floats;               /* of one row as it is loaded */
  int phase_floats, slot_floats; /* of one phase, and of one slot of a channel */
  gsize n_scratch;
};

typedef struct
{
  const RfFilterPlan *plan;
  const RfPixels *input, *output;
  RfStale *stale;
  int first; /* block of item 0 */
} RfFilterJob;

/* Computes one block; @data is the RfFilterJob. */
void rf_filter_run_block (void *data, int item, int worker);

G_END_DECLS
