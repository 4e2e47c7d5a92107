/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each update rule against PyTorch's, written out again in double, one weight at a time, over a
 * network with a frozen layer, penalties, a rate of its own, and a parameter of several chunks. */

#include "model/optimizers/optimizer.h"
#include "model/base/pool.h"
#include "tests/test-util.h"

#include <math.h>

#define N_STEPS 25
#define LAYERS                                                                                     \
  "{\"type\": \"linear\", \"units\": 210, \"l1\": 0.003, \"l2\": 0.02},"                           \
  "{\"type\": \"linear\", \"units\": 5, \"frozen\": true},"                                        \
  "{\"type\": \"linear\", \"units\": 4, \"lr_scale\": 0.3}"

typedef struct
{
  double rate, decay, momentum, alpha, beta1, beta2, eps;
} Options;

/* One weight by the rules of torch.optim 1.13; m and v are what it remembers. */
typedef void (*Rule) (const Options *o, double rate, int t, double *w, double g, double *m,
                      double *v);

static void
sgd (const Options *o, double rate, int t, double *w, double g, double *m, double *v)
{
  g += o->decay * *w;
  if (o->momentum != 0)
    {
      *m = t == 1 ? g : o->momentum * *m + g;
      g = *m;
    }
  *w -= rate * g;
}

static void
nesterov (const Options *o, double rate, int t, double *w, double g, double *m, double *v)
{
  g += o->decay * *w;
  *m = t == 1 ? g : o->momentum * *m + g;
  *w -= rate * (g + o->momentum * *m);
}

static void
rmsprop (const Options *o, double rate, int t, double *w, double g, double *m, double *v)
{
  g += o->decay * *w;
  *v = o->alpha * *v + (1 - o->alpha) * g * g;
  *m = o->momentum * *m + g / (sqrt (*v) + o->eps);
  *w -= rate * *m;
}

static void
adam (const Options *o, double rate, int t, double *w, double g, double *m, double *v)
{
  g += o->decay * *w;
  *m = o->beta1 * *m + (1 - o->beta1) * g;
  *v = o->beta2 * *v + (1 - o->beta2) * g * g;
  double denominator = sqrt (*v) / sqrt (1 - pow (o->beta2, t)) + o->eps;
  *w -= rate / (1 - pow (o->beta1, t)) * *m / denominator;
}

static void
adamw (const Options *o, double rate, int t, double *w, double g, double *m, double *v)
{
  Options without = *o;
  without.decay = 0;
  *w *= 1 - rate * o->decay;
  adam (&without, rate, t, w, g, m, v);
}

static void
adagrad (const Options *o, double rate, int t, double *w, double g, double *m, double *v)
{
  g += o->decay * *w;
  *v += g * g;
  *w -= rate * g / (sqrt (*v) + o->eps);
}

static const struct
{
  const char *name, *json;
  Rule rule;
  Options options;
} cases[] = {
  { "sgd", "{\"type\": \"sgd\", \"learning_rate\": 0.1}", sgd, { .rate = 0.1 } },
  { "sgd-momentum",
    "{\"type\": \"sgd\", \"learning_rate\": 0.05, \"momentum\": 0.9, \"weight_decay\": 0.01}",
    sgd,
    { .rate = 0.05, .momentum = 0.9, .decay = 0.01 } },
  { "sgd-nesterov",
    "{\"type\": \"sgd\", \"learning_rate\": 0.05, \"momentum\": 0.8, \"nesterov\": true,"
    "\"weight_decay\": 0.01}",
    nesterov,
    { .rate = 0.05, .momentum = 0.8, .decay = 0.01 } },
  { "rmsprop",
    "{\"type\": \"rmsprop\", \"weight_decay\": 0.01, \"eps\": 0.001}",
    rmsprop,
    { .rate = 0.01, .alpha = 0.99, .eps = 1e-3, .decay = 0.01 } },
  { "rmsprop-momentum",
    "{\"type\": \"rmsprop\", \"learning_rate\": 0.002, \"alpha\": 0.9, \"momentum\": 0.7}",
    rmsprop,
    { .rate = 0.002, .alpha = 0.9, .eps = 1e-8, .momentum = 0.7 } },
  { "adam",
    "{\"type\": \"adam\", \"weight_decay\": 0.1, \"eps\": 0.01}",
    adam,
    { .rate = 0.001, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-2, .decay = 0.1 } },
  { "adamw",
    "{\"type\": \"adamw\", \"learning_rate\": 0.01, \"beta1\": 0.8, \"beta2\": 0.95,"
    "\"weight_decay\": 0.1}",
    adamw,
    { .rate = 0.01, .beta1 = 0.8, .beta2 = 0.95, .eps = 1e-8, .decay = 0.1 } },
  { "adagrad",
    "{\"type\": \"adagrad\", \"weight_decay\": 0.01}",
    adagrad,
    { .rate = 0.01, .eps = 1e-10, .decay = 0.01 } },
};

static RfNet *
make_net (const char *optimizer, const char *l1_rule)
{
  g_autofree char *text = g_strdup_printf (
      "{\"dataset\": {\"id\": \"shapes\"}, \"network\": {\"input\": [100, 1, 1], \"layers\":"
      "[{\"type\": \"flatten\"}, %s]}, \"training\": {\"optimizer\": %s, \"batch_size\": 4,"
      "\"epochs\": 1, \"l1_rule\": \"%s\"}}",
      LAYERS, optimizer, l1_rule);
  g_autoptr (GError) error = NULL;
  g_autoptr (RfExperiment) experiment = rf_experiment_parse (text, -1, "test", "/", NULL, &error);
  g_assert_no_error (error);
  RfNet *net = rf_net_new (experiment, (RfShape){ 0 }, RF_KERNELS_PLAIN, &error);
  g_assert_no_error (error);
  rf_net_plan (net, 4, TRUE, &error);
  g_assert_no_error (error);
  rf_net_reset (net, 1);
  net->weights[0] = 0; /* |w| has the derivative 0 here */
  return net;
}

static RfOptimizer *
make_optimizer (RfNet *net)
{
  g_autoptr (GError) error = NULL;
  RfOptimizer *optimizer = rf_optimizer_new (net, net->experiment->training.optimizer, &error);
  g_assert_no_error (error);
  return optimizer;
}

static float
gradient (int step, gsize i)
{
  return (float) sin ((double) i * 0.37 + step * 1.1) * 0.5f;
}

static void
update (RfNet *net, RfOptimizer *optimizer, int step, double factor)
{
  for (gsize i = 0; i < net->n_weights; i++)
    net->gradients[i] = gradient (step, i);
  rf_pool_enter (RF_POOL_TRAIN);
  rf_optimizer_step (optimizer, net->experiment, factor);
  rf_pool_leave ();
}

static void
test_rule (gconstpointer data)
{
  const typeof (cases[0]) *c = data;
  g_autoptr (RfNet) net = make_net (c->json, "gradient");
  g_autoptr (RfOptimizer) optimizer = make_optimizer (net);
  g_autofree double *w = g_new (double, net->n_weights);
  g_autofree double *m = g_new0 (double, net->n_weights);
  g_autofree double *v = g_new0 (double, net->n_weights);
  for (gsize i = 0; i < net->n_weights; i++)
    w[i] = net->weights[i];

  for (int step = 1; step <= N_STEPS; step++)
    {
      double factor = 1 - step / 100.0;
      update (net, optimizer, step, factor);
      for (guint p = 0; p < net->n_params; p++)
        {
          const RfParam *param = &net->params[p];
          const RfWeightOptions *options = rf_layer_weight_options (param->layer);
          gboolean weight = param->kind == RF_PARAM_WEIGHT;
          for (gsize i = param->offset; i < param->offset + param->count && !options->frozen; i++)
            {
              double sign = (w[i] > 0) - (w[i] < 0);
              double penalty = weight ? options->l1 * sign + 2 * options->l2 * w[i] : 0;
              c->rule (&c->options, c->options.rate * factor * options->lr_scale, step, &w[i],
                       gradient (step, i) + penalty, &m[i], &v[i]);
            }
        }
    }

  for (guint p = 0; p < net->n_params; p++)
    for (gsize i = net->params[p].offset; i < net->params[p].offset + net->params[p].count; i++)
      {
        double error = fabs (net->weights[i] - w[i]);
        if (!(error <= 2e-5))
          g_error ("%s [%" G_GSIZE_FORMAT "]: %.9g, expected %.9g", net->params[p].name, i,
                   net->weights[i], w[i]);
      }
}

/* Frozen: neither weights nor state nor the count of steps. */
static void
test_frozen (void)
{
  g_autoptr (RfNet) net = make_net ("{\"type\": \"adam\"}", "gradient");
  g_autoptr (RfOptimizer) optimizer = make_optimizer (net);
  const RfParam *frozen = &net->params[2];
  g_autofree float *before
      = g_memdup2 (net->weights + frozen->offset, frozen->count * sizeof (float));

  g_assert_true (rf_layer_weight_options (frozen->layer)->frozen);
  for (int step = 1; step <= 3; step++)
    update (net, optimizer, step, 1);
  g_assert_cmpmem (before, frozen->count * sizeof (float), net->weights + frozen->offset,
                   frozen->count * sizeof (float));
  g_autoptr (GArray) tensors = rf_optimizer_tensors (optimizer);
  guint n_found = 0;
  for (guint i = 0; i < tensors->len; i++)
    {
      const RfTensor *tensor = &g_array_index (tensors, RfTensor, i);
      gboolean of_frozen = g_str_has_suffix (tensor->name, "/2.weight");
      if (g_str_has_prefix (tensor->name, "step/"))
        {
          gboolean moves = !g_str_has_prefix (tensor->name, "step/2.");
          g_assert_cmpint (*(const gint64 *) tensor->data, ==, moves ? 3 : 0);
          n_found++;
        }
      else if (of_frozen)
        for (gsize v = 0; v < tensor->count; v++)
          g_assert_cmpfloat (((const float *) tensor->data)[v], ==, 0);
    }
  g_assert_cmpuint (n_found, ==, net->n_params);
}

/* Soft threshold: small weights become exact zeros, others come closer by rate · l1; biases do not.
 */
static void
test_proximal (void)
{
  g_autoptr (RfNet) net = make_net ("{\"type\": \"sgd\", \"learning_rate\": 2}", "proximal");
  g_autoptr (RfOptimizer) optimizer = make_optimizer (net);
  const RfWeightOptions *options = rf_layer_weight_options (net->params[0].layer);
  const RfParam *weight = &net->params[0], *bias = &net->params[1];
  g_autofree float *before = g_memdup2 (net->weights, net->n_weights * sizeof (float));
  gsize n_zeros = 0, n_others = 0;
  double threshold = 2 * 0.5 * options->l1, shrink = 1 - 2 * 2 * 0.5 * options->l2;

  memset (net->gradients, 0, net->n_weights * sizeof (float));
  rf_pool_enter (RF_POOL_TRAIN);
  rf_optimizer_step (optimizer, net->experiment, 0.5);
  rf_pool_leave ();
  for (gsize i = weight->offset; i < weight->offset + weight->count; i++)
    {
      double w = before[i] * shrink;
      double expected = fabs (w) <= threshold ? 0 : w - copysign (threshold, w);
      g_assert_cmpfloat_with_epsilon (net->weights[i], expected, 1e-7);
      n_zeros += net->weights[i] == 0;
      n_others += net->weights[i] != 0;
    }
  g_assert_cmpuint (n_zeros, >, 100);
  g_assert_cmpuint (n_others, >, 100);
  for (gsize i = bias->offset; i < bias->offset + bias->count; i++)
    g_assert_cmpfloat (net->weights[i], ==, before[i]);

  net->weights[weight->offset] = NAN;
  update (net, optimizer, 2, 1);
  g_assert_true (isnan (net->weights[weight->offset]));
}

/* A state that was saved and loaded goes on to the same bytes; one that does not fit is refused. */
static void
test_state (void)
{
  char *folder = rf_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "state.safetensors", NULL);
  g_autoptr (RfNet) net = make_net ("{\"type\": \"adam\"}", "gradient");
  g_autoptr (RfNet) copy = make_net ("{\"type\": \"adam\"}", "gradient");
  g_autoptr (RfNet) other = make_net ("{\"type\": \"adagrad\"}", "gradient");
  g_autoptr (RfOptimizer) optimizer = make_optimizer (net);
  g_autoptr (RfOptimizer) loaded = make_optimizer (copy);
  g_autoptr (RfOptimizer) unfit = make_optimizer (other);
  g_autoptr (GError) error = NULL;

  for (int step = 1; step <= 3; step++)
    update (net, optimizer, step, 1);
  g_autoptr (GArray) tensors = rf_optimizer_tensors (optimizer);
  rf_safetensors_write (path, (const RfTensor *) tensors->data, tensors->len, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (RfSafetensors) file = rf_safetensors_open (path, &error);
  g_assert_no_error (error);
  g_assert_true (rf_optimizer_load (loaded, file, NULL));
  memcpy (copy->weights, net->weights, net->n_weights * sizeof (float));
  for (int step = 4; step <= 6; step++)
    {
      update (net, optimizer, step, 1);
      update (copy, loaded, step, 1);
    }
  g_assert_cmpmem (copy->weights, copy->n_weights * sizeof (float), net->weights,
                   net->n_weights * sizeof (float));

  g_assert_false (rf_optimizer_load (unfit, file, &error));
  g_assert_nonnull (strstr (error->message, "square_sum/1.weight"));
  rf_test_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strconcat ("/optimizers/", cases[i].name, NULL);
      g_test_add_data_func (name, &cases[i], test_rule);
    }
  g_test_add_func ("/optimizers/frozen", test_frozen);
  g_test_add_func ("/optimizers/proximal", test_proximal);
  g_test_add_func ("/optimizers/state", test_state);
  return g_test_run ();
}
