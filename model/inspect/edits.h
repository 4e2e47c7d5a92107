/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Filters put in the place of learned ones, to see what becomes of the answer. They are kept apart
 * from the weights, so that those can be others beneath them, and taken back. */

#include "model/net/net.h"

G_BEGIN_DECLS

typedef struct
{
  guint layer;   /* index of RfLayer, one with weights */
  int unit;      /* output channel */
  gsize n;       /* weights of a unit: channels · height · width of its kernel */
  float *values; /* [n] */
} RfFilterEdit;

/* Of RfFilterEdit, deep copies. */
typedef struct _RfEdits RfEdits;

RfEdits *rf_edits_new (const RfFilterEdit *edits, guint n);
void rf_edits_free (RfEdits *edits);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfEdits, rf_edits_free)

/* Puts them in and keeps what was there; once. */
void rf_edits_apply (RfEdits *edits, RfNet *net);
/* Puts back what was there, if they were applied. */
void rf_edits_take_back (RfEdits *edits, RfNet *net);
/* The network has got other weights: what was there is nowhere any more. */
void rf_edits_forget (RfEdits *edits);
gboolean rf_edits_are_applied (const RfEdits *edits);

G_END_DECLS
