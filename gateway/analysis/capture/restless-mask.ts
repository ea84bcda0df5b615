/**
 * Water that ripples and glitters, learnt block by block: what always moves is no news. The mask only ever takes away the
 * reason "motion"; a gate that opens on time and on live tracks looks at a masked block as often as at a still picture.
 */

/** Moved share of a block, 0..255, from which it counts as moved: the kernel's own tenth. */
const movedFrom = 26;
/** How long a block is watched before it may be masked, and how far its memory reaches back, ms. */
const watchMs = 60_000;
const memoryMs = 180_000;
/** A block that moves on average by so much is restless, 0..255: ripples touch it every few seconds. */
const restlessFrom = 0.6;
/** Movement of a restless block is averaged over so long, ms: glint flickers, what came stays or drifts slowly. */
const smoothMs = 1_500;
/** What exceeds a restless block's usual average by so much is news, 0..255, besides four times its usual deviation. */
const news = 40;
/** A block that has moved wholly and for long is always news, however restless it is. */
const mostUsual = 235;
/** A longer time without a frame is a break, ms: what changed over it came once, however long it took, and is no ripple. */
const longestStepMs = 15_000;
/** More restless blocks than this share are no water but a camera that sways: then everything is looked at. */
const mostShare = 0.97;

/** One camera's mask. Allocates nothing after it is made. */
export class RestlessMask {
  /** 1: restless. */
  readonly blocks: Uint8Array;
  readonly #columns: number;
  readonly #smooth: Float32Array;
  readonly #usual: Float32Array;
  readonly #deviation: Float32Array;
  #watchedMs = 0;
  #restlessCount = 0;

  /** @param columns blocks in a row */
  constructor(columns: number, rows: number) {
    const count = columns * rows;
    this.#columns = columns;
    this.blocks = new Uint8Array(count);
    this.#smooth = new Float32Array(count);
    this.#usual = new Float32Array(count);
    this.#deviation = new Float32Array(count);
  }

  /** Forgets everything: another picture. */
  forget(): void {
    this.blocks.fill(0);
    this.#smooth.fill(0);
    this.#usual.fill(0);
    this.#deviation.fill(0);
    this.#watchedMs = 0;
    this.#restlessCount = 0;
  }

  /**
   * Share of the blocks whose movement is news, 0..1. `share` is what the kernel counted: it is given back unchanged while
   * the mask is not sure. `elapsedMs` is the time since the last step; `learns` false: something is followed, which is no ripple.
   */
  movedShare(moved: Uint8Array, share: number, elapsedMs: number, learns: boolean): number {
    // What is seen first after a break is news, and nothing to learn from.
    if (elapsedMs > longestStepMs) return share;
    const isSure = this.#watchedMs >= watchMs && this.#restlessCount <= mostShare * moved.length;
    const smooth = 1 - Math.exp(-elapsedMs / smoothMs);
    let count = 0;
    for (let i = 0; i < moved.length; i += 1) {
      const value = moved[i] ?? 0;
      const average = (this.#smooth[i] ?? 0) + (value - (this.#smooth[i] ?? 0)) * smooth;
      this.#smooth[i] = average;
      if (value < movedFrom) continue;
      const usual = (this.#usual[i] ?? 0) + news + 4 * (this.#deviation[i] ?? 0);
      if (this.blocks[i] !== 1 || average > Math.min(mostUsual, usual)) count += 1;
    }
    if (learns) this.#learn(elapsedMs);
    return isSure ? count / moved.length : share;
  }

  #learn(elapsedMs: number): void {
    this.#watchedMs = Math.min(memoryMs, this.#watchedMs + elapsedMs);
    const rate = Math.min(1, elapsedMs / Math.max(this.#watchedMs, 1));
    for (let i = 0; i < this.blocks.length; i += 1) {
      const difference = (this.#smooth[i] ?? 0) - (this.#usual[i] ?? 0);
      this.#usual[i] = (this.#usual[i] ?? 0) + difference * rate;
      this.#deviation[i] = (this.#deviation[i] ?? 0) + (Math.abs(difference) - (this.#deviation[i] ?? 0)) * rate;
    }
    this.#mark();
  }

  /** A block is restless when it or one beside it moves usually: ripples wander. */
  #mark(): void {
    const columns = this.#columns;
    this.#restlessCount = 0;
    for (let i = 0; i < this.blocks.length; i += 1) {
      const column = i % columns;
      let most = 0;
      for (let row = i - column - columns; row <= i - column + columns; row += columns)
        for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x += 1)
          most = Math.max(most, this.#usual[row + x] ?? 0);
      this.blocks[i] = most >= restlessFrom ? 1 : 0;
      this.#restlessCount += this.blocks[i] ?? 0;
    }
  }
}
