/** Who counts for a rule, asked of the addon for many blocks at once. */
import {
  countAnglers,
  memberChanges,
  sideChanges,
  type AnglersJob,
  type MembersJob,
  type SidesJob,
} from "../../../native/index.ts";
import type { Block } from "./block.ts";
import { rowFields, type LogColumns } from "./columns.ts";
import { extentFields } from "./extents.ts";

export { mostMemberRules, noEntry, unknownMembers } from "../../../native/index.ts";

/** Numbers of an entry in `AnglersJob.counts`. */
export const counted = 3;

/** What is searched for, and where what is found goes: see `MembersJob`. */
export type MemberSearch = Pick<
  MembersJob,
  "matters" | "roles" | "rule" | "zones" | "waters" | "members" | "changes" | "done"
>;

/** What is counted, and where it goes, for a whole run: see `AnglersJob`. */
export type AnglerCount = Pick<
  AnglersJob,
  "roles" | "rule" | "zones" | "waters" | "counts" | "stride" | "doubts" | "blockStride"
>;

/** What is searched for of sides, and where what is found goes: see `SidesJob`. */
export type SideSearch = Pick<
  SidesJob,
  "matters" | "times" | "first" | "rule" | "polygon" | "sights" | "told" | "done"
>;

/** Goes through plain blocks from number `from` of a run on. @returns false where the addon does not run */
export function searchMembers(
  columns: LogColumns,
  blocks: readonly Block[],
  from: number,
  search: MemberSearch,
): boolean {
  const first = blocks[from];
  if (!first) return false;
  const { number, body } = first;
  const { looked, pointCount, pointsAt, idOf, labelOf, pointsOf, spans, blockExtents, rows } = columns;
  return memberChanges({
    ...search,
    bytes: body.bytes,
    rows: rows.subarray(number * rowFields, (number + followers(blocks, from)) * rowFields),
    extents: blockExtents.values.subarray(number * extentFields),
    looked,
    pointCount,
    pointsAt,
    idOf,
    labelOf,
    pointsOf,
    spanValues: spans.values,
  });
}

/** Follows who is on which side through plain blocks from number `from` of a run on. @returns false where the addon does not run */
export function searchSides(columns: LogColumns, blocks: readonly Block[], from: number, search: SideSearch): boolean {
  const first = blocks[from];
  if (!first) return false;
  const { looked, pointCount, pointsAt, pathOf, spans, rows } = columns;
  return sideChanges({
    ...search,
    bytes: first.body.bytes,
    rows: rows.subarray(first.number * rowFields, (first.number + followers(blocks, from)) * rowFields),
    looked,
    pointCount,
    pointsAt,
    pathOf,
    spanValues: spans.values,
  });
}

/** Counts people and rods in all blocks of a run. @returns false where the addon does not run */
export function countInBlocks(columns: LogColumns, blocks: readonly Block[], count: AnglerCount): boolean {
  const { looked, pointCount, pointsAt, idOf, labelOf, spans, rows } = columns;
  const first = blocks[0]?.fromEntry ?? 0;
  for (let from = 0; from < blocks.length;) {
    const block = blocks[from];
    if (!block) return false;
    const end = from + followers(blocks, from);
    const isCounted = countAnglers({
      ...count,
      bytes: block.body.bytes,
      rows: rows.subarray(block.number * rowFields, (block.number + end - from) * rowFields),
      looked,
      pointCount,
      pointsAt,
      idOf,
      labelOf,
      spanValues: spans.values,
      counts: count.counts.subarray((block.fromEntry - first) * counted),
      doubts: count.doubts.subarray(from),
    });
    if (!isCounted) return false;
    from = end;
  }
  return true;
}

/** How many blocks from one on lie one after the other in the same chunk of the file: the addon reads one at a time. */
function followers(blocks: readonly Block[], from: number): number {
  const first = blocks[from];
  let count = 1;
  for (; from + count < blocks.length; count += 1) {
    const block = blocks[from + count];
    if (!first || block?.body.bytes !== first.body.bytes || block.number !== first.number + count) break;
  }
  return count;
}
