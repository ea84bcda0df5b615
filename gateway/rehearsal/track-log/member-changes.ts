/** Where in a run of blocks others become members of a steady rule than before: by the addon, or point by point (pure). */
import type { Block } from "../../analysis/track-log/block.ts";
import type { LogColumns } from "../../analysis/track-log/columns.ts";
import { noEntry, searchMembers, unknownMembers } from "../../analysis/track-log/member-search.ts";
import { pointBytes, slotAt } from "../../analysis/track-log/points.ts";
import { seesTracks } from "./entry-look.ts";
import type { Heeded } from "./heeded.ts";
import type { JerkCounts } from "./jerk-counts.ts";
import { JerkersAt } from "./jerkers-at.ts";
import type { Membership } from "./membership.ts";
import type { PlainRun } from "./steady-run.ts";

/** Members of a rule there may be at once: a plain frame has no more points. */
const mostMembers = 255;
/** Numbers of a change before its points. */
const recordNumbers = 4;

const nobody: readonly number[] = [];

/** Changes one after the other, found a few blocks ahead. */
export class MemberChanges {
  /** Of the change in hand: from this entry on others are members than before. */
  entry = 0;
  /** How many are, from there on. */
  there = 0;
  /** The entry that was looked at before it, and how many were members there; `noEntry` where that is not known. */
  beforeEntry: number = noEntry;
  before = 0;
  readonly #membership: Membership;
  readonly #corners: Float64Array;
  readonly #others: Float64Array;
  /** How many, then their ids: `MembersJob.members`. */
  readonly #members = new Uint32Array(1 + mostMembers);
  readonly #done = new Uint32Array(2);
  readonly #search: typeof searchMembers;
  #changes: Uint32Array;
  #run: PlainRun | null = null;
  #jerks: JerkCounts | null = null;
  #jerkers: JerkersAt | null = null;
  #heeded: Heeded = { labelBits: 0, matters: new Uint8Array(0) };
  #rule: Float64Array = new Float64Array(0);
  #roles: Uint8Array = new Uint8Array(0);
  /** The next block to be gone through. */
  #block = 0;
  /** In `changes`: the points of the one in hand, the next one, and where those end that are known. */
  #points = 0;
  #at = 0;
  #end = 0;

  constructor(membership: Membership, { search = searchMembers, room = 64 * 1024 } = {}) {
    this.#search = search;
    this.#changes = new Uint32Array(room);
    this.#membership = membership;
    this.#corners = membership.corners;
    this.#others = membership.others;
  }

  /** How many are members at the newest entry gone through; -1 where that is not known. */
  get newest(): number {
    const [count = 0] = this.#members;
    return count === unknownMembers ? -1 : count;
  }

  /** Nobody is a member, or (-1) nobody knows who is. */
  reset(count: 0 | -1): void {
    this.#members[0] = count === 0 ? 0 : unknownMembers;
  }

  /** Goes on with a run of blocks that follow on each other. @param jerks where the rule asks for them */
  begin(run: PlainRun, heeded: Heeded, jerks: JerkCounts | null = null): void {
    if (heeded !== this.#heeded) {
      this.#jerkers = new JerkersAt(this.#membership.company, run.columns);
      this.#rule = this.#membership.numbers(heeded.labelBits);
      this.#roles = this.#membership.roles(run.columns.labels);
    }
    this.#run = run;
    this.#heeded = heeded;
    this.#jerks = jerks;
    this.#block = 0;
    this.#at = this.#end = 0;
  }

  /** Goes on to the next change. @returns whether there is one in the run */
  next(): boolean {
    while (this.#at >= this.#end) {
      const run = this.#run;
      if (!run || this.#block >= run.blocks.length) return false;
      this.#at = this.#end = 0;
      this.#find(run);
    }
    const [changes, at] = [this.#changes, this.#at];
    this.entry = changes[at] ?? 0;
    this.there = changes[at + 1] ?? 0;
    this.beforeEntry = changes[at + 2] ?? noEntry;
    this.before = changes[at + 3] ?? 0;
    this.#points = at + recordNumbers;
    this.#at = this.#points + this.there + this.before;
    return true;
  }

  /** Where the point of member `i` lies. */
  pointAt(i: number): number {
    return this.#changes[this.#points + i] ?? 0;
  }

  /** The same at the entry before. */
  pointBefore(i: number): number {
    return this.#changes[this.#points + this.there + i] ?? 0;
  }

  #find(run: PlainRun): void {
    const { columns, blocks } = run;
    const first = blocks[this.#block];
    if (!first) return;
    const search = {
      matters: this.#heeded.matters,
      roles: this.#roles,
      rule: this.#rule,
      polygon: this.#corners,
      others: this.#others,
      members: this.#members,
      changes: this.#changes,
      done: this.#done,
    };
    const isFound = this.#membership.isForAddon && this.#search(columns, blocks, this.#block, search);
    const [taken = 0, written = 0] = isFound ? this.#done : [];
    this.#block += taken;
    this.#end = written;
    if (taken > 0) return;
    this.#look(run, first);
    this.#block += 1;
  }

  /** Looks at every point of a block. */
  #look(run: PlainRun, block: Block): void {
    const { columns } = run;
    const isHeeded = this.#mayBeIn(columns, block);
    if (!isHeeded && this.newest === 0) return;
    const members = this.#members;
    const ids = columns.idOf.subarray(block.fromAppearance);
    for (let entry = block.fromEntry; entry < block.toEntry; entry += 1) {
      if (!seesTracks(columns, entry)) continue;
      const at = isHeeded ? this.#membersAt(run, block, entry) : nobody;
      const isSame =
        at.length === members[0] && at.every((one, i) => members[1 + i] === ids[slotAt(block.body.bytes, one)]);
      if (isSame) continue;
      members[0] = at.length;
      for (const [i, one] of at.entries()) members[1 + i] = ids[slotAt(block.body.bytes, one)] ?? 0;
      this.#note([entry, at.length, noEntry, 0, ...at]);
    }
  }

  #mayBeIn(columns: LogColumns, block: Block): boolean {
    if ((block.labelBits & this.#heeded.labelBits) === 0 || this.#jerks?.isAnyIn(block) === false) return false;
    return this.#membership.mayLieIn(columns.blockExtents, block.number);
  }

  #membersAt({ columns, from }: PlainRun, block: Block, entry: number): readonly number[] {
    const jerks = this.#jerks;
    if (jerks?.isAnyAt(entry) === false) return nobody;
    const { pointCount, pointsAt } = columns;
    const { membersOf } = this.#membership;
    const { bytes } = block.body;
    const found: number[] = [];
    let at = pointsAt[entry] ?? 0;
    for (let left = pointCount[entry] ?? 0; left > 0; left -= 1, at += pointBytes) {
      if (this.#heeded.matters[block.fromAppearance + slotAt(bytes, at)] !== 1) continue;
      if (!(membersOf ? this.#membership.mayBe(bytes, at) : this.#membership.is(bytes, at))) continue;
      if (!jerks || this.#jerkers?.mayBe(jerks, block, entry, at) === true) found.push(at);
    }
    if (!membersOf || found.length === 0) return found;
    const first = pointsAt[entry] ?? 0;
    const tracks = columns.tracksOnce(block, entry);
    const among = tracks.filter((_, k) => found.includes(first + k * pointBytes));
    const members = membersOf({ tracks, jerks: jerks?.at(from + entry) }, among);
    return members.map((one) => first + tracks.indexOf(one) * pointBytes);
  }

  #note(numbers: readonly number[]): void {
    if (this.#end + numbers.length > this.#changes.length) {
      const larger = new Uint32Array(2 * (this.#changes.length + numbers.length));
      larger.set(this.#changes);
      this.#changes = larger;
    }
    this.#changes.set(numbers, this.#end);
    this.#end += numbers.length;
  }
}
