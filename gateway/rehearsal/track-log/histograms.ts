/** What stands behind the sliders: scores, sizes and dwells of the tracks of a stretch (pure). */
import type { Block } from "../../analysis/track-log/block.ts";
import type { LogColumns } from "../../analysis/track-log/columns.ts";
import { pointBytes } from "../../analysis/track-log/points.ts";
import { isThere, waterOf, type Water } from "../../analysis/zones/angling.ts";
import { inside } from "../../analysis/zones/zone.ts";
import type { ZonesConfig } from "../../config/zones-schema.ts";
import type { Histogram, Histograms } from "../preview.ts";
import { Stopped } from "./run-rules.ts";
import type { Stretch } from "./stretch.ts";

const fiftieths = Array.from({ length: 51 }, (_, i) => i / 50);
/** Seconds; the last is open to above. */
const dwellEdges = [0, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400, 86_400];
/** A pause in a log beyond this is no stay: nobody looked. */
const longestStepMs = 10_000;

interface Followed {
  readonly label: string;
  bestScore: number;
  heights: number[];
  widths: number[];
  /** By number of the zone: milliseconds there: inside, or with a rod that reaches in. */
  readonly insideMs: Float64Array;
  lastMs: number;
}

/** Until a frame tells its shape. */
const widescreen = 16 / 9;
/** Heights and widths kept of one track: enough for a median. */
const mostSizes = 64;

/** Histograms over tracks that were confirmed at some time; one entry a track. */
export function histogramsOf(
  stretch: Stretch,
  config: ZonesConfig,
  isStopped: () => boolean = () => false,
): Histograms {
  const waters = config.zones.map((zone) => waterOf(zone, config));
  const rods = [...new Set(waters.flatMap(({ anglings }) => anglings.flatMap((one) => one.rods)))];
  const tracks = new Map<string, Followed>();
  // Ids begin anew with the gateway: the same id later is another object.
  let run = 0;
  let aspect = widescreen;
  for (const { columns, blocks } of stretch.parts)
    for (const block of blocks) {
      if (isStopped()) throw new Stopped();
      columns.open(block);
      aspect = block.aspect ?? aspect;
      const hasRods = rods.some((label) => holdsLabel(columns, block, label));
      for (let entry = block.fromEntry; entry < block.toEntry; entry += 1)
        if (columns.isFrame(entry)) {
          aspect = columns.aspects.get(entry) ?? aspect;
          follow(columns, block, entry, { waters, tracks, run, aspect, hasRods });
        } else run += 1;
    }
  const all = [...tracks.values()];
  const labels = [...new Set(all.map(({ label }) => label))].sort();
  const byLabel = (of: (track: Followed) => number): Readonly<Record<string, Histogram>> =>
    Object.fromEntries(
      labels.map((one) => [one, counted(fiftieths, all.filter(({ label }) => label === one).map(of))]),
    );
  return {
    scores: byLabel(({ bestScore }) => bestScore),
    sizes: byLabel(({ heights }) => medianOf(heights) ?? 0),
    medianWidth: medianOf(all.map(({ widths }) => medianOf(widths) ?? 0)),
    dwells: Object.fromEntries(
      waters.map(({ zone }, i) => {
        const seconds = all.map(({ insideMs }) => (insideMs[i] ?? 0) / 1_000).filter((one) => one > 0);
        return [zone.id, counted(dwellEdges, seconds)];
      }),
    ),
    tracks: all.length,
  };
}

function follow(
  columns: LogColumns,
  block: Block,
  entry: number,
  to: {
    readonly waters: readonly Water[];
    readonly tracks: Map<string, Followed>;
    readonly run: number;
    readonly aspect: number;
    /** Whether the block has rods that a rule knows: only then others are there than who stands there. */
    readonly hasRods: boolean;
  },
): void {
  const nowMs = columns.nowMs[entry] ?? 0;
  let at = columns.pointsAt[entry] ?? 0;
  for (let left = columns.pointCount[entry] ?? 0; left > 0; left -= 1, at += pointBytes) {
    const track = columns.borrow(block, at);
    if (track.state === "tentative") continue;
    const key = `${to.run} ${track.id}`;
    let known = to.tracks.get(key);
    if (!known) {
      known = {
        label: track.label,
        bestScore: 0,
        heights: [],
        widths: [],
        insideMs: new Float64Array(to.waters.length),
        lastMs: nowMs,
      };
      to.tracks.set(key, known);
    }
    known.bestScore = Math.max(known.bestScore, track.score);
    if (known.heights.length < mostSizes) {
      known.heights.push(track.box.height);
      known.widths.push(track.box.width);
    }
    const stepMs = nowMs - known.lastMs;
    known.lastMs = nowMs;
    if (stepMs <= 0 || stepMs > longestStepMs) continue;
    for (const [i, water] of to.waters.entries()) {
      const isHere = to.hasRods
        ? isThere(water, track, () => columns.tracksOnce(block, entry), to.aspect)
        : inside(water.zone, track.box);
      if (isHere) known.insideMs[i] = (known.insideMs[i] ?? 0) + stepMs;
    }
  }
}

/** Labels from 31 on share a bit: then there may be one. */
function holdsLabel(columns: LogColumns, block: Block, label: string): boolean {
  const number = columns.labels.indexOf(label);
  return number >= 0 && (block.labelBits & (1 << Math.min(31, number))) !== 0;
}

/** Null of nothing; sorts in place. */
function medianOf(values: number[]): number | null {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? null;
}

/** What lies beyond the last edge counts in the last span. */
function counted(edges: readonly number[], values: readonly number[]): Histogram {
  const counts = new Array<number>(edges.length - 1).fill(0);
  for (const value of values) {
    const above = edges.findIndex((edge) => edge > value);
    const at = above < 0 ? counts.length - 1 : Math.max(0, above - 1);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return { edges, counts };
}
