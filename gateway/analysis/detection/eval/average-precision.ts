/** COCO's average precision of boxes (pure), with the arithmetic of the usual tools: equal to four digits. */
import type { CocoAnnotation, CocoDetection } from "./coco-set.ts";

/** AP over IoU .50:.05:.95, and at .50 and .75; each 0..1. */
export interface Precision {
  readonly ap: number;
  readonly ap50: number;
  readonly ap75: number;
}

/** What is judged: one category on some pictures. */
export interface Judged {
  readonly imageIds: readonly number[];
  readonly annotations: readonly CocoAnnotation[];
  readonly detections: readonly CocoDetection[];
  /** Objects that count; the others may be found or not. All when left out. */
  readonly counts?: (annotation: CocoAnnotation) => boolean;
  /** Detections that count as false when they match nothing. All when left out. */
  readonly mayBeFalse?: (detection: CocoDetection) => boolean;
}

/** One detection after matching, per IoU threshold: 1 right, 0 false, -1 does not count. */
interface Matched {
  readonly score: number;
  readonly verdicts: Int8Array;
}

const boxesMostPerImage = 100;
const iouSteps = 10;
// Computed as numpy's linspace does, so that borders fall alike.
const iouStep = (0.95 - 0.5) / (iouSteps - 1);
const iouThresholds = Array.from({ length: iouSteps }, (_, i) => (i === iouSteps - 1 ? 0.95 : i * iouStep + 0.5));
const recalls = Array.from({ length: 101 }, (_, i) => (i === 100 ? 1 : i * 0.01));

/** Precision of one category; null when nothing of it counts in these pictures. */
export function averagePrecision(judged: Judged): Precision | null {
  const { matched, present } = matchAll(judged);
  if (present === 0) return null;
  const byThreshold = iouThresholds.map((_, t) => interpolated(matched, t, present));
  const mean = byThreshold.reduce((sum, ap) => sum + ap, 0) / iouSteps;
  return { ap: mean, ap50: byThreshold[0] ?? 0, ap75: byThreshold[5] ?? 0 };
}

/** Where to cut: the score from which `wanted` precision holds at IoU .50, with what it reaches. */
export interface Threshold {
  readonly score: number;
  readonly precision: number;
  readonly recall: number;
}

/** The lowest score whose detections and all better ones are right often enough; null when no score is. */
export function thresholdFor(judged: Judged, wanted: number): Threshold | null {
  const { matched, present } = matchAll(judged);
  let right = 0;
  let told = 0;
  let best: Threshold | null = null;
  matched.forEach(({ score, verdicts }, index) => {
    const verdict = verdicts[0] ?? -1;
    if (verdict < 0) return;
    told += 1;
    right += verdict;
    // A threshold cuts between scores, never between equal ones.
    if (matched[index + 1]?.score === score) return;
    if (right / told >= wanted) best = { score, precision: right / told, recall: present > 0 ? right / present : 0 };
  });
  return best;
}

function matchAll(judged: Judged): { readonly matched: readonly Matched[]; readonly present: number } {
  const counts = judged.counts ?? (() => true);
  const objects = Map.groupBy(judged.annotations, (annotation) => annotation.imageId);
  const found = Map.groupBy(judged.detections, (detection) => detection.image_id);
  const matched: Matched[] = [];
  let present = 0;
  for (const imageId of judged.imageIds.toSorted((a, b) => a - b)) {
    // Objects that do not count come last: a detection takes one of them only when no other is left.
    const here = objects.get(imageId) ?? [];
    const counting = here.filter(counts);
    present += counting.length;
    const best = (found.get(imageId) ?? []).toSorted((a, b) => b.score - a.score).slice(0, boxesMostPerImage);
    matched.push(
      ...matchImage(best, [...counting, ...here.filter((object) => !counts(object))], counting.length, judged),
    );
  }
  return { matched: matched.sort((a, b) => b.score - a.score), present };
}

function matchImage(
  detections: readonly CocoDetection[],
  objects: readonly CocoAnnotation[],
  countingCount: number,
  judged: Judged,
): readonly Matched[] {
  const results = detections.map((detection) => ({
    detection,
    score: detection.score,
    verdicts: new Int8Array(iouSteps),
  }));
  const overlaps = detections.map((detection) => objects.map((object) => overlap(detection.bbox, object.box)));
  iouThresholds.forEach((threshold, t) => {
    const used = new Uint8Array(objects.length);
    results.forEach(({ detection, verdicts }, d) => {
      const match = bestMatch(overlaps[d] ?? [], used, threshold, countingCount);
      if (match >= 0) used[match] = 1;
      if (match >= 0) verdicts[t] = match < countingCount ? 1 : -1;
      else verdicts[t] = judged.mayBeFalse && !judged.mayBeFalse(detection) ? -1 : 0;
    });
  });
  return results;
}

/** The unused object that overlaps most, the later of equals; one that counts goes before one that does not. */
function bestMatch(overlaps: readonly number[], used: Uint8Array, threshold: number, countingCount: number): number {
  let best = Math.min(threshold, 1 - 1e-10);
  let match = -1;
  for (let j = 0; j < overlaps.length; j += 1) {
    if (match >= 0 && match < countingCount && j >= countingCount) break;
    const iou = overlaps[j] ?? 0;
    if (used[j] === 1 || iou < best) continue;
    best = iou;
    match = j;
  }
  return match;
}

function overlap(a: CocoDetection["bbox"], b: CocoDetection["bbox"]): number {
  const width = Math.max(0, Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]));
  const height = Math.max(0, Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]));
  const common = width * height;
  return common / (a[2] * a[3] + (b[2] * b[3] - common));
}

/** The mean, over 101 recalls, of the best precision at that recall or beyond. */
function interpolated(matched: readonly Matched[], t: number, present: number): number {
  const precisions: number[] = [];
  const reached: number[] = [];
  let right = 0;
  let told = 0;
  for (const { verdicts } of matched) {
    const verdict = verdicts[t] ?? -1;
    if (verdict < 0) continue;
    told += 1;
    right += verdict;
    precisions.push(right / (told + Number.EPSILON));
    reached.push(right / present);
  }
  for (let i = precisions.length - 2; i >= 0; i -= 1)
    precisions[i] = Math.max(precisions[i] ?? 0, precisions[i + 1] ?? 0);
  let sum = 0;
  let at = 0;
  for (const recall of recalls) {
    while (at < reached.length && (reached[at] ?? 0) < recall) at += 1;
    sum += precisions[at] ?? 0;
  }
  return sum / recalls.length;
}
