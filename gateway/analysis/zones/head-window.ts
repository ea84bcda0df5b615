/** The frames of a sliding window by what was counted in them; a look costs the same however long the window is (pure). */

/** A rod on a bank stands still and what flickers is the detector: one that was seen counts for so long. */
export const rodStaysMs = 1_000;

/** Room for so many frames at first, a power of two, and for so many heads. */
const firstFrames = 64;
const firstHeads = 8;

/** How often each number of heads is in the window. */
class Tally {
  #counts = new Uint32Array(firstHeads);
  #frames = 0;
  #most = 0;

  add(heads: number): void {
    if (heads >= this.#counts.length) {
      const larger = new Uint32Array(2 * heads);
      larger.set(this.#counts);
      this.#counts = larger;
    }
    this.#counts[heads] = (this.#counts[heads] ?? 0) + 1;
    this.#frames += 1;
    if (heads > this.#most) this.#most = heads;
  }

  remove(heads: number): void {
    this.#counts[heads] = (this.#counts[heads] ?? 1) - 1;
    this.#frames -= 1;
    while (this.#most > 0 && this.#counts[this.#most] === 0) this.#most -= 1;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#frames = 0;
    this.#most = 0;
  }

  take(other: Tally): void {
    if (this.#counts.length === other.#counts.length) this.#counts.set(other.#counts);
    else this.#counts = other.#counts.slice();
    this.#frames = other.#frames;
    this.#most = other.#most;
  }

  /** The most heads of all frames; 0 of none. */
  get most(): number {
    return this.#most;
  }

  /** The most heads that at least two frames reach. */
  get mostTwice(): number {
    if ((this.#counts[this.#most] ?? 0) > 1) return this.#most;
    let second = this.#most - 1;
    while (second > 0 && this.#counts[second] === 0) second -= 1;
    return Math.max(0, second);
  }

  /** The lower middle of an even count of frames. */
  get median(): number {
    let heads = 0;
    for (let frames = this.#counts[0] ?? 0; 2 * frames < this.#frames; frames += this.#counts[heads] ?? 0) heads += 1;
    return heads;
  }
}

/** Persons and rods of the frames of a window. */
export class HeadWindow {
  #from = 0;
  #length = 0;
  #t = new Float64Array(firstFrames);
  #persons = new Uint16Array(firstFrames);
  #sure = new Uint16Array(firstFrames);
  /** As seen in the frame itself. */
  #seenRods = new Uint16Array(firstFrames);
  #rods = new Uint16Array(firstFrames);
  #personsMax = new Uint16Array(firstFrames);
  readonly #ofPersons = new Tally();
  readonly #ofSure = new Tally();
  readonly #ofRods = new Tally();
  readonly #ofSpan = new Tally();
  readonly #threshold: number;
  /** Frames with more rods than the most persons of their own window may have. */
  #overs = 0;
  /** How many of the newest frames, at least, have the same most persons. */
  #alike = 0;

  /** @param threshold as many rods as a person may have */
  constructor(threshold: number) {
    this.#threshold = threshold;
  }

  /** Frames in the window. */
  get length(): number {
    return this.#length;
  }

  /**
   * Takes in a frame and forgets those before `fromT`.
   * @param sure those of the persons of whom the tracker is sure
   * @returns the most persons of the window; somebody of whom the tracker is not sure must have been seen in two of its frames
   */
  add(t: number, { persons, sure, rods }: { persons: number; sure: number; rods: number }, fromT: number): number {
    while (this.#length > 0 && this.t(0) < fromT) this.#shift();
    if (this.#length === this.#t.length) this.#grow();
    const at = this.#at(this.#length);
    this.#length += 1;
    this.#ofPersons.add(persons);
    this.#ofSure.add(sure);
    const personsMax = Math.max(this.#ofSure.most, this.#ofPersons.mostTwice);
    this.#t[at] = t;
    this.#persons[at] = persons;
    this.#sure[at] = sure;
    this.#seenRods[at] = rods;
    this.#rods[at] = this.#mostRodsAfter(t - rodStaysMs);
    this.#alike = this.#length > 1 && this.personsMax(this.#length - 2) === personsMax ? this.#alike + 1 : 1;
    this.#personsMax[at] = personsMax;
    this.#ofRods.add(this.#rods[at] ?? 0);
    if (this.#isOver(this.#length - 1)) this.#overs += 1;
    return personsMax;
  }

  /** Of frame `i`, the oldest being 0. */
  t(i: number): number {
    return this.#t[this.#at(i)] ?? 0;
  }
  /** The most rods that one frame of the second up to this one shows: two halves of one that take turns are one. */
  rods(i: number): number {
    return this.#rods[this.#at(i)] ?? 0;
  }
  /** The most persons of the window that ended with frame `i`: what was excused then stays excused. */
  personsMax(i: number): number {
    return this.#personsMax[this.#at(i)] ?? 0;
  }

  /**
   * The longest span up to the newest frame of which a share of at least `least` has more rods than `persons`, and than the
   * most persons of the frame's own window, may have. Null: there is none.
   * @param persons the most of the window, at least one
   */
  longest(persons: number, least: number): { readonly from: number; readonly share: number } | null {
    // Mostly somebody stands there all the time; then nothing has to be searched.
    if (this.#alike >= this.#length && this.#overs >= least * this.#length && this.#overs > 0 && this.#isOver(0))
      return { from: 0, share: this.#overs / this.#length };
    const [rods, personsMax, threshold] = [this.#rods, this.#personsMax, this.#threshold];
    const [mask, length] = [rods.length - 1, this.#length];
    let over = 0;
    let from = -1;
    let share = 0;
    for (let i = length - 1, left = this.#overs; left > 0 && i >= 0; i -= 1) {
      const at = (this.#from + i) & mask;
      const held = rods[at] ?? 0;
      if (held <= threshold * (personsMax[at] ?? 0)) continue;
      left -= 1;
      if (held <= threshold * persons) continue;
      over += 1;
      if (over < least * (length - i)) continue;
      from = i;
      share = over / (length - i);
    }
    return from < 0 ? null : { from, share };
  }

  /** The median of rods from frame `from` on: a doubt is decided for the angler. */
  rodsMedian(from: number): number {
    if (from === 0) return this.#ofRods.median;
    const [rods, start, mask, length] = [this.#rods, this.#from, this.#rods.length - 1, this.#length];
    const tally = this.#ofSpan;
    // Whichever are fewer: those that are in, or those that are not.
    if (2 * from > length) {
      tally.clear();
      for (let i = from; i < length; i += 1) tally.add(rods[(start + i) & mask] ?? 0);
    } else {
      tally.take(this.#ofRods);
      for (let i = 0; i < from; i += 1) tally.remove(rods[(start + i) & mask] ?? 0);
    }
    return tally.median;
  }

  #isOver(i: number): boolean {
    return this.rods(i) > this.#threshold * this.personsMax(i);
  }

  #mostRodsAfter(afterT: number): number {
    let most = 0;
    for (let i = this.#length - 1; i >= 0 && this.t(i) > afterT; i -= 1)
      most = Math.max(most, this.#seenRods[this.#at(i)] ?? 0);
    return most;
  }

  #at(i: number): number {
    // The length is a power of two.
    return (this.#from + i) & (this.#t.length - 1);
  }

  #shift(): void {
    if (this.#isOver(0)) this.#overs -= 1;
    this.#ofRods.remove(this.rods(0));
    this.#ofPersons.remove(this.#persons[this.#from] ?? 0);
    this.#ofSure.remove(this.#sure[this.#from] ?? 0);
    this.#from = this.#at(1);
    this.#length -= 1;
  }

  #grow(): void {
    const size = 2 * this.#t.length;
    const inOrder = (of: Uint16Array<ArrayBuffer>): Uint16Array<ArrayBuffer> =>
      new Uint16Array(size).map((_, i) => (i < this.#length ? (of[this.#at(i)] ?? 0) : 0));
    const persons = inOrder(this.#persons);
    const sure = inOrder(this.#sure);
    const seenRods = inOrder(this.#seenRods);
    const rods = inOrder(this.#rods);
    const personsMax = inOrder(this.#personsMax);
    this.#t = new Float64Array(size).map((_, i) => (i < this.#length ? this.t(i) : 0));
    [this.#persons, this.#sure, this.#personsMax] = [persons, sure, personsMax];
    [this.#seenRods, this.#rods] = [seenRods, rods];
    this.#from = 0;
  }
}
