"""Writes a trained network as ONNX: fp32, and int8 calibrated on training pictures.

Usage: python3 export.py --checkpoint FILE --out DIR [--data DIR] [--pictures N]

Out come DIR/model-fp32.onnx and, with --data, DIR/model-int8.onnx. Input `image`, uint8 RGB [1,384,640,3]; output
`output`, float32 [1,N,4+C]: centre x, centre y, width and height in input pixels, then one score per label (0..1).
Non-maximum suppression is left to the caller.
"""
import argparse
import inspect
import os
import warnings

import onnx
import torch

from checkpoint import load_checkpoint
from coco_set import picture_path, read_picture, read_truth
from detector import Deployed, Detector
from errors import run_command
from quantise import quantise, ranges
from validate import letterbox

WIDTH, HEIGHT = 640, 384


def load_network(path):
    """The averaged network of a checkpoint, ready for inference, and its labels."""
    state = load_checkpoint(path)
    net = Detector(labels=len(state["labels"]), **state["net_shape"])
    net.load_state_dict(state["average"])
    return net.eval(), state["labels"]


def export_fp32(net, labels, path):
    """Writes and checks the fp32 graph; a file under its final name is whole."""
    image = torch.zeros(1, HEIGHT, WIDTH, 3, dtype=torch.uint8)
    extra = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Deployed(net, HEIGHT, WIDTH).eval(), image, path + ".part", input_names=["image"],
            output_names=["output"], opset_version=13, do_constant_folding=True, **extra,
        )
    model = onnx.load(path + ".part")
    for key, value in (("names", str(dict(enumerate(labels)))), ("license", "Apache-2.0"), ("task", "detect")):
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    onnx.checker.check_model(model)
    store(model, path)
    os.remove(path + ".part")
    return model


def store(model, path):
    with open(path + ".tmp", "wb") as file:
        file.write(model.SerializeToString())
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".tmp", path)
    print(f"{path}: {os.path.getsize(path) / 1e6:.2f} MB")


def calibration(folder, count):
    """`count` training pictures spread over the set, letterboxed to the input."""
    train = os.path.join(folder, "train")
    images = read_truth(train)["images"]
    for image in images[:: max(1, len(images) // count)][:count]:
        yield letterbox(read_picture(picture_path(train, image)), WIDTH, HEIGHT)[0][None]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--data", help="the set whose train/ pictures calibrate the int8 ranges")
    p.add_argument("--pictures", type=int, default=64)
    options = p.parse_args()
    net, labels = load_network(options.checkpoint)
    os.makedirs(options.out, exist_ok=True)
    model = export_fp32(net, labels, os.path.join(options.out, "model-fp32.onnx"))
    if options.data:
        measured = ranges(model, calibration(options.data, options.pictures))
        store(quantise(model, measured), os.path.join(options.out, "model-int8.onnx"))


if __name__ == "__main__":
    run_command(main)
