/** Points of a log as the tracks that the rules got, value for value. */
import type { Track } from "../tracking/track.ts";
import type { Block } from "./block.ts";
import { trackStates } from "./block-format.ts";
import { firstSeenAt, hitsAt, lastSeenAt } from "./block-head.ts";
import type { LogColumns } from "./columns.ts";
import * as point from "./points.ts";
import { boxSteps, placeOf, scoreSteps, speedSteps } from "./quantise.ts";

/** Where a point lies: number `k` of an entry, at `at` in the bytes of its block. */
interface PointPlace {
  readonly block: Block;
  readonly entry: number;
  readonly k: number;
  readonly at: number;
}

/** A point as a track. What few rules ask for is found out when they do. */
class LoggedTrack implements Track {
  readonly id: number;
  readonly label: string;
  readonly state: Track["state"];
  readonly box: Track["box"];
  readonly score: number;
  readonly seenNow: boolean;
  readonly #of: LoggedTracks;
  readonly #block: Block;
  readonly #entry: number;
  readonly #k: number;
  readonly #at: number;

  constructor(of: LoggedTracks, columns: LogColumns, { block, entry, k, at }: PointPlace) {
    this.#of = of;
    this.#block = block;
    this.#entry = entry;
    this.#k = k;
    this.#at = at;
    const { bytes } = block.body;
    const known = block.fromAppearance + point.slotAt(bytes, at);
    this.id = columns.idOf[known] ?? 0;
    this.label = columns.labels[columns.labelOf[known] ?? 0] ?? "";
    this.state = trackStates[point.stateAt(bytes, at)] ?? "ended";
    this.box = {
      x: placeOf(point.xAt(bytes, at)),
      y: placeOf(point.yAt(bytes, at)),
      width: point.widthAt(bytes, at) / boxSteps,
      height: point.heightAt(bytes, at) / boxSteps,
    };
    this.score = point.scoreAt(bytes, at) / scoreSteps;
    this.seenNow = point.isSeenAt(bytes, at);
  }

  get firstSeenMs(): number {
    return this.#of.firstSeenMs(this.#block, this.#at);
  }

  get lastSeenMs(): number {
    return this.#of.lastSeenMs(this.#block, this.#entry, this.#k);
  }

  get hits(): number {
    return this.#of.hits(this.#block, this.#entry, this.#k);
  }

  get velocity(): Track["velocity"] {
    const { bytes } = this.#block.body;
    const at = this.#at;
    return { x: point.speedXAt(bytes, at) / speedSteps, y: point.speedYAt(bytes, at) / speedSteps };
  }
}

/**
 * Makes tracks of points. How often and when last a track was seen is told once a block and counted from there, so the entry
 * asked about is counted up to, from the one before it where that was asked about last.
 */
export class LoggedTracks {
  readonly #columns: LogColumns;
  #block: Block | null = null;
  /** The entry whose points are counted up to. */
  #entry = 0;
  /** By slot, as of that entry. */
  readonly #hits: number[] = [];
  readonly #lastSeenMs: number[] = [];
  /** By number of the point in that entry. */
  readonly #hitsAt: number[] = [];
  readonly #lastSeenAt: number[] = [];
  readonly #scratch = {
    id: 0,
    label: "",
    state: "ended" as Track["state"],
    // Fractions from the start: fields that began as whole numbers would be boxed anew at each store.
    box: { x: 0.5, y: 0.5, width: 0.5, height: 0.5 },
    score: 0.5,
    firstSeenMs: 0,
    lastSeenMs: 0,
    seenNow: true,
    hits: 0,
    velocity: { x: 0, y: 0 },
  };

  constructor(columns: LogColumns) {
    this.#columns = columns;
  }

  /** Every point of an entry of an open block. */
  all(block: Block, entry: number): readonly Track[] {
    const tracks: Track[] = [];
    const count = this.#columns.pointCount[entry] ?? 0;
    for (let k = 0; k < count; k += 1) tracks.push(this.one(block, entry, k));
    return tracks;
  }

  /** Point `k` of an entry of an open block. */
  one(block: Block, entry: number, k: number): Track {
    const at = (this.#columns.pointsAt[entry] ?? 0) + k * point.pointBytes;
    return new LoggedTrack(this, this.#columns, { block, entry, k, at });
  }

  /** When the track of the point at `at` was first seen. */
  firstSeenMs({ body, fromAppearance }: Block, at: number): number {
    const known = fromAppearance + point.slotAt(body.bytes, at);
    return firstSeenAt(body.view, this.#columns.toldAt[known] ?? 0);
  }

  /** How often point `k` of an entry had been seen. */
  hits(block: Block, entry: number, k: number): number {
    this.#countUpTo(block, entry);
    return this.#hitsAt[k] ?? 0;
  }

  /** When point `k` of an entry had been seen last. */
  lastSeenMs(block: Block, entry: number, k: number): number {
    this.#countUpTo(block, entry);
    return this.#lastSeenAt[k] ?? 0;
  }

  /** See `LogColumns.borrow`. */
  borrow(block: Block, at: number): Track {
    const columns = this.#columns;
    const { bytes } = block.body;
    const known = block.fromAppearance + point.slotAt(bytes, at);
    const scratch = this.#scratch;
    scratch.id = columns.idOf[known] ?? 0;
    scratch.label = columns.labels[columns.labelOf[known] ?? 0] ?? "";
    scratch.state = trackStates[point.stateAt(bytes, at)] ?? "ended";
    scratch.score = point.scoreAt(bytes, at) / scoreSteps;
    const { box } = scratch;
    box.x = placeOf(point.xAt(bytes, at));
    box.y = placeOf(point.yAt(bytes, at));
    box.width = point.widthAt(bytes, at) / boxSteps;
    box.height = point.heightAt(bytes, at) / boxSteps;
    return scratch;
  }

  #countUpTo(block: Block, entry: number): void {
    if (this.#block === block && this.#entry === entry) return;
    const goesOn = this.#block === block && this.#entry < entry;
    const from = goesOn ? this.#entry + 1 : block.fromEntry;
    if (!goesOn) {
      const { toldAt } = this.#columns;
      const { fromAppearance, toAppearance, body } = block;
      for (let slot = toAppearance - fromAppearance - 1; slot >= 0; slot -= 1) {
        const told = toldAt[fromAppearance + slot] ?? 0;
        this.#hits[slot] = hitsAt(body.view, told); // As many as the fullest block has tracks.
        this.#lastSeenMs[slot] = lastSeenAt(body.view, told);
      }
    }
    this.#block = block;
    this.#entry = entry;
    for (let i = from; i <= entry; i += 1) this.#count(block.body.bytes, i);
  }

  #count(bytes: Buffer, entry: number): void {
    const { pointsAt, pointCount, nowMs } = this.#columns;
    const count = pointCount[entry] ?? 0;
    let at = pointsAt[entry] ?? 0;
    for (let k = 0; k < count; k += 1, at += point.pointBytes) {
      const slot = point.slotAt(bytes, at);
      if (point.isSeenAt(bytes, at) && !point.isIntroducedAt(bytes, at)) {
        this.#hits[slot] = (this.#hits[slot] ?? 0) + 1;
        this.#lastSeenMs[slot] = nowMs[entry] ?? 0;
      }
      this.#hitsAt[k] = this.#hits[slot] ?? 0;
      this.#lastSeenAt[k] = this.#lastSeenMs[slot] ?? 0;
    }
  }
}
