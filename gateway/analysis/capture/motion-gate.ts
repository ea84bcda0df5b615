/** Lets a frame through to the detector when something moved that does not always move, while something is followed, or when too long ago. */
import { motionStateSize, motionStep } from "../../../native/index.ts";
import type { Frame } from "./frame.ts";
import { RestlessMask } from "./restless-mask.ts";

/** Why a frame was let through. */
export type GateReason = "motion" | "tracks" | "time";

/** How easily the gate opens. */
export interface MotionGateOptions {
  /** A still picture is looked at this often all the same; default 2000 ms. */
  readonly atLeastEveryMs?: number;
  /** Share of moved blocks above which the picture moves, 0..1; default 0: a single block is enough. */
  readonly minMovedShare?: number;
}

/** Blocks across and down; one is 30 pixels of a frame 960 wide. */
const columns = 32;
const rows = 18;
/** The kernel's usual step, taken when the clock says something impossible, ms. */
const usualStepMs = 200;
const longestStepMs = 3_600_000;

/** One camera's gate. It looks at every frame, also while it is held open: the background must be known when it closes. */
export class MotionGate {
  readonly #atLeastEveryMs: number;
  readonly #minMovedShare: number;
  readonly #blocks = new Uint8Array(columns * rows);
  readonly #restless = new RestlessMask(columns, rows);
  #state = new Uint8Array(0);
  #shape = "";
  #stepMs: number | null = null;
  #admittedMs: number | null = null;
  /** Frames let through, by the first reason that held. */
  readonly admitted: Record<GateReason, number> = { motion: 0, tracks: 0, time: 0 };

  constructor(options: MotionGateOptions = {}) {
    this.#atLeastEveryMs = options.atLeastEveryMs ?? 2_000;
    this.#minMovedShare = options.minMovedShare ?? 0;
  }

  /** Whether to look at this frame. `nowMs` is the frame's time; a person who stands still is still there, so live tracks keep it open. */
  admits(frame: Frame, liveTracks: number, nowMs: number): boolean {
    const movedShare = this.#movedShare(frame, liveTracks, nowMs);
    const reason = this.#reason(movedShare, liveTracks, nowMs);
    if (!reason) return false;
    this.admitted[reason] += 1;
    this.#admittedMs = nowMs;
    return true;
  }

  /** Blocks that ripple or glitter all the time, 1 each; for the page. */
  get restless(): Uint8Array {
    return this.#restless.blocks;
  }

  /** How much each block moved in the newest frame, 0..255, row by row, 32 x 18; for the page. */
  get blocks(): Uint8Array {
    return this.#blocks;
  }

  #reason(movedShare: number, liveTracks: number, nowMs: number): GateReason | null {
    if (liveTracks > 0) return "tracks";
    if (movedShare > this.#minMovedShare) return "motion";
    const sinceMs = this.#admittedMs === null ? Infinity : nowMs - this.#admittedMs;
    // A clock that was set back must not close the gate until it has caught up.
    return sinceMs >= this.#atLeastEveryMs || sinceMs < 0 ? "time" : null;
  }

  #movedShare(frame: Frame, liveTracks: number, nowMs: number): number {
    const { widthPx, heightPx } = frame;
    const shape = `${widthPx}x${heightPx}`;
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#state = new Uint8Array(motionStateSize(widthPx, heightPx));
      this.#restless.forget();
      this.#stepMs = null;
    }
    const passedMs = this.#stepMs === null ? usualStepMs : nowMs - this.#stepMs;
    this.#stepMs = nowMs;
    const elapsedMs = passedMs >= 0 && passedMs <= longestStepMs ? passedMs : usualStepMs;
    const share = motionStep(frame.pixels, widthPx, heightPx, this.#state, this.#blocks, { columns, rows, elapsedMs });
    return this.#restless.movedShare(this.#blocks, share, elapsedMs, liveTracks === 0);
  }
}
