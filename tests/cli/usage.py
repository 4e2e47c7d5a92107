#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Usage, help, exit statuses and errors of every verb."""

import os
import subprocess

from harness import (CLI, cli, done, folder, main, refused, small_cnn, write_experiment,
                     write_pictures)

VERBS = ("train", "eval", "predict", "export", "plot", "filter", "playground", "bench", "data")


def test_version():
    result = done("--version")
    assert result.out.startswith("receptive-cli ") and result.out.count("\n") == 1, result.out


def test_help_lists_every_verb():
    text = done("--help").out
    for verb in VERBS:
        assert f"\n  {verb} " in text, text


def test_help_of_every_verb():
    for verb in [(verb,) for verb in VERBS] + [("data", "list"), ("data", "info")]:
        result = done(*verb, "--help")
        assert result.out.startswith("Usage:") and result.err == "", result
        assert " ".join(verb) in result.out.splitlines()[1], result.out


def test_wrong_usage_is_exit_2():
    refused(code=2, says="verb")
    refused("", code=2)
    refused("trian", code=2, says='did you mean "train"')
    refused("data", code=2)
    refused("data", "lsit", code=2, says='did you mean "list"')
    refused("--verison", code=2, says="--verison")
    refused("train", code=2, says="EXPERIMENT")
    refused("train", "a.json", code=2, says="--out")
    refused("train", "a.json", "--out", "", code=2, says="--out")
    refused("train", "", "--out", "run", code=2)
    refused("train", "a.json", "b.json", "--out", "run", code=2, says="b.json")
    refused("train", "a.json", "--out", "run", "--resmue", code=2, says="did you mean --resume")
    refused("train", "a.json", "--out", "run", "--threads=many", code=2, says="1 to 64")
    for count in ("0", "-1", "65", "1e3", "", "99999999999999999999"):
        refused("train", "a.json", "--out", "run", "--threads", count, code=2, says="1 to 64")
    refused("eval", code=2, says="RUN|EXPERIMENT")
    refused("eval", "run", "--split", "exam", code=2, says=["train, validation or test", "exam"])
    refused("predict", "run", code=2)
    refused("predict", "run", "--input", "a", code=2, says="--output")
    refused("predict", "run", "--output", "a", code=2, says="--input")
    refused("predict", "run", "a.png", "--input", "a", "--output", "b", code=2)
    refused("export", "run", code=2, says="--out")
    refused("export", "run", "--out", "x", "--dtype", "f64", code=2, says="f32 or f16")
    refused("export", "run", "--out", "x", "--format", "onnx", code=2,
            says="safetensors or pytorch")
    refused("plot", "--out", "x.png", code=2, says="RUN")
    refused("plot", "run", code=2, says="--out")
    refused("plot", "run", "--out", "x.gif", code=2, says=".svg")
    refused("bench", "--net", "alexnet", code=2, says="resnet20")
    refused("bench", "fast", code=2)
    refused("data", "info", code=2)
    refused("data", "list", "more", code=2)
    refused("data", "info", b"\xff\xfe" * 3)


def test_missing_files_are_exit_1():
    with folder() as here:
        for args in (["train", "none.json", "--out", "run"], ["eval", "none"],
                     ["predict", "none", "a.png"], ["export", "none", "--out", "x"],
                     ["plot", "none", "--out", "x.png"], ["data", "info", "none"]):
            refused(*args, says="none", cwd=here)
        assert not list(here.iterdir()), "something was written"


def test_folders_given_as_files():
    with folder() as here:
        (here / "dir").mkdir()
        refused("train", "dir", "--out", "run", cwd=here, says="dir")
        refused("eval", "dir", cwd=here, says="dir")
        refused("export", "dir", "--out", "x", cwd=here, says="dir")
        refused("plot", "dir", "--out", "x.png", cwd=here, says="dir")
        write_pictures(here / "data.safetensors", n=16)
        write_experiment(here / "a.json", small_cnn(), {"safetensors": "data.safetensors"})
        refused("predict", "a.json", "--input", "dir", "--output", "out", cwd=here, says="dir")
        refused("train", "a.json", "--out", "run", "--init", "dir", cwd=here, says="dir")
        done("train", "a.json", "--out", "run", cwd=here)
        refused("export", "run", "--out", "dir", cwd=here, says="dir")
        refused("plot", "run", "--out", "none/x.png", cwd=here, says="none")
        refused("export", "run", "--out", "none/x", cwd=here, says="none")
        refused("train", "a.json", "--out", "data.safetensors", cwd=here, says="data.safetensors")
        refused("train", "a.json", "--out", "data.safetensors/run", cwd=here)


def test_unreadable_files():
    with folder() as here:
        write_experiment(here / "a.json", small_cnn(), {"safetensors": "data.safetensors"})
        # Root reads everything; a link to itself nobody does.
        os.symlink("loop", here / "loop")
        refused("train", "loop", "--out", "run", cwd=here, says="loop")
        refused("data", "info", "loop", cwd=here, says="loop")
        refused("train", "a.json", "--out", "run", cwd=here, says="data.safetensors")
        # What has no end is not read to its end.
        for name in ("/dev/zero", "/dev/null"):
            refused("train", name, "--out", "run", cwd=here, says=name)
            refused("data", "info", name, cwd=here, says=name)


def test_line_breaks_in_names_stay_one_line():
    with folder() as here:
        refused("eval", "two\nlines", cwd=here)
        refused("data", "info", "two\nlines\x1b[31m", cwd=here)


def test_closed_standard_output():
    for args in (["data", "list"], ["data", "info", "shapes", "--json"], ["--help"]):
        read, write = os.pipe()
        os.close(read)
        process = subprocess.run([CLI, *args], stdout=write, stderr=subprocess.PIPE, check=False,
                                 timeout=60)
        os.close(write)
        assert process.returncode == 1, (args, process)
        assert process.stderr.count(b"\n") == 1 and b"standard output" in process.stderr, process
    with open("/dev/full", "w", encoding="utf-8") as full:
        process = subprocess.run([CLI, "data", "list"], stdout=full, stderr=subprocess.PIPE,
                                 check=False, timeout=60)
        assert process.returncode == 1 and b"standard output" in process.stderr, process


def test_data_list():
    lines = done("data", "list").out.splitlines()
    names = [line.split()[0] for line in lines]
    for name in ("shapes", "cifar-10", "mnist"):
        assert name in names, lines
    assert "built in" in lines[names.index("shapes")], lines


def test_data_info_suggests_a_name():
    refused("data", "info", "shaeps", says="shaeps")


def test_data_info_of_a_set():
    info = done("data", "info", "shapes", "--json").json()
    text = done("data", "info", "shapes").out
    assert "classes" in info and "3" in text, (info, text)
    assert cli("data", "info", "shapes", "--json").json() == info


if __name__ == "__main__":
    main(globals())
