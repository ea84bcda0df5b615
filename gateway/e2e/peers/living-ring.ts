/** A ring in a test: running, with what went wrong kept. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConnectGate } from "../../analysis/capture/connect-gate.ts";
import { makeRingPlace, type RingPlace } from "../../analysis/capture/ring/ring-place.ts";
import { Ring } from "../../analysis/capture/ring/ring.ts";
import type { Polygon } from "../../analysis/geometry.ts";
import { cameraSchema, type CameraConfig, type CameraCredentials } from "../../config/schema.ts";
import { systemClock } from "../../runtime/clock.ts";
import type { SaidError } from "../../runtime/status.ts";

/** What differs from a camera without login, masks and narrow bounds. */
export interface LivingRingOptions {
  readonly credentials?: CameraCredentials;
  readonly masks?: readonly Polygon[];
  readonly place?: RingPlace["kind"];
  readonly maxBytes?: number;
}

/** Runs until disposed. */
export class LivingRing implements AsyncDisposable {
  readonly ring: Ring;
  readonly config: CameraConfig;
  readonly place: RingPlace;
  readonly errors: SaidError[] = []; // Tests end after seconds.
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  readonly #storage: string;

  private constructor(config: CameraConfig, place: RingPlace, storage: string, options: LivingRingOptions) {
    const { credentials = null, masks = [], maxBytes = 64e6 } = options;
    this.config = config;
    this.place = place;
    this.#storage = storage;
    this.ring = new Ring({
      config,
      credentials,
      masks,
      place,
      maxBytes,
      ffmpegPath: "ffmpeg",
      clock: systemClock,
      connectGate: new ConnectGate(2),
      onError: (error) => this.errors.push(error),
    });
    this.#running = this.ring.run(this.#stop.signal);
  }

  static async open(
    camera: Partial<CameraConfig> & { readonly url: string },
    options: LivingRingOptions = {},
  ): Promise<LivingRing> {
    const storage = await mkdtemp(join(tmpdir(), "xueliang-ring-"));
    const place = await makeRingPlace(storage, 1_000_000, options.place === "disk" ? [] : undefined);
    const config = cameraSchema.parse({ id: "pier", name: "码头", stallSec: 3, ...camera });
    return new LivingRing(config, place, storage, options);
  }

  get codes(): readonly string[] {
    return this.errors.map(({ code }) => code);
  }

  /** Stops the ring and leaves alone what it leaves behind. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    for (const folder of [this.place.folder, this.#storage]) await rm(folder, { recursive: true, force: true });
  }
}
