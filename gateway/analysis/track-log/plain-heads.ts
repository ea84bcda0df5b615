/** Plain blocks → columns by the addon, many at once; where it does not run, and for all other blocks: `column-index.ts`. */
import { nativeStatus, readHeads } from "../../../native/index.ts";
import { headFlags, pointsFrom } from "./block-head.ts";
import { rowFields, type LogColumns } from "./columns.ts";
import { pointBytes } from "./points.ts";

/** The addon gets room for so many frames and tracks more, at least: a block has fewer, and if not it is read here. */
const roomForEntries = 1_024;
const roomForTracks = 256;

/** A chunk of a file. */
interface Chunk {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** From and end of each block's body in `bytes`, one pair after the other. */
  readonly spans: Uint32Array;
}

/** Takes in plain blocks as far as they go. @returns how many blocks */
export function takePlain(columns: LogColumns, { bytes, view, spans }: Chunk): number {
  if (nativeStatus.kind === "reference") return 0;
  makeRoom(columns, spans.length / 2);
  const { entries, appearances, blocks, blockExtents, spans: spanExtents, paths, pathIds } = columns;
  const counts = Uint32Array.of(entries, appearances, blockExtents.count, pathIds.count);
  const taken = readHeads(bytes, spans, {
    ...columns.heads,
    counts,
    spanValues: spanExtents.values,
    blockValues: blockExtents.values,
    pathValues: paths.values,
    rows: columns.rows.subarray(blocks.length * rowFields),
    ids: pathIds.ids,
    table: pathIds.table,
  });
  [columns.entries = 0, columns.appearances = 0] = counts;
  spanExtents.adopt(columns.appearances);
  blockExtents.adopt(blocks.length + taken);
  pathIds.count = counts[3] ?? 0;
  paths.adopt(pathIds.count);
  for (let i = 0; i < taken; i += 1) addBlock(columns, { bytes, view }, spans[2 * i] ?? 0, spans[2 * i + 1] ?? 0);
  return taken;
}

function makeRoom(columns: LogColumns, blocks: number): void {
  const { spans, paths, pathIds } = columns;
  columns.reserveEntries(roomForEntries);
  columns.reserveAppearances(roomForTracks);
  spans.makeRoom(roomForTracks);
  pathIds.makeRoom(roomForTracks);
  paths.makeRoom(roomForTracks);
  columns.reserveBlocks(blocks);
}

/** What the addon tells of a block, as everybody else knows it. */
function addBlock(columns: LogColumns, { bytes, view }: Omit<Chunk, "spans">, from: number, end: number): void {
  const { rows, blocks } = columns;
  const row = blocks.length * rowFields;
  const [fromEntry = 0, toEntry = 0] = [rows[row], rows[row + 1]];
  const [framesAt = 0, restAt = 0] = [rows[row + 6], rows[row + 7]];
  const flags = view.getUint8(from + 9);
  const pointsAt = pointsFrom(view, from, end);
  const points = (end - pointsAt) / pointBytes;
  columns.points += points;
  blocks.push({
    fromEntry,
    toEntry,
    points,
    fromAppearance: rows[row + 2] ?? 0,
    toAppearance: rows[row + 3] ?? 0,
    baseMs: view.getFloat64(from, true),
    labelBits: (rows[row + 4] ?? 0) | 0,
    isPlain: true,
    // Four bytes before the number of frames.
    aspect: (flags & headFlags.aspect) === 0 ? null : view.getFloat32(framesAt - 8, true),
    isOrdered: (flags & headFlags.ordered) !== 0,
    frames: toEntry - fromEntry,
    looked: rows[row + 5] ?? 0,
    number: blocks.length,
    body: { bytes, view, from, end },
    framesAt,
    restAt,
    pointsAt,
    // Scenes and measures are read when somebody looks at them; the rest is there.
    isOpen: restAt === pointsAt,
  });
}
