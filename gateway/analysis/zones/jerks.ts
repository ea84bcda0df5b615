/** Sudden upward pulls: how often a track turns from going down to going up, as a snagging rod does. */
import type { Track } from "../tracking/track.ts";

/** A turn counts when the top has travelled this share of the box's height since the last turn. */
export const swingShare = 0.2;
/** Turns count for so long, and who is out of sight for longer is forgotten. */
export const jerkWindowMs = 60_000;

/** How often tracks jerked, as of one look. */
export interface TrackJerks {
  /** Pulls in the minute before the track was last seen; 0 of one that is forgotten. */
  perMinute(trackId: number): number;
}

/** A track's way up and down. */
export class Swing {
  /** Where its top turned last, or the furthest it has been since. */
  extreme: number;
  rising = false;
  /** When it was pulled, within the minute before it was last seen; looked-at milliseconds. */
  readonly turns: number[] = [];

  constructor(top: number) {
    this.extreme = top;
  }

  /** Takes in a frame in which the track is seen. @param keep so many turns at most are kept for the next frame */
  follow({ y: top, height }: { readonly y: number; readonly height: number }, t: number, keep: number): void {
    if (this.turns.length > 0) this.#drop(t, keep);
    const travelled = this.rising ? top - this.extreme : this.extreme - top;
    if (travelled <= 0) {
      this.extreme = top;
      return;
    }
    if (travelled < swingShare * height) return;
    // The picture's y runs down: falling y is the pull.
    if (!this.rising) this.turns.push(t); // Shrinks in `#drop`.
    this.rising = !this.rising;
    this.extreme = top;
  }

  /** Drops turns that are too old, and the oldest where there are more than are kept. */
  #drop(t: number, keep: number): void {
    const { turns } = this;
    let left = 0;
    for (let i = 0; i < turns.length; i += 1) {
      const at = turns[i] ?? 0;
      if (t - at < jerkWindowMs) turns[left++] = at;
    }
    turns.length = left;
    if (left > keep) turns.shift();
  }
}

/** How many turns of a track are kept where a rule asks for `perMinute`. */
export function turnsKept(perMinute: number): number {
  return Math.ceil(perMinute * 4);
}

interface Followed {
  readonly id: number;
  readonly swing: Swing;
  lastT: number;
}

/** Turns of every track over the last minute. */
export class Jerks implements TrackJerks {
  readonly #keep: number;
  readonly #byId = new Map<number, Followed>();
  /** The same: to walk through a map makes objects, frame by frame. */
  readonly #followed: Followed[] = [];

  /** @param perMinute what the rule asks for; no more turns than four times that are kept. */
  constructor(perMinute: number) {
    this.#keep = turnsKept(perMinute);
  }

  /** Takes in one frame. */
  step(tracks: readonly Track[], t: number): void {
    for (const track of tracks) {
      if (!track.seenNow) continue;
      const one = this.#byId.get(track.id) ?? this.#begin(track, t);
      one.lastT = t;
      one.swing.follow(track.box, t, this.#keep);
    }
    const followed = this.#followed;
    for (let i = followed.length - 1; i >= 0; i -= 1) {
      const one = followed[i];
      if (!one || t - one.lastT <= jerkWindowMs) continue;
      this.#byId.delete(one.id);
      const last = followed.pop();
      if (last && last !== one) followed[i] = last;
    }
  }

  perMinute(trackId: number): number {
    return this.#byId.get(trackId)?.swing.turns.length ?? 0;
  }

  #begin({ id, box }: Track, t: number): Followed {
    const one = { id, swing: new Swing(box.y), lastT: t };
    this.#byId.set(id, one);
    this.#followed.push(one); // Shrinks in `step`, a minute after the track was last seen.
    return one;
  }
}
