#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""train, eval, predict, export and plot of small runs, and that their figures agree."""

import json
import math
import shutil
import struct
import subprocess

from harness import (Skip, cli, done, folder, main, read_safetensors, refused, same_run,
                     small_cnn, write_experiment, write_pictures, write_png)


def softmax(logits):
    powers = [math.exp(value - max(logits)) for value in logits]
    return [power / sum(powers) for power in powers]


def rows_of(path):
    names, *lines = path.read_text(encoding="utf-8").splitlines()
    return [dict(zip(names.split(","), line.split(","))) for line in lines]


def check_evaluation(result, n, classes):
    assert list(result) == ["n", "loss", "accuracy", "top5", "classes", "per_class", "confusion"]
    confusion = result["confusion"]
    assert result["n"] == n == sum(map(sum, confusion)), result
    assert len(result["classes"]) == len(confusion) == len(result["per_class"]) == classes
    right = sum(confusion[k][k] for k in range(classes))
    assert abs(result["accuracy"] - right / n) < 1e-8, result
    for k, row in enumerate(confusion):
        share = row[k] / sum(row) if sum(row) else None
        assert result["per_class"][k] == share or abs(result["per_class"][k] - share) < 1e-8
    assert result["accuracy"] <= result["top5"] <= 1, result


def make_run(here, dtype="F32", **training):
    write_pictures(here / "data.safetensors", dtype=dtype)
    write_experiment(here / "experiment.json", small_cnn(),
                     {"safetensors": "data.safetensors", "test_fraction": 0.25}, **training)
    return done("train", "experiment.json", "--out", "run", cwd=here)


def test_small_set():
    with folder() as here:
        result = make_run(here, epochs=6)
        assert result.out == "" and len(result.lines) == 6, result.err
        assert all(line.startswith("epoch ") for line in result.lines), result.err
        epochs = rows_of(here / "run" / "epochs.csv")
        assert [row["epoch"] for row in epochs] == list("123456"), epochs
        assert float(epochs[-1]["test_accuracy"]) > 0.9, epochs

        measured = done("eval", "run", "--json", cwd=here).json()
        check_evaluation(measured, 32, 4)
        assert measured["top5"] == 1, measured
        assert abs(measured["loss"] - float(epochs[-1]["test_loss"])) < 1e-7, (measured, epochs)
        assert abs(measured["accuracy"] - float(epochs[-1]["test_accuracy"])) < 1e-7
        check_evaluation(done("eval", "run", "--split", "train", "--json", cwd=here).json(), 96, 4)
        text = done("eval", "run", cwd=here).out
        assert "accuracy" in text and len(text.splitlines()) >= 8, text
        refused("eval", "run", "--split", "validation", cwd=here,
                says=["validation", "--split test"])


def test_logits_of_a_file_and_export():
    with folder() as here:
        make_run(here, epochs=6)
        done("predict", "run", "--input", "data.safetensors", "--output", "logits.safetensors",
             cwd=here)
        (dtype, shape, logits), = read_safetensors(here / "logits.safetensors").values()
        assert dtype == "F32" and shape == [128, 4], shape
        labels = read_safetensors(here / "data.safetensors")["labels"][2]
        right = sum(max(range(4), key=lambda k: logits[4 * i + k]) == labels[i] for i in range(128))
        assert right > 115, right

        done("export", "run", "--out", "weights.safetensors", cwd=here)
        exported = read_safetensors(here / "weights.safetensors")
        trained = read_safetensors(here / "run" / "weights.safetensors")
        assert exported == trained
        assert list(exported)[:2] == ["0.weight", "0.bias"], list(exported)
        done("predict", "experiment.json", "--weights", "weights.safetensors", "--input",
             "data.safetensors", "--output", "again.safetensors", cwd=here)
        again = (here / "again.safetensors").read_bytes()
        assert again == (here / "logits.safetensors").read_bytes()

        done("export", "run", "--out", "half.safetensors", "--dtype", "f16", cwd=here)
        half = read_safetensors(here / "half.safetensors")
        assert half["0.weight"][0] == "F16", half["0.weight"]
        values = struct.unpack(f"<{len(half['0.weight'][2]) // 2}e", half["0.weight"][2])
        for a, b in zip(values, trained["0.weight"][2]):
            assert abs(a - b) <= abs(b) / 1024 + 1e-7, (a, b)
        done("eval", "run", "--weights", "half.safetensors", cwd=here)

        done("export", "run", "--out", "net.py", "--format", "pytorch", cwd=here)
        script = (here / "net.py").read_text(encoding="utf-8")
        compile(script, "net.py", "exec")
        for word in ("nn.Conv2d(1, 6, 3, padding=1)", "nn.Linear(216, 4)", "nn.Dropout"):
            assert word in script, script


def test_untrained_weights_come_with_a_note():
    with folder() as here:
        write_pictures(here / "data.safetensors", n=8)
        write_experiment(here / "a.json", small_cnn(), {"safetensors": "data.safetensors"}, seed=7)
        result = done("predict", "a.json", "--input", "data.safetensors", "--output", "b", cwd=here)
        assert len(result.lines) == 1 and "seed 7" in result.err, result.err


def test_pictures_as_bytes():
    """A U8 set counts as pictures: the same network sees a PNG as it saw the set."""
    with folder() as here:
        make_run(here, dtype="U8", epochs=6)
        images = read_safetensors(here / "data.safetensors")["images"][2]
        for i in range(3):
            picture = images[144 * i:144 * i + 144]
            write_png(here / f"{i}.png", 12, lambda x, y, p=picture: [p[12 * y + x]] * 3)
        stored = json.loads((here / "run" / "experiment.json").read_text(encoding="utf-8"))
        assert isinstance(stored["dataset"]["normalize"], dict), stored["dataset"]
        done("predict", "run", "--input", "data.safetensors", "--output", "logits", cwd=here)
        logits = read_safetensors(here / "logits")["logits"][2]
        result = done("predict", "run", "0.png", "1.png", "2.png", "--json", cwd=here).json()
        for i, prediction in enumerate(result["predictions"]):
            assert prediction["file"] == f"{i}.png", prediction
            p = prediction["probabilities"]
            expected = softmax(logits[4 * i:4 * i + 4])
            assert max(abs(a - b) for a, b in zip(p, expected)) < 1e-5, (p, expected)
            best = max(range(4), key=lambda k, p=p: p[k])
            assert prediction["class"] == str(best), prediction

        # Nothing but the run folder is needed.
        (here / "data.safetensors").rename(here / "elsewhere.safetensors")
        moved = done("predict", "run", "0.png", "1.png", "2.png", "--json", cwd=here)
        assert [p["probabilities"] for p in moved.json()["predictions"]] == \
            [p["probabilities"] for p in result["predictions"]]
        assert [p["class"] for p in moved.json()["predictions"]] == \
            [p["class"] for p in result["predictions"]]
        assert "names are not known" not in moved.err, moved.err
        refused("predict", "run", "0.png", "none.png", cwd=here, says="none.png")


def test_shapes():
    with folder() as here:
        write_experiment(here / "a.json", small_cnn(10), {"id": "shapes", "limit": 600},
                         batch_size=64, epochs=1)
        done("train", "a.json", "--out", "run", "--set", "training.epochs=2", "--set",
             'name="of shapes"', cwd=here)
        stored = json.loads((here / "run" / "experiment.json").read_text(encoding="utf-8"))
        assert stored["name"] == "of shapes" and stored["training"]["epochs"] == 2, stored
        measured = done("eval", "run", "--json", cwd=here).json()
        check_evaluation(measured, measured["n"], 10)
        assert not any(name.isdigit() for name in measured["classes"]), measured["classes"]
        write_png(here / "a.png", 40, lambda x, y: (x, y, 99))
        result = done("predict", "run", "a.png", "--json", cwd=here).json()
        assert result["predictions"][0]["class"] in measured["classes"], result
        assert len(result["predictions"][0]["probabilities"]) == 10
        assert done("predict", "run", "a.png", cwd=here).out.startswith("a.png: ")
        # A run's own experiment trains again to the same bytes.
        done("train", "run/experiment.json", "--out", "again", cwd=here)
        assert (here / "again" / "weights.safetensors").read_bytes() == \
            (here / "run" / "weights.safetensors").read_bytes()


def test_plot():
    with folder() as here:
        make_run(here)
        done("train", "experiment.json", "--out", "other", "--set", "training.seed=2", cwd=here)
        for name, magic in (("a.png", b"\x89PNG"), ("a.svg", b"<?xml"), ("a.pdf", b"%PDF"),
                            ("B.PNG", b"\x89PNG")):
            done("plot", "run", "other/", "--out", name, cwd=here)
            data = (here / name).read_bytes()
            assert data.startswith(magic) and len(data) > 1000, (name, len(data))


def test_init_and_replay():
    with folder() as here:
        make_run(here)
        (here / "live").mkdir()
        done("train", "experiment.json", "--out", "more", "--init", "run/weights.safetensors",
             cwd=here)
        assert (here / "more" / "initial.safetensors").read_bytes() == \
            (here / "run" / "weights.safetensors").read_bytes()

        # A change log written by hand acts at its step, and is recorded again.
        change = {"step": 4, "path": "training.optimizer.learning_rate", "value": 0.01}
        (here / "run" / "changes.jsonl").write_text(json.dumps(change) + "\n", encoding="utf-8")
        done("train", "experiment.json", "--out", "replayed", "--replay", "run", cwd=here)
        rates = [float(row["learning_rate"]) for row in rows_of(here / "replayed" / "steps.csv")]
        assert rates == [0.05] * 3 + [0.01] * (len(rates) - 3), rates
        lines = (here / "replayed" / "changes.jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line) for line in lines] == [change], lines


def test_divergence():
    with folder() as here:
        write_pictures(here / "data.safetensors")
        write_experiment(here / "a.json", small_cnn()[:1] + small_cnn()[-2:],
                         {"safetensors": "data.safetensors"}, epochs=50,
                         optimizer={"type": "sgd", "learning_rate": 1e6})
        result = cli("train", "a.json", "--out", "run", cwd=here)
        assert result.code == 1, result
        line = result.lines[-1]
        assert line.startswith("receptive-cli: "), line
        assert "layer" in line and "learning rate" in line, line


def test_locale_with_decimal_commas():
    with folder() as here:
        made = shutil.which("localedef") and subprocess.run(
            ["localedef", "-i", "de_DE", "-f", "UTF-8", here / "de_DE.UTF-8"], check=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
        if not made:
            raise Skip("a locale with decimal commas cannot be made here")
        german = {"LC_ALL": "de_DE.UTF-8", "LOCPATH": str(here)}
        make_run(here)
        done("train", "experiment.json", "--out", "comma", cwd=here, env=german)
        same_run(here / "run", here / "comma")
        for file in ("experiment.json", "changes.jsonl"):
            assert (here / "run" / file).read_bytes() == (here / "comma" / file).read_bytes(), file
        for args in (["eval", "run", "--json"], ["eval", "run"], ["data", "info", "data.safetensors"],
                     ["data", "info", "data.safetensors", "--json"]):
            assert done(*args, cwd=here, env=german).out == done(*args, cwd=here).out, args


if __name__ == "__main__":
    main(globals())
