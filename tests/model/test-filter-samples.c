/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sample pictures: any size, always the same, and none of one colour. */
#include <string.h>

#include "model/base/pool.h"
#include "model/filter/samples.h"

static void
test_sizes (void)
{
  static const int sizes[][2] = { { 1, 1 }, { 1, 40 }, { 40, 1 }, { 97, 61 } };
  int n = 0;

  for (const RfSample *sample = rf_samples; sample->name; sample++, n++)
    {
      g_assert_true (rf_sample_find (sample->name) == sample);
      g_assert_true (*sample->title && *sample->summary);
      for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
        {
          const int width = sizes[i][0], height = sizes[i][1];
          g_autofree guint8 *rgb = g_new (guint8, 3 * width * height);
          rf_sample_draw (sample, width, height, rgb);
        }
    }
  g_assert_cmpint (n, >=, 12);
  g_assert_null (rf_sample_find ("lena"));
}

static void
test_content (void)
{
  enum
  {
    width = 120,
    height = 80,
    size = 3 * width * height
  };
  g_autofree guint8 *first = g_new (guint8, size), *again = g_new (guint8, size);
  g_autofree guint8 *last = g_new0 (guint8, size);

  for (const RfSample *sample = rf_samples; sample->name; sample++)
    {
      int low = 255, high = 0;

      g_test_message ("%s", sample->name);
      rf_pool_set_threads (1);
      rf_sample_draw (sample, width, height, first);
      rf_pool_set_threads (2);
      rf_sample_draw (sample, width, height, again);
      g_assert_cmpmem (first, size, again, size);
      for (int i = 0; i < size; i++)
        {
          low = MIN (low, first[i]);
          high = MAX (high, first[i]);
        }
      g_assert_cmpint (high - low, >, 100);
      g_assert_true (memcmp (first, last, size) != 0);
      memcpy (last, first, size);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/filter-samples/sizes", test_sizes);
  g_test_add_func ("/filter-samples/content", test_content);
  return g_test_run ();
}
