"""Which cell answers for which object, and what its answer costs.

Assignment is task-aligned: among the cells in and around a box those count that already score and fit it best, so the
network itself chooses the level for a two-pixel rod. Scores learn the quality of their box (a soft target), boxes
learn CIoU.
"""
import math

import torch
import torch.nn.functional as F

from detector import flatten

TOP_K = 9
# Boxes thinner than this many input pixels are widened for the loss: a rod held level is two pixels high, and an
# overlap measured on two pixels jumps from 0 to 1 with rounding.
MIN_BOX = 4.0
# A good box of a thin object never overlaps perfectly; the best cell of every object is still told at least this.
MIN_TARGET = 0.5


def cxcywh_to_xyxy(b):
    return torch.cat((b[..., :2] - b[..., 2:] / 2, b[..., :2] + b[..., 2:] / 2), -1)


def pair_iou(a, b):
    """IoU of every box of a [n,4] with every box of b [m,4], both xyxy."""
    wh = (torch.min(a[:, None, 2:], b[None, :, 2:]) - torch.max(a[:, None, :2], b[None, :, :2])).clamp(min=0)
    inter = wh.prod(-1)
    area_a, area_b = (a[:, 2:] - a[:, :2]).prod(-1), (b[:, 2:] - b[:, :2]).prod(-1)
    return inter / (area_a[:, None] + area_b[None] - inter + 1e-6)


def ciou(a, b):
    """Complete IoU of paired boxes xyxy: overlap, distance of the centres and difference of the shapes."""
    wh = (torch.min(a[:, 2:], b[:, 2:]) - torch.max(a[:, :2], b[:, :2])).clamp(min=0)
    inter = wh.prod(-1)
    size_a, size_b = (a[:, 2:] - a[:, :2]).clamp(min=1e-3), (b[:, 2:] - b[:, :2]).clamp(min=1e-3)
    iou = inter / (size_a.prod(-1) + size_b.prod(-1) - inter + 1e-6)
    hull = torch.max(a[:, 2:], b[:, 2:]) - torch.min(a[:, :2], b[:, :2])
    centre = ((a[:, :2] + a[:, 2:] - b[:, :2] - b[:, 2:]) ** 2).sum(-1) / 4
    shape = (4 / math.pi**2) * (torch.atan(size_b[:, 0] / size_b[:, 1]) - torch.atan(size_a[:, 0] / size_a[:, 1])) ** 2
    with torch.no_grad():
        alpha = shape / (1 - iou + shape + 1e-6)
    return iou - centre / ((hull**2).sum(-1) + 1e-6) - alpha * shape


def widen(boxes):
    """Boxes xyxy with both sides at least MIN_BOX, about the same centre."""
    centre, half = (boxes[:, :2] + boxes[:, 2:]) / 2, (boxes[:, 2:] - boxes[:, :2]).clamp(min=MIN_BOX) / 2
    return torch.cat((centre - half, centre + half), -1)


@torch.no_grad()
def assign(scores, pred, centres, steps, classes, boxes):
    """For one picture: (object index per cell or -1 [N], soft target per cell [N]).

    `scores` [N,C] after sigmoid, `pred` [N,4] and `boxes` [M,4] xyxy in pixels.
    """
    mid, half = (boxes[:, :2] + boxes[:, 2:]) / 2, (boxes[:, 2:] - boxes[:, :2]) / 2
    reach = torch.maximum(half[:, None], steps[None, :, None])  # [M,N,2]: at least one cell round the centre.
    offset = (centres[None] - mid[:, None]).abs() / reach
    inside = (offset <= 1).all(-1)
    near = inside.any(0).nonzero(as_tuple=True)[0]  # Nine cells in ten lie in no box: the rest is done without them.
    inside, offset = inside[:, near], offset[:, near]
    iou = pair_iou(boxes, pred[near])
    nearness = torch.exp(-offset.square().sum(-1))
    quality = (scores[near][:, classes].t().clamp(min=1e-4).sqrt() * (iou + 0.02) ** 3 * (0.3 + nearness)) * inside
    top = quality.topk(min(TOP_K, len(near)), dim=1)
    chosen = torch.zeros_like(quality).scatter_(1, top.indices, top.values)
    best, winner = chosen.max(0)  # A cell that two objects want goes to the one it fits better.
    cells = (best > 0).nonzero(as_tuple=True)[0]
    kept = torch.zeros_like(chosen)
    kept[winner[cells], cells] = chosen[winner[cells], cells]
    peak = kept.max(1, keepdim=True).values.clamp(min=1e-12)
    best_iou = (iou * (kept > 0)).max(1, keepdim=True).values.clamp(min=MIN_TARGET)
    owner = torch.full((len(centres),), -1, device=boxes.device)
    soft = torch.zeros(len(centres), device=boxes.device)
    owner[near[cells]] = winner[cells]
    soft[near] = (kept / peak * best_iou).max(0).values
    return owner, soft


def detection_loss(outputs, truth):
    """Total loss of a batch and its parts. `truth`: per picture a tensor [n,6] = class, xyxy, ignore."""
    boxes, logits, centres, steps = flatten(outputs)
    pred, scores = cxcywh_to_xyxy(boxes), logits.detach().sigmoid()
    target, weight = torch.zeros_like(logits), torch.ones_like(logits)
    at, wants, shares = [], [], []
    for i, t in enumerate(truth):
        t = t.to(logits.device)
        real, blank = t[t[:, 5] == 0], t[t[:, 5] != 0]
        for b in blank:  # What is too small, too hidden or cut off is neither object nor background.
            over = (centres >= b[1:3] - steps[:, None]).all(1) & (centres <= b[3:5] + steps[:, None]).all(1)
            weight[i, over, int(b[0])] = 0
        if not len(real):
            continue
        want, classes = widen(real[:, 1:5]), real[:, 0].long()
        owner, soft = assign(scores[i], pred[i].detach(), centres, steps, classes, want)
        cells = (owner >= 0).nonzero(as_tuple=True)[0]
        target[i, cells, classes[owner[cells]]] = soft[cells]
        weight[i, cells, classes[owner[cells]]] = 1
        at.append(i * len(centres) + cells)
        wants.append(want[owner[cells]])
        shares.append(soft[cells])
    total = target.sum().clamp(min=8.0)
    with torch.no_grad():  # Easy background counts little, misses and false alarms count fully (quality focal loss).
        off = (target - scores).abs()
        focus = off * off.sqrt() * weight
    cls = (F.binary_cross_entropy_with_logits(logits, target, reduction="none") * focus).sum() / total
    box = logits.sum() * 0
    if at:
        share, fits = torch.cat(shares), pred.reshape(-1, 4)[torch.cat(at)]
        box = ((1 - ciou(fits, torch.cat(wants))) * share).sum() / total
    return 2.0 * cls + 2.0 * box, {"cls": float(cls.detach()), "box": float(box.detach())}
