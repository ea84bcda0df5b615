/** Rules through a stretch of log, each looked at only where something can happen: the same triggers as look by look. */
import { recordKinds } from "../../analysis/track-log/block-format.ts";
import type { Block } from "../../analysis/track-log/block.ts";
import { LogColumns } from "../../analysis/track-log/columns.ts";
import { Extents } from "../../analysis/track-log/extents.ts";
import { RuleClock } from "../../analysis/zones/rule-clock.ts";
import { isOtherShape, type RuleMaker } from "../../analysis/zones/rule-engine.ts";
import { needsTracks, type Needs } from "../../analysis/zones/rule.ts";
import { sees } from "./entry-look.ts";
import type { Paths } from "./heeded.ts";
import { RuleRun, type Tell } from "./rule-run.ts";
import type { Stretch } from "./stretch.ts";
import { Ticking } from "./ticking.ts";

const widescreen = 16 / 9;

/** What a walk was stopped with. */
export class Stopped extends Error {}

/**
 * Runs every rule over the whole stretch. Rules do not know of one another, so each may be run alone.
 * @param tellOf whom each rule tells, by its number
 * @param isStopped asked once a block
 * @throws Stopped
 */
export function runRules(
  stretch: Stretch,
  makers: readonly RuleMaker[],
  tellOf: (rule: number) => Tell,
  isStopped: () => boolean = () => false,
): void {
  const runs = makers.map((maker, rule) => new RuleRun(maker, widescreen, tellOf(rule)));
  const walk = new Walk(runs, pathsOf(stretch));
  for (const { columns, blocks } of stretch.parts) {
    walk.enter(columns);
    for (const block of blocks) {
      if (isStopped()) throw new Stopped();
      walk.block(block);
    }
    walk.leave();
  }
  for (const run of runs) run.settle();
}

function pathsOf({ parts }: Stretch): Paths {
  const paths = { extents: new Extents(), byId: new Map<number, number>() };
  for (const columns of new Set(parts.map((part) => part.columns)))
    for (const [id, path] of columns.pathById) {
      let group = paths.byId.get(id);
      if (group === undefined) {
        group = paths.extents.open();
        paths.byId.set(id, group);
      }
      paths.extents.merge(group, columns.paths, path);
    }
  return paths;
}

class Walk {
  readonly #runs: readonly RuleRun[];
  readonly #paths: Paths;
  #ticking: readonly Ticking[] = [];
  #onlyTracks = false;
  /** Rules that have to look into the block in hand. */
  readonly #active: RuleRun[] = [];
  #aspect = widescreen;
  #columns: LogColumns;
  /** Entries of earlier parts. */
  #before = 0;

  constructor(runs: readonly RuleRun[], paths: Paths) {
    this.#columns = new LogColumns();
    this.#runs = runs;
    this.#paths = paths;
    const shared = new Map<string, RuleClock>();
    for (const run of runs) run.clock = sharedClock(shared, run.needs);
    this.#listClocks();
  }

  enter(columns: LogColumns): void {
    this.#columns = columns;
    for (const run of this.#runs) run.enter(columns, this.#paths);
  }

  leave(): void {
    this.#before += this.#columns.entries;
  }

  block(block: Block): void {
    const columns = this.#columns;
    const isPlain = block.isPlain && !isOtherShape(this.#aspect, block.aspect ?? undefined);
    const mayLeap = isPlain && block.isOrdered && block.looked > 0;
    if (mayLeap)
      for (const one of this.#ticking) if (one.needs.kind === "tracks") one.runAhead(columns, block, this.#before);
    const active = this.#active;
    active.length = 0;
    for (const run of this.#runs) {
      if (isPlain && !run.heedsBlock(columns, block) && run.isIdle(run.clock.t)) continue;
      if (!mayLeap || !this.#leaps(run, block)) active.push(run);
    }
    if (mayLeap && active.length === 0 && this.#onlyTracks) {
      for (const { clock, ahead } of this.#ticking) clock.set(ahead);
      return;
    }
    // Where nobody has to look, the times are enough: the clocks go on.
    if (!isPlain || !this.#onlyTracks || active.some((run) => run.needsPoints(block))) columns.open(block);
    for (const run of active) run.classify(columns, block);
    if (isPlain) {
      this.#plainFrames(columns, block);
      return;
    }
    for (let entry = block.fromEntry; entry < block.toEntry; entry += 1) {
      if (columns.kind[entry] === recordKinds.frame) this.#frame(columns, block, entry);
      else this.#other(columns, entry);
    }
  }

  /** Nothing but frames, and the shape stays. */
  #plainFrames(columns: LogColumns, block: Block): void {
    const before = this.#before;
    const [ticking, active, onlyTracks] = [this.#ticking, this.#active, this.#onlyTracks];
    for (let entry = block.fromEntry; entry < block.toEntry; entry += 1) {
      // Asked once for all that look at tracks, which is most of them or all.
      const hasTracks = sees(needsTracks, columns, entry);
      if (onlyTracks && !hasTracks) continue;
      const nowMs = columns.nowMs[entry] ?? 0;
      for (const { needs, clock } of ticking)
        if (needs.kind === "tracks" ? hasTracks : sees(needs, columns, entry)) clock.advance(nowMs);
      for (const run of active)
        if (run.needs.kind === "tracks" ? hasTracks : sees(run.needs, columns, entry))
          run.follow(columns, block, entry, before);
    }
  }

  #leaps(run: RuleRun, block: Block): boolean {
    if (run.needs.kind !== "tracks") return false;
    for (const { clock, end } of this.#ticking) if (clock === run.clock) return run.leap(block, end);
    return false;
  }

  #frame(columns: LogColumns, block: Block, entry: number): void {
    const nowMs = columns.nowMs[entry] ?? 0;
    const aspect = block.isPlain ? plainAspect(block, entry) : columns.aspects.get(entry);
    if (isOtherShape(this.#aspect, aspect)) {
      this.#aspect = aspect;
      this.#restart(nowMs);
    }
    for (const { needs, clock } of this.#ticking) if (sees(needs, columns, entry)) clock.advance(nowMs);
    for (const run of this.#active)
      if (sees(run.needs, columns, entry)) run.follow(columns, block, entry, this.#before);
  }

  #other(columns: LogColumns, entry: number): void {
    const nowMs = columns.nowMs[entry] ?? 0;
    const kind = columns.kind[entry];
    if (kind === recordKinds.lost) for (const run of this.#runs) run.lose(this.#before + entry, nowMs);
    if (kind !== recordKinds.start) return;
    // A gateway that began anew knows the picture's shape only from its first frame.
    this.#aspect = widescreen;
    this.#restart(nowMs);
  }

  #restart(nowMs: number): void {
    const shared = new Map<string, RuleClock>();
    for (const run of this.#runs) run.restart(nowMs, this.#aspect, sharedClock(shared, run.needs));
    this.#listClocks();
  }

  #listClocks(): void {
    const byClock = new Map(this.#runs.map(({ clock, needs }) => [clock, needs]));
    this.#ticking = [...byClock].map(([clock, needs]) => new Ticking(clock, needs, this.#columns));
    this.#onlyTracks = this.#ticking.every(({ needs }) => needs.kind === "tracks");
  }
}

/** A plain block tells its shape with its first frame. */
function plainAspect({ fromEntry, aspect }: Block, entry: number): number | undefined {
  return entry === fromEntry ? (aspect ?? undefined) : undefined;
}

function sharedClock(shared: Map<string, RuleClock>, needs: Needs): RuleClock {
  const key = needs.kind === "tracks" ? "" : `${needs.name} ${needs.graceSec}`;
  const clock = shared.get(key) ?? (needs.kind === "tracks" ? new RuleClock() : new RuleClock(needs.graceSec));
  shared.set(key, clock);
  return clock;
}
