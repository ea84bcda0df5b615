/** Where in a run of blocks others become members of steady rules than before: by the addon, or point by point (pure). */
import type { Block } from "../../analysis/track-log/block.ts";
import type { LogColumns } from "../../analysis/track-log/columns.ts";
import { mostMemberRules, noEntry, searchMembers, unknownMembers } from "../../analysis/track-log/member-search.ts";
import { pointBytes, slotAt } from "../../analysis/track-log/points.ts";
import type { Zone } from "../../analysis/zones/zone.ts";
import { seesTracks } from "./entry-look.ts";
import type { Heeded } from "./heeded.ts";
import type { JerkCounts } from "./jerk-counts.ts";
import { JerkersAt } from "./jerkers-at.ts";
import type { Membership } from "./membership.ts";
import type { PlainRun } from "./steady-run.ts";
import { mostZones, tableNumbers, waterBits, zoneTable } from "./zone-table.ts";

/** Numbers of `MembersJob.members` of one rule: a plain frame has no more points. */
const memberNumbers = 256;
/** Numbers of a change before its points. */
const recordNumbers = 4;

const nobody: readonly number[] = [];

/** The changes of one rule in some blocks, one after the other. */
export class RuleChanges {
  /** Of the change in hand: from this entry on others are members than before. */
  entry = 0;
  /** How many are, from there on. */
  there = 0;
  /** The entry that was looked at before it, and how many were members there; `noEntry` where that is not known. */
  beforeEntry: number = noEntry;
  before = 0;
  /** How many were members before the first block; -1 where that is not known. */
  readonly atStart: number;
  readonly #numbers: Uint32Array;
  /** The points of the one in hand, and the next one. */
  #points = 0;
  #at = 0;

  /** @param numbers as in `MembersJob.changes` */
  constructor(numbers: Uint32Array, atStart: number) {
    this.#numbers = numbers;
    this.atStart = atStart;
  }

  /** Whether all is the same with another rule, before any of the changes is in hand. */
  isLike(other: RuleChanges): boolean {
    const [own, others] = [this.#numbers, other.#numbers];
    return own.length === others.length && own.every((number, i) => number === others[i]);
  }

  /** Goes on to the next change. @returns whether there is one */
  next(): boolean {
    const [numbers, at] = [this.#numbers, this.#at];
    if (at >= numbers.length) return false;
    this.entry = numbers[at] ?? 0;
    this.there = numbers[at + 1] ?? 0;
    this.beforeEntry = numbers[at + 2] ?? noEntry;
    this.before = numbers[at + 3] ?? 0;
    this.#points = at + recordNumbers;
    this.#at = this.#points + this.there + this.before;
    return true;
  }

  /** Where the point of member `i` lies. */
  pointAt(i: number): number {
    return this.#numbers[this.#points + i] ?? 0;
  }

  /** The same at the entry before. */
  pointBefore(i: number): number {
    return this.#numbers[this.#points + this.there + i] ?? 0;
  }
}

/** What of a file a rule heeds, and the jerks that it asks for. */
export interface Asked {
  readonly heeded: Heeded;
  readonly jerks: JerkCounts | null;
}

/** Whether the addon finds the members of some rules, alike but for their zones, in one go. */
export function areFoundTogether(memberships: readonly Membership[]): boolean {
  const [first] = memberships;
  if (!first || first.key === null || memberships.length > mostMemberRules) return false;
  return memberships.every(({ key }) => key === first.key) && zoneTable(zonesOf(memberships)).length <= mostZones;
}

function zonesOf(memberships: readonly Membership[]): readonly Zone[] {
  return memberships.map(({ zone }) => zone);
}

/** The members of rules that are alike but for their zones, and of one that is for itself. */
export class MemberChanges {
  readonly #memberships: readonly Membership[];
  readonly #isForAddon: boolean;
  readonly #zones: Float64Array;
  readonly #waters: Uint32Array;
  /** Of each rule how many, then their ids: `MembersJob.members`. */
  readonly #members: Uint32Array;
  readonly #done: Uint32Array;
  readonly #search: typeof searchMembers;
  readonly #changes: Uint32Array;
  /** Numbers of `changes` for each rule. */
  readonly #room: number;
  #heeded: Heeded | null = null;
  #matters: Uint8Array = new Uint8Array(0);
  #rule: Float64Array = new Float64Array(0);
  #roles: Uint8Array = new Uint8Array(0);
  #jerkers: JerkersAt | null = null;

  /** @param room numbers for the changes of each rule; the addon looks at no block of which more may be told */
  constructor(memberships: readonly Membership[], { search = searchMembers, room = 64 * 1024 } = {}) {
    const table = zoneTable(zonesOf(memberships));
    this.#search = search;
    this.#memberships = memberships;
    this.#isForAddon = areFoundTogether(memberships);
    this.#zones = tableNumbers(table);
    this.#waters = waterBits(zonesOf(memberships), table);
    this.#members = new Uint32Array(memberships.length * memberNumbers);
    this.#done = new Uint32Array(1 + memberships.length);
    this.#room = room;
    this.#changes = new Uint32Array(memberships.length * room);
  }

  /** Nobody knows who is a member any more. */
  forget(): void {
    for (let at = 0; at < this.#members.length; at += memberNumbers) this.#members[at] = unknownMembers;
  }

  /**
   * Goes on with the blocks of a run from number `from` on: as far as the addon has room, or one.
   * @param asked of each rule
   * @returns how many were gone through, and of each rule what changed in them, until the next call
   */
  find(run: PlainRun, from: number, asked: readonly Asked[]): { blocks: number; changes: readonly RuleChanges[] } {
    this.#enter(run.columns, asked);
    const starts = this.#memberships.map((_, rule) => this.#countOf(rule));
    const { length } = starts;
    const search = {
      matters: this.#matters,
      roles: this.#roles,
      rule: this.#rule,
      zones: this.#zones,
      waters: this.#waters,
      members: this.#members,
      changes: this.#changes,
      done: this.#done,
    };
    const isFound = this.#isForAddon && this.#search(run.columns, run.blocks, from, search);
    const [blocks = 0] = isFound ? this.#done : [];
    const found = Array.from({ length }, (_, rule) => {
      const at = rule * this.#room;
      if (blocks > 0) return this.#changes.subarray(at, at + (this.#done[1 + rule] ?? 0));
      return Uint32Array.from(this.#look(run, from, rule, asked[rule]));
    });
    const changes = found.map((numbers, rule) => new RuleChanges(numbers, starts[rule] ?? -1));
    return { blocks: Math.max(1, blocks), changes };
  }

  #countOf(rule: number): number {
    const count = this.#members[rule * memberNumbers] ?? 0;
    return count === unknownMembers ? -1 : count;
  }

  /** Looks up what the rules ask of a file. */
  #enter(columns: LogColumns, asked: readonly Asked[]): void {
    const [first] = this.#memberships;
    const heeded = asked[0]?.heeded;
    if (!first || !heeded || heeded === this.#heeded) return;
    this.#heeded = heeded;
    this.#rule = first.numbers(heeded.labelBits);
    this.#roles = first.roles(columns.labels);
    this.#jerkers = new JerkersAt(first.company, columns);
    this.#matters = heeded.matters;
    if (asked.length > 1) this.#matters = asBits(asked.map((one) => one.heeded.matters));
  }

  /** Looks at every point of a block. @returns as in `MembersJob.changes` */
  #look(
    { columns, blocks, from }: PlainRun,
    number: number,
    rule: number,
    asked: Asked | undefined,
  ): readonly number[] {
    const [block, membership] = [blocks[number], this.#memberships[rule]];
    const numbers: number[] = [];
    if (!block || !membership || !asked) return numbers;
    const isHeeded = mayBeIn(columns, block, membership, asked);
    if (!isHeeded && this.#countOf(rule) === 0) return numbers;
    const members = this.#members.subarray(rule * memberNumbers, (rule + 1) * memberNumbers);
    const ids = columns.idOf.subarray(block.fromAppearance);
    for (let entry = block.fromEntry; entry < block.toEntry; entry += 1) {
      if (!seesTracks(columns, entry)) continue;
      const at = isHeeded ? this.#membersAt({ columns, block, entry, from }, membership, asked) : nobody;
      const isSame =
        at.length === members[0] && at.every((one, i) => members[1 + i] === ids[slotAt(block.body.bytes, one)]);
      if (isSame) continue;
      members[0] = at.length;
      for (const [i, one] of at.entries()) members[1 + i] = ids[slotAt(block.body.bytes, one)] ?? 0;
      numbers.push(entry, at.length, noEntry, 0, ...at);
    }
    return numbers;
  }

  #membersAt({ columns, block, entry, from }: Place, membership: Membership, asked: Asked): readonly number[] {
    const { jerks, heeded } = asked;
    if (jerks?.isAnyAt(entry) === false) return nobody;
    const { pointCount, pointsAt } = columns;
    const { membersOf } = membership;
    const { bytes } = block.body;
    const found: number[] = [];
    let at = pointsAt[entry] ?? 0;
    for (let left = pointCount[entry] ?? 0; left > 0; left -= 1, at += pointBytes) {
      if (heeded.matters[block.fromAppearance + slotAt(bytes, at)] !== 1) continue;
      if (!(membersOf ? membership.mayBe(bytes, at) : membership.is(bytes, at))) continue;
      if (!jerks || this.#jerkers?.mayBe(jerks, block, entry, at) === true) found.push(at);
    }
    if (!membersOf || found.length === 0) return found;
    const first = pointsAt[entry] ?? 0;
    const tracks = columns.tracksOnce(block, entry);
    const among = tracks.filter((_, k) => found.includes(first + k * pointBytes));
    const members = membersOf({ tracks, jerks: jerks?.at(from + entry) }, among);
    return members.map((one) => first + tracks.indexOf(one) * pointBytes);
  }
}

interface Place {
  readonly columns: LogColumns;
  readonly block: Block;
  readonly entry: number;
  readonly from: number;
}

function mayBeIn(columns: LogColumns, block: Block, membership: Membership, { heeded, jerks }: Asked): boolean {
  if ((block.labelBits & heeded.labelBits) === 0 || jerks?.isAnyIn(block) === false) return false;
  return membership.mayLieIn(columns.blockExtents, block.number);
}

/** Of each appearance a bit for each rule to which it can matter. */
function asBits(matters: readonly Uint8Array[]): Uint8Array {
  const bits = new Uint8Array(matters[0]?.length ?? 0);
  for (const [rule, of] of matters.entries())
    for (let i = 0; i < bits.length; i += 1) bits[i] = (bits[i] ?? 0) | ((of[i] ?? 0) << rule);
  return bits;
}
