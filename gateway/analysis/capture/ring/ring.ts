/** The newest seconds of one camera's evidence stream, kept so that an event can show what came before it. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { CameraConfig, CameraCredentials } from "../../../config/schema.ts";
import type { Clock } from "../../../runtime/clock.ts";
import { CameraError } from "../../../runtime/errors.ts";
import type { RingStatus, SaidError } from "../../../runtime/status.ts";
import type { Polygon } from "../../geometry.ts";
import { parseCameraUrl } from "../camera-url.ts";
import type { ConnectGate } from "../connect-gate.ts";
import type { VideoCodec } from "../sdp.ts";
import { Standing } from "../standing.ts";
import type { Footage, FootageLack, FootageSpan, FootageStill } from "./footage.ts";
import { maskFilter } from "./mask-filter.ts";
import { RingIndex, type Segment } from "./ring-index.ts";
import type { RingPlace } from "./ring-place.ts";
import { RingSession } from "./ring-session.ts";
import { takeStill } from "./take-still.ts";

/** What a ring needs. */
export interface RingOptions {
  readonly config: CameraConfig;
  readonly credentials: CameraCredentials | null;
  readonly masks: readonly Polygon[];
  readonly ffmpegPath: string;
  readonly place: RingPlace;
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly connectGate: ConnectGate;
  /** Told of every failed connection. */
  readonly onError?: (error: SaidError) => void;
}

/** What a ring keeps beyond a clip: time to notice, to wait for the end, and to cut. */
const slackMs = 30_000;
/** How much later than wanted the newest picture must be before a growing file is read: then the wanted one is whole. */
const settledMs = 400;
/** How long the stream may lag behind the analysis before a still or a clip does without it. */
const patienceMs = 8_000;
const lookEveryMs = 100;

/** Whether a camera needs a ring at all. */
export function wantsRing({ enabled, clip, evidenceUrl }: CameraConfig): boolean {
  return enabled && (clip !== undefined || evidenceUrl !== undefined);
}

/** Loop: `run` keeps the stream coming; pictures and spans are taken out meanwhile. Nothing waits for it. */
export class Ring implements Footage {
  readonly #options: RingOptions;
  readonly #index: RingIndex;
  readonly #folder: string;
  readonly #mask: string | null;
  readonly #codecs = new Map<number, VideoCodec>();
  readonly #standing: Standing;
  #pid: number | null = null;

  constructor(options: RingOptions) {
    this.#options = options;
    const { config, place, maxBytes, clock, masks, onError } = options;
    const clipMs = ((config.clip?.beforeSec ?? 0) + (config.clip?.afterSec ?? 0)) * 1_000;
    this.#index = new RingIndex({ keepMs: clipMs + slackMs, maxBytes });
    this.#folder = join(place.folder, config.id);
    this.#mask = maskFilter(masks);
    this.#standing = new Standing(clock, onError);
  }

  /** Returns when `signal` aborts, ffmpeg is gone and the files are deleted; throws only bugs. */
  async run(signal: AbortSignal): Promise<void> {
    const { id: cameraId, evidenceUrl, url } = this.#options.config;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    try {
      await this.#standing.keep({ cameraId, url: evidenceUrl ?? url }, (stop) => this.#connect(stop), signal);
    } finally {
      this.#standing.enter("waiting");
      await rm(this.#folder, { recursive: true, force: true });
    }
  }

  /** Plain data, as of now. */
  status(): RingStatus {
    return {
      ...this.#standing.status(),
      place: this.#options.place.kind,
      heldSec: Math.round(this.#index.heldMs / 1_000),
      heldBytes: this.#index.bytes,
      stream: this.#standing.isStreaming ? this.#index.figures() : null,
      pid: this.#pid,
    };
  }

  lack(): FootageLack | null {
    return this.#standing.isStreaming ? null : "stream-down";
  }

  async still(atMs: number, signal: AbortSignal): Promise<FootageStill | FootageLack> {
    const segment = await this.#found(atMs, atMs + settledMs, signal);
    if (typeof segment === "string") return segment;
    const next = this.#index.after(segment);
    using held = hold(next ? [segment, next] : [segment]);
    const { pictureMs } = this.#index;
    const lastMs = segment.lastStreamMs - segment.streamMs;
    // Behind a file's last picture the next file's first one is the nearest, and before a pause there is only the last.
    const [, later] = held.segments;
    const places = [
      { at: segment, fromMs: atMs - this.#index.startMs(segment) - pictureMs / 2 },
      later ? { at: later, fromMs: 0 } : { at: segment, fromMs: lastMs - 1.5 * pictureMs },
    ];
    for (const { at, fromMs } of places) {
      const wanted = { path: at.path, fromMs, maskFilter: this.#mask };
      const taken = await takeStill(this.#options.ffmpegPath, wanted);
      if (taken === null) continue;
      const { jpeg, widthPx, heightPx } = taken;
      return { jpeg, widthPx, heightPx, differenceMs: Math.round(this.#index.startMs(at) + taken.atMs - atMs) };
    }
    return "unreadable";
  }

  async span(
    { fromMs, atMs, toMs }: { readonly fromMs: number; readonly atMs: number; readonly toMs: number },
    signal: AbortSignal,
  ): Promise<FootageSpan | FootageLack> {
    const middle = await this.#found(atMs, toMs + settledMs, signal);
    if (typeof middle === "string") return middle;
    const run = this.#index.around(fromMs, atMs, toMs);
    // A Matroska file that is still written ends in the middle of something; an MPEG-TS file may be cut anywhere.
    const readable = run.filter(({ path, isClosed }) => isClosed || path.endsWith(".ts"));
    const [first] = readable;
    if (!first || this.#index.startMs(first) > atMs) return "not-kept";
    const { segments, [Symbol.dispose]: release } = hold(readable);
    return {
      files: segments.map(({ path, streamMs }, i) => {
        const next = segments[i + 1];
        return { path, durationMs: next ? next.streamMs - streamMs : null };
      }),
      startMs: this.#index.startMs(first),
      codec: this.#codecs.get(first.session) ?? "h264",
      maskFilter: this.#mask,
      [Symbol.dispose]: release,
    };
  }

  /** The segment that shows `atMs`, once the stream has come as far as `untilMs` or for as long as patience lasts. */
  async #found(atMs: number, untilMs: number, signal: AbortSignal): Promise<Segment | FootageLack> {
    const { clock } = this.#options;
    const startedMs = clock.monotonicMs();
    const longestMs = Math.max(0, untilMs - clock.nowMs()) + patienceMs;
    while (clock.monotonicMs() - startedMs < longestMs) {
      const newestMs = this.#index.newestMs();
      if (newestMs !== null && newestMs >= untilMs) break;
      await clock.sleep(lookEveryMs, signal);
    }
    const found = this.#index.at(atMs);
    if (found) return found;
    return this.#standing.isStreaming ? "not-kept" : "stream-down";
  }

  async #connect(signal: AbortSignal): Promise<void> {
    const { config, credentials, ffmpegPath, place, maxBytes, clock, connectGate } = this.#options;
    const url = config.evidenceUrl ?? config.url;
    const source = parseCameraUrl(url, config.id);
    if (source.kind === "file") throw new CameraError("RING_NO_STREAM", { camera: config.id });
    // What a mask hides must not reach a disk, not even for seconds.
    if (this.#mask !== null && place.kind === "disk")
      throw new CameraError("RING_NOT_IN_MEMORY", { camera: config.id });
    const session = this.#standing.begin();
    using pass = await connectGate.enter(signal);
    this.#standing.enter("connecting");
    try {
      await new RingSession({
        config,
        source,
        url,
        credentials,
        ffmpegPath,
        clock,
        maxBytes,
        index: this.#index,
        prefix: join(this.#folder, String(session)),
        expire: () => this.#expire(),
        onStarted: (pid, codec) => {
          pass.answered();
          this.#pid = pid;
          this.#codecs.set(this.#index.session, codec);
        },
        onFirst: () => {
          pass[Symbol.dispose]();
          this.#standing.enter("streaming");
        },
      }).run(signal);
    } finally {
      this.#pid = null;
    }
  }

  async #expire(): Promise<void> {
    const gone = this.#index.expire(this.#options.clock.nowMs());
    for (const { path } of gone) await rm(path, { force: true });
    const living = new Set(this.#index.segments.map(({ session }) => session));
    for (const session of this.#codecs.keys())
      if (session !== this.#index.session && !living.has(session)) this.#codecs.delete(session);
  }
}

/** Keeps files from being deleted until disposed. */
function hold(segments: readonly Segment[]): Disposable & { readonly segments: readonly Segment[] } {
  for (const segment of segments) segment.holders += 1;
  let isHeld = true;
  return {
    segments,
    [Symbol.dispose]: () => {
      if (isHeld) for (const segment of segments) segment.holders -= 1;
      isHeld = false;
    },
  };
}
