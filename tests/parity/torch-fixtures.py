#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Step by step with PyTorch: torch-fixtures.py FOLDER…

Each folder holds experiment.json, init.safetensors, data.safetensors and what PyTorch made of them:
expected.json (losses of each step and the largest differences allowed), final.safetensors and
logits.safetensors. Each is trained and predicted with receptive-cli on the reference and on the
fast kernels. A folder that holds no expected.json stands for the folders in it. Prints TAP.
"""

import csv
import json
import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
from harness import done, folder, read_safetensors, run_tests  # noqa: E402

# Each with the name of its tolerance.
KERNELS = {"reference": "reference", "plain": "fast", "avx2": "fast", "auto": "fast"}


def compare(what, found, expected, tolerance):
    """@tolerance: one number or one for each; NaN never passes. Returns the worst difference as a
    share of what is allowed."""
    assert len(found) == len(expected), f"{what}: {len(found)} numbers, not {len(expected)}"
    worst = 0
    for i, (a, b) in enumerate(zip(found, expected)):
        allowed = tolerance[i] if isinstance(tolerance, list) else tolerance
        difference = abs(a - b)
        assert math.isfinite(a) and difference <= allowed, (
            f"{what}[{i}] is {a:.9g}, in PyTorch {b:.9g}: {difference:.3g} apart, "
            f"{allowed:.3g} allowed")
        worst = max(worst, difference / allowed)
    return worst


def compare_tensors(what, found, expected, tolerance):
    expected = {name: tensor for name, tensor in expected.items()
                if not name.endswith("num_batches_tracked")}
    assert set(found) == set(expected), f"{what}: {sorted(found)}, not {sorted(expected)}"
    worst = 0
    for name, (_, shape, numbers) in expected.items():
        assert found[name][1] == shape, f"{what}: {name} is {found[name][1]}, not {shape}"
        worst = max(worst, compare(f"{what} {name}", found[name][2], numbers, tolerance))
    return worst


def check(fixture, kernels):
    def test():
        expected = json.loads((fixture / "expected.json").read_text(encoding="utf-8"))
        tolerance = expected["tolerance"][KERNELS[kernels]]
        environment = {"RECEPTIVE_KERNELS": kernels}
        with folder() as here:
            run = here / "run"
            done("train", fixture / "experiment.json", "--out", run, env=environment)
            done("predict", run, "--weights", run / "weights.safetensors", "--input",
                 fixture / "data.safetensors", "--output", here / "logits.safetensors",
                 env=environment)

            with open(run / "steps.csv", encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            shares = {
                "data loss": compare("data_loss", [float(row["data_loss"]) for row in rows],
                                     expected["loss_data"], tolerance["loss"]),
                "loss": compare("loss", [float(row["loss"]) for row in rows],
                                expected["loss_total"], tolerance["loss"]),
                "weights": compare_tensors("weights", read_safetensors(run / "weights.safetensors"),
                                           read_safetensors(fixture / "final.safetensors"),
                                           tolerance["weights"]),
                "logits": compare_tensors("logits", read_safetensors(here / "logits.safetensors"),
                                          read_safetensors(fixture / "logits.safetensors"),
                                          tolerance["logits"]),
            }
            print("# of what is allowed: "
                  + ", ".join(f"{name} {100 * share:.0f} %" for name, share in shares.items()))

    return test


def has_avx2():
    try:
        return " avx2 " in Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False


def main():
    fixtures = []
    for path in map(Path, sys.argv[1:]):
        here = [path] if (path / "expected.json").is_file() else sorted(
            inner for inner in path.glob("*") if (inner / "expected.json").is_file())
        fixtures += here
    if not fixtures:
        print("1..0 # SKIP needs shared test data")
        return 0
    kernels = [name for name in KERNELS if name != "avx2" or has_avx2()]
    return run_tests((f"{fixture.resolve().name} {name}", check(fixture, name))
                     for fixture in fixtures for name in kernels)


if __name__ == "__main__":
    sys.exit(main())
