/** Detections against labelled pictures → the tables of `model eval` (pure). */
import { averagePrecision, thresholdFor, type Judged, type Precision, type Threshold } from "./average-precision.ts";
import type { CocoDetection, CocoSet } from "./coco-set.ts";

/** COCO's border of "small", in square pixels. */
const smallPx = 32 * 32;

/** One label. */
export interface LabelResult {
  readonly label: string;
  /** How many objects the set holds. */
  readonly objects: number;
  /** null: none in the set. */
  readonly all: Precision | null;
  readonly small: Precision | null;
  /** Score from which the wanted precision holds; null: at no score. */
  readonly threshold: Threshold | null;
}

/** Mean over the labels that occur. */
export interface Evaluation {
  readonly images: number;
  readonly objects: number;
  readonly all: Precision;
  readonly small: Precision | null;
  readonly byLabel: readonly LabelResult[];
  readonly byCondition: Readonly<Record<string, Precision | null>>;
  readonly wantedPrecision: number;
}

/**
 * Judges `detections`; `categories` says which label stands for which category, others are left out. With `skipIgnored`,
 * objects marked so neither count nor make a detection false; plain COCO scoring counts them.
 */
export function evaluate(
  set: CocoSet,
  detections: readonly CocoDetection[],
  categories: ReadonlyMap<string, number>,
  wantedPrecision: number,
  skipIgnored = false,
): Evaluation {
  const judge = (categoryId: number): Judged => ({
    imageIds: set.images.map((image) => image.id),
    annotations: set.annotations.filter((annotation) => annotation.categoryId === categoryId),
    detections: detections.filter((detection) => detection.category_id === categoryId),
    ...(skipIgnored ? { counts: (annotation) => !annotation.ignored } : {}),
  });
  const judged = [...categories].map(([label, id]) => ({ label, ...judge(id) }));
  const byLabel = judged.map((one) => ({
    label: one.label,
    objects: one.annotations.filter(one.counts ?? (() => true)).length,
    all: averagePrecision(one),
    small: averagePrecision(onlySmall(one)),
    threshold: thresholdFor(one, wantedPrecision),
  }));
  return {
    images: set.images.length,
    objects: byLabel.reduce((sum, { objects }) => sum + objects, 0),
    all: meanOf(byLabel.map(({ all }) => all)) ?? { ap: 0, ap50: 0, ap75: 0 },
    small: meanOf(byLabel.map(({ small }) => small)),
    byLabel,
    byCondition: Object.fromEntries(
      conditionsOf(set).map((condition) => [
        condition,
        meanOf(judged.map((one) => averagePrecision(onlyCondition(one, set, condition)))),
      ]),
    ),
    wantedPrecision,
  };
}

function onlySmall(judged: Judged): Judged {
  return {
    ...judged,
    counts: (annotation) => annotation.areaPx < smallPx && (judged.counts?.(annotation) ?? true),
    mayBeFalse: ({ bbox }) => bbox[2] * bbox[3] < smallPx,
  };
}

/** A condition may stand at a picture (night) or at an object (half hidden); a picture's own limits the pictures. */
function onlyCondition(judged: Judged, set: CocoSet, condition: string): Judged {
  const images = set.images.filter((image) => image.condition === condition).map((image) => image.id);
  if (images.length > 0) return { ...judged, imageIds: images };
  return {
    ...judged,
    counts: (annotation) => annotation.condition === condition && (judged.counts?.(annotation) ?? true),
  };
}

function conditionsOf(set: CocoSet): readonly string[] {
  const all = [...set.images, ...set.annotations].flatMap(({ condition }) => condition ?? []);
  return [...new Set(all)].sort();
}

function meanOf(results: readonly (Precision | null)[]): Precision | null {
  const known = results.filter((result) => result !== null);
  if (known.length === 0) return null;
  const mean = (of: (precision: Precision) => number): number =>
    known.reduce((sum, one) => sum + of(one), 0) / known.length;
  return { ap: mean((p) => p.ap), ap50: mean((p) => p.ap50), ap75: mean((p) => p.ap75) };
}
