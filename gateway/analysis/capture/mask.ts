/** Blackens what must not be seen or stored, before anything else looks at the frame. */
import { boundingBox, contains, type Polygon } from "../geometry.ts";

/** Runs of bytes to blacken, as offsets [from, to, from, to …] into a frame; made once per size. */
export interface MaskedRuns {
  readonly luma: Uint32Array;
  /** In the planes of chroma: each sample that a masked pixel has a share in. */
  readonly chroma: Uint32Array;
}

/** Black in limited range, and no colour. */
const [black, noColour] = [16, 128];

/** The runs of all masks together. */
export function maskedRuns(masks: readonly Polygon[], widthPx: number, heightPx: number): MaskedRuns {
  const chromaWidth = (widthPx + 1) >> 1;
  const chromaHeight = (heightPx + 1) >> 1;
  const isChromaMasked = new Uint8Array(chromaWidth * chromaHeight);
  const luma: number[] = [];
  for (let y = 0; masks.length > 0 && y < heightPx; y += 1) {
    let start = -1;
    for (let x = 0; x <= widthPx; x += 1) {
      const centre = { x: (x + 0.5) / widthPx, y: (y + 0.5) / heightPx };
      const isMasked = x < widthPx && masks.some((mask) => near(mask, centre.y) && contains(mask, centre));
      if (isMasked) isChromaMasked[(y >> 1) * chromaWidth + (x >> 1)] = 1;
      if (isMasked && start < 0) start = x;
      if (isMasked || start < 0) continue;
      luma.push(y * widthPx + start, y * widthPx + x);
      start = -1;
    }
  }
  const planeU = widthPx * heightPx;
  const chroma = [planeU, planeU + isChromaMasked.length].flatMap((plane) => runsOf(isChromaMasked, plane));
  return { luma: Uint32Array.from(luma), chroma: Uint32Array.from(chroma) };
}

/** Writes black over the runs. */
export function blacken(pixels: Uint8Array, { luma, chroma }: MaskedRuns): void {
  for (let i = 0; i + 1 < luma.length; i += 2) pixels.fill(black, luma[i], luma[i + 1]);
  for (let i = 0; i + 1 < chroma.length; i += 2) pixels.fill(noColour, chroma[i], chroma[i + 1]);
}

function runsOf(isMasked: Uint8Array, offset: number): number[] {
  const runs: number[] = [];
  for (let i = 0; i < isMasked.length; i += 1) {
    if (isMasked[i] === 1 && isMasked[i - 1] !== 1) runs.push(offset + i);
    if (isMasked[i] === 1 && isMasked[i + 1] !== 1) runs.push(offset + i + 1);
  }
  return runs;
}

function near(mask: Polygon, y: number): boolean {
  const box = boundingBox(mask);
  return y >= box.y && y <= box.y + box.height;
}
