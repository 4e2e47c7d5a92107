/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The well-known kernels, in one table: for the menu of the window, for the command line and for
 * chains. Parameters have ranges, so that each becomes a slider. */

#include "model/filter/kernel.h"

G_BEGIN_DECLS

#define RF_PRESET_MAX_PARAMETERS 5

typedef struct
{
  const char *name;  /* "sigma"; NULL ends the list */
  const char *title; /* N_() */
  const char *unit;  /* N_(), after the number: "px", "°", or "" */
  double fallback, minimum, maximum, step;
  gboolean whole; /* whole numbers only */
} RfPresetParameter;

typedef struct
{
  const char *name;    /* "sobel-x" */
  const char *title;   /* N_() */
  const char *summary; /* N_(): what it does, in a sentence */
  RfPresetParameter parameters[RF_PRESET_MAX_PARAMETERS + 1];
  /* @values: one for each parameter, within its range. */
  void (*build) (RfKernel *kernel, const double *values);
} RfPreset;

/* Ends with a NULL name. */
extern const RfPreset rf_presets[];

const RfPreset *rf_preset_find (const char *name);
int rf_preset_n_parameters (const RfPreset *preset);
/* @values NULL: the defaults; others are clamped to their ranges. */
void rf_preset_build (const RfPreset *preset, const double *values, RfKernel *kernel);

/* NAME, NAME:PARAMETER=NUMBER,…, or rows as rf_kernel_parse() reads them. Unknown names are
 * RF_ERROR_OPTION with the one that was meant. *@preset is NULL for rows; it and @values (with room
 * for RF_PRESET_MAX_PARAMETERS) may be NULL. */
gboolean rf_preset_parse (const char *text, RfKernel *kernel, const RfPreset **preset,
                          double *values, GError **error);

G_END_DECLS
