/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Undo and redo, one history for all pages.
 *
 * An edit is pushed after it was made. A newer edit of the same class may be swallowed by the one
 * before, so that one drag of a slider is one step back. Edits hold what they change by weak
 * references or by value: one whose object is gone does nothing. Main thread only. */

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct
{
  /* Makes the change again (@forward) or takes it back. FALSE: it cannot be made any more. */
  gboolean (*apply) (gpointer data, gboolean forward);
  /* May be NULL. TRUE if @data has taken over what @newer does; then @newer is freed. Asked only
   * of two edits of one class that follow each other within a second. */
  gboolean (*merge) (gpointer data, gpointer newer);
  void (*free) (gpointer data);
  /* Bytes that only this edit keeps, where that is much; may be NULL. The oldest edits go once
   * there are too many bytes. */
  gsize (*weigh) (gpointer data);
} RfEditClass;

#define RF_TYPE_HISTORY (rf_history_get_type ())
G_DECLARE_FINAL_TYPE (RfHistory, rf_history, RF, HISTORY, GObject)

/* Properties, to be read, with notify: "undo-label" and "redo-label": what the next undo or redo
 * would be about; NULL where there is nothing. */
RfHistory *rf_history_new (void);

/* @label: what was done ("Dropout of layer 6"); copied. @data: the history's from now on. */
void rf_history_push (RfHistory *history, const RfEditClass *klass, const char *label,
                      gpointer data);
/* FALSE if there was nothing to be done. */
gboolean rf_history_undo (RfHistory *history);
gboolean rf_history_redo (RfHistory *history);
const char *rf_history_get_undo_label (RfHistory *history);
const char *rf_history_get_redo_label (RfHistory *history);
void rf_history_clear (RfHistory *history);

G_END_DECLS
