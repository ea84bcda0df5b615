/** A rule that knows on which side each track is, on its way through a stretch of log: it is told only of who may change his (pure). */
import type { Box, Point } from "../../analysis/geometry.ts";
import type { Block } from "../../analysis/track-log/block.ts";
import type { LogColumns } from "../../analysis/track-log/columns.ts";
import * as point from "../../analysis/track-log/points.ts";
import { boxSteps, placeOf } from "../../analysis/track-log/quantise.ts";
import type { RunningRule } from "../../analysis/zones/running-rule.ts";
import type { Track } from "../../analysis/tracking/track.ts";
import { forgetMs, type Sided, type Settled } from "../../analysis/zones/side-memory.ts";
import { seesTracks } from "./entry-look.ts";
import type { Paths } from "./heeded.ts";
import { CountsAt } from "./membership.ts";
import { RuleRun } from "./rule-run.ts";
import { SideChanges, type SightPlace } from "./side-changes.ts";
import type { PlainRun } from "./steady-run.ts";

/** A track on the side where it is believed to be: as long as it stays there, nothing has to be told of it. */
interface Calm {
  readonly path: number;
  readonly side: number;
  readonly settled: Settled;
  /** The entry that the rule was told of last. */
  readonly toldEntry: number;
  /** The newest two entries in which it was seen there, and where their points lie; from the told one on. */
  beforeEntry: number;
  beforeAt: number;
  entry: number;
  at: number;
}

const nobody: readonly never[] = [];

/** One such rule in motion. Only within a run of plain blocks is anybody calm. */
export class SidesRun extends RuleRun {
  readonly #counts = new CountsAt(this.running.settings);
  /** Of a rule on a zone's border. */
  readonly #changes = changesOf(this.running);
  /** By number of the path in the file. */
  #calm: (Calm | undefined)[] = [];
  /** Paths that were calm at some time in the run in hand. */
  #calmed: number[] = [];
  /** By number of the path: the block in which it was last asked whether it is calm. */
  #blockOf = new Int32Array(0);
  /** Where the points lie of those whom the rule is told of at the entry in hand. */
  readonly #told: number[] = [];
  readonly #box = { x: 0.5, y: 0.5, width: 0.5, height: 0.5 };

  get #sided(): Sided {
    const { sided } = this.running.rule;
    if (!sided) throw new TypeError("a rule without sides has a run of its own");
    return sided;
  }

  override enter(columns: LogColumns, paths: Paths): void {
    super.enter(columns, paths);
    this.#calm = new Array<Calm | undefined>(columns.pathIds.count).fill(undefined);
    this.#blockOf = new Int32Array(columns.pathIds.count).fill(-1);
  }

  /** Goes through a run of blocks. */
  through(run: PlainRun): void {
    const changes = this.#changes;
    // While its calendar is closed a rule sees nobody, which the addon does not know.
    if (changes && this.running.arming === null && changes.begin(run, this.matters, this.ticking))
      this.#jump(run, changes);
    else for (const block of run.blocks) this.#walk(run, block);
    for (let i = 0; i < this.#calmed.length; i += 1) {
      const calm = this.#calm[this.#calmed[i] ?? 0];
      if (calm) this.#remind(run.columns, calm);
    }
    this.#calmed = [];
  }

  /** Goes from one who has to be told of to the next. */
  #jump(run: PlainRun, changes: SideChanges): void {
    const { columns, blocks } = run;
    const told = this.#told;
    let entry = blocks[0]?.fromEntry ?? 0;
    for (let isThere = changes.next(); isThere;) {
      this.#waitUpTo(run, entry, changes.entry);
      ({ entry } = changes);
      told.length = 0;
      for (; isThere && changes.entry === entry; isThere = changes.next()) {
        const calm = this.#calm[changes.path];
        if (calm) this.#remind(columns, seenAt(calm, changes.before));
        told.push(changes.at); // As many as a frame has.
      }
      this.#tell(run, columns.openAt(entry), entry);
      entry += 1;
    }
    this.#waitUpTo(run, entry, blocks.at(-1)?.toEntry ?? entry);
    for (let i = 0; i < this.#calmed.length; i += 1) {
      const calm = this.#calm[this.#calmed[i] ?? 0];
      if (calm) seenAt(calm, changes.newest(calm.path));
    }
  }

  /** Nobody has to be told of from one entry up to another, exclusive: what is open may have to be looked at. */
  #waitUpTo(run: PlainRun, from: number, to: number): void {
    const { running, ticking } = this;
    if (from >= to || running.restsIfClear(ticking.before(to))) return;
    const { columns } = run;
    this.#told.length = 0;
    let entry = from;
    while (entry < to && running.occurrence.open !== null) {
      let low = entry;
      for (let high = to; low < high;) {
        const middle = (low + high) >> 1;
        if (running.restsIfClear(ticking.at(middle))) low = middle + 1;
        else high = middle;
      }
      entry = low;
      while (entry < to && !seesTracks(columns, entry)) entry += 1;
      if (entry < to) this.#tell(run, columns.openAt(entry), entry);
      entry += 1;
    }
  }

  #walk(run: PlainRun, block: Block): void {
    const { columns } = run;
    if (!this.#mattersIn(block) && this.isIdle(this.ticking.before(block.fromEntry))) return;
    if (this.#allStayIn(columns, block)) return;
    columns.open(block);
    for (let entry = block.fromEntry; entry < block.toEntry; entry += 1)
      if (seesTracks(columns, entry)) this.#frame(run, block, entry);
  }

  #mattersIn({ fromAppearance, toAppearance }: Block): boolean {
    for (let i = fromAppearance; i < toAppearance; i += 1) if (this.matters[i] !== 0) return true;
    return false;
  }

  /** Whether everybody of a block is calm and stays so all through it; then their newest sights are noted. */
  #allStayIn(columns: LogColumns, block: Block): boolean {
    const { running, ticking, matters } = this;
    const { fromEntry, toEntry, fromAppearance, toAppearance, isOrdered, looked, frames } = block;
    const untilT = ticking.at(toEntry - 1);
    if (!isOrdered || looked < frames || running.arming !== null || !running.restsIfClear(untilT)) return false;
    for (let i = fromAppearance; i < toAppearance; i += 1) {
      if (matters[i] === 0) continue;
      const path = columns.pathOf[i] ?? 0;
      const calm = this.#calm[path];
      // Two of one id are told one after the other.
      if (this.#blockOf[path] === block.number) return false;
      this.#blockOf[path] = block.number;
      if (!calm || untilT - ticking.at(calm.entry) > forgetMs || ticking.at(fromEntry) <= ticking.at(calm.entry))
        return false;
      if (!this.#counts.are(columns.spans, i) || this.#sided.sideIn?.(columns.spans.anchors(i)) !== calm.side)
        return false;
    }
    for (let i = fromAppearance; i < toAppearance; i += 1) if (matters[i] !== 0) this.#noteNewest(columns, block, i);
    return true;
  }

  /** Notes the newest two sights in a block of somebody who is calm. */
  #noteNewest(columns: LogColumns, block: Block, appearance: number): void {
    const calm = this.#calm[columns.pathOf[appearance] ?? 0];
    if (!calm) return;
    const { bytes } = block.body;
    let later: { readonly entry: number; readonly at: number } | null = null;
    for (let entry = block.toEntry - 1; entry >= block.fromEntry; entry -= 1) {
      const at = sightOf(columns, bytes, entry, appearance - block.fromAppearance);
      if (at === null) continue;
      if (later) {
        [calm.beforeEntry, calm.beforeAt, calm.entry, calm.at] = [entry, at, later.entry, later.at];
        return;
      }
      later = { entry, at };
    }
    if (later) [calm.beforeEntry, calm.beforeAt, calm.entry, calm.at] = [calm.entry, calm.at, later.entry, later.at];
  }

  #frame(run: PlainRun, block: Block, entry: number): void {
    const { running, ticking } = this;
    const { columns } = run;
    this.#told.length = 0;
    // While its calendar is closed a rule sees nobody.
    if (running.isArmed(columns.nowMs[entry] ?? 0)) this.#follow(columns, block, entry);
    if (this.#told.length > 0 || !running.restsIfClear(ticking.at(entry))) this.#tell(run, block, entry);
  }

  /** Tells the rule of some, and leaves out from here on who is where he is believed to be. */
  #tell({ columns, from }: PlainRun, block: Block, entry: number): void {
    const { running, ticking } = this;
    const told = this.#told;
    const tracks: Track[] = [];
    for (let i = 0; i < told.length; i += 1) tracks.push(columns.trackAt(block, entry, told[i] ?? 0));
    const now = { t: ticking.at(entry), nowMs: columns.nowMs[entry] ?? 0 };
    const { memory, follow, judge } = this.#sided;
    const turned = told.length === 0 ? nobody : follow({ t: now.t, beforeT: ticking.before(entry), tracks });
    const changes =
      turned.length === 0 ? running.phasesIfClear(now, null) : running.phasesOf(judge(turned, now.t), now);
    if (changes.length > 0) this.tellAll({ from, entry }, changes);
    for (let i = 0; i < told.length; i += 1) {
      const at = told[i] ?? 0;
      const appearance = block.fromAppearance + point.slotAt(block.body.bytes, at);
      const settled = memory.take(columns.idOf[appearance] ?? 0);
      if (settled) this.#calmDown(settled, columns.pathOf[appearance] ?? 0, { entry, at });
    }
  }

  #calmDown(settled: Settled, path: number, { entry, at }: { readonly entry: number; readonly at: number }): void {
    const { side } = settled;
    this.#calmed.push(path); // As often as somebody is told of in a run.
    this.#calm[path] = { path, side, settled, toldEntry: entry, beforeEntry: entry, beforeAt: at, entry, at };
  }

  /** Finds whom the rule has to be told of: everybody but who is still on his side. Hot. */
  #follow(columns: LogColumns, block: Block, entry: number): void {
    const { bytes } = block.body;
    const { sideOf } = this.#sided;
    let at = columns.pointsAt[entry] ?? 0;
    for (let left = columns.pointCount[entry] ?? 0; left > 0; left -= 1, at += point.pointBytes) {
      const appearance = block.fromAppearance + point.slotAt(bytes, at);
      if (this.matters[appearance] === 0 || !point.isSeenAt(bytes, at) || !this.#counts.is(bytes, at)) continue;
      const calm = this.#calm[columns.pathOf[appearance] ?? 0];
      if (!calm)
        this.#told.push(at); // As many as a frame has.
      else if (this.#goesOn(calm, entry) && sideOf(this.#boxAt(bytes, at)) === calm.side) {
        calm.beforeEntry = calm.entry;
        calm.beforeAt = calm.at;
        calm.entry = entry;
        calm.at = at;
      } else {
        this.#remind(columns, calm);
        this.#told.push(at);
      }
    }
  }

  /** Whether a sight at `entry` is one step further, and the rule would still know the track. */
  #goesOn(calm: Calm, entry: number): boolean {
    const { ticking } = this;
    const lastT = ticking.at(calm.entry);
    return ticking.at(entry) > lastT && ticking.before(entry) - lastT <= forgetMs;
  }

  /** Tells the rule where a track has been meanwhile: it is no longer calm. */
  #remind(columns: LogColumns, calm: Calm): void {
    const { path, settled, toldEntry, beforeEntry, beforeAt, entry, at } = calm;
    this.#calm[path] = undefined;
    const last = [
      { t: this.ticking.at(beforeEntry), point: this.#placeAt(columns, beforeEntry, beforeAt) },
      { t: this.ticking.at(entry), point: this.#placeAt(columns, entry, at) },
    ] as const;
    this.#sided.memory.bring(columns.pathIds.ids[path] ?? 0, settled, entry === toldEntry ? null : last);
  }

  #placeAt(columns: LogColumns, entry: number, at: number): Point {
    return this.#sided.placeOf(this.#boxAt(columns.openAt(entry).body.bytes, at));
  }

  /** A box that the next call overwrites. */
  #boxAt(bytes: Uint8Array, at: number): Box {
    const box = this.#box;
    box.x = placeOf(point.xAt(bytes, at));
    box.y = placeOf(point.yAt(bytes, at));
    box.width = point.widthAt(bytes, at) / boxSteps;
    box.height = point.heightAt(bytes, at) / boxSteps;
    return box;
  }
}

function changesOf({ rule, settings }: RunningRule): SideChanges | null {
  const zone = rule.sided?.zone;
  return zone ? new SideChanges(zone, settings) : null;
}

/** Notes the newest two places at which somebody was seen on his side. */
function seenAt(calm: Calm, [newest, before]: readonly [SightPlace, SightPlace]): Calm {
  calm.beforeEntry = before.entry;
  calm.beforeAt = before.at;
  calm.entry = newest.entry;
  calm.at = newest.at;
  return calm;
}

/** Where the point of a track lies that was seen at an entry; null where it was not. */
function sightOf({ pointsAt, pointCount }: LogColumns, bytes: Uint8Array, entry: number, slot: number): number | null {
  let at = pointsAt[entry] ?? 0;
  for (let left = pointCount[entry] ?? 0; left > 0; left -= 1, at += point.pointBytes)
    if (point.slotAt(bytes, at) === slot) return point.isSeenAt(bytes, at) ? at : null;
  return null;
}
