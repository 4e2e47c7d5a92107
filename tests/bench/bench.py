#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""That bench measures, in the form that other programs read."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
from harness import done, main  # noqa: E402


# Of a picture in mlp: 1.7 million, nominally three times over.
FIRST_LAYER = 3072 * 512
MULTIPLY_ADDS = FIRST_LAYER + 512 * 256 + 256 * 10


def mlp_alone():
    return done("bench", "--net", "mlp", "--threads", "1", "--explain", "--json").json()


def test_one_network_as_json():
    result = mlp_alone()
    assert set(result) == {"nets", "sgemm_gflops", "threads"}, result
    assert result["threads"] == 1 and list(result["nets"]) == ["mlp"], result
    mlp = result["nets"]["mlp"]
    assert abs(mlp["gflops"] / (6e-9 * MULTIPLY_ADDS * mlp["train"]) - 1) < 1e-6, mlp
    layers = mlp["layers"]
    assert [layer["type"] for layer in layers] == ["linear", "relu", "linear", "relu", "linear"]
    assert abs(sum(layer["share"] for layer in layers) - 1) < 1e-6, layers


def strange(result):
    """What cannot be, unless another program took the processor between two of the windows."""
    mlp = result["nets"]["mlp"]
    if not mlp["infer"] > mlp["train"] > 0:
        return "training faster than inference"
    # Faster than OpenBLAS's best it cannot be, but the environment may hold that back. What counts
    # is what is done: nobody asks for the gradient by the pictures, though the nominal figure has it.
    done_share = 1 - FIRST_LAYER / (3 * MULTIPLY_ADDS)
    if "OPENBLAS_CORETYPE" not in os.environ:
        if mlp["gflops"] * done_share >= 1.2 * result["sgemm_gflops"]:
            return "faster than the processor"
    # The layers' times add up to about a step's, which also updates.
    seconds = sum(layer["forward"] + layer["backward"] for layer in mlp["layers"])
    if not 0.2 < seconds * mlp["train"] / 128 < 1.5:
        return f"layers take {seconds} s"
    return None


def test_figures_that_can_be():
    attempts = []
    while len(attempts) < 5:
        attempts.append(strange(mlp_alone()))
        if attempts[-1] is None:
            return
    raise AssertionError(attempts)


def test_batch_and_what_is_merged():
    result = done("bench", "--net", "notebook", "--batch", "16", "--explain", "--json").json()
    layers = result["nets"]["notebook"]["layers"]
    assert result["batch"] == 16, result
    assert [layer["type"] for layer in layers if layer.get("merged")] == ["relu", "relu"], layers
    assert all(layer["algorithm"] for layer in layers if layer["type"] == "conv2d"), layers


if __name__ == "__main__":
    main(globals())
