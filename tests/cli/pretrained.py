#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The networks of data/pretrained: that their weights fit, are small, and know what they should."""

import json
import struct
import tarfile
from pathlib import PurePath

from harness import SOURCE, done, folder, main, shared, write_png, write_safetensors

PRETRAINED = SOURCE / "data" / "pretrained"


def header_of(path):
    data = path.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    return json.loads(data[8:8 + length])


def accuracy(name, *args):
    result = done("eval", PRETRAINED / name, *args, "--json", timeout=200).json()
    print(f"# {name}: {100 * result['accuracy']:.2f} %, loss {result['loss']:.4f}")
    assert 0 < result["loss"] < 10, result["loss"]
    return result["accuracy"]


def test_files():
    names = sorted(path.name for path in PRETRAINED.iterdir() if path.is_dir())
    assert names == ["cifar10", "digits", "shapes"], names
    for name in names:
        weights = PRETRAINED / name / "weights.safetensors"
        assert weights.stat().st_size <= 3e6, (name, weights.stat().st_size)
        header = header_of(weights)
        classes = json.loads(header.pop("__metadata__")["classes"])
        assert len(classes) == 10 and len(set(classes)) == 10, classes
        assert all(tensor["dtype"] == "F16" for tensor in header.values()), name
        # Predicting needs no data set, and no data set is refused for its fingerprint.
        experiment = json.loads((PRETRAINED / name / "experiment.json").read_text("utf-8"))
        assert isinstance(experiment["dataset"]["normalize"], dict), experiment["dataset"]
        assert "fingerprint" not in experiment["dataset"]


def test_shapes():
    assert accuracy("shapes") > 0.99


def test_digits():
    assert accuracy("digits", "--data", shared("data/mnist").parent) > 0.99


def test_cifar10():
    """Pictures of the test split, as JPEG files."""
    archive = shared("data/cifar-10-jpeg.tar.xz")
    with folder() as here:
        files = []
        with tarfile.open(archive, "r|xz") as tar:
            for member in tar:
                path = PurePath(member.name)
                if path.match("test/*/000?.jpg") or path.match("test/*/010?.jpg"):
                    name = f"{path.parent.name}-{path.name}"
                    (here / name).write_bytes(tar.extractfile(member).read())
                    files.append(name)
        assert len(files) == 200, len(files)
        result = done("predict", PRETRAINED / "cifar10", *files, "--json", cwd=here).json()
        right = sum(prediction["file"].startswith(prediction["class"] + "-")
                    for prediction in result["predictions"])
        print(f"# cifar10: {right} of {len(files)}")
        assert right > 0.85 * len(files), right


# Drawn on a pad of 28×28: strokes from point to point.
DIGITS = {
    "0": [[(14, 5), (9, 8), (8, 14), (9, 20), (14, 23), (19, 20), (20, 14), (19, 8), (14, 5)]],
    "1": [[(14, 5), (14, 23)]],
    "2": [[(9, 9), (12, 5), (17, 6), (19, 10), (15, 16), (8, 23), (20, 22)]],
    "3": [[(9, 6), (15, 5), (19, 8), (14, 13), (19, 18), (15, 23), (8, 21)]],
    "4": [[(11, 5), (8, 15), (20, 15)], [(18, 6), (17, 23)]],
    "5": [[(19, 5), (11, 5), (9, 13), (16, 12), (19, 17), (15, 23), (8, 21)]],
    "6": [[(17, 5), (11, 11), (9, 18), (14, 23), (19, 19), (15, 14), (9, 18)]],
    "7": [[(8, 6), (20, 6), (13, 23)]],
    "8": [[(14, 13), (9, 9), (14, 5), (19, 9), (14, 13), (8, 18), (14, 23), (20, 18), (14, 13)]],
    "9": [[(19, 9), (14, 5), (9, 9), (12, 14), (19, 9), (18, 23)]],
}


def distance(x, y, a, b):
    (ax, ay), (bx, by) = a, b
    along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
    along = min(max(along, 0), 1)
    return ((x - ax - along * (bx - ax)) ** 2 + (y - ay - along * (by - ay)) ** 2) ** 0.5


def draw(strokes, shift):
    def ink(x, y):
        nearest = min(distance(x - shift, y, a, b)
                      for stroke in strokes for a, b in zip(stroke, stroke[1:]))
        return int(255 * min(max(1.9 - nearest, 0), 1))

    return [ink(x, y) for y in range(28) for x in range(28)]


def test_digits_drawn():
    with folder() as here:
        drawn = [(digit, draw(strokes, shift)) for digit, strokes in DIGITS.items()
                 for shift in (-3, 0, 3)]
        write_safetensors(here / "drawn", {
            "images": ("U8", [len(drawn), 1, 28, 28], [v for _, image in drawn for v in image])})
        done("predict", PRETRAINED / "digits", "--input", "drawn", "--output", "logits", cwd=here)
        data = (here / "logits").read_bytes()
        logits = struct.unpack(f"<{10 * len(drawn)}f", data[-40 * len(drawn):])
        seen = [max(range(10), key=lambda k, at=10 * i: logits[at + k]) for i in range(len(drawn))]
        wrong = [(digit, k) for (digit, _), k in zip(drawn, seen) if str(k) != digit]
        assert not wrong, wrong


def test_pictures():
    """Names and probabilities come without a data set."""
    with folder() as here:
        write_png(here / "a.png", 40, lambda x, y: (60, 120 + 2 * y, 40))
        for name in ("cifar10", "shapes"):
            result = done("predict", PRETRAINED / name, "a.png", "--json", cwd=here)
            assert result.err == "", result.err
            (prediction,) = result.json()["predictions"]
            assert not prediction["class"].isdigit(), prediction
            assert abs(sum(prediction["probabilities"]) - 1) < 1e-5, prediction


if __name__ == "__main__":
    main(globals())
