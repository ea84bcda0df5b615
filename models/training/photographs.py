"""A set of real photographs from Debian packages, so that training does not see rendered pictures alone.

    apt-get install opencv-doc python3-skimage
    python3 models/training/photographs.py DATA/photographs     # then train.py --also DATA/photographs

It holds the pictures of `photographs.txt`, on which nothing of the six classes is to be seen, and one picture in
eight of a minute of street footage from a fixed camera. Whoever walks there is told from the background, which needs no
model: what differs from the median of the footage and is shaped like one person is labelled a person; what differs and
is not is ignored. `people/` holds the labelled ones cut out, as PNG with alpha (cutouts.py).
"""
import json
import os
import sys

import cv2
import numpy as np

from errors import TrainingError, run_command

STREET = "/usr/share/doc/opencv-doc/examples/data/vtest.avi"
EVERY = 8
LONGEST = 1280
# Grey levels by which a person differs from the street; pixels of the least blob worth a look.
DIFFERENT, LEAST_AREA = 28, 60


def street_frames(path):
    """Every eighth frame of the footage, BGR uint8 [H,W,3]."""
    video, frames = cv2.VideoCapture(path), []
    while True:
        ok, frame = video.read()
        if not ok:
            break
        frames.append(frame)
    if not frames:
        raise TrainingError(f"{path} cannot be read: install Debian's opencv-doc")
    return frames[::EVERY]


def walkers(frame, background):
    """Boxes of what moved, and its mask 0/1 [H,W]: [(x, y, w, h, whether it is one person)]."""
    soft = [cv2.GaussianBlur(one, (3, 3), 0) for one in (frame, background)]
    moved = (cv2.absdiff(*soft).max(2) > DIFFERENT).astype(np.uint8)
    moved = cv2.morphologyEx(moved, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    moved = cv2.morphologyEx(moved, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 15)))
    _, _, stats, _ = cv2.connectedComponentsWithStats(moved)
    found = [
        (int(x), int(y), int(w), int(h), bool(1.6 < h / w < 3.4 and h > 24 and area / (w * h) > 0.4))
        for x, y, w, h, area in stats[1:]
        if area >= LEAST_AREA
    ]
    return found, moved


def main():
    if len(sys.argv) != 2:
        raise TrainingError("usage: photographs.py FOLDER")
    folder = os.path.join(sys.argv[1], "images")
    people = os.path.join(sys.argv[1], "people")
    for one in (folder, people):
        os.makedirs(one, exist_ok=True)
    images, annotations = [], []

    def add(picture):
        name = f"{len(images):04d}.jpg"
        cv2.imwrite(os.path.join(folder, name), picture, [cv2.IMWRITE_JPEG_QUALITY, 92])
        height, width, _ = picture.shape
        images.append({"id": len(images), "file_name": name, "width": width, "height": height})
        return images[-1]["id"]

    with open(os.path.join(os.path.dirname(__file__), "photographs.txt"), encoding="utf-8") as file:
        paths = [line.strip() for line in file if line.strip() and not line.startswith("#")]
    for path in paths:
        picture = cv2.imread(path, cv2.IMREAD_COLOR)
        if picture is None:
            raise TrainingError(f"{path} cannot be read: install Debian's opencv-doc and python3-skimage")
        scale = min(1.0, LONGEST / max(picture.shape[:2]))
        add(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    frames = street_frames(STREET)
    background = np.median(np.stack(frames), 0).astype(np.uint8)
    for frame in frames:
        image = add(frame)
        found, moved = walkers(frame, background)
        for x, y, w, h, person in found:
            box = {"image_id": image, "category_id": 0, "bbox": [x, y, w, h], "visible": 1.0 if person else 0.0}
            annotations.append({"id": len(annotations) + 1, **box})
            if person:
                part = np.s_[y : y + h, x : x + w]
                alpha = cv2.GaussianBlur(moved[part] * 255, (3, 3), 0.8)
                cv2.imwrite(os.path.join(people, f"{len(annotations):04d}.png"), np.dstack((frame[part], alpha)))
    with open(os.path.join(sys.argv[1], "gt.json"), "w", encoding="utf-8") as file:
        json.dump({"images": images, "annotations": annotations, "categories": [{"id": 0, "name": "person"}]}, file)
    walking = sum(a["visible"] for a in annotations)
    print(f"{len(paths)} photographs and {len(frames)} pictures of a street with {walking:.0f} people in {sys.argv[1]}")


if __name__ == "__main__":
    run_command(main)
