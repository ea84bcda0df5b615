"""Drawn debris for training windows: shapes that no renderer modelled, on the water beside rendered debris.

What floats on real rivers has any shape and colour. A network that only knows a few dozen modelled bottles and branches
learns those; ragged blobs and heaps of them, in any paint or covered with a piece of any picture, teach it "something
on the water" instead.
"""
import cv2
import numpy as np

DEBRIS = 3


def paint(rng):
    """White and pale plastics, browns and greens of plants, now and then any colour."""
    kind = rng.random()
    if kind < 0.4:
        return rng.uniform(150, 250) + rng.uniform(-18, 18, 3)
    if kind < 0.75:
        return np.array([rng.uniform(50, 150), rng.uniform(50, 130), rng.uniform(20, 80)])
    return rng.uniform(0, 255, 3)


def cover(cloth, size, rng):
    """A piece of the picture `cloth`, anywhere and at any scale, as a surface of `size` = (height, width)."""
    h, w, _ = cloth.shape
    ph, pw = (int(np.clip(side * np.exp(rng.uniform(-0.7, 1.4)), 4, whole)) for side, whole in zip(size, (h, w)))
    y, x = int(rng.integers(h - ph + 1)), int(rng.integers(w - pw + 1))
    return cv2.resize(cloth[y : y + ph, x : x + pw], size[::-1], interpolation=cv2.INTER_AREA).astype(np.float32)


def blob(canvas, mask, cx, cy, rx, ry, cloth, rng):
    """Draws one ragged shape, lit from above, into `canvas` (float RGB) and `mask` (0..1)."""
    n = int(rng.integers(4, 11))
    angle = np.sort(rng.uniform(0, 2 * np.pi, n))
    radius = rng.uniform(0.45, 1.0, n)
    points = np.stack((cx + np.cos(angle) * rx * radius, cy + np.sin(angle) * ry * radius), -1)
    shape = np.zeros(mask.shape, np.float32)
    cv2.fillPoly(shape, [np.round(points * 16).astype(np.int32)], 1.0, cv2.LINE_8, 4)
    light = np.linspace(1.2, 0.7, mask.shape[0], dtype=np.float32)[:, None, None]
    if rng.random() < 0.35:
        skin = cover(cloth, mask.shape, rng) * light
    else:
        grain = cv2.resize(rng.normal(0, 1, (6, 8, 3)).astype(np.float32), mask.shape[::-1])
        skin = (paint(rng) * light + grain * rng.uniform(4, 40)).astype(np.float32)
    canvas[:] = canvas * (1 - shape[..., None]) + skin * shape[..., None]
    np.maximum(mask, shape, out=mask)


def draw(w, h, cloth, rng):
    """A thing, or a heap of things, of about w x h pixels: (RGB float, mask 0..1)."""
    canvas, mask = np.zeros((h, w, 3), np.float32), np.zeros((h, w), np.float32)
    if min(w, h) > 10 and rng.random() < 0.35:
        for _ in range(int(rng.integers(6, 24))):
            size = rng.uniform(0.08, 0.25)
            x, y = rng.normal(0.5, 0.2, 2).clip(size, 1 - size)
            blob(canvas, mask, x * w, y * h, size * w, size * h, cloth, rng)
    else:
        for _ in range(int(rng.integers(1, 4))):
            blob(canvas, mask, w * rng.uniform(0.4, 0.6), h * rng.uniform(0.4, 0.6), w / 2, h / 2, cloth, rng)
    return canvas, cv2.GaussianBlur(mask, (3, 3), 0.6) * rng.uniform(0.7, 1.0)


def free(box, boxes):
    """Whether `box` xyxy touches none of `boxes`."""
    apart = (boxes[:, 1] > box[2]) | (boxes[:, 3] < box[0]) | (boxes[:, 2] > box[3]) | (boxes[:, 4] < box[1])
    return bool(apart.all())


def add_flotsam(img, boxes, cloth, rng):
    """Up to five drawn things near rendered debris, which tells where water is; returns the picture and all boxes.

    `cloth` is any picture, uint8 RGB, that lends its textures.
    """
    anchors = boxes[(boxes[:, 0] == DEBRIS) & (boxes[:, 5] == 0)]
    if not len(anchors):
        return img, boxes
    img = img.copy()
    height, width, _ = img.shape
    for _ in range(int(rng.integers(1, 6))):
        a = anchors[int(rng.integers(len(anchors)))]
        h = int(np.clip((a[4] - a[2]) * rng.uniform(0.6, 2.0), 4, 70))
        w = int(np.clip(h * rng.uniform(0.7, 3.5), 5, 140))
        x = int((a[1] + a[3]) / 2 + rng.uniform(-90, 90)) - w // 2
        y = int((a[2] + a[4]) / 2 + rng.uniform(-14, 22)) - h // 2
        if x < 0 or y < 0 or x + w > width or y + h > height or not free((x, y, x + w, y + h), boxes):
            continue
        canvas, mask = draw(w, h, cloth, rng)
        ys, xs = np.nonzero(mask > 0.3)
        if len(xs) < 6:
            continue
        # As bright as its surroundings: a white bottle at night is grey.
        gain = np.clip(img[y : y + h, x : x + w].mean() / 110, 0.25, 1.2)
        part = img[y : y + h, x : x + w].astype(np.float32)
        mixed = part * (1 - mask[..., None]) + np.clip(canvas * gain, 0, 255) * mask[..., None]
        img[y : y + h, x : x + w] = np.clip(mixed, 0, 255).astype(np.uint8)
        new = [DEBRIS, x + xs.min(), y + ys.min(), x + xs.max() + 1, y + ys.max() + 1, 0]
        boxes = np.concatenate((boxes, np.array([new], np.float32)))
    return img, boxes
