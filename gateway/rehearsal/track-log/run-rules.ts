/** Rules through a stretch of log, each looked at only where something can happen: the same triggers as look by look. */
import { recordKinds } from "../../analysis/track-log/block-format.ts";
import type { Block } from "../../analysis/track-log/block.ts";
import { LogColumns } from "../../analysis/track-log/columns.ts";
import type { Extents } from "../../analysis/track-log/extents.ts";
import { RuleClock } from "../../analysis/zones/rule-clock.ts";
import { isOtherShape, type RuleMaker } from "../../analysis/zones/rule-engine.ts";
import type { Needs } from "../../analysis/zones/rule.ts";
import { sees } from "./entry-look.ts";
import { RuleRun, type PathsById, type Tell } from "./rule-run.ts";
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

function pathsOf({ parts }: Stretch): PathsById {
  const paths = new Map<number, { readonly extents: Extents; readonly group: number }[]>();
  for (const extents of new Set(parts.map(({ columns }) => columns)))
    for (const [id, group] of extents.pathById) {
      const known = paths.get(id);
      if (known) known.push({ extents: extents.paths, group });
      else paths.set(id, [{ extents: extents.paths, group }]);
    }
  return paths;
}

class Walk {
  readonly #runs: readonly RuleRun[];
  readonly #paths: PathsById;
  #ticking: readonly Ticking[] = [];
  #onlyTracks = false;
  /** Rules that have to look into the block in hand. */
  readonly #active: RuleRun[] = [];
  #aspect = widescreen;
  #columns: LogColumns;
  /** Entries of earlier parts. */
  #before = 0;

  constructor(runs: readonly RuleRun[], paths: PathsById) {
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
    for (let entry = block.fromEntry; entry < block.toEntry; entry += 1) {
      if (columns.kind[entry] === recordKinds.frame) this.#frame(columns, entry, active);
      else this.#other(columns, entry);
    }
  }

  #leaps(run: RuleRun, block: Block): boolean {
    if (run.needs.kind !== "tracks") return false;
    for (const { clock, end } of this.#ticking) if (clock === run.clock) return run.leap(block, end);
    return false;
  }

  #frame(columns: LogColumns, entry: number, active: readonly RuleRun[]): void {
    const nowMs = columns.nowMs[entry] ?? 0;
    const aspect = columns.aspects.size > 0 ? columns.aspects.get(entry) : undefined;
    if (isOtherShape(this.#aspect, aspect)) {
      this.#aspect = aspect;
      this.#restart(nowMs);
    }
    for (const { needs, clock } of this.#ticking) if (sees(needs, columns, entry)) clock.advance(nowMs);
    for (const run of active) if (sees(run.needs, columns, entry)) run.follow(columns, entry, this.#before);
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

function sharedClock(shared: Map<string, RuleClock>, needs: Needs): RuleClock {
  const key = needs.kind === "tracks" ? "" : `${needs.name} ${needs.graceSec}`;
  const clock = shared.get(key) ?? (needs.kind === "tracks" ? new RuleClock() : new RuleClock(needs.graceSec));
  shared.set(key, clock);
  return clock;
}
