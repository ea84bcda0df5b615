/** How long a camera was online, intact and observed: minutes by reason, for now and for the newest 24 hours. */

/** Why a camera's scene was not observed, in the order in which a reason is named when several hold. */
export const blindReasons = ["no-frame", "view-moved", "covered", "black", "frozen", "detector", "load"] as const;

/** One of them. */
export type BlindReason = (typeof blindReasons)[number];

/** One stretch of time as it is added. */
export interface Stretch {
  readonly online: boolean;
  readonly intact: boolean;
  readonly blind: BlindReason | null;
}

/** Seconds of one hour. */
interface Hour {
  readonly startMs: number;
  seconds: number;
  onlineSec: number;
  intactSec: number;
  readonly blindSec: Record<BlindReason, number>;
}

/** What an hour, or 24 of them, come to. Shares are 0..1 of the time the gateway ran; null before it has run a second. */
export interface ObservedSum {
  /** 在线率: share of the time in which frames came. */
  readonly onlineShare: number | null;
  /** 完好率: share of the time in which no kind of bad picture was open. */
  readonly intactShare: number | null;
  /** Minutes that nobody looked at the scene, by reason; reasons without any are left out. */
  readonly notObservedMin: Readonly<Partial<Record<BlindReason, number>>>;
  /** All of them together. */
  readonly notObservedMinTotal: number;
  /** Minutes that were counted. */
  readonly countedMin: number;
}

/** Kept over a restart. */
export interface KeptHour {
  readonly startMs: number;
  readonly seconds: number;
  readonly onlineSec: number;
  readonly intactSec: number;
  readonly blindSec: Readonly<Partial<Record<BlindReason, number>>>;
}

const hourMs = 3_600_000;
const hoursKept = 24;
/** A step longer than this is a clock that was set, not a stretch that was lived through. */
const longestStepSec = 60;

/** The time of one camera. */
export class ObservedTime {
  #hours: Hour[] = [];
  #lastMs: number | null = null;

  constructor(kept: readonly KeptHour[] = []) {
    this.#hours = kept.slice(-hoursKept).map((hour) => ({ ...hour, blindSec: { ...nothing(), ...hour.blindSec } }));
  }

  /** Adds the time since the last call. Returns the hour that is now complete, or null. */
  add(stretch: Stretch, nowMs: number): { readonly startMs: number; readonly sum: ObservedSum } | null {
    const passedSec = this.#lastMs === null ? 0 : (nowMs - this.#lastMs) / 1_000;
    this.#lastMs = nowMs;
    if (passedSec <= 0 || passedSec > longestStepSec) return null;
    const startMs = Math.floor(nowMs / hourMs) * hourMs;
    const newest = this.#hours.at(-1);
    const hour = newest?.startMs === startMs ? newest : this.#begin(startMs);
    hour.seconds += passedSec;
    if (stretch.online) hour.onlineSec += passedSec;
    if (stretch.intact) hour.intactSec += passedSec;
    if (stretch.blind) hour.blindSec[stretch.blind] += passedSec;
    // Only an hour that lies before is complete: the clock may have been set back.
    return newest && newest.startMs < startMs ? { startMs: newest.startMs, sum: sumOf([newest]) } : null;
  }

  /** The newest 24 hours. */
  get day(): ObservedSum {
    return sumOf(this.#hours);
  }

  keep(): readonly KeptHour[] {
    return this.#hours;
  }

  #begin(startMs: number): Hour {
    // Hours of the future are of a clock that was wrong.
    this.#hours = this.#hours.filter((one) => one.startMs <= startMs && one.startMs > startMs - hoursKept * hourMs);
    const known = this.#hours.at(-1);
    if (known?.startMs === startMs) return known;
    const hour = { startMs, seconds: 0, onlineSec: 0, intactSec: 0, blindSec: nothing() };
    this.#hours.push(hour);
    return hour;
  }
}

function sumOf(hours: readonly KeptHour[]): ObservedSum {
  let [seconds, online, intact, total] = [0, 0, 0, 0];
  const notObservedMin: Partial<Record<BlindReason, number>> = {};
  for (const hour of hours) {
    seconds += hour.seconds;
    online += hour.onlineSec;
    intact += hour.intactSec;
    for (const reason of blindReasons) {
      const blind = hour.blindSec[reason] ?? 0;
      if (blind <= 0) continue;
      total += blind;
      notObservedMin[reason] = rounded((notObservedMin[reason] ?? 0) + blind / 60);
    }
  }
  const share = (part: number): number | null => (seconds < 1 ? null : Math.round((part / seconds) * 10_000) / 10_000);
  return {
    onlineShare: share(online),
    intactShare: share(intact),
    notObservedMin,
    notObservedMinTotal: rounded(total / 60),
    countedMin: rounded(seconds / 60),
  };
}

function rounded(minutes: number): number {
  return Math.round(minutes * 100) / 100;
}

function nothing(): Record<BlindReason, number> {
  return { "no-frame": 0, "view-moved": 0, covered: 0, black: 0, frozen: 0, detector: 0, load: 0 };
}
