/** Where a rule looks: zones and lines made ready, and which point of a box counts. */
import type { LineConfig, ZoneConfig } from "../../config/zones-schema.ts";
import { boundingBox, contains, type Box, type Point, type Polygon } from "../geometry.ts";
import type { Track } from "../tracking/track.ts";
import type { RuleSettings } from "./settings.ts";

/** The point of a box that must lie inside. `any`: a shared point is enough. */
export type Anchor = "bottom" | "center" | "any";

/** A zone ready for use. */
export interface Zone {
  readonly id: string;
  readonly kind: string;
  readonly polygon: Polygon;
  readonly bounds: Box;
  readonly anchor: Anchor;
}

/** A directed line ready for use; `side` is +1 to the right of it when looking from start to end, -1 to the left. */
export interface Line {
  readonly id: string;
  readonly from: Point;
  readonly to: Point;
  readonly direction: "both" | "left-to-right" | "right-to-left";
}

/** Makes a zone of the file ready. */
export function zoneOf(config: ZoneConfig): Zone {
  const polygon = config.polygon.map(([x, y]) => ({ x, y }));
  return { id: config.id, kind: config.kind, polygon, bounds: boundingBox(polygon), anchor: config.anchor ?? "bottom" };
}

/** Makes a line of the file ready. */
export function lineOf(config: LineConfig): Line {
  const [from, to] = [config.from, config.to].map(([x, y]) => ({ x, y }));
  return { id: config.id, from: from ?? { x: 0, y: 0 }, to: to ?? { x: 1, y: 1 }, direction: config.direction };
}

/** The point of a box that stands for it. */
export function anchorPoint(box: Box, anchor: Anchor): Point {
  const x = box.x + box.width / 2;
  return { x, y: anchor === "bottom" ? box.y + box.height : box.y + box.height / 2 };
}

/** Whether a box counts as inside. An anchor below the picture's edge counts as on the edge. */
export function inside(zone: Zone, box: Box): boolean {
  if (zone.anchor === "any") return touches(zone, box);
  const point = anchorPoint(box, zone.anchor);
  return contains(zone.polygon, { x: Math.min(1, Math.max(0, point.x)), y: Math.min(1, Math.max(0, point.y)) });
}

function touches(zone: Zone, box: Box): boolean {
  const right = box.x + box.width;
  const bottom = box.y + box.height;
  const points = [
    { x: box.x, y: box.y },
    { x: right, y: box.y },
    { x: box.x, y: bottom },
    { x: right, y: bottom },
    { x: box.x + box.width / 2, y: box.y + box.height / 2 },
  ];
  if (points.some((p) => contains(zone.polygon, p))) return true;
  return zone.polygon.some((p) => p.x >= box.x && p.x <= right && p.y >= box.y && p.y <= bottom);
}

/** Whether a track is one the rule counts: label, score, size; confirmed, or lost for no longer than the tracker allows. */
export function counts(track: Track, settings: RuleSettings, labels: readonly string[] = settings.labels): boolean {
  if (track.state !== "confirmed" && track.state !== "lost") return false;
  if (!labels.includes(track.label) || track.score < settings.score) return false;
  const { width, height } = track.box;
  if (height < settings.minSize || height > settings.maxSize) return false;
  return width * height >= (settings.minArea ?? 0);
}
