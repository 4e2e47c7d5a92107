/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A table of numbers, each in a cell of its colour, with titles of rows and columns: what depends
 * on two things at once, or how often two things were mixed up.
 *
 * Pointing at a cell tells its number; a press, or Return on the cell that the arrow keys have
 * reached, chooses it. */

#include "widgets/plot/painters/palette.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RF_TYPE_HEAT_TABLE (rf_heat_table_get_type ())
G_DECLARE_FINAL_TYPE (RfHeatTable, rf_heat_table, RF, HEAT_TABLE, GtkWidget)

/* Arrays are copied. */
typedef struct
{
  int n_rows, n_columns;
  const double *values; /* [row][column]; NaN: not known yet; infinite: there is no number */
  const char *const *row_titles;        /* [n_rows] */
  const char *const *column_titles;     /* [n_columns] */
  const char *row_label, *column_label; /* what they are of */
  RfPaletteRange range;
  int digits;                /* behind the point */
  int best_row, best_column; /* framed; −1: none */
} RfHeatTableData;

/* Signals: "pointed" and "chosen" (int row, int column; −1, −1: none). */
GtkWidget *rf_heat_table_new (void);
void rf_heat_table_set_data (RfHeatTable *table, const RfHeatTableData *data);
/* Writes it to a .png, .svg or .pdf file. */
gboolean rf_heat_table_save (RfHeatTable *table, const char *path, GError **error);

G_END_DECLS
