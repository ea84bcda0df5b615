/** Boxes on their way from an output tensor to a detection: flat arrays, no object per box. */

/** Room at the start; grows with the first busy picture and stays. */
const firstRoom = 1_024;
/** A model may not flood the box: of more candidates than this, the better half is kept. */
const roomMost = 65_536;

/** Corners in pixels of the model's input, label index and score of each candidate. Reused from frame to frame. */
export class Candidates {
  x1 = new Float32Array(firstRoom);
  y1 = new Float32Array(firstRoom);
  x2 = new Float32Array(firstRoom);
  y2 = new Float32Array(firstRoom);
  score = new Float32Array(firstRoom);
  label = new Uint16Array(firstRoom);
  count = 0;
  #rows = new Uint32Array(0);
  /** Once the better half had to be chosen, what scores below its worst is not worth keeping either. */
  #bar = 0;

  clear(): void {
    this.count = 0;
    this.#bar = 0;
  }

  /** Memory for a number of each of `count` rows of a tensor; the same from call to call. */
  roomForRows(count: number): Uint32Array {
    if (this.#rows.length < count) this.#rows = new Uint32Array(count);
    return this.#rows.subarray(0, count);
  }

  /** @param label index into the labels of the model. Boxes without an area are not kept. */
  add(label: number, score: number, x1: number, y1: number, x2: number, y2: number): void {
    if (!(x2 > x1 && y2 > y1) || score < this.#bar) return;
    if (this.count === this.score.length) this.#makeRoom();
    const at = this.count;
    this.x1[at] = x1;
    this.y1[at] = y1;
    this.x2[at] = x2;
    this.y2[at] = y2;
    this.score[at] = score;
    this.label[at] = label;
    this.count = at + 1;
  }

  /** The same box given by its centre and size. */
  addCentred(label: number, score: number, cx: number, cy: number, width: number, height: number): void {
    this.add(label, score, cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2);
  }

  #makeRoom(): void {
    const room = this.score.length * 2;
    if (room > roomMost) {
      this.#keepBetterHalf();
      return;
    }
    this.x1 = grown(this.x1, room);
    this.y1 = grown(this.y1, room);
    this.x2 = grown(this.x2, room);
    this.y2 = grown(this.y2, room);
    this.score = grown(this.score, room);
    const label = new Uint16Array(room);
    label.set(this.label);
    this.label = label;
  }

  #keepBetterHalf(): void {
    const half = this.count >> 1;
    this.#bar = this.score.slice().sort()[this.count - half] ?? 0;
    let to = 0;
    for (let from = 0; from < this.count && to < half; from += 1) {
      if ((this.score[from] ?? 0) < this.#bar) continue;
      for (const column of [this.x1, this.y1, this.x2, this.y2, this.score, this.label]) column[to] = column[from] ?? 0;
      to += 1;
    }
    this.count = to;
  }
}

function grown(column: Float32Array<ArrayBuffer>, room: number): Float32Array<ArrayBuffer> {
  const larger = new Float32Array(room);
  larger.set(column);
  return larger;
}
