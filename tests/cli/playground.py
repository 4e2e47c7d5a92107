#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verb playground: its output, recorded runs of the original, refusals."""

import json

from harness import cli, done, folder, main, refused, shared

LINK = ("#activation=tanh&batchSize=4&dataset=circle&learningRate=0.03&regularizationRate=0.003&"
        "noise=40&networkShape=6,5,5&seed=0.54350&percTrainData=50&regularization=L1")


def close(a, b, tolerance):
    """Lists and numbers alike; a NaN or null is never close."""
    if isinstance(b, list):
        return len(a) == len(b) and all(close(x, y, tolerance) for x, y in zip(a, b))
    return abs(a - b) <= tolerance


def test_json():
    result = done("playground", LINK, "--epochs", "100", "--at", "100, 0,10,10", "--json").json()
    assert list(result) == ["url", "first_point", "epochs"], result
    assert result["url"] == LINK
    assert close(result["first_point"], [2.353404, -3.933348, -1], 1e-6), result
    want = [(0, .531795, .538878, 0), (10, .397889, .405661, 4), (100, .205513, .259399, 30)]
    assert len(result["epochs"]) == 3, result
    for epoch, (number, train, test, dead) in zip(result["epochs"], want):
        assert list(epoch) == ["epoch", "train_loss", "test_loss", "dead"], epoch
        assert epoch["epoch"] == number and epoch["dead"] == dead, epoch
        assert close([epoch["train_loss"], epoch["test_loss"]], [train, test], 1.1e-6), epoch


def test_table():
    result = done("playground", "https://playground.tensorflow.org/" + LINK, "--epochs", "12")
    assert result.err == "", result.err
    lines = result.out.splitlines()
    assert lines[0].endswith(LINK) and "250 training and 250 test points, 72 weights" in lines[1]
    rows = [line.split() for line in lines[4:]]
    assert [row[0] for row in rows] == ["0", "1", "2", "5", "10", "12"], result.out
    assert rows[4][1:3] == ["0.397889", "0.405661"] and rows[4][-1] == "4", rows[4]


def test_a_seed_is_drawn_and_told():
    first = done("playground", "#batchSize=1", "--epochs", "1", "--json").json()
    assert first["url"].startswith("#batchSize=1&seed=0."), first
    again = done("playground", first["url"], "--epochs", "1", "--json").json()
    assert again == first


def test_remarks_and_explosions():
    result = done("playground", "#seed=1&activation=relu&problem=regression&learningRate=10&"
                  "networkShape=8,8&colour=red", "--epochs", "50", "--json")
    assert result.json()["epochs"][-1]["train_loss"] is None, result.out
    lines = result.err.splitlines()
    assert len(lines) == 2 and "colour" in lines[0] and "learning rate 10" in lines[1], result.err


def test_wrong_usage():
    refused("playground", "--epochs", "1", code=2, says="LINK|FILE.json")
    refused("playground", LINK, code=2, says="--epochs")
    for number in ("-1", "1.5", "many", "", "1e3", "99999999999999999999"):
        refused("playground", LINK, "--epochs", number, code=2, says="--epochs")
    for list_ in ("0,x", "11", "-1", "", "1,,2", "0;1"):
        refused("playground", LINK, "--epochs", "10", "--at", list_, code=2, says="--at")
    refused("playground", LINK, LINK, "--epochs", "1", code=2, says="too many")


def test_refused_links_and_files():
    refused("playground", "#networkShape=99", "--epochs", "1", says=["networkShape", "32"])
    refused("playground", "#networkShape", "--epochs", "1", says="networkShape")
    refused("playground", "none.json", "--epochs", "1", says="none.json")
    with folder() as here:
        (here / "a.json").write_text('{"features": ["x"], "hidden": [1], "train": 5}')
        refused("playground", "a.json", "--epochs", "1", cwd=here, says=["a.json", "train"])
        (here / "b#c.json").write_text("[1")
        refused("playground", "b#c.json", "--epochs", "1", cwd=here, says=["b#c.json", "line 1"])


def test_long_links():
    for part in ("&", "a=b&", "networkShape=1,", "%25", "x_hide=true&"):
        result = cli("playground", "#seed=1&" + part * (100000 // len(part)), "--epochs", "0",
                     "--json", timeout=10)
        assert result.code in (0, 1) and len(result.err.splitlines()) <= 20, result.err[:500]


def test_file():
    session = {"problem": "regression", "features": ["x"], "hidden": [], "activation": "linear",
               "regularization": "none", "learningRate": 0.5, "regularizationRate": 0, "batchSize": 1,
               "train": [[1, 0, 3]], "test": [[2, 0, 0]],
               "init": {"weights": [[[1]]], "biases": [[0]]}}
    with folder() as here:
        (here / "line.json").write_text(json.dumps(session))
        result = done("playground", "line.json", "--epochs", "1", "--json", cwd=here).json()
    assert result["url"] is None and result["first_point"] == [1, 0, 3], result
    assert result["epochs"] == [
        {"epoch": 0, "train_loss": 2, "test_loss": 2, "dead": 0, "weights": [[[1]]], "biases": [[0]]},
        {"epoch": 1, "train_loss": 0, "test_loss": 12.5, "dead": 0, "weights": [[[2]]],
         "biases": [[1]]}], result


def run_epochs(source, epochs):
    return done("playground", source, "--epochs", str(epochs[-1]), "--at",
                ",".join(map(str, epochs)), "--json").json()


def test_recorded_links():
    for run in json.loads((shared("fixtures/playground") / "urls.json").read_text()):
        result = run_epochs(run["url"], [row["epoch"] for row in run["epochs"]])
        assert result["url"] == run["url"]
        assert close(result["first_point"], run["first_point"], 1e-6), run["url"]
        for got, want in zip(result["epochs"], run["epochs"]):
            assert got["dead"] == want["dead"], (run["url"], got, want)
            assert close([got["train_loss"], got["test_loss"]],
                         [want["train_loss"], want["test_loss"]], 1e-8), (run["url"], got, want)


def test_recorded_files():
    for path in sorted(shared("fixtures/playground").glob("*.json")):
        run = json.loads(path.read_text())
        if isinstance(run, list):
            continue
        result = run_epochs(path, [row["epoch"] for row in run["epochs"]])
        for got, want in zip(result["epochs"], run["epochs"]):
            assert close(got["train_loss"], want["trainLoss"], 1e-6), (path, got["epoch"])
            for key in ("weights", "biases"):
                if key in want:
                    assert close(got[key], want[key], 1e-5), (path, got["epoch"], key)


if __name__ == "__main__":
    main(globals())
