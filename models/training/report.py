"""Tables for the model card from COCO truth and detections, as Markdown.

Usage: python3 report.py --set DIR --detections NAME=FILE [NAME=FILE ...] [--tune DIR FILE] [--precision 0.9]

--tune takes a second set (val) with its detections: two thresholds of each class are chosen there, one that balances
precision and recall (F1) and one for --precision, and judged on --set.
"""
import argparse
import json

from average_precision import THRESHOLDS, balanced_threshold, class_ap, curves, threshold_for
from coco_set import read_truth
from detector import LABELS
from errors import run_command

# COCO's border between small and medium: 32 x 32 pixels of the original picture.
SMALL = 32 * 32


def area(item):
    return item["bbox"][2] * item["bbox"][3]


def subset(truth, detections, ids):
    """Truth and detections of the pictures `ids` alone."""
    return (
        {
            "images": [i for i in truth["images"] if i["id"] in ids],
            "annotations": [a for a in truth["annotations"] if a["image_id"] in ids],
        },
        [d for d in detections if d["image_id"] in ids],
    )


def small_recall(truth, detections, category, threshold):
    """(share of small objects found at IoU 0.5 above `threshold`, number of small objects)."""
    few = [dict(a, ignore=a.get("ignore") or area(a) >= SMALL) for a in truth["annotations"]]
    dets = [d for d in detections if d["category_id"] == category and d["score"] >= threshold]
    [(_, hits)], count = curves(dict(truth, annotations=few), dets, category, THRESHOLDS[:1])
    return (float(hits.sum()) / count, count) if count else None


def cell(value):
    return "–" if value is None else f"{value:.3f}"


def per_class(truth, sets):
    lines = ["| class | objects | " + " | ".join(f"{n} AP50 | {n} AP" for n in sets) + " |"]
    lines.append("|---|---|" + "---|---|" * len(sets))
    sums = {n: [] for n in sets}
    for c, label in enumerate(LABELS):
        row = [label, str(sum(a["category_id"] == c and not a.get("ignore") for a in truth["annotations"]))]
        for name, dets in sets.items():
            both = class_ap(truth, dets, c)
            sums[name] += [both] if both else []
            row += [cell(both and both[1]), cell(both and both[0])]
        lines.append("| " + " | ".join(row) + " |")
    row = ["**mean**", str(sum(not a.get("ignore") for a in truth["annotations"]))]
    for values in sums.values():
        row += [cell(sum(v[i] for v in values) / max(1, len(values))) for i in (1, 0)]
    return lines + ["| " + " | ".join(row) + " |"]


def conditions(truth):
    """{(what, value): picture ids} for the condition and the tags that the renderer noted with a picture."""
    groups = {}
    for image in truth["images"]:
        said = [("condition", image["condition"])] if "condition" in image else []
        for key, value in said + [("with", tag) for tag in image.get("tags", [])]:
            groups.setdefault((key, value), set()).add(image["id"])
    return dict(sorted(groups.items()))


def per_condition(truth, dets):
    lines = ["| condition | pictures | " + " | ".join(LABELS) + " | mean AP50 |", "|---|---|" + "---|" * (len(LABELS) + 1)]
    for (key, value), ids in conditions(truth).items():
        part, found = subset(truth, dets, ids)
        scores = [class_ap(part, found, c) for c in range(len(LABELS))]
        known = [s[1] for s in scores if s]
        row = [cell(s and s[1]) for s in scores] + [cell(sum(known) / len(known) if known else None)]
        lines.append(f"| {key}: {value} | {len(ids)} | " + " | ".join(row) + " |")
    return lines


def judged(truth, dets, category, threshold):
    """(precision, recall) at IoU 0.5 of everything above `threshold`."""
    above = [d for d in dets if d["category_id"] == category and d["score"] >= threshold]
    [(scores, hits)], count = curves(truth, above, category, THRESHOLDS[:1])
    right = float(hits.sum())
    return (right / len(scores) if len(scores) else None), (right / count if count else None)


def thresholds(truth, dets, tune, tune_dets, precision):
    lines = [f"| class | threshold | recall | small objects found | threshold for precision {precision} | precision | recall |"]
    lines.append("|---|---|---|---|---|---|---|")
    for c, label in enumerate(LABELS):
        balanced, strict = balanced_threshold(tune, tune_dets, c), threshold_for(tune, tune_dets, c, precision)
        p, r = judged(truth, dets, c, balanced)
        small = small_recall(truth, dets, c, balanced)
        row = [f"{balanced:.2f} (precision {cell(p)})", cell(r), f"{small[0]:.3f} of {small[1]}" if small else "–"]
        row += [f"{strict[0]:.2f}", *map(cell, judged(truth, dets, c, strict[0]))] if strict else ["not reached", "–", "–"]
        lines.append(f"| {label} | " + " | ".join(row) + " |")
    return lines


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--set", required=True)
    p.add_argument("--detections", nargs="+", required=True)
    p.add_argument("--tune", nargs=2, metavar=("DIR", "FILE"))
    p.add_argument("--precision", type=float, default=0.9)
    options = p.parse_args()
    truth = read_truth(options.set)
    sets = {}
    for item in options.detections:
        name, path = item.split("=", 1)
        with open(path, encoding="utf-8") as file:
            sets[name] = json.load(file)
    first = next(iter(sets.values()))
    print("\n".join(per_class(truth, sets) + [""] + per_condition(truth, first)))
    if options.tune:
        with open(options.tune[1], encoding="utf-8") as file:
            tune_dets = json.load(file)
        print("\n" + "\n".join(thresholds(truth, first, read_truth(options.tune[0]), tune_dets, options.precision)))


if __name__ == "__main__":
    run_command(main)
