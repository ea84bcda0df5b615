/** One connection to one camera: probed, decoded, watched, until it ends with an error that says why. */
import type { CameraConfig, CameraCredentials } from "../../config/schema.ts";
import type { Clock } from "../../runtime/clock.ts";
import { CameraError, DecoderError, type ErrorCode } from "../../runtime/errors.ts";
import type { Values } from "../../runtime/texts/fill.ts";
import { addressOf, at, hostsOf, shownPath, type CameraSource, type RtspSource } from "./camera-url.ts";
import { capabilitiesOf } from "./capabilities.ts";
import { shapeOfFile } from "./clip-source.ts";
import { Decoder } from "./decoder.ts";
import { chooseDecoder, type Capabilities, type DecoderChoice } from "./decoder-choice.ts";
import { cameraCall, fits, loopCall, outputSize, type FfmpegCall, type OutputSize } from "./ffmpeg-args.ts";
import { readLogLine } from "./ffmpeg-log.ts";
import type { VideoColours } from "./frame.ts";
import type { FrameSink } from "./frame-writer.ts";
import { probeRtsp, type Probe } from "./probe.ts";
import { redactorOf } from "./redact.ts";
import type { VideoCodec } from "./sdp.ts";
import type { PictureShape } from "./sps.ts";
import { stallError, Watchdog, type Stall } from "./watchdog.ts";

/** What a session tells its camera while it lasts. */
export interface SessionOwner {
  /** The camera is there, and offers what can be decoded. */
  answered(): void;
  /** What costs at the beginning is done, a picture may still be far. */
  connected(): void;
  /** A decoder with this output starts; returns where its bytes go. */
  started(decoder: Decoder, choice: DecoderChoice, size: OutputSize): FrameSink;
  /** Frames around now may be damaged. */
  damaged(): void;
  /** Silence for too long; the decoder is about to be killed. */
  stalled(): void;
}

/** What a session is made of. */
export interface SessionOptions {
  readonly config: CameraConfig;
  readonly source: CameraSource;
  readonly credentials: CameraCredentials | null;
  readonly ffmpegPath: string;
  readonly clock: Clock;
  /** Hardware that gave no picture last time is not tried again; says which, or null. */
  readonly failedDecoder: string | null;
  readonly owner: SessionOwner;
}

type Outcome =
  | { readonly kind: "ended" }
  | { readonly kind: "stalled"; readonly stall: Stall }
  | { readonly kind: "reshaped"; readonly shape: PictureShape };

interface Plan {
  readonly capabilities: Capabilities;
  readonly choice: DecoderChoice;
  readonly probe: Probe | null;
}

/** A camera may wait this long with its first key frame, ms. */
const startMs = 20_000;

/** Runs until the camera ends, stalls or `signal` aborts; always throws, and only after its child is gone. */
export class CameraSession {
  readonly #options: SessionOptions;
  readonly #redact: (text: string) => string;
  #shape: PictureShape | null = null;
  #failure: { readonly code: ErrorCode; readonly values: Values } | null = null;
  #lastText = "";
  #codec: VideoCodec | null = null;
  /** As the source says; it says so before its first frame. */
  colours: VideoColours = "bt601";
  /** The hardware decoder that ended without a single picture, for the next session. */
  failedDecoder: string | null = null;
  /** Frames this session has made. */
  frameCount = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { source } = options;
    this.#redact = redactorOf([options.credentials, source.kind === "rtsp" ? source.credentials : null]);
  }

  /** @param onFirstFrame told once: from here on the camera no longer counts as connecting */
  async run(signal: AbortSignal, onFirstFrame: () => void): Promise<never> {
    const plan = await this.#plan(signal);
    this.#options.owner.answered();
    for (;;) {
      const outcome = await this.#play(plan, signal, onFirstFrame);
      signal.throwIfAborted();
      if (outcome.kind !== "reshaped") throw this.#error(plan, outcome);
      this.#shape = outcome.shape;
    }
  }

  async #plan(signal: AbortSignal): Promise<Plan> {
    const { config, source, credentials, ffmpegPath, clock, failedDecoder } = this.#options;
    const capabilities = await capabilitiesOf(ffmpegPath);
    let probe: Probe | null = null;
    if (source.kind === "rtsp") {
      probe = await probeRtsp(config.url, credentials, {
        cameraId: config.id,
        transport: config.transport,
        signal,
        clock,
      });
      if (probe.error) throw probe.error;
      this.#shape = probe.shape;
      this.#codec = probe.codec;
    } else {
      this.#shape = await shapeOfFile(source.path, ffmpegPath);
    }
    const wanted = failedDecoder === null ? config.decoder : "software";
    const choice = chooseDecoder(wanted, probe?.codec ?? null, capabilities);
    return {
      capabilities,
      probe,
      choice:
        failedDecoder === null
          ? choice
          : { ...choice, note: { key: "decoderNoPicture", values: { wanted: failedDecoder } } },
    };
  }

  #call({ capabilities, choice, probe }: Plan, size: OutputSize): FfmpegCall {
    const { config, source, credentials } = this.#options;
    const frames = { size, rate: config.rate, version: capabilities.version };
    if (source.kind === "file") return loopCall(source.path, frames);
    const call = cameraCall({
      ...frames,
      source: at(source, probe?.address ?? null),
      credentials: credentials ?? source.credentials,
      transport: probe?.transport ?? "tcp",
      keyFramesOnly: config.keyFramesOnly,
      decoder: choice,
      backstopMs: Math.max(startMs, this.#silenceMs()) + 15_000,
    });
    return { ...call, hosts: hostsOf(source, probe?.address ?? null) };
  }

  /** Slow sources may be silent for longer: three frame intervals, or half a minute between key frames. */
  #silenceMs(): number {
    const { stallSec, rate, keyFramesOnly } = this.#options.config;
    return Math.max(stallSec * 1_000, 3_000 / rate, keyFramesOnly ? 30_000 : 0);
  }

  async #play(plan: Plan, signal: AbortSignal, onFirstFrame: () => void): Promise<Outcome> {
    const { config, clock, owner, ffmpegPath } = this.#options;
    const size = outputSize(config.width, this.#shape);
    const outcome = Promise.withResolvers<Outcome>();
    const shapeSeen = Promise.withResolvers<undefined>();
    let isFitting = true;
    let isOver = false;
    const onLine = (line: string): void => {
      const shape = this.#read(line);
      if (!shape) return;
      const wanted = outputSize(config.width, shape);
      // Before the first frame the size may still be made exact; later only another shape is worth a restart.
      isFitting =
        this.frameCount > 0 ? fits(size, shape) : wanted.widthPx === size.widthPx && wanted.heightPx === size.heightPx;
      if (!isFitting) outcome.resolve({ kind: "reshaped", shape });
      shapeSeen.resolve(undefined);
    };
    await using decoder = await Decoder.startFrames(ffmpegPath, this.#call(plan, size), onLine);
    using watching = abortable(signal);
    const writer = owner.started(decoder, plan.choice, size);
    const watchdog = new Watchdog({ startMs, silenceMs: this.#silenceMs() }, clock.monotonicMs());
    const watched: FrameSink = {
      room: () => writer.room(),
      took: (bytes) => {
        // The size no longer fits: these are the last bytes before the restart.
        if (!isFitting || isOver) return true;
        const before = this.frameCount;
        if (!writer.took(bytes)) return false;
        const nowMs = clock.monotonicMs();
        watchdog.frame(nowMs);
        // Silence is looked for when its time has come; frames that drip show at a frame.
        const stall = watchdog.stalled(nowMs);
        if (stall) outcome.resolve({ kind: "stalled", stall });
        if (before === 0) onFirstFrame();
        return true;
      },
    };
    // Frames are read only when their shape is known: a guess may have been wrong.
    void shapeSeen.promise.then(() => isFitting && !isOver && decoder.readInto(watched, clock));
    decoder.ended.then(() => outcome.resolve({ kind: "ended" }), outcome.reject);
    void this.#watch(watchdog, watching.signal).then((stall) => stall && outcome.resolve({ kind: "stalled", stall }));
    const abort = (): void => {
      isOver = true;
      outcome.resolve({ kind: "ended" });
    };
    signal.addEventListener("abort", abort, { once: true });
    try {
      const result = signal.aborted ? ({ kind: "ended" } as const) : await outcome.promise;
      if (result.kind === "stalled") owner.stalled();
      return result;
    } finally {
      isOver = true;
      signal.removeEventListener("abort", abort);
    }
  }

  /** Resolves with the reason when the watchdog barks, with null when told to stop. */
  async #watch(watchdog: Watchdog, signal: AbortSignal): Promise<Stall | null> {
    const { clock } = this.#options;
    for (;;) {
      try {
        await clock.sleep(watchdog.patienceMs(clock.monotonicMs()), signal);
      } catch {
        return null; // The session ended first.
      }
      const stall = watchdog.stalled(clock.monotonicMs());
      if (stall) return stall;
    }
  }

  /** Returns the source's shape when the line tells it. */
  #read(line: string): PictureShape | null {
    const meaning = readLogLine(this.#redact(line));
    switch (meaning?.kind) {
      case undefined:
        return null;
      case "source":
        return meaning.shape;
      case "connected":
        this.#options.owner.connected();
        return null;
      case "colours":
        this.colours = meaning.colours;
        return null;
      case "damage":
        // A JPEG stands for itself: ffmpeg drops a damaged one and shows the next.
        if (this.#codec !== "mjpeg") this.#options.owner.damaged();
        return null;
      case "failure":
        this.#failure ??= meaning;
        return null;
      case "error":
        this.#lastText = meaning.text;
        return null;
    }
  }

  #error(plan: Plan, outcome: Outcome): CameraError | DecoderError {
    const { config, source } = this.#options;
    const camera = config.id;
    if (this.frameCount === 0 && plan.choice.name !== "software") this.failedDecoder = plan.choice.name;
    if (outcome.kind === "stalled") return stallError(camera, outcome.stall);
    if (this.frameCount > 0) return new CameraError("CAMERA_ENDED", { camera });
    if (this.#failure && source.kind === "rtsp") return this.#named(this.#failure, plan, source);
    return new DecoderError("DECODER_EXITED", { camera, detail: this.#lastText || "no message" });
  }

  /** ffmpeg's word, with what it did not say filled in. */
  #named(failure: { readonly code: ErrorCode; readonly values: Values }, plan: Plan, source: RtspSource): CameraError {
    const camera = this.#options.config.id;
    const login = plan.probe?.login;
    // The prober was let in and ffmpeg was not: it lacks the camera's kind of digest.
    if (failure.code === "CAMERA_UNAUTHORIZED" && login) {
      return new CameraError("CAMERA_AUTH_UNSUPPORTED", { camera, detail: `${login.scheme} ${login.algorithm}` });
    }
    const known = {
      camera,
      address: addressOf(source),
      host: source.host,
      path: shownPath(source),
      transport: plan.probe?.transport ?? "",
      detail: "",
    };
    return new CameraError(failure.code, { ...known, ...failure.values });
  }
}

/** A signal that aborts with `parent` or when disposed. */
function abortable(parent: AbortSignal): Disposable & { readonly signal: AbortSignal } {
  const own = new AbortController();
  return { signal: AbortSignal.any([parent, own.signal]), [Symbol.dispose]: () => own.abort() };
}
