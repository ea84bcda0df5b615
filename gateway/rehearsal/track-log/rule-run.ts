/** One rule on its way through a stretch of log: which points can move it, and what it told (pure). */
import type { Block } from "../../analysis/track-log/block.ts";
import type { LogColumns } from "../../analysis/track-log/columns.ts";
import type { StepBounds } from "../../analysis/track-log/extents.ts";
import { pointBytes, slotAt } from "../../analysis/track-log/points.ts";
import type { RuleClock } from "../../analysis/zones/rule-clock.ts";
import type { RuleMaker } from "../../analysis/zones/rule-engine.ts";
import type { Heed, Needs } from "../../analysis/zones/rule.ts";
import type { PhaseChange } from "../../analysis/zones/occurrence.ts";
import type { RunningRule } from "../../analysis/zones/running-rule.ts";
import type { Track } from "../../analysis/tracking/track.ts";
import { EntryLook } from "./entry-look.ts";
import { heededOf, type Paths } from "./heeded.ts";
import { boundsOf, mayLieIn, Membership } from "./membership.ts";

/** Told of each change of an occurrence at once: what the rule says of it is the rule's own until its next look. */
export type Tell = (entry: number, change: PhaseChange, rule: RunningRule) => void;

/** An entry and the rule's time there; `from` counts the entries of earlier files. */
export interface Place {
  readonly columns: LogColumns;
  readonly entry: number;
  readonly from: number;
  readonly t: number;
  readonly beforeT: number;
}

/** A rule that leaps hears of it at least once in so much looked-at time: less than what any memory of a steady rule runs out by. */
const longestLeap = 2_000;

const shares = { none: 0, some: 1, all: 2 } as const;

/** One rule in motion. */
export class RuleRun {
  readonly needs: Needs;
  /** The time of this rule: shared with others that began together and look at the same frames, its own after a resume. */
  clock: RuleClock;
  readonly #maker: RuleMaker;
  readonly #tell: Tell;
  #running: RunningRule;
  #ids = 0;
  #matters: Uint8Array = new Uint8Array(0);
  /** Of the block in hand, by number within it: what share of its points are members, as numbers of `shares`. */
  #shares = new Uint8Array(64);
  #classified: Block | null = null;
  /** Up to here, exclusive, it is known that the same are members as at the entry before. */
  #sameUpTo = 0;
  /** Of the file: the labels that are heeded, as in `Block.labelBits`. */
  #labelBits = 0;
  readonly #bounds: StepBounds | null;
  readonly #membership: Membership | null;
  /** Of a steady rule: who counted at the newest entry, when it heard of the time last, until when nothing can happen. */
  #members = new Uint32Array(16);
  #memberCount = 0;
  #spare = new Uint32Array(16);
  #heardT = -Infinity;
  #quietUntil = -Infinity;
  /** The newest entry that was left out though somebody was there. */
  #leaptIn: LogColumns | null = null;
  #leaptEntry = 0;
  #leaptFrom = 0;
  #leaptT = 0;
  #leaptBeforeT = 0;

  constructor(maker: RuleMaker, aspect: number, tell: Tell) {
    this.#maker = maker;
    this.#tell = tell;
    this.#running = this.#make(aspect);
    this.needs = this.#running.rule.needs;
    this.clock = this.#running.clock;
    const { heeds, steady } = this.#running.rule;
    this.#bounds = heeds?.within ? boundsOf(heeds.within) : null;
    this.#membership = steady && heeds?.within ? new Membership(steady, heeds.within) : null;
  }

  get #heeds(): Heed | undefined {
    return this.#running.rule.heeds;
  }

  #make(aspect: number): RunningRule {
    return this.#maker.make(aspect, () => String((this.#ids += 1)));
  }

  /** Looks up which tracks of a file can ever matter here. */
  enter(columns: LogColumns, paths: Paths): void {
    this.#classified = null;
    this.#sameUpTo = 0;
    const heeds = this.#heeds;
    if (!heeds) return;
    const { labelBits, matters } = heededOf(heeds, columns, paths);
    this.#labelBits = labelBits;
    this.#matters = matters;
  }

  /** Whether anything of a block can matter. */
  heedsBlock(columns: LogColumns, block: Block): boolean {
    const heeds = this.#heeds;
    if (!heeds || this.needs.kind !== "tracks") return true;
    if (block.points === 0 || (block.labelBits & this.#labelBits) === 0) return false;
    const bounds = this.#bounds;
    return bounds === null || columns.blockExtents.mayLieIn(block.extent, bounds, heeds.anchor === "bottom");
  }

  /** Whether nothing at all can happen while nothing heeded comes. */
  isIdle(t: number): boolean {
    const { rule, occurrence } = this.#running;
    return this.#memberCount === 0 && occurrence.open === null && (rule.rests?.(t) ?? false);
  }

  /**
   * Looks at one entry, or leaves it out where that changes nothing.
   * @param block the one that it is in, classified
   * @param from entries of earlier files
   */
  follow(columns: LogColumns, block: Block, entry: number, from: number): void {
    const { t, beforeT } = this.clock;
    const membership = this.#membership;
    if (!membership) {
      if (!this.#heedsEntry(columns, block, entry) && this.#running.rests(t)) return;
      this.#look(columns, entry, from, t, beforeT);
      return;
    }
    const isSame = entry < this.#sameUpTo || this.#areSameMembers(columns, block, entry);
    if (isSame && this.#memberCount === 0 && this.#running.rests(t)) return;
    const nowMs = columns.nowMs[entry] ?? 0;
    if (isSame && t < this.#quietUntil && this.#running.staysArmed(nowMs)) {
      this.#leap(columns, entry, from, t, beforeT);
      return;
    }
    this.settle();
    this.#look(columns, entry, from, t, beforeT);
    this.#heardT = t;
    this.#quietUntil = this.#running.steadyUntil();
  }

  /**
   * Leaves a whole block out where that changes nothing, up to its last look.
   * @param end the last entry of the block that is looked at, and the rule's time there
   * @returns false when the block has to be followed entry by entry
   */
  leap(block: Block, end: Place): boolean {
    const { columns, entry, t } = end;
    const membership = this.#membership;
    if (!membership || !this.#isSameInBlock(block, columns)) return false;
    this.#sameUpTo = block.toEntry;
    if (this.#memberCount === 0 && this.#running.rests(t)) return true;
    if (t >= this.#quietUntil) return false;
    const running = this.#running;
    if (!running.staysArmed(columns.nowMs[block.fromEntry] ?? 0) || !running.staysArmed(columns.nowMs[entry] ?? 0))
      return false;
    this.#leap(columns, entry, end.from, t, end.beforeT);
    return true;
  }

  /** Whether the points of a block have to be read to follow it. */
  needsPoints(block: Block): boolean {
    return this.#membership === null || this.#sameUpTo !== block.toEntry;
  }

  /** Finds out which tracks of a block are members all through it, and which never. */
  classify(columns: LogColumns, block: Block): void {
    const membership = this.#membership;
    if (!membership || this.#classified === block) return;
    this.#classified = block;
    const { fromAppearance, toAppearance } = block;
    const count = toAppearance - fromAppearance;
    if (count > this.#shares.length) this.#shares = new Uint8Array(2 * count);
    for (let i = 0; i < count; i += 1) {
      const appearance = fromAppearance + i;
      this.#shares[i] = this.#matters[appearance] === 0 ? 0 : shares[membership.share(columns, appearance)];
    }
  }

  /** Whether all through a block the same are members as at the entry before it. */
  #isSameInBlock(block: Block, columns: LogColumns): boolean {
    this.classify(columns, block);
    const members = this.#members;
    const { fromAppearance, toAppearance, looked } = block;
    let count = 0;
    for (let i = fromAppearance; i < toAppearance; i += 1) {
      const share = this.#shares[i - fromAppearance];
      if (share === shares.none) continue;
      if (share === shares.some || columns.pointsOf[i] !== looked || members[count] !== columns.idOf[i]) return false;
      count += 1;
    }
    return count === this.#memberCount;
  }

  /** Makes the last look that was left out: what comes next has to find everything as it was there. */
  settle(): void {
    const columns = this.#leaptIn;
    if (!columns) return;
    this.#leaptIn = null;
    this.#look(columns, this.#leaptEntry, this.#leaptFrom, this.#leaptT, this.#leaptBeforeT);
  }

  #leap(columns: LogColumns, entry: number, from: number, t: number, beforeT: number): void {
    this.#leaptIn = columns;
    this.#leaptEntry = entry;
    this.#leaptFrom = from;
    this.#leaptT = t;
    this.#leaptBeforeT = beforeT;
    if (t - this.#heardT < longestLeap) return;
    this.#running.rule.steady?.goneOn(t);
    this.#heardT = t;
  }

  #look(columns: LogColumns, entry: number, from: number, t: number, beforeT: number): void {
    const block = columns.openAt(entry);
    const tracks = this.#membership ? this.#membersAt(columns, block, entry) : columns.tracksOnce(block, entry);
    const running = this.#running;
    const changes = running.phases(new EntryLook(columns, entry, { t, beforeT, tracks }));
    for (const change of changes) this.#tell(from + entry, change, running);
  }

  /** A steady rule looks at nobody else. */
  #membersAt(columns: LogColumns, block: Block, entry: number): readonly Track[] {
    const members: Track[] = [];
    const { bytes } = block.body;
    const count = columns.pointCount[entry] ?? 0;
    let at = columns.pointsAt[entry] ?? 0;
    for (let k = 0; k < count; k += 1, at += pointBytes)
      if (this.#matters[block.fromAppearance + slotAt(bytes, at)] !== 0 && this.#membership?.is(bytes, at) === true)
        members.push(columns.track(block, entry, k));
    return members;
  }

  /** The camera had gone. */
  lose(entry: number, nowMs: number): void {
    this.settle();
    this.#quietUntil = -Infinity;
    const running = this.#running;
    for (const change of running.closing(nowMs, "camera-lost")) this.#tell(entry, change, running);
  }

  /**
   * The gateway began anew, or the picture's shape changed: the memory is gone, what is open goes on.
   * @param shared the clock of all rules that go on with nothing
   */
  restart(nowMs: number, aspect: number, shared: RuleClock): void {
    this.settle();
    const { open } = this.#running;
    this.#running = this.#make(aspect);
    this.#memberCount = 0;
    this.#quietUntil = -Infinity;
    this.clock = open ? this.#running.clock : shared;
    if (open) this.#running.occurrence.resume(open, this.clock.advance(nowMs));
  }

  /** Whether who counts here is who counted at the entry before; notes who it is now. */
  #areSameMembers(columns: LogColumns, block: Block, entry: number): boolean {
    const before = this.#members;
    let now = this.#spare;
    let count = 0;
    let isSame = true;
    const { bytes } = block.body;
    const left = columns.pointCount[entry] ?? 0;
    if (now.length < left) now = this.#spare = new Uint32Array(2 * left);
    let at = columns.pointsAt[entry] ?? 0;
    for (let k = 0; k < left; k += 1, at += pointBytes) {
      const slot = slotAt(bytes, at);
      const share = this.#shares[slot];
      if (share === shares.none || (share !== shares.all && this.#membership?.is(bytes, at) !== true)) continue;
      const id = columns.idOf[block.fromAppearance + slot] ?? 0;
      if (count >= this.#memberCount || before[count] !== id) isSame = false;
      now[count] = id;
      count += 1;
    }
    if (isSame && count === this.#memberCount) return true;
    this.#members = now;
    this.#memberCount = count;
    this.#spare = before;
    return false;
  }

  #heedsEntry(columns: LogColumns, block: Block, entry: number): boolean {
    const heeds = this.#heeds;
    if (!heeds) return true;
    const bounds = this.#bounds;
    const { bytes } = block.body;
    let at = columns.pointsAt[entry] ?? 0;
    for (let left = columns.pointCount[entry] ?? 0; left > 0; left -= 1, at += pointBytes)
      if (this.#matters[block.fromAppearance + slotAt(bytes, at)] !== 0)
        if (bounds === null || mayLieIn(bytes, at, bounds, heeds.anchor)) return true;
    return false;
  }
}
