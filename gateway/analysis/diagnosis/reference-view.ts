/** How this camera usually looks, learnt while it looks like that, and how far a look is from it. */
import { cellPx, type View } from "./view.ts";

/** How a look compares with the reference. */
export interface Likeness {
  /** Correlation of the edges at the same place, -1..1; lowered when they fit better elsewhere. */
  readonly match: number;
  /** Correlation of coarse light, -1..1: stays high when a picture only blurs. */
  readonly layout: number;
  /** Share of the blocks with structure that lost more than 70 % of it, 0..1; null: too few blocks have any. */
  readonly coveredShare: number | null;
  /** Median of detail now over detail usually, over the blocks that have some; null: too few have. */
  readonly detailRatio: number | null;
  /** How far the edges fit better elsewhere, in grey pixels; 0 when they fit best in place. */
  readonly shiftPx: number;
}

/** Looks after which there is a reference. */
export const leastLooks = 5;
/** Looks that light and edges reach back at most, half an hour at one a second: shadows wander. */
const mostLooks = 1_800;
/** The same for detail, six hours: a lens gets dirty slowly. */
const mostDetailLooks = 21_600;
/** Light that is laid out as usual to this degree: whatever the edges say, the camera stands where it stood. */
const sameLayout = 0.75;
/** Structure below this is sky, water or noise, in grey levels a cell. */
const leastStructure = 1.5;
/** Detail below this is flat. */
const leastDetail = 2;
/** Share of a block's structure that is left when something is in front of it. */
const coveredBelow = 0.3;
/** Structure that noise and coding make on a plain surface. */
const noiseStructure = 0.4;
/** Fewer blocks than this say nothing. */
const leastBlocks = 6;
/** Cells that edges are looked for to each side: 84 px of a frame 960 wide. */
const reachCells = 7;
/** Edges that fit in place better than this are not looked for elsewhere. */
const searchBelow = 0.8;
/** A shift must make the edges fit so much better. */
const shiftGain = 0.15;
/** Cells from which on a shift is one: the design's 12 px are one cell, and one cell is also the error of measurement. */
const leastShiftCells = 2;

/** What is kept of a reference over a restart. */
export interface KeptReference {
  readonly columns: number;
  readonly rows: number;
  readonly looks: number;
  readonly luma: readonly number[];
  readonly edges: readonly number[];
  readonly structure: readonly number[];
  readonly detail: readonly number[];
}

/** One camera's usual look in one kind of light. */
export class ReferenceView {
  readonly #columns: number;
  readonly #rows: number;
  readonly #luma: Float32Array;
  readonly #edges: Float32Array;
  readonly #structure: Float32Array;
  readonly #detail: Float32Array;
  readonly #ratios: Float32Array;
  #looks = 0;
  #detailLooks = 0;

  constructor(view: View) {
    this.#columns = view.columns;
    this.#rows = view.rows;
    this.#luma = new Float32Array(view.luma.length);
    this.#edges = new Float32Array(view.edges.length);
    this.#structure = new Float32Array(view.structure.length);
    this.#detail = new Float32Array(view.detail.length);
    this.#ratios = new Float32Array(view.detail.length);
  }

  get looks(): number {
    return this.#looks;
  }

  /** Whether it knows enough to be compared with. */
  get isReady(): boolean {
    return this.#looks >= leastLooks;
  }

  /** Whether there is enough structure in it: a camera that was covered from the start has no usual look. */
  get hasStructure(): boolean {
    let blocks = 0;
    for (let i = 0; i < this.#structure.length; i += 1) if ((this.#structure[i] ?? 0) >= leastStructure) blocks += 1;
    return blocks >= leastBlocks;
  }

  /** Takes a look into the memory; the caller has made sure that it is an ordinary one. */
  learn(view: View): void {
    this.#looks = Math.min(mostLooks, this.#looks + 1);
    this.#detailLooks = Math.min(mostDetailLooks, this.#detailLooks + 1);
    const share = 1 / this.#looks;
    blend(this.#luma, view.luma, share);
    blend(this.#edges, view.edges, share);
    blend(this.#structure, view.structure, share);
    // Downwards at once, upwards slowly: debris that lay there for an hour and is gone has not blurred the picture.
    const down = 1 / this.#detailLooks;
    const up = this.isReady ? down / 10 : down;
    for (let i = 0; i < this.#detail.length; i += 1) {
      const usual = this.#detail[i] ?? 0;
      const difference = (view.detail[i] ?? 0) - usual;
      this.#detail[i] = usual + difference * (difference > 0 ? up : down);
    }
  }

  /** Forgets everything: the next looks are the new view. */
  forget(): void {
    this.#looks = 0;
    this.#detailLooks = 0;
  }

  compare(view: View): Likeness {
    const layout = correlation(this.#luma, view.luma);
    const inPlace = this.#matchAt(view, 0, 0);
    let best = inPlace;
    let shift = 0;
    // The search costs ten times the rest and cannot find anything better than a good fit.
    if (inPlace < searchBelow)
      for (let dy = -reachCells; dy <= reachCells; dy += 1) {
        for (let dx = -reachCells; dx <= reachCells; dx += 1) {
          const match = this.#matchAt(view, dx, dy);
          if (match <= best) continue;
          best = match;
          shift = Math.hypot(dx, dy);
        }
      }
    const hasShifted = best >= 0.5 && best - inPlace >= shiftGain && shift >= leastShiftCells;
    return {
      match: hasShifted ? Math.min(inPlace, 0.45) : layout >= sameLayout ? Math.max(inPlace, 0.55) : inPlace,
      layout,
      coveredShare: this.#coveredShare(view),
      detailRatio: this.#detailRatio(view),
      shiftPx: hasShifted ? shift * cellPx : 0,
    };
  }

  keep(): KeptReference {
    const [columns, rows, looks] = [this.#columns, this.#rows, this.#detailLooks];
    const rounded = (values: Float32Array): number[] => Array.from(values, (v) => Math.round(v * 100) / 100);
    return {
      columns,
      rows,
      looks,
      luma: rounded(this.#luma),
      edges: rounded(this.#edges),
      structure: rounded(this.#structure),
      detail: rounded(this.#detail),
    };
  }

  /** Takes over what was kept; false when it is of a picture of another shape. */
  restore(kept: KeptReference): boolean {
    if (kept.columns !== this.#columns || kept.rows !== this.#rows) return false;
    if (kept.luma.length !== this.#luma.length || kept.edges.length !== this.#edges.length) return false;
    if (kept.structure.length !== this.#structure.length || kept.detail.length !== this.#detail.length) return false;
    this.#luma.set(kept.luma);
    this.#edges.set(kept.edges);
    this.#structure.set(kept.structure);
    this.#detail.set(kept.detail);
    this.#looks = Math.min(mostLooks, kept.looks);
    this.#detailLooks = Math.min(mostDetailLooks, kept.looks);
    return true;
  }

  /** Correlation of the edges when the view is moved by so many cells. */
  #matchAt(view: View, dx: number, dy: number): number {
    const columns = this.#columns;
    const fromX = Math.max(0, -dx);
    const toX = Math.min(columns, columns - dx);
    const toY = Math.min(this.#rows, this.#rows - dy);
    let [n, sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0, 0];
    for (let y = Math.max(0, -dy); y < toY; y += 1) {
      const row = y * columns;
      const moved = (y + dy) * columns + dx;
      for (let x = fromX; x < toX; x += 1) {
        const a = this.#edges[row + x] ?? 0;
        const b = view.edges[moved + x] ?? 0;
        n += 1;
        sumA += a;
        sumB += b;
        sumAA += a * a;
        sumBB += b * b;
        sumAB += a * b;
      }
    }
    return pearson(n, sumA, sumB, sumAA, sumBB, sumAB);
  }

  #coveredShare(view: View): number | null {
    let blocks = 0;
    let covered = 0;
    for (let i = 0; i < this.#structure.length; i += 1) {
      const usual = this.#structure[i] ?? 0;
      if (usual < leastStructure) continue;
      blocks += 1;
      if ((view.structure[i] ?? 0) - noiseStructure < coveredBelow * (usual - noiseStructure)) covered += 1;
    }
    return blocks < leastBlocks ? null : covered / blocks;
  }

  #detailRatio(view: View): number | null {
    let count = 0;
    for (let i = 0; i < this.#detail.length; i += 1) {
      const usual = this.#detail[i] ?? 0;
      if (usual < leastDetail) continue;
      this.#ratios[count] = (view.detail[i] ?? 0) / usual;
      count += 1;
    }
    if (count < leastBlocks) return null;
    return this.#ratios.subarray(0, count).sort()[count >> 1] ?? null;
  }
}

/** Correlation of two maps of the same size, -1..1; 0 when one of them is flat. */
export function correlation(a: Float32Array, b: Float32Array): number {
  let [sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0];
  for (let i = 0; i < a.length; i += 1) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    sumA += x;
    sumB += y;
    sumAA += x * x;
    sumBB += y * y;
    sumAB += x * y;
  }
  return pearson(a.length, sumA, sumB, sumAA, sumBB, sumAB);
}

function pearson(n: number, sumA: number, sumB: number, sumAA: number, sumBB: number, sumAB: number): number {
  const spread = (n * sumAA - sumA * sumA) * (n * sumBB - sumB * sumB);
  return spread <= 1e-6 * n ? 0 : (n * sumAB - sumA * sumB) / Math.sqrt(spread);
}

function blend(memory: Float32Array, now: Float32Array, share: number): void {
  for (let i = 0; i < memory.length; i += 1) {
    const usual = memory[i] ?? 0;
    memory[i] = usual + ((now[i] ?? 0) - usual) * share;
  }
}
