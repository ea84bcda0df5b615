/** What a story's truth says frame by frame, beside what was seen: persons and rods as the rules count them, and how much of the water is covered (pure but for one read). */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Polygon } from "../analysis/geometry.ts";
import type { Track } from "../analysis/tracking/track.ts";
import type { ZonesConfig } from "../config/zones-schema.ts";
import { areaOf, coveredArea } from "../analysis/zones/coverage.ts";
import { Headcount, type Heads } from "./headcount.ts";

const frameSchema = z.object({
  t: z.number(),
  objects: z.array(
    z.object({
      class: z.string(),
      visible: z.number(),
      box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
    }),
  ),
  debrisShare: z.number().default(0),
});
const headerSchema = z.object({
  width: z.number().default(16),
  height: z.number().default(9),
  waterPolygon: z.array(z.tuple([z.number(), z.number()])).default([]),
});

/** One moment: of the truth, or as it was seen. */
export interface Moment extends Heads {
  /** Seconds since the story began. */
  readonly t: number;
  /** Share of the water that is covered, 0..1. */
  readonly debris: number;
}

/** What a story's truth says. */
export interface TruthFrames {
  /** Width of the picture divided by its height. */
  readonly aspect: number;
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
export async function readTruthFrames(path: string, zones: ZonesConfig): Promise<TruthFrames> {
  const [header = "", ...lines] = (await readFile(path, "utf8")).trimEnd().split("\n");
  const { waterPolygon, width, height } = headerSchema.parse(JSON.parse(header));
  const aspect = width / height;
  const heads = new Headcount(zones, aspect);
  const moments = lines.map((line) => {
    const { t, objects, debrisShare } = frameSchema.parse(JSON.parse(line));
    const there = objects.filter(({ visible }) => visible >= leastVisible).map(trueTrack);
    return { t, ...heads.count(t * 1_000, there), debris: debrisShare };
  });
  return { aspect, water: waterPolygon.map(([x, y]) => ({ x, y })), moments };
}

/** The truth as a tracker would tell it that makes no mistake. */
function trueTrack(object: z.output<typeof frameSchema>["objects"][number], index: number): Track {
  const [x, y, width, height] = object.box;
  return {
    id: index + 1,
    label: object.class,
    state: "confirmed",
    box: { x, y, width, height },
    score: 1,
    firstSeenMs: 0,
    lastSeenMs: 0,
    seenNow: true,
    hits: 2,
    velocity: { x: 0, y: 0 },
  };
}

/** The share of the water that the debris of one frame covers, 0..1. */
export function debrisOf(tracks: readonly Track[], water: Polygon): number {
  const sure = tracks.filter(({ state }) => state === "confirmed" || state === "lost");
  const boxes = sure.filter(({ label }) => label === "floating-debris").map(({ box }) => box);
  const area = water.length < 3 || boxes.length === 0 ? 0 : areaOf(water);
  return area > 0 ? (boxFill * coveredArea(water, boxes)) / area : 0;
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

/** The most persons that two moments show, the lower median of rods, the mean cover: as the rules take them. */
function summed(moments: readonly Moment[]): Omit<Moment, "t"> {
  const rods = moments.map((one) => one.rods).sort((a, b) => a - b);
  const persons = moments.map((one) => one.persons).sort((a, b) => b - a);
  return {
    persons: persons[1] ?? persons[0] ?? 0,
    rods: rods[(rods.length - 1) >> 1] ?? 0,
    debris: moments.reduce((sum, one) => sum + one.debris, 0) / moments.length,
  };
}
