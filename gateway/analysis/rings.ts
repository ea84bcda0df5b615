/** The rings of a box: one for each camera that wants clips or pictures of a main stream, none for the others. */
import { rm } from "node:fs/promises";
import type { LoadedConfig } from "../config/load.ts";
import { emptyZones } from "../config/zones-schema.ts";
import type { Clock } from "../runtime/clock.ts";
import type { RingStatus, SaidError } from "../runtime/status.ts";
import { ConnectGate } from "./capture/connect-gate.ts";
import type { Footage } from "./capture/ring/footage.ts";
import { makeRingPlace } from "./capture/ring/ring-place.ts";
import { Ring, wantsRing } from "./capture/ring/ring.ts";

/** What rings are made of. */
export interface RingsOptions {
  readonly config: LoadedConfig;
  /** Where the database lies; the rings lie there only when no folder in memory has room. */
  readonly storageFolder: string;
  readonly clock: Clock;
  /** Told of every failed connection. */
  readonly onProblem: (cameraId: string, error: SaidError) => void;
}

/** Apart from the analysis in thread, process and connection: whatever happens here, frames go on. */
export class Rings implements AsyncDisposable {
  readonly #rings: ReadonlyMap<string, Ring>;
  readonly #folder: string | null;
  readonly #stop = new AbortController();
  readonly #running: Promise<unknown>;

  private constructor(rings: ReadonlyMap<string, Ring>, folder: string | null) {
    this.#rings = rings;
    this.#folder = folder;
    this.#running = Promise.all([...rings.values()].map((ring) => ring.run(this.#stop.signal)));
    this.#running.catch(() => undefined); // Whoever awaits `ended` hears of it.
  }

  /** Starts them; a box without such a camera touches no disk and starts nothing. Throws what the storage folder's disk says. */
  static async open({ config, storageFolder, clock, onProblem }: RingsOptions): Promise<Rings> {
    const cameras = config.gateway.cameras.filter(wantsRing);
    if (cameras.length === 0) return new Rings(new Map(), null);
    const maxBytes = config.gateway.storage.ringMegabytes * 1_048_576;
    const place = await makeRingPlace(storageFolder, maxBytes * cameras.length);
    const connectGate = new ConnectGate(2);
    const rings = cameras.map((camera) => {
      const { masks } = config.zones[camera.id] ?? emptyZones(camera.id);
      const ring = new Ring({
        config: camera,
        credentials: config.credentials[camera.id] ?? null,
        masks: masks.map((mask) => mask.polygon.map(([x, y]) => ({ x, y }))),
        ffmpegPath: config.gateway.ffmpeg.path,
        place,
        maxBytes,
        clock,
        connectGate,
        onError: (error) => onProblem(camera.id, error),
      });
      return [camera.id, ring] as const;
    });
    return new Rings(new Map(rings), place.folder);
  }

  /** Rejects when a ring met a bug; resolves when all were stopped. */
  get ended(): Promise<unknown> {
    return this.#running;
  }

  footage(cameraId: string): Footage | null {
    return this.#rings.get(cameraId) ?? null;
  }

  /** Null for a camera without a ring. */
  status(cameraId: string): RingStatus | null {
    return this.#rings.get(cameraId)?.status() ?? null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running.catch(() => undefined);
    if (this.#folder !== null) await rm(this.#folder, { recursive: true, force: true });
  }
}
