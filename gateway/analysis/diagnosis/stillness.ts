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
  #spot = 0;

  /** Seconds for which the picture has been the same, as of this one. A clock that was set back begins anew. */
  look({ pixels, widthPx, heightPx }: GreyPicture, nowMs: number): number {
    if (this.#first.length !== pixels.length) this.#first = new Uint8Array(pixels.length);
    else if (this.#sinceMs !== null && nowMs >= this.#sinceMs && !this.#hasChanged(pixels, widthPx, heightPx))
      return (nowMs - this.#sinceMs) / 1000;
    this.#first.set(pixels);
    this.#sinceMs = nowMs;
    return 0;
  }

  /** Begins with the spot that changed last: it is the likeliest. */
  #hasChanged(pixels: Uint8Array, widthPx: number, heightPx: number): boolean {
    const across = Math.floor(widthPx / spotPx);
    const count = across * Math.floor(heightPx / spotPx);
    for (let tries = 0; tries < count; tries += 1) {
      const spot = (this.#spot + tries) % count;
      const first = Math.floor(spot / across) * spotPx * widthPx + (spot % across) * spotPx;
      if (this.#differenceAt(pixels, first, widthPx) < changedBy * spotPx * spotPx) continue;
      this.#spot = spot;
      return true;
    }
    return false;
  }

  /** Sum of the differences of the spot whose first pixel is `first`. */
  #differenceAt(pixels: Uint8Array, first: number, widthPx: number): number {
    let difference = 0;
    for (let from = first; from < first + spotPx * widthPx; from += widthPx)
      for (let at = from; at < from + spotPx; at += 1)
        difference += Math.abs((pixels[at] ?? 0) - (this.#first[at] ?? 0));
    return difference;
  }
}
