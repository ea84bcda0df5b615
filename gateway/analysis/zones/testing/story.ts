/** Stories for tests: objects that are in the picture at some times, as confirmed tracks, run through a rule engine. */
import type { ZonesConfig } from "../../../config/zones-schema.ts";
import { zonesSchema } from "../../../config/zones-schema.ts";
import type { Box } from "../../geometry.ts";
import type { Track } from "../../tracking/track.ts";
import type { Observation } from "../rule.ts";
import { RuleEngine } from "../rule-engine.ts";
import type { Trigger } from "../trigger.ts";

/** One object: `box` at a time in seconds since the story began, or null when it is not seen then. */
export interface Actor {
  readonly id: number;
  readonly label: string;
  readonly score?: number;
  readonly at: (sec: number) => Box | null;
}

/** A story and how it is told. */
export interface Story {
  readonly zones: unknown;
  readonly actors?: readonly Actor[];
  readonly seconds: number;
  readonly fps?: number;
  /** Wall time of the first frame; a March noon in Chongqing unless told otherwise. */
  readonly startMs?: number;
  readonly measures?: (sec: number) => Readonly<Record<string, number | null>>;
}

/** 2026-03-14 12:00 +08:00. */
export const marchNoon = Date.parse("2026-03-14T12:00:00+08:00");

/** A zones file of one zone that covers the picture unless `polygon` is given. */
export function oneZone(rules: readonly unknown[], extra: Readonly<Record<string, unknown>> = {}): unknown {
  const polygon = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ];
  return {
    schema: "xueliang.zones/1",
    camera: "cam",
    zones: [{ id: "water", kind: "shoreline", polygon, rules, ...extra }],
  };
}

/** A rule engine for a zones file as it would be written, in Chongqing, with numbered occurrences. */
export function engineFor(zones: unknown, nextNumber?: () => number): RuleEngine {
  let n = 0;
  const number = nextNumber ?? ((): number => (n += 1));
  const parsed: ZonesConfig = zonesSchema.parse(zones);
  return new RuleEngine({
    cameraId: "cam",
    zones: parsed,
    timezone: "Asia/Shanghai",
    place: { lon: 106.55, lat: 29.56 },
    newId: () => `occ-${number()}`,
  });
}

/** Always in the same place, from one second to another. */
export function still(id: number, label: string, box: Box, from = 0, to = Infinity): Actor {
  return { id, label, at: (sec) => (sec >= from && sec < to ? box : null) };
}

/** An object that moves in a straight line from its first box, in picture widths and heights a second. */
export function mover(
  id: number,
  label: string,
  box: Box,
  speed: { readonly x: number; readonly y: number },
  from = 0,
  to = Infinity,
): Actor {
  return {
    id,
    label,
    at: (sec) =>
      sec >= from && sec < to ? { ...box, x: box.x + speed.x * (sec - from), y: box.y + speed.y * (sec - from) } : null,
  };
}

/** What the tracker would say about the actors at `sec`. */
export function tracksAt(actors: readonly Actor[], sec: number, startMs: number): Track[] {
  return actors.flatMap(({ id, label, score, at }) => {
    const box = at(sec);
    if (!box) return [];
    const before = at(sec - 0.1);
    const velocity = before ? { x: (box.x - before.x) * 10, y: (box.y - before.y) * 10 } : { x: 0, y: 0 };
    const nowMs = startMs + sec * 1000;
    return [
      {
        id,
        label,
        state: "confirmed",
        box,
        score: score ?? 0.8,
        firstSeenMs: startMs,
        lastSeenMs: nowMs,
        seenNow: true,
        hits: 9,
        velocity,
      },
    ];
  });
}

/** A trigger and the second of the story at which it came. */
export interface Told extends Trigger {
  readonly sec: number;
}

/** Runs a story at five frames a second unless told otherwise. */
export function tell(story: Story, engine: RuleEngine = engineFor(story.zones)): readonly Told[] {
  const { actors = [], seconds, fps = 5, startMs = marchNoon, measures } = story;
  const told: Told[] = [];
  for (let frame = 0; frame <= seconds * fps; frame += 1) {
    const sec = frame / fps;
    const seen: Observation = {
      tracks: tracksAt(actors, sec, startMs),
      scene: null,
      ...(measures ? { measures: measures(sec) } : {}),
    };
    for (const trigger of engine.step(seen, Math.round(startMs + sec * 1000))) told.push({ ...trigger, sec });
  }
  return told;
}

/** `start suspected 8.0` and so on: the shape of a story's outcome. */
export function outline(told: readonly Told[]): readonly string[] {
  return told.map((t) => `${t.phase} ${t.certainty} ${t.sec.toFixed(1)}`);
}
