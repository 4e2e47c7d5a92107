/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernels as text, for people, NumPy and C. */
#include <math.h>
#include <string.h>

#include "model/base/files.h"
#include "model/filter/kernel.h"

#define MAX_DENOMINATOR 1024

/* A number that six digits say is written so. Of the others, fractions of small numbers are what
 * they were meant as: 1/9, 5/273. */
static void
append_weight (GString *text, double number, gboolean fractions)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (buffer, sizeof buffer, "%.6g", number);
  if (fractions && g_ascii_strtod (buffer, NULL) != number)
    for (int below = 3; below <= MAX_DENOMINATOR; below++)
      {
        const double above = rint (number * below);

        if (above != 0 && fabs (above) <= MAX_DENOMINATOR && above / below == number)
          {
            g_string_append_printf (text, "%d/%d", (int) above, below);
            return;
          }
      }
  rf_append_number (text, number);
}

char *
rf_kernel_number_to_text (double number)
{
  GString *text = g_string_new (NULL);

  append_weight (text, number, TRUE);
  return g_string_free (text, FALSE);
}

typedef struct
{
  const char *before, *after, *plane_before, *plane_after, *between_planes;
  const char *row_before, *row_after, *between_rows, *between, *suffix;
} Style;

static const Style styles[] = {
  [RF_KERNEL_TEXT] = { "", "\n", "", "", " |\n", "", "", "\n", " ", "" },
  [RF_KERNEL_NUMPY] = { "np.array([", "])\n", "[", "]", ",\n", "[", "]", ",\n", ", ", "" },
  [RF_KERNEL_C] = { "{\n", "\n}\n", "{ ", " }", ",\n", "{ ", " }", ",\n", ", ", "f" },
};

/* C reads 5f as no number. */
static void
append_number (GString *text, const Style *style, double number)
{
  const gsize start = text->len;

  append_weight (text, number, style == &styles[RF_KERNEL_TEXT]);
  if (*style->suffix && !strpbrk (text->str + start, ".e"))
    g_string_append (text, ".0");
  g_string_append (text, style->suffix);
}

char *
rf_kernel_format (const RfKernel *kernel, RfKernelFormat format)
{
  const Style *style = &styles[format];
  const int n_planes = rf_kernel_n_planes (kernel);
  GString *text = g_string_new (style->before);

  g_return_val_if_fail (format < G_N_ELEMENTS (styles), NULL);

  for (int plane = 0; plane < n_planes; plane++)
    {
      g_string_append (text, plane > 0 ? style->between_planes : "");
      g_string_append (text, n_planes > 1 ? style->plane_before : "");
      for (int y = 0; y < kernel->height; y++)
        {
          g_string_append (text, y > 0 ? style->between_rows : "");
          g_string_append (text, style->row_before);
          for (int x = 0; x < kernel->width; x++)
            {
              g_string_append (text, x > 0 ? style->between : "");
              append_number (text, style, rf_kernel_get (kernel, plane, y, x));
            }
          g_string_append (text, style->row_after);
        }
      g_string_append (text, n_planes > 1 ? style->plane_after : "");
    }
  g_string_append (text, style->after);
  return g_string_free (text, FALSE);
}
