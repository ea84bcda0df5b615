/** Who has been here for how long: a memory that outlives a lost detection and a changed id. */
import { iou, type Box } from "../geometry.ts";
import type { Track } from "../tracking/track.ts";
import { near } from "./nearness.ts";
import type { Look } from "./rule.ts";

/** One object's stay; times are looked-at milliseconds. */
export interface Stay {
  readonly track: Track;
  readonly sinceT: number;
  /** Where it stood when this stay began. */
  readonly firstBox: Box;
}

interface Kept {
  track: Track;
  sinceT: number;
  firstBox: Box;
  lastT: number;
}

/** An object that is away or outside for no longer goes on with its stay; the same serves to hand a stay to a new id. */
export const stayGapMs = 5_000;
/** A new id takes over a stay when it appears within this share of a body height of where the old one was last. */
const HANDOVER_REACH = 0.25;

const none: readonly Stay[] = [];

/** Stays of one rule. A look at which nobody is present changes nothing and may be left out. */
export class Stays {
  readonly #aspect: number;
  readonly #sameSpot: number;
  #kept = new Map<number, Kept>();
  #newestT = -Infinity;

  /** @param options.sameSpot least overlap with the first place; an object that moved further begins a new stay. */
  constructor(options: { readonly aspect: number; readonly sameSpot?: number | undefined }) {
    this.#aspect = options.aspect;
    this.#sameSpot = options.sameSpot ?? 0;
  }

  /** Takes in the objects that count in this frame and returns their stays, longest first. */
  step(present: readonly Track[], { t, beforeT }: Pick<Look, "t" | "beforeT">): readonly Stay[] {
    this.#newestT = t;
    if (present.length === 0) return none;
    for (const stay of this.#kept.values()) if (beforeT - stay.lastT > stayGapMs) this.#kept.delete(stay.track.id);
    const only = present.length === 1 ? present[0] : undefined;
    const known = only && this.#kept.get(only.id);
    if (known) {
      this.#goOn(known, only, t);
      return [{ track: only, sinceT: known.sinceT, firstBox: known.firstBox }];
    }
    const newcomers: Track[] = [];
    for (const track of present) {
      const stay = this.#kept.get(track.id);
      if (stay) this.#goOn(stay, track, t);
      else newcomers.push(track);
    }
    for (const track of newcomers) this.#kept.set(track.id, this.#takeOver(track, t) ?? begin(track, t));
    return this.#here(t);
  }

  /** Who is there, longest first; put in its place one by one, because there are seldom more than two. */
  #here(t: number): readonly Stay[] {
    const here: Stay[] = [];
    for (const { track, sinceT, firstBox, lastT } of this.#kept.values()) {
      if (lastT !== t) continue;
      let at = here.length;
      while (at > 0 && (here[at - 1]?.sinceT ?? sinceT) > sinceT) at -= 1;
      here.splice(at, 0, { track, sinceT, firstBox }); // As many as are present.
    }
    return here;
  }

  /** Looks up to `t` were left out at which the same objects counted as at the newest one: their stays went on. */
  goneOn(t: number): void {
    for (const stay of this.#kept.values()) if (stay.lastT === this.#newestT) stay.lastT = t;
    this.#newestT = t;
  }

  /** Goes on with what others remember. */
  adopt(others: Stays): void {
    this.#kept = new Map([...others.#kept].map(([id, stay]) => [id, { ...stay }]));
    this.#newestT = others.#newestT;
  }

  /** Since when this object has stayed, in looked-at milliseconds; null when it did not count in the newest look. */
  since(trackId: number, t: number): number | null {
    const stay = this.#kept.get(trackId);
    return stay?.lastT === t ? stay.sinceT : null;
  }

  /** Where this object's stay began; null when it has none. */
  firstBox(trackId: number): Box | null {
    return this.#kept.get(trackId)?.firstBox ?? null;
  }

  #goOn(stay: Kept, track: Track, t: number): void {
    stay.track = track;
    stay.lastT = t;
    if (this.#sameSpot > 0 && iou(stay.firstBox, track.box) < this.#sameSpot) {
      stay.sinceT = t;
      stay.firstBox = track.box;
    }
  }

  /** The stay of an object that vanished where this one appeared: the tracker lost it and found it under a new id. */
  #takeOver(track: Track, t: number): Kept | null {
    for (const [id, stay] of this.#kept) {
      if (stay.lastT >= t || stay.track.label !== track.label) continue;
      if (!near(stay.track.box, track.box, { reach: HANDOVER_REACH, aspect: this.#aspect })) continue;
      this.#kept.delete(id);
      this.#goOn(stay, track, t);
      return stay;
    }
    return null;
  }
}

function begin(track: Track, t: number): Kept {
  return { track, sinceT: t, firstBox: track.box, lastT: t };
}
