/** One camera under supervision: its frames, its state, and what went wrong last. */
import type { CameraConfig, CameraCredentials } from "../../config/schema.ts";
import type { Clock } from "../../runtime/clock.ts";
import { CameraError, GatewayError } from "../../runtime/errors.ts";
import { Latest } from "../../runtime/latest.ts";
import type { CaptureStatus, SaidError } from "../../runtime/status.ts";
import type { Polygon } from "../geometry.ts";
import { askClock } from "./camera-clock.ts";
import { CameraSession } from "./camera-session.ts";
import { parseCameraUrl } from "./camera-url.ts";
import { ConnectGate } from "./connect-gate.ts";
import type { Decoder } from "./decoder.ts";
import type { DecoderChoice } from "./decoder-choice.ts";
import type { OutputSize } from "./ffmpeg-args.ts";
import type { Frame } from "./frame.ts";
import { FrameWriter } from "./frame-writer.ts";
import { Standing } from "./standing.ts";

/** What a camera needs. */
export interface CameraOptions {
  readonly config: CameraConfig;
  readonly credentials: CameraCredentials | null;
  readonly ffmpegPath: string;
  readonly clock: Clock;
  /** Parts of the picture that nobody may see, in 0..1. */
  readonly masks?: readonly Polygon[];
  /** Told of every failed connection. */
  readonly onError?: (error: SaidError) => void;
  /** Shared by all cameras of a box, so that few connect at once. */
  readonly connectGate?: ConnectGate;
}

/** After damage, frames do not count as intact for this long: about one group of pictures of a camera. */
const damageMs = 3_000;
/** Damage is told of at most this often, and only when at least so many lines spoke of it. */
const damageSaidEveryMs = 10_000;
const damageWorthSaying = 5;
/** How often a camera is asked for its clock. */
const clockEveryMs = 3_600_000;
/** How long after its first picture for the first time. */
const firstClockMs = 10_000;

/** Loop: `run` keeps the camera connected; frames come out of `frames`, the newest only. */
export class Camera {
  readonly #options: CameraOptions;
  readonly #stop = new AbortController();
  readonly frames = new Latest<Frame>((frame) => frame[Symbol.dispose]());
  readonly #standing: Standing;
  #running: Promise<void> = Promise.resolve();
  #choice: DecoderChoice | null = null;
  #size: OutputSize | null = null;
  #decoder: Decoder | null = null;
  #framesIn = 0;
  #skipped = 0;
  #lastFrameMs: number | null = null;
  #damagedUntilMs = -Infinity;
  #damageCount = 0;
  #damageSinceMs: number | null = null;
  #failedDecoder: string | null = null;
  #clockOffsetSec: number | null = null;

  constructor(options: CameraOptions) {
    this.#options = options;
    const { clock, config, onError } = options;
    this.#standing = new Standing(clock, onError, config.enabled ? "waiting" : "disabled");
  }

  /** Returns when `signal` aborts and the decoder is gone; throws only bugs. */
  run(signal: AbortSignal): Promise<void> {
    const stop = AbortSignal.any([signal, this.#stop.signal]);
    this.#running = Promise.all([this.#keep(stop), this.#watchClock(stop)]).then(() => undefined);
    return this.#running;
  }

  /** Seconds the camera's clock is ahead; null while it has not said. */
  get clockOffsetSec(): number | null {
    return this.#clockOffsetSec;
  }

  /** Asks now and then while pictures come; a camera that does not answer keeps its pictures. */
  async #watchClock(signal: AbortSignal): Promise<void> {
    const { config, credentials, clock } = this.#options;
    if (!config.enabled) return;
    let waitMs = firstClockMs;
    for (;;) {
      try {
        await clock.sleep(waitMs, signal);
        if (!this.#standing.isStreaming) continue;
        const source = parseCameraUrl(config.url, config.id);
        if (source.kind === "file") return;
        const asked = { cameraId: config.id, credentials: credentials ?? source.credentials, clock, signal };
        this.#clockOffsetSec = await askClock(source, asked);
        waitMs = clockEveryMs;
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof GatewayError)) throw error;
        return; // The address cannot be read: the session says so.
      }
    }
  }

  /** Plain data, as of now. */
  status(): CaptureStatus {
    return {
      ...this.#standing.status(),
      decoder: this.#choice?.name ?? "",
      decoderNote: this.#choice?.note ?? null,
      widthPx: this.#size?.widthPx ?? null,
      heightPx: this.#size?.heightPx ?? null,
      framesIn: this.#framesIn,
      overwritten: this.frames.overwrittenCount + this.#skipped,
      decoderPid: this.#decoder?.pid ?? null,
      lastFrameMs: this.#lastFrameMs,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #keep(signal: AbortSignal): Promise<void> {
    const { id: cameraId, url, enabled } = this.#options.config;
    if (!enabled) {
      await aborted(signal);
      return;
    }
    await this.#standing.keep({ cameraId, url }, (stop) => this.#connect(stop), signal);
    this.#standing.enter("waiting");
    this.frames.poll()?.[Symbol.dispose]();
  }

  async #connect(signal: AbortSignal): Promise<void> {
    const { config, credentials, ffmpegPath, clock, connectGate } = this.#options;
    const source = parseCameraUrl(config.url, config.id);
    this.#standing.begin();
    using place = await (connectGate ?? new ConnectGate()).enter(signal);
    this.#standing.enter("connecting");
    const owner = {
      answered: () => place.answered(),
      connected: () => place[Symbol.dispose](),
      started: (decoder: Decoder, choice: DecoderChoice, size: OutputSize) =>
        this.#start(session, decoder, choice, size),
      damaged: () => this.#damaged(),
      stalled: () => this.#standing.enter("stalled"),
    };
    const failedDecoder = this.#failedDecoder;
    const session: CameraSession = new CameraSession({
      config,
      source,
      credentials,
      ffmpegPath,
      clock,
      failedDecoder,
      owner,
    });
    try {
      await session.run(signal, () => {
        place[Symbol.dispose]();
        this.#standing.enter("streaming");
      });
    } finally {
      this.#decoder = null;
      this.#failedDecoder ??= session.failedDecoder;
    }
  }

  #start(session: CameraSession, decoder: Decoder, choice: DecoderChoice, size: OutputSize): FrameWriter {
    const { clock, config, masks = [] } = this.#options;
    this.#decoder = decoder;
    this.#choice = choice;
    this.#size = size;
    const arrived = (): number => {
      session.frameCount += 1;
      this.#framesIn += 1;
      return this.#framesIn;
    };
    return new FrameWriter({
      cameraId: config.id,
      size,
      masks,
      stamp: () => {
        const capturedAtMs = clock.nowMs();
        const { colours } = session;
        this.#lastFrameMs = capturedAtMs;
        return { seq: arrived(), capturedAtMs, intact: clock.monotonicMs() >= this.#damagedUntilMs, colours };
      },
      publish: (frame) => this.frames.put(frame),
      // Newest wins: a frame that nobody has taken makes room for the one that is coming.
      reclaim: () => {
        const untaken = this.frames.poll();
        if (!untaken) return;
        untaken[Symbol.dispose]();
        this.#skipped += 1;
      },
      skipped: () => {
        arrived();
        this.#skipped += 1;
      },
    });
  }

  /** Marks the next frames, and says so when it happens again and again: a single burst at the start is no news. */
  #damaged(): void {
    const nowMs = this.#options.clock.monotonicMs();
    this.#damagedUntilMs = nowMs + damageMs;
    this.#damageCount += 1;
    this.#damageSinceMs ??= nowMs;
    if (nowMs - this.#damageSinceMs < damageSaidEveryMs) return;
    if (this.#damageCount >= damageWorthSaying) {
      this.#standing.say(
        new CameraError("CAMERA_DAMAGED", { camera: this.#options.config.id, count: this.#damageCount }),
      );
    }
    this.#damageCount = 0;
    this.#damageSinceMs = null;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
