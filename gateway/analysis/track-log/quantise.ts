/**
 * Observations as coarse as the log keeps them. The rules get these values live too: a replay is exact because both see
 * the same numbers, not because the log is finer than the rules.
 */
import type { Scene } from "../detection/scene.ts";
import type { Box } from "../geometry.ts";
import type { Track } from "../tracking/track.ts";
import type { Observation } from "../zones/rule.ts";
import { greatestScore } from "./points.ts";

/** Steps of one picture width or height: 0.024 px of 960. Powers of ten keep 0.3 being 0.3. */
export const boxSteps = 40_000;
/** A predicted box may hang out of the picture by a quarter. */
export const boxOffset = 10_000;
/** Steps of a score. */
export const scoreSteps = 10_000;
/** Steps of a speed of one picture a second; faster than 8.19 is cut. */
export const speedSteps = 4_000;
/** Steps of one grey level. */
export const lumaSteps = 250;
/** Steps of a share of the picture. */
export const shareSteps = 60_000;
/** A label is kept up to so many characters; it takes at most 240 bytes then. */
const labelLength = 60;
const u16 = 0xffff;

/** A whole number of steps within `from..to`; what is no number counts as the nearest end to zero. */
export function steps(value: number, perUnit: number, from: number, to: number): number {
  const whole = Math.round(value * perUnit);
  if (Number.isNaN(whole)) return Math.max(from, 0);
  // Adding zero turns -0 into 0: the log knows only one of them.
  return Math.min(to, Math.max(from, whole)) + 0;
}

/** Left or top in steps, 0..65535. */
export function placeSteps(place: number): number {
  return steps(place, boxSteps, -boxOffset, u16 - boxOffset) + boxOffset;
}

/** The place of `placeSteps`. */
export function placeOf(count: number): number {
  return (count - boxOffset) / boxSteps;
}

/** What the rules and the log get of one frame. */
export function quantise(seen: Observation): Observation {
  const tracks = seen.tracks === null ? null : seen.tracks.map(quantiseTrack);
  const scene = seen.scene === null ? null : quantiseScene(seen.scene);
  const measures = seen.measures === undefined ? {} : { measures: seen.measures };
  const aspect = seen.aspect === undefined ? {} : { aspect: Math.fround(seen.aspect) };
  const moved = seen.moved === true ? { moved: true } : {};
  return { tracks, scene, ...measures, ...aspect, ...moved };
}

function quantiseTrack(track: Track): Track {
  const { id, label, state, box, score, firstSeenMs, lastSeenMs, seenNow, hits, velocity } = track;
  return {
    id,
    label: label.length > labelLength ? label.slice(0, labelLength) : label,
    state,
    box: quantiseBox(box),
    score: steps(score, scoreSteps, 0, greatestScore) / scoreSteps,
    firstSeenMs: Math.round(firstSeenMs),
    lastSeenMs: Math.round(lastSeenMs),
    seenNow,
    hits,
    velocity: { x: speed(velocity.x), y: speed(velocity.y) },
  };
}

function quantiseBox({ x, y, width, height }: Box): Box {
  return {
    x: placeOf(placeSteps(x)),
    y: placeOf(placeSteps(y)),
    width: steps(width, boxSteps, 0, u16) / boxSteps,
    height: steps(height, boxSteps, 0, u16) / boxSteps,
  };
}

function speed(value: number): number {
  return steps(value, speedSteps, -0x8000, 0x7fff) / speedSteps;
}

function quantiseScene({ brightness, contrast, sharpness, blackShare, change }: Scene): Scene {
  return {
    brightness: steps(brightness, lumaSteps, 0, u16) / lumaSteps,
    contrast: steps(contrast, lumaSteps, 0, u16) / lumaSteps,
    sharpness: Math.fround(sharpness),
    blackShare: steps(blackShare, shareSteps, 0, u16) / shareSteps,
    // The highest count is the mark of "no frame before".
    change: change === null ? null : steps(change, lumaSteps, 0, u16 - 1) / lumaSteps,
  };
}
