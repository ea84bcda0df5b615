/** Torn and blocky pictures: steps that stand in a grid, whatever the grid is after scaling. */
import { stepSums } from "../../../native/index.ts";
import type { Frame } from "../capture/frame.ts";

/** Every so many rows is looked at. */
const rowStep = 6;
/** Grids in pixels of the frame: blocks of 8 and 16, also when the frame was made half or one and a half times as large. */
const grids = [4, 6, 8, 12, 16, 24, 32] as const;

/** One camera's meter. */
export class BlockinessMeter {
  #columns = new Uint32Array(0);

  /** Mean step at the best grid's lines over the mean step between them, from about 1; null for a frame without any step. */
  measure({ pixels, widthPx, heightPx }: Frame): number | null {
    if (heightPx <= rowStep) return null;
    if (this.#columns.length !== widthPx) this.#columns = new Uint32Array(widthPx);
    stepSums(pixels.subarray(0, widthPx * heightPx), widthPx, heightPx, rowStep, this.#columns);
    const all = this.#columns.reduce((sum, steps) => sum + steps, 0);
    if (all === 0) return null;
    let best = 0;
    for (const grid of grids) best = Math.max(best, this.#ratio(grid, all));
    return best;
  }

  /** The best place of a grid. */
  #ratio(grid: number, all: number): number {
    const width = this.#columns.length;
    let best = 0;
    for (let offset = 0; offset < grid; offset += 1) {
      let [sum, count] = [0, 0];
      for (let x = offset; x < width; x += grid) {
        sum += this.#columns[x] ?? 0;
        count += 1;
      }
      const others = (all - sum) / Math.max(1, width - count);
      if (others > 0) best = Math.max(best, sum / count / others);
    }
    return best;
  }
}
