/** One entry of a decoded log as the rules look at it (pure). */
import { lookedBits, type Block } from "../../analysis/track-log/block.ts";
import type { LogColumns } from "../../analysis/track-log/columns.ts";
import type { Look, Needs } from "../../analysis/zones/rule.ts";

/** Where an entry lies, and the time of the rule at it and at the look before. */
export interface EntryPlace {
  readonly columns: LogColumns;
  readonly block: Block;
  readonly entry: number;
  readonly t: number;
  readonly beforeT: number;
}

/** One entry of a log as a rule gets it; what was measured is put together only for who asks. */
export class EntryLook implements Look {
  readonly t: number;
  readonly beforeT: number;
  readonly nowMs: number;
  readonly tracks: Look["tracks"];
  readonly jerks: Look["jerks"];
  readonly #columns: LogColumns;
  readonly #block: Block;
  readonly #entry: number;

  constructor({ columns, block, entry, t, beforeT }: EntryPlace, { tracks, jerks }: Pick<Look, "tracks" | "jerks">) {
    this.t = t;
    this.beforeT = beforeT;
    this.nowMs = columns.nowMs[entry] ?? 0;
    this.tracks = tracks;
    this.jerks = jerks;
    this.#columns = columns;
    this.#block = block;
    this.#entry = entry;
  }

  get everyone(): Look["tracks"] {
    this.#columns.open(this.#block);
    return this.#columns.tracksOnce(this.#block, this.#entry);
  }

  get measures(): Look["measures"] {
    return measuresOf(this.#columns, this.#entry);
  }
}

let newest: { readonly columns: LogColumns; readonly entry: number; readonly measures: Look["measures"] } | null = null;

/** What was measured at an entry, merged as the engine does: put together once for all rules that ask one after the other. */
function measuresOf(columns: LogColumns, entry: number): Look["measures"] {
  if (newest?.columns === columns && newest.entry === entry) return newest.measures;
  const measures = { ...columns.scene(entry), ...columns.measures.get(entry) };
  newest = { columns, entry, measures };
  return measures;
}

/** Those that every scene has. */
const sceneMeasures: readonly string[] = ["brightness", "contrast", "sharpness", "blackShare"];

/** An entry has tracks that a rule looks at where `looked & mask` is `sight`. */
export const trackSights = { mask: lookedBits.tracks | lookedBits.moved, sight: lookedBits.tracks } as const;

/** Whether an entry has tracks that a rule looks at. Hot. */
export function seesTracks({ looked }: LogColumns, entry: number): boolean {
  return ((looked[entry] ?? 0) & trackSights.mask) === trackSights.sight;
}

/** Whether an entry has what a rule looks at. Hot. */
export function sees(needs: Needs, columns: LogColumns, entry: number): boolean {
  if (needs.kind === "tracks") return seesTracks(columns, entry);
  const { name } = needs;
  const told = columns.measures.size > 0 ? columns.measures.get(entry) : undefined;
  if (told && name in told) return typeof told[name] === "number";
  if (((columns.looked[entry] ?? 0) & lookedBits.scene) === 0) return false;
  return sceneMeasures.includes(name) || (name === "change" && columns.scene(entry)?.change !== null);
}
