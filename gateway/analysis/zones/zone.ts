/** Where a rule looks: zones made ready, and which point of a box counts. */
import type { ZoneConfig } from "../../config/zones-schema.ts";
import { boundingBox, contains, type Box, type Polygon } from "../geometry.ts";
import type { Track } from "../tracking/track.ts";
import { anchorPoint, type Anchor } from "./anchor.ts";
import type { RodReach } from "./angling.ts";
import type { Heed } from "./rule.ts";
import type { RuleSettings } from "./settings.ts";
import { shown } from "./shown.ts";
import type { TraceStep } from "./trigger.ts";

export { anchorPoint, type Anchor };

/** Two edges that lie closer together than this are one. */
const HAIR = 1e-9;

/** A zone ready for use. */
export interface Zone {
  readonly id: string;
  readonly kind: string;
  readonly polygon: Polygon;
  readonly bounds: Box;
  readonly anchor: Anchor;
  /** A standing person at two distances, for the size of the ground; left out: every pixel counts alike. */
  readonly persons?: ZoneConfig["persons"];
  /** Zones with the same rule: whoever stands there is not brought in here by his rod. */
  readonly others?: readonly Zone[];
}

/** Makes a zone of the file ready. */
export function zoneOf(config: ZoneConfig): Zone {
  const polygon = config.polygon.map(([x, y]) => ({ x, y }));
  const { id, kind, anchor = "bottom", persons } = config;
  return { id, kind, polygon, bounds: boundingBox(polygon), anchor, ...(persons ? { persons } : {}) };
}

/** Whether a box counts as inside. An anchor beside or below the picture counts as on its edge. */
export function inside(zone: Zone, box: Box): boolean {
  if (zone.anchor === "any") return touches(zone, box);
  const x = Math.min(1, Math.max(0, box.x + box.width / 2));
  const y = Math.min(1, Math.max(0, zone.anchor === "bottom" ? box.y + box.height : box.y + box.height / 2));
  return isIn(zone, x, y);
}

/** Whether a place lies in a zone. */
export function isIn({ bounds, polygon }: Zone, x: number, y: number): boolean {
  // The edge counts as inside by a hair's breadth, so the bounds are a hair wider too.
  if (x < bounds.x - HAIR || x > bounds.x + bounds.width + HAIR) return false;
  if (y < bounds.y - HAIR || y > bounds.y + bounds.height + HAIR) return false;
  return contains(polygon, { x, y });
}

/** What a rule on a zone heeds: tracks of these labels whose anchor may lie in it. */
export function heedOf(zone: Zone, labels: readonly string[]): Heed {
  const within = grown(zone.bounds, HAIR, HAIR);
  return { labels, anchor: zone.anchor, within, touches: (path) => overlap(within, held(path)) };
}

/** The same of a zone into which a rod may bring whoever stands at its edge; rods without such a person decide nothing. */
export function reachHeedOf(zone: Zone, labels: readonly string[], { rodReach, aspect }: RodReach): Heed {
  const reach = { x: rodReach / aspect, y: rodReach };
  const reached = (tallest: number): Box => grown(zone.bounds, reach.x * tallest + HAIR, reach.y * tallest + HAIR);
  return {
    labels,
    anchor: zone.anchor === "bottom" ? "bottom" : "any",
    within: reached(0),
    reach,
    touches: (path, tallest) => overlap(reached(tallest), held(path)),
  };
}

function grown({ x, y, width, height }: Box, byX: number, byY: number): Box {
  return { x: x - byX, y: y - byY, width: width + 2 * byX, height: height + 2 * byY };
}

/** An anchor beside the picture counts as on its edge. */
function held({ x, y, width, height }: Box): Box {
  const [left, top] = [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))];
  return {
    x: left,
    y: top,
    width: Math.max(0, Math.min(1, x + width) - left),
    height: Math.max(0, Math.min(1, y + height) - top),
  };
}

/** What a rule on the border of a zone heeds: every step of the tracks that may come into it. */
export function borderHeedOf(zone: Zone, labels: readonly string[]): Heed {
  return { ...heedOf(zone, labels), within: null };
}

function overlap(a: Box, b: Box): boolean {
  const apart = a.x > b.x + b.width || b.x > a.x + a.width || a.y > b.y + b.height || b.y > a.y + a.height;
  return !apart;
}

/** The step that asks whether a box counts as inside. */
export function insideStep(zone: Zone, box: Box): TraceStep {
  const { x, y } = anchorPoint(box, zone.anchor === "any" ? "center" : zone.anchor);
  const value = `${x.toFixed(3)}, ${y.toFixed(3)}`;
  return {
    step: "zone",
    passed: inside(zone, box),
    value,
    limit: `in ${zone.id}`,
    setting: `zones/${zone.id}/polygon`,
  };
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

/** What `counts` asks, one step each, in the order in which people think of it. */
export function countsSteps(
  track: Track,
  settings: RuleSettings,
  labels: readonly string[] = settings.labels,
): readonly TraceStep[] {
  const { path, score, minSize, maxSize, minArea = 0 } = settings;
  const { width, height } = track.box;
  const area = width * height;
  const step = (name: string, passed: boolean, value: number | string, limit: string, key: string): TraceStep => ({
    step: name,
    passed,
    value,
    limit,
    setting: `${path}/${key}`,
  });
  return [
    step("label", labels.includes(track.label), track.label, labels.join(", "), "labels"),
    step("followed", track.state === "confirmed" || track.state === "lost", track.state, "confirmed or lost", "labels"),
    step(
      "score",
      track.score >= score,
      shown(track.score, 3, (one) => one >= score),
      `>= ${score}`,
      "score",
    ),
    step(
      "min-size",
      height >= minSize,
      shown(height, 3, (one) => one >= minSize),
      `>= ${minSize}`,
      "minSize",
    ),
    step(
      "max-size",
      height <= maxSize,
      shown(height, 3, (one) => one <= maxSize),
      `<= ${maxSize}`,
      "maxSize",
    ),
    step(
      "min-area",
      area >= minArea,
      shown(area, 5, (one) => one >= minArea),
      `>= ${minArea}`,
      "minArea",
    ),
  ];
}
