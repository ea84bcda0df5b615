/**
 * Tints that come at their hour and go again: a sunset colours the whole picture for half an hour and is no fault. Learnt is
 * only what daylight does, from blue to yellow and orange; nothing under the sun makes a picture pink, as a filter that hangs
 * does, and what stays is a fault however it began.
 */

/** Colour of a whole picture in CIE Lab: a is red against green, b yellow against blue. */
export interface Tint {
  readonly a: number;
  readonly b: number;
}

/** The farthest warm tint of each of the 24 hours and on how many days it came, then the cold ones; null: none. */
export type KeptTints = readonly (readonly [a: number, b: number, days: number] | null)[];

/** A tint that lasts longer does not pass. */
const longestMs = 2 * 3_600_000;
/** A tint that is not seen for so long has passed: clouds, a lorry, the dark. */
const breakMs = 30 * 60_000;
/** So many days make a tint usual; one may be a fault that somebody mends, or the smoke of a fire. */
const leastDays = 2;
/** More days than this weigh no more. */
const mostDays = 7;
const dayMs = 86_400_000;
const hours = 24;

interface Known extends Tint {
  readonly days: number;
  readonly lastMs: number;
}

interface Passing {
  readonly sinceMs: number;
  lastMs: number;
  isDaylight: boolean;
  /** The farthest by hour, warm and cold. */
  readonly farthest: Map<number, { readonly tint: Tint; readonly usual: Tint }>;
}

/** One camera's. Nothing here reads a clock. */
export class PassingTints {
  #known: (Known | null)[] = Array.from({ length: 2 * hours }, () => null);
  #passing: Passing | null = null;

  /**
   * How far a colour lies from what is usual at this hour: from its mean, or from the way between that and a tint that comes
   * then, or in the hour before or after, for sunsets wander with the year.
   */
  distance(hour: number, usual: Tint, colour: Tint): number {
    const near = [hour, (hour + 1) % hours, (hour + hours - 1) % hours];
    const tints = near
      .flatMap((one) => [this.#known[one] ?? [], this.#known[one + hours] ?? []].flat())
      .filter(({ days }) => days >= leastDays);
    return Math.min(gap(usual, colour), ...tints.map((tint) => distanceToWay(colour, usual, tint)));
  }

  /** Takes in a colour that is not the mean's. */
  takeStrange({ hour, usual, colour }: { hour: number; usual: Tint; colour: Tint }, nowMs: number): void {
    this.takeUsual(nowMs);
    const begun: Passing = { sinceMs: nowMs, lastMs: nowMs, isDaylight: true, farthest: new Map() };
    const passing = (this.#passing ??= begun);
    passing.lastMs = nowMs;
    if (!isDaylight(usual, colour)) passing.isDaylight = false;
    const key = colour.b < usual.b ? hour + hours : hour;
    const known = passing.farthest.get(key);
    if (!known || gap(usual, colour) > gap(usual, known.tint)) passing.farthest.set(key, { tint: colour, usual });
  }

  /** Takes in a look at which the colour is usual, or cannot be told. */
  takeUsual(nowMs: number): void {
    const passing = this.#passing;
    if (!passing || (nowMs - passing.lastMs < breakMs && nowMs >= passing.lastMs)) return;
    this.#passing = null;
    if (!passing.isDaylight || passing.lastMs - passing.sinceMs > longestMs) return;
    for (const [key, { tint, usual }] of passing.farthest) this.#learn(key, tint, { usual, nowMs: passing.lastMs });
  }

  /** The farthest counts: nobody says of a cloudy day that its sunset is too pale. */
  #learn(key: number, tint: Tint, { usual, nowMs }: { readonly usual: Tint; readonly nowMs: number }): void {
    const known = this.#known[key] ?? { ...tint, days: 0, lastMs: -Infinity };
    const isSameDay = Math.abs(nowMs - known.lastMs) < dayMs / 2;
    const { a, b } = gap(usual, tint) > gap(usual, known) ? tint : known;
    this.#known[key] = { a, b, days: Math.min(mostDays, known.days + (isSameDay ? 0 : 1)), lastMs: nowMs };
  }

  keep(): KeptTints {
    const round = (value: number): number => Math.round(value * 10) / 10;
    return this.#known.map((one) => one && ([round(one.a), round(one.b), one.days] as const));
  }

  /** Takes over what was kept. */
  restore(kept: KeptTints): void {
    this.#known = Array.from({ length: 2 * hours }, (_, key) => {
      const one = kept[key];
      return one ? { a: one[0], b: one[1], days: one[2], lastMs: -Infinity } : null;
    });
  }
}

/** Daylight goes along yellow and blue; of red it has no more than of yellow. */
function isDaylight(usual: Tint, { a, b }: Tint): boolean {
  const [da, db] = [a - usual.a, b - usual.b];
  return db >= 0 ? Math.abs(da) <= db : Math.abs(da) <= -db / 2;
}

function gap(one: Tint, other: Tint): number {
  return Math.hypot(one.a - other.a, one.b - other.b);
}

/** From a colour to the nearest place on the way between two others. */
function distanceToWay(colour: Tint, from: Tint, to: Tint): number {
  const [da, db] = [to.a - from.a, to.b - from.b];
  const along = ((colour.a - from.a) * da + (colour.b - from.b) * db) / (da * da + db * db || 1);
  const share = Math.min(1, Math.max(0, along));
  return gap(colour, { a: from.a + share * da, b: from.b + share * db });
}
