"""COCO average precision, the threshold for a wanted precision, and non-maximum suppression, in numpy."""
import numpy as np

THRESHOLDS = np.linspace(0.5, 0.95, 10)
RECALLS = np.linspace(0, 1, 101)
MAX_PER_PICTURE = 100


def iou_xywh(d, g):
    """IoU of every box of d with every box of g, both [n,4] as x, y, w, h."""
    d, g = np.asarray(d, float).reshape(-1, 4), np.asarray(g, float).reshape(-1, 4)
    wh = np.minimum(d[:, None, :2] + d[:, None, 2:], g[None, :, :2] + g[None, :, 2:])
    wh = np.clip(wh - np.maximum(d[:, None, :2], g[None, :, :2]), 0, None)
    inter = wh.prod(-1)
    return inter / (d[:, 2:].prod(1)[:, None] + g[:, 2:].prod(1)[None] - inter)


def match(dets, truth, thresholds):
    """Greedy matching of one picture: (true positive, neither right nor wrong), flags [T, D], best score first.

    An object marked `ignore` (hardly visible, or too small to have a shape) is neither missed nor found.
    """
    truth = sorted(truth, key=lambda a: bool(a.get("ignore")))
    real = sum(not a.get("ignore") for a in truth)
    overlap = iou_xywh([d["bbox"] for d in dets], [g["bbox"] for g in truth])
    hits, void = np.zeros((2, len(thresholds), len(dets)), bool)
    for t, threshold in enumerate(thresholds):
        used = np.zeros(real, bool)
        for k in range(len(dets)):
            free = np.where(used, -1.0, overlap[k, :real])
            # The last of equals wins, as in pycocotools.
            j = real - 1 - int(np.argmax(free[::-1])) if real else -1
            if j >= 0 and free[j] >= min(threshold, 1 - 1e-10):
                used[j] = hits[t, k] = True
            elif real < len(truth) and overlap[k, real:].max() >= min(threshold, 1 - 1e-10):
                void[t, k] = True
    return hits, void


def curves(truth, detections, category, thresholds=THRESHOLDS):
    """Of one class: per threshold (scores falling [D], true positives [D]), and the number of objects."""
    objects, found = {}, {}
    for a in truth["annotations"]:
        if a["category_id"] == category:
            objects.setdefault(a["image_id"], []).append(a)
    for d in detections:
        if d["category_id"] == category:
            found.setdefault(d["image_id"], []).append(d)
    scores, hits, void = [], [np.zeros((len(thresholds), 0), bool)], [np.zeros((len(thresholds), 0), bool)]
    for image in sorted(i["id"] for i in truth["images"]):
        dets = sorted(found.get(image, []), key=lambda d: -d["score"])[:MAX_PER_PICTURE]
        if dets:
            scores += [d["score"] for d in dets]
            right, neither = match(dets, objects.get(image, []), thresholds)
            hits.append(right)
            void.append(neither)
    order = np.argsort(-np.array(scores), kind="mergesort").astype(int)
    count = sum(not a.get("ignore") for i in truth["images"] for a in objects.get(i["id"], []))
    scores, hits, void = np.array(scores)[order], np.concatenate(hits, 1)[:, order], np.concatenate(void, 1)[:, order]
    return [(scores[~v], h[~v]) for h, v in zip(hits, void)], count


def class_ap(truth, detections, category):
    """(AP over .50:.95, AP50) of one class, or None where the truth has no object of it."""
    rows, count = curves(truth, detections, category)
    if not count:
        return None
    ap = []
    for _, row in rows:
        right = np.cumsum(row)
        precision = right / (np.arange(len(row)) + 1 + np.spacing(1))
        precision = np.maximum.accumulate(precision[::-1])[::-1]
        at = np.searchsorted(right / count, RECALLS, side="left")
        ap.append(np.mean([precision[k] if k < len(precision) else 0.0 for k in at]))
    return float(np.mean(ap)), float(ap[0])


def threshold_for(truth, detections, category, precision):
    """(threshold, precision, recall) at IoU 0.5: the lowest score from which the wanted precision holds, or None."""
    [(scores, hits)], count = curves(truth, detections, category, THRESHOLDS[:1])
    if not len(scores) or not count:
        return None
    right = np.cumsum(hits)
    got = right / (np.arange(len(scores)) + 1)
    good = np.nonzero((got >= precision) & (right >= 5))[0]
    if not len(good):
        return None
    k = good[-1]
    return float(scores[k]), float(got[k]), float(right[k] / count)


def balanced_threshold(truth, detections, category):
    """The score above which precision and recall at IoU 0.5 balance best (highest F1); 1 where nothing is found."""
    [(scores, hits)], count = curves(truth, detections, category, THRESHOLDS[:1])
    if not len(scores) or not count:
        return 1.0
    return float(scores[int(np.argmax(2 * np.cumsum(hits) / (np.arange(len(scores)) + 1 + count)))])


def suppress(boxes, scores, overlap):
    """Indices kept by greedy non-maximum suppression; boxes xyxy of one class, scores in any order."""
    order, kept = np.argsort(-scores, kind="mergesort"), []
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    while len(order):
        i, order = order[0], order[1:]
        kept.append(i)
        wh = np.minimum(boxes[i, 2:], boxes[order, 2:]) - np.maximum(boxes[i, :2], boxes[order, :2])
        inter = np.clip(wh, 0, None).prod(1)
        order = order[inter <= overlap * (area[i] + area[order] - inter)]
    return kept
