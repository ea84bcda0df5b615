/** Says when a camera has stalled, from the times of its frames alone; pure. */
import { CameraError } from "../../runtime/errors.ts";

/** Limits in milliseconds of monotonic time. */
export interface WatchdogLimits {
  /** Longest wait for the first frame. */
  readonly startMs: number;
  /** Longest silence between frames. */
  readonly silenceMs: number;
}

/** What is wrong with a camera's frames. */
export interface Stall {
  /** Frames that came in that time: none, or a few that drip. */
  readonly frames: number;
  readonly overMs: number;
}

/** The same in words. */
export function stallError(camera: string, { frames, overMs }: Stall): CameraError {
  const seconds = Math.round(overMs / 1_000);
  return frames === 0
    ? new CameraError("CAMERA_STALLED", { camera, seconds })
    : new CameraError("CAMERA_DRIPS", { camera, count: frames, seconds });
}

/** A single late frame is a hiccup; this many late ones in a row are a decoder that lets old frames drip. */
const drips = 3;
/** How much longer than usual a gap must be to count as late. */
const lateFactor = 8;
/** Frames after which the usual gap is known. */
const learned = 10;
/** Gaps below this are never late, ms. */
const shortestLateMs = 1_500;

/** Made anew for each decoder; monotonic times only, so that no step of the box's clock can wake or fool it. */
export class Watchdog {
  readonly #limits: WatchdogLimits;
  readonly #startedMs: number;
  #lastMs: number | null = null;
  #usualMs = 0;
  #count = 0;
  #lateInARow = 0;
  /** The frame before the first late one. */
  #dripsFromMs = 0;

  constructor(limits: WatchdogLimits, nowMs: number) {
    this.#limits = limits;
    this.#startedMs = nowMs;
  }

  /** Notes a frame. */
  frame(nowMs: number): void {
    if (this.#lastMs !== null) {
      const gapMs = nowMs - this.#lastMs;
      if (this.#count >= learned && gapMs > Math.max(shortestLateMs, lateFactor * this.#usualMs)) {
        if (this.#lateInARow === 0) this.#dripsFromMs = this.#lastMs;
        this.#lateInARow += 1;
      } else {
        this.#lateInARow = 0;
        this.#usualMs = this.#count === 1 ? gapMs : this.#usualMs + (gapMs - this.#usualMs) / Math.min(this.#count, 20);
      }
    }
    this.#count += 1;
    this.#lastMs = nowMs;
  }

  /** Milliseconds until silence alone, should it go on, is a stall. */
  patienceMs(nowMs: number): number {
    return Math.max(1, this.#limitMs - this.#silentMs(nowMs) + 1);
  }

  /** How, if the camera has stalled, else null. */
  stalled(nowMs: number): Stall | null {
    const silentMs = this.#silentMs(nowMs);
    if (silentMs > this.#limitMs) return { frames: 0, overMs: silentMs };
    return this.#lateInARow >= drips ? { frames: this.#lateInARow, overMs: nowMs - this.#dripsFromMs } : null;
  }

  #silentMs(nowMs: number): number {
    return nowMs - (this.#lastMs ?? this.#startedMs);
  }

  get #limitMs(): number {
    return this.#lastMs === null ? this.#limits.startMs : this.#limits.silenceMs;
  }
}
