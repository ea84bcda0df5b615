"""A tiny drawn set for smoke tests: figures, lines and blobs on noise, in the same form as the rendered sets.

Usage: python3 synthetic.py DIR [--pictures N] [--seed S]. It proves that the machinery runs; it teaches nothing.
"""
import argparse
import json
import os

import cv2
import numpy as np

from detector import LABELS

WIDTH, HEIGHT = 480, 270


def draw_thing(img, kind, rng):
    """Draws one object of class `kind` (0..5) and returns its box x, y, w, h."""
    x, y = int(rng.integers(20, WIDTH - 120)), int(rng.integers(20, HEIGHT - 110))
    ink = tuple(int(v) for v in rng.integers(0, 256, 3))
    w, h = int(rng.integers(30, 90)), int(rng.integers(30, 90))
    if kind == 0:
        w = h // 3
        cv2.ellipse(img, (x + w // 2, y + h // 2), (w // 2, h // 2), 0, 0, 360, ink, -1)
    elif kind == 1:
        cv2.line(img, (x, y + h), (x + w, y), ink, 2)
    elif kind == 2:
        h = w // 3
        cv2.fillPoly(img, [np.array([[x, y], [x + w, y], [x + w - h, y + h], [x + h, y + h]])], ink)
    elif kind == 3:
        w = h = int(rng.integers(6, 14))
        cv2.rectangle(img, (x, y), (x + w, y + h), ink, -1)
    elif kind == 4:
        h = w // 2
        cv2.polylines(img, [np.array([[x, y], [x + w // 2, y + h], [x + w, y]])], False, ink, 4)
    else:
        h = w // 2
        cv2.ellipse(img, (x + w // 2, y + h), (w // 2, h), 0, 180, 360, ink, -1)
    return [x, y, w, h]


def draw_set(folder, pictures, seed):
    """Writes `pictures` pictures and gt.json below `folder`; the same seed draws the same set."""
    rng = np.random.default_rng(seed)
    os.makedirs(os.path.join(folder, "images"), exist_ok=True)
    truth = {"images": [], "annotations": [], "categories": [{"id": i, "name": n} for i, n in enumerate(LABELS)]}
    for n in range(pictures):
        ground = rng.uniform(60, 200, (6, 6, 3)).astype(np.float32)
        img = np.clip(cv2.resize(ground, (WIDTH, HEIGHT)) + rng.normal(0, 6, (HEIGHT, WIDTH, 3)), 0, 255)
        img = np.ascontiguousarray(img.astype(np.uint8))
        for _ in range(int(rng.integers(1, 5))):
            kind = int(rng.integers(len(LABELS)))
            box = draw_thing(img, kind, rng)
            truth["annotations"].append(
                {
                    "id": len(truth["annotations"]), "image_id": n, "category_id": kind, "bbox": box,
                    "area": box[2] * box[3], "iscrowd": 0, "visible": 1.0,
                }
            )
        name = f"{n:04d}.jpg"
        cv2.imwrite(os.path.join(folder, "images", name), img)
        truth["images"].append({"id": n, "file_name": name, "width": WIDTH, "height": HEIGHT})
    with open(os.path.join(folder, "gt.json"), "w", encoding="utf-8") as file:
        json.dump(truth, file)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--pictures", type=int, default=48)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    draw_set(options.folder, options.pictures, options.seed)
