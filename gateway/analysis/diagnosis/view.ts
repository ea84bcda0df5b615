/** What one look takes from the grey picture: coarse light, coarse edges, fine detail. Buffers are made once. */
import { bendSums, cellSums } from "../../../native/index.ts";
import type { GreyPicture } from "../detection/scene.ts";

/** Grey pixels that one coarse cell is across: 12 px of a frame 960 wide. */
export const cellPx = 4;
/** Cells that one block is across: 16 x 9 blocks on a 16:9 picture. */
export const blockCells = 5;
const blockPx = blockCells * cellPx;
/** An edge counts up to so many times the mean: white overlay text must not outweigh the scene. */
const edgeCap = 4;

/** One look, overwritten by the next. All maps are row by row. */
export class View {
  readonly columns: number;
  readonly rows: number;
  readonly blocksAcross: number;
  readonly blocksDown: number;
  /** Mean grey of every cell, 0..255. */
  readonly luma: Float32Array;
  /** Light difference to the cells on the right and below, cut at `edgeCap` times their mean. */
  readonly edges: Float32Array;
  /** Uncut edge energy of every block. */
  readonly structure: Float32Array;
  /** Mean absolute second difference of every block's pixels: falls when the picture blurs. */
  readonly detail: Float32Array;
  readonly #cells: Uint32Array;
  readonly #blocks: Uint32Array;

  constructor(widthPx: number, heightPx: number) {
    this.columns = Math.max(1, Math.floor(widthPx / cellPx));
    this.rows = Math.max(1, Math.floor(heightPx / cellPx));
    this.blocksAcross = Math.max(1, Math.floor(this.columns / blockCells));
    this.blocksDown = Math.max(1, Math.floor(this.rows / blockCells));
    this.luma = new Float32Array(this.columns * this.rows);
    this.edges = new Float32Array(this.columns * this.rows);
    this.structure = new Float32Array(this.blocksAcross * this.blocksDown);
    this.detail = new Float32Array(this.blocksAcross * this.blocksDown);
    this.#cells = new Uint32Array(this.columns * this.rows);
    this.#blocks = new Uint32Array(this.blocksAcross * this.blocksDown);
  }

  /** Looks at `grey`, which has the size this view was made for. */
  take(grey: GreyPicture): void {
    this.#shrink(grey);
    this.#findEdges();
    this.#findDetail(grey);
  }

  #shrink({ pixels, widthPx, heightPx }: GreyPicture): void {
    cellSums(pixels, widthPx, heightPx, cellPx, this.#cells);
    for (let i = 0; i < this.luma.length; i += 1) this.luma[i] = (this.#cells[i] ?? 0) / (cellPx * cellPx);
  }

  #findEdges(): void {
    const { columns, rows, luma, edges, structure, blocksAcross, blocksDown } = this;
    let sum = 0;
    structure.fill(0);
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const at = row * columns + column;
        const here = luma[at] ?? 0;
        const right = column + 1 < columns ? (luma[at + 1] ?? 0) : here;
        const below = row + 1 < rows ? (luma[at + columns] ?? 0) : here;
        const edge = Math.abs(right - here) + Math.abs(below - here);
        edges[at] = edge;
        sum += edge;
        const across = Math.floor(column / blockCells);
        const down = Math.floor(row / blockCells);
        if (across >= blocksAcross || down >= blocksDown) continue;
        const block = down * blocksAcross + across;
        structure[block] = (structure[block] ?? 0) + edge / (blockCells * blockCells);
      }
    }
    const cap = (edgeCap * sum) / edges.length;
    for (let i = 0; i < edges.length; i += 1) edges[i] = Math.min(cap, edges[i] ?? 0);
  }

  #findDetail({ pixels, widthPx, heightPx }: GreyPicture): void {
    bendSums(pixels, widthPx, heightPx, blockPx, this.#blocks);
    for (let i = 0; i < this.detail.length; i += 1) this.detail[i] = (this.#blocks[i] ?? 0) / (blockPx * blockPx);
  }
}
