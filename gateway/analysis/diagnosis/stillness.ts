/** For how long not a single spot of the picture has changed: a live camera flickers somewhere, if only in its clock. */
import type { GreyPicture } from "../detection/scene.ts";

/** Grey pixels across a spot: one digit of an overlay clock fills most of it. */
const spotPx = 8;
/**
 * Mean grey levels by which a spot must differ from the picture that the stillness began with. A repeated picture
 * differs by 0.55 at a new key frame on the shipped clips, a digit of a clock by 4 and more.
 */
const changedBy = 2;

/** One camera's stillness. It compares with the first picture of it, so that slow changes add up. */
export class Stillness {
  #first = new Uint8Array(0);
  #sinceMs: number | null = null;

  /** Seconds for which the picture has been the same, as of this one. A clock that was set back begins anew. */
  look({ pixels, widthPx, heightPx }: GreyPicture, nowMs: number): number {
    if (this.#first.length !== pixels.length) this.#first = new Uint8Array(pixels.length);
    else if (this.#sinceMs !== null && nowMs >= this.#sinceMs && !this.#hasChanged(pixels, widthPx, heightPx))
      return (nowMs - this.#sinceMs) / 1000;
    this.#first.set(pixels);
    this.#sinceMs = nowMs;
    return 0;
  }

  #hasChanged(pixels: Uint8Array, widthPx: number, heightPx: number): boolean {
    const limit = changedBy * spotPx * spotPx;
    for (let top = 0; top + spotPx <= heightPx; top += spotPx) {
      for (let left = 0; left + spotPx <= widthPx; left += spotPx) {
        let difference = 0;
        for (let y = top; y < top + spotPx; y += 1) {
          const from = y * widthPx + left;
          for (let at = from; at < from + spotPx; at += 1)
            difference += Math.abs((pixels[at] ?? 0) - (this.#first[at] ?? 0));
        }
        if (difference >= limit) return true;
      }
    }
    return false;
  }
}
