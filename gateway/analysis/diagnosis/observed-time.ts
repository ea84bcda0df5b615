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
  isTold: boolean;
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
  /** Left out by a release before it: every hour but the newest was told then. */
  readonly isTold?: boolean | undefined;
}

const hourMs = 3_600_000;
const hourSec = 3_600;
const hoursKept = 24;
/** A step longer than this is a clock that was set, not a stretch that was lived through. */
const longestStepSec = 60;

/** The time of one camera. */
export class ObservedTime {
  #hours: Hour[] = [];
  #lastMs: number | null = null;
  #startMs = Number.POSITIVE_INFINITY;

  constructor(kept: readonly KeptHour[] = []) {
    this.#hours = kept.slice(-hoursKept).map((hour, i, all) => ({
      ...hour,
      isTold: hour.isTold ?? i < all.length - 1,
      blindSec: { ...nothing(), ...hour.blindSec },
    }));
  }

  /** Adds the time since the last call. Returns the hour that is now complete, or null. */
  add(stretch: Stretch, nowMs: number): { readonly startMs: number; readonly sum: ObservedSum } | null {
    const passedSec = this.#lastMs === null ? 0 : (nowMs - this.#lastMs) / 1_000;
    this.#lastMs = nowMs;
    if (passedSec <= 0 || passedSec > longestStepSec) return null;
    const startMs = Math.floor(nowMs / hourMs) * hourMs;
    const hour = this.#hourAt(startMs);
    // A clock that is set back brings an hour, or a part of it, a second time: no hour has more than sixty minutes.
    const countedSec = Math.min(passedSec, hourSec - hour.seconds);
    hour.seconds += countedSec;
    if (stretch.online) hour.onlineSec += countedSec;
    if (stretch.intact) hour.intactSec += countedSec;
    if (stretch.blind) hour.blindSec[stretch.blind] += countedSec;
    // Only an hour that lies before is complete, and one that was told stays told.
    const full = this.#hours.findLast((one) => one.startMs < startMs && !one.isTold);
    if (!full) return null;
    full.isTold = true;
    return { startMs: full.startMs, sum: sumOf([full]) };
  }

  /** The newest 24 hours. */
  get day(): ObservedSum {
    return sumOf(this.#hours.filter(({ startMs }) => startMs <= this.#startMs));
  }

  keep(): readonly KeptHour[] {
    return this.#hours;
  }

  #hourAt(startMs: number): Hour {
    const known = this.#hours.find((one) => one.startMs === startMs);
    if (known && startMs === this.#startMs) return known;
    this.#startMs = startMs;
    // Hours of the future are of a clock that was wrong: of them only counts that they were told.
    const isKept = (one: Hour): boolean =>
      (one.startMs <= startMs || one.isTold) && Math.abs(one.startMs - startMs) < hoursKept * hourMs;
    const hour = known ?? { startMs, seconds: 0, onlineSec: 0, intactSec: 0, blindSec: nothing(), isTold: false };
    const others = this.#hours.filter((one) => one !== hour && isKept(one));
    this.#hours = [...others, hour].sort((a, b) => a.startMs - b.startMs).slice(-hoursKept);
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
