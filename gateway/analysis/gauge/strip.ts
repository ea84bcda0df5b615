/** The gauge as a strip of even steps of level, frame after frame; its median and its flicker over the newest ones. */
import type { Frame } from "../capture/frame.ts";
import { colourAt } from "../capture/yuv.ts";
import type { Point } from "../geometry.ts";
import type { Calibration } from "./calibration.ts";

/** Metres between two rows of a strip. */
export const rowM = 0.005;
/** Samples across the gauge. */
export const columns = 24;
/** Strips that are kept: 12 s at the pace below. */
export const stripsKept = 20;
/** Least time between two strips. */
const stripEveryMs = 500;
/** A gauge longer than this is cut: 8 m. */
const mostRows = 1_600;

/** Where the strip lies in the picture. */
export interface StripPlace {
  readonly from: Point;
  readonly to: Point;
  /** Width of the gauge board as a share of the picture's width. */
  readonly width: number;
  readonly calibration: Calibration;
}

/** Rows by level, the highest first. */
export class Strip {
  readonly rows: number;
  /** Level of row 0, metres, a multiple of `rowM`. */
  readonly topM: number;
  /** Median over time, row by row, 0..255. */
  readonly median: Uint8Array;
  /** Median absolute deviation over time. */
  readonly flicker: Uint8Array;
  /** Whether a row lies inside the picture. */
  readonly inPicture: Uint8Array;
  readonly #place: StripPlace;
  readonly #ring: Uint8Array[];
  readonly #sorted = new Uint8Array(stripsKept);
  readonly #colour = { red: 0, green: 0, blue: 0 };
  #offsets = new Int32Array(0);
  #sharesX = new Float32Array(0);
  #sharesY = new Float32Array(0);
  #size = "";
  #count = 0;
  #newestMs: number | null = null;
  #times = new Float64Array(stripsKept);

  constructor(place: StripPlace) {
    this.#place = place;
    const { levelAt } = place.calibration;
    const [one, other] = [levelAt(0), levelAt(1)];
    this.topM = Math.floor(Math.max(one, other) / rowM) * rowM;
    this.rows = Math.max(1, Math.min(mostRows, Math.floor((this.topM - Math.min(one, other)) / rowM)));
    const cells = this.rows * columns;
    this.median = new Uint8Array(cells);
    this.flicker = new Uint8Array(cells);
    this.inPicture = new Uint8Array(this.rows);
    this.#ring = Array.from({ length: stripsKept }, () => new Uint8Array(cells));
  }

  /** Level of a row's middle, metres. */
  levelOf(row: number): number {
    return this.topM - row * rowM;
  }

  /** How many strips are there. */
  get count(): number {
    return Math.min(stripsKept, this.#count);
  }

  /** Takes a strip of the frame when it is time for one. */
  take(frame: Frame, nowMs: number): void {
    const passed = this.#newestMs === null ? Infinity : nowMs - this.#newestMs;
    if (passed >= 0 && passed < stripEveryMs) return;
    // After a pause, or a clock that was set, what was there before says nothing of now.
    if (passed < 0 || passed > 10 * stripEveryMs) this.#count = 0;
    this.#newestMs = nowMs;
    this.#aim(frame.widthPx, frame.heightPx);
    const at = this.#count % stripsKept;
    this.#times[at] = nowMs;
    this.#sample(frame, this.#ring[at]);
    this.#count += 1;
  }

  /** Forgets the strips. */
  clear(): void {
    this.#count = 0;
  }

  /** Fills `median` and `flicker` from the newest `count` strips; returns the middle of their time. */
  settle(count: number): number {
    const used = Math.min(count, this.count);
    const sorted = this.#sorted.subarray(0, used);
    for (let cell = 0; cell < this.median.length; cell += 1) {
      for (let i = 0; i < used; i += 1) sorted[i] = this.#ring[(this.#count - 1 - i) % stripsKept]?.[cell] ?? 0;
      sorted.sort();
      const middle = sorted[used >> 1] ?? 0;
      this.median[cell] = middle;
      for (let i = 0; i < used; i += 1) sorted[i] = Math.abs((sorted[i] ?? 0) - middle);
      sorted.sort();
      this.flicker[cell] = sorted[used >> 1] ?? 0;
    }
    const newest = this.#times[(this.#count - 1) % stripsKept] ?? 0;
    const oldest = this.#times[(this.#count - used) % stripsKept] ?? 0;
    return (newest + oldest) / 2;
  }

  /** Where each sample comes from, once per size of picture. */
  #aim(widthPx: number, heightPx: number): void {
    const size = `${widthPx}x${heightPx}`;
    if (size === this.#size) return;
    this.#size = size;
    this.#count = 0;
    const { from, to, width, calibration } = this.#place;
    const lengthPx = Math.hypot((to.x - from.x) * widthPx, (to.y - from.y) * heightPx);
    // One step across, at right angles to the gauge.
    const across = { x: (-(to.y - from.y) * heightPx) / lengthPx, y: ((to.x - from.x) * widthPx) / lengthPx };
    const cells = this.rows * columns;
    this.#offsets = new Int32Array(cells);
    this.#sharesX = new Float32Array(cells);
    this.#sharesY = new Float32Array(cells);
    for (let row = 0; row < this.rows; row += 1) {
      const along = calibration.alongAt(this.levelOf(row));
      const middleX = (from.x + (to.x - from.x) * along) * widthPx - 0.5;
      const middleY = (from.y + (to.y - from.y) * along) * heightPx - 0.5;
      let isInside = true;
      for (let column = 0; column < columns; column += 1) {
        const aside = ((column + 0.5) / columns - 0.5) * width * widthPx;
        const x = middleX + across.x * aside;
        const y = middleY + across.y * aside;
        if (x < 0 || y < 0 || x > widthPx - 2 || y > heightPx - 2) isInside = false;
        const left = Math.max(0, Math.min(widthPx - 2, Math.floor(x)));
        const top = Math.max(0, Math.min(heightPx - 2, Math.floor(y)));
        const cell = row * columns + column;
        this.#offsets[cell] = top * widthPx + left;
        this.#sharesX[cell] = Math.max(0, Math.min(1, x - left));
        this.#sharesY[cell] = Math.max(0, Math.min(1, y - top));
      }
      this.inPicture[row] = isInside ? 1 : 0;
    }
  }

  /** Green alone: blue and red marks are both dark in it. */
  #sample(frame: Frame, into: Uint8Array | undefined): void {
    if (!into) return;
    const { pixels, widthPx } = frame;
    for (let cell = 0; cell < into.length; cell += 1) {
      const at = this.#offsets[cell] ?? 0;
      const shareX = this.#sharesX[cell] ?? 0;
      const shareY = this.#sharesY[cell] ?? 0;
      const above = (pixels[at] ?? 0) * (1 - shareX) + (pixels[at + 1] ?? 0) * shareX;
      const under = at + widthPx;
      const below = (pixels[under] ?? 0) * (1 - shareX) + (pixels[under + 1] ?? 0) * shareX;
      const luma = above * (1 - shareY) + below * shareY;
      colourAt(frame, at % widthPx, Math.floor(at / widthPx), this.#colour, luma);
      into[cell] = this.#colour.green;
    }
  }
}
