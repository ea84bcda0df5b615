/** Sheds frames by load: those that came too late to matter, and those beyond what the box may do now. */
import type { Clock } from "../../runtime/clock.ts";
import type { Frame } from "./frame.ts";

/** What a sampler needs. */
export interface SamplerOptions {
  /** Frames per second that the camera is analysed with. */
  readonly rate: number;
  readonly clock: Clock;
  /** A frame older than this is of yesterday; default 2000 ms. */
  readonly latestMs?: number;
}

/** Frames that may come at once after a pause: one for the pause and the one that was due. */
const burst = 2;

/** ffmpeg already keeps the maximum rate; this keeps bursts after a hiccup, and a hot box, from costing more. */
export class Sampler {
  readonly #options: SamplerOptions;
  #share = 1;
  #allowance = burst;
  #lastMs: number;

  constructor(options: SamplerOptions) {
    this.#options = options;
    this.#lastMs = options.clock.monotonicMs();
  }

  /** Lets only this share of the frames pass from now on, above 0 and up to 1: the box is hot or behind. */
  slowTo(share: number): void {
    this.#share = Math.min(1, Math.max(0.01, share));
  }

  /** Whether the frame may go on. */
  admits(frame: Frame): boolean {
    const { rate, clock, latestMs = 2_000 } = this.#options;
    const nowMs = clock.monotonicMs();
    // A tenth more than the rate: a camera whose clock runs fast is no reason to shed.
    this.#allowance = Math.min(burst, this.#allowance + ((nowMs - this.#lastMs) / 1_000) * rate * this.#share * 1.1);
    this.#lastMs = nowMs;
    if (clock.nowMs() - frame.capturedAtMs > latestMs || this.#allowance < 1) return false;
    this.#allowance -= 1;
    return true;
  }
}
