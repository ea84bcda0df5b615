/** Boxes on their way from an output tensor to a detection: flat arrays, no object per box. */

/** A model may not flood the box: the best ones of more candidates than this are kept. */
const capacity = 16_384;

/** Corners in pixels of the model's input, label index and score of each candidate. Reused from frame to frame. */
export class Candidates {
  readonly x1 = new Float32Array(capacity);
  readonly y1 = new Float32Array(capacity);
  readonly x2 = new Float32Array(capacity);
  readonly y2 = new Float32Array(capacity);
  readonly score = new Float32Array(capacity);
  readonly label = new Uint16Array(capacity);
  count = 0;
  /** Candidates that found no room. */
  lostCount = 0;

  clear(): void {
    this.count = 0;
    this.lostCount = 0;
  }

  /** @param label index into the labels of the model. Boxes without an area are not kept. */
  add(label: number, score: number, x1: number, y1: number, x2: number, y2: number): void {
    if (!(x2 > x1 && y2 > y1)) return;
    const at = this.count;
    if (at >= capacity) {
      this.lostCount += 1;
      return;
    }
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
}
