/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Augmentations: what they may do to a picture, how often, and that they depend on nothing but
 * (seed, epoch, row). */
#include <string.h>

#include "model/augment/augment.h"

#define H 5
#define W 7
#define N (2 * H * W)

static const RfShape shape = { 2, H, W };

static GPtrArray *
make_list (const char *first, const char *second)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_spec_free);
  const char *const texts[] = { first, second };
  for (guint i = 0; i < 2 && texts[i]; i++)
    {
      g_autoptr (GError) error = NULL;
      json_t *json = json_loads (texts[i], 0, NULL);
      RfSpec *spec = rf_spec_from_json (json, (const RfSpecClass *const *) rf_augment_classes,
                                        "training.augment[0]", &error);
      g_assert_no_error (error);
      g_ptr_array_add (list, spec);
      json_decref (json);
    }
  return list;
}

/* Values from 1 on, so that zeros are what a crop filled in. */
static void
make_image (float *image)
{
  for (int i = 0; i < N; i++)
    image[i] = (float) (i + 1);
}

static void
apply (const GPtrArray *list, guint64 seed, gint64 epoch, guint32 row, float *image)
{
  float scratch[N];
  make_image (image);
  rf_augment_apply (list, seed, epoch, row, shape, image, scratch);
}

static void
assert_shifted (const float *image, int down, int right)
{
  for (int c = 0; c < 2; c++)
    for (int y = 0; y < H; y++)
      for (int x = 0; x < W; x++)
        {
          int from_y = y + down, from_x = x + right;
          gboolean inside = from_y >= 0 && from_y < H && from_x >= 0 && from_x < W;
          float expected = inside ? (float) ((c * H + from_y) * W + from_x + 1) : 0;
          g_assert_cmpfloat (image[(c * H + y) * W + x], ==, expected);
        }
}

static void
test_flip (void)
{
  g_autoptr (GPtrArray) list = make_list ("{\"type\": \"flip\", \"probability\": 0.25}", NULL);
  int n_flipped = 0;
  for (guint32 row = 0; row < 4000; row++)
    {
      float image[N];
      apply (list, 1, 1, row, image);
      gboolean flipped = image[0] == W;
      n_flipped += flipped;
      for (int i = 0; i < N; i++)
        g_assert_cmpfloat (image[i], ==,
                           (float) (flipped ? i / W * W + (W - 1 - i % W) + 1 : i + 1));
    }
  /* Binomial: deviation 27. */
  g_assert_cmpint (ABS (n_flipped - 1000), <, 140);
}

static void
test_flip_ends (void)
{
  g_autoptr (GPtrArray) never = make_list ("{\"type\": \"flip\", \"probability\": 0}", NULL);
  g_autoptr (GPtrArray) always = make_list ("{\"type\": \"flip\", \"probability\": 1}", NULL);
  for (guint32 row = 0; row < 500; row++)
    {
      float image[N];
      apply (never, 1, 1, row, image);
      g_assert_cmpfloat (image[0], ==, 1);
      apply (always, 1, 1, row, image);
      g_assert_cmpfloat (image[0], ==, W);
    }
}

/* Each of the (2·padding + 1)² shifts comes, as often as the others. */
static void
check_crop (int padding)
{
  g_autofree char *text = g_strdup_printf ("{\"type\": \"crop\", \"padding\": %d}", padding);
  g_autoptr (GPtrArray) list = make_list (text, NULL);
  int n_shifts = 2 * padding + 1;
  g_autofree int *counts = g_new0 (int, n_shifts *n_shifts);
  for (guint32 row = 0; row < (guint32) (n_shifts * n_shifts * 100); row++)
    {
      float image[N];
      apply (list, 7, 3, row, image);
      RfRandom random = rf_random (7, RF_RANDOM_AUGMENT, 3, row);
      int down = (int) rf_random_below (&random, (guint32) n_shifts) - padding;
      int right = (int) rf_random_below (&random, (guint32) n_shifts) - padding;
      assert_shifted (image, down, right);
      counts[(down + padding) * n_shifts + right + padding]++;
    }
  for (int i = 0; i < n_shifts * n_shifts; i++)
    {
      g_assert_cmpint (counts[i], >, 50);
      g_assert_cmpint (counts[i], <, 150);
    }
}

static void
test_crop (void)
{
  check_crop (0);
  check_crop (2);
  check_crop (6); /* more than the picture is high: all black is possible */
}

static void
test_function (void)
{
  g_autoptr (GPtrArray) list
      = make_list ("{\"type\": \"flip\"}", "{\"type\": \"crop\", \"padding\": 3}");
  float a[N], b[N];
  int n_same[3] = { 0 };
  for (guint32 row = 0; row < 500; row++)
    {
      apply (list, 5, 2, row, a);
      apply (list, 5, 2, row, b);
      g_assert_cmpmem (a, sizeof a, b, sizeof b);
      apply (list, 6, 2, row, b);
      n_same[0] += memcmp (a, b, sizeof a) == 0;
      apply (list, 5, 3, row, b);
      n_same[1] += memcmp (a, b, sizeof a) == 0;
      apply (list, 5, 2, row + 1, b);
      n_same[2] += memcmp (a, b, sizeof a) == 0;
    }
  for (int i = 0; i < 3; i++) /* one in 98 by chance */
    g_assert_cmpint (n_same[i], <, 25);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/augment/flip", test_flip);
  g_test_add_func ("/augment/flip-ends", test_flip_ends);
  g_test_add_func ("/augment/crop", test_crop);
  g_test_add_func ("/augment/function", test_function);
  return g_test_run ();
}
