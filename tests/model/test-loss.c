/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loss against sums written out by hand, its gradient against differences. */
#include "model/losses/loss.h"

#include <math.h>

static RfLossResult
cross_entropy (const float *logits, const gint32 *labels, int n, int classes, double smoothing,
               float *d_logits)
{
  g_assert_cmpstr (rf_loss_classes[0]->type, ==, "cross_entropy");
  return rf_loss_classes[0]->compute (logits, labels, n, classes, smoothing, d_logits);
}

static void
test_values (void)
{
  const float logits[] = { 1, 2, 3, 0.5f, 0.5f, -1 };
  const gint32 labels[] = { 2, 1 };
  double first = log (exp (1) + exp (2) + exp (3)), second = log (2 * exp (0.5) + exp (-1));
  RfLossResult result = cross_entropy (logits, labels, 2, 3, 0, NULL);
  g_assert_cmpfloat_with_epsilon (result.loss, (first - 3 + second - 0.5) / 2, 1e-12);
  g_assert_cmpint (result.right, ==, 1); /* of equal logits the first is the answer */
  g_assert_cmpint (result.right_top5, ==, 2);

  double smooth = 0.9 * (first - 3) + 0.1 / 3 * (3 * first - 6);
  result = cross_entropy (logits, labels, 1, 3, 0.1, NULL);
  g_assert_cmpfloat_with_epsilon (result.loss, smooth, 1e-12);
}

static void
test_top5 (void)
{
  const float logits[] = { 7, 6, 5, 4, 3, 2, 1 };
  for (gint32 label = 0; label < 7; label++)
    {
      RfLossResult result = cross_entropy (logits, &label, 1, 7, 0, NULL);
      g_assert_cmpint (result.right, ==, label == 0);
      g_assert_cmpint (result.right_top5, ==, label < 5);
    }
}

static void
test_gradient (void)
{
  float logits[] = { 0.3f, -1.2f, 2, 0.7f, 1.1f, 0, -0.4f, 3, 0.2f, 0.1f, 0.9f, -2 };
  const gint32 labels[] = { 0, 3, 1 };
  float d_logits[12], unused[12];
  for (double smoothing = 0; smoothing < 0.4; smoothing += 0.15)
    {
      cross_entropy (logits, labels, 3, 4, smoothing, d_logits);
      for (int i = 0; i < 12; i++)
        {
          float old = logits[i], above = old + 1e-3f, below = old - 1e-3f;
          logits[i] = above;
          double high = cross_entropy (logits, labels, 3, 4, smoothing, unused).loss;
          logits[i] = below;
          double low = cross_entropy (logits, labels, 3, 4, smoothing, NULL).loss;
          logits[i] = old;
          g_assert_cmpfloat_with_epsilon (d_logits[i], (high - low) / ((double) above - below),
                                          1e-6);
        }
    }
}

/* Logits as large as floats get: exp() must not overflow. */
static void
test_large (void)
{
  const float logits[] = { 3e38f, -3e38f, 0 };
  gint32 label = 0;
  float d_logits[3], p[3];
  RfLossResult result = cross_entropy (logits, &label, 1, 3, 0, d_logits);
  g_assert_cmpfloat (result.loss, ==, 0);
  label = 1;
  result = cross_entropy (logits, &label, 1, 3, 0, d_logits);
  g_assert_cmpfloat_with_epsilon (result.loss, 6e38, 1e32);
  g_assert_cmpfloat (d_logits[0], ==, 1);
  g_assert_cmpfloat (d_logits[1], ==, -1);
  rf_softmax (logits, 3, p);
  g_assert_cmpfloat (p[0], ==, 1);
  g_assert_cmpfloat (p[1], ==, 0);
}

static void
test_not_finite (void)
{
  const float bad[] = { NAN, INFINITY, -INFINITY };
  for (int i = 0; i < 3; i++)
    for (int place = 0; place < 3; place++)
      {
        float logits[] = { 1, 2, 3, 1, 2, 3 }, d_logits[6];
        const gint32 labels[] = { 2, 1 };
        logits[3 + place] = bad[i];
        RfLossResult result = cross_entropy (logits, labels, 2, 3, 0.1, d_logits);
        g_assert_false (isfinite (result.loss));
        g_assert_cmpint (result.right, ==, 1);
        result = cross_entropy (logits, labels, 2, 3, 0, NULL);
        g_assert_false (isfinite (result.loss));
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/loss/values", test_values);
  g_test_add_func ("/loss/top5", test_top5);
  g_test_add_func ("/loss/gradient", test_gradient);
  g_test_add_func ("/loss/large", test_large);
  g_test_add_func ("/loss/not-finite", test_not_finite);
  return g_test_run ();
}
