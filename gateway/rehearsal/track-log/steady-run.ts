/** A steady rule on its way through a stretch of log: it looks where others are there than before, and where the time has come (pure). */
import type { Block } from "../../analysis/track-log/block.ts";
import type { LogColumns } from "../../analysis/track-log/columns.ts";
import { pointBytes, slotAt } from "../../analysis/track-log/points.ts";
import type { Track } from "../../analysis/tracking/track.ts";
import type { Box } from "../../analysis/geometry.ts";
import type { RuleMaker } from "../../analysis/zones/rule-engine.ts";
import type { Steady } from "../../analysis/zones/rule.ts";
import { seesTracks } from "./entry-look.ts";
import { Membership } from "./membership.ts";
import { RuleRun, type Place, type Tell } from "./rule-run.ts";
import type { Ticking } from "./ticking.ts";

const shares = { none: 0, some: 1, all: 2 } as const;

/** Blocks of nothing but frames, one after the other in time. */
export interface PlainRun {
  readonly columns: LogColumns;
  readonly blocks: readonly Block[];
  /** Entries of earlier files. */
  readonly from: number;
}

/** One steady rule in motion. */
export class SteadyRun extends RuleRun {
  readonly #membership: Membership;
  /** Who counted at the newest entry, in order; how many is -1 where that is not known. */
  #members = new Uint32Array(16);
  #memberCount = 0;
  #spare = new Uint32Array(16);
  /** Until when nothing can happen while the same are there. */
  #quietUntil = -Infinity;
  /** The newest entry that was left out though somebody was there. */
  #leftOut: Place | null = null;
  /** Of the block in hand, by number within it: what share of its points are members, as numbers of `shares`. */
  #shares = new Uint8Array(64);

  constructor(maker: RuleMaker, aspect: number, tell: Tell, steady: { readonly rule: Steady; readonly within: Box }) {
    super(maker, aspect, tell);
    this.#membership = new Membership(steady.rule, steady.within);
  }

  /** Goes through a run of blocks. */
  through(run: PlainRun): void {
    const { columns, blocks } = run;
    for (const block of blocks) {
      const isHeeded = this.heedsBlock(columns, block);
      if (!isHeeded && this.#memberCount === 0 && this.isIdle(this.ticking.before(block.fromEntry))) continue;
      for (let entry = block.fromEntry; entry < block.toEntry;) {
        const isEmpty = this.#memberCount === 0;
        const change = isHeeded ? this.#changeFrom(columns, block, entry) : this.#leavingFrom(columns, block, entry);
        this.#pass(run, block, { entry, change, isEmpty });
        if (change < block.toEntry) this.#lookAt(run, block, change);
        entry = change + 1;
      }
    }
  }

  /** Looks at every entry of a block that is not plain. */
  override follow(place: Place): void {
    this.settle();
    this.look(place);
    this.#memberCount = -1;
  }

  override lose(entry: number, nowMs: number): void {
    this.settle();
    this.#quietUntil = -Infinity;
    super.lose(entry, nowMs);
  }

  override restart(nowMs: number, aspect: number, shared: Ticking): void {
    this.settle();
    this.#memberCount = 0;
    this.#quietUntil = -Infinity;
    super.restart(nowMs, aspect, shared);
  }

  /** Makes the last look that was left out: what comes next has to find everything as it was there. */
  override settle(): void {
    const leftOut = this.#leftOut;
    if (!leftOut) return;
    this.#leftOut = null;
    this.running.rule.steady?.goneOn(leftOut.beforeT);
    this.look(leftOut);
  }

  /** Nobody else is looked at. */
  protected override tracksAt({ columns, block, entry }: Place): readonly Track[] {
    columns.open(block);
    const members: Track[] = [];
    const { bytes } = block.body;
    const count = columns.pointCount[entry] ?? 0;
    let at = columns.pointsAt[entry] ?? 0;
    for (let k = 0; k < count; k += 1, at += pointBytes)
      if (this.matters[block.fromAppearance + slotAt(bytes, at)] !== 0 && this.#membership.is(bytes, at))
        members.push(columns.track(block, entry, k));
    return members;
  }

  /** The same are there up to the change: looks only where the time has come. */
  #pass(
    run: PlainRun,
    block: Block,
    { entry, change, isEmpty }: { readonly entry: number; readonly change: number; readonly isEmpty: boolean },
  ): void {
    for (let at = entry; at < change;) {
      if (isEmpty && this.running.rests(this.ticking.before(change))) return;
      const due = this.#dueFrom(run.columns, at, change);
      this.#leaveOut(run, block, at, due);
      if (due < change) this.#lookAt(run, block, due);
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
  #leaveOut({ columns, from: earlier }: PlainRun, block: Block, from: number, to: number): void {
    let entry = to - 1;
    while (entry >= from && !seesTracks(columns, entry)) entry -= 1;
    if (entry < from) return;
    const { ticking } = this;
    const [t, beforeT] = [ticking.at(entry), ticking.before(entry)];
    this.#leftOut = { columns, block, entry, from: earlier, t, beforeT };
  }

  #lookAt({ columns, from }: PlainRun, block: Block, entry: number): void {
    this.settle();
    const { ticking } = this;
    this.look({ columns, block, entry, from, t: ticking.at(entry), beforeT: ticking.before(entry) });
    this.#quietUntil = this.running.steadyUntil();
  }

  /** The first entry from `entry` on at which nobody is there any more; the end of the block where nobody was. */
  #leavingFrom(columns: LogColumns, block: Block, entry: number): number {
    if (this.#memberCount === 0) return block.toEntry;
    let at = entry;
    while (at < block.toEntry && !seesTracks(columns, at)) at += 1;
    if (at < block.toEntry) this.#memberCount = 0;
    return at;
  }

  /** The first entry from `entry` on at which others are members than before, who are noted; the end of the block: none. Hot. */
  #changeFrom(columns: LogColumns, block: Block, entry: number): number {
    const { toEntry, fromAppearance } = block;
    if (entry === block.fromEntry) {
      this.#classify(columns, block);
      if (this.#areSameAllThrough(columns, block)) return toEntry;
      columns.open(block);
    }
    const { bytes } = block.body;
    const { pointCount, pointsAt, idOf } = columns;
    const [membership, shareOf, before, known] = [this.#membership, this.#shares, this.#members, this.#memberCount];
    let now = this.#spare;
    for (let i = entry; i < toEntry; i += 1) {
      if (!seesTracks(columns, i)) continue;
      const points = pointCount[i] ?? 0;
      if (now.length < points) now = this.#spare = new Uint32Array(2 * points);
      let isSame = true;
      let count = 0;
      for (let k = 0, at = pointsAt[i] ?? 0; k < points; k += 1, at += pointBytes) {
        const slot = slotAt(bytes, at);
        const share = shareOf[slot];
        if (share === shares.none || (share === shares.some && !membership.is(bytes, at))) continue;
        const id = idOf[fromAppearance + slot] ?? 0;
        if (before[count] !== id) isSame = false;
        now[count] = id;
        count += 1;
      }
      if (isSame && count === known) continue;
      this.#members = now;
      this.#memberCount = count;
      this.#spare = before;
      return i;
    }
    return toEntry;
  }

  /** Finds out which tracks of a block are members all through it, and which never. */
  #classify(columns: LogColumns, { fromAppearance, toAppearance }: Block): void {
    const count = toAppearance - fromAppearance;
    if (count > this.#shares.length) this.#shares = new Uint8Array(2 * count);
    for (let i = 0; i < count; i += 1) {
      const appearance = fromAppearance + i;
      this.#shares[i] = this.matters[appearance] === 0 ? 0 : shares[this.#membership.share(columns, appearance)];
    }
  }

  /** Whether all through a block the same are members as at the entry before it. */
  #areSameAllThrough(columns: LogColumns, block: Block): boolean {
    const { fromAppearance, toAppearance, looked, isOrdered } = block;
    if (!isOrdered || looked === 0) return false;
    let count = 0;
    for (let i = fromAppearance; i < toAppearance; i += 1) {
      const share = this.#shares[i - fromAppearance];
      if (share === shares.none) continue;
      if (share === shares.some || columns.pointsOf[i] !== looked || this.#members[count] !== columns.idOf[i])
        return false;
      count += 1;
    }
    return count === this.#memberCount;
  }
}
