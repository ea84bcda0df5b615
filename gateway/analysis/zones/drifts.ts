/**
 * What drifts on the water and what stands on it: debris comes with the current, a reflection stays under its lamp. Debris
 * that is caught somewhere stands still as well, so what came drifting once counts for good, and so does what grew.
 */
import { intersectionArea, type Box } from "../geometry.ts";
import type { Track } from "../tracking/track.ts";
import type { Look } from "./rule.ts";
import { stayGapMs } from "./stays.ts";

/** A piece's place is all that it covers in so long: a shimmering reflection shows now its upper and now its lower half. */
const settleMs = 3_000;
/** A piece has left its place when it is seen out of it for so long, in so many looks: one odd box is none. */
const sustainMs = 2_000;
const sustainLooks = 3;
/** Where something that had drifted came to rest is remembered for a night in which it cannot be seen. */
const placeMs = 24 * 3_600_000;
/** Windows that make up a place: wind lengthens and shortens a reflection by the minute. */
const placeWindows = 10;
/** So long in one place is rest. */
const restMs = 10_000;
/** A new id in a known place is what was there, by this share of the smaller of both boxes. */
const samePlace = 0.5;
/** Places remembered at most. */
const mostPieces = 256;
/** From here on water flows: what ripples creep on water that stands reads as up to 0.15 m/s. */
export const flowsFromMps = 0.2;
/** A reading of the current holds for so long; there is one every ten seconds. */
const currentMs = 60_000;
/** Whatever stands through so many readings of water that flows stands, also when the current cannot be read any more. */
const stoodReadings = 3;

/** What is asked of a piece. */
export interface DriftOptions {
  /** required: it has to have drifted; flowing: only where the current is known to flow. */
  readonly drift: "flowing" | "required";
  /** A piece has moved when less of it than this lies in its place, 0..1. */
  readonly sameSpot: number;
  /** It has to move so far within so many milliseconds: the sun's reflection takes a minute for half of itself. */
  readonly windowMs: number;
}

/** What is known of one piece. */
export interface Drift {
  /** Share of it that lies in its place, by its area or by how it grew: the least that made it count, else the newest. */
  readonly share: number;
  readonly counts: boolean;
  /** Whether anything says that it ought to have drifted. */
  readonly isJudged: boolean;
}

interface Piece {
  readonly bornT: number;
  /** Where it stands; all that it covers until `settledT`. */
  place: Box;
  settledT: number;
  /** Since when `place` is compared with; what it covered since, after what it covered in the windows before. */
  sinceT: number;
  covered: Box;
  windows: readonly Box[];
  /** When it came to where it is. */
  cameT: number;
  /** The largest it was in its first window. */
  firstArea: number;
  outT: number | null;
  outLooks: number;
  share: number;
  hasDrifted: boolean;
  flowedReadings: number;
  lastT: number;
}

/** Pieces of one rule. A look at which none is there changes nothing and may be left out. */
export class Drifts {
  readonly #options: DriftOptions;
  readonly #pieces = new Map<number, Piece>();
  #flowsUntilT = -Infinity;
  #trustedUntilT = -Infinity;
  #newestT = -Infinity;

  constructor(options: DriftOptions) {
    this.#options = options;
  }

  /** What shows up until then is taken for what was known before: an occurrence of an earlier run goes on. */
  trustUntil(t: number): void {
    this.#trustedUntilT = t;
  }

  /** Takes in the pieces that are there. */
  step(tracks: readonly Track[], { t, measures }: Pick<Look, "t" | "measures">): void {
    this.#newestT = t;
    if (tracks.length === 0) return;
    const isReading = this.#options.drift === "flowing" && this.#takeReading(t, measures["surfaceSpeedMps"]);
    const ids = new Set(tracks.map(({ id }) => id));
    for (const track of tracks) if (track.seenNow) this.#follow(track, t);
    this.#forget(t, ids);
    for (const track of tracks) if (!this.#pieces.has(track.id)) this.#begin(track, t, ids);
    for (const id of ids) {
      const piece = this.#pieces.get(id);
      if (piece && isReading) piece.flowedReadings += 1;
    }
  }

  /** What is known of a piece of the newest look. */
  of(trackId: number): Drift {
    const piece = this.#pieces.get(trackId);
    if (!piece) return { share: 1, counts: true, isJudged: false };
    const { share, hasDrifted } = piece;
    const isJudged = hasDrifted || this.#ought(piece);
    return { share, counts: hasDrifted || !isJudged, isJudged };
  }

  #ought({ bornT, flowedReadings }: Piece): boolean {
    if (this.#options.drift === "required" || this.#newestT < this.#flowsUntilT) return true;
    return flowedReadings >= stoodReadings && this.#newestT - bornT >= this.#options.windowMs;
  }

  /** Whether there is a reading of water that flows. */
  #takeReading(t: number, speedMps: number | null | undefined): boolean {
    if (typeof speedMps !== "number") return false;
    const flows = speedMps >= flowsFromMps;
    this.#flowsUntilT = flows ? t + currentMs : -Infinity;
    return flows;
  }

  #follow({ id, box }: Track, t: number): void {
    const piece = this.#pieces.get(id);
    if (!piece) return;
    const { windowMs, sameSpot } = this.#options;
    piece.lastT = t;
    if (t <= piece.settledT) {
      piece.place = hull(piece.place, box);
      piece.covered = piece.place;
      if (!piece.hasDrifted) piece.firstArea = Math.max(piece.firstArea, areaOf(box));
      return;
    }
    const share = shareInPlace(piece, box);
    if (!piece.hasDrifted) piece.share = share;
    if (share < sameSpot) {
      leave(piece, box, t);
      return;
    }
    piece.outT = null;
    piece.covered = hull(piece.covered, box);
    if (t - piece.bornT <= windowMs) piece.firstArea = Math.max(piece.firstArea, areaOf(box));
    if (t - piece.sinceT <= windowMs) return;
    piece.windows = [...piece.windows, piece.covered].slice(-placeWindows);
    piece.place = piece.windows.reduce(hull, box);
    piece.covered = box;
    piece.sinceT = t;
  }

  /** A new id begins, or goes on with what was in its place when the tracker lost it. */
  #begin({ id, box }: Track, t: number, present: ReadonlySet<number>): void {
    const known = this.#inPlaceOf(box, t);
    const piece = known === null ? undefined : this.#pieces.get(known);
    // A track that is only lost may be found again.
    if (known !== null && !present.has(known)) this.#pieces.delete(known);
    const place = piece ? hull(piece.place, box) : box;
    const hasDrifted = t <= this.#trustedUntilT;
    const anew = { bornT: t, settledT: t + settleMs, sinceT: t, cameT: t, firstArea: areaOf(box), outLooks: 0 };
    const begun = piece ?? { ...anew, covered: box, windows: [], share: 1, hasDrifted, flowedReadings: 0 };
    this.#pieces.set(id, { ...begun, place, outT: null, lastT: t });
    const [oldest] = this.#pieces.keys();
    if (this.#pieces.size > mostPieces && oldest !== undefined) this.#pieces.delete(oldest);
  }

  /** What had drifted goes before what had not: real debris is not lost to a reflection beside it. */
  #inPlaceOf(box: Box, t: number): number | null {
    let found: number | null = null;
    for (const [id, { place, lastT, hasDrifted }] of this.#pieces) {
      if (lastT >= t || intersectionArea(box, place) < samePlace * Math.min(areaOf(box), areaOf(place))) continue;
      if (hasDrifted) return id;
      found ??= id;
    }
    return found;
  }

  #forget(t: number, present: ReadonlySet<number>): void {
    for (const [id, { hasDrifted, lastT, cameT }] of this.#pieces) {
      if (present.has(id)) continue;
      const isPlace = hasDrifted && lastT - cameT >= restMs;
      if (t - lastT > (isPlace ? placeMs : stayGapMs)) this.#pieces.delete(id);
    }
  }
}

/** What has moved away or become another size does not lie in its place: the smaller of both shares. */
function shareInPlace({ place, firstArea }: Piece, box: Box): number {
  const area = areaOf(box);
  return area > 0 ? Math.min(intersectionArea(box, place), firstArea) / area : 1;
}

/** It is seen out of its place; often enough, and it has drifted and stands where it is now. */
function leave(piece: Piece, box: Box, t: number): void {
  piece.outLooks = piece.outT === null ? 1 : piece.outLooks + 1;
  piece.outT ??= t;
  if (t - piece.outT < sustainMs || piece.outLooks < sustainLooks) return;
  piece.hasDrifted = true;
  Object.assign(piece, {
    place: box,
    covered: box,
    windows: [],
    settledT: t + settleMs,
    sinceT: t,
    cameT: t,
    outT: null,
  });
  piece.firstArea = Math.max(piece.firstArea, areaOf(box));
}

function hull(a: Box, b: Box): Box {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  const width = Math.max(a.x + a.width, b.x + b.width) - x;
  return { x, y, width, height: Math.max(a.y + a.height, b.y + b.height) - y };
}

function areaOf({ width, height }: Box): number {
  return width * height;
}
