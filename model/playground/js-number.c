/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading follows StringToNumber of ECMAScript, writing Number::toString: the shortest digits
 * that
 * round-trip, without an exponent from 1e-6 up to below 1e21. */

#include "model/playground/js-number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *
skip_digits (const char *p)
{
  while (g_ascii_isdigit (*p))
    p++;
  return p;
}

/* The end of the decimal number that begins at @p, or NULL. strtod alone would also take "nan",
 * "inf" and hexadecimal fractions. */
static const char *
find_decimal_end (const char *p)
{
  if (*p == '+' || *p == '-')
    p++;
  const char *whole = skip_digits (p), *end = whole;
  gboolean any = whole > p;
  if (*whole == '.')
    {
      end = skip_digits (whole + 1);
      any = any || end > whole + 1;
    }
  if (!any)
    return NULL;
  if (*end == 'e' || *end == 'E')
    {
      const char *digits = end + 1;
      if (*digits == '+' || *digits == '-')
        digits++;
      if (!g_ascii_isdigit (*digits))
        return NULL;
      end = skip_digits (digits);
    }
  return end;
}

static double
read_radix (const char *digits, int bits)
{
  double value = 0;
  if (!*digits)
    return NAN;
  for (; *digits; digits++)
    {
      const int digit = g_ascii_xdigit_value (*digits);
      if (digit < 0 || digit >= 1 << bits)
        return NAN;
      value = value * (1 << bits) + digit;
    }
  return value;
}

double
rf_js_number (const char *text)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  if (!*trimmed)
    return 0;
  if (trimmed[0] == '0' && trimmed[1])
    switch (g_ascii_tolower (trimmed[1]))
      {
      case 'x':
        return read_radix (trimmed + 2, 4);
      case 'o':
        return read_radix (trimmed + 2, 3);
      case 'b':
        return read_radix (trimmed + 2, 1);
      default:
        break;
      }

  const char *unsigned_part = trimmed + (*trimmed == '+' || *trimmed == '-');
  if (g_str_equal (unsigned_part, "Infinity"))
    return *trimmed == '-' ? -INFINITY : INFINITY;
  const char *end = find_decimal_end (trimmed);
  return end && !*end ? g_ascii_strtod (trimmed, NULL) : NAN;
}

/* The shortest "d.ddde±xx" that reads back as @value. */
static void
format_shortest (double value, char out[G_ASCII_DTOSTR_BUF_SIZE])
{
  for (int precision = 0; precision <= 16; precision++)
    {
      char format[8];
      g_snprintf (format, sizeof format, "%%.%de", precision);
      g_ascii_formatd (out, G_ASCII_DTOSTR_BUF_SIZE, format, value);
      if (g_ascii_strtod (out, NULL) == value)
        return;
    }
}

char *
rf_js_text (double value)
{
  if (isnan (value))
    return g_strdup ("NaN");
  if (isinf (value))
    return g_strdup (value < 0 ? "-Infinity" : "Infinity");
  if (value == 0)
    return g_strdup ("0");

  char shortest[G_ASCII_DTOSTR_BUF_SIZE];
  format_shortest (fabs (value), shortest);
  const char *mark = strchr (shortest, 'e');
  const int exponent = atoi (mark + 1);
  g_autoptr (GString) digits = g_string_new (NULL);
  for (const char *p = shortest; p < mark; p++)
    if (*p != '.')
      g_string_append_c (digits, *p);

  GString *text = g_string_new (value < 0 ? "-" : "");
  const int n = (int) digits->len, point = exponent + 1;
  if (point > 21 || point < -5)
    {
      g_string_append_c (text, digits->str[0]);
      if (n > 1)
        g_string_append_printf (text, ".%s", digits->str + 1);
      g_string_append_printf (text, "e%c%d", exponent < 0 ? '-' : '+', abs (exponent));
    }
  else if (point <= 0)
    {
      g_string_append (text, "0.");
      for (int i = point; i < 0; i++)
        g_string_append_c (text, '0');
      g_string_append (text, digits->str);
    }
  else
    for (int i = 0; i < MAX (n, point); i++)
      {
        if (i == point)
          g_string_append_c (text, '.');
        g_string_append_c (text, i < n ? digits->str[i] : '0');
      }
  return g_string_free (text, FALSE);
}

char *
rf_js_fixed (double value, int decimals)
{
  char format[8], text[64];
  g_snprintf (format, sizeof format, "%%.%df", decimals);
  return g_strdup (g_ascii_formatd (text, sizeof text, format, value));
}
