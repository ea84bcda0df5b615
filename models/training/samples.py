"""Training samples: random windows of the pictures, as the product cuts a zone out of a frame and scales it.

Sample number n depends on the seed and n alone, so a resumed run goes on with the very samples it would have had.
"""
import cv2
import numpy as np
from torch.utils.data import Dataset

from augment import chance, photometric
from cutouts import add_people, read_cutouts
from flotsam import add_flotsam

PAD = 114
# Objects whose longer side is under this many pixels after scaling carry no shape; they are ignored, not negatives.
MIN_SIDE = 4.0
# Share of a box that must lie inside the window for it to count as an object; below, the place is ignored.
MIN_INSIDE = 0.35
# A rod runs along the diagonal of its box: what is left of it after a cut has another box than the cut box.
MIN_INSIDE_ROD = 0.8
ROD = 1
MIN_VISIBLE = 0.2
# How often a class is looked for, in the order of the labels: more often what is found badly.
WANTED = (1.0, 2.0, 1.3, 1.3, 1.0, 0.8)
# Three windows in four are scaled as the product does it: from the whole picture into 640x384 up to full size.
USUAL_SCALE, ANY_SCALE = (0.55, 1.15), (0.42, 1.7)
# Close-ups: in photographs a person, boat, bird or umbrella often fills the picture, in rendered scenes hardly ever.
CLOSE_UP, CLOSEST = (0, 2, 4, 5), 4.0
# How often a window is cut out of the set given as `also`.
ALSO = 0.1


class Windows(Dataset):
    """Endless windows of `size` = (width, height) from a PictureCache: (picture, boxes [n,6] = class, xyxy, ignore).

    Where there is `also`, a PictureCache of photographs (photographs.py), one window in ten comes from it, and its
    people stand beside rendered ones.
    """

    def __init__(self, cache, size=(320, 320), seed=1, clean=0.2, mosaic=0.25, also=None):
        self.cache, self.size, self.seed, self.clean, self.mosaic, self.also = cache, size, seed, clean, mosaic, also
        self.by_class, self.also_by_class = by_class(cache), by_class(also) if also else {}
        self.cutouts = read_cutouts(also.folder) if also else []
        self.classes = sorted(self.by_class)
        share = np.array([WANTED[c] for c in self.classes])
        self.share = share / share.sum()

    def __len__(self):
        return 1 << 40

    def __getitem__(self, n):
        rng = np.random.default_rng([self.seed, int(n)])
        w, h = self.size
        if chance(rng, self.mosaic):
            img, boxes = self.four(rng)
        else:
            img, boxes = self.window(rng, w, h)
        if self.cutouts and chance(rng, 0.3):
            img, boxes = add_people(img, boxes, self.cutouts, rng)
        if chance(rng, 0.35):
            lender = self.also if self.also and chance(rng, 0.5) else self.cache
            img, boxes = add_flotsam(img, boxes, lender.get(int(rng.integers(len(lender))))[0], rng)
        if chance(rng, 0.5):
            img = np.ascontiguousarray(img[:, ::-1])
            boxes[:, [1, 3]] = w - boxes[:, [3, 1]]
        return photometric(img, rng, self.clean), boxes

    def four(self, rng):
        """Four windows of different pictures in one: more objects, more places, no fixed horizon."""
        w, h = self.size
        cx, cy = int(w * rng.uniform(0.3, 0.7)), int(h * rng.uniform(0.3, 0.7))
        out, found = np.empty((h, w, 3), np.uint8), []
        for x0, y0, x1, y1 in ((0, 0, cx, cy), (cx, 0, w, cy), (0, cy, cx, h), (cx, cy, w, h)):
            img, boxes = self.window(rng, x1 - x0, y1 - y0)
            out[y0:y1, x0:x1] = img
            found.append(boxes + np.array([0, x0, y0, x0, y0, 0], np.float32))
        return out, np.concatenate(found)

    def of_class(self, rng, c, cache, having):
        """A picture in which class `c` occurs, its boxes, and one of that class."""
        img, boxes = cache.get(having[c][int(rng.integers(len(having[c])))])
        mine = boxes[boxes[:, 0] == c]
        return img, boxes, mine[int(rng.integers(len(mine)))]

    def pick(self, rng):
        """A picture, mostly drawn by class so that rare classes are seen; and a box to look at, or none."""
        if self.also and chance(rng, ALSO):
            if self.also_by_class and chance(rng, 0.5):
                return self.of_class(rng, int(rng.choice(sorted(self.also_by_class))), self.also, self.also_by_class)
            img, boxes = self.also.get(int(rng.integers(len(self.also))))
            return img, boxes, None
        if self.by_class and chance(rng, 0.75):
            return self.of_class(rng, int(rng.choice(self.classes, p=self.share)), self.cache, self.by_class)
        img, boxes = self.cache.get(int(rng.integers(len(self.cache))))
        return img, boxes, None

    def window(self, rng, w, h):
        """A window of w x h pixels at a random scale, around a chosen box or anywhere."""
        img, boxes, aim = self.pick(rng)
        ih, iw, _ = img.shape
        scale = float(np.exp(rng.uniform(*np.log(USUAL_SCALE if chance(rng, 0.75) else ANY_SCALE))))
        if aim is not None:
            longest = max(aim[3] - aim[1], aim[4] - aim[2])
            if aim[0] in CLOSE_UP and chance(rng, 0.12):
                scale = min(CLOSEST, rng.uniform(0.4, 1.1) * max(w, h) / longest)
            scale = min(scale, 1.1 * max(w, h) / longest)  # Large things are brought nearer to the window's size.
        sx, sy = scale * rng.uniform(0.85, 1.15), scale
        ww, wh = w / sx, h / sy
        if aim is not None:
            x = (aim[1] + aim[3]) / 2 - ww * rng.uniform(0.15, 0.85)
            y = (aim[2] + aim[4]) / 2 - wh * rng.uniform(0.15, 0.85)
        else:
            x, y = rng.uniform(min(0, iw - ww), max(0, iw - ww)), rng.uniform(min(0, ih - wh), max(0, ih - wh))
        if ww <= iw:
            x = min(max(x, 0), iw - ww)
        if wh <= ih:
            y = min(max(y, 0), ih - wh)
        return cut(img, x, y, sx, sy, w, h, rng), place(boxes, x, y, sx, sy, w, h)


def by_class(cache):
    """class -> indices of the pictures in which it occurs (other than to be ignored)."""
    found = [set(b[b[:, 5] >= MIN_VISIBLE, 0].astype(int)) for b in cache.boxes]
    return {c: [i for i, s in enumerate(found) if c in s] for c in set().union(*found)}


def cut(img, x, y, sx, sy, w, h, rng):
    """The window at (x, y), scaled to w x h; what lies outside of the picture is grey as in the product's letterbox."""
    if min(sx, sy) < 0.75 and chance(rng, 0.8):
        # Area averaging as a good scaler does; without it thin rods break into dots (seen too, one time in five).
        x0, y0 = max(0, int(x)), max(0, int(y))
        part = img[y0 : int(np.ceil(y + h / sy)) + 1, x0 : int(np.ceil(x + w / sx)) + 1]
        small = cv2.resize(part, None, fx=sx, fy=sy, interpolation=cv2.INTER_AREA)
        shift = np.float32([[1, 0, (x0 - x) * sx], [0, 1, (y0 - y) * sy]])
        return cv2.warpAffine(small, shift, (w, h), flags=cv2.INTER_NEAREST, borderValue=(PAD, PAD, PAD))
    matrix = np.float32([[sx, 0, -x * sx], [0, sy, -y * sy]])
    return cv2.warpAffine(img, matrix, (w, h), flags=cv2.INTER_LINEAR, borderValue=(PAD, PAD, PAD))


def place(boxes, x, y, sx, sy, w, h):
    """Boxes in window coordinates, cut at its edges: [n,6] = class, x1, y1, x2, y2, ignore (1) or object (0)."""
    if not len(boxes):
        return np.zeros((0, 6), np.float32)
    moved = (boxes[:, 1:5] - np.array([x, y, x, y], np.float32)) * np.array([sx, sy, sx, sy], np.float32)
    cutb = np.clip(moved, 0, np.array([w, h, w, h], np.float32))
    side, full = cutb[:, 2:] - cutb[:, :2], moved[:, 2:] - moved[:, :2]
    inside = side.prod(1) / np.maximum(full.prod(1), 1e-6)
    least = np.where(boxes[:, 0] == ROD, MIN_INSIDE_ROD, MIN_INSIDE)
    ignore = (inside < least) | (side.max(1) < MIN_SIDE) | (boxes[:, 5] < MIN_VISIBLE)
    out = np.concatenate((boxes[:, :1], cutb, ignore[:, None]), 1).astype(np.float32)
    return out[(side > 0.5).all(1)]
