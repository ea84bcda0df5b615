/**
 * A box that moves at a constant speed, filtered: four independent two-state filters (centre x, centre y, width, height).
 *
 * The noise of each axis is a share of the box's own width or height, so the filter gives the same answer in pixels and in
 * 0..1 of the picture. Shares are those of ByteTrack at 30 frames a second (1/20 of the size for the place, 1/160 a frame
 * for the speed), turned into a rate per second; the state is BoT-SORT's (width in place of the aspect ratio).
 */
import type { Box } from "../geometry.ts";

const PLACE_SHARE = 1 / 20;
/** Per second: 1/160 a frame at 30 frames a second. */
const SPEED_SHARE = 30 / 160;
const REFERENCE_RATE = 30;
/** Numbers per axis: place, speed, and the three distinct entries of their covariance. */
const WIDTH = 5;

/** Filter state of one box; `step` in it is seconds, never frames. */
export class BoxFilter {
  readonly #state = new Float64Array(4 * WIDTH);

  constructor(box: Box) {
    this.#start(0, box.x + box.width / 2, box.width);
    this.#start(1, box.y + box.height / 2, box.height);
    this.#start(2, box.width, box.width);
    this.#start(3, box.height, box.height);
  }

  /** Moves the box `seconds` ahead. A box that is lost keeps its size: a shrinking guess would never be matched again. */
  predict(seconds: number, lost: boolean): void {
    const s = this.#state;
    if (lost) {
      s[2 * WIDTH + 1] = 0;
      s[3 * WIDTH + 1] = 0;
    }
    const width = Math.abs(s[2 * WIDTH] ?? 0);
    const height = Math.abs(s[3 * WIDTH] ?? 0);
    this.#predictAxis(0, seconds, width);
    this.#predictAxis(1, seconds, height);
    this.#predictAxis(2, seconds, width);
    this.#predictAxis(3, seconds, height);
  }

  /** Takes in a measured box. */
  update(box: Box): void {
    const s = this.#state;
    const width = Math.abs(s[2 * WIDTH] ?? 0);
    const height = Math.abs(s[3 * WIDTH] ?? 0);
    this.#updateAxis(0, box.x + box.width / 2, width);
    this.#updateAxis(1, box.y + box.height / 2, height);
    this.#updateAxis(2, box.width, width);
    this.#updateAxis(3, box.height, height);
  }

  /** Shifts the place without touching speed or certainty: the camera moved, not the object. */
  shift(dx: number, dy: number): void {
    const s = this.#state;
    s[0] = (s[0] ?? 0) + dx;
    s[WIDTH] = (s[WIDTH] ?? 0) + dy;
  }

  get box(): Box {
    const s = this.#state;
    const width = Math.max(0, s[2 * WIDTH] ?? 0);
    const height = Math.max(0, s[3 * WIDTH] ?? 0);
    return { x: (s[0] ?? 0) - width / 2, y: (s[WIDTH] ?? 0) - height / 2, width, height };
  }

  /** Speed of the centre, in the box's own unit per second. */
  get velocity(): { readonly x: number; readonly y: number } {
    return { x: this.#state[1] ?? 0, y: this.#state[WIDTH + 1] ?? 0 };
  }

  #start(axis: number, place: number, size: number): void {
    const o = axis * WIDTH;
    this.#state[o] = place;
    this.#state[o + 2] = (2 * PLACE_SHARE * size) ** 2;
    this.#state[o + 4] = (10 * SPEED_SHARE * size) ** 2;
  }

  #predictAxis(axis: number, seconds: number, size: number): void {
    const s = this.#state;
    const o = axis * WIDTH;
    const frames = seconds * REFERENCE_RATE;
    const speed = s[o + 1] ?? 0;
    const p01 = s[o + 3] ?? 0;
    const p11 = s[o + 4] ?? 0;
    s[o] = (s[o] ?? 0) + speed * seconds;
    s[o + 2] = (s[o + 2] ?? 0) + 2 * seconds * p01 + seconds * seconds * p11 + (PLACE_SHARE * size) ** 2 * frames;
    s[o + 3] = p01 + seconds * p11;
    s[o + 4] = p11 + (SPEED_SHARE * size) ** 2 * frames;
  }

  #updateAxis(axis: number, measured: number, size: number): void {
    const s = this.#state;
    const o = axis * WIDTH;
    const p00 = s[o + 2] ?? 0;
    const p01 = s[o + 3] ?? 0;
    const total = p00 + Math.max((PLACE_SHARE * size) ** 2, Number.MIN_VALUE);
    const gain = p00 / total;
    const speedGain = p01 / total;
    const surprise = measured - (s[o] ?? 0);
    s[o] = (s[o] ?? 0) + gain * surprise;
    s[o + 1] = (s[o + 1] ?? 0) + speedGain * surprise;
    s[o + 2] = p00 * (1 - gain);
    s[o + 3] = p01 * (1 - gain);
    s[o + 4] = (s[o + 4] ?? 0) - speedGain * p01;
  }
}
