/** One staff gauge: frames in, a level every five seconds, one measurement a minute. */
import type { GaugeConfig } from "../../config/gauge-schema.ts";
import type { Frame } from "../capture/frame.ts";
import { calibrate, greatestResidualM } from "./calibration.ts";
import { LevelTrack } from "./level-track.ts";
import { Strip, stripsKept } from "./strip.ts";
import { WaterlineReader, type NoReading, type Waterline } from "./waterline.ts";

/** Why a gauge gives no level. */
export type NoLevel = NoReading | "calibration" | "camera" | "out-of-range" | "jump" | "unsteady";

/** One reading. */
export interface LevelReading {
  /** When the water stood there: the middle of the frames that were looked at. */
  readonly atMs: number;
  /** Metres in the gauge's datum; null: no reading, which is never the same as a low one. */
  readonly levelM: number | null;
  /** 0..1. */
  readonly confidence: number;
  readonly reason: NoLevel | null;
}

const readEveryMs = 5_000;
/** Strips of the quick look, about two and a half seconds: it tells water that moves from water that stands. */
const quickStrips = 5;
/** Waterlines of the whole window and of its newest part that differ by more: the water moves, and only the newest counts. */
const movingM = 0.02;

/** Keeps strips and level of one gauge. */
export class GaugeReader {
  readonly config: GaugeConfig;
  readonly #track: LevelTrack;
  #strip: Strip | null = null;
  #reader: WaterlineReader | null = null;
  #aspect = 0;
  #readMs: number | null = null;

  constructor(config: GaugeConfig) {
    this.config = config;
    this.#track = new LevelTrack(config.maxRiseMPerMin);
  }

  /** Takes in a frame; a reading every five seconds, null in between. `isUsable`: the picture is good and the camera stands where it stood. */
  look(frame: Frame, isUsable: boolean, nowMs: number): LevelReading | null {
    this.#aim(frame);
    if (isUsable) this.#strip?.take(frame, nowMs);
    else this.#strip?.clear();
    const passed = this.#readMs === null ? Infinity : nowMs - this.#readMs;
    if (passed >= 0 && passed < readEveryMs) return null;
    this.#readMs = nowMs;
    if (!this.#strip || !this.#reader) return { atMs: nowMs, levelM: null, confidence: 0, reason: "calibration" };
    if (!isUsable) return { atMs: nowMs, levelM: null, confidence: 0, reason: "camera" };
    if (this.#strip.count < quickStrips) return { atMs: nowMs, levelM: null, confidence: 0, reason: "too-few-frames" };
    return this.#believed(this.#read(this.#strip, this.#reader));
  }

  /** The line depends on the shape of the picture. */
  #aim({ widthPx, heightPx }: Frame): void {
    const aspect = widthPx / heightPx;
    if (aspect === this.#aspect) return;
    this.#aspect = aspect;
    const [from, to] = [this.config.from, this.config.to].map(([x, y]) => ({ x, y }));
    const marks = this.config.marks.map(({ at: [x, y], m }) => ({ at: { x, y }, m }));
    const calibration = from && to ? calibrate(from, to, marks, aspect) : null;
    this.#strip = null;
    this.#reader = null;
    if (!from || !to || !calibration || calibration.residualM > greatestResidualM) return;
    this.#strip = new Strip({ from, to, width: this.config.width, calibration });
    this.#reader = new WaterlineReader(this.#strip);
  }

  /** The whole window, or its newest part when the water moves. */
  #read(strip: Strip, reader: WaterlineReader): Waterline & { readonly atMs: number } {
    const quickMs = strip.settle(quickStrips);
    const quick = { ...reader.read(), atMs: quickMs };
    if (strip.count <= quickStrips) return quick;
    const wholeMs = strip.settle(stripsKept);
    const whole = { ...reader.read(), atMs: wholeMs };
    if (quick.levelM === null || whole.levelM === null) return quick.levelM === null ? quick : { ...quick };
    return Math.abs(quick.levelM - whole.levelM) <= movingM ? whole : quick;
  }

  #believed({ levelM, confidence, reason, atMs }: Waterline & { readonly atMs: number }): LevelReading {
    if (levelM === null) return { atMs, levelM, confidence, reason };
    const { minM = -Infinity, maxM = Infinity } = this.config;
    if (levelM < minM || levelM > maxM) return { atMs, levelM: null, confidence, reason: "out-of-range" };
    const believed = this.#track.take(levelM, atMs);
    const doubt = this.#track.isKnown ? "jump" : "unsteady";
    return { atMs, levelM: believed, confidence, reason: believed === null ? doubt : null };
  }
}
