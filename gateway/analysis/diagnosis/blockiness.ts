/** Torn and blocky pictures: steps that stand in a grid, whatever the grid is after scaling. */
import type { Frame } from "../capture/frame.ts";

/** Every so many rows is looked at. */
const rowStep = 6;
/** Grids in pixels of the frame: blocks of 8 and 16, also when the frame was made half or one and a half times as large. */
const grids = [4, 6, 8, 12, 16, 24, 32] as const;

/** One camera's meter. */
export class BlockinessMeter {
  #columns = new Float64Array(0);

  /** Mean step at the best grid's lines over the mean step between them, from about 1; null for a frame without any step. */
  measure({ pixels, widthPx, heightPx }: Frame): number | null {
    if (this.#columns.length !== widthPx) this.#columns = new Float64Array(widthPx);
    this.#columns.fill(0);
    let all = 0;
    for (let y = rowStep; y < heightPx; y += rowStep) {
      let before = pixels[y * widthPx] ?? 0;
      for (let x = 1; x < widthPx; x += 1) {
        const value = pixels[y * widthPx + x] ?? 0;
        const step = Math.abs(value - before);
        this.#columns[x] = (this.#columns[x] ?? 0) + step;
        all += step;
        before = value;
      }
    }
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
