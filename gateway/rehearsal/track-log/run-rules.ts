/** Rules through a stretch of log, each looked at only where something can happen: the same triggers as look by look. */
import { recordKinds } from "../../analysis/track-log/block-format.ts";
import type { Block } from "../../analysis/track-log/block.ts";
import { LogColumns } from "../../analysis/track-log/columns.ts";
import { Extents } from "../../analysis/track-log/extents.ts";
import { IdNumbers } from "../../analysis/track-log/id-numbers.ts";
import { isOtherShape, type RuleMaker } from "../../analysis/zones/rule-engine.ts";
import type { Needs } from "../../analysis/zones/rule.ts";
import { CountedRun, CountedRuns } from "./counted-run.ts";
import { sees, seesTracks } from "./entry-look.ts";
import type { Paths } from "./heeded.ts";
import { shareJerks, type JerkCounts } from "./jerk-counts.ts";
import { RuleRun, type Tell } from "./rule-run.ts";
import { SidesRun } from "./sides-run.ts";
import { SteadyRun, SteadyRuns } from "./steady-run.ts";
import type { Stretch } from "./stretch.ts";
import { Ticking } from "./ticking.ts";

const widescreen = 16 / 9;
/** Blocks that are taken in at once, at most: their times fit a small cache, and whoever stops need not wait long. */
const longestRun = 1024;

/** What a walk was stopped with. */
export class Stopped extends Error {}

/** How rules are run over a stretch. */
export interface Running {
  /** Whom each rule tells, by its number. */
  readonly tellOf: (rule: number) => Tell;
  /** Asked before every so many blocks. */
  readonly isStopped?: () => boolean;
  /** Whether nobody reads a verdict's trace: rules of which the same is told then may share one look. */
  readonly hasNoTraces?: boolean;
}

/**
 * Runs every rule over the whole stretch. Rules do not know of one another, so each may be run alone.
 * @throws Stopped
 */
export function runRules(stretch: Stretch, makers: readonly RuleMaker[], running: Running): void {
  const { tellOf, isStopped = () => false, hasNoTraces = false } = running;
  const runs = makers.map((maker, rule) => runOf(maker, tellOf(rule)));
  const walk = new Walk(runs, pathsOf(stretch), hasNoTraces);
  for (const { columns, blocks } of stretch.parts) {
    walk.enter(columns);
    for (let i = 0; i < blocks.length;) {
      if (isStopped()) throw new Stopped();
      i = walk.goOn(blocks, i);
    }
    walk.leave();
  }
  for (const run of runs) run.settle();
}

function runOf(maker: RuleMaker, tell: Tell): RuleRun {
  const { heeds, steady, sided, counting } = maker.make(widescreen, () => "").rule;
  if (counting) return new CountedRun(maker, widescreen, tell, counting);
  if (steady && heeds?.within) return new SteadyRun(maker, widescreen, tell, { rule: steady, within: heeds.within });
  return sided ? new SidesRun(maker, widescreen, tell) : new RuleRun(maker, widescreen, tell);
}

/** Where every track of a stretch was. */
export function pathsOf({ parts }: Stretch): Paths {
  const paths = { extents: new Extents(), ids: new IdNumbers() };
  for (const columns of new Set(parts.map((part) => part.columns)))
    for (let path = 0; path < columns.pathIds.count; path += 1) {
      const group = paths.ids.numberOf(columns.pathIds.ids[path] ?? 0);
      if (group === paths.extents.count) paths.extents.open();
      paths.extents.merge(group, columns.paths, path);
    }
  return paths;
}

class Walk {
  readonly #runs: readonly RuleRun[];
  /** Those that go through a run of blocks at once: on their own, once members are found, once heads are counted. */
  readonly #sided: readonly SidesRun[];
  readonly #steady: readonly SteadyRun[];
  readonly #counted: readonly CountedRun[];
  readonly #others: readonly RuleRun[];
  readonly #paths: Paths;
  readonly #hasNoTraces: boolean;
  #ticking: readonly Ticking[] = [];
  #together: readonly SteadyRuns[] = [];
  #alike: readonly CountedRuns[] = [];
  #jerks: readonly JerkCounts[] = [];
  #onlyTracks = false;
  #aspect = widescreen;
  #columns = new LogColumns();
  /** Entries of earlier parts. */
  #before = 0;

  constructor(runs: readonly RuleRun[], paths: Paths, hasNoTraces: boolean) {
    this.#runs = runs;
    this.#hasNoTraces = hasNoTraces;
    this.#sided = runs.filter((run) => run instanceof SidesRun);
    this.#steady = runs.filter((run) => run instanceof SteadyRun);
    this.#counted = runs.filter((run) => run instanceof CountedRun);
    const striding: readonly RuleRun[] = [...this.#sided, ...this.#steady, ...this.#counted];
    this.#others = runs.filter((run) => !striding.includes(run));
    this.#paths = paths;
    const shared = new Map<string, Ticking>();
    for (const run of runs) run.ticking = sharedClock(shared, run.needs);
    this.#listClocks();
  }

  enter(columns: LogColumns): void {
    this.#columns = columns;
    for (const run of this.#runs) run.enter(columns, this.#paths);
    for (const jerks of this.#jerks) jerks.enter(columns, this.#paths);
  }

  leave(): void {
    for (const run of this.#runs) run.settle();
    for (const jerks of this.#jerks) jerks.leave();
    this.#before += this.#columns.entries;
  }

  /** Takes in the block `i`, or as many as go together. @returns the number of the next one */
  goOn(blocks: readonly Block[], i: number): number {
    const end = this.#plainUpTo(blocks, i);
    if (end > i) this.#plain(blocks.slice(i, end));
    else if (blocks[i]) this.#each(blocks[i]);
    return Math.max(end, i + 1);
  }

  /** Where a run of blocks ends that hold nothing but frames of the present shape, in the order of their time. */
  #plainUpTo(blocks: readonly Block[], from: number): number {
    let untilMs = -Infinity;
    let i = from;
    for (; i < blocks.length && i - from < longestRun; i += 1) {
      const block = blocks[i];
      if (block?.isPlain !== true || block.baseMs < untilMs || isOtherShape(this.#aspect, block.aspect ?? undefined))
        break;
      untilMs = this.#columns.nowMs[block.toEntry - 1] ?? untilMs;
    }
    return i;
  }

  #plain(blocks: readonly Block[]): void {
    const columns = this.#columns;
    if (!this.#onlyTracks) for (const block of blocks) columns.open(block);
    const [from, to] = [blocks[0]?.fromEntry ?? 0, blocks.at(-1)?.toEntry ?? 0];
    for (const ticking of this.#ticking) ticking.through(columns, from, to);
    const run = { columns, blocks, from: this.#before };
    for (const jerks of this.#jerks) jerks.through(run);
    for (const one of this.#sided) one.through(run);
    for (const together of this.#together) together.through(run);
    for (const alike of this.#alike) alike.through(run);
    if (this.#others.length === 0) return;
    for (const block of blocks) this.#frames(block);
  }

  /** The rules that look frame by frame. */
  #frames(block: Block): void {
    const columns = this.#columns;
    const active = this.#others.filter((run) => run.isActive(columns, block));
    if (active.length === 0) return;
    columns.open(block);
    for (let entry = block.fromEntry; entry < block.toEntry; entry += 1) {
      // Asked once for all that look at tracks, which is most of them or all.
      const hasTracks = seesTracks(columns, entry);
      for (const run of active) {
        const { needs, ticking } = run;
        if (needs.kind === "tracks" ? !hasTracks : !ticking.hasMeasure(entry)) continue;
        const [t, beforeT] = [ticking.at(entry), ticking.before(entry)];
        run.follow({ columns, block, entry, from: this.#before, t, beforeT });
      }
    }
  }

  /** Every entry of a block of all sorts. */
  #each(block: Block): void {
    const columns = this.#columns;
    columns.open(block);
    for (let entry = block.fromEntry; entry < block.toEntry; entry += 1)
      if (columns.kind[entry] === recordKinds.frame) this.#frame(block, entry);
      else this.#other(entry);
    for (const together of this.#together) together.forget();
  }

  #frame(block: Block, entry: number): void {
    const columns = this.#columns;
    const nowMs = columns.nowMs[entry] ?? 0;
    const aspect = block.isPlain ? plainAspect(block, entry) : columns.aspects.get(entry);
    if (isOtherShape(this.#aspect, aspect)) {
      this.#aspect = aspect;
      this.#restart(nowMs);
    }
    for (const { needs, clock } of this.#ticking) if (sees(needs, columns, entry)) clock.advance(nowMs);
    for (const jerks of this.#jerks) jerks.step(block, entry, this.#before);
    const at = { columns, block, entry, from: this.#before };
    if (seesTracks(columns, entry)) for (const together of this.#together) together.meet(at);
    for (const run of this.#runs) {
      const { t, beforeT } = run.ticking.clock;
      if (sees(run.needs, columns, entry)) run.follow({ ...at, t, beforeT });
    }
  }

  #other(entry: number): void {
    const nowMs = this.#columns.nowMs[entry] ?? 0;
    const kind = this.#columns.kind[entry];
    if (kind === recordKinds.lost) for (const run of this.#runs) run.lose(this.#before + entry, nowMs);
    if (kind !== recordKinds.start) return;
    // A gateway that began anew knows the picture's shape only from its first frame.
    this.#aspect = widescreen;
    this.#restart(nowMs);
  }

  #restart(nowMs: number): void {
    const shared = new Map<string, Ticking>();
    for (const run of this.#runs) run.restart(nowMs, this.#aspect, sharedClock(shared, run.needs));
    this.#listClocks();
  }

  #listClocks(): void {
    this.#ticking = [...new Set(this.#runs.map(({ ticking }) => ticking))];
    this.#together = SteadyRuns.of(this.#steady, this.#hasNoTraces);
    this.#alike = CountedRuns.of(this.#counted);
    this.#jerks = shareJerks(this.#runs);
    for (const jerks of this.#jerks) jerks.enter(this.#columns, this.#paths);
    this.#onlyTracks = this.#ticking.every(({ needs }) => needs.kind === "tracks");
  }
}

/** A plain block tells its shape with its first frame. */
function plainAspect({ fromEntry, aspect }: Block, entry: number): number | undefined {
  return entry === fromEntry ? (aspect ?? undefined) : undefined;
}

function sharedClock(shared: Map<string, Ticking>, needs: Needs): Ticking {
  const key = needs.kind === "tracks" ? "" : `${needs.name} ${needs.graceSec}`;
  const ticking = shared.get(key) ?? new Ticking(needs);
  shared.set(key, ticking);
  return ticking;
}
