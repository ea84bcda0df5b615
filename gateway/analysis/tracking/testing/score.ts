/** HOTA (Luiten et al., IJCV 2020) and IDF1 (Ristani et al., 2016) of a set of tracks against the truth, for tests. */
import { iou, type Box } from "../../geometry.ts";
import { assign } from "../assignment.ts";

/** One box of one identity in one frame. */
export interface Labelled {
  readonly frame: number;
  readonly id: number;
  readonly box: Box;
}

/** Scores in percent. */
export interface Scores {
  readonly hota: number;
  readonly detA: number;
  readonly assA: number;
  readonly idf1: number;
}

const alphas = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);

interface FrameMatch {
  readonly truth: readonly number[];
  readonly found: readonly number[];
  /** Row-major, truth by found. */
  readonly alike: Float64Array;
}

/** Compares `found` with `truth`. */
export function score(truth: readonly Labelled[], found: readonly Labelled[]): Scores {
  const truthIds = [...new Set(truth.map((b) => b.id))];
  const foundIds = [...new Set(found.map((b) => b.id))];
  const frames = framesOf(truth, found, truthIds, foundIds);
  const width = foundIds.length;
  const truthCount = countOf(truth, truthIds);
  const foundCount = countOf(found, foundIds);
  const potential = new Float64Array(truthIds.length * width);
  const half = new Float64Array(truthIds.length * width);
  for (const { truth: rows, found: columns, alike } of frames)
    addPotential({ rows, columns, alike }, { potential, half, width });
  const alignment = potential.map(
    (p, k) => p / Math.max(1e-9, (truthCount[Math.floor(k / width)] ?? 0) + (foundCount[k % width] ?? 0) - p),
  );

  let hota = 0;
  let detA = 0;
  let assA = 0;
  const matches = alphas.map(() => new Float64Array(truthIds.length * width));
  for (const frame of frames) {
    const { truth: rows, found: columns, alike } = frame;
    const costs = alike.map(
      (s, k) =>
        1 -
        s * (alignment[(rows[Math.floor(k / columns.length)] ?? 0) * width + (columns[k % columns.length] ?? 0)] ?? 0),
    );
    const columnOfRow = new Int32Array(rows.length);
    assign(costs, rows.length, columns.length, { gate: 1, columnOfRow });
    for (const [i, j] of columnOfRow.entries()) {
      if (j < 0) continue;
      const s = alike[i * columns.length + j] ?? 0;
      for (const [a, alpha] of alphas.entries()) {
        const at = (rows[i] ?? 0) * width + (columns[j] ?? 0);
        const table = matches[a];
        if (table && s >= alpha - 1e-9) table[at] = (table[at] ?? 0) + 1;
      }
    }
  }
  for (const table of matches) {
    let tp = 0;
    let together = 0;
    for (const [k, m] of table.entries()) {
      tp += m;
      together += m * (m / Math.max(1, (truthCount[Math.floor(k / width)] ?? 0) + (foundCount[k % width] ?? 0) - m));
    }
    const d = tp / Math.max(1, truth.length + found.length - tp);
    const a = together / Math.max(1, tp);
    detA += d / alphas.length;
    assA += a / alphas.length;
    hota += Math.sqrt(d * a) / alphas.length;
  }
  const idtp = bestTotal(half, truthIds.length, width);
  return {
    hota: 100 * hota,
    detA: 100 * detA,
    assA: 100 * assA,
    idf1: (100 * 2 * idtp) / Math.max(1, truth.length + found.length),
  };
}

function framesOf(
  truth: readonly Labelled[],
  found: readonly Labelled[],
  truthIds: readonly number[],
  foundIds: readonly number[],
): FrameMatch[] {
  const row = new Map(truthIds.map((id, i) => [id, i]));
  const column = new Map(foundIds.map((id, i) => [id, i]));
  const seen = Map.groupBy(found, (b) => b.frame);
  return [...Map.groupBy(truth, (b) => b.frame)].map(([frame, boxes]) => {
    const others = seen.get(frame) ?? [];
    const alike = new Float64Array(boxes.length * others.length);
    for (const [i, a] of boxes.entries())
      for (const [j, b] of others.entries()) alike[i * others.length + j] = iou(a.box, b.box);
    return { truth: boxes.map((b) => row.get(b.id) ?? 0), found: others.map((b) => column.get(b.id) ?? 0), alike };
  });
}

function countOf(boxes: readonly Labelled[], ids: readonly number[]): number[] {
  const by = Map.groupBy(boxes, (b) => b.id);
  return ids.map((id) => by.get(id)?.length ?? 0);
}

function addPotential(
  frame: { readonly rows: readonly number[]; readonly columns: readonly number[]; readonly alike: Float64Array },
  into: { readonly potential: Float64Array; readonly half: Float64Array; readonly width: number },
): void {
  const { rows, columns, alike } = frame;
  const n = columns.length;
  const rowSum = rows.map((_, i) => columns.reduce((sum, __, j) => sum + (alike[i * n + j] ?? 0), 0));
  const columnSum = columns.map((_, j) => rows.reduce((sum, __, i) => sum + (alike[i * n + j] ?? 0), 0));
  for (const [i, r] of rows.entries()) {
    for (const [j, c] of columns.entries()) {
      const s = alike[i * n + j] ?? 0;
      const at = r * into.width + c;
      if (s > 0) into.potential[at] = (into.potential[at] ?? 0) + s / ((rowSum[i] ?? 0) + (columnSum[j] ?? 0) - s);
      if (s >= 0.5) into.half[at] = (into.half[at] ?? 0) + 1;
    }
  }
}

/** Greatest sum of one-to-one pairs. */
function bestTotal(gains: Float64Array, rows: number, columns: number): number {
  const columnOfRow = new Int32Array(rows);
  assign(
    gains.map((g) => -g),
    rows,
    columns,
    { gate: 0, columnOfRow },
  );
  return columnOfRow.reduce((sum, j, i) => sum + (j < 0 ? 0 : (gains[i * columns + j] ?? 0)), 0);
}
