/** Rules through a stretch of log, each looked at only where something can happen: the same triggers as look by look. */
import { recordKinds } from "../../analysis/track-log/block-format.ts";
import type { Block, LogColumns } from "../../analysis/track-log/columns.ts";
import type { Extents } from "../../analysis/track-log/extents.ts";
import { RuleClock } from "../../analysis/zones/rule-clock.ts";
import { isOtherShape, type RuleMaker } from "../../analysis/zones/rule-engine.ts";
import type { Needs } from "../../analysis/zones/rule.ts";
import type { Trigger } from "../../analysis/zones/trigger.ts";
import { sees } from "./entry-look.ts";
import { RuleRun, type PathsById, type Place, type Told } from "./rule-run.ts";
import type { Stretch } from "./stretch.ts";

const widescreen = 16 / 9;

/** What a walk was stopped with. */
export class Stopped extends Error {}

/**
 * Runs every rule over the whole stretch. Rules do not know of one another, so each may be run alone.
 * @param isStopped asked once a block
 * @throws Stopped
 */
export function runRules(
  stretch: Stretch,
  makers: readonly RuleMaker[],
  isStopped: () => boolean = () => false,
): readonly (readonly Told[])[] {
  const runs = makers.map((maker) => new RuleRun(maker, widescreen));
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
  return runs.map(({ told }) => told);
}

/** The triggers of all rules of one file in the order in which they were told, their occurrences numbered anew. */
export function merged(ofRules: readonly (readonly Told[])[]): readonly Trigger[] {
  const all = ofRules.flatMap((told, rule) => told.map((one) => ({ ...one, rule })));
  all.sort((a, b) => a.entry - b.entry || a.rule - b.rule);
  const names = new Map<string, string>();
  return all.map(({ trigger, rule }) => {
    const own = `${rule} ${trigger.occurrenceId}`;
    const name = names.get(own) ?? `occ-${names.size + 1}`;
    names.set(own, name);
    return { ...trigger, occurrenceId: name };
  });
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

/** A clock and what makes it tick. */
interface Ticking {
  readonly needs: Needs;
  readonly clock: RuleClock;
}

class Walk {
  readonly #runs: readonly RuleRun[];
  readonly #paths: PathsById;
  #ticking: readonly Ticking[] = [];
  #aspect = widescreen;
  #columns: LogColumns | null = null;
  /** Entries of earlier parts. */
  #before = 0;

  constructor(runs: readonly RuleRun[], paths: PathsById) {
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
    this.#before += this.#columns?.entries ?? 0;
  }

  block(block: Block): void {
    const columns = this.#columns;
    if (!columns) return;
    const isPlain = block.isPlain && !isOtherShape(this.#aspect, block.aspect ?? undefined);
    let active = isPlain
      ? this.#runs.filter((run) => run.heedsBlock(columns, block) || !run.isIdle(run.clock.t))
      : this.#runs;
    if (isPlain && block.isUniform && block.looked > 0) {
      const ends = this.#endsOf(columns, block);
      active = active.filter((run) => {
        const end = ends.get(run.clock);
        return !end || !run.leap(block, { ...end, columns, from: this.#before });
      });
    }
    for (let entry = block.fromEntry; entry < block.toEntry; entry += 1) {
      if (columns.kind[entry] === recordKinds.frame) this.#frame(columns, entry, active);
      else this.#other(columns, entry);
    }
  }

  /** Where a block ends for the rules that look at tracks, by their clock. */
  #endsOf(columns: LogColumns, block: Block): ReadonlyMap<RuleClock, Omit<Place, "columns" | "from">> {
    const ends = new Map<RuleClock, Omit<Place, "columns" | "from">>();
    for (const { needs, clock } of this.#ticking) {
      if (needs.kind !== "tracks") continue;
      const fork = clock.fork();
      let last = block.fromEntry;
      for (let entry = block.fromEntry; entry < block.toEntry; entry += 1) {
        if (!sees(needs, columns, entry)) continue;
        fork.advance(columns.nowMs[entry] ?? 0);
        last = entry;
      }
      ends.set(clock, { entry: last, t: fork.t, beforeT: fork.beforeT });
    }
    return ends;
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
    const byClock = new Map(this.#runs.map(({ clock, needs }) => [clock, { clock, needs }]));
    this.#ticking = [...byClock.values()];
  }
}

function sharedClock(shared: Map<string, RuleClock>, needs: Needs): RuleClock {
  const key = needs.kind === "tracks" ? "" : `${needs.name} ${needs.graceSec}`;
  const clock = shared.get(key) ?? (needs.kind === "tracks" ? new RuleClock() : new RuleClock(needs.graceSec));
  shared.set(key, clock);
  return clock;
}
