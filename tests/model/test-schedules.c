/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Schedules against values worked out by hand from torch.optim.lr_scheduler's formulas. */

#include "model/schedules/schedule.h"

#include <math.h>

static RfSpec *
parse (const char *text)
{
  json_t *json = json_loads (text, 0, NULL);
  g_autoptr (GError) error = NULL;
  RfSpec *spec = rf_spec_from_json (json, (const RfSpecClass *const *) rf_schedule_classes,
                                    "training.schedule", &error);
  g_assert_no_error (error);
  json_decref (json);
  return spec;
}

/* Factors of 10 epochs of 10 steps. */
static double
factor_at (const RfSpec *spec, gint64 step)
{
  RfScheduleTime time = { step, 10, 100 };
  return rf_schedule_factor (spec, &time);
}

static void
test_constant (void)
{
  g_autoptr (RfSpec) spec = parse ("{\"type\": \"constant\"}");
  for (gint64 step = 1; step <= 120; step++)
    g_assert_cmpfloat (factor_at (spec, step), ==, 1);
}

static void
test_step (void)
{
  g_autoptr (RfSpec) spec = parse ("{\"type\": \"step\", \"every\": 3, \"factor\": 0.5}");
  g_assert_cmpfloat (factor_at (spec, 1), ==, 1);
  g_assert_cmpfloat (factor_at (spec, 30), ==, 1); /* the last step of the third epoch */
  g_assert_cmpfloat (factor_at (spec, 31), ==, 0.5);
  g_assert_cmpfloat (factor_at (spec, 60), ==, 0.5);
  g_assert_cmpfloat (factor_at (spec, 61), ==, 0.25);
  g_assert_cmpfloat (factor_at (spec, 100), ==, 0.125);
}

static void
test_cosine (void)
{
  g_autoptr (RfSpec) spec = parse ("{\"type\": \"cosine\", \"minimum\": 0.1}");
  g_assert_cmpfloat (factor_at (spec, 1), ==, 1);
  g_assert_cmpfloat_with_epsilon (factor_at (spec, 51), 0.55, 1e-12);
  g_assert_cmpfloat_with_epsilon (factor_at (spec, 26), 0.1 + 0.9 * (2 + sqrt (2)) / 4, 1e-12);
  g_assert_cmpfloat_with_epsilon (factor_at (spec, 101), 0.1, 1e-12);
  g_assert_cmpfloat_with_epsilon (factor_at (spec, 200), 0.1, 1e-12); /* stays there */
}

static void
test_one_cycle (void)
{
  g_autoptr (RfSpec) spec = parse ("{\"type\": \"one_cycle\"}");
  double start = 1 / 25.0, end = 1 / 25.0 / 1e4;
  g_assert_cmpfloat_with_epsilon (factor_at (spec, 1), start, 1e-12);
  g_assert_cmpfloat_with_epsilon (factor_at (spec, 30), 1, 1e-12); /* t = 0.3 · 100 − 1 */
  /* Halfway up at t = 14.5 lie these two symmetrically. */
  g_assert_cmpfloat_with_epsilon (factor_at (spec, 15) + factor_at (spec, 16), 1 + start, 1e-12);
  /* Halfway down at t = 64. */
  g_assert_cmpfloat_with_epsilon (factor_at (spec, 65), (1 + end) / 2, 1e-12);
  g_assert_cmpfloat_with_epsilon (factor_at (spec, 100), end, 1e-12);
  for (gint64 step = 2; step <= 100; step++)
    g_assert_true (step <= 30 ? factor_at (spec, step) > factor_at (spec, step - 1)
                              : factor_at (spec, step) < factor_at (spec, step - 1));
  for (gint64 total = 1; total <= 10; total++)
    for (gint64 step = 1; step <= total; step++)
      {
        RfScheduleTime time = { step, 1, total };
        double factor = rf_schedule_factor (spec, &time);
        g_assert_true (factor >= end * 0.999 && factor <= 1);
      }
}

static void
test_warmup (void)
{
  g_autoptr (RfSpec) constant = parse ("{\"type\": \"constant\", \"warmup_steps\": 4}");
  g_autoptr (RfSpec) cosine = parse ("{\"type\": \"cosine\", \"warmup_steps\": 10}");
  g_autoptr (RfSpec) plain = parse ("{\"type\": \"cosine\"}");
  for (gint64 step = 1; step <= 4; step++)
    g_assert_cmpfloat (factor_at (constant, step), ==, (double) step / 4);
  g_assert_cmpfloat (factor_at (constant, 5), ==, 1);
  g_assert_cmpfloat_with_epsilon (factor_at (cosine, 5), factor_at (plain, 5) / 2, 1e-15);
  g_assert_cmpfloat (factor_at (cosine, 10), ==, factor_at (plain, 10));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schedules/constant", test_constant);
  g_test_add_func ("/schedules/step", test_step);
  g_test_add_func ("/schedules/cosine", test_cosine);
  g_test_add_func ("/schedules/one-cycle", test_one_cycle);
  g_test_add_func ("/schedules/warmup", test_warmup);
  return g_test_run ();
}
