/** Which side of a border each track is on, once it has been there long enough to be believed. */
import type { Box, Point } from "../geometry.ts";
import type { Track } from "../tracking/track.ts";
import type { Look, Verdict } from "./rule.ts";
import type { Zone } from "./zone.ts";

/** A side is believed after this many frames and this long; one outlier frame is never enough. */
const HOLD_FRAMES = 2;
export const holdMs = 200;
/** A track that jumps further than this many of its own heights between two sights was given to another object. */
const JUMP_HEIGHTS = 2;
/** A track not seen for longer is forgotten. */
export const forgetMs = 10_000;
/** By so much of a body height an exchange has to fit better than what the tracker says: less is trembling. */
const CLEARLY_HEIGHTS = 0.1;
/** Where a track is expected is told from its last step for no longer than this. */
const EXPECT_MS = 1_000;

/** Where a track is in this frame. */
export interface Sight {
  readonly track: Track;
  /** Any number that names the side; null on the border itself, which changes nothing. */
  readonly side: number | null;
  readonly point: Point;
}

/** A believed change of side. */
export interface Change {
  readonly track: Track;
  readonly from: number;
  readonly to: number;
  /** The last place on the old side and the first on the new one. */
  readonly before: Point;
  readonly after: Point;
  /** Looked-at milliseconds since the rule first saw the track. */
  readonly followedMs: number;
}

interface Kept {
  readonly firstT: number;
  settled: number | null;
  /** Last place on the settled side. */
  point: Point;
  candidate: {
    readonly side: number;
    readonly before: Point;
    readonly after: Point;
    readonly sinceT: number;
    frames: number;
    jumped: boolean;
  } | null;
  lastPoint: Point;
  lastT: number;
  lastSide: number | null;
  /** The way of its last step, in picture widths and heights a millisecond. */
  speed: Point;
}

/** What is known of a track that is where it is believed to be. */
export interface Settled {
  readonly side: number;
  readonly kept: Kept;
}

/** Where a track was at a time. */
interface Seen {
  readonly t: number;
  readonly point: Point;
}

/** A rule that only knows on which side of a border each track is: a replay leaves out who stays on his. */
export interface Sided {
  /** Takes in who is seen in a frame: what a look of the rule begins with. */
  readonly follow: (look: Pick<Look, "t" | "beforeT" | "tracks">) => readonly Change[];
  /** What the look then says; "clear" where nobody has changed sides. */
  readonly judge: (changes: readonly Change[], t: number) => Verdict;
  readonly memory: SideMemory;
  readonly sideOf: (box: Box) => number | null;
  /** The side of all whose feet are within a box of the picture; null where that is not sure. */
  readonly sideIn?: (feet: Box) => number | null;
  readonly placeOf: (box: Box) => Point;
  /** Set where the sides are those of this zone's border. */
  readonly zone?: Zone;
}

const still: Point = { x: 0, y: 0 };
const none: readonly Change[] = [];

/** Sides of all tracks of one rule. */
export class SideMemory {
  readonly #aspect: number;
  readonly #kept = new Map<number, Kept>();

  constructor(aspect: number) {
    this.#aspect = aspect;
  }

  /** Takes in where the tracks are that were seen in this frame: a predicted place crosses nothing. */
  look(sights: readonly Sight[], now: Pick<Look, "t" | "beforeT">): readonly Change[] {
    this.#undoExchanges(sights, now);
    let changes = none;
    for (const sight of sights) {
      const change = this.#step(sight, now);
      if (change) changes = [...changes, change];
    }
    // As many as are seen: nobody else is remembered.
    if (this.#kept.size > sights.length)
      for (const [id, kept] of this.#kept) if (now.t - kept.lastT > forgetMs) this.#kept.delete(id);
    return changes;
  }

  /**
   * Two who change sides in one frame, each to where the other was expected rather than itself: the tracker has exchanged
   * their ids, and what is remembered goes with the object. Who really passes the other is where it was expected itself.
   */
  #undoExchanges(sights: readonly Sight[], { t, beforeT }: Pick<Look, "t" | "beforeT">): void {
    if (sights.length < 2) return;
    const turned = [];
    for (const { track, side, point } of sights) {
      const kept = this.#kept.get(track.id);
      const isTurned = kept && side !== null && kept.lastSide !== null && side !== kept.lastSide;
      if (isTurned && beforeT - kept.lastT <= EXPECT_MS) turned.push({ track, side, point, kept });
    }
    for (const [i, one] of turned.entries())
      for (const other of turned.slice(i + 1)) {
        if (one.track.label !== other.track.label) continue;
        if (one.side !== other.kept.lastSide || other.side !== one.kept.lastSide) continue;
        const asTold = this.#off(one.point, one.kept, t) + this.#off(other.point, other.kept, t);
        const exchanged = this.#off(one.point, other.kept, t) + this.#off(other.point, one.kept, t);
        if (asTold - exchanged < CLEARLY_HEIGHTS * one.track.box.height) continue;
        // So that no third one gets what was given away: nobody turned whose memory has been put right.
        [one.kept, other.kept] = [other.kept, one.kept];
        this.#kept.set(one.track.id, one.kept);
        this.#kept.set(other.track.id, other.kept);
      }
  }

  /** How far a place is from where a track was expected. */
  #off(point: Point, { lastPoint, lastT, speed }: Kept, t: number): number {
    const x = lastPoint.x + speed.x * (t - lastT);
    const y = lastPoint.y + speed.y * (t - lastT);
    return Math.hypot((point.x - x) * this.#aspect, point.y - y);
  }

  #step({ track, side, point }: Sight, { t, beforeT }: Pick<Look, "t" | "beforeT">): Change | null {
    const known = this.#kept.get(track.id);
    const isFresh = known !== undefined && beforeT - known.lastT <= forgetMs;
    const kept = isFresh ? known : begun(point, t);
    this.#kept.set(track.id, kept);
    const jumped =
      Math.hypot((point.x - kept.lastPoint.x) * this.#aspect, point.y - kept.lastPoint.y) >
      JUMP_HEIGHTS * track.box.height;
    goOn(kept, point, t);
    kept.lastSide = side ?? kept.lastSide;
    if (side === null) return null;
    if (side === kept.settled) {
      kept.candidate = null;
      kept.point = point;
      return null;
    }
    if (kept.candidate?.side !== side)
      kept.candidate = { side, before: kept.point, after: point, sinceT: t, frames: 0, jumped };
    const candidate = kept.candidate;
    candidate.frames += 1;
    candidate.jumped ||= jumped;
    if (candidate.frames < HOLD_FRAMES || t - candidate.sinceT < holdMs) return null;
    const from = kept.settled;
    kept.settled = side;
    kept.point = point;
    kept.candidate = null;
    // Born here, or handed from another object: it is on this side, but it did not come from the other.
    if (from === null || candidate.jumped) return null;
    return { track, from, to: side, before: candidate.before, after: candidate.after, followedMs: t - kept.firstT };
  }

  /** Hands out what is known of a track that is where it is believed to be, and forgets it; null: it is not, or is not known. */
  take(trackId: number): Settled | null {
    const kept = this.#kept.get(trackId);
    if (!kept || kept.settled === null || kept.candidate) return null;
    this.#kept.delete(trackId);
    return { side: kept.settled, kept };
  }

  /** Remembers it again, with the last two places on its side since; null: it was not seen there again. */
  bring(trackId: number, { kept }: Settled, last: readonly [Seen, Seen] | null): void {
    this.#kept.set(trackId, kept);
    if (!last) return;
    const [before, newest] = last;
    kept.lastPoint = before.point;
    kept.lastT = before.t;
    goOn(kept, newest.point, newest.t);
    kept.point = newest.point;
  }

  /** The believed side of a track; null while none is. */
  sideOf(trackId: number): number | null {
    return this.#kept.get(trackId)?.settled ?? null;
  }
}

function goOn(kept: Kept, point: Point, t: number): void {
  const passedMs = t - kept.lastT;
  if (passedMs > 0)
    kept.speed = { x: (point.x - kept.lastPoint.x) / passedMs, y: (point.y - kept.lastPoint.y) / passedMs };
  kept.lastPoint = point;
  kept.lastT = t;
}

function begun(point: Point, t: number): Kept {
  return {
    firstT: t,
    settled: null,
    point,
    candidate: null,
    lastPoint: point,
    lastT: t,
    lastSide: null,
    speed: still,
  };
}
