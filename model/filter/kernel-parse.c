/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernels from text.
 *
 * What is pasted comes from papers, NumPy and C, so the reader looks at structure rather than at a
 * language: nested brackets of any kind, or lines; commas and blanks between numbers; a name or
 * declaration before the first bracket and one factor after the last are allowed. Rows must be
 * equally long, and every number finite, so that what is accepted means one thing only. */
#include "model/filter/kernel.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "model/base/error.h"
#include "model/spec/json.h"

#define MAX_DEPTH 3

typedef struct
{
  const char *at, *end;
  const char *line_start;
  int line;
  double weights[RF_KERNEL_MAX_PLANES][RF_KERNEL_MAX_CELLS];
  int n_planes, n_rows, n_cells; /* whole planes; rows of this plane; numbers of this row */
  int height, width;             /* -1 until the first plane and row are whole */
  gboolean bracketed;
} Reader;

static void set_error_at (const Reader *reader, const char *place, GError **error,
                          const char *format, ...) G_GNUC_PRINTF (4, 5);

static void
set_error_at (const Reader *reader, const char *place, GError **error, const char *format, ...)
{
  va_list arguments;
  const glong column = g_utf8_pointer_to_offset (reader->line_start, place) + 1;

  va_start (arguments, format);
  g_autofree char *what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  /* Translators: a place in a text, and what is wrong there. */
  g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("line %d, column %ld: %s"), reader->line,
               column, what);
}

/* The word at @place, for a message. */
static char *
word_at (const Reader *reader, const char *place)
{
  const char *end = place;

  while (end < reader->end && !strchr (" \t\r\n,;|[]{}()", *end))
    end = g_utf8_next_char (end);
  if (end == place && place < reader->end)
    end = g_utf8_next_char (place);
  g_autofree char *raw = g_strndup (place, (gsize) (end - place));
  return rf_text_for_message (raw);
}

static gboolean
skip_text (Reader *reader, const char *text)
{
  const gsize length = strlen (text);

  if ((gsize) (reader->end - reader->at) < length || memcmp (reader->at, text, length) != 0)
    return FALSE;
  reader->at += length;
  return TRUE;
}

static void
skip_blanks (Reader *reader)
{
  while (reader->at < reader->end && strchr (" \t\r", *reader->at))
    reader->at++;
}

static void
skip_space (Reader *reader)
{
  for (skip_blanks (reader); reader->at < reader->end && *reader->at == '\n'; skip_blanks (reader))
    {
      reader->at++;
      reader->line++;
      reader->line_start = reader->at;
    }
}

/* A decimal without its fraction bar: digits, a point, an exponent. strtod() would take "inf",
 * "nan" and hexadecimal numbers too. */
static gboolean
read_decimal (Reader *reader, double *number)
{
  const char *start = reader->at, *p = start;
  const gboolean negative = skip_text (reader, "-") || skip_text (reader, "−");
  gboolean digits = FALSE;

  if (!negative)
    skip_text (reader, "+");
  start = p = reader->at;
  for (; p < reader->end && g_ascii_isdigit (*p); p++)
    digits = TRUE;
  if (p < reader->end && *p == '.')
    for (p++; p < reader->end && g_ascii_isdigit (*p); p++)
      digits = TRUE;
  if (!digits)
    return FALSE;
  if (p < reader->end && (*p == 'e' || *p == 'E'))
    {
      const char *q = p + 1;

      if (q < reader->end && (*q == '+' || *q == '-'))
        q++;
      if (q < reader->end && g_ascii_isdigit (*q))
        for (p = q; p < reader->end && g_ascii_isdigit (*p); p++)
          ;
    }
  g_autofree char *copy = g_strndup (start, (gsize) (p - start));
  *number = g_ascii_strtod (copy, NULL) * (negative ? -1 : 1);
  reader->at = p;
  /* C's floats. */
  if (reader->at < reader->end && (*reader->at == 'f' || *reader->at == 'F'))
    reader->at++;
  return TRUE;
}

static gboolean
read_number (Reader *reader, double *number, GError **error)
{
  const char *place = reader->at;
  double below = 1;

  if (!read_decimal (reader, number))
    {
      g_autofree char *word = word_at (reader, place);
      if (place >= reader->end)
        set_error_at (reader, place, error, _ ("a number is missing"));
      else
        set_error_at (reader, place, error, _ ("\"%s\" is not a number"), word);
      return FALSE;
    }
  if (skip_text (reader, "/"))
    {
      if (!read_decimal (reader, &below))
        {
          set_error_at (reader, reader->at, error,
                        _ ("a number is missing after the fraction bar"));
          return FALSE;
        }
      if (below == 0)
        {
          set_error_at (reader, place, error, _ ("a fraction cannot be divided by 0"));
          return FALSE;
        }
      *number /= below;
    }
  if (!isfinite (*number) || fabs (*number) > RF_KERNEL_MAX_WEIGHT)
    {
      g_autofree char *word = word_at (reader, place);
      set_error_at (reader, place, error,
                    _ ("%s is out of range, a weight must be from -1000000 to 1000000"), word);
      return FALSE;
    }
  if (*number == 0)
    *number = 0; /* not -0 */
  if (reader->at < reader->end && !strchr (" \t\r\n,;|[]{}()", *reader->at))
    {
      g_autofree char *word = word_at (reader, place);
      set_error_at (reader, place, error, _ ("\"%s\" is not a number"), word);
      return FALSE;
    }
  return TRUE;
}

static gboolean
add_number (Reader *reader, const char *place, double number, GError **error)
{
  if (reader->n_cells >= RF_KERNEL_MAX_SIDE)
    {
      set_error_at (reader, place, error, _ ("a row has at most %d numbers"), RF_KERNEL_MAX_SIDE);
      return FALSE;
    }
  if (reader->n_rows >= RF_KERNEL_MAX_SIDE)
    {
      set_error_at (reader, place, error, _ ("a kernel has at most %d rows"), RF_KERNEL_MAX_SIDE);
      return FALSE;
    }
  if (reader->n_planes >= RF_KERNEL_MAX_PLANES)
    {
      set_error_at (reader, place, error,
                    _ ("a kernel has weights for one channel or for three, not more"));
      return FALSE;
    }
  /* The first row says how wide the others are. */
  const int width = reader->width < 0 ? RF_KERNEL_MAX_SIDE : reader->width;
  if (reader->n_cells >= width)
    {
      set_error_at (reader, place, error, _ ("this row is longer than the first, which has %d"),
                    width);
      return FALSE;
    }
  reader->weights[reader->n_planes][reader->n_rows * width + reader->n_cells++] = number;
  return TRUE;
}

static gboolean
end_row (Reader *reader, GError **error)
{
  if (reader->n_cells == 0)
    {
      set_error_at (reader, reader->at, error, _ ("a row without numbers"));
      return FALSE;
    }
  if (reader->width >= 0 && reader->n_cells < reader->width)
    {
      set_error_at (reader, reader->at, error, _ ("this row has %d numbers, the first has %d"),
                    reader->n_cells, reader->width);
      return FALSE;
    }
  reader->width = reader->n_cells;
  reader->n_cells = 0;
  reader->n_rows++;
  return TRUE;
}

static gboolean
end_plane (Reader *reader, GError **error)
{
  if (reader->n_rows == 0)
    {
      set_error_at (reader, reader->at, error, _ ("a channel without rows"));
      return FALSE;
    }
  if (reader->height >= 0 && reader->n_rows != reader->height)
    {
      set_error_at (reader, reader->at, error, _ ("this channel has %d rows, the first has %d"),
                    reader->n_rows, reader->height);
      return FALSE;
    }
  reader->height = reader->n_rows;
  reader->n_rows = 0;
  reader->n_planes++;
  return TRUE;
}

static gboolean
at_any (const Reader *reader, const char *characters)
{
  return reader->at < reader->end && *reader->at && strchr (characters, *reader->at) != NULL;
}

/* Numbers in lines: rows end at a line break or semicolon, planes at a bar. */
static gboolean
read_lines (Reader *reader, GError **error)
{
  gboolean comma = FALSE;

  for (;;)
    {
      skip_blanks (reader);
      if (reader->at >= reader->end || at_any (reader, "\n;|"))
        {
          if (comma)
            {
              set_error_at (reader, reader->at, error, _ ("a number is missing after the comma"));
              return FALSE;
            }
          /* Empty lines say nothing; empty rows between semicolons are a slip. */
          if ((reader->n_cells > 0 || at_any (reader, ";")) && !end_row (reader, error))
            return FALSE;
          if (at_any (reader, "|") && !end_plane (reader, error))
            return FALSE;
          if (reader->at >= reader->end)
            break;
          if (*reader->at == '\n')
            skip_space (reader);
          else
            {
              reader->at++;
              skip_space (reader);
            }
          continue;
        }

      const char *place = reader->at;
      double number;
      if (!read_number (reader, &number, error) || !add_number (reader, place, number, error))
        return FALSE;
      skip_blanks (reader);
      if ((comma = skip_text (reader, ",")) && at_any (reader, ","))
        {
          set_error_at (reader, reader->at, error, _ ("a number is missing after the comma"));
          return FALSE;
        }
      /* A comma at the end of a line is how lines of code end. */
      skip_blanks (reader);
      if (comma && (at_any (reader, "\n")))
        comma = FALSE;
    }
  return end_plane (reader, error);
}

static char
closing_of (char open)
{
  return open == '[' ? ']' : open == '{' ? '}' : ')';
}

/* What is inside a bracket at @depth (0: outermost): either numbers, or brackets. Returns the
 * levels below it, 1 for a row, or 0 with an error. */
static int
read_bracket (Reader *reader, int depth, GError **error)
{
  const char open = *reader->at++;
  int levels = 0;

  if (depth >= MAX_DEPTH)
    {
      set_error_at (reader, reader->at - 1, error, _ ("more than three levels of brackets"));
      return 0;
    }
  for (;;)
    {
      int below;

      skip_space (reader);
      const char *place = reader->at;
      if (reader->at >= reader->end)
        {
          set_error_at (reader, reader->at, error, _ ("the closing %c is missing"),
                        closing_of (open));
          return 0;
        }
      if (at_any (reader, "]})"))
        {
          if (*reader->at != closing_of (open))
            {
              set_error_at (reader, reader->at, error, _ ("%c closes what %c opened"), *reader->at,
                            open);
              return 0;
            }
          break;
        }
      if (at_any (reader, "[{("))
        {
          if ((below = read_bracket (reader, depth + 1, error)) == 0)
            return 0;
        }
      else
        {
          double number;

          below = 0;
          if (!read_number (reader, &number, error) || !add_number (reader, place, number, error))
            return 0;
        }
      if (levels != 0 && levels != below + 1)
        {
          set_error_at (reader, place, error, _ ("numbers and brackets do not stand side by side"));
          return 0;
        }
      levels = below + 1;
      skip_space (reader);
      if (!skip_text (reader, ",") && !at_any (reader, "]})")
          && (reader->at == reader->end || at_any (reader, ";|")))
        {
          set_error_at (reader, reader->at, error, _ ("the closing %c is missing"),
                        closing_of (open));
          return 0;
        }
    }
  if (levels == 0)
    {
      set_error_at (reader, reader->at, error, _ ("empty brackets"));
      return 0;
    }
  if (levels == 1 && !end_row (reader, error))
    return 0;
  if (levels == 2 && !end_plane (reader, error))
    return 0;
  reader->at++;
  return levels;
}

static gboolean
read_factor (Reader *reader, double *factor, GError **error)
{
  const gboolean divide = at_any (reader, "/");
  const char *place;

  *factor = 1;
  if (!divide && !at_any (reader, "*"))
    return TRUE;
  reader->at++;
  skip_space (reader);
  place = reader->at;
  if (!read_number (reader, factor, error))
    return FALSE;
  if (divide && *factor == 0)
    {
      set_error_at (reader, place, error, _ ("a kernel cannot be divided by 0"));
      return FALSE;
    }
  if (divide)
    *factor = 1 / *factor;
  skip_space (reader);
  return TRUE;
}

/* "dtype=np.float32" and the like, within the parentheses of array(). */
static void
skip_arguments (Reader *reader)
{
  skip_space (reader);
  if (!skip_text (reader, ","))
    return;
  while (reader->at < reader->end && !at_any (reader, ")"))
    {
      skip_space (reader);
      if (!at_any (reader, ")") && reader->at < reader->end)
        reader->at++;
    }
}

/* np.array(…), const float kernel[3][3] = {…};, or nothing: what may stand before the numbers.
 * FALSE if there is a word that is neither. */
static gboolean
read_preamble (Reader *reader, gboolean *call, GError **error)
{
  const char *equals = memchr (reader->at, '=', (gsize) (reader->end - reader->at));
  const char *brace = equals ? equals + 1 : NULL;
  static const char *const calls[] = { "np.array", "numpy.array", "array" };

  *call = FALSE;
  skip_space (reader);
  /* Only a declaration or an assignment has its sign before the first number's bracket. */
  if (brace && g_ascii_isalpha (*reader->at))
    {
      gboolean array_call = FALSE;

      for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
        array_call |= g_str_has_prefix (reader->at, calls[i]);
      while (!array_call && reader->at < brace)
        {
          skip_space (reader);
          if (reader->at < brace)
            reader->at++;
        }
      skip_space (reader);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (calls) && !*call; i++)
    if (skip_text (reader, calls[i]))
      {
        skip_space (reader);
        if (!(*call = skip_text (reader, "(")))
          {
            set_error_at (reader, reader->at, error, _ ("the opening ( of array is missing"));
            return FALSE;
          }
        skip_space (reader);
      }
  return TRUE;
}

static gboolean
read_text (Reader *reader, double *factor, GError **error)
{
  gboolean call;

  if (!read_preamble (reader, &call, error))
    return FALSE;
  if (reader->at >= reader->end)
    {
      set_error_at (reader, reader->at, error,
                    _ ("there are no numbers; a kernel is rows such as 0 -1 0; -1 5 -1; 0 -1 0"));
      return FALSE;
    }
  reader->bracketed = call || at_any (reader, "[{(");
  if (!reader->bracketed)
    return read_lines (reader, error);
  if (!at_any (reader, "[{("))
    {
      set_error_at (reader, reader->at, error, _ ("the opening bracket is missing"));
      return FALSE;
    }

  const int levels = read_bracket (reader, 0, error);
  if (levels == 0 || (levels == 1 && !end_plane (reader, error)))
    return FALSE;
  if (call)
    {
      skip_arguments (reader);
      if (!skip_text (reader, ")"))
        {
          set_error_at (reader, reader->at, error, _ ("the closing %c is missing"), ')');
          return FALSE;
        }
    }
  skip_space (reader);
  if (!read_factor (reader, factor, error))
    return FALSE;
  skip_text (reader, ";");
  skip_space (reader);
  if (reader->at < reader->end)
    {
      g_autofree char *word = word_at (reader, reader->at);
      set_error_at (reader, reader->at, error, _ ("\"%s\" after the end of the kernel"), word);
      return FALSE;
    }
  return TRUE;
}

/* A text from outside that may be looked at. */
static gboolean
check_text (const char *text, gsize length, GError **error)
{
  if (length > RF_KERNEL_MAX_TEXT)
    g_set_error (error, RF_ERROR, RF_ERROR_UNSUPPORTED,
                 _ ("a text of %zu bytes is no kernel; one has at most %d×%d numbers"), length,
                 RF_KERNEL_MAX_SIDE, RF_KERNEL_MAX_SIDE);
  else if (!g_utf8_validate_len (text, length, NULL))
    g_set_error_literal (error, RF_ERROR, RF_ERROR_FORMAT, _ ("line 1: the text is not UTF-8"));
  else
    return TRUE;
  return FALSE;
}

gboolean
rf_kernel_parse (RfKernel *kernel, const char *text, gssize length, GError **error)
{
  const gsize size = length < 0 ? strlen (text) : (gsize) length;
  RfKernel parsed;
  double factor = 1;

  g_return_val_if_fail (kernel != NULL && text != NULL, FALSE);

  if (!check_text (text, size, error))
    return FALSE;
  g_autofree char *copy = g_strndup (text, size);
  g_autofree Reader *reader = g_new0 (Reader, 1);
  reader->at = reader->line_start = copy;
  reader->end = copy + size;
  reader->line = 1;
  reader->width = reader->height = -1;
  if (!read_text (reader, &factor, error))
    return FALSE;
  if (reader->n_planes == 2)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_OPTION,
                           _ ("a kernel has weights for one channel or for three, not for two"));
      return FALSE;
    }

  rf_kernel_init (&parsed, reader->height, reader->width);
  parsed.mode = reader->n_planes == 1 ? RF_KERNEL_SHARED : RF_KERNEL_PER_CHANNEL;
  for (int plane = 0; plane < reader->n_planes; plane++)
    for (int i = 0; i < parsed.height * parsed.width; i++)
      parsed.weights[plane][i] = reader->weights[plane][i] * factor + 0.;
  if (!rf_kernel_check (&parsed, error))
    return FALSE;
  *kernel = parsed;
  return TRUE;
}

gboolean
rf_kernel_parse_number (const char *text, double *number, GError **error)
{
  RfKernel kernel;

  g_return_val_if_fail (text != NULL && number != NULL, FALSE);

  if (!rf_kernel_parse (&kernel, text, -1, error))
    return FALSE;
  if (kernel.height * kernel.width * rf_kernel_n_planes (&kernel) != 1)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_OPTION,
                           _ ("a cell takes one number, such as 0.5 or 1/9"));
      return FALSE;
    }
  *number = kernel.weights[0][0];
  return TRUE;
}
