/** The looks through a model's numbers in plain TypeScript; see src/scores.cc. */
import { checkCounts, checkNumber, checkWhole } from "../arguments.ts";

/** More columns than any model has. */
const mostColumns = 65_536;

/** Throws TypeError for what is no Float32Array. */
function checkFloats(name: string, values: unknown): void {
  if (!(values instanceof Float32Array)) throw new TypeError(`${name} must be a Float32Array`);
}

/** See `allFinite` in index.ts. */
export function allFinite(values: Float32Array): boolean {
  checkFloats("values", values);
  return values.every((value) => Number.isFinite(value));
}

/** See `rowsWith` in index.ts. */
export function rowsWith(
  values: Float32Array,
  width: number,
  from: number,
  to: number,
  floor: number,
  found: Uint32Array,
): number {
  checkFloats("values", values);
  checkWhole("width", width, 1, mostColumns);
  checkWhole("from", from, 0, width);
  checkWhole("to", to, from, width);
  checkNumber("floor", floor, 0, 1);
  const rows = Math.floor(values.length / width);
  checkCounts("found", found, rows);
  let count = 0;
  for (let row = 0; row < rows; row++)
    for (let at = row * width + from; at < row * width + to; at++) {
      if (!((values[at] ?? 0) >= floor)) continue;
      found[count++] = row;
      break;
    }
  return count;
}
