/** What somebody who looks on sees: pictures of analysed frames with their very tracks; nothing is made while nobody looks. */
import type { ZonesConfig } from "../config/zones-schema.ts";
import type { Frame } from "./capture/frame.ts";
import type { Track } from "./tracking/track.ts";
import type { Trigger } from "./zones/trigger.ts";
import { isThere, waterOf, type Water } from "./zones/angling.ts";
import { stayGapMs } from "./zones/stays.ts";

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
  /** Zones that it is in (a person also by the rod that reaches in), and since how many seconds. */
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

/** Where pictures come from and go to. */
export interface LiveViewOptions {
  readonly encode: LiveEncoder;
  readonly show: (frame: LiveFrame) => void;
  /** Told of the first picture that could not be made, and again of the first after one that could. */
  readonly onFailed: (cause: unknown) => void;
}

/** One camera's. */
export class LiveView {
  readonly #options: LiveViewOptions;
  #waters: readonly Water[] = [];
  /** By track and zone: since when it is there, wall ms, and when it was there last. */
  #stays = new Map<string, { readonly sinceMs: number; readonly lastMs: number }>();
  /** When the detector looked last. */
  #lookedMs = -Infinity;
  #sizes: readonly LiveSize[] = [];
  #everyMs = 0;
  #lastMs = -Infinity;
  #seq = 0;
  #isBusy = false;
  #fired: Trigger[] = [];
  /** Frames that were encoded; each at most once a size, however many look. */
  encodedCount = 0;
  /** Frames of which no picture could be made. */
  failedCount = 0;
  #isFailing = false;

  constructor(zones: ZonesConfig, options: LiveViewOptions) {
    this.#options = options;
    this.takeZones(zones);
  }

  /** A zone that lies elsewhere now forgets who stood in it, as its rules do. */
  takeZones(zones: ZonesConfig): void {
    const before = new Map(this.#waters.map(({ zone }) => [zone.id, JSON.stringify(zone)]));
    this.#waters = zones.zones.map((zone) => waterOf(zone, zones));
    const same = this.#waters.filter(({ zone }) => before.get(zone.id) === JSON.stringify(zone));
    const kept = same.map(({ zone }) => zone.id);
    for (const key of this.#stays.keys()) if (!kept.includes(key.slice(key.indexOf("/") + 1))) this.#stays.delete(key);
  }

  /** What is wanted from now on; no sizes: nobody looks. */
  watch(sizes: readonly LiveSize[], everyMs: number): void {
    this.#sizes = sizes;
    this.#everyMs = everyMs;
    if (sizes.length === 0) this.#fired = [];
  }

  /** Takes in one frame that went down the path; `atMs` is its time of capture. Returns at once. */
  look(frame: Frame, tracks: readonly Track[] | null, fired: readonly Trigger[]): void {
    if (tracks) this.#follow(tracks, frame.capturedAtMs, frame.widthPx / frame.heightPx);
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
    const jpegs = await this.#encoded(frame, sizes);
    if (!jpegs) {
      this.#fired = [...fired, ...this.#fired].slice(-maxFired);
      return;
    }
    this.#options.show({
      ...head,
      pictures: sizes.flatMap((size, index) => (jpegs[index] ? [{ size, jpeg: jpegs[index] }] : [])),
    });
  }

  /** Null: it could not be done, and the next frame has its turn. What had fired is told with that one. */
  async #encoded(frame: Frame, sizes: readonly LiveSize[]): Promise<Awaited<ReturnType<LiveEncoder>> | null> {
    try {
      const jpegs = await this.#options.encode(
        frame,
        sizes.map((size) => liveSizes[size]),
      );
      this.#isFailing = false;
      return jpegs;
    } catch (cause) {
      this.failedCount += 1;
      if (!this.#isFailing) this.#options.onFailed(cause);
      this.#isFailing = true;
      return null;
    }
  }

  #shown(track: Track, nowMs: number): LiveTrack {
    const { id, label, score, state, box } = track;
    const zones = this.#waters.flatMap(({ zone }) => {
      const stay = this.#stays.get(`${id}/${zone.id}`);
      if (stay?.lastMs !== this.#lookedMs) return [];
      return [{ id: zone.id, dwellSec: Math.max(0, (nowMs - stay.sinceMs) / 1_000) }];
    });
    return { id, label, score, state, box: [box.x, box.y, box.width, box.height], zones };
  }

  /** Followed also while nobody looks: a dwell does not begin when the page is opened. */
  #follow(tracks: readonly Track[], nowMs: number, aspect: number): void {
    this.#lookedMs = nowMs;
    // As in the rules, a step aside or a rod that is not seen for a moment ends no stay; a clock set back begins anew.
    for (const [key, { lastMs }] of this.#stays)
      if (nowMs - lastMs > stayGapMs || nowMs < lastMs) this.#stays.delete(key);
    const here = tracks.filter(({ state }) => state !== "ended");
    for (const track of here) {
      for (const water of this.#waters) {
        if (!isThere(water, track, () => here, aspect)) continue;
        const key = `${track.id}/${water.zone.id}`;
        this.#stays.set(key, { sinceMs: this.#stays.get(key)?.sinceMs ?? nowMs, lastMs: nowMs });
      }
    }
  }
}
