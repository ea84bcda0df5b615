"""Scoring a network in training as the product would use it: the whole picture letterboxed to the model's input."""
import cv2
import numpy as np
import torch

from average_precision import class_ap, suppress
from coco_set import picture_path, read_picture, read_truth
from detector import LABELS, flatten
from samples import PAD

NMS_IOU = 0.6
LOWEST_SCORE = 0.02
# Boxes per class that enter the suppression; COCO counts at most 100 after it.
MOST_CANDIDATES = 300


def letterbox(img, width, height):
    """(picture scaled into width x height on grey, scale, left margin, top margin); the picture is centred."""
    h, w, _ = img.shape
    scale = min(width / w, height / h)
    nw, nh = round(w * scale), round(h * scale)
    small = cv2.resize(img, (nw, nh), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    out = np.full((height, width, 3), PAD, np.uint8)
    left, top = (width - nw) // 2, (height - nh) // 2
    out[top : top + nh, left : left + nw] = small
    return out, scale, left, top


def to_detections(image_id, boxes, scores, scale, left, top):
    """COCO results of one picture from boxes cxcywh [N,4] and scores [N,C] in input pixels, after NMS per class."""
    out = []
    for c in range(scores.shape[1]):
        keep = np.nonzero(scores[:, c] > LOWEST_SCORE)[0]
        keep = keep[np.argsort(-scores[keep, c], kind="mergesort")[:MOST_CANDIDATES]]
        b, s = boxes[keep], scores[keep, c]
        xyxy = np.concatenate((b[:, :2] - b[:, 2:] / 2, b[:, :2] + b[:, 2:] / 2), 1)
        for k in suppress(xyxy, s, NMS_IOU)[:100]:
            x, y, w, h = (b[k, 0] - b[k, 2] / 2 - left), (b[k, 1] - b[k, 3] / 2 - top), b[k, 2], b[k, 3]
            box = [float(v / scale) for v in (x, y, w, h)]
            out.append({"image_id": image_id, "category_id": c, "bbox": box, "score": float(s[k])})
    return out


@torch.no_grad()
def detect_set(net, folder, size, device, limit=None):
    """(truth, detections) of the set in `folder`, at most `limit` pictures spread evenly over it."""
    truth = read_truth(folder)
    images = sorted(truth["images"], key=lambda i: i["id"])
    if limit and len(images) > limit:
        images = images[:: -(-len(images) // limit)]
    ids = {i["id"] for i in images}
    truth = dict(truth, images=images, annotations=[a for a in truth["annotations"] if a["image_id"] in ids])
    found = []
    for image in images:
        boxed, scale, left, top = letterbox(read_picture(picture_path(folder, image)), *size)
        x = torch.from_numpy(boxed).to(device).permute(2, 0, 1)[None].float() / 255
        boxes, logits, _, _ = flatten(net(x))
        scores = logits[0].sigmoid().cpu().numpy()
        found += to_detections(image["id"], boxes[0].cpu().numpy(), scores, scale, left, top)
    return truth, found


def table(truth, found):
    """{label: (AP, AP50)} for the classes that occur, and their mean under `mean`."""
    rows = {n: class_ap(truth, found, c) for c, n in enumerate(LABELS)}
    rows = {n: v for n, v in rows.items() if v}
    rows["mean"] = tuple(float(np.mean([v[i] for v in rows.values()])) for i in (0, 1)) if rows else (0.0, 0.0)
    return rows
