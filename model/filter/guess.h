/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Guess the filter: given a picture and what a filter made of it, gradient descent finds the
 * filter.
 *
 * The same thing that training does, where it can be watched: the weights begin at zero, the loss
 * is the mean squared difference, and each step goes down its gradient. */

#include "model/filter/filter.h"

G_BEGIN_DECLS

typedef enum
{
  RF_GUESS_MOMENTUM, /* v = momentum · v - rate · g; w += v */
  RF_GUESS_ADAM,
} RfGuessRule;

typedef struct
{
  int height, width;
  /* Shared: channels are samples of one kernel. Combined: three planes, one target map. */
  RfKernelMode mode;
  RfFilterOptions options; /* stride 1 and same; dilation, border and convolve as wanted */
  RfGuessRule rule;
  double rate;     /* 0: one that surely converges, from the largest curvature */
  double momentum; /* momentum's, 0 to below 1 */
} RfGuessConfig;

#define RF_GUESS_CONFIG_INIT                                                                       \
  {                                                                                                \
    .height = 3, .width = 3, .options = RF_FILTER_OPTIONS_INIT, .momentum = .9                     \
  }

typedef struct _RfGuess RfGuess;

/* @target has the size of @input, and the channels that a kernel of this mode makes. Looks at no
 * more than some ten thousand windows, spread evenly; takes up to some tenths of a second. */
RfGuess *rf_guess_new (const RfPixels *input, const RfPixels *target, const RfGuessConfig *config,
                       GError **error);
void rf_guess_free (RfGuess *guess);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfGuess, rf_guess_free)

/* Takes @n_steps steps and returns the loss afterwards, which is not finite if it diverged. Some
 * microseconds a step, tens for large kernels; any one thread at a time. */
double rf_guess_step (RfGuess *guess, int n_steps);
double rf_guess_get_loss (const RfGuess *guess);
/* The loss that no kernel of this shape can go below. */
double rf_guess_get_best_loss (const RfGuess *guess);
guint64 rf_guess_get_n_steps (const RfGuess *guess);
double rf_guess_get_rate (const RfGuess *guess);
/* The kernel so far, its bias included. */
void rf_guess_get_kernel (const RfGuess *guess, RfKernel *kernel);
/* The rate for the steps to come; 0 as above. */
void rf_guess_set_rate (RfGuess *guess, double rate);

G_END_DECLS
