/**
 * Detections become tracks: two passes (high scores, then low ones), a constant-velocity filter in seconds, one world per
 * label. After ByteTrack (Zhang et al., ECCV 2022); with `byteTrack` options at 30 frames a second it takes its decisions.
 */
import type { Box } from "../geometry.ts";
import { iou } from "../geometry.ts";
import type { Detection } from "../detection/detection.ts";
import { pair, type Likeness } from "./association.ts";
import { FaintPlaces } from "./faint-places.ts";
import { BoxFilter } from "./kalman.ts";
import { commonShift } from "./shake.ts";
import type { Track, TrackState } from "./track.ts";
import { siteDefaults, thinDefaults, thinLabels, type LabelOptions, type TrackerOptions } from "./tracker-options.ts";

/** No prediction reaches further than this: after a long pause a speed says nothing. */
const MAX_STEP_SEC = 1;
/** Frames closer than this keep plain IoU; above, boxes are widened because objects move further between looks. */
const DENSE_STEP_SEC = 0.04;
const BUFFER_PER_SEC = 2;
const MAX_BUFFER = 0.4;
/** Two tracks that overlap more than this are one object (ByteTrack). */
const DUPLICATE_IOU = 0.85;

interface Living {
  readonly id: number;
  readonly label: string;
  readonly filter: BoxFilter;
  readonly firstSeenMs: number;
  state: TrackState;
  box: Box;
  score: number;
  lastSeenMs: number;
  unseenSec: number;
  seenNow: boolean;
  hits: number;
  /** Whether it was ever seen clearly enough to begin a track at once. */
  clear: boolean;
}

/** One tracker a camera; coordinates may be 0..1 or pixels, time may stand still or jump. */
export class Tracker {
  #options: TrackerOptions;
  readonly #labels = new Map<string, LabelOptions>();
  #living: Living[] = [];
  readonly #faint = new Map<string, FaintPlaces>();
  #nextId = 1;
  #steps = 0;
  #lastMs: number | null = null;
  #lastStepSec = 1 / 30;

  constructor(options: TrackerOptions = {}) {
    this.#options = options;
  }

  /** Treats what is seen by other options from the next step on; what is tracked goes on. */
  tune(options: TrackerOptions): void {
    this.#options = options;
    this.#labels.clear();
  }

  /**
   * Tracks that are not ended, the unconfirmed ones among them. Not those that were never seen clearly: an edge that
   * faintly looks like a rod is there day and night, and would have every frame looked at.
   */
  get liveCount(): number {
    let count = 0;
    for (const { clear } of this.#living) if (clear) count += 1;
    return count;
  }

  /**
   * Takes in what was seen in one frame; [] means looked and saw nothing. Call it only for frames that were looked at.
   * @returns every living track and, once, each that ended in this step.
   */
  step(detections: readonly Detection[], nowMs: number): readonly Track[] {
    const seconds = this.#advance(nowMs);
    this.#steps += 1;
    for (const track of this.#living) {
      track.filter.predict(Math.min(seconds, MAX_STEP_SEC), track.state === "lost");
      track.box = track.filter.box;
      track.seenNow = false;
    }
    const labels = new Set([...this.#living.map((t) => t.label), ...detections.map((d) => d.label)]);
    for (const label of labels) {
      const world = this.#living.filter((t) => t.label === label);
      const seen = detections.filter((d) => d.label === label && usable(d.box));
      this.#stepLabel(world, seen, { label, nowMs, seconds, options: this.#optionsOf(label) });
    }
    const published = this.#living.map(asTrack);
    this.#living = this.#living.filter((t) => t.state !== "ended");
    return published;
  }

  /** Seconds since the last frame; a clock that stands still or runs back counts as one ordinary step. */
  #advance(nowMs: number): number {
    const passed = this.#lastMs === null ? 0 : (nowMs - this.#lastMs) / 1000;
    this.#lastMs = nowMs;
    if (passed > 0 && passed <= MAX_STEP_SEC) this.#lastStepSec = passed;
    return passed > 0 ? passed : this.#lastStepSec;
  }

  #optionsOf(label: string): LabelOptions {
    const known = this.#labels.get(label);
    if (known) return known;
    const { base, labels } = this.#options;
    const thin = thinLabels.includes(label) ? thinDefaults : {};
    const options = { ...siteDefaults, ...base, ...thin, ...labels?.[label] };
    this.#labels.set(label, options);
    return options;
  }

  #stepLabel(world: readonly Living[], seen: readonly Detection[], now: Now): void {
    const { options } = now;
    const likeness = this.#likeness(now);
    const high = seen.filter((d) => d.score >= options.highScore);
    const low = seen.filter((d) => d.score >= options.lowScore && d.score < options.highScore);
    const known = world.filter((t) => t.state !== "tentative");
    const tentative = world.filter((t) => t.state === "tentative");

    let first = pair(boxesOf(known), high, { likeness, gate: options.firstGate, fuseScore: true });
    const shift = this.#options.steady === false ? null : commonShift(boxPairs(known, high, first.pairs));
    if (shift) {
      for (const track of world) move(track, shift);
      first = pair(boxesOf(known), high, { likeness, gate: options.firstGate, fuseScore: true });
    }
    match(first.pairs, known, high, now);
    const missed = pick(known, first.tracks);
    const tracked = missed.filter((t) => t.state === "confirmed");
    const second = pair(boxesOf(tracked), low, { likeness, gate: options.lowGate, fuseScore: false });
    match(second.pairs, tracked, low, now);

    const left = pick(high, first.detections);
    const third = pair(boxesOf(tentative), left, { likeness, gate: options.tentativeGate, fuseScore: true });
    match(third.pairs, tentative, left, now);

    for (const track of world) if (!track.seenNow) miss(track, now);
    const fresh = pick(left, third.detections);
    for (const detection of fresh) {
      if (detection.score >= options.newScore) this.#living.push(this.#born(detection, now));
    }
    if (options.patientSec > 0) {
      const weak = [...fresh.filter(({ score }) => score < options.newScore), ...pick(low, second.detections)];
      this.#waitFor(weak, now, likeness);
    }
    dropDuplicates(this.#living.filter((t) => t.label === now.label && t.state !== "tentative"));
  }

  /** Begins tracks, at once confirmed, where something weak has come back often enough. */
  #waitFor(weak: readonly Detection[], now: Now, likeness: Likeness): void {
    const places = this.#faint.get(now.label) ?? new FaintPlaces();
    this.#faint.set(now.label, places);
    const { patientSec, patientShare, newScore } = now.options;
    const patience = { seconds: patientSec, score: patientShare * newScore };
    for (const detection of places.step(weak, { seconds: now.seconds, patience, likeness }))
      this.#living.push({ ...this.#born(detection, now), state: "confirmed", clear: false });
  }

  #likeness(now: Now): Likeness {
    const buffer = Math.min(MAX_BUFFER, Math.max(0, (now.seconds - DENSE_STEP_SEC) * BUFFER_PER_SEC));
    return { buffer, fatten: now.options.fatten, aspect: this.#options.aspect ?? 16 / 9 };
  }

  #born(detection: Detection, now: Now): Living {
    const id = this.#nextId;
    this.#nextId += 1;
    // In the very first frame there is nothing to compare with: what is sure enough counts at once (ByteTrack).
    const counts = this.#steps === 1 || now.options.confirmHits <= 1;
    return {
      id,
      label: detection.label,
      filter: new BoxFilter(detection.box),
      firstSeenMs: now.nowMs,
      state: counts ? "confirmed" : "tentative",
      box: detection.box,
      score: detection.score,
      lastSeenMs: now.nowMs,
      unseenSec: 0,
      seenNow: true,
      hits: 1,
      clear: true,
    };
  }
}

interface Now {
  readonly label: string;
  readonly nowMs: number;
  readonly seconds: number;
  readonly options: LabelOptions;
}

function match(
  pairs: readonly (readonly [number, number])[],
  tracks: readonly Living[],
  detections: readonly Detection[],
  now: Now,
): void {
  for (const [i, j] of pairs) {
    const track = tracks[i];
    const detection = detections[j];
    if (!track || !detection) continue;
    track.filter.update(detection.box);
    track.box = detection.box;
    track.score = detection.score;
    track.lastSeenMs = now.nowMs;
    track.unseenSec = 0;
    track.seenNow = true;
    track.hits += 1;
    track.clear ||= detection.score >= now.options.newScore;
    if (track.state !== "tentative" || track.hits >= now.options.confirmHits) track.state = "confirmed";
  }
}

function miss(track: Living, now: Now): void {
  track.unseenSec += now.seconds;
  const limit = track.state === "tentative" ? now.options.tentativeSec : now.options.gapSec;
  // A hair of slack: thirty steps of a thirtieth of a second do not add up to one.
  if (track.unseenSec > limit + 1e-3) track.state = "ended";
  else if (track.state !== "tentative") track.state = "lost";
}

/** Of a followed and a lost track in one place the one with the longer life stays. */
function dropDuplicates(tracks: readonly Living[]): void {
  for (const followed of tracks) {
    if (followed.state !== "confirmed") continue;
    for (const lost of tracks) {
      if (lost.state !== "lost" || iou(followed.box, lost.box) <= DUPLICATE_IOU) continue;
      const followedLife = followed.lastSeenMs - followed.firstSeenMs;
      const lostLife = lost.lastSeenMs - lost.firstSeenMs;
      if (followedLife > lostLife) lost.state = "ended";
      else followed.state = "ended";
    }
  }
}

function move(track: Living, { dx, dy }: { readonly dx: number; readonly dy: number }): void {
  track.filter.shift(dx, dy);
  track.box = track.filter.box;
}

function boxPairs(
  tracks: readonly Living[],
  detections: readonly Detection[],
  pairs: readonly (readonly [number, number])[],
): (readonly [Box, Box])[] {
  return pairs.flatMap(([i, j]) => {
    const from = tracks[i]?.box;
    const to = detections[j]?.box;
    return from && to ? [[from, to] as const] : [];
  });
}

function boxesOf(tracks: readonly Living[]): Box[] {
  return tracks.map((t) => t.box);
}

function pick<T>(all: readonly T[], indices: readonly number[]): T[] {
  return indices.flatMap((i) => {
    const one = all[i];
    return one === undefined ? [] : [one];
  });
}

/** A box with no area or with a number that is none would poison a filter for good. */
function usable(box: Box): boolean {
  return (
    Number.isFinite(box.x) &&
    Number.isFinite(box.y) &&
    box.width > 0 &&
    box.height > 0 &&
    Number.isFinite(box.width * box.height)
  );
}

function asTrack(t: Living): Track {
  return {
    id: t.id,
    label: t.label,
    state: t.state,
    box: t.box,
    score: t.score,
    firstSeenMs: t.firstSeenMs,
    lastSeenMs: t.lastSeenMs,
    seenNow: t.seenNow,
    hits: t.hits,
    velocity: t.filter.velocity,
  };
}
