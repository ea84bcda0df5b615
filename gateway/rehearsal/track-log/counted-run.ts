/** A rule that counts heads on its way through a stretch of log: it looks where more rods may be than persons may have (pure). */
import type { Block } from "../../analysis/track-log/block.ts";
import type { LogColumns } from "../../analysis/track-log/columns.ts";
import type { Counting, Heads, Look } from "../../analysis/zones/rule.ts";
import type { RuleMaker } from "../../analysis/zones/rule-engine.ts";
import { AnglerCounts, headsAt, personsAt, rodsAt, sureAt, type OneCount } from "./angler-counts.ts";
import { seesTracks } from "./entry-look.ts";
import { RuleRun, type Place, type Tell } from "./rule-run.ts";
import type { PlainRun } from "./steady-run.ts";
import type { Ticking } from "./ticking.ts";
import { mostZones, zoneTable } from "./zone-table.ts";

/** What a look at a block is for: nothing but what is open, what later looks remember, or what it says. */
const care = { none: 0, remembered: 1, asked: 2 } as const;

/** Rules that differ in their zones alone: one count serves them all. */
export class CountedRuns {
  readonly #runs: readonly CountedRun[];
  readonly #counts: AnglerCounts;

  constructor(runs: readonly CountedRun[]) {
    this.#runs = runs;
    this.#counts = new AnglerCounts(runs.map(({ counting }) => counting));
  }

  /** Groups runs by what they count; anew after each `restart`. */
  static of(runs: readonly CountedRun[]): readonly CountedRuns[] {
    const groups: CountedRun[][] = [];
    for (const run of runs) {
      const group = groups.find((one) => one[0]?.counting.key === run.counting.key && hasRoom(one, run));
      if (group) group.push(run);
      else groups.push([run]);
    }
    return groups.map((group) => new CountedRuns(group));
  }

  /** Goes through a run of blocks. */
  through(run: PlainRun): void {
    this.#counts.through(run.columns, run.blocks);
    for (const [i, one] of this.#runs.entries()) one.through(run, this.#counts.of(i));
  }
}

/** The addon knows as many rules as zones. */
function hasRoom(group: readonly CountedRun[], one: CountedRun): boolean {
  if (group.length === mostZones) return false;
  return zoneTable([...group, one].map(({ counting }) => counting.zone)).length <= mostZones;
}

/** One counting rule in motion. */
export class CountedRun extends RuleRun {
  /** As of the newest `restart`. */
  counting: Counting;

  constructor(maker: RuleMaker, aspect: number, tell: Tell, counting: Counting) {
    super(maker, aspect, tell);
    this.counting = counting;
  }

  override restart(nowMs: number, aspect: number, shared: Ticking): void {
    super.restart(nowMs, aspect, shared);
    this.counting = this.running.rule.counting ?? this.counting;
  }

  /** Goes through a run of blocks in which heads are counted. */
  through(run: PlainRun, counts: OneCount): void {
    const { blocks } = run;
    const cares = this.#cares(blocks, counts);
    for (let i = 0; i < blocks.length; i += 1) {
      const block = blocks[i];
      const caring = cares[i] ?? care.asked;
      if (block && (caring !== care.none || this.running.occurrence.open !== null))
        this.#take(run, block, counts, caring);
    }
  }

  #take({ columns, from }: PlainRun, block: Block, counts: OneCount, cares: number): void {
    const { running, ticking } = this;
    for (let entry = block.fromEntry; entry < block.toEntry; entry += 1) {
      if (!seesTracks(columns, entry)) continue;
      const t = ticking.at(entry);
      const isAnybody = personsAt(counts, entry) > 0 || rodsAt(counts, entry) > 0;
      const matters = cares !== care.none && (isAnybody || !this.ruleRests(t));
      if (!matters && running.restsIfClear(t)) continue;
      const heads = headsAt(counts, entry);
      const changes =
        cares === care.asked
          ? running.phases(new CountedLook({ columns, block, entry, from, t, beforeT: ticking.before(entry) }, heads))
          : running.phasesIfClear({ t, nowMs: columns.nowMs[entry] ?? 0 }, matters ? heads : null);
      if (changes.length > 0) this.tellAll({ from, entry }, changes);
    }
  }

  #cares(blocks: readonly Block[], counts: OneCount): Uint8Array {
    const cares = new Uint8Array(blocks.length);
    const first = blocks[0]?.fromEntry ?? 0;
    for (let i = counts.doubts.indexOf(1); i >= 0 && i < blocks.length; i = counts.doubts.indexOf(1, i + 1)) {
      const block = blocks[i];
      if (block && this.#mayHold(block, counts, first)) cares[i] = care.asked;
    }
    this.#reachOn(blocks, cares);
    this.#reachBack(blocks, cares);
    return cares;
  }

  /** Whether a frame of the block has more rods than persons may have who are there, or were a moment before. */
  #mayHold({ fromEntry, toEntry }: Block, counts: OneCount, first: number): boolean {
    const { ticking, running } = this;
    const { isOver, excuseMs } = this.counting;
    for (let entry = fromEntry; entry < toEntry; entry += 1) {
      const rods = rodsAt(counts, entry);
      if (rods === 0 || !isOver(rods, Math.max(1, sureAt(counts, entry)))) continue;
      // What the rule did not look at excuses nothing.
      const fromT = running.arming === null ? ticking.at(entry) - excuseMs : Infinity;
      let before = entry - 1;
      while (before >= first && ticking.at(before) >= fromT && isOver(rods, Math.max(1, sureAt(counts, before))))
        before -= 1;
      if (before < first || ticking.at(before) < fromT) return true;
    }
    return false;
  }

  /** Rods stay for a moment, also into the blocks after their own; and there may have been some right before the run. */
  #reachOn(blocks: readonly Block[], cares: Uint8Array): void {
    const { ticking } = this;
    const { staysMs } = this.counting;
    let staysUntilT = ticking.before(blocks[0]?.fromEntry ?? 0) + staysMs;
    for (let i = 0; i < cares.length; i += 1) {
      if (cares[i] === care.asked) staysUntilT = ticking.at((blocks[i]?.toEntry ?? 1) - 1) + staysMs;
      else if (staysUntilT === -Infinity) continue;
      else if (ticking.at(blocks[i]?.fromEntry ?? 0) < staysUntilT) cares[i] = care.asked;
      // Later blocks are later still.
      else staysUntilT = -Infinity;
    }
  }

  /** What matters to a look lies before it; and what the next run asks is not known yet. */
  #reachBack(blocks: readonly Block[], cares: Uint8Array): void {
    const { ticking } = this;
    const { memoryMs } = this.counting;
    let neededFromT = ticking.at((blocks.at(-1)?.toEntry ?? 1) - 1) - memoryMs;
    for (let i = cares.length - 1; i >= 0; i -= 1) {
      if (cares[i] === care.asked)
        neededFromT = Math.min(neededFromT, ticking.at(blocks[i]?.fromEntry ?? 0) - memoryMs);
      else if (neededFromT === Infinity) continue;
      else if (ticking.at((blocks[i]?.toEntry ?? 1) - 1) >= neededFromT) cares[i] = care.remembered;
      else neededFromT = Infinity;
    }
  }
}

/** An entry whose heads are counted: tracks are made only for who asks. */
class CountedLook implements Look {
  readonly t: number;
  readonly beforeT: number;
  readonly nowMs: number;
  readonly heads: Heads;
  readonly measures = {};
  readonly #columns: LogColumns;
  readonly #block: Block;
  readonly #entry: number;

  constructor({ columns, block, entry, t, beforeT }: Place, heads: Heads) {
    this.t = t;
    this.beforeT = beforeT;
    this.nowMs = columns.nowMs[entry] ?? 0;
    this.heads = heads;
    this.#columns = columns;
    this.#block = block;
    this.#entry = entry;
  }

  get tracks(): Look["tracks"] {
    this.#columns.open(this.#block);
    return this.#columns.tracksOnce(this.#block, this.#entry);
  }
}
