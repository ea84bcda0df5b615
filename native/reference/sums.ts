/** The sums over lines, cells and spots in plain TypeScript; see src/sums.cc. */
import { checkBytes, checkCounts, checkSize, checkWhole, maxSidePx } from "../arguments.ts";

/** Pixels along each side of a spot of `maskSums`. */
const spotSide = 16;

function checkPlane(plane: Uint8Array, width: number, height: number): void {
  checkSize("", width, height);
  checkBytes("plane", plane, width * height);
}

/** See `lineSums` in index.ts. */
export function lineSums(
  plane: Uint8Array,
  width: number,
  height: number,
  columns: Uint32Array,
  rows: Uint32Array,
): void {
  checkPlane(plane, width, height);
  checkCounts("columns", columns, width);
  checkCounts("rows", rows, height);
  columns.fill(0);
  for (let y = 0; y < height; y++) {
    let sum = 0;
    for (let x = 0; x < width; x++) {
      const value = plane[y * width + x] ?? 0;
      sum += value;
      columns[x] = (columns[x] ?? 0) + value;
    }
    rows[y] = sum;
  }
}

/** See `cellSums` in index.ts. */
export function cellSums(plane: Uint8Array, width: number, height: number, side: number, sums: Uint32Array): void {
  checkPlane(plane, width, height);
  const [across, down] = checkGrid(width, height, side, sums);
  sums.fill(0);
  for (let y = 0; y < Math.min(height, down * side); y++)
    for (let x = 0; x < Math.min(width, across * side); x++) {
      const cell = Math.floor(y / side) * across + Math.floor(x / side);
      sums[cell] = (sums[cell] ?? 0) + (plane[y * width + x] ?? 0);
    }
}

/** See `bendSums` in index.ts. */
export function bendSums(plane: Uint8Array, width: number, height: number, side: number, sums: Uint32Array): void {
  checkPlane(plane, width, height);
  const [across, down] = checkGrid(width, height, side, sums);
  sums.fill(0);
  for (let y = 1; y < Math.min(height - 1, down * side); y++)
    for (let x = 1; x < Math.min(width - 1, across * side); x++) {
      const at = y * width + x;
      const cell = Math.floor(y / side) * across + Math.floor(x / side);
      const around = (plane[at - 1] ?? 0) + (plane[at + 1] ?? 0) + (plane[at - width] ?? 0) + (plane[at + width] ?? 0);
      sums[cell] = (sums[cell] ?? 0) + Math.abs(around - 4 * (plane[at] ?? 0));
    }
}

/** See `stepSums` in index.ts. */
export function stepSums(plane: Uint8Array, width: number, height: number, every: number, sums: Uint32Array): void {
  checkPlane(plane, width, height);
  checkWhole("every", every, 1, height);
  checkCounts("sums", sums, width);
  sums.fill(0);
  for (let y = every; y < height; y += every)
    for (let at = y * width + 1; at < (y + 1) * width; at++)
      sums[at - y * width] = (sums[at - y * width] ?? 0) + Math.abs((plane[at] ?? 0) - (plane[at - 1] ?? 0));
}

/** See `maskSums` in index.ts. */
export function maskSums(
  plane: Uint8Array,
  width: number,
  height: number,
  places: Uint32Array,
  sums: Uint32Array,
): void {
  checkPlane(plane, width, height);
  checkCounts("places", places);
  checkCounts("sums", sums, places.length);
  for (const place of places) {
    const [x, y] = [place % width, Math.floor(place / width)];
    if (x < 1 || y < 1 || x + spotSide >= width || y + spotSide >= height)
      throw new RangeError("places must have their whole spots and a pixel around them in the picture");
  }
  const bend = (at: number): number => (plane[at - width] ?? 0) - 2 * (plane[at] ?? 0) + (plane[at + width] ?? 0);
  places.forEach((place, i) => {
    let sum = 0;
    for (let y = 0; y < spotSide; y++)
      for (let x = 0; x < spotSide; x++) {
        const at = place + y * width + x;
        sum += Math.abs(bend(at - 1) - 2 * bend(at) + bend(at + 1));
      }
    sums[i] = sum;
  });
}

/** Throws unless there is a sum for every whole square; returns how many there are across and down. */
function checkGrid(width: number, height: number, side: number, sums: Uint32Array): readonly [number, number] {
  checkWhole("side", side, 1, maxSidePx);
  const [across, down] = [Math.max(1, Math.floor(width / side)), Math.max(1, Math.floor(height / side))];
  checkCounts("sums", sums, across * down);
  return [across, down];
}
