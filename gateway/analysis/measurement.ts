/** What is measured and sent although nothing happened: plain data that crosses the thread. */

/** A water level, once a minute for each camera with a gauge. */
export interface LevelMeasurement {
  readonly kind: "water-level";
  readonly cameraId: string;
  /** When the water stood there, wall ms. */
  readonly atMs: number;
  readonly gaugeId: string;
  /** Metres over the datum; null: no reading, and `reason` says why. */
  readonly levelM: number | null;
  /** 0..1. */
  readonly confidence: number;
  readonly reason: string | null;
  readonly datum: string | null;
  /** The station's own levels by name (guard, warning, guaranteed, low), metres; from the config, never invented. */
  readonly levels: Readonly<Record<string, number | undefined>>;
}

/** The speed of the water's surface, once a minute for each camera with a section. */
export interface SpeedMeasurement {
  readonly kind: "surface-speed";
  readonly cameraId: string;
  /** End of the minute that was looked at, wall ms. */
  readonly atMs: number;
  readonly sectionId: string;
  /** Metres a second in the direction of the section's lines, negative against it; null: no reading, and `reason` says why. */
  readonly speedMps: number | null;
  /** 0..1. */
  readonly confidence: number;
  readonly reason: string | null;
}

/** One hour of a camera: how long it was online, intact and observed. */
export interface ObservationMeasurement {
  readonly kind: "camera-observation";
  readonly cameraId: string;
  /** End of the hour, wall ms. */
  readonly atMs: number;
  readonly fromMs: number;
  /** Shares 0..1 of the time the gateway ran; null when it did not. */
  readonly onlineShare: number | null;
  readonly intactShare: number | null;
  /** Minutes that nobody looked at the scene, by reason. */
  readonly notObservedMin: Readonly<Record<string, number>>;
  readonly notObservedMinTotal: number;
  readonly countedMin: number;
}

/** Any of them. */
export type Measurement = LevelMeasurement | SpeedMeasurement | ObservationMeasurement;
