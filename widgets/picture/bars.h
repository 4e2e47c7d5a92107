/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a network answers: a bar and a percentage for each class, or for the likeliest.
 *
 * The class that is right has a tick before its name, which is bold, beside a colour of its own; it
 * is on show even if it is not among the likeliest. Bars glide to new values, at most 15 times a
 * second, unless the person wants no animations; the numbers beside them are the new ones at once.
 * The answer is told to assistive technology as the description, at most once a second. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RF_TYPE_BARS (rf_bars_get_type ())
G_DECLARE_FINAL_TYPE (RfBars, rf_bars, RF, BARS, GtkWidget)

/* Properties: "top" (uint), of how many classes there is a bar, 0 for all; "sorted" (boolean), the
 * likeliest first, else in the order of the classes. Accessible label: the caller's. */
GtkWidget *rf_bars_new (void);

/* NULL-terminated; copied. Takes the values away. */
void rf_bars_set_names (RfBars *bars, const char *const *names);
/* The class that is right; -1: not known. */
void rf_bars_set_truth (RfBars *bars, int truth);
/* From 0 to 1, one for each name; copied. NULL: no answer yet. */
void rf_bars_set_values (RfBars *bars, const float *values);

/* The classes with a bar, from the top; how many is in @n. Of the widget. */
const guint *rf_bars_get_shown (RfBars *bars, guint *n);
/* Length of a class's bar as painted, from 0 to 1. */
double rf_bars_get_length (RfBars *bars, guint name);

G_END_DECLS
