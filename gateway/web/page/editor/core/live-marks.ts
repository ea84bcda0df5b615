/** What of a live frame is drawn over the picture: boxes, the point that is tested, how long each object has stood (pure). */
import type { FrameHeader, LiveTrack, Rule, XY, Zone } from "../../../api.ts";
import { areaOf, inside } from "./measure.ts";
import { isSame, type Shape, type ShapeRef } from "./shape.ts";

/** When each track was first seen in each drawn zone: a zone that only exists in the draft counts too. Wall ms. */
export type Entered = Map<string, number>;

/** One object. */
export interface Mark {
  readonly track: LiveTrack;
  /** 0..1 of the picture. */
  readonly anchor: XY;
  /** The zone it stands in: the chosen one before all others, then the smallest. */
  readonly zone: Shape | null;
  /** Seconds that it has stood there. */
  readonly seconds: number;
  /** Seconds until the zone's first rule fires; null when none counts time. */
  readonly limit: number | null;
  readonly pointedAt: boolean;
}

/** What the marks hang on besides the frame. */
export interface MarkParts {
  readonly shapes: readonly Shape[];
  readonly chosen: ShapeRef | null;
  readonly hovered: ShapeRef | null;
  /** Whether a zone lies as the box has it: then whoever the box says is in it is, also by a rod that reaches in. */
  readonly isApplied: (zone: Zone) => boolean;
  readonly limitOf: (rules: readonly Rule[]) => number | null;
}

/** The point of a box that a zone tests. */
export function testedPoint({ box: [x, y, width, height], anchor }: LiveTrack, zone: Zone | null): XY {
  return zone?.anchor === "center" ? [x + width / 2, y + height / 2] : anchor;
}

/** Marks of a frame; `entered` is brought up to date. */
export function marksOf(header: FrameHeader, entered: Entered, parts: MarkParts): readonly Mark[] {
  const { shapes, chosen, hovered, isApplied, limitOf } = parts;
  const tracks = header.tracks ?? [];
  const zones = shapes.filter(({ kind }) => kind === "zone").map((shape) => ({ shape, area: areaOf(shape.points) }));
  const seen = new Set<string>();
  const marks = tracks.map((track): Mark => {
    const stays = zones.flatMap(({ shape, area }) => {
      const zone = shape.node as Zone;
      const key = `${track.id} ${shape.id}`;
      const told = track.zones.find(({ id }) => id === shape.id)?.dwellSec;
      const isTold = told !== undefined && isApplied(zone);
      if (!isTold && !inside(shape.points, testedPoint(track, zone))) return [];
      const before = entered.get(key);
      // A clock that was set back must not keep the timer at nought until it has caught up.
      const sinceMs = before !== undefined && before <= header.atMs ? before : header.atMs - (told ?? 0) * 1_000;
      entered.set(key, sinceMs);
      seen.add(key);
      const rank = isSame(shape, chosen) ? -1 : area;
      return [{ shape, rank, seconds: Math.max(0, (header.atMs - sinceMs) / 1_000) }];
    });
    const [first] = stays.sort((a, b) => a.rank - b.rank);
    const zone = first?.shape ?? null;
    const rules = zone !== null && "rules" in zone.node ? zone.node.rules : [];
    return {
      track,
      anchor: testedPoint(track, (zone?.node as Zone | undefined) ?? null),
      zone,
      seconds: first?.seconds ?? 0,
      limit: limitOf(rules),
      pointedAt: stays.some(({ shape }) => isSame(shape, hovered)),
    };
  });
  for (const key of entered.keys()) if (!seen.has(key)) entered.delete(key);
  return marks;
}

/** "2.4 / 5 s"; empty outside of zones. */
export function dwellText({ zone, seconds, limit }: Mark): string {
  if (zone === null) return "";
  return limit === null ? `${seconds.toFixed(1)} s` : `${seconds.toFixed(1)} / ${limit} s`;
}
