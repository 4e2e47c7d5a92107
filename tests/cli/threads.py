#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same bytes for every number of threads, with shuffling, augmentation and dropout on."""

from harness import done, folder, main, same_run, write_experiment, write_pictures

LAYERS = [
    {"type": "conv2d", "filters": 16, "kernel": 3, "padding": 1, "bias": False},
    {"type": "batchnorm"}, {"type": "relu"},
    {"type": "residual",
     "layers": [{"type": "conv2d", "filters": 24, "kernel": 3, "stride": 2, "padding": 1},
                {"type": "batchnorm"}, {"type": "gelu"},
                {"type": "conv2d", "filters": 24, "kernel": 3, "padding": 1, "groups": 2}],
     "shortcut": [{"type": "conv2d", "filters": 24, "kernel": 1, "stride": 2}]},
    {"type": "spatial_dropout", "rate": 0.1}, {"type": "maxpool", "size": 2},
    {"type": "dropout", "rate": 0.3}, {"type": "flatten"},
    {"type": "linear", "units": 32, "l1": 1e-5, "l2": 1e-4}, {"type": "relu"},
    {"type": "dropout", "rate": 0.5}, {"type": "linear", "units": 4},
]


def compare(environment):
    with folder() as here:
        write_pictures(here / "data.safetensors", n=320, side=16, dtype="U8", channels=3)
        write_experiment(here / "a.json", LAYERS, {"safetensors": "data.safetensors",
                                                   "test_fraction": 0.3},
                         batch_size=64, augment=[{"type": "flip"}, {"type": "crop", "padding": 4}])
        first = None
        for n in (1, 2, 3, 4):
            done("train", "a.json", "--out", f"run{n}", "--threads", str(n), cwd=here,
                 env=environment)
            same_run(here / "run1", here / f"run{n}")
            measured = done("eval", f"run{n}", "--json", "--threads", str(n), cwd=here,
                            env=environment).out
            assert first in (None, measured), (first, measured)
            first = measured


def test_the_best_kernels():
    compare({"RECEPTIVE_KERNELS": "auto"})


def test_the_plain_kernels():
    compare({"RECEPTIVE_KERNELS": "plain"})


if __name__ == "__main__":
    main(globals())
