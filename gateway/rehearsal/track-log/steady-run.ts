/** A steady rule on its way through a stretch of log: it looks where others are there than before, and where the time has come (pure). */
import type { Block } from "../../analysis/track-log/block.ts";
import type { LogColumns } from "../../analysis/track-log/columns.ts";
import { pointBytes, slotAt } from "../../analysis/track-log/points.ts";
import type { Track } from "../../analysis/tracking/track.ts";
import type { Box } from "../../analysis/geometry.ts";
import type { RuleMaker } from "../../analysis/zones/rule-engine.ts";
import type { Steady } from "../../analysis/zones/rule.ts";
import { seesTracks } from "./entry-look.ts";
import type { Heeded, Paths } from "./heeded.ts";
import { areFoundTogether, MemberChanges, type Asked, type RuleChanges } from "./member-changes.ts";
import type { PhaseChange } from "../../analysis/zones/occurrence.ts";
import { Membership } from "./membership.ts";
import { RuleRun, type EntryAt, type Place, type Tell } from "./rule-run.ts";
import type { Ticking } from "./ticking.ts";

/** Blocks of nothing but frames, one after the other in time. */
export interface PlainRun {
  readonly columns: LogColumns;
  readonly blocks: readonly Block[];
  /** Entries of earlier files. */
  readonly from: number;
}

/** Rules that are alike but for their zones, whose members are found in one go; or one that is for itself. */
export class SteadyRuns {
  readonly #runs: readonly SteadyRun[];
  readonly #changes: MemberChanges;

  constructor(runs: readonly SteadyRun[], mayFollow: boolean) {
    this.#runs = runs;
    this.#changes = new MemberChanges(runs.map(({ membership }) => membership));
    if (mayFollow) for (const [i, run] of runs.entries()) run.goBehind(runs.slice(0, i));
  }

  /**
   * Groups runs; anew after each `restart`.
   * @param mayFollow whether a rule of which all the same is told as of another need not look itself; what their traces say may differ
   */
  static of(runs: readonly SteadyRun[], mayFollow: boolean): readonly SteadyRuns[] {
    const groups: SteadyRun[][] = [];
    for (const run of runs) {
      const group = groups.find((one) => areFoundTogether([...one, run].map(({ membership }) => membership)));
      if (group) group.push(run);
      else groups.push([run]);
    }
    return groups.map((group) => new SteadyRuns(group, mayFollow));
  }

  /** Goes through a run of blocks. */
  through(run: PlainRun): void {
    for (let from = 0; from < run.blocks.length;) {
      const { blocks, changes } = this.#changes.find(run, from, this.#runs);
      const part = { ...run, blocks: run.blocks.slice(from, from + blocks) };
      this.#partWhere((ahead, behind) => {
        const [one, other] = [ahead, behind].map((of) => changes[this.#runs.indexOf(of)]);
        return one !== undefined && other?.isLike(one) !== true;
      });
      for (const [i, one] of this.#runs.entries()) if (changes[i]) one.through(part, changes[i]);
      from += blocks;
    }
  }

  /** Before a look at an entry of a block that is not plain. */
  meet(at: EntryAt): void {
    this.#partWhere((ahead, behind) => !behind.hasMembersOf(ahead, at));
  }

  #partWhere(isOther: (ahead: SteadyRun, behind: SteadyRun) => boolean): void {
    for (const one of this.#runs) if (one.ahead && isOther(one.ahead, one)) one.part();
  }

  /** Others may have come and gone since. */
  forget(): void {
    this.#changes.forget();
  }
}

/** One steady rule in motion. */
export class SteadyRun extends RuleRun implements Asked {
  /** As of the newest `restart`. */
  membership: Membership;
  heeded: Heeded = { labelBits: 0, matters: new Uint8Array(0) };
  readonly #within: Box;
  protected override readonly hasMembersOnly = true;
  /** Until when nothing can happen while the same are there. */
  #quietUntil = -Infinity;
  /** The newest entry that was left out though somebody was there. */
  #leftOut: Place | null = null;
  /** The block of the run in hand that was looked at last. */
  #blockInHand = 0;
  /** Who was a member at last; null: nobody knows. */
  #ids: readonly number[] | null = null;
  /** One whose members have been the same so far: what it tells is told of this one too, which looks at nothing meanwhile. */
  #ahead: SteadyRun | null = null;
  readonly #behind = new Set<SteadyRun>();
  #isParted = false;

  constructor(maker: RuleMaker, aspect: number, tell: Tell, steady: { readonly rule: Steady; readonly within: Box }) {
    super(maker, aspect, tell);
    this.#within = steady.within;
    this.membership = new Membership(steady.rule, steady.within);
  }

  override enter(columns: LogColumns, paths: Paths): void {
    super.enter(columns, paths);
    this.heeded = { labelBits: this.labelBits, matters: this.matters };
  }

  get ahead(): SteadyRun | null {
    return this.#ahead;
  }

  /** Follows one of some that it is like, from the beginning, or goes on with it after a `restart`. */
  goBehind(others: readonly SteadyRun[]): void {
    if (this.#isParted || this.#ahead || !this.running.rule.steady?.adopt) return;
    const ahead = others.find((one) => one.likeness === this.likeness && !one.#ahead && !one.#isParted);
    if (!ahead) return;
    this.#ahead = ahead;
    ahead.#behind.add(this);
  }

  /** From here on others are members here than there. */
  part(): void {
    const ahead = this.#ahead;
    if (!ahead) return;
    ahead.#behind.delete(this);
    this.#ahead = null;
    this.#isParted = true;
    this.adopt(ahead);
    this.#quietUntil = ahead.#quietUntil;
    this.#leftOut = ahead.#leftOut;
    this.#ids = ahead.#ids;
  }

  /** Whether the same are members here and there at an entry. */
  hasMembersOf(other: SteadyRun, at: EntryAt): boolean {
    const [own, others] = [this.#membersAt(at), other.#membersAt(at)];
    return own.length === others.length && own.every(({ id }, i) => id === others[i]?.id);
  }

  protected override tellAll(at: Pick<Place, "from" | "entry">, changes: readonly PhaseChange[]): void {
    super.tellAll(at, changes);
    if (changes.length > 0) for (const one of this.#behind) one.tellAll(at, changes);
  }

  /** Goes through a run of blocks in which it is known who comes and goes. */
  through(run: PlainRun, changes: RuleChanges): void {
    if (this.#ahead) return;
    this.#blockInHand = 0;
    let entry = run.blocks[0]?.fromEntry ?? 0;
    let isEmpty = changes.atStart === 0;
    if (isEmpty) this.#ids = [];
    while (changes.next()) {
      this.#pass(run, { entry, end: changes.entry, isEmpty });
      this.#lookAtChange(run, changes);
      entry = changes.entry + 1;
      isEmpty = changes.there === 0;
    }
    this.#pass(run, { entry, end: run.blocks.at(-1)?.toEntry ?? entry, isEmpty });
  }

  /** Looks at every entry of a block that is not plain. */
  override follow(place: Place): void {
    if (this.#ahead) return;
    this.settle();
    this.#ids = null;
    this.look(place);
  }

  override lose(entry: number, nowMs: number): void {
    if (this.#ahead) return;
    this.settle();
    this.#quietUntil = -Infinity;
    super.lose(entry, nowMs);
  }

  override restart(nowMs: number, aspect: number, shared: Ticking): void {
    this.settle();
    this.#quietUntil = -Infinity;
    super.restart(nowMs, aspect, shared);
    const { steady } = this.running.rule;
    if (steady) this.membership = new Membership(steady, this.#within);
    this.#ids = null;
  }

  /** Makes the last look that was left out: what comes next has to find everything as it was there. */
  override settle(): void {
    this.#settle();
  }

  #settle(tracks?: readonly Track[]): void {
    const leftOut = this.#leftOut;
    if (!leftOut) return;
    this.#leftOut = null;
    this.running.rule.steady?.goneOn(leftOut.beforeT);
    this.look(leftOut, tracks);
  }

  /** Nobody else is looked at. */
  protected override tracksAt(place: Place): readonly Track[] {
    const same = this.#ids && withIds(place, this.#ids);
    return same && same.length === this.#ids?.length ? same : this.#membersAt(place);
  }

  #membersAt(at: EntryAt): readonly Track[] {
    const { membersOf } = this.membership;
    if (membersOf) return membersOf({ tracks: super.tracksAt(at), jerks: this.jerksAt(at) });
    const { columns, block, entry } = at;
    const members: Track[] = [];
    const { bytes } = block.body;
    const count = columns.pointCount[entry] ?? 0;
    let point = columns.pointsAt[entry] ?? 0;
    for (let k = 0; k < count; k += 1, point += pointBytes)
      if (this.matters[block.fromAppearance + slotAt(bytes, point)] !== 0 && this.membership.is(bytes, point))
        members.push(columns.track(block, entry, k));
    return members;
  }

  /** The same are there from `entry` up to `end`, exclusive: looks only where the time has come. */
  #pass(run: PlainRun, span: { readonly entry: number; readonly end: number; readonly isEmpty: boolean }): void {
    const { entry, end, isEmpty } = span;
    for (let at = entry; at < end;) {
      if (isEmpty && this.running.rests(this.ticking.before(end))) return;
      const due = this.#dueFrom(run.columns, at, end);
      this.#leaveOut(run, at, due);
      if (due < end) {
        this.settle();
        this.#lookAt(this.#placeOf(run, due));
      }
      at = due + 1;
    }
  }

  /** The first entry from `entry` on, before `end`, that has to be looked at though the same are there; `end`: none. */
  #dueFrom(columns: LogColumns, entry: number, end: number): number {
    const { ticking, running } = this;
    const [from = 0, last = 0] = [columns.nowMs[entry], columns.nowMs[end - 1]];
    const isArmed = running.staysArmed(from) && running.staysArmed(last);
    if (isArmed && ticking.before(end) < this.#quietUntil) return end;
    let due = isArmed ? ticking.firstAt(this.#quietUntil, entry, end) : entry;
    for (; due < end; due += 1) {
      if (!seesTracks(columns, due)) continue;
      if (ticking.at(due) >= this.#quietUntil || !running.staysArmed(columns.nowMs[due] ?? 0)) return due;
    }
    return end;
  }

  /** Notes the last look of `from..to`, exclusive. */
  #leaveOut(run: PlainRun, from: number, to: number): void {
    let entry = to - 1;
    while (entry >= from && !seesTracks(run.columns, entry)) entry -= 1;
    if (entry >= from) this.#leftOut = this.#placeOf(run, entry);
  }

  #lookAtChange(run: PlainRun, changes: RuleChanges): void {
    const leftOut = this.#leftOut;
    const isBefore = leftOut?.entry === changes.beforeEntry && leftOut.columns === run.columns;
    this.#settle(isBefore ? tracksOf(leftOut, changes.before, (i) => changes.pointBefore(i)) : undefined);
    const place = this.#placeOf(run, changes.entry);
    const tracks = tracksOf(place, changes.there, (i) => changes.pointAt(i));
    this.#ids = tracks.map(({ id }) => id);
    this.#lookAt(place, tracks);
  }

  #lookAt(place: Place, tracks?: readonly Track[]): void {
    this.look(place, tracks);
    this.#quietUntil = this.running.steadyUntil(place.t);
  }

  /** Entries of one run are asked for in their order. */
  #placeOf({ columns, blocks, from }: PlainRun, entry: number): Place {
    let block = blocks[this.#blockInHand];
    while (block && entry >= block.toEntry) block = blocks[(this.#blockInHand += 1)];
    if (!block) throw new RangeError(`no block of the run has entry ${entry}`);
    const { ticking } = this;
    return { columns, block, entry, from, t: ticking.at(entry), beforeT: ticking.before(entry) };
  }
}

/** Those of an entry who are among some. */
function withIds({ columns, block, entry }: Place, ids: readonly number[]): readonly Track[] {
  const tracks: Track[] = [];
  if (ids.length === 0) return tracks;
  const { bytes } = block.body;
  const { idOf, pointCount, pointsAt } = columns;
  let at = pointsAt[entry] ?? 0;
  for (let left = pointCount[entry] ?? 0; left > 0; left -= 1, at += pointBytes)
    if (ids.includes(idOf[block.fromAppearance + slotAt(bytes, at)] ?? -1))
      tracks.push(columns.trackAt(block, entry, at));
  return tracks;
}

function tracksOf({ columns, block, entry }: Place, count: number, pointAt: (i: number) => number): readonly Track[] {
  const tracks: Track[] = [];
  for (let i = 0; i < count; i += 1) tracks.push(columns.trackAt(block, entry, pointAt(i)));
  return tracks;
}
