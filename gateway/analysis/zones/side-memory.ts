/** Which side of a border each track is on, once it has been there long enough to be believed. */
import type { Point } from "../geometry.ts";
import type { Track } from "../tracking/track.ts";

/** A side is believed after this many frames and this long; one outlier frame is never enough. */
const HOLD_FRAMES = 2;
const HOLD_MS = 200;
/** A track that jumps further than this many of its own heights between two sights was given to another object. */
const JUMP_HEIGHTS = 2;
/** A track not seen for longer is forgotten. */
const FORGET_MS = 10_000;

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
}

/** Sides of all tracks of one rule. */
export class SideMemory {
  readonly #aspect: number;
  readonly #kept = new Map<number, Kept>();

  constructor(aspect: number) {
    this.#aspect = aspect;
  }

  /**
   * Takes in where a track is. Call it only for tracks seen in this frame: a predicted place crosses nothing.
   * @param side any number that names the side; null on the border itself, which changes nothing.
   */
  step(
    track: Track,
    seen: { readonly side: number | null; readonly point: Point; readonly t: number; readonly beforeT: number },
  ): Change | null {
    const { side, point, t, beforeT } = seen;
    const known = this.#kept.get(track.id);
    const isFresh = known !== undefined && beforeT - known.lastT <= FORGET_MS;
    const kept = isFresh ? known : { firstT: t, settled: null, point, candidate: null, lastPoint: point, lastT: t };
    this.#kept.set(track.id, kept);
    const jumped =
      Math.hypot((point.x - kept.lastPoint.x) * this.#aspect, point.y - kept.lastPoint.y) >
      JUMP_HEIGHTS * track.box.height;
    kept.lastPoint = point;
    kept.lastT = t;
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
    if (candidate.frames < HOLD_FRAMES || t - candidate.sinceT < HOLD_MS) return null;
    const from = kept.settled;
    kept.settled = side;
    kept.point = point;
    kept.candidate = null;
    // Born here, or handed from another object: it is on this side, but it did not come from the other.
    if (from === null || candidate.jumped) return null;
    return { track, from, to: side, before: candidate.before, after: candidate.after, followedMs: t - kept.firstT };
  }

  /** The believed side of a track; null while none is. */
  sideOf(trackId: number): number | null {
    return this.#kept.get(trackId)?.settled ?? null;
  }

  /** Forgets tracks that have been gone for long. */
  forget(t: number): void {
    for (const [id, kept] of this.#kept) if (t - kept.lastT > FORGET_MS) this.#kept.delete(id);
  }
}
