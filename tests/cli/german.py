#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line in German: people read German, programs read what they always do."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from harness import (SOURCE, Skip, done, folder, main, refused, same_run, small_cnn,
                     write_experiment, write_pictures)

VERBS = ("train", "eval", "predict", "export", "plot", "filter", "playground", "bench", "data")


def german():
    """The environment for it, with a catalogue made from the source."""
    if not shutil.which("msgfmt"):
        raise Skip("msgfmt is not installed")
    messages = Path(CATALOGUES.name, "de", "LC_MESSAGES")
    if not messages.exists():
        messages.mkdir(parents=True)
        subprocess.run(["msgfmt", "-o", messages / "receptive.mo", SOURCE / "po" / "de.po"],
                       check=True)
    # With decimal commas, where they can be had.
    commas = Path(os.environ.get("LOCPATH", "/nowhere"), "de_DE.UTF-8").exists()
    return {"LC_ALL": "de_DE.UTF-8" if commas else "C.UTF-8", "LANGUAGE": "de",
            "RECEPTIVE_LOCALEDIR": CATALOGUES.name}


def test_help():
    env = german()
    text = done("--help", env=env).out
    assert text.startswith("Aufruf:") and "Befehle:" in text, text
    for verb in VERBS:
        english, text = done(verb, "--help").out, done(verb, "--help", env=env).out
        for line in english.splitlines():
            # Words, not the synopsis (in words of the command line) nor GLib's own lines.
            if line.startswith("  receptive-cli") or len(line.split()) < 6:
                continue
            assert line not in text, f"{verb}: not translated: {line}"


def test_errors():
    env = german()
    refused(code=2, says="ein Befehl fehlt", env=env)
    refused("trian", code=2, says="gemeint „train“", env=env)
    refused("train", "/no/such.json", "--out", "x", says="konnte nicht gelesen werden", env=env)
    with folder() as here:
        write_pictures(here / "data.safetensors")
        write_experiment(here / "a.json", small_cnn(), {"safetensors": "data.safetensors"},
                         batch_size=0.5)
        refused("train", "a.json", "--out", "run", cwd=here, env=env,
                says=("a.json: training.batch_size: 0.5", "keine ganze Zahl"))


def test_files_and_json():
    env = german()
    with folder() as here:
        write_pictures(here / "data.safetensors")
        write_experiment(here / "a.json", small_cnn(),
                         {"safetensors": "data.safetensors", "test_fraction": 0.25})
        done("train", "a.json", "--out", "english", cwd=here)
        result = done("train", "a.json", "--out", "german", cwd=here, env=env)
        assert result.lines[0].startswith("Epoche 1/2  Verlust "), result.err
        same_run(here / "english", here / "german")
        english = done("eval", "german", "--json", cwd=here).json()
        assert done("eval", "german", "--json", cwd=here, env=env).json() == english
        text = done("eval", "german", cwd=here, env=env).out
        assert "Genauigkeit  " in text and f"Verlust      {english['loss']:.6g}" in text, text


def test_columns():
    """A longer word does not push a table out of its columns."""
    text = done("playground", "#networkShape=4,2", "--epochs", "5", env=german()).out
    rows = text.split("\n\n", 1)[1].splitlines()
    assert len(rows) > 3 and len({len(row) for row in rows}) == 1, text
    assert len(rows[0].split()) == len(rows[1].replace(" %", "%").split()), text


CATALOGUES = tempfile.TemporaryDirectory(prefix="receptive-test-")
main(globals())
