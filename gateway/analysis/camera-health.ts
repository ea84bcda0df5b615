/** A camera's diagnosis, gauge and section with what they need around them: a file that outlives restarts, and measurements that are due. */
import { join } from "node:path";
import type { CameraConfig } from "../config/schema.ts";
import type { ZonesConfig } from "../config/zones-schema.ts";
import type { Clock } from "../runtime/clock.ts";
import type { GreyPicture } from "./detection/scene.ts";
import { CameraDiagnosis } from "./diagnosis/camera-diagnosis.ts";
import { hourIn } from "./diagnosis/hour.ts";
import { readDiagnosis, writeDiagnosis } from "./diagnosis/kept-diagnosis.ts";
import { Flows } from "./flow/flows.ts";
import { Gauges } from "./gauge/gauges.ts";
import type { Polygon } from "./geometry.ts";
import type { Measurement } from "./measurement.ts";

/** What it needs. */
export interface CameraHealthOptions {
  readonly camera: CameraConfig;
  readonly zones: ZonesConfig;
  readonly timezone: string;
  /** Files lie in `diagnosis/CAMERA.json` below it. */
  readonly storageFolder: string;
  readonly grey: () => GreyPicture;
  /** Seconds the camera's clock is ahead; null while it has not said. */
  readonly clockOffsetSec: () => number | null;
  readonly clock: Clock;
}

/** Kept this often: a power cut forgets at most so much, and flash is not worn. */
const keepEveryMs = 3_600_000;
/** The first time sooner, so that a new camera is known after its first minutes. */
const firstKeepMs = 300_000;

/** The polygons that were drawn as water. */
export function waterOf({ zones }: ZonesConfig): readonly Polygon[] {
  return zones.filter(({ kind }) => kind === "water").map(({ polygon }) => polygon.map(([x, y]) => ({ x, y })));
}

/** Open it, tick it once a second, dispose it. */
export class CameraHealth implements AsyncDisposable {
  readonly diagnosis: CameraDiagnosis;
  readonly gauges: Gauges;
  readonly flows: Flows;
  readonly #cameraId: string;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #clockOffsetSec: () => number | null;
  #keepAtMs: number;
  #keeping: Promise<void> = Promise.resolve();

  private constructor(options: CameraHealthOptions, path: string, diagnosis: CameraDiagnosis) {
    this.diagnosis = diagnosis;
    this.gauges = new Gauges(options.zones.gauge);
    this.flows = new Flows(options.zones.flow);
    this.#cameraId = options.camera.id;
    this.#path = path;
    this.#clock = options.clock;
    this.#clockOffsetSec = options.clockOffsetSec;
    this.#keepAtMs = options.clock.monotonicMs() + firstKeepMs;
  }

  /** Reads what was kept; a file that is not whole counts as none. */
  static async open(options: CameraHealthOptions): Promise<CameraHealth> {
    const { camera, zones, timezone, storageFolder, grey } = options;
    const path = join(storageFolder, "diagnosis", `${camera.id}.json`);
    const kept = await readDiagnosis(path);
    return new CameraHealth(
      options,
      path,
      new CameraDiagnosis({ rate: camera.rate, hourOf: hourIn(timezone), water: waterOf(zones), grey, kept }),
    );
  }

  /** What is due to be sent; also keeps the file, about once an hour. */
  tick(): readonly Measurement[] {
    this.diagnosis.clockOffsetSec = this.#clockOffsetSec();
    const full = this.diagnosis.takeHours();
    // Kept when an hour is told: a power cut must not have it told again.
    if (full.length > 0 || this.#clock.monotonicMs() >= this.#keepAtMs) {
      this.#keepAtMs = this.#clock.monotonicMs() + keepEveryMs;
      void this.#keep();
    }
    const cameraId = this.#cameraId;
    const hours = full.map(({ fromMs, toMs, sum }): Measurement => ({
      kind: "camera-observation",
      cameraId,
      atMs: toMs,
      fromMs,
      ...sum,
    }));
    const minutes = this.gauges.takeMinutes().map(({ gauge, reading }): Measurement => {
      const { atMs, levelM, confidence, reason } = reading;
      const [datum, levels] = [gauge.datum ?? null, gauge.levels ?? {}];
      return { kind: "water-level", cameraId, atMs, gaugeId: gauge.id, levelM, confidence, reason, datum, levels };
    });
    const speeds = this.flows.takeMinutes().map(({ section, reading }): Measurement => {
      const { atMs, speedMps, confidence, reason } = reading;
      return { kind: "surface-speed", cameraId, atMs, sectionId: section.id, speedMps, confidence, reason };
    });
    return [...hours, ...minutes, ...speeds];
  }

  /** The zones file has changed: its gauge or its section may have. */
  takeZones(zones: ZonesConfig): void {
    this.gauges.take(zones.gauge);
    this.flows.take(zones.flow);
    this.diagnosis.takeWater(waterOf(zones));
  }

  /** The view as it is now becomes the usual one; kept at once, because a person said so. */
  acceptView(): void {
    this.diagnosis.acceptView();
    void this.#keep();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#keep();
  }

  /** A disk that refuses costs the memory of a restart and nothing else: it is tried again in an hour. */
  #keep(): Promise<void> {
    this.#keeping = this.#keeping.then(() =>
      writeDiagnosis(this.#path, this.diagnosis.keep()).catch((error: unknown) => {
        if (!(error instanceof Error && "syscall" in error)) throw error;
      }),
    );
    return this.#keeping;
  }
}
