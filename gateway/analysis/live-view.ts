/** What somebody who looks on sees: pictures of analysed frames with their very tracks; nothing is made while nobody looks. */
import type { ZonesConfig } from "../config/zones-schema.ts";
import type { Frame } from "./capture/frame.ts";
import type { Track } from "./tracking/track.ts";
import type { Trigger } from "./zones/trigger.ts";
import { inside, zoneOf, type Zone } from "./zones/zone.ts";

/** How large a live picture is: `full` as analysed, at most 960 wide; `normal` 640; `saving` 480. */
export type LiveSize = "full" | "normal" | "saving";

/** Width in pixels and JPEG quality of each size. */
export const liveSizes: Readonly<Record<LiveSize, { readonly widthPx: number; readonly quality: number }>> = {
  full: { widthPx: 960, quality: 75 },
  normal: { widthPx: 640, quality: 70 },
  saving: { widthPx: 480, quality: 55 },
};

/** One object as it is shown. */
export interface LiveTrack {
  readonly id: number;
  readonly label: string;
  readonly score: number;
  readonly state: Track["state"];
  /** `[x, y, width, height]` */
  readonly box: readonly [number, number, number, number];
  /** Zones that it stands in, and since how many seconds. */
  readonly zones: readonly { readonly id: string; readonly dwellSec: number }[];
}

/** One analysed frame, its picture in each size that somebody wants. */
export interface LiveFrame {
  readonly cameraId: string;
  readonly seq: number;
  readonly atMs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Null: the detector did not look. */
  readonly tracks: readonly LiveTrack[] | null;
  readonly fired: readonly Trigger[];
  readonly pictures: readonly { readonly size: LiveSize; readonly jpeg: Uint8Array<ArrayBuffer> }[];
}

/** Encodes a frame in each of the sizes; the pixels are copied before it returns. */
export type LiveEncoder = (
  frame: Frame,
  sizes: readonly { readonly widthPx: number; readonly quality: number }[],
) => Promise<readonly Uint8Array<ArrayBuffer>[]>;

/** What nobody saw yet may wait for the next picture; a rule that speaks all the time must not fill the memory. */
const maxFired = 16;

/** One camera's. */
export class LiveView {
  readonly #encode: LiveEncoder;
  readonly #show: (frame: LiveFrame) => void;
  #zones: readonly Zone[] = [];
  /** By track and zone: since when it stands there, wall ms. */
  #since = new Map<string, number>();
  #sizes: readonly LiveSize[] = [];
  #everyMs = 0;
  #lastMs = -Infinity;
  #seq = 0;
  #isBusy = false;
  #fired: Trigger[] = [];
  /** Frames that were encoded; each at most once a size, however many look. */
  encodedCount = 0;

  constructor(zones: ZonesConfig, encode: LiveEncoder, show: (frame: LiveFrame) => void) {
    this.#encode = encode;
    this.#show = show;
    this.takeZones(zones);
  }

  /** A zone that lies elsewhere now forgets who stood in it, as its rules do. */
  takeZones(zones: ZonesConfig): void {
    const before = new Map(this.#zones.map((zone) => [zone.id, JSON.stringify(zone)]));
    this.#zones = zones.zones.map(zoneOf);
    const kept = this.#zones.filter((zone) => before.get(zone.id) === JSON.stringify(zone)).map(({ id }) => id);
    for (const key of this.#since.keys()) if (!kept.includes(key.slice(key.indexOf("/") + 1))) this.#since.delete(key);
  }

  /** What is wanted from now on; no sizes: nobody looks. */
  watch(sizes: readonly LiveSize[], everyMs: number): void {
    this.#sizes = sizes;
    this.#everyMs = everyMs;
    if (sizes.length === 0) this.#fired = [];
  }

  /** Takes in one frame that went down the path; `atMs` is its time of capture. Returns at once. */
  look(frame: Frame, tracks: readonly Track[] | null, fired: readonly Trigger[]): void {
    if (tracks) this.#follow(tracks, frame.capturedAtMs);
    if (this.#sizes.length === 0) return;
    this.#fired.push(...fired);
    if (this.#fired.length > maxFired) this.#fired.splice(0, this.#fired.length - maxFired);
    // Early by a tenth, so that a rate like the camera's own does not lose every second frame to jitter.
    const isEarly = frame.capturedAtMs - this.#lastMs < this.#everyMs * 0.9 && frame.capturedAtMs >= this.#lastMs;
    if (this.#isBusy || isEarly) return;
    this.#lastMs = frame.capturedAtMs;
    this.#isBusy = true;
    void this.#picture(frame, tracks).finally(() => (this.#isBusy = false));
  }

  async #picture(frame: Frame, tracks: readonly Track[] | null): Promise<void> {
    const { cameraId, capturedAtMs: atMs, widthPx, heightPx } = frame;
    const [sizes, fired] = [this.#sizes, this.#fired];
    this.#fired = [];
    this.#seq += 1;
    const seen = tracks?.filter(({ state }) => state !== "ended").map((track) => this.#shown(track, atMs)) ?? null;
    const head = { cameraId, seq: this.#seq, atMs, widthPx, heightPx, tracks: seen, fired };
    this.encodedCount += 1;
    const jpegs = await this.#encode(
      frame,
      sizes.map((size) => liveSizes[size]),
    );
    this.#show({
      ...head,
      pictures: sizes.flatMap((size, index) => (jpegs[index] ? [{ size, jpeg: jpegs[index] }] : [])),
    });
  }

  #shown(track: Track, nowMs: number): LiveTrack {
    const { id, label, score, state, box } = track;
    const zones = this.#zones.flatMap((zone) => {
      const sinceMs = this.#since.get(`${id}/${zone.id}`);
      return sinceMs === undefined ? [] : [{ id: zone.id, dwellSec: Math.max(0, (nowMs - sinceMs) / 1_000) }];
    });
    return { id, label, score, state, box: [box.x, box.y, box.width, box.height], zones };
  }

  /** Followed also while nobody looks: a dwell does not begin when the page is opened. */
  #follow(tracks: readonly Track[], nowMs: number): void {
    if (tracks.length === 0 && this.#since.size === 0) return;
    const since = new Map<string, number>();
    for (const { id, box, state } of tracks) {
      if (state === "ended") continue;
      for (const zone of this.#zones) {
        if (!inside(zone, box)) continue;
        const key = `${id}/${zone.id}`;
        since.set(key, this.#since.get(key) ?? nowMs);
      }
    }
    this.#since = since;
  }
}
