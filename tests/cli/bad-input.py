#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Broken and unusual files, malformed and absurd experiments: one clear line, quickly, in little
memory."""

import json
import os
import re
import shutil
import sys

from harness import (cli, folder, refused, run_tests, shared, small_cnn, write_experiment,
                     write_pictures)

MEMORY = 300e6
SECONDS = 10


def expectations():
    """(file, expected) from the tables of data/bad/README.md."""
    for line in (shared("data/bad") / "README.md").read_text(encoding="utf-8").splitlines():
        match = re.match(r"\| (`` .*? ``|`[^`]*`) \|.*\| (.*?) \|$", line)
        if match:
            name = match[1]
            yield (name[3:-3] if name.startswith("`` ") else name[1:-1]), match[2]


def statuses(expected):
    """Exit statuses that the README allows."""
    choice = re.search(r"\bor refuse\b|refuse, or|refuse, where", expected)
    if choice:
        return (0, 1)
    return (0,) if expected.startswith("load") else (1,)


def check_file(name, expected):
    def test():
        path = shared("data/bad") / name
        assert path.is_file(), f"listed in the README but not there: {path}"
        result = cli("data", "info", path, timeout=SECONDS)
        assert result.code in statuses(expected), f"exit {result.code} for {expected}\n{result.err}"
        if result.code == 1:
            assert len(result.lines) == 1 and result.out == "", result
            assert result.err.startswith("receptive-cli: ") and path.name in result.err, result.err
        else:
            assert result.err == "" and result.out, result
        assert result.peak < MEMORY, f"{result.peak / 1e6:.0f} MB"
        as_json = cli("data", "info", path, "--json", timeout=SECONDS)
        assert as_json.code == result.code
        assert as_json.code or as_json.json(), as_json

    return test


def every_file_is_listed():
    listed = {name for name, _ in expectations()} | {"README.md"}
    there = {os.fsdecode(entry) for entry in os.listdir(os.fsencode(shared("data/bad")))}
    assert listed == there, listed ^ there


def labels_do_not_match_images():
    bad = shared("data/bad")
    with folder() as here:
        (here / "mnist").mkdir()

        def copy(name, kind):
            for split in ("train", "t10k"):
                shutil.copy(bad / name, here / "mnist" / f"{split}-{kind}-ubyte")

        copy("mismatch-images-idx3-ubyte", "images-idx3")
        copy("mismatch-labels-idx1-ubyte", "labels-idx1")
        refused("data", "info", "mnist", "--data", here, says=["10", "9"])
        copy("labels-out-of-range-idx1-ubyte", "labels-idx1")
        refused("data", "info", "mnist", "--data", here, says="200")


def damaged_weights():
    bad = shared("data/bad")
    with folder() as here:
        write_pictures(here / "data.safetensors", n=16)
        write_experiment(here / "a.json", small_cnn(), {"safetensors": "data.safetensors"})
        for path in sorted(bad.glob("*.safetensors")):
            refused("eval", "a.json", "--split", "train", "--weights", path, cwd=here,
                    says=path.name)
            refused("train", "a.json", "--out", "run", "--init", path, cwd=here, says=path.name)
        refused("predict", "a.json", "--input", bad / "good.safetensors", "--output", "x", cwd=here,
                says="images")


CONV = {"type": "conv2d", "filters": 8, "kernel": 3}
LINEAR = {"type": "linear", "units": 4}


def experiment(layers=None, dataset=None, **training):
    if layers is None:
        layers = [CONV, {"type": "flatten"}, LINEAR]
    return {"dataset": dataset or {"safetensors": "data.safetensors"},
            "network": {"layers": layers},
            "training": {"optimizer": {"type": "sgd", "learning_rate": 0.1}, "batch_size": 8,
                         "epochs": 1, **training}}


def without(key, *path):
    value = experiment()
    inner = value
    for step in path:
        inner = inner[step]
    del inner[key]
    return value


def nested(depth):
    """Residuals within each other."""
    return ('{"dataset": {"id": "shapes"}, "training": {}, "network": {"layers": '
            + '[{"type": "residual", "layers": ' * depth + "[]" + "}]" * depth + "}}")


# What it is, the experiment as a value or a text, words that the message has.
EXPERIMENTS = [
    ("an empty file", "", "a.json"),
    ("no JSON", "hello", "line 1"),
    ("cut short", json.dumps(experiment())[:-30], "line 1"),
    ("bytes", "\x00\x01\x02", "a.json"),
    ("a list", [], "a.json"),
    ("a number", "3", "a.json"),
    ("an empty object", {}, "dataset"),
    ("no data set", without("dataset"), "dataset"),
    ("no layers", without("layers", "network"), "network.layers"),
    ("an empty list of layers", experiment([]), "layers"),
    ("no training", without("training"), "training"),
    ("text after the end", json.dumps(experiment()) + "}", "a.json"),
    ("the same key twice", '{"dataset": {"id": "shapes"}, "dataset": {"id": "mnist"}}', "dataset"),
    ("100,000 lists in each other", "[" * 100000 + "]" * 100000, "64"),
    ("100,000 objects in each other", '{"a":' * 100000 + "1" + "}" * 100000, "64"),
    ("500 residuals in each other", nested(500), "64"),
    ("a later format", {**experiment(), "receptive": 2}, "receptive"),
    ("an unknown key", {**experiment(), "dataest": 1}, "dataset"),
    ("a misspelt option", experiment([{**CONV, "kernal": 3}]), ["layers[0].kernal", '"kernel"']),
    ("a misspelt layer", experiment([{**CONV, "type": "conv2"}]), "conv2d"),
    ("a layer without a type", experiment([{"filters": 3}]), "type"),
    ("a layer that is a word", experiment(["relu"]), "layers[0]"),
    ("layers that are an object", experiment({"type": "relu"}), "layers"),
    ("a number as text", experiment([{**CONV, "filters": "8"}]), "layers[0].filters"),
    ("a fraction of a filter", experiment([{**CONV, "filters": 8.5}]), "layers[0].filters"),
    ("no filters", experiment([{**CONV, "filters": 0}]), "layers[0].filters"),
    ("fewer than no filters", experiment([{**CONV, "filters": -3}]), "layers[0].filters"),
    ("a huge integer", json.dumps(experiment()).replace("8", "9" * 40, 1), "a.json"),
    ("a huge number", json.dumps(experiment()).replace("0.1", "1e999"), "a.json"),
    ("not a number", json.dumps(experiment()).replace("0.1", "NaN"), "a.json"),
    ("a kernel of three sides", experiment([{**CONV, "kernel": [3, 3, 3]}]), "layers[0].kernel"),
    ("a kernel larger than its input", experiment([{**CONV, "kernel": 99}, LINEAR]), "99"),
    ("a pool of a pixel", experiment([{"type": "maxpool", "size": 4}] * 3 + [LINEAR]),
     ["maxpool", "input"]),
    ("groups that do not divide", experiment([{**CONV, "groups": 3}, LINEAR]), "groups"),
    ("10,000 filters", experiment([{**CONV, "filters": 10000, "padding": 1}] * 40 + [LINEAR],
                                  batch_size=1024), "GB"),
    ("a layer of 2 billion units", experiment([{**LINEAR, "units": 2000000000}, LINEAR]), "units"),
    ("an input of 10,000 filters to 60,000 units",
     experiment([{**CONV, "filters": 10000}, {**LINEAR, "units": 60000}, LINEAR]), "GB"),
    ("a batch of a billion", experiment(batch_size=1000000000), "batch_size"),
    ("a batch of nothing", experiment(batch_size=0), "batch_size"),
    ("no epochs", experiment(epochs=0), "epochs"),
    ("a negative learning rate", experiment(optimizer={"type": "sgd", "learning_rate": -1}),
     "learning_rate"),
    ("an unknown optimizer", experiment(optimizer={"type": "adamm", "learning_rate": 1}), "adam"),
    ("a dropout of two", experiment([{"type": "dropout", "rate": 2}]), "rate"),
    ("the wrong number of classes", experiment([{"type": "flatten"}, {**LINEAR, "units": 3}]),
     ["3", "4 classes"]),
    ("a picture at the end", experiment([CONV]), "classes"),
    ("a residual that does not fit", experiment([{"type": "residual", "layers": [CONV]}, LINEAR]),
     "residual"),
    ("an unknown data set", experiment(dataset={"id": "cifar10"}), "cifar-10"),
    ("two data sets", experiment(dataset={"id": "shapes", "folder": "."}), "dataset"),
    ("a missing file", experiment(dataset={"safetensors": "none.safetensors"}), "none.safetensors"),
    ("a missing folder", experiment(dataset={"folder": "none"}), "none"),
    ("an empty folder", experiment(dataset={"folder": "."}), "class"),
    ("more held out than there is", experiment(dataset={"id": "shapes", "test_fraction": 2}),
     "test_fraction"),
    ("a null name", {**experiment(), "name": None}, "name"),
    ("an input of another size", {**experiment(), "network": {"input": [3, 9, 9],
                                                              "layers": [LINEAR]}}, "12"),
    ("an endless input", {**experiment(), "network": {"input": [1, 2**31, 2**31],
                                                      "layers": [LINEAR]}}, "input"),
]


def check_experiment(value, words):
    def test():
        with folder() as here:
            write_pictures(here / "data.safetensors", n=16)
            text = value if isinstance(value, str) else json.dumps(value)
            (here / "a.json").write_text(text, encoding="utf-8")
            result = refused("train", "a.json", "--out", "run", cwd=here, says=words,
                             timeout=SECONDS)
            assert result.peak < MEMORY, f"{result.peak / 1e6:.0f} MB"
            assert len(result.err) < 600, result.err
            assert not (here / "run").exists(), "a run folder was left"

    return test


def bad_overrides():
    with folder() as here:
        write_pictures(here / "data.safetensors", n=16)
        (here / "a.json").write_text(json.dumps(experiment()), encoding="utf-8")
        for override, word in (("training", "training"), ("", "training.epochs"),
                               ("=3", "training.epochs"), ("training.epcohs=3", "epochs"),
                               ("training.epochs=lots", "epochs"),
                               ("network.layers[9].units=3", "network.layers[9]"),
                               ("network.layers[99999999999999999999].units=3", "network.layers["),
                               ("network.layers[-1].units=3", "network.layers[-1]"),
                               ("training.batch_size=1e9", "batch_size")):
            refused("train", "a.json", "--out", "run", "--set", override, cwd=here, says=word)


def tests():
    yield "every file of data/bad is listed", every_file_is_listed
    try:
        for name, expected in expectations():
            yield f"data/bad/{name}: {expected}", check_file(name, expected)
    except Exception:  # pylint: disable=broad-except
        pass  # Not there: the first test says so.
    yield "labels that do not match their images", labels_do_not_match_images
    yield "damaged weights", damaged_weights
    for name, value, words in EXPERIMENTS:
        yield f"experiment: {name}", check_experiment(value, words)
    yield "bad --set", bad_overrides


if __name__ == "__main__":
    sys.exit(run_tests(tests()))
