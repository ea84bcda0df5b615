/** Which blocks of a run a rule has to look at closely, told for all rules alike in one go (pure). */
import type { Block } from "../../analysis/track-log/block.ts";
import type { LogColumns } from "../../analysis/track-log/columns.ts";
import { pointBytes, slotAt } from "../../analysis/track-log/points.ts";
import type { Track } from "../../analysis/tracking/track.ts";
import type { Screen } from "../../analysis/zones/rule.ts";
import { seesTracks } from "./entry-look.ts";
import { care, type RuleRun } from "./rule-run.ts";
import type { PlainRun } from "./steady-run.ts";

/** A rule and what a look of its is for, by number of the block in the run in hand. */
interface Sifted {
  readonly run: RuleRun;
  readonly screen: Screen;
  cares: Uint8Array;
}

/** A sieve for each sort of doubt that the rules have. */
export function sievesOf(runs: readonly RuleRun[]): readonly Sieve[] {
  const sifted = runs.flatMap((run) => {
    const { screen } = run;
    return screen ? [{ run, screen, cares: new Uint8Array(0) }] : [];
  });
  return [...Map.groupBy(sifted, ({ screen }) => screen.key).values()].map((alike) => new Sieve(alike));
}

/** Rules with the same doubts. */
export class Sieve {
  readonly #alike: readonly Sifted[];
  readonly #screen: Screen;
  /** Of the block in hand, by slot: 1 where the label is one that can raise a doubt. */
  #raises = new Uint8Array(64);
  /** The newest frame without a doubt of those that were asked. */
  #earlier: { readonly entry: number; readonly tracks: readonly Track[] } | null = null;

  constructor(alike: readonly Sifted[]) {
    const [first] = alike;
    if (!first) throw new RangeError("a sieve needs a rule");
    this.#alike = alike;
    this.#screen = first.screen;
  }

  /** Tells every rule what its looks at the run are for. */
  through({ columns, blocks }: PlainRun): void {
    // An entry of another run has no time in this one.
    this.#earlier = null;
    for (const one of this.#alike) one.cares = new Uint8Array(blocks.length);
    for (const [i, block] of blocks.entries()) if (this.#mayRaise(columns, block)) this.#ask(columns, block, i);
    for (const one of this.#alike) {
      reachOn(one, blocks);
      reachBack(one, blocks);
      one.run.sift(one.cares);
    }
  }

  /** Whether a frame of the block can have tracks enough for a doubt. */
  #mayRaise(columns: LogColumns, { fromAppearance, toAppearance }: Block): boolean {
    const { labels, more } = this.#screen;
    const count = toAppearance - fromAppearance;
    if (count <= more) return false;
    if (count > this.#raises.length) this.#raises = new Uint8Array(2 * count);
    let raising = 0;
    for (let i = 0; i < count; i += 1) {
      const label = columns.labels[columns.labelOf[fromAppearance + i] ?? 0] ?? "";
      const raises = labels.includes(label) ? 1 : 0;
      this.#raises[i] = raises;
      raising += raises;
    }
    return raising > more;
  }

  #ask(columns: LogColumns, block: Block, i: number): void {
    columns.open(block);
    for (let entry = block.fromEntry; entry < block.toEntry; entry += 1) {
      if (!seesTracks(columns, entry) || !this.#areEnough(columns, block, entry)) continue;
      const tracks = columns.tracksOnce(block, entry);
      const doubtful = this.#screen.doubtful(tracks);
      if (doubtful.length === 0) {
        this.#earlier = { entry, tracks };
        continue;
      }
      for (const { run, screen, cares } of this.#alike) {
        if (cares[i] === care.asked || !screen.mayHold(tracks, doubtful, this.#earlierFor(run, screen, entry)))
          continue;
        cares[i] = care.asked;
      }
    }
  }

  #areEnough({ pointsAt, pointCount }: LogColumns, block: Block, entry: number): boolean {
    const { bytes } = block.body;
    const count = pointCount[entry] ?? 0;
    let missing = this.#screen.more;
    for (let k = 0, at = pointsAt[entry] ?? 0; k < count; k += 1, at += pointBytes) {
      if (this.#raises[slotAt(bytes, at)] !== 0) missing -= 1;
      if (missing < 0) return true;
    }
    return false;
  }

  /** What a rule has looked at without a doubt, where that is no longer ago than it may be. */
  #earlierFor(run: RuleRun, { earlierMs }: Screen, entry: number): readonly Track[] | null {
    const earlier = this.#earlier;
    if (!earlier || !run.isAlwaysArmed) return null;
    return run.ticking.at(entry) - run.ticking.at(earlier.entry) <= earlierMs ? earlier.tracks : null;
  }
}

/** A doubt stays for a moment, also into the blocks after its own; and there may have been one right before the run. */
function reachOn({ run, screen, cares }: Sifted, blocks: readonly Block[]): void {
  const { ticking } = run;
  let staysUntilT = ticking.before(blocks[0]?.fromEntry ?? 0) + screen.staysMs;
  for (const [i, { fromEntry, toEntry }] of blocks.entries()) {
    if (cares[i] === care.asked) staysUntilT = ticking.at(toEntry - 1) + screen.staysMs;
    else if (ticking.at(fromEntry) < staysUntilT) cares[i] = care.asked;
  }
}

/** What matters to a look lies before it; and what the next run asks is not known yet. */
function reachBack({ run, screen, cares }: Sifted, blocks: readonly Block[]): void {
  const { ticking } = run;
  let neededFromT = ticking.at((blocks.at(-1)?.toEntry ?? 1) - 1) - screen.memoryMs;
  for (let i = blocks.length - 1; i >= 0; i -= 1) {
    const block = blocks[i];
    if (!block) continue;
    if (cares[i] === care.none && ticking.at(block.toEntry - 1) >= neededFromT) cares[i] = care.remembered;
    if (cares[i] === care.asked) neededFromT = Math.min(neededFromT, ticking.at(block.fromEntry) - screen.memoryMs);
  }
}
