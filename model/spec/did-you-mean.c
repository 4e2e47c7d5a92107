/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The name that a mistyped word was meant to be: the one with the fewest insertions, deletions,
 * substitutions and swaps of neighbours (optimal string alignment), letter case aside. */
#include "model/spec/spec.h"

#include <string.h>

#define LONGEST 48

static guint
distance (const char *a, const char *b)
{
  gsize n = strlen (a), m = strlen (b);
  guint rows[3][LONGEST + 1];

  for (gsize j = 0; j <= m; j++)
    rows[0][j] = j;
  for (gsize i = 1; i <= n; i++)
    {
      guint *row = rows[i % 3], *above = rows[(i + 2) % 3], *second_above = rows[(i + 1) % 3];
      row[0] = i;
      for (gsize j = 1; j <= m; j++)
        {
          char p = g_ascii_tolower (a[i - 1]), q = g_ascii_tolower (b[j - 1]);
          row[j] = MIN (MIN (above[j], row[j - 1]) + 1, above[j - 1] + (p != q));
          if (i > 1 && j > 1 && p == g_ascii_tolower (b[j - 2]) && q == g_ascii_tolower (a[i - 2]))
            row[j] = MIN (row[j], second_above[j - 2] + 1);
        }
    }
  return rows[n % 3][m];
}

const char *
rf_did_you_mean (const char *word, const char *const *names)
{
  gsize length = strlen (word);
  const char *nearest = NULL;
  guint least = (length + 2) / 3 + 1;

  if (length == 0 || length > LONGEST)
    return NULL;
  for (guint i = 0; names[i]; i++)
    {
      guint changes = strlen (names[i]) <= LONGEST ? distance (word, names[i]) : G_MAXUINT;
      if (changes < least)
        {
          least = changes;
          nearest = names[i];
        }
    }
  return nearest;
}
