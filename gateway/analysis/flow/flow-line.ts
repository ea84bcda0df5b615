/** One line along the flow as a space-time picture: luma at even steps of metres, frame after frame. */
import type { Frame } from "../capture/frame.ts";
import { isSound, scaleOf } from "../../config/flow-scale.ts";
import type { FlowLineConfig } from "../../config/flow-schema.ts";
import type { SpaceTime } from "./drift.ts";

/** Least time between two rows; a camera at 25 pictures a second need not be followed that closely. */
const rowEveryMs = 180;
/** A longer pause, or a clock that was set, breaks the picture. */
const mostPauseMs = 2_000;
/** Rows kept at most. */
const mostRows = 128;
/** Cells of a row: one a pixel at most, within these. */
const cellsLeast = 40;
const cellsMost = 128;
/** Samples across the line, a pixel apart: they take some of the sensor's noise away. */
const across = [-1, 0, 1];
/** Samples along a cell at most. */
const alongMost = 6;
/** Follows one line. */
export class FlowLine {
  readonly #config: FlowLineConfig;
  readonly #maxMps: number;
  #size = "";
  #cellM = 0;
  #offsets = new Int32Array(0);
  #cells = 0;
  #samples = 0;
  #rows: Float32Array[] = [];
  #times: number[] = [];

  constructor(config: FlowLineConfig, maxMps: number) {
    this.#config = config;
    this.#maxMps = maxMps;
  }

  /** Takes a row of the frame when it is time for one. */
  take(frame: Frame, nowMs: number): void {
    this.#aim(frame);
    const passed = nowMs - (this.#times.at(-1) ?? -Infinity);
    if (passed >= 0 && passed < rowEveryMs) return;
    if (passed < 0 || passed > mostPauseMs) this.clear();
    if (this.#cells === 0) return;
    this.#rows.push(this.#sample(frame));
    this.#times.push(nowMs);
    if (this.#rows.length > mostRows) {
      this.#rows.shift();
      this.#times.shift();
    }
  }

  /** What was seen since the last `clear`; null when the line has no scale. */
  get seen(): SpaceTime | null {
    if (this.#cells === 0) return null;
    return { rows: this.#rows, times: this.#times, cellM: this.#cellM, maxMps: this.#maxMps };
  }

  /** Forgets the rows. */
  clear(): void {
    this.#rows = [];
    this.#times = [];
  }

  /** Where each sample lies, once per size of picture. */
  #aim({ widthPx, heightPx }: Frame): void {
    const size = `${widthPx}x${heightPx}`;
    if (size === this.#size) return;
    this.#size = size;
    this.#cells = 0;
    this.clear();
    const { from, to } = this.#config;
    const [dx, dy] = [(to[0] - from[0]) * widthPx, (to[1] - from[1]) * heightPx];
    const lengthPx = Math.hypot(dx, dy);
    const scale = scaleOf(this.#config, widthPx / heightPx);
    if (!scale || !isSound(scale) || lengthPx < cellsLeast) return;
    this.#cells = Math.min(cellsMost, Math.round(lengthPx));
    const [startM, endM] = [scale.levelAt(0), scale.levelAt(1)];
    const stepM = (endM - startM) / this.#cells;
    this.#cellM = Math.abs(stepM);
    const aside = { x: -dy / lengthPx, y: dx / lengthPx };
    const places = Math.min(alongMost, Math.ceil(lengthPx / this.#cells));
    const steps = across.flatMap((step) =>
      Array.from({ length: places }, (_, i) => [(i + 0.5) / places, step] as const),
    );
    this.#samples = steps.length;
    this.#offsets = new Int32Array(this.#cells * steps.length);
    const within = (value: number, end: number): number => Math.max(0, Math.min(end - 1, Math.floor(value)));
    for (let cell = 0; cell < this.#cells; cell += 1) {
      for (const [i, [place, step]] of steps.entries()) {
        const along = scale.alongAt(startM + (cell + place) * stepM);
        const x = within(from[0] * widthPx + dx * along + aside.x * step, widthPx);
        const y = within(from[1] * heightPx + dy * along + aside.y * step, heightPx);
        this.#offsets[cell * steps.length + i] = y * widthPx + x;
      }
    }
  }

  #sample({ pixels }: Frame): Float32Array {
    const row = new Float32Array(this.#cells);
    for (let cell = 0; cell < this.#cells; cell += 1) {
      let sum = 0;
      for (let i = 0; i < this.#samples; i += 1) sum += pixels[this.#offsets[cell * this.#samples + i] ?? 0] ?? 0;
      row[cell] = sum / this.#samples;
    }
    return row;
  }
}
