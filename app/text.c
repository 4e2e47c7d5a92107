/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/text.h"

#include <glib/gi18n-lib.h>
#include <locale.h>
#include <math.h>
#include <string.h>

char *
rf_text_count (double number)
{
  const struct lconv *locale = localeconv ();
  if (*locale->thousands_sep)
    return g_strdup_printf ("%'.0f", number);

  /* A comma would be read as the decimal sign where it is one: a narrow space then. */
  const char *separator = g_str_equal (locale->decimal_point, ".") ? "," : "\u202f";
  g_autofree char *digits = g_strdup_printf ("%.0f", number);
  const gboolean negative = *digits == '-';
  const gsize length = strlen (digits) - negative;
  GString *text = g_string_new (negative ? "-" : NULL);
  for (gsize i = 0; i < length; i++)
    {
      if (i > 0 && (length - i) % 3 == 0)
        g_string_append (text, separator);
      g_string_append_c (text, digits[negative + i]);
    }
  return g_string_free (text, FALSE);
}

char *
rf_text_duration (double seconds)
{
  if (seconds < 10)
    return g_strdup_printf (_ ("%.1f s"), seconds);
  if (seconds < 90)
    return g_strdup_printf (_ ("%.0f s"), seconds);
  const double minutes = round (seconds / 60);
  if (minutes < 60)
    return g_strdup_printf (_ ("%.0f min"), minutes);
  return g_strdup_printf (_ ("%.0f h %.0f min"), floor (minutes / 60), fmod (minutes, 60));
}
