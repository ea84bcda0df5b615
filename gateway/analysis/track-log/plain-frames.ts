/** The frames of a plain block → its entries in columns, but for their times, which are there; the points stay where they are. */
import { lookedBits, type Block } from "./block.ts";
import type { LogColumns } from "./columns.ts";
import { frameAt, hasScene, isLookedAt, pointsOfFrame } from "./frame-table.ts";
import { labelsOf } from "./block-head.ts";
import { readMeasures } from "./measure-bytes.ts";
import { pointBytes } from "./points.ts";
import { sceneBytes } from "./scene-bytes.ts";

/** Fills in where the points of each entry lie, its scene and its measures. Hot. */
export function openFrames(to: LogColumns, block: Block): void {
  const { fromEntry, frames, framesAt, restAt, pointsAt } = block;
  const { bytes } = block.body;
  let [at, sceneAt] = [pointsAt, restAt];
  for (let i = 0; i < frames; i += 1) {
    const entry = fromEntry + i;
    const frame = frameAt(bytes, framesAt, i);
    const points = pointsOfFrame(bytes, framesAt, frames, i);
    to.pointCount[entry] = points;
    to.pointsAt[entry] = at;
    at += points * pointBytes;
    if (!hasScene(frame)) continue;
    to.looked[entry] = lookedBits.scene | (isLookedAt(frame) ? lookedBits.tracks : 0);
    to.keepScene(entry, bytes, sceneAt);
    sceneAt += sceneBytes;
  }
  if (sceneAt < pointsAt) keepMeasures(to, block, sceneAt);
}

function keepMeasures(to: LogColumns, { body, fromEntry, pointsAt }: Block, from: number): void {
  const { bytes, view } = body;
  const labels = labelsOf(body);
  for (const at = { byte: from }; at.byte < pointsAt;) {
    const entry = fromEntry + view.getUint16(at.byte, true);
    at.byte += 2;
    to.measures.set(entry, readMeasures(bytes, view, at, labels));
  }
}
