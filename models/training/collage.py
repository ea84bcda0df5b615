"""Rendered things in places where nobody rendered them: before walls, windows, gradients and other pictures.

A network that has seen people on river banks alone learns the bank with them. Cut out with a soft edge and put before
any background, the thing itself is all there is to go by.
"""
import cv2
import numpy as np

PERSON, BOAT, BIRD, UMBRELLA = 0, 2, 4, 5
# Rods are too thin to be cut out by a box, and debris is debris only on water.
MOVABLE = (PERSON, BOAT, BIRD, UMBRELLA)


def backdrop(w, h, rng):
    """A picture of w x h of no place: two colours run into each other under clouds of noise, bars and panes."""
    ends = rng.integers(0, 256, (2, 2, 3)).astype(np.float32)
    out = cv2.resize(ends, (w, h), interpolation=cv2.INTER_LINEAR)
    for cells in (int(rng.integers(2, 6)), int(rng.integers(6, 24)), int(rng.integers(24, 90))):
        grain = rng.standard_normal((cells, max(2, cells // int(rng.integers(1, 5))), 3), dtype=np.float32)
        out += cv2.resize(grain, (w, h), interpolation=cv2.INTER_LINEAR) * rng.uniform(2, 16)
    for _ in range(int(rng.integers(0, 12))):
        x, y = int(rng.integers(w)), int(rng.integers(h))
        size = (int(rng.uniform(3, 0.4 * w)), int(rng.uniform(3, 0.4 * h)))
        colour = tuple(float(v) for v in rng.integers(0, 256, 3))
        if rng.random() < 0.5:
            cv2.rectangle(out, (x, y), (x + size[0], y + size[1]), colour, -1 if rng.random() < 0.6 else 2)
        else:
            cv2.line(out, (x, y), (x + int(rng.integers(-w, w)), y + int(rng.integers(-h, h))), colour, int(rng.integers(1, 7)))
    return np.clip(out, 0, 255).astype(np.uint8)


def soft_edge(w, h, rng):
    """Weights [h,w,1]: 1 inside, falling to 0 at a rounded border."""
    y, x = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j].astype(np.float32)
    power = rng.uniform(2.2, 9)
    reach = np.abs(x) ** power + np.abs(y) ** power
    return np.clip((1 - reach) * rng.uniform(2, 15), 0, 1)[..., None]


def put(img, boxes, part, of_part, x, y, rng):
    """Lays `part` with its boxes on `img` at (x, y); what it hides of the old boxes counts no more."""
    h, w, _ = part.shape
    place = img[y : y + h, x : x + w]
    weight = soft_edge(w, h, rng)
    place[:] = (place * (1 - weight) + part * weight).astype(np.uint8)
    if len(boxes):
        seen = np.minimum(boxes[:, 3:5], (x + w, y + h)) - np.maximum(boxes[:, 1:3], (x, y))
        hidden = seen.clip(0).prod(1) / np.maximum((boxes[:, 3:5] - boxes[:, 1:3]).prod(1), 1)
        boxes = boxes.copy()
        boxes[(hidden > 0.3) & (hidden < 0.9), 5] = 1
        boxes = boxes[hidden < 0.9]
    return np.concatenate((boxes, of_part + np.array([0, x, y, x, y, 0], np.float32)))
