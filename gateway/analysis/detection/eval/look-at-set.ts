/** A model's detections on a labelled set, found by the same code that looks at live frames. */
import { join, resolve, sep } from "node:path";
import { DetectorError } from "../../../runtime/errors.ts";
import type { Detector } from "../detector.ts";
import type { Detection } from "../detection.ts";
import type { Frame } from "../../capture/frame.ts";
import { frameFromFile } from "../../snapshot.ts";
import type { CocoDetection, CocoSet } from "./coco-set.ts";

/** Detections below are not worth a line in a result file; COCO's own tools cut there too. */
export const evaluationFloor = 0.01;
/** The most detections that COCO counts per picture. */
const boxesMost = 100;

/** How to look at a set. */
export interface LookOptions {
  readonly folder: string;
  readonly categories: ReadonlyMap<string, number>;
  readonly signal: AbortSignal;
  readonly onImage?: (done: number, all: number) => void;
}

/**
 * Looks at every picture of `set`, one after the other.
 * @throws DetectorError when a picture could not be looked at: a result with holes is none
 */
export async function lookAtSet(
  set: CocoSet,
  detector: Detector,
  options: LookOptions,
): Promise<readonly CocoDetection[]> {
  const results: CocoDetection[] = [];
  for (const [index, image] of set.images.entries()) {
    options.signal.throwIfAborted();
    using frame = await frameFromFile(insideOf(options.folder, image.name), "eval", index + 1);
    const detections = await detector.detect(frame);
    if (detections === null) throw notLookedAt(detector, image.name);
    results.push(
      ...detections.slice(0, boxesMost).flatMap((detection) => asCoco(detection, frame, image.id, options.categories)),
    );
    options.onImage?.(index + 1, set.images.length);
  }
  return results;
}

/** A set from elsewhere may not name files outside its folder. */
function insideOf(folder: string, name: string): string {
  const path = resolve(join(folder, name));
  if (!path.startsWith(resolve(folder) + sep)) throw new RangeError(`${name} lies outside the folder of pictures`);
  return path;
}

function notLookedAt(detector: Detector, name: string): DetectorError {
  const { model, lastError } = detector.status();
  return new DetectorError("DETECTOR_DIED", { model, detail: lastError ? `${lastError.code} at ${name}` : name });
}

function asCoco(
  detection: Detection,
  frame: Frame,
  imageId: number,
  categories: ReadonlyMap<string, number>,
): readonly CocoDetection[] {
  const categoryId = categories.get(detection.label);
  if (categoryId === undefined) return [];
  const { x, y, width, height } = detection.box;
  const bbox = [x * frame.widthPx, y * frame.heightPx, width * frame.widthPx, height * frame.heightPx] as const;
  return [{ image_id: imageId, category_id: categoryId, score: detection.score, bbox }];
}
