/** A camera in a test: running, with its frames counted and its errors kept. */
import type { CameraConfig, CameraCredentials } from "../../config/schema.ts";
import { cameraSchema } from "../../config/schema.ts";
import { Camera } from "../../analysis/capture/camera.ts";
import type { ConnectGate } from "../../analysis/capture/connect-gate.ts";
import { systemClock } from "../../runtime/clock.ts";
import type { SaidError } from "../../runtime/status.ts";
import type { Polygon } from "../../analysis/geometry.ts";

/** What a frame was, kept after it was given back. */
export interface SeenFrame {
  readonly seq: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly intact: boolean;
  /** Mean of all bytes, 0..255. */
  readonly mean: number;
  readonly topLeft: number;
}

/** Runs until disposed. */
export class WatchedCamera {
  readonly camera: Camera;
  readonly frames: SeenFrame[] = []; // Tests end after seconds.
  readonly errors: SaidError[] = [];
  readonly #stop = new AbortController();
  readonly #ends: Promise<unknown>;

  constructor(
    config: Partial<CameraConfig> & { readonly url: string },
    options: {
      readonly credentials?: CameraCredentials;
      readonly connectGate?: ConnectGate;
      readonly masks?: readonly Polygon[];
    } = {},
  ) {
    const { credentials = null, ...rest } = options;
    this.camera = new Camera({
      config: cameraSchema.parse({ id: "cam", width: 320, stallSec: 30, ...config }),
      credentials,
      ffmpegPath: "ffmpeg",
      clock: systemClock,
      onError: (error) => this.errors.push(error),
      ...rest,
    });
    this.#ends = Promise.all([this.camera.run(this.#stop.signal), this.#look(this.#stop.signal)]);
  }

  get codes(): string[] {
    return this.errors.map((error) => error.code);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#ends;
  }

  async #look(signal: AbortSignal): Promise<void> {
    for (;;) {
      const taken = await this.camera.frames.take(signal);
      if (!taken) return;
      using frame = taken;
      let sum = 0;
      for (let i = 0; i < frame.pixels.length; i += 97) sum += frame.pixels[i] ?? 0;
      const { seq, widthPx, heightPx, intact, pixels } = frame;
      this.frames.push({ seq, widthPx, heightPx, intact, mean: (sum * 97) / pixels.length, topLeft: pixels[0] ?? 0 });
    }
  }
}
