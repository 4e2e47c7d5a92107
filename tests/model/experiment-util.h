/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Experiments as texts, for tests: a small sound one with places to put something else, and one
 * with everything in it. */

#include "model/experiment/experiment.h"

#define DATASET                                "\"dataset\": {\"id\": \"shapes\"}"
#define NETWORK                                "\"network\": {\"layers\": [{\"type\": \"flatten\"}]}"
#define OPTIMIZER                              "\"optimizer\": {\"type\": \"sgd\", \"learning_rate\": 0.1}"
#define TRAINING                               "\"training\": {" OPTIMIZER "}"
#define EXPERIMENT(dataset, network, training) "{" dataset ", " network ", " training "}"
#define WITH_DATASET(members)                                                                      \
  EXPERIMENT ("\"dataset\": {\"id\": \"shapes\", " members "}", NETWORK, TRAINING)
#define WITH_NETWORK(members) EXPERIMENT (DATASET, "\"network\": {" members "}", TRAINING)
#define WITH_INPUT(input)     WITH_NETWORK ("\"input\": " input ", \"layers\": [{\"type\": \"relu\"}]")
#define WITH_LAYER(layer)     WITH_NETWORK ("\"layers\": [{\"type\": \"relu\"}, {" layer "}]")
#define WITH_TRAINING(members)                                                                     \
  EXPERIMENT (DATASET, NETWORK, "\"training\": {" OPTIMIZER ", " members "}")
#define MINIMAL EXPERIMENT (DATASET, NETWORK, TRAINING)

/* Everything, in the order it is written in. */
static const char full_experiment[]
    = "{\n"
      "  \"receptive\": 1,\n"
      "  \"name\": \"small CNN, \\\"größer\\\"\",\n"
      "  \"dataset\": {\n"
      "    \"safetensors\": \"data/x.safetensors\",\n"
      "    \"seed\": 3,\n"
      "    \"limit\": 1000,\n"
      "    \"validation_fraction\": 0.1,\n"
      "    \"test_fraction\": 0.2,\n"
      "    \"normalize\": {\"mean\": [0.5, -1, 1e-05], \"deviation\": [0.25, 1, 333.333333]},\n"
      "    \"fingerprint\": \"sha256:0123\"\n"
      "  },\n"
      "  \"network\": {\n"
      "    \"input\": [3, 32, 32],\n"
      "    \"initial_weights\": \"init.safetensors\",\n"
      "    \"layers\": [\n"
      "      {\"type\": \"conv2d\", \"filters\": 32, \"kernel\": [3, 5], \"stride\": 1, "
      "\"padding\": [1, 2], \"dilation\": 1, \"groups\": 1, \"bias\": true, \"l1\": 0, "
      "\"l2\": 0.0005, \"init\": \"he\", \"lr_scale\": 0.1, \"frozen\": false},\n"
      "      {\n"
      "        \"type\": \"residual\",\n"
      "        \"layers\": [\n"
      "          {\"type\": \"relu\"},\n"
      "          {\"type\": \"dropout\", \"rate\": 0.25}\n"
      "        ],\n"
      "        \"shortcut\": [\n"
      "          {\"type\": \"spatial_dropout\", \"rate\": 0.5}\n"
      "        ]\n"
      "      },\n"
      "      {\"type\": \"maxpool\", \"size\": 2, \"stride\": 2, \"padding\": 0},\n"
      "      {\"type\": \"flatten\"}\n"
      "    ]\n"
      "  },\n"
      "  \"training\": {\n"
      "    \"optimizer\": {\"type\": \"sgd\", \"learning_rate\": 0.05, \"momentum\": 0.9, "
      "\"nesterov\": false, \"weight_decay\": 0},\n"
      "    \"batch_size\": 64,\n"
      "    \"epochs\": 3,\n"
      "    \"seed\": 9007199254740991,\n"
      "    \"shuffle\": false,\n"
      "    \"label_smoothing\": 0.1,\n"
      "    \"l1_rule\": \"proximal\",\n"
      "    \"schedule\": {\"type\": \"constant\", \"warmup_steps\": 10},\n"
      "    \"augment\": [\n"
      "      {\"type\": \"flip\", \"probability\": 0.5},\n"
      "      {\"type\": \"crop\", \"padding\": 4}\n"
      "    ]\n"
      "  },\n"
      "  \"parent\": {\"run\": \"../other run\", \"step\": 1203}\n"
      "}\n";

static inline RfExperiment *
parse_experiment (const char *text, const char *const *overrides, GError **error)
{
  return rf_experiment_parse (text, -1, "e.json", "/base", overrides, error);
}

static inline RfExperiment *
parse_sound (const char *text, const char *const *overrides)
{
  g_autoptr (GError) error = NULL;
  RfExperiment *experiment = parse_experiment (text, overrides, &error);

  g_assert_no_error (error);
  g_assert_nonnull (experiment);
  return experiment;
}
