"""Builds the model package that the product loads: model.onnx, labels.txt and model.yaml with the file's checksum.

Usage: python3 package.py --model FILE --out DIR --version V --precision fp32|int8 --eval FILE.json [--threshold LABEL=X ...]

--eval names a JSON object that is copied below `eval:`; MODEL_CARD.md, LICENSE and samples/ are kept by hand.
"""
import argparse
import hashlib
import json
import os

from detector import LABELS
from errors import TrainingError, run_command

DISPLAY = {
    "person": ("人", "person"),
    "fishing-rod": ("鱼竿", "fishing rod"),
    "boat": ("船只", "boat"),
    "floating-debris": ("漂浮物", "floating debris"),
    "bird": ("鸟", "bird"),
    "umbrella": ("伞", "umbrella"),
}

MANIFEST = """\
# The starter model: trained on rendered scenes and a few photographs. Read MODEL_CARD.md before trusting it.
schema: xueliang.model/1
name: river-starter
version: "{version}"
file: model.onnx
sha256: {sha256}
sm3: {sm3}
license: Apache-2.0
source: models/training, from scratch, {precision}
task: detect
input:
  name: image
  size: [640, 384]
  layout: nhwc
  color: rgb
  dtype: uint8
  resize: letterbox
  pad: 114
  align: center
  filter: area
head:
  type: cxcywh-scores
  nms: external
  objectness: false
  box: cxcywh-pixels
labels: [{labels}]
display:
{display}
defaults:
  confidence: {confidence}
  iou: 0.45
  # A detector also finds pieces of a rod: one that lies in a better box by more than this share is dropped.
  contained:
    fishing-rod: 0.6
  per_class:
{per_class}
  # What looked like somebody for a moment is followed no further by what hardly looks like anybody.
  per_class_floor:
    person: 0.25
eval:
{evaluation}
"""


def write(path, text):
    """Replaces a text file in one step."""
    with open(path + ".tmp", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(path + ".tmp", path)


def indented(values, by):
    """A flat or nested JSON object as YAML lines; JSON scalars and lists are YAML as they are."""
    lines = []
    for key, value in values.items():
        if isinstance(value, dict):
            lines += [" " * by + f"{key}:", *indented(value, by + 2)]
        else:
            lines.append(" " * by + f"{key}: {json.dumps(value, ensure_ascii=False)}")
    return lines


def read_thresholds(items):
    """{label: threshold} from LABEL=X words."""
    found = {}
    for item in items:
        label, _, value = item.partition("=")
        if label not in LABELS or not value:
            raise TrainingError(f"--threshold {item}: expected LABEL=NUMBER with a label of {', '.join(LABELS)}")
        found[label] = float(value)
    return found


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--model", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--version", required=True)
    p.add_argument("--precision", required=True, choices=("fp32", "int8"))
    p.add_argument("--eval", required=True)
    p.add_argument("--confidence", type=float, default=0.35)
    p.add_argument("--threshold", nargs="*", default=[])
    options = p.parse_args()
    with open(options.model, "rb") as file:
        model = file.read()
    with open(options.eval, encoding="utf-8") as file:
        evaluation = json.load(file)
    chosen = read_thresholds(options.threshold)
    os.makedirs(options.out, exist_ok=True)
    with open(os.path.join(options.out, "model.onnx.tmp"), "wb") as file:
        file.write(model)
    os.replace(os.path.join(options.out, "model.onnx.tmp"), os.path.join(options.out, "model.onnx"))
    write(os.path.join(options.out, "labels.txt"), "\n".join(LABELS) + "\n")
    text = MANIFEST.format(
        version=options.version, sha256=hashlib.sha256(model).hexdigest(), sm3=hashlib.new("sm3", model).hexdigest(),
        precision=options.precision,
        labels=", ".join(LABELS), confidence=options.confidence,
        display="\n".join(f"  {k}: {{ zh: {zh}, en: {en} }}" for k, (zh, en) in DISPLAY.items()),
        per_class="\n".join(f"    {k}: {chosen.get(k, options.confidence)}" for k in LABELS),
        evaluation="\n".join(indented(evaluation, 2)),
    )
    write(os.path.join(options.out, "model.yaml"), text)


if __name__ == "__main__":
    run_command(main)
