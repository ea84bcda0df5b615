/** How often every track of a log jerks: counted once for all rules that ask alike, before any of them looks (pure). */
import { isDeepStrictEqual } from "node:util";
import type { Block } from "../../analysis/track-log/block.ts";
import { LogColumns } from "../../analysis/track-log/columns.ts";
import { heightAt, isSeenAt, pointBytes, slotAt, yAt } from "../../analysis/track-log/points.ts";
import { boxSteps, placeOf } from "../../analysis/track-log/quantise.ts";
import { jerkWindowMs, Swing, swingShare, turnsKept, type TrackJerks } from "../../analysis/zones/jerks.ts";
import type { RunningRule } from "../../analysis/zones/running-rule.ts";
import type { ArmedSpan } from "../../analysis/zones/schedule.ts";
import { seesTracks } from "./entry-look.ts";
import type { Paths } from "./heeded.ts";
import type { PlainRun } from "./steady-run.ts";
import type { Ticking } from "./ticking.ts";

/** What is asked for, by which clock, and when anybody looks; null: always. */
export interface JerkAsking {
  readonly perMinute: number;
  readonly ticking: Ticking;
  readonly arming: RunningRule["arming"];
}

/** A track that turned, by its group, and from which entries on how many turns counted. */
interface Turner {
  readonly group: number;
  readonly swing: Swing;
  readonly entries: number[];
  readonly counts: number[];
}

/** The jerks of all tracks, as `Jerks` counts them frame by frame. Entries that are asked for are numbered through all files. */
export class JerkCounts {
  readonly #perMinute: number;
  readonly #keep: number;
  readonly #ticking: Ticking;
  readonly #arming: JerkAsking["arming"];
  #span: ArmedSpan | null = null;
  #columns = new LogColumns();
  #paths: Paths | null = null;
  /** By number of the path in the file: its group in `Paths`. */
  #groupOf = new Uint32Array(0);
  /** By group: its furthest top since it turned, 1 while it rises, when it was last seen. */
  #extreme = new Float64Array(0);
  #rising = new Uint8Array(0);
  #lastT = new Float64Array(0);
  /** By group: its oldest turn; Infinity: none; -Infinity: it has one more than is kept. */
  #oldestT = new Float64Array(0);
  readonly #turners: (Turner | undefined)[] = [];
  /** Those who have turns. */
  readonly #turned: Turner[] = [];
  /** How many of them have as many as are asked for. */
  #enough = 0;
  /** The newest look. */
  #newestT = 0;
  /** Entries of earlier files. */
  #before = 0;
  /** Of the run in hand: its first entry, 1 where somebody has enough, and whether there is such an entry. */
  #from = 0;
  #isAny = new Uint8Array(0);
  #isAnyInRun = false;

  constructor({ perMinute, ticking, arming }: JerkAsking) {
    this.#perMinute = perMinute;
    this.#keep = turnsKept(perMinute);
    this.#ticking = ticking;
    this.#arming = arming;
  }

  enter(columns: LogColumns, paths: Paths): void {
    const { pathIds } = columns;
    this.#columns = columns;
    this.#groupOf = new Uint32Array(pathIds.count);
    for (let path = 0; path < pathIds.count; path += 1)
      this.#groupOf[path] = paths.ids.numberOf(pathIds.ids[path] ?? 0);
    if (this.#paths === paths) return;
    this.#paths = paths;
    this.#extreme = new Float64Array(paths.ids.count);
    this.#rising = new Uint8Array(paths.ids.count);
    this.#lastT = new Float64Array(paths.ids.count).fill(-Infinity);
    this.#oldestT = new Float64Array(paths.ids.count).fill(Infinity);
  }

  /** Nobody asks about entries of this file any more. */
  leave(): void {
    for (const one of this.#turners) {
      one?.entries.splice(0, one.entries.length - 1);
      one?.counts.splice(0, one.counts.length - 1);
    }
  }

  /** Goes through a run of blocks; the clock has done so. */
  through({ blocks, from }: PlainRun): void {
    const ticking = this.#ticking;
    this.#begin(from, blocks[0]?.fromEntry ?? 0, blocks.at(-1)?.toEntry ?? 0);
    for (const block of blocks)
      for (let entry = block.fromEntry; entry < block.toEntry; entry += 1) this.#take(block, entry, ticking.at(entry));
  }

  /** Takes in one entry; the clock has done so. @param before entries of earlier files */
  step(block: Block, entry: number, before: number): void {
    this.#begin(before, entry, entry + 1);
    this.#take(block, entry, this.#ticking.clock.t);
  }

  /** Whether anybody has enough at an entry of the run in hand. */
  isAnyAt(entry: number): boolean {
    return this.#isAny[entry - this.#from] === 1;
  }

  /** Whether anybody has at an entry of a block of the run in hand. */
  isAnyIn({ fromEntry, toEntry }: Block): boolean {
    if (!this.#isAnyInRun) return false;
    for (let entry = fromEntry; entry < toEntry; entry += 1) if (this.isAnyAt(entry)) return true;
    return false;
  }

  /** Whether the track of an appearance has enough at an entry of the run in hand. */
  hasEnough(appearance: number, entry: number): boolean {
    const turner = this.#turners[this.#groupOf[this.#columns.pathOf[appearance] ?? 0] ?? 0];
    return turner !== undefined && countAt(turner, this.#before + entry) >= this.#perMinute;
  }

  /** The jerks as they were at an entry of this file. */
  at(entry: number): TrackJerks {
    return {
      perMinute: (trackId) => {
        const turner = this.#paths && this.#turners[this.#paths.ids.numberOf(trackId)];
        return turner ? countAt(turner, entry) : 0;
      },
    };
  }

  #begin(before: number, from: number, to: number): void {
    this.#before = before;
    this.#from = from;
    this.#isAnyInRun = false;
    if (this.#isAny.length < to - from) this.#isAny = new Uint8Array(2 * (to - from));
  }

  #take(block: Block, entry: number, t: number): void {
    const columns = this.#columns;
    if (
      seesTracks(columns, entry) &&
      (this.#arming === null || this.#isArmed(this.#arming, columns.nowMs[entry] ?? 0))
    ) {
      if ((columns.pointCount[entry] ?? 0) > 0) this.#follow(block, entry, t);
      if (this.#turned.length > 0) this.#forget(entry, t);
      this.#newestT = t;
    }
    const isAny = this.#enough > 0;
    this.#isAny[entry - this.#from] = isAny ? 1 : 0;
    if (isAny) this.#isAnyInRun = true;
  }

  #isArmed({ calendar, schedule }: NonNullable<JerkAsking["arming"]>, nowMs: number): boolean {
    let span = this.#span;
    if (!span || nowMs < span.fromMs || nowMs >= span.untilMs) this.#span = span = calendar.armedSpan(schedule, nowMs);
    return span.isArmed;
  }

  /** Takes in whoever is seen. Hot: nearly always nothing happens but that a top is further than before. */
  #follow(block: Block, entry: number, t: number): void {
    const { pointsAt, pointCount, pathOf } = this.#columns;
    const [groupOf, extreme, rising, lastT, oldestT] = [
      this.#groupOf,
      this.#extreme,
      this.#rising,
      this.#lastT,
      this.#oldestT,
    ];
    const { bytes } = block.body;
    const newestT = this.#newestT;
    let at = pointsAt[entry] ?? 0;
    for (let left = pointCount[entry] ?? 0; left > 0; left -= 1, at += pointBytes) {
      if (!isSeenAt(bytes, at)) continue;
      const group = groupOf[pathOf[block.fromAppearance + slotAt(bytes, at)] ?? 0] ?? 0;
      const top = placeOf(yAt(bytes, at));
      const beyond = (extreme[group] ?? 0) - top;
      const travelled = rising[group] === 1 ? -beyond : beyond;
      const height = heightAt(bytes, at) / boxSteps;
      const isForgotten = newestT - (lastT[group] ?? 0) > jerkWindowMs;
      lastT[group] = t;
      // Of one that is forgotten the turns are gone since.
      if (isForgotten) rising[group] = 0;
      if (isForgotten) extreme[group] = top;
      else if (t - (oldestT[group] ?? 0) >= jerkWindowMs || travelled >= swingShare * height)
        this.#swing(group, { y: top, height }, { t, entry });
      else if (travelled <= 0) extreme[group] = top;
    }
  }

  /** Something may happen besides. */
  #swing(
    group: number,
    box: { readonly y: number; readonly height: number },
    { t, entry }: { readonly t: number; readonly entry: number },
  ): void {
    const one = (this.#turners[group] ??= { group, swing: new Swing(0), entries: [], counts: [] });
    const { swing } = one;
    const before = swing.turns.length;
    swing.extreme = this.#extreme[group] ?? 0;
    swing.rising = this.#rising[group] === 1;
    swing.follow(box, t, this.#keep);
    this.#extreme[group] = swing.extreme;
    this.#rising[group] = swing.rising ? 1 : 0;
    const { turns } = swing;
    this.#oldestT[group] = turns.length > this.#keep ? -Infinity : (turns[0] ?? Infinity);
    this.#note(one, before, entry);
  }

  /** Whoever is out of sight for too long has no turns. */
  #forget(entry: number, t: number): void {
    for (let i = this.#turned.length - 1; i >= 0; i -= 1) {
      const one = this.#turned[i];
      if (!one || t - (this.#lastT[one.group] ?? 0) <= jerkWindowMs) continue;
      const before = one.swing.turns.length;
      one.swing.turns.length = 0;
      this.#oldestT[one.group] = Infinity;
      this.#note(one, before, entry);
    }
  }

  #note(one: Turner, before: number, entry: number): void {
    const count = one.swing.turns.length;
    if (count === before) return;
    one.entries.push(this.#before + entry); // Shrinks in `leave`.
    one.counts.push(count);
    const least = this.#perMinute;
    this.#enough += (count >= least ? 1 : 0) - (before >= least ? 1 : 0);
    if (before === 0) this.#turned.push(one); // Shrinks here, too.
    if (count > 0) return;
    const at = this.#turned.indexOf(one);
    const last = this.#turned.pop();
    if (last && last !== one) this.#turned[at] = last;
  }
}

/** How many turns counted at an entry. */
function countAt({ entries, counts }: Turner, entry: number): number {
  // The last change up to there.
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle] ?? 0) <= entry) low = middle + 1;
    else high = middle;
  }
  return counts[low - 1] ?? 0;
}

/** Gives every rule that asks for jerks its counts; anew after each restart. */
export function shareJerks(runs: readonly JerkRun[]): readonly JerkCounts[] {
  const shared: { readonly asking: JerkAsking; readonly counts: JerkCounts }[] = [];
  for (const run of runs) {
    const asking = run.jerkAsking;
    if (!asking) continue;
    const known = shared.find((one) => isAlike(one.asking, asking));
    run.jerks = known?.counts ?? new JerkCounts(asking);
    if (!known) shared.push({ asking, counts: run.jerks });
  }
  return shared.map(({ counts }) => counts);
}

/** A rule on its way through a log. */
interface JerkRun {
  /** Null: it does not ask. */
  readonly jerkAsking: JerkAsking | null;
  jerks: JerkCounts | null;
}

function isAlike(a: JerkAsking, b: JerkAsking): boolean {
  if (a.perMinute !== b.perMinute || a.ticking !== b.ticking) return false;
  if (!a.arming || !b.arming) return a.arming === b.arming;
  return a.arming.calendar === b.arming.calendar && isDeepStrictEqual(a.arming.schedule, b.arming.schedule);
}
