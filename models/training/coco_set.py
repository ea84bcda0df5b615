"""Reading a rendered set: pictures and boxes in COCO form, also while the renderer is still adding to it.

A set is a folder with `images/` and either a final `gt.json` or growing shards `gt-0001.json`, `gt-0002.json`, ….
Only pictures named by a readable shard count; a shard that is being written is left for the next look.
"""
import glob
import json
import os

import cv2
import numpy as np

from detector import LABELS
from errors import TrainingError


def read_truth(folder, partial=True):
    """COCO dict {images, annotations, categories} of `folder`; shards are merged. TrainingError where none is there."""
    final = os.path.join(folder, "gt.json")
    if os.path.exists(final):
        return read_json(final)
    images, annotations, categories = [], [], []
    for shard in sorted(glob.glob(os.path.join(folder, "gt-*.json"))) if partial else []:
        try:
            truth = read_json(shard)
        except TrainingError:
            continue  # The renderer is in the middle of writing it.
        images += truth["images"]
        annotations += truth["annotations"]
        categories = truth.get("categories", categories)
    if not images:
        raise TrainingError(f"no labelled pictures in {folder}: expected gt.json or gt-*.json beside images/")
    return {"images": images, "annotations": annotations, "categories": categories}


def read_json(path):
    """Parses a truth file; TrainingError names the file where it is not JSON or lacks the two lists."""
    try:
        with open(path, encoding="utf-8") as file:
            truth = json.load(file)
    except (OSError, ValueError) as error:
        raise TrainingError(f"{path} cannot be read as JSON: {error}") from None
    if not isinstance(truth.get("images"), list) or not isinstance(truth.get("annotations"), list):
        raise TrainingError(f"{path} is not a COCO truth file: it needs `images` and `annotations`")
    return truth


def picture_path(folder, image):
    """Where the picture of a COCO image entry lies: below images/ or directly below the set."""
    name = image["file_name"]
    below = os.path.join(folder, "images", name)
    return below if os.path.exists(below) else os.path.join(folder, name)


def read_picture(path):
    """Decodes a picture to RGB uint8 [H,W,3]; TrainingError where the file is missing or corrupt."""
    picture = cv2.imread(path, cv2.IMREAD_COLOR)
    if picture is None:
        raise TrainingError(f"the picture {path} cannot be decoded")
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)


class PictureCache:
    """Pictures of a set held in memory: decoded up to a budget of bytes, as files beyond it.

    Forked loader processes share the decoded pictures without copying them.
    """

    def __init__(self, folder, budget_bytes=4 << 30):
        self.folder, self.budget = folder, budget_bytes
        self.entries, self.boxes, self.ids = [], [], set()

    def refresh(self):
        """Takes up pictures that have appeared since the last call; returns how many are new."""
        truth = read_truth(self.folder)
        by_image = {}
        for a in truth["annotations"]:
            x, y, w, h = a["bbox"]
            if a["category_id"] < len(LABELS) and w > 0 and h > 0:
                visible = 0.0 if a.get("ignore") else float(a.get("visible", 1.0))
                by_image.setdefault(a["image_id"], []).append((a["category_id"], x, y, x + w, y + h, visible))
        new = 0
        for image in truth["images"]:
            if image["id"] in self.ids:
                continue
            self.ids.add(image["id"])
            self.entries.append(self.load(picture_path(self.folder, image)))
            self.boxes.append(np.array(by_image.get(image["id"], []), np.float32).reshape(-1, 6))
            new += 1
        return new

    def load(self, path):
        """The decoded picture while the budget lasts, else its path (which also proves that it can be decoded)."""
        picture = read_picture(path)
        if self.budget < picture.nbytes:
            return path
        self.budget -= picture.nbytes
        return picture

    def get(self, index):
        """(RGB picture, boxes [n,6] = class, x1, y1, x2, y2, visible share)."""
        entry = self.entries[index]
        return (read_picture(entry) if isinstance(entry, str) else entry), self.boxes[index]

    def __len__(self):
        return len(self.entries)
