/** What crosses between the main thread and the analysis thread: plain data, a few times a second. */
import type { CameraCredentials, CameraConfig, GatewayConfig } from "../config/schema.ts";
import type { ZonesConfig } from "../config/zones-schema.ts";
import type { CameraStatus, DetectorStatus, SaidError } from "../runtime/status.ts";
import type { LiveFrame, LiveSize } from "./live-view.ts";
import type { Measurement } from "./measurement.ts";
import type { Picture } from "./snapshot.ts";
import type { OpenOccurrence, Trigger } from "./zones/trigger.ts";

/** One camera with all that belongs to it. */
export interface CameraJob {
  readonly camera: CameraConfig;
  readonly zones: ZonesConfig;
  readonly credentials: CameraCredentials | null;
  readonly open: readonly OpenOccurrence[];
}

/** How the thread is started. */
export interface AnalysisJob {
  readonly gateway: GatewayConfig;
  readonly modelsFolder: string;
  /** Track logs lie in `tracks/CAMERA` below it. */
  readonly storageFolder: string;
  readonly cameras: readonly CameraJob[];
  /** Models that may be unusable: their cameras stream, and nobody looks until the package is mended. */
  readonly mayLack: "any" | readonly string[];
}

/** Which model answered for a camera; goes into every event's provenance. */
export interface ModelIdentity {
  readonly id: string;
  readonly version: string;
  readonly sha256: string;
  readonly sm3: string;
}

/** Down: main thread → analysis thread. */
export type ToAnalysis =
  | { readonly kind: "stop" }
  | { readonly kind: "picture"; readonly id: number; readonly cameraId: string }
  /** A person says that the camera's view as it is now is the right one. */
  | { readonly kind: "accept-view"; readonly cameraId: string }
  /** Which live pictures somebody looks at, and how often at most; no sizes: nobody looks. */
  | {
      readonly kind: "watch";
      readonly cameraId: string;
      readonly sizes: readonly LiveSize[];
      readonly everyMs: number;
    }
  | { readonly kind: "change"; readonly id: number; readonly change: CameraChange };

/** A change while the thread runs. */
export type CameraChange =
  | { readonly kind: "rules"; readonly cameraId: string; readonly zones: ZonesConfig }
  | { readonly kind: "put"; readonly job: CameraJob }
  | { readonly kind: "remove"; readonly cameraId: string }
  /** The name stands for another package by now. */
  | { readonly kind: "model"; readonly modelId: string };

/** Up: analysis thread → main thread. */
export type FromAnalysis =
  | { readonly kind: "ready"; readonly models: Readonly<Record<string, ModelIdentity>> }
  /** A model that could not be used looks by now. */
  | { readonly kind: "mended"; readonly models: Readonly<Record<string, ModelIdentity>> }
  | { readonly kind: "trigger"; readonly trigger: Trigger; readonly picture: Picture | null }
  | {
      readonly kind: "status";
      readonly cameras: readonly CameraStatus[];
      readonly detectors: readonly DetectorStatus[];
    }
  | { readonly kind: "measurement"; readonly measurement: Measurement }
  | { readonly kind: "picture"; readonly id: number; readonly picture: Picture | null }
  | { readonly kind: "live"; readonly frame: LiveFrame }
  | {
      readonly kind: "changed";
      readonly id: number;
      readonly error: SaidError | null;
      readonly models: Readonly<Record<string, ModelIdentity>>;
    }
  | { readonly kind: "problem"; readonly cameraId: string | null; readonly error: SaidError }
  | { readonly kind: "failed"; readonly error: SaidError };
