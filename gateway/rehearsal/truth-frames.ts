/** What a story's truth says frame by frame, beside what was seen: rods and persons, and how much of the water is covered (pure but for one read). */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Polygon } from "../analysis/geometry.ts";
import type { Track } from "../analysis/tracking/track.ts";
import { areaOf, coveredArea } from "../analysis/zones/coverage.ts";

const frameSchema = z.object({
  t: z.number(),
  objects: z.array(z.object({ class: z.string(), visible: z.number() })),
  debrisShare: z.number().default(0),
});
const headerSchema = z.object({ waterPolygon: z.array(z.tuple([z.number(), z.number()])).optional() });

/** One moment: of the truth, or as it was seen. */
export interface Moment {
  /** Seconds since the story began. */
  readonly t: number;
  readonly persons: number;
  readonly rods: number;
  /** Share of the water that is covered, 0..1. */
  readonly debris: number;
}

/** What a story's truth says. */
export interface TruthFrames {
  readonly water: Polygon;
  readonly moments: readonly Moment[];
}

/** Less of it to be seen is nobody's to find. */
const leastVisible = 0.25;
/** A box holds water too: the share of a debris box that is debris, as the rules have it. */
const boxFill = 0.65;
/** A tenth of a percent: less than that on both sides is a water without debris. */
const bareShare = 0.001;
/** Windows over which rods and persons are compared, seconds. */
const windowSec = 10;

/** Reads the frames of a `.truth.jsonl` file. @throws ZodError or SyntaxError for one that is no story's */
export async function readTruthFrames(path: string): Promise<TruthFrames> {
  const [header = "", ...lines] = (await readFile(path, "utf8")).trimEnd().split("\n");
  const { waterPolygon = [] } = headerSchema.parse(JSON.parse(header));
  const moments = lines.map((line) => {
    const { t, objects, debrisShare } = frameSchema.parse(JSON.parse(line));
    const count = (label: string): number =>
      objects.filter((one) => one.class === label && one.visible >= leastVisible).length;
    return { t, persons: count("person"), rods: count("fishing-rod"), debris: debrisShare };
  });
  return { water: waterPolygon.map(([x, y]) => ({ x, y })), moments };
}

/** What the tracks of one frame amount to. */
export function momentOf(t: number, tracks: readonly Track[], water: Polygon): Moment {
  const sure = tracks.filter(({ state }) => state === "confirmed" || state === "lost");
  const count = (label: string): number => sure.filter((one) => one.label === label).length;
  const boxes = sure.filter(({ label }) => label === "floating-debris").map(({ box }) => box);
  const area = water.length < 3 || boxes.length === 0 ? 0 : areaOf(water);
  const debris = area > 0 ? (boxFill * coveredArea(water, boxes)) / area : 0;
  return { t, persons: count("person"), rods: count("fishing-rod"), debris };
}

/** How the two compare. */
export interface Likeness {
  /** Windows of 10 s in which there was, or seemed to be, a rod or a person. */
  readonly windows: number;
  /** Of those, the ones with the most persons and the median of rods right. */
  readonly windowsRight: number;
  /** Mean distance of the covered share from the truth where there is, or seems to be, debris; null where there is none. */
  readonly debrisError: number | null;
}

/** Compares window by window. */
export function likenessOf(truth: readonly Moment[], seen: readonly Moment[]): Likeness {
  const windowOf = ({ t }: Moment): number => Math.floor(t / windowSec);
  const ofTruth = Map.groupBy(truth, windowOf);
  const ofSeen = Map.groupBy(seen, windowOf);
  let [windows, windowsRight] = [0, 0];
  const errors: number[] = [];
  for (const [window, real] of ofTruth) {
    const found = ofSeen.get(window) ?? [];
    if (found.length === 0) continue;
    const [is, was] = [summed(found), summed(real)];
    if (is.persons + is.rods + was.persons + was.rods > 0) {
      windows += 1;
      if (is.persons === was.persons && is.rods === was.rods) windowsRight += 1;
    }
    if (Math.max(is.debris, was.debris) >= bareShare) errors.push(Math.abs(is.debris - was.debris));
  }
  const mean = errors.reduce((sum, one) => sum + one, 0) / errors.length;
  return { windows, windowsRight, debrisError: errors.length === 0 ? null : Math.round(mean * 100_000) / 100_000 };
}

/** The most persons, the lower median of rods, the mean cover: as the rules take them. */
function summed(moments: readonly Moment[]): Omit<Moment, "t"> {
  const rods = moments.map((one) => one.rods).sort((a, b) => a - b);
  return {
    persons: Math.max(...moments.map((one) => one.persons)),
    rods: rods[(rods.length - 1) >> 1] ?? 0,
    debris: moments.reduce((sum, one) => sum + one.debris, 0) / moments.length,
  };
}
