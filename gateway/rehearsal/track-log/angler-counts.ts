/** People at some zones and the rods in their hands in each entry of a run of blocks: by the addon, or track by track (pure). */
import type { Block } from "../../analysis/track-log/block.ts";
import type { LogColumns } from "../../analysis/track-log/columns.ts";
import { counted, countInBlocks, type AnglerCount } from "../../analysis/track-log/member-search.ts";
import { boxSteps } from "../../analysis/track-log/quantise.ts";
import type { Counting, Heads } from "../../analysis/zones/rule.ts";
import type { Zone } from "../../analysis/zones/zone.ts";
import { seesTracks } from "./entry-look.ts";
import { CountsAt, greatestSteps } from "./membership.ts";
import { mostZones, tableNumbers, waterBits, zoneTable } from "./zone-table.ts";

/** The counts of one rule in the run in hand; nobody is counted whom nobody looked at. */
export interface OneCount {
  readonly counts: Uint8Array;
  /** Where in `counts` those of entry 0 would be. */
  readonly base: number;
  /** Of each block: 1 where an entry has more rods than its persons, or than one, may have. */
  readonly doubts: Uint8Array;
}

/** What is counted at an entry. */
export function headsAt({ counts, base }: OneCount, entry: number): Heads {
  const at = base + entry * counted;
  return { persons: counts[at] ?? 0, sure: counts[at + 1] ?? 0, rods: counts[at + 2] ?? 0 };
}
/** `Heads.persons` at an entry. */
export function personsAt({ counts, base }: OneCount, entry: number): number {
  return counts[base + entry * counted] ?? 0;
}
/** `Heads.sure`. */
export function sureAt({ counts, base }: OneCount, entry: number): number {
  return counts[base + entry * counted + 1] ?? 0;
}
/** `Heads.rods`. Hot. */
export function rodsAt({ counts, base }: OneCount, entry: number): number {
  return counts[base + entry * counted + 2] ?? 0;
}

/** Counts for rules that differ in their zones alone. */
export class AnglerCounts {
  readonly #countings: readonly Counting[];
  readonly #byAddon: typeof countInBlocks;
  readonly #zones: readonly Zone[];
  #columns: LogColumns | null = null;
  #numbers: Numbers | null = null;
  #counts = new Uint8Array(0);
  #doubts = new Uint8Array(0);
  #first = 0;
  /** Entries and blocks of the run. */
  #stride = 0;
  #blockStride = 0;

  constructor(countings: readonly Counting[], byAddon = countInBlocks) {
    this.#countings = countings;
    this.#byAddon = byAddon;
    this.#zones = zoneTable(countings.map(({ zone }) => zone));
  }

  /** Counts in every entry of a run. */
  through(columns: LogColumns, blocks: readonly Block[]): void {
    if (columns !== this.#columns) this.#numbers = null;
    this.#columns = columns;
    this.#first = blocks[0]?.fromEntry ?? 0;
    this.#stride = (blocks.at(-1)?.toEntry ?? 0) - this.#first;
    this.#blockStride = blocks.length;
    this.#makeRoom();
    const [counts, stride, doubts, blockStride] = [this.#counts, this.#stride, this.#doubts, this.#blockStride];
    const numbers = (this.#numbers ??= numbersOf(this.#countings, this.#zones, columns));
    const count = { ...numbers, counts, stride, doubts, blockStride };
    if (this.#zones.length <= mostZones && this.#byAddon(columns, blocks, count)) return;
    counts.fill(0);
    doubts.fill(0);
    for (const [i, block] of blocks.entries()) this.#look(columns, block, i);
  }

  /** Those of one of the rules, until the next run. */
  of(rule: number): OneCount {
    const base = (rule * this.#stride - this.#first) * counted;
    const from = rule * this.#blockStride;
    return { counts: this.#counts, base, doubts: this.#doubts.subarray(from, from + this.#blockStride) };
  }

  #makeRoom(): void {
    const rules = this.#countings.length;
    const [counts, doubts] = [this.#stride * counted * rules, this.#blockStride * rules];
    if (this.#counts.length < counts) this.#counts = new Uint8Array(counts);
    if (this.#doubts.length < doubts) this.#doubts = new Uint8Array(doubts);
  }

  #look(columns: LogColumns, block: Block, i: number): void {
    if (block.points === 0) return;
    columns.open(block);
    for (let entry = block.fromEntry; entry < block.toEntry; entry += 1) {
      if (!seesTracks(columns, entry)) continue;
      const tracks = columns.tracksOnce(block, entry);
      for (const [rule, { count, isOver }] of this.#countings.entries()) {
        const { persons, sure, rods } = count(tracks);
        const { base, counts, doubts } = this.of(rule);
        counts.set([persons, sure, rods], base + entry * counted);
        if (isOver(rods, Math.max(1, sure))) doubts[i] = 1;
      }
    }
  }
}

type Numbers = Pick<AnglerCount, "roles" | "rule" | "zones" | "waters">;

/** The rules in the numbers of `AnglersJob`. */
function numbersOf(countings: readonly Counting[], zones: readonly Zone[], columns: LogColumns): Numbers {
  const [first] = countings;
  if (!first) throw new RangeError("no rule to count for");
  const { labels } = first.settings;
  const { people, clearScore, rodReach, aspect } = first.asked;
  const roles = new Uint8Array(256);
  for (const [number, label] of columns.labels.entries())
    roles[number] = (people.includes(label) ? 1 : 0) | (labels.includes(label) ? 2 : 0);
  const [leastScore = 0, ...rod] = new CountsAt(first.settings).limits;
  return {
    roles,
    rule: Float64Array.of(
      leastScore,
      greatestSteps(1, boxSteps),
      ...rod,
      clearScore,
      rodReach,
      aspect,
      first.threshold,
    ),
    zones: tableNumbers(zones),
    waters: waterBits(
      countings.map(({ zone }) => zone),
      zones,
    ),
  };
}
