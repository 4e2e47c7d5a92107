#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run stopped, killed, locked or out of space goes on to the same bytes as one left alone."""

import ctypes
import os
import random
import signal
import subprocess
import time

from harness import (Process, Skip, cli, done, folder, main, read_rows, refused, same_run,
                     small_cnn, write_experiment, write_pictures)

KILLS = 12


def prepare(here, epochs=30, **more):
    write_pictures(here / "data.safetensors", n=256)
    return write_experiment(here / "a.json", small_cnn(),
                            {"safetensors": "data.safetensors", "validation_fraction": 0.25},
                            epochs=epochs,
                            augment=[{"type": "flip"}, {"type": "crop", "padding": 2}], **more)


def wait_for_row(run, process):
    """Until the run has written a step."""
    steps = run / "steps.csv"
    while process.popen.poll() is None:
        if steps.exists() and steps.read_bytes().count(b"\n") > 3:
            return
        time.sleep(0.01)


def test_interrupt_then_resume():
    with folder() as here:
        # Long enough not to be over before the signal is there.
        prepare(here, epochs=120)
        done("train", "a.json", "--out", "whole", cwd=here)
        for number in (signal.SIGINT, signal.SIGTERM):
            run = here / f"run{int(number)}"
            process = Process("train", "a.json", "--out", run, cwd=here)
            wait_for_row(run, process)
            process.kill(number)
            result = process.wait()
            assert result.code == 130, (result.code, result.err)
            assert "step" in result.lines[-1] and "--resume" in result.lines[-1], result.err
            rows = read_rows(run / "steps.csv")
            assert 1 < len(rows) < len(read_rows(here / "whole" / "steps.csv")), len(rows)
            refused("train", "a.json", "--out", run, cwd=here, says=[run.name, "--resume"])
            assert read_rows(run / "steps.csv") == rows, "refusing changed the run"
            done("train", "a.json", "--out", run, "--resume", cwd=here)
            same_run(here / "whole", run)

        # A finished run has nothing to go on with.
        before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
        done("train", "a.json", "--out", run, "--resume", cwd=here)
        assert before == {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}


def test_second_interrupt_ends_at_once():
    with folder() as here:
        prepare(here, epochs=100000)
        run = here / "run"
        process = Process("train", "a.json", "--out", run, cwd=here)
        wait_for_row(run, process)
        process.kill(signal.SIGINT)
        process.kill(signal.SIGINT)
        assert process.wait(10).code == 130


def test_interrupt_while_opening():
    with folder() as here:
        prepare(here)
        for delay in (0.005, 0.02, 0.04, 0.06):
            process = Process("train", "a.json", "--out", here / f"run{delay}", cwd=here)
            time.sleep(delay)
            process.kill(signal.SIGINT)
            assert process.wait(10).code in (130, -signal.SIGINT)


def test_resume_without_a_run_starts_one():
    with folder() as here:
        prepare(here, epochs=2)
        done("train", "a.json", "--out", "a", cwd=here)
        done("train", "a.json", "--out", "b", "--resume", cwd=here)
        same_run(here / "a", here / "b")


def test_killed_at_any_moment():
    seed = int(os.environ.get("SEED", time.time_ns() % 2**32))
    print(f"# SEED={seed}")
    chance = random.Random(seed)
    with folder() as here:
        prepare(here)
        length = done("train", "a.json", "--out", "whole", cwd=here).seconds
        kills = rounds = 0
        while kills < KILLS:
            run = here / f"run{rounds}"
            rounds += 1
            code = None
            while code != 0:
                process = Process("train", "a.json", "--out", run, "--resume", cwd=here)
                if kills < KILLS:
                    time.sleep(chance.uniform(0, length / 3))
                    process.kill()
                result = process.wait()
                code = result.code
                assert code in (0, -signal.SIGKILL), (code, result.err)
                kills += code != 0
            same_run(here / "whole", run)


def test_second_writer_is_refused():
    with folder() as here:
        prepare(here, epochs=100000)
        run = here / "run"
        process = Process("train", "a.json", "--out", run, cwd=here)
        try:
            wait_for_row(run, process)
            refused("train", "a.json", "--out", run, "--resume", cwd=here, says="run")
            refused("train", "a.json", "--out", run, cwd=here, says="run")
            # Reading is nobody's business but the reader's.
            done("plot", run, "--out", here / "x.svg")
            assert process.popen.poll() is None
        finally:
            process.kill(signal.SIGTERM)
            assert process.wait().code == 130


class SmallDisk:
    """A file system of its own with little room."""

    def __init__(self, path, size):
        if os.geteuid() != 0:
            raise Skip("needs root to mount a small file system")
        self.path = path
        path.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", path],
                          check=False, stderr=subprocess.DEVNULL).returncode:
            raise Skip("a small file system cannot be mounted here")

    def resize(self, size):
        subprocess.run(["mount", "-o", f"remount,size={size}", self.path], check=True)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        os.sync()
        ctypes.CDLL(None).umount2(os.fsencode(self.path), 2)


def test_full_disk():
    with folder() as here:
        prepare(here)
        done("train", "a.json", "--out", "whole", cwd=here)
        with SmallDisk(here / "disk", "96k") as disk:
            result = cli("train", "a.json", "--out", "disk/run", cwd=here)
            assert result.code == 1, result
            line = result.lines[-1]
            assert line.startswith("receptive-cli: "), line
            assert "free some space" in line and "--resume" in line, line
            disk.resize("16m")
            done("train", "a.json", "--out", "disk/run", "--resume", cwd=here)
            same_run(here / "whole", here / "disk" / "run")


if __name__ == "__main__":
    main(globals())
