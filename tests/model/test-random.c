/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Philox against the vectors published with Random123, and the shapes of what is drawn from it. */

#include <math.h>
#include <string.h>

#include "model/base/random.h"

static void
test_known_answers (void)
{
  static const struct
  {
    guint32 counter[4], key[2], want[4];
  } vectors[] = {
    { { 0 }, { 0 }, { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
    { { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
      { 0xffffffff, 0xffffffff },
      { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
    { { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 },
      { 0xa4093822, 0x299f31d0 },
      { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      guint32 got[4];

      rf_random_block (vectors[i].key, vectors[i].counter, got);
      g_assert_cmpmem (got, sizeof got, vectors[i].want, sizeof got);
    }
}

/* Streams that differ in one thing share no number among their first. */
static void
test_streams (void)
{
  const guint64 far = (G_GUINT64_CONSTANT (1) << 40) + 5;
  RfRandom streams[] = {
    rf_random (1, RF_RANDOM_SHUFFLE, 5, 5),   rf_random (2, RF_RANDOM_SHUFFLE, 5, 5),
    rf_random (1, RF_RANDOM_AUGMENT, 5, 5),   rf_random (1, RF_RANDOM_SHUFFLE, 6, 5),
    rf_random (1, RF_RANDOM_SHUFFLE, 5, 6),   rf_random (1, RF_RANDOM_SHUFFLE, far, 5),
    rf_random (1, RF_RANDOM_SHUFFLE, 5, far), rf_random (1 + (far << 20), RF_RANDOM_SHUFFLE, 5, 5),
  };
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  RfRandom again = rf_random (1, RF_RANDOM_SHUFFLE, 5, 5);
  RfRandom first = streams[0];

  for (int i = 0; i < 10; i++)
    g_assert_cmpuint (rf_random_uint32 (&first), ==, rf_random_uint32 (&again));
  for (gsize i = 0; i < G_N_ELEMENTS (streams); i++)
    for (int j = 0; j < 100; j++)
      g_assert_true (g_hash_table_add (seen, GUINT_TO_POINTER (rf_random_uint32 (&streams[i]))));
}

static void
test_below (void)
{
  RfRandom random = rf_random (3, RF_RANDOM_BENCH, 0, 0);
  int counts[6] = { 0 };

  for (int i = 0; i < 60000; i++)
    {
      guint32 below = rf_random_below (&random, 6);

      g_assert_cmpuint (below, <, 6);
      counts[below]++;
    }
  for (int i = 0; i < 6; i++)
    g_assert_cmpint (ABS (counts[i] - 10000), <, 500); /* more than five deviations */
  g_assert_cmpuint (rf_random_below (&random, 1), ==, 0);
}

static void
test_moments (void)
{
  const int n = 200000;
  RfRandom random = rf_random (4, RF_RANDOM_BENCH, 0, 0);
  double uniform = 0, normal = 0, squares = 0;

  for (int i = 0; i < n; i++)
    {
      float u = rf_random_uniform (&random), between = rf_random_between (&random, -3, 5);
      float z = rf_random_normal (&random);

      g_assert_true (u >= 0 && u < 1);
      g_assert_true (between >= -3 && between <= 5);
      g_assert_true (isfinite (z));
      uniform += u;
      normal += z;
      squares += (double) z * z;
    }
  g_assert_true (fabs (uniform / n - 0.5) < 5 * 0.2887 / sqrt (n));
  g_assert_true (fabs (normal / n) < 5 / sqrt (n));
  g_assert_true (fabs (squares / n - 1) < 5 * sqrt (2.0 / n));
}

static void
test_shuffle (void)
{
  enum
  {
    N = 100
  };
  RfRandom random = rf_random (5, RF_RANDOM_SHUFFLE, 1, 0);
  guint32 items[N];
  gboolean seen[N] = { FALSE };
  int moved = 0;

  for (guint32 i = 0; i < N; i++)
    items[i] = i;
  rf_random_shuffle (&random, items, N);
  for (guint32 i = 0; i < N; i++)
    {
      g_assert_cmpuint (items[i], <, N);
      g_assert_false (seen[items[i]]);
      seen[items[i]] = TRUE;
      moved += items[i] != i;
    }
  g_assert_cmpint (moved, >, N * 9 / 10);
  rf_random_shuffle (&random, items, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/random/known-answers", test_known_answers);
  g_test_add_func ("/random/streams", test_streams);
  g_test_add_func ("/random/below", test_below);
  g_test_add_func ("/random/moments", test_moments);
  g_test_add_func ("/random/shuffle", test_shuffle);
  return g_test_run ();
}
