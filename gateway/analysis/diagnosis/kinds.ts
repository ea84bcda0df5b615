/** The kinds of a bad picture: which measure, from where on, for how long, and when it is over. Numbers come from the catalogue. */
import { eventTypes } from "../../config/catalogue/catalogue.ts";
import type { Measures } from "./picture-diagnosis.ts";

/** One kind. */
export interface Kind {
  /** Event type of the catalogue, for example `video-blur`. */
  readonly id: string;
  readonly measure: string;
  readonly threshold: number;
  /** True: bad at or below the threshold. */
  readonly below: boolean;
  /** Seconds it must last to be said. */
  readonly raiseSec: number;
  /** Seconds it must be over to be taken back. */
  readonly clearSec: number;
  /** The value must come back beyond the threshold by this share of it. */
  readonly margin: number;
}

const clearSec = 10;
const margin = 0.1;
/** A break of so many seconds in a bad run is forgiven: a bad picture flickers. */
const forgivenMs = 3_000;
/** A reading that is older says nothing about now. */
const staleMs = 15_000;

/** Every kind of the catalogue's video-quality group. */
export const kinds: readonly Kind[] = eventTypes.flatMap(({ id, group, rule }) => {
  const { measure, threshold, below = false, detectedSec = 10 } = rule;
  if (group !== "video-quality" || measure === undefined || threshold === undefined) return [];
  return [{ id, measure, threshold, below, raiseSec: detectedSec, clearSec, margin }];
});

/** One kind that is bad now. */
export interface OpenKind {
  readonly id: string;
  readonly sinceMs: number;
  /** The newest value of its measure. */
  readonly value: number;
}

interface Run {
  badSinceMs: number | null;
  lastBadMs: number;
  goodSinceMs: number | null;
  lastMs: number;
  isOpen: boolean;
  value: number;
}

/** Which kinds are bad on one camera: raised late, taken back late, each in its own time. */
export class OpenKinds {
  readonly #runs: readonly (readonly [Kind, Run])[];

  constructor(of: readonly Kind[] = kinds) {
    this.#runs = of.map((kind) => [
      kind,
      { badSinceMs: null, lastBadMs: 0, goodSinceMs: null, lastMs: 0, isOpen: false, value: 0 },
    ]);
  }

  /** Takes in one look. A measure without a reading neither raises nor clears. */
  step(measures: Measures, nowMs: number): void {
    for (const [kind, run] of this.#runs) {
      const value = measures[kind.measure];
      if (typeof value !== "number") continue;
      // After a silence, or a clock that was set back, nothing is known of the time between.
      if (nowMs < run.lastMs || nowMs - run.lastMs > staleMs) {
        run.goodSinceMs = null;
        if (!run.isOpen) run.badSinceMs = null;
      }
      run.lastMs = nowMs;
      run.value = value;
      if (isBad(kind, value)) bad(kind, run, nowMs);
      else good(kind, run, value, nowMs);
    }
  }

  /** The kinds that are bad, in the order of the catalogue. */
  get open(): readonly OpenKind[] {
    return this.#runs.flatMap(([{ id }, { isOpen, badSinceMs, value }]) =>
      isOpen ? [{ id, sinceMs: badSinceMs ?? 0, value: Math.round(value * 1000) / 1000 }] : [],
    );
  }

  /** Whether this kind is bad. */
  has(id: string): boolean {
    return this.#runs.some(([kind, run]) => kind.id === id && run.isOpen);
  }
}

function isBad({ threshold, below }: Kind, value: number): boolean {
  return below ? value <= threshold : value >= threshold;
}

function bad(kind: Kind, run: Run, nowMs: number): void {
  if (!run.isOpen && run.badSinceMs !== null && nowMs - run.lastBadMs > forgivenMs) run.badSinceMs = null;
  run.badSinceMs ??= nowMs;
  run.lastBadMs = nowMs;
  run.goodSinceMs = null;
  if (nowMs - run.badSinceMs >= kind.raiseSec * 1_000) run.isOpen = true;
}

function good(kind: Kind, run: Run, value: number, nowMs: number): void {
  const { threshold, below } = kind;
  if (!run.isOpen) return;
  const isClear = below ? value > threshold * (1 + kind.margin) : value < threshold * (1 - kind.margin);
  if (!isClear) return;
  run.goodSinceMs ??= nowMs;
  if (nowMs - run.goodSinceMs < kind.clearSec * 1_000) return;
  run.isOpen = false;
  run.badSinceMs = null;
}
