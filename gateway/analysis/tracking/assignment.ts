/** Which row goes with which column so that the sum of costs is least (Hungarian method with potentials). */

/** Reused between frames so that a steady scene allocates nothing. */
interface Scratch {
  rowPotential: Float64Array;
  columnPotential: Float64Array;
  rowOfColumn: Int32Array;
  cameFrom: Int32Array;
  least: Float64Array;
  used: Uint8Array;
  capacity: number;
}

const scratch: Scratch = roomFor(0);

function roomFor(capacity: number): Scratch {
  const size = capacity + 1;
  return {
    rowPotential: new Float64Array(size),
    columnPotential: new Float64Array(size),
    rowOfColumn: new Int32Array(size),
    cameFrom: new Int32Array(size),
    least: new Float64Array(size),
    used: new Uint8Array(size),
    capacity,
  };
}

/**
 * Pairs rows with columns; a pair that costs `gate` or more is left apart, exactly as if staying single cost `gate / 2`
 * on either side.
 * @param costs row-major, `rows * columns` finite numbers.
 * @param columnOfRow receives the column of each row, or -1; at least `rows` long.
 */
export function assign(
  costs: Float64Array,
  rows: number,
  columns: number,
  options: { readonly gate: number; readonly columnOfRow: Int32Array },
): void {
  const { gate, columnOfRow } = options;
  columnOfRow.fill(-1, 0, rows);
  if (rows === 0 || columns === 0) return;
  // The method wants at least as many columns as rows: the smaller side is walked, whichever it is.
  const flipped = rows > columns;
  const n = flipped ? columns : rows;
  const m = flipped ? rows : columns;
  if (m > scratch.capacity) Object.assign(scratch, roomFor(m * 2));
  const owner = solve(n, m, (i, j) => {
    const cost = (flipped ? costs[j * columns + i] : costs[i * columns + j]) ?? gate;
    return Math.min(0, cost - gate);
  });
  for (let j = 1; j <= m; j += 1) {
    const i = owner[j] ?? 0;
    if (i === 0) continue;
    const row = flipped ? j - 1 : i - 1;
    const column = flipped ? i - 1 : j - 1;
    if ((costs[row * columns + column] ?? gate) < gate) columnOfRow[row] = column;
  }
}

/** Shortest augmenting paths, one row at a time, 1-based with 0 as the virtual start; O(n * n * m). */
function solve(n: number, m: number, cost: (i: number, j: number) => number): Int32Array {
  const { rowPotential: u, columnPotential: v, rowOfColumn: owner, cameFrom, least, used } = scratch;
  u.fill(0, 0, n + 1);
  v.fill(0, 0, m + 1);
  owner.fill(0, 0, m + 1);
  for (let row = 1; row <= n; row += 1) {
    owner[0] = row;
    least.fill(Infinity, 0, m + 1);
    used.fill(0, 0, m + 1);
    let column = 0;
    do {
      used[column] = 1;
      const i = owner[column] ?? 0;
      let delta = Infinity;
      let next = 0;
      for (let j = 1; j <= m; j += 1) {
        if (used[j] === 1) continue;
        const reduced = cost(i - 1, j - 1) - (u[i] ?? 0) - (v[j] ?? 0);
        if (reduced < (least[j] ?? 0)) {
          least[j] = reduced;
          cameFrom[j] = column;
        }
        if ((least[j] ?? 0) < delta) {
          delta = least[j] ?? 0;
          next = j;
        }
      }
      for (let j = 0; j <= m; j += 1) {
        if (used[j] === 1) {
          const k = owner[j] ?? 0;
          u[k] = (u[k] ?? 0) + delta;
          v[j] = (v[j] ?? 0) - delta;
        } else {
          least[j] = (least[j] ?? 0) - delta;
        }
      }
      column = next;
    } while ((owner[column] ?? 0) !== 0);
    while (column !== 0) {
      const before = cameFrom[column] ?? 0;
      owner[column] = owner[before] ?? 0;
      column = before;
    }
  }
  return owner;
}
