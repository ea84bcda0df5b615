/** One connection that fills a ring: probed, copied, watched, until it ends with an error that says why. */
import { stat } from "node:fs/promises";
import type { CameraConfig, CameraCredentials } from "../../../config/schema.ts";
import type { Clock } from "../../../runtime/clock.ts";
import { CameraError, DecoderError, type ErrorCode } from "../../../runtime/errors.ts";
import type { Values } from "../../../runtime/texts/fill.ts";
import { addressOf, at, hostsOf, shownPath, type RtspSource } from "../camera-url.ts";
import { capabilitiesOf } from "../capabilities.ts";
import { Decoder } from "../decoder.ts";
import { readLogLine } from "../ffmpeg-log.ts";
import { probeRtsp, type Probe } from "../probe.ts";
import { redactorOf } from "../redact.ts";
import type { VideoCodec } from "../sdp.ts";
import { stallError, Watchdog, type Stall } from "../watchdog.ts";
import { readRingLine, ringCall } from "./ring-args.ts";
import type { RingIndex } from "./ring-index.ts";

/** What a session is made of. */
export interface RingSessionOptions {
  readonly config: CameraConfig;
  readonly source: RtspSource;
  /** Address without login, as the prober wants it. */
  readonly url: string;
  readonly credentials: CameraCredentials | null;
  readonly ffmpegPath: string;
  readonly clock: Clock;
  readonly index: RingIndex;
  /** Path of the segments of this session, without number and ending. */
  readonly prefix: string;
  readonly maxBytes: number;
  /** Told when ffmpeg runs and what it copies. */
  readonly onStarted: (pid: number | null, codec: VideoCodec) => void;
  /** Told once, when the first picture is in the ring. */
  readonly onFirst: () => void;
  /** Deletes what the index no longer wants. */
  readonly expire: () => Promise<void>;
}

type Outcome =
  { readonly kind: "ended" } | { readonly kind: "stalled"; readonly stall: Stall } | { readonly kind: "overfull" };

/** A camera may wait this long with its first key frame, ms. */
const startMs = 20_000;
const watchEveryMs = 500;

/** Runs until the stream ends, stalls or overflows, or `signal` aborts; always throws, and only after its child is gone. */
export class RingSession {
  readonly #options: RingSessionOptions;
  readonly #redact: (text: string) => string;
  #failure: { readonly code: ErrorCode; readonly values: Values } | null = null;
  #lastText = "";
  #pictures = 0;

  constructor(options: RingSessionOptions) {
    this.#options = options;
    this.#redact = redactorOf([options.credentials, options.source.credentials]);
  }

  async run(signal: AbortSignal): Promise<never> {
    const { config, credentials, source, ffmpegPath, clock, index, prefix } = this.#options;
    await capabilitiesOf(ffmpegPath); // Says when ffmpeg is missing or too old.
    const probe = await probeRtsp(this.#options.url, credentials, {
      cameraId: config.id,
      transport: config.transport,
      signal,
      clock,
    });
    if (probe.error) throw probe.error;
    const codec = probe.codec ?? "h264";
    const call = ringCall({
      source: at(source, probe.address),
      credentials: credentials ?? source.credentials,
      transport: probe.transport ?? "tcp",
      codec,
      prefix,
      backstopMs: startMs + config.stallSec * 1_000 + 15_000,
    });
    const watchdog = new Watchdog({ startMs, silenceMs: config.stallSec * 1_000 }, clock.monotonicMs());
    index.begin();
    try {
      const bound = { ...call, hosts: hostsOf(source, probe.address) };
      await using decoder = await Decoder.start(ffmpegPath, bound, (line) => this.#read(line, watchdog));
      this.#options.onStarted(decoder.pid, codec);
      readLines(decoder.output, (line) => this.#read(line, watchdog));
      const outcome = await this.#watched(decoder, watchdog, signal);
      signal.throwIfAborted();
      throw this.#error(probe, outcome);
    } finally {
      index.end();
    }
  }

  async #watched(decoder: Decoder, watchdog: Watchdog, signal: AbortSignal): Promise<Outcome> {
    const { clock, index, expire } = this.#options;
    const over = new AbortController();
    const ended = decoder.ended.then(() => ({ kind: "ended" }) as const).finally(() => over.abort());
    ended.catch(() => undefined); // Told below.
    const stop = AbortSignal.any([signal, over.signal]);
    for (;;) {
      await clock.sleep(watchEveryMs, stop).catch(() => undefined);
      if (signal.aborted) return { kind: "ended" };
      if (over.signal.aborted) return ended;
      const { open } = index;
      if (open) open.bytes = (await stat(open.path).catch(() => null))?.size ?? open.bytes;
      await expire();
      const stall = watchdog.stalled(clock.monotonicMs());
      if (stall) return { kind: "stalled", stall };
      if (index.isOverfull()) return { kind: "overfull" };
    }
  }

  #read(line: string, watchdog: Watchdog): void {
    const { clock, index, onFirst } = this.#options;
    const told = readRingLine(line);
    if (told?.kind === "segment") {
      const before = index.open;
      index.opened(told.path, told.streamMs, clock.nowMs());
      if (before) void sized(before);
    } else if (told?.kind === "reached") index.reached(told.streamMs, this.#pictures);
    else if (told?.kind === "pictures" && told.count > this.#pictures) {
      if (this.#pictures === 0) onFirst();
      this.#pictures = told.count;
      watchdog.frame(clock.monotonicMs());
    }
    if (told) return;
    const meaning = readLogLine(this.#redact(line));
    if (meaning?.kind === "failure") this.#failure ??= meaning;
    else if (meaning?.kind === "error") this.#lastText = meaning.text;
  }

  #error(probe: Probe, outcome: Outcome): CameraError | DecoderError {
    const { config, source, maxBytes } = this.#options;
    const camera = config.id;
    if (outcome.kind === "overfull")
      return new CameraError("RING_TOO_SMALL", { camera, megabytes: Math.round(maxBytes / 1_048_576) });
    if (outcome.kind === "stalled") return stallError(camera, outcome.stall);
    if (this.#pictures > 0) return new CameraError("CAMERA_ENDED", { camera });
    if (!this.#failure) return new DecoderError("DECODER_EXITED", { camera, detail: this.#lastText || "no message" });
    const known = {
      camera,
      address: addressOf(source),
      host: source.host,
      path: shownPath(source),
      transport: probe.transport ?? "",
      detail: "",
    };
    return new CameraError(this.#failure.code, { ...known, ...this.#failure.values });
  }
}

async function sized(segment: { readonly path: string; bytes: number }): Promise<void> {
  segment.bytes = (await stat(segment.path).catch(() => null))?.size ?? segment.bytes;
}

/** Longest unfinished line that is kept. */
const maxLineChars = 4_096;

function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = "";
  stream.on("data", (chunk: Buffer) => {
    const parts = (rest + chunk.toString("utf8")).split("\n");
    rest = (parts.pop() ?? "").slice(0, maxLineChars);
    for (const part of parts) onLine(part);
  });
  stream.on("error", () => undefined);
}
