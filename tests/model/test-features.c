/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking into a network: each view against the plainest way to the same numbers. */

#include "model/base/pool.h"
#include "model/features/adversary.h"
#include "model/features/arithmetic.h"
#include "model/features/disturb.h"
#include "model/features/dream.h"
#include "model/features/importance.h"
#include "model/features/receptive-field.h"
#include "model/losses/loss.h"
#include "tests/model/features-util.h"

#include <math.h>
#include <string.h>

/* ---- receptive fields ---- */

/* What of the input changes the values of a layer: rectangles, one for each place. */
static RfPart *
new_parts (const RfLayer *layer)
{
  const gsize area = (gsize) layer->out.height * (gsize) layer->out.width;
  RfPart *parts = g_new (RfPart, area);
  for (gsize i = 0; i < area; i++)
    parts[i] = (RfPart){ SIDE, 0, SIDE, 0 };
  return parts;
}

static void
enlarge (RfPart *part, int pixel)
{
  part->top = MIN (part->top, pixel / SIDE);
  part->bottom = MAX (part->bottom, pixel / SIDE + 1);
  part->left = MIN (part->left, pixel % SIDE);
  part->right = MAX (part->right, pixel % SIDE + 1);
}

static void
compare_outputs (const RfLayer *layer, const float *before, int pixel, RfPart *parts)
{
  const gsize area = (gsize) layer->out.height * (gsize) layer->out.width;
  for (gsize i = 0; i < RF_SHAPE_COUNT (layer->out); i++)
    if (layer->y[i] != before[i])
      enlarge (&parts[i % area], pixel);
}

static void
check_places (const RfNet *net, const RfLayer *layer, const RfPart *tried)
{
  const int width = layer->out.width;
  for (int i = 0; i < layer->out.height * width; i++)
    {
      RfPart part = { i / width, i / width + 1, i % width, i % width + 1 };
      const RfPart found = tried[i].bottom ? tried[i] : (RfPart){ 0 };
      rf_receptive_field (net, layer, &part);
      g_assert_cmpint (part.top, ==, found.top);
      g_assert_cmpint (part.bottom, ==, found.bottom);
      g_assert_cmpint (part.left, ==, found.left);
      g_assert_cmpint (part.right, ==, found.right);
    }
}

/* By trying every pixel, on the kernels that compute each value from its window alone. */
static void
check_fields (const char *layers)
{
  g_autoptr (RfSpecimen) specimen = new_specimen_on (layers, RF_KERNELS_REFERENCE);
  g_autofree float *image = new_image (1);
  const RfNet *net = rf_specimen_get_net (specimen);
  const guint n = net->layers->len;
  g_autoptr (GPtrArray) before = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  rf_specimen_forward (specimen, image, 1);
  for (guint i = 0; i < n; i++)
    {
      const RfLayer *layer = net->layers->pdata[i];
      g_ptr_array_add (before, g_memdup2 (layer->y, RF_SHAPE_COUNT (layer->out) * sizeof (float)));
      g_ptr_array_add (parts, new_parts (layer));
    }
  for (int pixel = 0; pixel < SIDE * SIDE; pixel++)
    {
      float was[3];
      for (int c = 0; c < 3; c++)
        {
          was[c] = image[c * SIDE * SIDE + pixel];
          image[c * SIDE * SIDE + pixel] += 0.5f;
        }
      rf_specimen_forward (specimen, image, 1);
      for (guint i = 0; i < n; i++)
        compare_outputs (net->layers->pdata[i], before->pdata[i], pixel, parts->pdata[i]);
      for (int c = 0; c < 3; c++)
        image[c * SIDE * SIDE + pixel] = was[c];
    }
  for (guint i = 0; i < n; i++)
    check_places (net, net->layers->pdata[i], parts->pdata[i]);
}

static void
test_receptive_field (void)
{
  check_fields (MIXED);
  check_fields (HOLES);
}

/* Many values see what encloses what each of them sees; those that are not there see nothing. */
static void
test_fields_of_parts (void)
{
  g_autoptr (RfSpecimen) specimen = new_specimen (HOLES);
  const RfNet *net = rf_specimen_get_net (specimen);
  RfPart all = { -3, 100, -3, 100 }, none = { 7, 7, 0, 2 };
  rf_receptive_field (net, get_layer (specimen, 2), &all);
  g_assert_cmpint (all.top, ==, 0);
  g_assert_cmpint (all.bottom, ==, SIDE - 1); /* the stride passes over the last row */
  g_assert_cmpint (all.left, ==, 0);
  g_assert_cmpint (all.right, ==, SIDE - 1);
  rf_receptive_field (net, get_layer (specimen, 2), &none);
  g_assert_cmpint (none.bottom, ==, none.top);
}

/* ---- sums ---- */

static void
test_arithmetic (void)
{
  g_autoptr (RfSpecimen) specimen = new_specimen (MIXED);
  g_autofree float *image = new_image (2);
  const RfNet *net = rf_specimen_get_net (specimen);
  rf_specimen_forward (specimen, image, 1);
  int checked = 0;
  for (guint i = 0; i < net->layers->len; i++)
    {
      const RfLayer *layer = net->layers->pdata[i];
      if (!rf_arithmetic_possible (layer))
        continue;
      for (gsize place = 0; place < RF_SHAPE_COUNT (layer->out); place++)
        {
          g_autoptr (RfArithmetic) sum = rf_arithmetic_new (layer, place);
          g_assert_cmpfloat_with_epsilon (sum->value, layer->y[place], 1e-4);
        }
      checked++;
    }
  g_assert_cmpint (checked, ==, 5);
}

/* What follows a sum: a normalisation and an activation in a residual, up to where branches meet.
 */
static void
test_steps (void)
{
  g_autoptr (RfSpecimen) specimen = new_specimen (MIXED);
  g_autofree float *image = new_image (2);
  rf_specimen_forward (specimen, image, 2);
  const gsize place = 37;
  g_autoptr (RfArithmetic) inside = rf_arithmetic_new (get_layer (specimen, 2), place);
  g_autoptr (RfArithmetic) shortcut = rf_arithmetic_new (get_layer (specimen, 5), place);
  g_autoptr (RfArithmetic) last = rf_arithmetic_new (get_layer (specimen, 11), 2);
  g_assert_cmpuint (inside->n_steps, ==, 2);
  g_assert_cmpstr (inside->steps[0].layer->klass->spec.type, ==, "batchnorm");
  g_assert_cmpstr (inside->steps[1].layer->klass->spec.type, ==, "tanh");
  g_assert_cmpfloat_with_epsilon (inside->steps[1].value, tanh (inside->steps[0].value), 1e-5);
  /* Running statistics of a network that has not learnt: 0 and 1. */
  g_assert_cmpfloat_with_epsilon (inside->steps[0].value, inside->value, 1e-4);
  g_assert_cmpuint (shortcut->n_steps, ==, 0);
  g_assert_cmpuint (last->n_steps, ==, 0);
}

/* ---- gradients ---- */

static double
weigh (const float *values, const float *weights, gsize n)
{
  double sum = 0;
  for (gsize i = 0; i < n; i++)
    sum += (double) values[i] * weights[i];
  return sum;
}

static void
check_pull (RfSpecimen *specimen, const RfLayer *layer, float *image)
{
  const RfNet *net = rf_specimen_get_net (specimen);
  const gsize n = RF_SHAPE_COUNT (layer ? layer->out : net->output);
  g_autofree float *wish = g_new (float, n);
  RfRandom random = rf_random (5, RF_RANDOM_BENCH, 1, 0);
  for (gsize i = 0; i < n; i++)
    wish[i] = rf_random_normal (&random);
  rf_specimen_forward (specimen, image, 1);
  g_autofree float *gradient
      = g_memdup2 (rf_specimen_pull (specimen, 1, layer, wish), PIXELS * sizeof (float));
  for (int pixel = 0; pixel < PIXELS; pixel += 17)
    {
      const float was = image[pixel], step = 1e-2f;
      image[pixel] = was + step;
      const float *logits = rf_specimen_forward (specimen, image, 1);
      const double more = weigh (layer ? layer->y : logits, wish, n);
      image[pixel] = was - step;
      logits = rf_specimen_forward (specimen, image, 1);
      const double less = weigh (layer ? layer->y : logits, wish, n);
      image[pixel] = was;
      g_assert_cmpfloat_with_epsilon (gradient[pixel], (more - less) / (2 * step),
                                      2e-2 * (1 + fabs (gradient[pixel])));
    }
}

static void
test_pull (void)
{
  g_autoptr (RfSpecimen) specimen = new_specimen (MIXED);
  g_autofree float *image = new_image (3);
  const RfNet *net = rf_specimen_get_net (specimen);
  check_pull (specimen, NULL, image);
  for (guint i = 0; i < net->layers->len; i++)
    check_pull (specimen, net->layers->pdata[i], image);
}

/* ---- pictures made for a network ---- */

static float *
run_dream (RfSpecimen *specimen, const RfDreamConfig *config, double *first, double *last)
{
  const float low[] = { -2, -2, -2 }, high[] = { 2, 2, 2 };
  g_autoptr (RfDream) dream = rf_dream_new (config, (RfShape){ 3, SIDE, SIDE }, low, high);
  rf_dream_step (dream, specimen);
  *first = rf_dream_get_value (dream);
  while (!rf_dream_step (dream, specimen))
    ;
  *last = rf_dream_get_value (dream);
  for (int i = 0; i < PIXELS; i++)
    g_assert_cmpfloat (fabsf (rf_dream_get_image (dream)[i]), <=, 2);
  return g_memdup2 (rf_dream_get_image (dream), PIXELS * sizeof (float));
}

static void
test_dream (void)
{
  g_autoptr (RfSpecimen) specimen = new_specimen (MIXED);
  const guint layers[] = { 0, 2, 8, 10 };
  for (guint i = 0; i < G_N_ELEMENTS (layers); i++)
    {
      RfDreamConfig config;
      double first, last;
      rf_dream_config_init (&config, layers[i], 1);
      config.steps = 40;
      g_autofree float *image = run_dream (specimen, &config, &first, &last);
      rf_pool_set_threads (1);
      g_autofree float *again = run_dream (specimen, &config, &first, &last);
      rf_pool_set_threads (3);
      g_assert_cmpfloat (last, >, first);
      g_assert_cmpmem (image, PIXELS * sizeof (float), again, PIXELS * sizeof (float));
      config.seed++;
      g_autofree float *other = run_dream (specimen, &config, &first, &last);
      g_assert_true (memcmp (image, other, PIXELS * sizeof (float)) != 0);
    }
}

/* Outside of its window a unit leaves the picture alone: noise that only decays. */
static void
test_dream_of_place (void)
{
  g_autoptr (RfSpecimen) specimen = new_specimen (MIXED);
  const RfNet *net = rf_specimen_get_net (specimen);
  RfDreamConfig config;
  double first, last;
  RfPart part = { 4, 5, 7, 8 };
  rf_dream_config_init (&config, 0, 2);
  config.steps = 40;
  config.y = 4;
  config.x = 7;
  config.jitter = config.blur = 0;
  g_autofree float *image = run_dream (specimen, &config, &first, &last);
  rf_receptive_field (net, get_layer (specimen, 0), &part);
  double inside = 0, outside = 0;
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      {
        const gboolean seen = y >= part.top && y < part.bottom && x >= part.left && x < part.right;
        double *most = seen ? &inside : &outside;
        *most = fmax (*most, fabsf (image[y * SIDE + x]));
      }
  g_assert_cmpfloat (last, >, first);
  g_assert_cmpfloat (inside, >, 1);
  g_assert_cmpfloat (outside, <, 0.8);
}

/* How much of a picture alternates from pixel to pixel. */
static double
measure_checks (const float *image)
{
  double sum = 0;
  for (int i = 0; i < SIDE * SIDE; i++)
    sum += image[i] * ((i / SIDE + i % SIDE) % 2 ? 1 : -1);
  return fabs (sum) / (SIDE * SIDE);
}

/* A filter that answers to nothing but checks: the low-pass keeps them small. */
static void
test_dream_of_checks (void)
{
  g_autoptr (RfSpecimen) specimen = new_specimen (MIXED);
  RfDreamConfig config;
  double first, last;
  for (int i = 0; i < 3 * 15; i++)
    rf_layer_values (get_layer (specimen, 0), 0)[i] = (i % 15 / 5 + i % 5) % 2 ? 1 : -1;
  rf_dream_config_init (&config, 0, 0);
  config.steps = 60;
  config.jitter = config.blur = 0;
  config.y = config.x = 6;
  g_autofree float *sharp = run_dream (specimen, &config, &first, &last);
  config.blur = 1;
  g_autofree float *soft = run_dream (specimen, &config, &first, &last);
  g_assert_cmpfloat (measure_checks (soft), <, 0.5 * measure_checks (sharp));
}

static float
get_probability (RfSpecimen *specimen, const float *image, int klass)
{
  float probabilities[CLASSES];
  rf_softmax (rf_specimen_forward (specimen, image, 1), CLASSES, probabilities);
  return probabilities[klass];
}

static void
test_adversary (void)
{
  g_autoptr (RfSpecimen) specimen = new_specimen (MIXED);
  g_autofree float *image = new_image (8);
  g_autofree float *out = g_new (float, PIXELS);
  const float epsilon[] = { 0.05f, 0.1f, 0.2f };
  const float low[] = { -1, -1, -1 }, high[] = { 1, 1.5f, 1 };
  rf_adversary (specimen, image, 1, epsilon, NULL, NULL, out);
  g_assert_cmpfloat (get_probability (specimen, out, 1), <, get_probability (specimen, image, 1));
  for (int i = 0; i < PIXELS; i++)
    {
      const float step = fabsf (out[i] - image[i]);
      g_assert_true (step == 0 || fabsf (step - epsilon[i / (SIDE * SIDE)]) < 1e-5);
    }
  rf_adversary (specimen, image, 1, epsilon, low, high, out);
  for (int i = 0; i < PIXELS; i++)
    g_assert_true (out[i] >= low[i / (SIDE * SIDE)] && out[i] <= high[i / (SIDE * SIDE)]);
}

/* A network without any doubt can still be led astray: p = 1 in floats leaves no gradient of the
 * loss, but there is a direction in which it would grow. */
static void
test_adversary_of_certain (void)
{
  g_autoptr (RfSpecimen) specimen = new_specimen (MIXED);
  g_autofree float *image = new_image (8);
  g_autofree float *out = g_new (float, PIXELS);
  const float epsilon[] = { 0.1f, 0.1f, 0.1f };
  rf_layer_values (get_layer (specimen, 11), 1)[1] += 200;
  const float before = rf_specimen_forward (specimen, image, 1)[1];
  g_assert_cmpfloat (get_probability (specimen, image, 1), ==, 1);
  rf_adversary (specimen, image, 1, epsilon, NULL, NULL, out);
  g_assert_cmpfloat (rf_specimen_forward (specimen, out, 1)[1], <, before);
}

/* Of a linear layer's inputs: value times weight, which together with the bias are the logit. */
static void
test_importance (void)
{
  g_autoptr (RfSpecimen) specimen = new_specimen (CAM);
  g_autofree float *image = new_image (9);
  const RfLayer *pool = get_layer (specimen, 3), *linear = get_layer (specimen, 4);
  float importance[6];
  rf_importance (specimen, image, pool, 2, importance);
  double sum = rf_layer_values (linear, 1)[2];
  for (int c = 0; c < 6; c++)
    {
      const double product = pool->y[c] * rf_layer_values (linear, 0)[2 * 6 + c];
      g_assert_cmpfloat_with_epsilon (importance[c], product, 1e-5);
      sum += product;
    }
  g_assert_cmpfloat_with_epsilon (sum, rf_specimen_forward (specimen, image, 1)[2], 1e-5);
}

static void
test_disturbance (void)
{
  const RfShape shape = { 3, SIDE, SIDE };
  g_autofree float *image = new_image (10);
  float out[PIXELS], again[PIXELS];
  rf_disturb (image, shape, &(RfDisturbance){ 0 }, out);
  g_assert_cmpmem (out, sizeof out, image, sizeof out);

  rf_disturb (image, shape, &(RfDisturbance){ .down = 2, .right = -1 }, out);
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      g_assert_cmpfloat (out[y * SIDE + x], ==,
                         image[MAX (y - 2, 0) * SIDE + MIN (x + 1, SIDE - 1)]);

  /* A quarter turn clockwise brings the top to the right. */
  rf_disturb (image, shape, &(RfDisturbance){ .degrees = 90 }, out);
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      g_assert_cmpfloat_with_epsilon (out[x * SIDE + SIDE - 1 - y], image[y * SIDE + x], 1e-4);

  /* The same noise for the same seed, of the deviation that was asked for. */
  const RfDisturbance noisy = { .noise = 0.5, .seed = 4 };
  rf_disturb (image, shape, &noisy, out);
  rf_disturb (image, shape, &noisy, again);
  g_assert_cmpmem (out, sizeof out, again, sizeof again);
  double squares = 0;
  for (int i = 0; i < PIXELS; i++)
    squares += pow (out[i] - image[i], 2) / PIXELS;
  g_assert_cmpfloat_with_epsilon (sqrt (squares), 0.5, 0.06);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/features/receptive-field", test_receptive_field);
  g_test_add_func ("/features/fields-of-parts", test_fields_of_parts);
  g_test_add_func ("/features/arithmetic", test_arithmetic);
  g_test_add_func ("/features/steps", test_steps);
  g_test_add_func ("/features/pull", test_pull);
  g_test_add_func ("/features/dream", test_dream);
  g_test_add_func ("/features/dream-of-place", test_dream_of_place);
  g_test_add_func ("/features/dream-of-checks", test_dream_of_checks);
  g_test_add_func ("/features/adversary", test_adversary);
  g_test_add_func ("/features/adversary-of-certain", test_adversary_of_certain);
  g_test_add_func ("/features/importance", test_importance);
  g_test_add_func ("/features/disturbance", test_disturbance);
  return g_test_run ();
}
