#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records what PyTorch makes of one picture in every layer of the trained networks that come with
the program: some values of each layer's output, for test-torch-maps.

    tests/model/record-maps.py build/cli/receptive-cli > tests/model/data/torch-maps.json

Needs torch; the test does not. The picture is a formula: value i is sin(0.37 · i) as a float.
"""
import json
import math
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import torch

VALUES = 24  # of each layer, equally far apart
DTYPES = {"F32": torch.float32, "F16": torch.float16, "I64": torch.int64}


def load_weights(path):
    data = path.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + size])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        first, end = entry["data_offsets"]
        part = bytearray(data[8 + size + first : 8 + size + end])
        tensor = torch.frombuffer(part, dtype=DTYPES[entry["dtype"]])
        tensors[name] = tensor.reshape(entry["shape"]).float()
    return tensors


def build(cli, folder):
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "net.py"
        subprocess.run([cli, "export", folder, "--format", "pytorch", "--out", source], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        scope = {}
        exec(source.read_text(), scope)
    model = scope["model"]
    model.load_state_dict(load_weights(folder / "weights.safetensors"), strict=False)
    return model.eval()


def record(cli, folder):
    model = build(cli, folder)
    experiment = json.loads((folder / "experiment.json").read_text())
    shape = experiment["network"]["input"]
    count = math.prod(shape)
    image = torch.tensor([math.sin(0.37 * i) for i in range(count)], dtype=torch.float32)
    layers = {}

    def keep(name):
        def hook(module, inputs, output):
            flat = output[0].reshape(-1)
            step = max(1, len(flat) // VALUES)
            layers[name] = {"step": step, "values": [float(v) for v in flat[::step][:VALUES]]}
        return hook

    for name, module in model.named_children():
        module.register_forward_hook(keep(name))
    with torch.no_grad():
        model(image.reshape(1, *shape))
    return {"network": folder.name, "input": shape, "layers": layers}


def main():
    torch.set_num_threads(1)
    root = Path(__file__).resolve().parents[2] / "data" / "pretrained"
    folders = sorted(p for p in root.iterdir() if (p / "experiment.json").exists())
    result = {"torch": torch.__version__, "networks": [record(sys.argv[1], f) for f in folders]}
    print(json.dumps(result, indent=1))


main()
