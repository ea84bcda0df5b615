/** One section of a river: frames in, the speed of its surface every ten seconds, believed when a minute of looks agrees. */
import type { FlowConfig } from "../../config/flow-schema.ts";
import type { Frame } from "../capture/frame.ts";
import { agree, driftOf, type Drift, type NoDrift } from "./drift.ts";
import { FlowLine } from "./flow-line.ts";

/** Why a section has no speed. */
export type NoSpeed = NoDrift | "calibration" | "camera" | "unsteady";

/** One reading. */
export interface SpeedReading {
  /** End of the time that was looked at, wall ms. */
  readonly atMs: number;
  /** Metres a second, median of the newest minute; negative against the direction of the lines; null: no reading. */
  readonly speedMps: number | null;
  /** 0..1: how well the water's texture held together, times the share of looks that agree. */
  readonly confidence: number;
  readonly reason: NoSpeed | null;
}

/** A look: long enough for a dozen rows of the slowest camera that can be read (1.2 pictures a second). */
const lookMs = 10_000;
/** Looks remembered: a minute. */
const memory = 6;
/** Looks that must agree; a boat crosses a line in one or two. */
const agreeing = 3;
/** Share of the looks with a speed that must agree with the median. */
const agreeingShare = 0.6;

/** Keeps lines and looks of one section. */
export class FlowMeter {
  readonly config: FlowConfig;
  readonly #lines: readonly FlowLine[];
  #sinceMs: number | null = null;
  #looks: Drift[] = [];

  constructor(config: FlowConfig) {
    this.config = config;
    this.#lines = config.lines.map((line) => new FlowLine(line, config.maxMps));
  }

  /** Takes in a frame; a reading every ten seconds, null in between. `isUsable`: the picture is good and the camera stands where it stood. */
  look(frame: Frame, isUsable: boolean, nowMs: number): SpeedReading | null {
    const passed = this.#sinceMs === null ? 0 : nowMs - this.#sinceMs;
    if (this.#sinceMs === null || passed < 0 || passed > 2 * lookMs) {
      this.#forget(nowMs);
      this.#looks = []; // After a pause, or a clock that was set, what was there before says nothing of now.
    }
    for (const line of this.#lines) {
      if (isUsable) line.take(frame, nowMs);
      else line.clear();
    }
    if (passed < lookMs) return null;
    const look = isUsable ? this.#drift() : null;
    this.#forget(nowMs);
    if (look === null)
      return { atMs: nowMs, speedMps: null, confidence: 0, reason: isUsable ? "calibration" : "camera" };
    this.#looks = [...this.#looks, look].slice(-memory);
    return this.#believed(look, nowMs);
  }

  #forget(nowMs: number): void {
    this.#sinceMs = nowMs;
    for (const line of this.#lines) line.clear();
  }

  /** The lines together: the middle of those that show a speed; null when none has a scale. */
  #drift(): Drift | null {
    const drifts = this.#lines.flatMap(({ seen }) => (seen ? [driftOf(seen)] : []));
    const read = drifts.filter(({ speedMps }) => speedMps !== null);
    return middleOf(read) ?? drifts[0] ?? null;
  }

  #believed(look: Drift, atMs: number): SpeedReading {
    const read = this.#looks.filter(({ speedMps }) => speedMps !== null);
    const middle = middleOf(read);
    const together = read.filter(({ speedMps }) => agree(speedMps, middle?.speedMps ?? null));
    const none = { atMs, speedMps: null, confidence: look.confidence };
    if (!middle || read.length < agreeing) return { ...none, reason: look.reason ?? "unsteady" };
    const isSteady = together.length >= agreeing && together.length >= agreeingShare * read.length;
    if (!isSteady) return { ...none, reason: "unsteady" };
    const texture = together.reduce((sum, { confidence }) => sum + confidence, 0) / together.length;
    const confidence = Math.round(((texture * together.length) / this.#looks.length) * 100) / 100;
    return { atMs, speedMps: middle.speedMps, confidence, reason: null };
  }
}

/** The one with as many faster as slower ones beside it. */
function middleOf(drifts: readonly Drift[]): Drift | undefined {
  return drifts.toSorted((a, b) => (a.speedMps ?? 0) - (b.speedMps ?? 0))[(drifts.length - 1) >> 1];
}
