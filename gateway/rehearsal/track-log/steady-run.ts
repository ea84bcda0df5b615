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
import { MemberChanges } from "./member-changes.ts";
import { Membership } from "./membership.ts";
import { RuleRun, type Place, type Tell } from "./rule-run.ts";
import type { Ticking } from "./ticking.ts";

/** Blocks of nothing but frames, one after the other in time. */
export interface PlainRun {
  readonly columns: LogColumns;
  readonly blocks: readonly Block[];
  /** Entries of earlier files. */
  readonly from: number;
}

/** One steady rule in motion. */
export class SteadyRun extends RuleRun {
  readonly #within: Box;
  #membership: Membership;
  #changes: MemberChanges;
  protected override readonly hasMembersOnly = true;
  #heeded: Heeded = { labelBits: 0, matters: new Uint8Array(0) };
  /** Until when nothing can happen while the same are there. */
  #quietUntil = -Infinity;
  /** The newest entry that was left out though somebody was there. */
  #leftOut: Place | null = null;
  /** The block of the run in hand that was looked at last. */
  #blockInHand = 0;

  constructor(maker: RuleMaker, aspect: number, tell: Tell, steady: { readonly rule: Steady; readonly within: Box }) {
    super(maker, aspect, tell);
    this.#within = steady.within;
    this.#membership = new Membership(steady.rule, steady.within);
    this.#changes = new MemberChanges(this.#membership);
  }

  override enter(columns: LogColumns, paths: Paths): void {
    super.enter(columns, paths);
    this.#heeded = { labelBits: this.labelBits, matters: this.matters };
  }

  /** Goes through a run of blocks. */
  through(run: PlainRun): void {
    const changes = this.#changes;
    this.#blockInHand = 0;
    let entry = run.blocks[0]?.fromEntry ?? 0;
    let isEmpty = changes.newest === 0;
    changes.begin(run, this.#heeded, this.jerks);
    while (changes.next()) {
      this.#pass(run, { entry, end: changes.entry, isEmpty });
      this.#lookAtChange(run);
      entry = changes.entry + 1;
      isEmpty = changes.there === 0;
    }
    this.#pass(run, { entry, end: run.blocks.at(-1)?.toEntry ?? entry, isEmpty });
  }

  /** Looks at every entry of a block that is not plain. */
  override follow(place: Place): void {
    this.settle();
    this.look(place);
    this.#changes.reset(-1);
  }

  override lose(entry: number, nowMs: number): void {
    this.settle();
    this.#quietUntil = -Infinity;
    super.lose(entry, nowMs);
  }

  override restart(nowMs: number, aspect: number, shared: Ticking): void {
    this.settle();
    this.#quietUntil = -Infinity;
    super.restart(nowMs, aspect, shared);
    const { steady } = this.running.rule;
    if (!steady) return;
    this.#membership = new Membership(steady, this.#within);
    this.#changes = new MemberChanges(this.#membership);
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
    const { membersOf } = this.#membership;
    if (membersOf) return membersOf({ tracks: super.tracksAt(place), jerks: this.jerksAt(place) });
    const { columns, block, entry } = place;
    const members: Track[] = [];
    const { bytes } = block.body;
    const count = columns.pointCount[entry] ?? 0;
    let at = columns.pointsAt[entry] ?? 0;
    for (let k = 0; k < count; k += 1, at += pointBytes)
      if (this.matters[block.fromAppearance + slotAt(bytes, at)] !== 0 && this.#membership.is(bytes, at))
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

  #lookAtChange(run: PlainRun): void {
    const [changes, leftOut] = [this.#changes, this.#leftOut];
    const isBefore = leftOut?.entry === changes.beforeEntry && leftOut.columns === run.columns;
    this.#settle(isBefore ? tracksOf(leftOut, changes.before, (i) => changes.pointBefore(i)) : undefined);
    const place = this.#placeOf(run, changes.entry);
    this.#lookAt(
      place,
      tracksOf(place, changes.there, (i) => changes.pointAt(i)),
    );
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

function tracksOf({ columns, block, entry }: Place, count: number, pointAt: (i: number) => number): readonly Track[] {
  const tracks: Track[] = [];
  for (let i = 0; i < count; i += 1) tracks.push(columns.trackAt(block, entry, pointAt(i)));
  return tracks;
}
