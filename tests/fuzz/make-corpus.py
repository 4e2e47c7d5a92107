#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the seeds of the fuzzers: make-corpus.py [FOLDER], by default corpus/ beside this file.

Small sound files of each kind, and broken ones that lead into each refusal. All contents are made
up here, and the same each time.
"""

import gzip
import json
import struct
import sys
import zlib
from pathlib import Path

FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent / "corpus"


def write(name, data):
    path = FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def pack(data):
    return gzip.compress(data, mtime=0)


# --- experiment: a text, and after a zero byte a change as of --set ---------------------------

CONV = {"type": "conv2d", "filters": 4, "kernel": 3, "padding": [1, 1], "bias": False, "l1": 1e-4}
SGD = {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9}


def experiment(*layers, dataset=None, optimizer=None, **training):
    return {"receptive": 1,
            "dataset": dataset or {"id": "shapes"},
            "network": {"input": [3, 32, 32], "layers": list(layers)},
            "training": {"optimizer": optimizer or SGD, **training}}


def write_experiment(name, root, change=None):
    text = root if isinstance(root, str) else json.dumps(root)
    write(f"experiment/{name}", text.encode() + (b"\0" + change.encode() if change else b""))


write_experiment("minimal", experiment({"type": "flatten"}))
write_experiment("convolution", experiment(
    CONV, {"type": "batchnorm"}, {"type": "relu"}, {"type": "maxpool", "size": 2},
    {"type": "spatial_dropout", "rate": 0.1}, {"type": "avgpool", "size": [3, 2], "stride": 2},
    {"type": "flatten"}, {"type": "dropout", "rate": 0.5},
    {"type": "linear", "units": 10, "l2": 5e-4, "init": "he", "lr_scale": 0.1, "frozen": True},
    batch_size=128, epochs=10, seed=7, shuffle=False, label_smoothing=0.1, l1_rule="proximal",
    schedule={"type": "cosine", "warmup_steps": 5},
    augment=[{"type": "flip", "probability": 0.5}, {"type": "crop", "padding": 4}]))
write_experiment("residual", experiment(
    CONV, {"type": "residual", "layers": [CONV, {"type": "silu"}], "shortcut": []},
    {"type": "residual", "layers": [{**CONV, "filters": 8, "stride": 2}],
     "shortcut": [{**CONV, "filters": 8, "stride": 2}]},
    {"type": "global_avgpool"}, {"type": "linear", "units": 3},
    optimizer={"type": "adamw", "learning_rate": 1e-3, "beta1": 0.9, "weight_decay": 0.01}))
write_experiment("activations", experiment(
    *({"type": kind} for kind in ("leaky_relu", "elu", "gelu", "silu", "tanh", "sigmoid")),
    optimizer={"type": "rmsprop", "learning_rate": 1e-3, "alpha": 0.9},
    schedule={"type": "one_cycle"}))
write_experiment("data", experiment({"type": "relu"}, dataset={
    "safetensors": "data.safetensors", "seed": 3, "limit": 100, "validation_fraction": 0.1,
    "test_fraction": 0.1, "normalize": {"mean": [0.5, 0.5, 0.5], "deviation": [0.2, 0.2, 0.2]}}))
write_experiment("folder", {**experiment({"type": "relu"}, dataset={
    "folder": "pets", "normalize": False, "fingerprint": "sha256:00"}),
    "name": "pets", "parent": {"run": "../other", "step": 12}})
write_experiment("impossible", experiment(*[{"type": "maxpool", "size": 2}] * 7))
write_experiment("large", experiment({**CONV, "filters": 65536, "kernel": 1024, "padding": 1024}))
write_experiment("change", experiment(CONV), "network.layers[0].kernel=[5, 3]")
write_experiment("new-change", experiment({"type": "relu"}), "training.schedule.type=step")
write_experiment("odd-change", experiment({"type": "relu"}), "network.layers[7].rate=0.5")
write_experiment("unknown-key", experiment({**CONV, "kernal": 3}))
write_experiment("duplicate-key", '{"dataset": {"id": "a"}, "dataset": {"id": "b"}}')
write_experiment("overflow", '{"dataset": {"id": "a", "seed": 1e999}}')
write_experiment("newer", '{"receptive": 2, "laboratory": []}')
write_experiment("deep", "[" * 80)
write_experiment("escapes", '\ufeff{"name": "\\u00fc\\ud83d\\udc1d\\n\\"", "x": [true, null, -0.0]}')

# --- safetensors --------------------------------------------------------------------------------


def safetensors(header, data=b""):
    text = header if isinstance(header, str) else json.dumps(header, separators=(",", ":"))
    return struct.pack("<Q", len(text.encode())) + text.encode() + data


def tensor(dtype, shape, begin, end):
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


SIZES = {"BOOL": 1, "U8": 1, "I8": 1, "I16": 2, "U16": 2, "F16": 2, "BF16": 2, "I32": 4, "U32": 4,
         "F32": 4, "F64": 8, "I64": 8, "U64": 8}
every, end = {}, 0
for dtype, size in SIZES.items():
    every[dtype.lower()] = tensor(dtype, [1, 3], end, end + 3 * size)
    end += 3 * size
write("safetensors/every-dtype", safetensors(every, bytes(range(end))))
write("safetensors/none", safetensors("{}      "))
write("safetensors/metadata", safetensors(
    {"__metadata__": {"format": "pt", "a": "\"\\u00fc\n"}, "x": tensor("F32", [], 0, 4),
     "empty": tensor("I64", [0, 7], 4, 4)}, b"\0\0\x80?"))
write("safetensors/spaces", safetensors(
    '{ "\\u00fc" :\t{"shape" : [ 2 , 1 ] , "data_offsets":[0, 2], "dtype":"I8"}\n}  ', b"\1\xff"))
write("safetensors/overlap", safetensors(
    {"a": tensor("U8", [4], 0, 4), "b": tensor("U8", [4], 2, 6)}, bytes(6)))
write("safetensors/gap", safetensors(
    {"a": tensor("U8", [2], 0, 2), "b": tensor("U8", [2], 4, 6)}, bytes(6)))
write("safetensors/trailing", safetensors({"a": tensor("U8", [2], 0, 2)}, bytes(3)))
write("safetensors/past-end", safetensors({"a": tensor("U8", [9], 0, 9)}, bytes(3)))
write("safetensors/wraps", safetensors({"a": tensor("U8", [2 ** 32, 2 ** 32], 0, 0)}))
write("safetensors/negative", safetensors({"a": tensor("U8", [-2, -1], 0, 2)}, bytes(2)))
write("safetensors/nested", safetensors('{"a":' + "[" * 50))
write("safetensors/twice", safetensors('{"a":{"dtype":"U8","dtype":"U8"}}'))
write("safetensors/long-header", struct.pack("<Q", 2 ** 64 - 8) + b"{}")

# --- IDX, CIFAR, gzip ---------------------------------------------------------------------------


def idx(*dims, data, kind=8):
    return bytes((0, 0, kind, len(dims))) + struct.pack(f">{len(dims)}I", *dims) + data


images = idx(2, 3, 4, data=bytes(range(24)))
labels = idx(10, data=bytes(range(10)))
write("idx/images", images)
write("idx/labels", labels)
write("idx/colours", idx(1, 3, 2, 2, data=bytes(12)))
write("idx/images.gz", pack(images))
write("idx/labels.gz", pack(labels))
write("idx/label-out-of-range", idx(2, data=b"\x01\xc8"))
write("idx/truncated", images[:20])
write("idx/trailing", images + b"\0")
write("idx/floats", idx(1, data=bytes(4), kind=13))
write("idx/wraps", idx(641, 6700417, data=b"\0"))
write("idx/claims", idx(2 ** 31, 2 ** 31, 2 ** 31, data=b"\0"))
write("idx/claims.gz", pack(idx(2000, 1024, 1024, data=bytes(784))))
write("idx/larger.gz", pack(idx(1, 4, 4, data=bytes(4096))))

record = b"\3" + bytes(i % 256 for i in range(3072))
write("cifar/one", record)
write("cifar/two", record + b"\x09" + bytes(3072))
write("cifar/label-10", b"\x0a" + bytes(3072))
write("cifar/short", record[:100])
write("cifar/part", record + record[:50])
write("cifar/two.gz", pack(record * 2))

text = b"a text that says the same, that says the same, that says the same"
stream = pack(text)
write("gz/text", stream)
write("gz/empty", pack(b""))
write("gz/two-members", stream + pack(b"more"))
write("gz/named", b"\x1f\x8b\x08\x08\0\0\0\0\0\3name\0" + stream[10:])
write("gz/zeros", pack(bytes(200000)))
write("gz/stored", b"\x1f\x8b\x08\0\0\0\0\0\0\3\1\3\0\xfc\xffabc"
      + struct.pack("<II", zlib.crc32(b"abc"), 3))
write("gz/truncated", stream[:20])
write("gz/no-trailer", stream[:-8])
write("gz/bad-crc", stream[:-8] + b"\0" + stream[-7:])
write("gz/bad-length", stream[:-4] + b"\xff\xff\xff\xff")
write("gz/trailing", stream + b"x")
write("gz/plain", text)

# --- kernels and chains -------------------------------------------------------------------------

KERNELS = {
    "rows": "0 -1 0; -1 5 -1; 0 -1 0",
    "lines": "1/9, 1/9,\n2e-1 -.5\n",
    "planes": "1 2 | 3 4 | 5 6",
    "list": "[[1, 2],\n [3, 4]] / 9",
    "numpy": "k = np.array([[1., -2.], [0, 1]], dtype=np.float32)",
    "c": "static const float k[2][2] = {\n  { 1.0f, 2.f },\n  { 3, 4F }\n};",
    "name": "gabor:angle=45,wavelength=4.5,phase=90,size=7",
    "minus": "\u22121 0 1",
    "huge": "1e30 1e999",
    "divided": "1/0",
    "words": "NaN inf 0x10",
    "ragged": "1 2; 3",
    "open": "[[1, 2], [3, 4",
    "wide": "1 " * 12,
    "nothing": " ;\n",
}
for name, text in KERNELS.items():
    write(f"kernel/{name}", text.encode())


def write_chain(name, *stages, root=()):
    write(f"chain/{name}", json.dumps({"stages": list(stages), **dict(root)}).encode())


SOBEL = {"type": "kernel", "kernel": "sobel-x", "border": "reflect"}
write_chain("magnitude", SOBEL, {**SOBEL, "kernel": "sobel-y", "input": "picture"},
            {"type": "magnitude", "with": 0}, root={"name": "Sobel", "receptive_chain": 1})
write_chain("combined", {"type": "kernel", "kernel": [[[1, 0]], [[0.5, 2]], [[0, -1]]],
                         "channels": "combined", "stride": [2, 1], "dilation": 3, "bias": -0.5,
                         "padding": [1, 2, 0, 7], "convolve": True, "scale": 0.25},
            {"type": "relu"}, {"type": "avgpool", "size": [3, 2], "padding": 1, "stride": 1},
            {"type": "bias", "value": 0.1}, {"type": "tanh"}, {"type": "abs", "input": 1})
write_chain("pools", {"type": "maxpool"}, {"type": "threshold"}, {"type": "add", "with": 0},
            {"type": "kernel", "kernel": [[1, 2]], "channels": "each", "border": "wrap"})
write_chain("unfit", {"type": "maxpool", "size": 64})
write_chain("forward", {"type": "add", "with": 0})
write_chain("unknown", {"type": "kernel", "kernal": [[1]]})
write_chain("ragged", {"type": "kernel", "kernel": [[1], [1, 2]]})
write_chain("large", {"type": "kernel", "kernel": [[1e30]], "padding": 1024})
write("chain/deep", b"[" * 20)
# --- playground: a link, or a recorded session --------------------------------------------------

LINK = ("#activation=tanh&batchSize=4&dataset=circle&regDataset=reg-plane&learningRate=0.03&"
        "regularizationRate=0.003&noise=40&networkShape=6,5,5&seed=0.54350&percTrainData=50&x=true&"
        "y=true&problem=classification&initZero=false")
write("playground/sheet", LINK.encode())
write("playground/address", ("https://playground.tensorflow.org/" + LINK
                             + "&regularization=L1&play_hide=true").encode())
write("playground/regression", b"#problem=regression&regDataset=reg-gauss&networkShape=&sinX=1&x=false")
write("playground/classes", b"#rfClasses=4&dataset=xor&rfOptimizer=adam&rfDropout=0.5,0&"
                            b"rfActivations=,relu&rfRevive=true&regularization=L1&rfL2=0.1")
write("playground/numbers", b"#batchSize=2.5&learningRate=1e999&noise=0x50&percTrainData=-1&"
                            b"networkShape=0,3.5,,x&regularizationRate=NaN&seed=")
write("playground/characters", "# seed=\u00fc \"<>`\t%2C&=&&x=y=z&__proto__=1&toString_hide=true".encode())
write("playground/no-value", b"#networkShape&seed")
write("playground/large", b"#networkShape=1e9")
session = {"problem": "classification", "features": ["x", "xTimesY"], "hidden": [2],
           "activation": "relu", "regularization": "L1", "learningRate": 0.1,
           "regularizationRate": 0.01, "batchSize": 2, "train": [[1, 2, 1], [-1.5, 0, -1], [0, 0, 1]],
           "test": [[0.5, 0.5, 1]],
           "init": {"weights": [[[0.1, -0.2], [0.3, 0.4]], [[1, -1]]], "biases": [[0, 0.1], [0]]}}
write("playground/session", json.dumps(session).encode())
write("playground/session-short", json.dumps({**session, "hidden": [3]}).encode())
write("playground/session-order", json.dumps({**session, "features": ["y", "x"]}).encode())
write("playground/session-points", json.dumps({**session, "test": [[1, 2]]}).encode())
