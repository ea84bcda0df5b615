/** The way of some tracks, as the log tells it (pure). */
import { recordKinds } from "../../analysis/track-log/block-format.ts";
import { pointBytes } from "../../analysis/track-log/points.ts";
import { anchorPoint } from "../../analysis/zones/anchor.ts";
import type { TrackPath } from "../preview.ts";
import type { Stretch } from "./stretch.ts";

/** More would not be told apart on a picture. */
const mostPoints = 120;

/** Within `fromMs..toMs`, wall ms. Tracks that the stretch does not know are left out; foreseen places are no part of a way. */
export function pathsOf(
  stretch: Stretch,
  tracks: readonly number[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): readonly TrackPath[] {
  const wanted = new Set(tracks);
  const ways = new Map<number, TrackPath["points"][number][]>();
  for (const { columns, blocks } of stretch.parts)
    for (const block of blocks) {
      columns.open(block);
      for (let entry = block.fromEntry; entry < block.toEntry; entry += 1) {
        const atMs = columns.nowMs[entry] ?? 0;
        // Ids begin anew with the gateway: what had them before was something else.
        if (columns.kind[entry] === recordKinds.start && atMs <= toMs) ways.clear();
        if (!columns.isFrame(entry) || atMs < fromMs || atMs > toMs) continue;
        let at = columns.pointsAt[entry] ?? 0;
        for (let left = columns.pointCount[entry] ?? 0; left > 0; left -= 1, at += pointBytes) {
          const { id, box, state } = columns.borrow(block, at);
          if (!wanted.has(id) || state === "lost") continue;
          const way = ways.get(id) ?? [];
          ways.set(id, way);
          const { x, y } = anchorPoint(box, "bottom");
          way.push({ atMs, at: [x, y] });
        }
      }
    }
  return [...ways].map(([track, points]) => ({ track, points: thinned(points) }));
}

/** The last point always stays: it is the moment that is asked about. */
function thinned<Point>(points: readonly Point[]): readonly Point[] {
  const step = Math.max(1, Math.ceil(points.length / mostPoints));
  return points.filter((_, index) => (points.length - 1 - index) % step === 0);
}
