/** Blackens what must not be seen or stored, before anything else looks at the frame. */
import { boundingBox, contains, type Polygon } from "../geometry.ts";

/** Runs of pixels to blacken, as byte offsets [from, to, from, to …] into an rgb24 frame; made once per size. */
export function maskedRuns(masks: readonly Polygon[], widthPx: number, heightPx: number): Uint32Array {
  const runs: number[] = [];
  for (let y = 0; y < heightPx; y += 1) {
    let start = -1;
    for (let x = 0; x <= widthPx; x += 1) {
      const centre = { x: (x + 0.5) / widthPx, y: (y + 0.5) / heightPx };
      const isMasked = x < widthPx && masks.some((mask) => near(mask, centre.y) && contains(mask, centre));
      if (isMasked && start < 0) start = x;
      if (isMasked || start < 0) continue;
      runs.push((y * widthPx + start) * 3, (y * widthPx + x) * 3);
      start = -1;
    }
  }
  return Uint32Array.from(runs);
}

/** Writes black over the runs. */
export function blacken(pixels: Uint8Array, runs: Uint32Array): void {
  for (let i = 0; i + 1 < runs.length; i += 2) pixels.fill(0, runs[i], runs[i + 1]);
}

function near(mask: Polygon, y: number): boolean {
  const box = boundingBox(mask);
  return y >= box.y && y <= box.y + box.height;
}
