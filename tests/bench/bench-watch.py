#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""By hand: what watching costs. bench-watch.py BUILD EXPERIMENT [--pairs N] [--epochs N]

Trains the same experiment in turn with receptive-cli and in the window with all panes of the first
page on show, and compares images per second: the median of the epochs of all runs, the first epoch
of each left out. Needs a screen of its own that nobody looks at:

    dbus-run-session -- xvfb-run -a -s '-screen 0 1440x900x24' bench-watch.py build FILE.json
"""

import argparse
import csv
import json
import os
import statistics
import subprocess
import tempfile
from pathlib import Path


def command_line(build, experiment, folder):
    run = folder / "run"
    subprocess.run([build / "cli/receptive-cli", "train", experiment, "--out", run], check=True,
                   stderr=subprocess.DEVNULL)
    with open(run / "epochs.csv", encoding="ascii") as table:
        return [float(row["images_per_second"]) for row in csv.DictReader(table)]


def window(build, experiment):
    done = subprocess.run([build / "tests/bench/bench-window", "--watch", experiment], check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return [float(line) for line in done.stdout.split()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=Path)
    parser.add_argument("experiment", type=Path)
    parser.add_argument("--pairs", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=5)
    options = parser.parse_args()
    os.environ.setdefault("GSETTINGS_SCHEMA_DIR", str(options.build / "data"))
    os.environ.setdefault("GSK_RENDERER", "cairo")
    experiment = json.loads(options.experiment.read_text(encoding="utf-8"))
    experiment["training"]["epochs"] = options.epochs
    without, watched = [], []
    for _ in range(options.pairs):
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "experiment.json"
            path.write_text(json.dumps(experiment), encoding="utf-8")
            without += command_line(options.build, path, Path(name))[1:]
            watched += window(options.build, path)[1:]
    a, b = statistics.median(without), statistics.median(watched)
    for what, speeds in (("receptive-cli", without), ("watched", watched)):
        print(f"{what:14}", *(f"{speed:.0f}" for speed in speeds))
    print(f"medians {a:.0f} and {b:.0f} images/s: watching costs {100 * (1 - b / a):.1f} %")


if __name__ == "__main__":
    main()
