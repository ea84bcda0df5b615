"""Photographed people set beside rendered ones: real cloth, real light, and banks on which no photograph was taken."""
import glob
import os

import cv2
import numpy as np

from flotsam import free

PERSON = 0


def read_cutouts(folder):
    """The RGBA pictures [H,W,4] of `folder`/people (photographs.py); none where there is no such folder."""
    paths = sorted(glob.glob(os.path.join(folder, "people", "*.png")))
    return [cv2.cvtColor(cv2.imread(path, cv2.IMREAD_UNCHANGED), cv2.COLOR_BGRA2RGBA) for path in paths]


def add_people(img, boxes, cutouts, rng):
    """Up to three people near a rendered one, about as tall and on the same ground; returns the picture and all boxes."""
    anchors = boxes[(boxes[:, 0] == PERSON) & (boxes[:, 5] == 0)]
    if not len(anchors):
        return img, boxes
    img = img.copy()
    height, width, _ = img.shape
    for _ in range(int(rng.integers(1, 4))):
        a, one = anchors[int(rng.integers(len(anchors)))], cutouts[int(rng.integers(len(cutouts)))]
        h = int((a[4] - a[2]) * rng.uniform(0.8, 1.25))
        w = int(one.shape[1] * h / one.shape[0] * rng.uniform(0.85, 1.2))
        x = int((a[1] + a[3]) / 2 + rng.choice((-1, 1)) * rng.uniform(0.6, 4) * (a[3] - a[1])) - w // 2
        y = int(a[4] + rng.uniform(-0.08, 0.08) * h) - h
        inside = h >= 12 and w >= 5 and x >= 0 and y >= 0 and x + w <= width and y + h <= height
        if not inside or not free((x, y, x + w, y + h), boxes):
            continue
        pasted = cv2.resize(one, (w, h), interpolation=cv2.INTER_AREA).astype(np.float32)
        pasted = pasted[:, ::-1] if rng.random() < 0.5 else pasted
        place = img[y : y + h, x : x + w]
        # As bright as its surroundings, within reason.
        gain = np.clip(place.mean() / 110, 0.3, 1.3)
        alpha = pasted[..., 3:] / 255
        place[:] = np.clip(place * (1 - alpha) + pasted[..., :3] * gain * alpha, 0, 255).astype(np.uint8)
        boxes = np.concatenate((boxes, np.array([[PERSON, x, y, x + w, y + h, 0]], np.float32)))
    return img, boxes
