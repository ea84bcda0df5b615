/** What a plain block tells beside its tracks → its entries in columns: scenes and measures; the rest is there already. */
import { lookedBits, type Block } from "./block.ts";
import type { LogColumns } from "./columns.ts";
import { frameAt, hasScene, isLookedAt } from "./frame-table.ts";
import { labelsOf } from "./block-head.ts";
import { readMeasures } from "./measure-bytes.ts";
import { sceneBytes } from "./scene-bytes.ts";

/** Fills in the scene and the measures of each entry. Hot. */
export function openFrames(to: LogColumns, block: Block): void {
  const { fromEntry, frames, framesAt, restAt, pointsAt } = block;
  const { bytes } = block.body;
  let sceneAt = restAt;
  for (let i = 0; i < frames; i += 1) {
    const frame = frameAt(bytes, framesAt, i);
    if (!hasScene(frame)) continue;
    const entry = fromEntry + i;
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
