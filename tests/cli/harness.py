# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs receptive-cli for tests: TAP, processes with their peak memory, safetensors files.

Python's standard library only. The program is $RECEPTIVE_CLI, else build/cli/receptive-cli; shared
test data, which may be missing, is under $RECEPTIVE_SHARED.
"""

import array
import contextlib
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import zlib
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
CLI = os.environ.get("RECEPTIVE_CLI") or str(SOURCE / "build" / "cli" / "receptive-cli")


class Skip(Exception):
    """Raised by a test that cannot run here; says why."""


def shared(relative):
    root = os.environ.get("RECEPTIVE_SHARED")
    path = Path(root, relative) if root else None
    if not path or not path.exists():
        raise Skip(f"needs shared test data: {relative}")
    return path


def run_tests(tests):
    """Runs (name, function) pairs and prints TAP; the exit status says whether all passed."""
    tests = list(tests)
    print(f"1..{len(tests)}", flush=True)
    failed = 0
    for number, (name, test) in enumerate(tests, 1):
        try:
            test()
            print(f"ok {number} - {name}", flush=True)
        except Skip as why:
            print(f"ok {number} - {name} # SKIP {why}", flush=True)
        except Exception:  # pylint: disable=broad-except
            failed += 1
            print(f"not ok {number} - {name}")
            print("".join("# " + line + "\n" for line in traceback.format_exc().splitlines()),
                  end="", flush=True)
    return 1 if failed else 0


def main(namespace):
    """Runs the functions test_… of a script, in their order."""
    sys.exit(run_tests((name[5:].replace("_", " "), value)
                       for name, value in namespace.items()
                       if name.startswith("test_") and callable(value)))


@dataclass
class Result:
    code: int  # negative: the signal that ended it
    out: str
    err: str
    seconds: float
    peak: int  # bytes of memory

    @property
    def lines(self):
        return self.err.splitlines()

    def json(self):
        return json.loads(self.out, parse_constant=lambda word: 1 / 0)


class Process:
    """A receptive-cli under way."""

    def __init__(self, *args, env=None, **options):
        self.out, self.err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        options.setdefault("stdin", subprocess.DEVNULL)
        options.setdefault("stdout", self.out)
        options.setdefault("stderr", self.err)
        self.begin = time.monotonic()
        self.popen = subprocess.Popen([CLI, *map(os.fspath, args)],
                                      env={**os.environ, **(env or {})}, **options)

    def kill(self, number=signal.SIGKILL):
        os.kill(self.popen.pid, number)

    def wait(self, timeout=120):
        """Ends it by force after @timeout, which is a failure."""
        late = threading.Event()

        def end():
            late.set()
            self.kill()

        timer = threading.Timer(timeout, end)
        timer.start()
        _, status, usage = os.wait4(self.popen.pid, 0)
        timer.cancel()
        self.popen.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (self.out, self.err):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "surrogateescape"))
            file.close()
        assert not late.is_set(), f"still running after {timeout} s: {self.popen.args}"
        return Result(self.popen.returncode, *texts, time.monotonic() - self.begin,
                      usage.ru_maxrss * 1024)


def cli(*args, timeout=120, **options):
    return Process(*args, **options).wait(timeout)


def done(*args, **options):
    """Runs it and wants exit 0."""
    result = cli(*args, **options)
    assert result.code == 0, f"exit {result.code}: {args}\n{result.err}"
    return result


def refused(*args, code=1, says=(), timeout=10, **options):
    """Runs it and wants exit @code and one line on standard error that has all words of @says."""
    result = cli(*args, timeout=timeout, **options)
    assert result.code == code, f"exit {result.code}, not {code}: {args}\n{result.err}"
    assert len(result.lines) == 1, f"not one line: {args}\n{result.err}"
    assert result.err.startswith("receptive-cli: ") and len(result.err) > 20, result.err
    assert result.out == "", result.out
    for word in (says,) if isinstance(says, str) else says:
        assert word in result.err, f"does not say {word!r}: {result.err}"
    return result


@contextlib.contextmanager
def folder():
    path = Path(tempfile.mkdtemp(prefix="receptive-test-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


SIZES = {"U8": 1, "F16": 2, "BF16": 2, "F32": 4, "I32": 4, "I64": 8, "F64": 8}
CODES = {"U8": "B", "F32": "f", "I32": "i", "I64": "q", "F64": "d"}


def write_safetensors(path, tensors):
    """@tensors: {name: (dtype, shape, numbers)}."""
    header, blocks, offset = {}, [], 0
    for name, (dtype, shape, numbers) in tensors.items():
        block = array.array(CODES[dtype], numbers)
        if sys.byteorder == "big":
            block.byteswap()
        data = block.tobytes()
        begin, offset = offset, offset + len(data)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [begin, offset]}
        blocks.append(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    Path(path).write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blocks))


def read_safetensors(path):
    """{name: (dtype, shape, numbers)}; bytes in place of numbers for half floats."""
    data = Path(path).read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        block = data[8 + length + begin:8 + length + end]
        if entry["dtype"] in CODES:
            numbers = array.array(CODES[entry["dtype"]])
            numbers.frombytes(block)
            if sys.byteorder == "big":
                numbers.byteswap()
            block = numbers
        tensors[name] = (entry["dtype"], entry["shape"], block)
    return tensors


def write_experiment(path, layers, dataset, network=None, **training):
    """An experiment file with small defaults."""
    experiment = {
        "dataset": dataset,
        "network": {"layers": layers, **(network or {})},
        "training": {"optimizer": {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9},
                     "batch_size": 16, "epochs": 2, "seed": 1, **training},
    }
    Path(path).write_text(json.dumps(experiment), encoding="utf-8")
    return path


def write_pictures(path, n=128, side=12, classes=4, dtype="F32", channels=1):
    """Noisy patches whose place is their class: a set that a small network learns."""
    state = 12345

    def noise():
        nonlocal state
        state = (1103515245 * state + 12345) % 2**31
        return state / 2**31

    images, labels = [], []
    for i in range(n):
        label = i * 7 % classes
        labels.append(label)
        for _ in range(channels):
            for y in range(side):
                for x in range(side):
                    bright = y * 2 // side == label // 2 and x * 2 // side == label % 2
                    value = 0.6 * bright + 0.4 * noise()
                    images.append(int(255 * value) if dtype == "U8" else value)
    write_safetensors(path, {"images": (dtype, [n, channels, side, side], images),
                             "labels": ("I64", [n], labels)})
    return path


def write_png(path, side, pixel):
    """RGB, from a function of x and y."""
    def chunk(kind, data):
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    rows = b"".join(b"\0" + bytes(c for x in range(side) for c in pixel(x, y)) for y in range(side))
    path.write_bytes(b"\x89PNG\r\n\x1a\n"
                     + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
                     + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def small_cnn(classes=4, dropout=0.2):
    return [{"type": "conv2d", "filters": 6, "kernel": 3, "padding": 1}, {"type": "batchnorm"},
            {"type": "relu"}, {"type": "maxpool", "size": 2},
            {"type": "dropout", "rate": dropout}, {"type": "flatten"},
            {"type": "linear", "units": classes}]


TIMES = ("seconds", "images_per_second")


def read_rows(path):
    """A CSV's rows as lists of texts, without the columns that tell time."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    names = lines[0].split(",")
    keep = [i for i, name in enumerate(names) if name not in TIMES]
    rows = []
    for line in lines:
        fields = line.split(",")
        assert len(fields) == len(names), f"{path}: {line}"
        rows.append([fields[i] for i in keep])
    return rows


def same_run(a, b):
    """The same weights and rows."""
    a, b = Path(a), Path(b)
    for name in ("steps.csv", "epochs.csv"):
        assert read_rows(a / name) == read_rows(b / name), f"{name} of {a} and {b} differ"
    for name in ("initial.safetensors", "weights.safetensors"):
        assert (a / name).read_bytes() == (b / name).read_bytes(), f"{name} of {a} and {b} differ"
