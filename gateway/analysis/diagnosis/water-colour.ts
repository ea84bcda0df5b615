/** How much of the water has another colour than it usually has: discharge, algae, mud. */
import type { Frame } from "../capture/frame.ts";
import { boundingBox, contains, type Polygon } from "../geometry.ts";
import type { Baseline } from "./baseline.ts";
import { labAt } from "./colour.ts";

/** Samples across and down the picture. */
const across = 96;
const down = 54;
/** Distance in Lab a and b from which it is another colour: a person sees 2, evening light makes 6. */
const otherColour = 12;
/** Fewer samples on the water say nothing. */
const leastSamples = 40;
/** More of another colour than this is not learnt as usual. */
const learnsBelow = 0.2;

/** The water of one camera. */
export class WaterColour {
  readonly #water: readonly Polygon[];
  #size = "";
  /** Pixels on the water, counted row by row. */
  #offsets = new Int32Array(0);
  readonly #lab = new Float64Array(2);

  constructor(water: readonly Polygon[]) {
    this.#water = water;
  }

  /** Share of the water of another colour than usual at this hour, 0..1; null without water, and until its colour is known. */
  measure(frame: Frame, usual: { readonly a: Baseline; readonly b: Baseline }, hour: number): number | null {
    this.#aim(frame);
    if (this.#offsets.length < leastSamples) return null;
    const [usualA, usualB] = [usual.a.at(hour), usual.b.at(hour)];
    let [sumA, sumB, others] = [0, 0, 0];
    for (const at of this.#offsets) {
      labAt(frame, at % frame.widthPx, Math.floor(at / frame.widthPx), this.#lab);
      const a = this.#lab[0] ?? 0;
      const b = this.#lab[1] ?? 0;
      sumA += a;
      sumB += b;
      if (usualA !== null && usualB !== null && Math.hypot(a - usualA, b - usualB) > otherColour) others += 1;
    }
    const isKnown = usualA !== null && usualB !== null;
    const share = isKnown ? others / this.#offsets.length : null;
    if (share === null || share < learnsBelow) {
      usual.a.learn(hour, sumA / this.#offsets.length);
      usual.b.learn(hour, sumB / this.#offsets.length);
    }
    return share;
  }

  #aim({ widthPx, heightPx }: Frame): void {
    const size = `${widthPx}x${heightPx}`;
    if (size === this.#size) return;
    this.#size = size;
    const offsets: number[] = [];
    const bounds = this.#water.map((polygon) => ({ polygon, box: boundingBox(polygon) }));
    for (let row = 0; row < down; row += 1) {
      for (let column = 0; column < across; column += 1) {
        const point = { x: (column + 0.5) / across, y: (row + 0.5) / down };
        const isWater = bounds.some(
          ({ polygon, box }) => point.y >= box.y && point.y <= box.y + box.height && contains(polygon, point),
        );
        if (isWater) offsets.push(Math.floor(point.y * heightPx) * widthPx + Math.floor(point.x * widthPx));
      }
    }
    this.#offsets = Int32Array.from(offsets);
  }
}
