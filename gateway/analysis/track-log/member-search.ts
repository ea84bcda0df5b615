/** Who counts for a rule that only knows who is there, and where that changes, asked of the addon for many blocks at once. */
import { memberChanges, type MembersJob } from "../../../native/index.ts";
import type { Block } from "./block.ts";
import { rowFields, type LogColumns } from "./columns.ts";
import { extentFields } from "./extents.ts";

export { noEntry, unknownMembers } from "../../../native/index.ts";

/** What is searched for, and where what is found goes: see `MembersJob`. */
export type MemberSearch = Pick<MembersJob, "matters" | "rule" | "polygon" | "members" | "changes" | "done">;

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
  const { looked, pointCount, pointsAt, idOf, pointsOf, spans, blockExtents, rows } = columns;
  return memberChanges({
    ...search,
    bytes: body.bytes,
    rows: rows.subarray(number * rowFields, (number + followers(blocks, from)) * rowFields),
    extents: blockExtents.values.subarray(number * extentFields),
    looked,
    pointCount,
    pointsAt,
    idOf,
    pointsOf,
    spanValues: spans.values,
  });
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
