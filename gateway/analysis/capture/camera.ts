/** One camera under supervision: its frames, its state, and what went wrong last. */
import type { CameraConfig, CameraCredentials } from "../../config/schema.ts";
import type { Clock } from "../../runtime/clock.ts";
import { CameraError, GatewayError } from "../../runtime/errors.ts";
import { Latest } from "../../runtime/latest.ts";
import type { CameraState, CaptureStatus, SaidError } from "../../runtime/status.ts";
import { supervise } from "../../runtime/supervise.ts";
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
/** A fault that only a person can mend is looked at again after this long: the mending may not tell us. */
const brokenMs = 300_000;
/** How often a camera is asked for its clock. */
const clockEveryMs = 3_600_000;
/** How long after its first picture for the first time. */
const firstClockMs = 10_000;

/** Loop: `run` keeps the camera connected; frames come out of `frames`, the newest only. */
export class Camera {
  readonly #options: CameraOptions;
  readonly #stop = new AbortController();
  readonly frames = new Latest<Frame>((frame) => frame[Symbol.dispose]());
  #running: Promise<void> = Promise.resolve();
  #state: CameraState = "waiting";
  #sinceMs: number;
  #choice: DecoderChoice | null = null;
  #size: OutputSize | null = null;
  #decoder: Decoder | null = null;
  #framesIn = 0;
  #skipped = 0;
  #sessions = 0;
  #lastFrameMs: number | null = null;
  #lastError: SaidError | null = null;
  #damagedUntilMs = -Infinity;
  #damageCount = 0;
  #damageSinceMs: number | null = null;
  #failedDecoder: string | null = null;
  #clockOffsetSec: number | null = null;

  constructor(options: CameraOptions) {
    this.#options = options;
    this.#sinceMs = options.clock.nowMs();
    if (!options.config.enabled) this.#state = "disabled";
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
        if (this.#state !== "streaming") continue;
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
      state: this.#state,
      sinceMs: this.#sinceMs,
      decoder: this.#choice?.name ?? "",
      decoderNote: this.#choice?.note ?? null,
      widthPx: this.#size?.widthPx ?? null,
      heightPx: this.#size?.heightPx ?? null,
      framesIn: this.#framesIn,
      overwritten: this.frames.overwrittenCount + this.#skipped,
      reconnects: Math.max(0, this.#sessions - 1),
      decoderPid: this.#decoder?.pid ?? null,
      lastFrameMs: this.#lastFrameMs,
      lastError: this.#lastError,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #keep(signal: AbortSignal): Promise<void> {
    const { clock, config } = this.#options;
    if (!config.enabled) {
      await aborted(signal);
      return;
    }
    while (!signal.aborted) {
      try {
        await supervise((stop) => this.#connect(stop), signal, { clock, onFailure: (error) => this.#failed(error) });
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        this.#failed(error);
        await clock.sleep(brokenMs, signal).catch(() => undefined); // Only stopping ends this sleep early.
      }
    }
    this.#enter("waiting");
    this.frames.poll()?.[Symbol.dispose]();
  }

  async #connect(signal: AbortSignal): Promise<void> {
    const { config, credentials, ffmpegPath, clock, connectGate } = this.#options;
    const source = parseCameraUrl(config.url, config.id);
    this.#sessions += 1;
    using pass = await (connectGate ?? new ConnectGate()).enter(signal);
    this.#enter("connecting");
    const owner = {
      started: (decoder: Decoder, choice: DecoderChoice, size: OutputSize) =>
        this.#start(session, decoder, choice, size),
      damaged: () => this.#damaged(),
      stalled: () => this.#enter("stalled"),
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
        pass[Symbol.dispose]();
        this.#enter("streaming");
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
      this.#say(new CameraError("CAMERA_DAMAGED", { camera: this.#options.config.id, count: this.#damageCount }));
    }
    this.#damageCount = 0;
    this.#damageSinceMs = null;
  }

  #failed(error: unknown): void {
    this.#enter("waiting");
    if (error instanceof GatewayError) this.#say(error);
  }

  #say(error: GatewayError): void {
    this.#lastError = { code: error.code, values: error.values, atMs: this.#options.clock.nowMs() };
    this.#options.onError?.(this.#lastError);
  }

  #enter(state: CameraState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#sinceMs = this.#options.clock.nowMs();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
