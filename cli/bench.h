/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/cli.h"

G_BEGIN_DECLS

/* A reference network: layers over an input of 3×32×32, as JSON. */
typedef struct
{
  const char *name, *layers;
} RfBenchNet;

/* Ends with a NULL name. */
extern const RfBenchNet rf_bench_nets[];

/* One network ready to be timed, with one batch of random data. */
typedef struct _RfBench RfBench;

RfBench *rf_bench_new (const RfBenchNet *net, int batch, GError **error);
void rf_bench_free (RfBench *bench);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfBench, rf_bench_free)

typedef struct
{
  double train, infer; /* images per second */
  double gflops;       /* nominal, while training */
} RfBenchFigures;

gboolean rf_bench_measure (RfBench *bench, RfBenchFigures *figures, GError **error);

/* Times each layer by itself within a training step. */
typedef struct
{
  const RfLayer *layer;
  double forward, backward;               /* seconds for a batch */
  double forward_gflops, backward_gflops; /* nominal; 0 where there is nothing worth counting */
} RfBenchLayer;

GArray *rf_bench_measure_layers (RfBench *bench, GError **error);

/* GFLOP/s of large products on all threads at once, one thread each. */
double rf_bench_sgemm (void);

G_END_DECLS
