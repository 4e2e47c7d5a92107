/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A number to be turned: its name, an entry to type it, and a slider, linear or logarithmic.
 *
 * The slider has a range of its own within that of the number: a learning rate is turned between
 * 0.00001 and 1, but 3 can be typed. What is out of range or no number is refused: the entry is
 * marked and goes back on Escape or when it is left. A logarithmic slider may have a real zero: its
 * left end, half a decade below the smallest value. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RF_TYPE_KNOB (rf_knob_get_type ())
G_DECLARE_FINAL_TYPE (RfKnob, rf_knob, RF, KNOB, GtkWidget)

typedef struct
{
  const char *title;   /* above the slider; NULL: none, and all is in one line */
  const char *summary; /* tooltip */
  const char *name;    /* for assistive technology; NULL: the title */
  double minimum, maximum;
  gboolean above_minimum, below_maximum; /* the end itself is not allowed */
  double low, high;                      /* ends of the slider; low > 0 if logarithmic */
  gboolean logarithmic;
  gboolean zero; /* a logarithmic slider's left end is 0 */
} RfKnobRange;

/* Property: "value" (double). Signal "turned" (double value): by the user, not by
 * rf_knob_set_value(). */
GtkWidget *rf_knob_new (const RfKnobRange *range, double value);
void rf_knob_set_value (RfKnob *knob, double value);
double rf_knob_get_value (RfKnob *knob);

/* The widgets inside. */
GtkWidget *rf_knob_get_scale (RfKnob *knob);
GtkWidget *rf_knob_get_entry (RfKnob *knob);

/* A value as the entry shows it: up to four digits in the user's locale. */
char *rf_knob_format (double value);
/* Reads a number with the decimal sign of the locale or a point. */
gboolean rf_knob_parse (const char *text, double *value);

G_END_DECLS
