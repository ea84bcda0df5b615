/** Sudden upward pulls: how often a track turns from going down to going up, as a snagging rod does. */
import type { Track } from "../tracking/track.ts";

/** A turn counts when the top has travelled this share of the box's height since the last turn. */
const SWING_SHARE = 0.2;
const WINDOW_MS = 60_000;

interface Swing {
  extreme: number;
  rising: boolean;
  turns: number[];
  lastT: number;
}

/** Turns of every track over the last minute. */
export class Jerks {
  readonly #keep: number;
  readonly #swings = new Map<number, Swing>();

  /** @param perMinute what the rule asks for; no more turns than four times that are kept. */
  constructor(perMinute: number) {
    this.#keep = Math.ceil(perMinute * 4);
  }

  /** Takes in one frame. */
  step(tracks: readonly Track[], t: number): void {
    for (const track of tracks) if (track.seenNow) this.#follow(track, t);
    for (const [id, swing] of this.#swings) if (t - swing.lastT > WINDOW_MS) this.#swings.delete(id);
  }

  /** Pulls in the last minute. */
  perMinute(trackId: number): number {
    return this.#swings.get(trackId)?.turns.length ?? 0;
  }

  #follow(track: Track, t: number): void {
    const top = track.box.y;
    const swing = this.#swings.get(track.id) ?? { extreme: top, rising: false, turns: [], lastT: t };
    this.#swings.set(track.id, swing);
    swing.lastT = t;
    swing.turns = swing.turns.filter((at) => t - at < WINDOW_MS).slice(-this.#keep);
    const travelled = swing.rising ? top - swing.extreme : swing.extreme - top;
    if (travelled <= 0) {
      swing.extreme = top;
      return;
    }
    if (travelled < SWING_SHARE * track.box.height) return;
    // The picture's y runs down: falling y is the pull.
    if (!swing.rising) swing.turns.push(t);
    swing.rising = !swing.rising;
    swing.extreme = top;
  }
}
