/** Where in a run of blocks a rule on a zone's border has to be told of somebody: found by the addon (pure). */
import { searchSides } from "../../analysis/track-log/member-search.ts";
import { forgetMs, holdMs } from "../../analysis/zones/side-memory.ts";
import type { RuleSettings } from "../../analysis/zones/settings.ts";
import type { Zone } from "../../analysis/zones/zone.ts";
import { CountsAt } from "./membership.ts";
import type { PlainRun } from "./steady-run.ts";
import type { Ticking } from "./ticking.ts";
import { zoneNumbers } from "./zone-table.ts";

/** Numbers of a sight that is told, and of a path. */
const toldNumbers = 7;
const pathNumbers = 7;
/** The corners follow on anchor, bounds and their number. */
const cornersAt = 6;

/** Where a track was seen: the entry, and where its point lies. */
export interface SightPlace {
  readonly entry: number;
  readonly at: number;
}

/** Sights one after the other, found a few blocks ahead. */
export class SideChanges {
  /** Of the sight in hand. */
  entry = 0;
  at = 0;
  /** Number of its path in the file. */
  path = 0;
  readonly #rule: Float64Array;
  readonly #corners: Float64Array;
  readonly #done = new Uint32Array(2);
  readonly #search: typeof searchSides;
  #told: Uint32Array;
  #sights = new Uint32Array(0);
  #matters: Uint8Array = new Uint8Array(0);
  #span: Ticking["span"] = { first: 0, times: new Float64Array(0) };
  #run: PlainRun | null = null;
  /** The next block to be gone through. */
  #block = 0;
  /** In `told`: the one in hand, the next one, and where those end that are known. */
  #inHand = 0;
  #next = 0;
  #end = 0;

  constructor(zone: Zone, settings: RuleSettings, { search = searchSides, room = 2_048 } = {}) {
    const numbers = Float64Array.from(zoneNumbers(zone));
    this.#rule = Float64Array.of(
      ...new CountsAt(settings).limits,
      ...numbers.subarray(0, cornersAt - 1),
      holdMs,
      forgetMs,
    );
    this.#corners = numbers.subarray(cornersAt);
    this.#search = search;
    this.#told = new Uint32Array(room * toldNumbers);
  }

  /** Goes on with a run of blocks in which nobody has been seen yet. @returns whether the addon runs */
  begin(run: PlainRun, matters: Uint8Array, ticking: Ticking): boolean {
    this.#run = run;
    this.#matters = matters;
    this.#span = ticking.span;
    this.#block = 0;
    this.#inHand = this.#next = this.#end = 0;
    const numbers = run.columns.pathIds.count * pathNumbers;
    if (this.#sights.length === numbers) this.#sights.fill(0);
    else this.#sights = new Uint32Array(numbers);
    return this.#find(run);
  }

  /** Goes on to the next sight. @returns whether there is one in the run */
  next(): boolean {
    const run = this.#run;
    while (this.#next >= this.#end) {
      if (!run || this.#block >= run.blocks.length) return false;
      this.#find(run);
    }
    const told = this.#told;
    const at = this.#next;
    this.#inHand = at;
    this.#next = at + toldNumbers;
    this.entry = told[at] ?? 0;
    this.at = told[at + 1] ?? 0;
    this.path = told[at + 2] ?? 0;
    return true;
  }

  /** The newest two sights of its path before it, the newer one first; of a path that was seen before. */
  get before(): readonly [SightPlace, SightPlace] {
    return placesAt(this.#told, this.#inHand + 3);
  }

  /** The newest two sights of a path, once the run is over. */
  newest(path: number): readonly [SightPlace, SightPlace] {
    return placesAt(this.#sights, path * pathNumbers + 2);
  }

  #find({ columns, blocks }: PlainRun): boolean {
    const { first, times } = this.#span;
    for (;;) {
      const search = {
        matters: this.#matters,
        times,
        first,
        rule: this.#rule,
        polygon: this.#corners,
        sights: this.#sights,
        told: this.#told,
        done: this.#done,
      };
      if (!this.#search(columns, blocks, this.#block, search)) return false;
      const [taken = 0, told = 0] = this.#done;
      this.#block += taken;
      this.#next = 0;
      this.#end = told * toldNumbers;
      if (taken > 0) return true;
      this.#told = new Uint32Array(2 * this.#told.length);
    }
  }
}

function placesAt(numbers: Uint32Array, at: number): readonly [SightPlace, SightPlace] {
  return [
    { entry: numbers[at] ?? 0, at: numbers[at + 1] ?? 0 },
    { entry: numbers[at + 2] ?? 0, at: numbers[at + 3] ?? 0 },
  ];
}
