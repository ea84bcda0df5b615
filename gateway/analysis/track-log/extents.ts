/** Where many boxes lie and what they are like: one summary for each group of points, in the log's own steps. */
import type { Box } from "../geometry.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { boxSteps, placeOf } from "./quantise.ts";

/** Fields of a group; the first seven are least values, the others greatest, the last a set of bits. */
const field = {
  left: 0,
  top: 1,
  leastBottom: 2,
  leastMiddle: 3,
  leastScore: 4,
  leastHeight: 5,
  right: 6,
  bottom: 7,
  greatestMiddle: 8,
  greatestScore: 9,
  greatestHeight: 10,
  states: 11,
} as const;
const leasts = 6;
export const extentFields = 12;
/** Bytes of a group in a block's head: eleven u16 and one u8. */
export const extentBytes = 23;
/** In a head: this far or further. */
const far = 0xffff;
const beyond = 0x3_ffff;

/** Bounds in steps. */
export interface StepBounds {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Summaries by number of their group. */
export class Extents {
  #values = new Int32Array(extentFields * 256);
  #count = 0;

  /** The fields of each group there is room for, in the order of `field`; another array after `makeRoom` and `open`. */
  get values(): Int32Array {
    return this.#values;
  }

  /** So many groups there are. */
  get count(): number {
    return this.#count;
  }

  /** Takes in that others wrote groups up to this one, exclusive, into `values`. */
  adopt(count: number): void {
    this.#count = count;
  }

  /** Makes room for so many more groups. */
  makeRoom(more: number): void {
    const wanted = (this.#count + more) * extentFields;
    if (wanted <= this.#values.length) return;
    const larger = new Int32Array(Math.max(wanted, this.#values.length * 2));
    larger.set(this.#values);
    this.#values = larger;
  }

  /** Forgets every group. */
  clear(): void {
    this.#count = 0;
  }

  /** Writes a group; a middle in whole steps, so that what is read may be a step wider. */
  write(group: number, to: ByteWriter): void {
    const values = this.#values;
    const at = group * extentFields;
    for (let i = 0; i < leasts; i += 1) {
      const value = values[at + i] ?? 0;
      to.u16(Math.min(far, i === field.leastMiddle ? value >> 1 : value));
    }
    for (let i = leasts; i < field.states; i += 1) {
      const value = values[at + i] ?? 0;
      to.u16(Math.min(far, i === field.greatestMiddle ? (value + 1) >> 1 : value));
    }
    to.u8(values[at + field.states] ?? 0);
  }

  /** Takes in what `write` wrote. */
  read(group: number, view: DataView, from: number): void {
    const values = this.#values;
    const at = group * extentFields;
    for (let i = 0; i < leasts; i += 1) values[at + i] = view.getUint16(from + 2 * i, true);
    for (let i = leasts; i < field.states; i += 1) {
      const value = view.getUint16(from + 2 * i, true);
      values[at + i] = value === far ? beyond : value;
    }
    values[at + field.leastMiddle] = 2 * (values[at + field.leastMiddle] ?? 0);
    values[at + field.greatestMiddle] = 2 * (values[at + field.greatestMiddle] ?? 0);
    values[at + field.states] = view.getUint8(from + 2 * field.states);
  }

  /** A new group without points. @returns its number */
  open(): number {
    this.makeRoom(1);
    const at = this.#count * extentFields;
    const values = this.#values;
    // Not `fill`: a call costs more than a dozen numbers.
    for (let i = 0; i < leasts; i += 1) values[at + i] = 0x7fff_ffff;
    for (let i = leasts; i < field.states; i += 1) values[at + i] = -1;
    values[at + field.states] = 0;
    this.#count += 1;
    return this.#count - 1;
  }

  /** Adds one point: its box in steps (the place with its offset), its score in steps, its state by number. Hot. */
  add(group: number, x: number, y: number, width: number, height: number, score: number, state: number): void {
    const values = this.#values;
    const at = group * extentFields;
    const right = x + width;
    const bottom = y + height;
    const middle = x + right;
    if (x < (values[at] ?? 0)) values[at] = x;
    if (y < (values[at + field.top] ?? 0)) values[at + field.top] = y;
    if (bottom < (values[at + field.leastBottom] ?? 0)) values[at + field.leastBottom] = bottom;
    if (middle < (values[at + field.leastMiddle] ?? 0)) values[at + field.leastMiddle] = middle;
    if (score < (values[at + field.leastScore] ?? 0)) values[at + field.leastScore] = score;
    if (height < (values[at + field.leastHeight] ?? 0)) values[at + field.leastHeight] = height;
    if (right > (values[at + field.right] ?? 0)) values[at + field.right] = right;
    if (bottom > (values[at + field.bottom] ?? 0)) values[at + field.bottom] = bottom;
    if (middle > (values[at + field.greatestMiddle] ?? 0)) values[at + field.greatestMiddle] = middle;
    if (score > (values[at + field.greatestScore] ?? 0)) values[at + field.greatestScore] = score;
    if (height > (values[at + field.greatestHeight] ?? 0)) values[at + field.greatestHeight] = height;
    values[at + field.states] = (values[at + field.states] ?? 0) | (1 << state);
  }

  /** Adds all points of a group of others. */
  merge(group: number, others: Extents, other: number): void {
    const [to, from] = [group * extentFields, other * extentFields];
    const values = this.#values;
    for (let i = 0; i < leasts; i += 1) {
      const value = others.#values[from + i] ?? 0;
      if (value < (values[to + i] ?? 0)) values[to + i] = value;
    }
    for (let i = leasts; i < field.states; i += 1) {
      const value = others.#values[from + i] ?? 0;
      if (value > (values[to + i] ?? 0)) values[to + i] = value;
    }
    const states = others.#values[from + field.states] ?? 0;
    values[to + field.states] = (values[to + field.states] ?? 0) | states;
  }

  /** The box around the whole of all boxes of a group. */
  whole(group: number): Box {
    return this.#box(group, field.top);
  }

  /** The box around the lower edges of a group's boxes: the places where the objects stand. */
  feet(group: number): Box {
    return this.#box(group, field.leastBottom);
  }

  /** The box around the middles of a group's lower edges. */
  anchors(group: number): Box {
    const at = group * extentFields;
    const values = this.#values;
    const x = placeOf((values[at + field.leastMiddle] ?? 0) / 2) - hair;
    const y = placeOf(values[at + field.leastBottom] ?? 0) - hair;
    const right = placeOf((values[at + field.greatestMiddle] ?? 0) / 2) + hair;
    return { x, y, width: right - x, height: placeOf(values[at + field.bottom] ?? 0) + hair - y };
  }

  /**
   * Whether a place of a group may lie within bounds: the lower edge of a box (anchor "bottom"), or anywhere in it.
   * @param reach it may also lie beside them, by so many heights of the tallest box
   */
  mayLieIn(
    group: number,
    { left, right, top, bottom }: StepBounds,
    { anchor, reach }: { readonly anchor: string; readonly reach?: { readonly x: number; readonly y: number } },
  ): boolean {
    const values = this.#values;
    const at = group * extentFields;
    const least = values[at + (anchor === "bottom" ? field.leastBottom : field.top)] ?? 0;
    const tallest = reach ? this.greatestHeight(group) + 1 : 0;
    const [farX, farY] = [tallest * (reach?.x ?? 0), tallest * (reach?.y ?? 0)];
    if ((values[at + field.left] ?? 0) > right + farX || (values[at + field.right] ?? 0) < left - farX) return false;
    return least <= bottom + farY && (values[at + field.bottom] ?? 0) >= top - farY;
  }

  /** Least score and least height of a group, in steps. */
  leastScore(group: number): number {
    return this.#values[group * extentFields + field.leastScore] ?? 0;
  }
  leastHeight(group: number): number {
    return this.#values[group * extentFields + field.leastHeight] ?? 0;
  }

  /** Greatest height of a group, in steps. */
  greatestHeight(group: number): number {
    return this.#values[group * extentFields + field.greatestHeight] ?? 0;
  }

  /** The states of a group's points as bits. */
  states(group: number): number {
    return this.#values[group * extentFields + field.states] ?? 0;
  }

  #box(group: number, top: number): Box {
    const at = group * extentFields;
    const values = this.#values;
    const x = placeOf(values[at + field.left] ?? 0) - hair;
    const y = placeOf(values[at + top] ?? 0) - hair;
    const right = placeOf(values[at + field.right] ?? 0) + hair;
    return { x, y, width: right - x, height: placeOf(values[at + field.bottom] ?? 0) + hair - y };
  }
}

/** A hair wider than it is: a number of the log divided and added again may differ in its last digit. */
const hair = 1 / boxSteps;
