#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""filter: kernels, options and chains against loops in Python; what is refused, and how."""

import json
import re
import struct
import zlib
from pathlib import Path

from harness import cli, done, folder, main, refused, shared

WIDTH, HEIGHT = 23, 17


def chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def write_png(path, rows):
    """Rows of (r, g, b)."""
    raw = b"".join(b"\0" + bytes(value for pixel in row for value in pixel) for row in rows)
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 2, 0, 0, 0)
    Path(path).write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
                           + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b""))


def unfilter(kind, line, above):
    out = bytearray()
    for i, value in enumerate(line):
        left = out[i - 3] if i >= 3 else 0
        up, corner = above[i], above[i - 3] if i >= 3 else 0
        guess = left + up - corner
        nearest = min((abs(guess - left), 0, left), (abs(guess - up), 1, up),
                      (abs(guess - corner), 2, corner))[2]
        out.append((value + (0, left, up, (left + up) // 2, nearest)[kind]) % 256)
    return out


def read_png(path):
    data, at, packed = Path(path).read_bytes(), 8, b""
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, body = data[at + 4:at + 8], data[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, color = struct.unpack_from(">IIBB", body)
            assert (depth, color) == (8, 2), (depth, color)
        packed += body if kind == b"IDAT" else b""
        at += 12 + length
    raw, line, rows = zlib.decompress(packed), bytes(3 * width), []
    for y in range(height):
        start = y * (3 * width + 1)
        line = unfilter(raw[start], raw[start + 1:start + 1 + 3 * width], line)
        rows.append([tuple(line[3 * x:3 * x + 3]) for x in range(width)])
    return rows


def picture():
    state, rows = 99, []
    for _ in range(HEIGHT):
        row = []
        for _ in range(WIDTH):
            pixel = []
            for _ in range(3):
                state = (1103515245 * state + 12345) % 2**31
                pixel.append(state >> 23)
            row.append(tuple(pixel))
        rows.append(row)
    return rows


def place(i, n, border):
    if 0 <= i < n:
        return i
    if border == "edge":
        return min(max(i, 0), n - 1)
    if border == "wrap":
        return i % n
    if border == "reflect":
        i %= 2 * (n - 1)
        return min(i, 2 * (n - 1) - i)
    return None


def correlate(rows, kernel, stride=1, padding=None, dilation=1, border="zero"):
    """What doc/formats.md says, as loops; Python's round() takes halves to even."""
    height, width, sides = len(rows), len(rows[0]), (len(kernel), len(kernel[0]))
    spans = [dilation * (side - 1) for side in sides]
    before = [span // 2 if padding is None else padding for span in spans]
    around = spans if padding is None else [2 * padding, 2 * padding]
    out = []
    for y in range((height + around[0] - spans[0] - 1) // stride + 1):
        out.append([])
        for x in range((width + around[1] - spans[1] - 1) // stride + 1):
            sums = [0.0, 0.0, 0.0]
            for ky, line in enumerate(kernel):
                for kx, weight in enumerate(line):
                    at_y = place(y * stride - before[0] + ky * dilation, height, border)
                    at_x = place(x * stride - before[1] + kx * dilation, width, border)
                    if at_y is not None and at_x is not None:
                        for c in range(3):
                            sums[c] += weight * rows[at_y][at_x][c]
            out[-1].append(tuple(min(max(round(value), 0), 255) for value in sums))
    return out


KERNELS = [
    ("sobel-x", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    ("sharpen", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    ("0 -1 0; -1 5 -1; 0 -1 0", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    ("1/4 1/4; 1/4 1/4", [[.25, .25], [.25, .25]]),
    ("1 0 -1 0.5", [[1, 0, -1, .5]]),
    ("np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16",
     [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]]),
    ("-0.75; 0.25; 0; 1.5; 0.25", [[-.75], [.25], [0], [1.5], [.25]]),
]


def test_kernels():
    rows = picture()
    with folder() as here:
        write_png(here / "in.png", rows)
        for name, kernel in KERNELS:
            for border in ("zero", "edge", "reflect", "wrap"):
                result = done("filter", "in.png", "--kernel", name, "--border", border, "--out",
                              "out.png", cwd=here)
                assert result.out == "" and result.err == "", result
                assert read_png(here / "out.png") == correlate(rows, kernel, border=border), name


def test_options():
    rows = picture()
    kernel = KERNELS[3][1]
    with folder() as here:
        write_png(here / "in.png", rows)
        for stride in (1, 2, 5):
            for padding in (None, 0, 3, 40):
                for dilation in (1, 3):
                    args = ["--stride", str(stride), "--dilation", str(dilation)]
                    args += [] if padding is None else ["--padding", str(padding)]
                    done("filter", "in.png", "--kernel", KERNELS[3][0], *args, "--border",
                         "reflect", "--out", "out.png", cwd=here)
                    wanted = correlate(rows, kernel, stride, padding, dilation, "reflect")
                    assert read_png(here / "out.png") == wanted, args


def test_identity_and_threads():
    rows = picture()
    with folder() as here:
        write_png(here / "in.png", rows)
        done("filter", "in.png", "--kernel", "identity", "--out", "out.png", cwd=here)
        assert read_png(here / "out.png") == rows
        bytes_of = set()
        for threads in ("1", "2", "7"):
            done("filter", "in.png", "-k", "gaussian:sigma=2", "-o", "out.png", "--threads",
                 threads, cwd=here)
            bytes_of.add((here / "out.png").read_bytes())
        assert len(bytes_of) == 1


def test_convolution_is_turned():
    rows = picture()
    with folder() as here:
        write_png(here / "in.png", rows)
        done("filter", "in.png", "-k", "1 2; 0 -3", "--convolve", "-o", "a.png", cwd=here)
        assert read_png(here / "a.png") == correlate(rows, [[-3, 0], [2, 1]])


def test_time():
    with folder() as here:
        write_png(here / "in.png", picture())
        out = done("filter", "in.png", "-k", "box:size=7", "-o", "out.png", "--time", cwd=here).out
        assert re.fullmatch(r"filtering: \d+\.\d{3} ms \(median of \d+\)\n", out), out


def test_chain():
    rows = picture()
    stages = [{"type": "kernel", "kernel": "sobel-x"},
              {"type": "kernel", "kernel": "sobel-y", "input": "picture"},
              {"type": "magnitude", "with": 0}, {"type": "bias", "value": -1},
              {"type": "relu"}, {"type": "maxpool", "size": 2}]
    with folder() as here:
        write_png(here / "in.png", rows)
        (here / "chain.json").write_text(json.dumps({"stages": stages}), encoding="utf-8")
        done("filter", "in.png", "--chain", "chain.json", "--out", "out.png", cwd=here)
        result = read_png(here / "out.png")
        assert (len(result), len(result[0])) == (HEIGHT // 2, WIDTH // 2)

        def slope(y, x, c, kernel):
            return sum(kernel[ky][kx] * rows[y + ky - 1][x + kx - 1][c]
                       for ky in range(3) for kx in range(3)
                       if 0 <= y + ky - 1 < HEIGHT and 0 <= x + kx - 1 < WIDTH)

        across = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
        down = [list(column) for column in zip(*across)]
        for y in range(HEIGHT // 2):
            for x in range(WIDTH // 2):
                for c in range(3):
                    best = max((slope(2 * y + i, 2 * x + j, c, across) ** 2
                                + slope(2 * y + i, 2 * x + j, c, down) ** 2) ** .5
                               for i in (0, 1) for j in (0, 1))
                    wanted = min(max(best - 255, 0), 255)
                    assert abs(result[y][x][c] - wanted) <= .51, (y, x, c)

        for name in ("sobel-magnitude", "canny-like"):
            done("filter", "in.png", "--chain", name, "--out", "edges.png", cwd=here)
        for row in read_png(here / "edges.png"):
            assert all(pixel in ((0, 0, 0), (255, 255, 255)) for pixel in row), row


def test_jpeg():
    with folder() as here:
        write_png(here / "in.png", [[(90, 120, 200)] * 16] * 16)
        done("filter", "in.png", "-k", "identity", "-o", "out.jpg", cwd=here)
        assert (here / "out.jpg").read_bytes().startswith(b"\xff\xd8\xff")
        done("filter", "out.jpg", "-k", "identity", "-o", "again.png", cwd=here)
        for pixel in (pixel for row in read_png(here / "again.png") for pixel in row):
            assert all(abs(a - b) < 4 for a, b in zip(pixel, (90, 120, 200))), pixel


def test_wrong_usage():
    with folder() as here:
        write_png(here / "in.png", picture())

        def wrong(*args, says):
            refused("filter", *args, code=2, says=says, cwd=here)

        wrong(says="IMAGE")
        wrong("in.png", "--out", "x.png", says="--kernel NAME|ROWS is missing")
        wrong("in.png", "--kernel", "box", says="--out")
        wrong("in.png", "--kernel", "box", "--out", "x.bmp", says=".png")
        wrong("in.png", "b.png", "--kernel", "box", "--out", "x.png", says="b.png")
        wrong("in.png", "--kernel", "box", "--chain", "c", "--out", "x.png", says="together")
        wrong("in.png", "--chain", "c", "--stride", "2", "--out", "x.png", says="--stride")
        wrong("in.png", "--kernal", "box", "--out", "x.png", says="did you mean --kernel")
        for kernel, says in (("", "no numbers"), ("1e30", "out of range"), ("NaN", "NaN"),
                             ("1/0", "divided by 0"), ("1 2; 3", "line 1, column 7"),
                             ("sobl-x", 'did you mean "sobel-x"'), ("gaussian:sigma=-1", "sigma"),
                             ("1 " * 12, "at most 11"), ("[[1, 2]", "closing ]")):
            wrong("in.png", "--kernel", kernel, "--out", "x.png", says=says)
        for option, low, high in (("--stride", 1, 64), ("--dilation", 1, 64),
                                  ("--padding", 0, 1024)):
            for value in (str(low - 1), str(high + 1), "1.5", "", "many"):
                wrong("in.png", "--kernel", "box", f"{option}={value}", "--out", "x.png",
                      says=[option, f"{low} to {high}"])
        wrong("in.png", "--kernel", "box", "--border", "mirror", "--out", "x.png", says="reflect")
        assert not (here / "x.png").exists()


def test_failures():
    with folder() as here:
        write_png(here / "in.png", picture())
        box = ["--kernel", "box", "--out", "x.png"]
        refused("filter", "none.png", *box, cwd=here, says="none.png")
        (here / "text.png").write_text("hello", encoding="utf-8")
        refused("filter", "text.png", *box, cwd=here, says="text.png")
        refused("filter", "in.png", "--kernel", "box:size=11", "--padding", "0", "--dilation", "3",
                "--out", "x.png", cwd=here, says="does not fit")
        refused("filter", "in.png", "--kernel", "box", "--out", "none/x.png", cwd=here, says="none")
        refused("filter", "in.png", "--chain", "none.json", "--out", "x.png", cwd=here,
                says="none.json")
        for text, says in (("[]", "object"), ('{"stages": [{"type": "rleu"}]}', 'mean "relu"'),
                           ('{"stages": [{"type": "maxpool", "size": 60}]}', "stages[0]"),
                           ('{"stages": [{"type": "kernel", "kernel": [[1e30]]}]}',
                            "stages[0].kernel[0][0]")):
            (here / "chain.json").write_text(text, encoding="utf-8")
            refused("filter", "in.png", "--chain", "chain.json", "--out", "x.png", cwd=here,
                    says=["chain.json", says])
        assert not (here / "x.png").exists()


def test_huge_picture():
    with folder() as here:
        header = struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0)
        packed = zlib.compress(bytes(1000))
        (here / "huge.png").write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
                                        + chunk(b"IDAT", packed) + chunk(b"IEND", b""))
        result = refused("filter", "huge.png", "-k", "box", "-o", "x.png", cwd=here,
                         says=["huge.png", "30000"])
        assert result.peak < 200e6, result.peak


def test_bad_pictures():
    bad = shared("data/bad")
    with folder() as here:
        for path in sorted(bad.iterdir()):
            result = cli("filter", path, "-k", "sobel-x", "-o", here / "x.png", timeout=10)
            assert result.code in (0, 1), (path, result)
            assert result.peak < 300e6, (path, result.peak)
            assert result.code == 0 or (len(result.lines) == 1 and path.name in result.err), result
            if path.name.startswith("good.") and path.suffix in (".png", ".jpg"):
                assert result.code == 0, (path, result)


if __name__ == "__main__":
    main(globals())
