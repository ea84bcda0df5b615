/** The gauge of one camera as a stage of the path of a frame: measures for the rules, a measurement a minute for the platform. */
import type { GaugeConfig } from "../../config/gauge-schema.ts";
import type { Frame } from "../capture/frame.ts";
import type { Reading } from "../../runtime/status.ts";
import { GaugeReader, type LevelReading } from "./gauge-reader.ts";

/** The level of one minute, as the platform gets it. */
export interface LevelMinute {
  readonly gauge: GaugeConfig;
  readonly reading: LevelReading;
}

const minuteMs = 60_000;

/** A camera's gauge, or none. */
export class Gauges {
  #reader: GaugeReader | null = null;
  #known = "";
  #minute: number | null = null;
  #newest: LevelReading | null = null;
  #minutes: LevelMinute[] = [];

  constructor(config: GaugeConfig | undefined) {
    this.take(config);
  }

  /** Reads this gauge from now on; one that has not changed keeps its readings. */
  take(config: GaugeConfig | undefined): void {
    const known = JSON.stringify(config ?? null);
    if (known === this.#known) return;
    this.#known = known;
    this.#reader = config ? new GaugeReader(config) : null;
    this.#newest = null;
  }

  /** `waterLevelM` when there is a new reading, null in it when there was none to be had; null between readings. */
  look(frame: Frame, isUsable: boolean, nowMs: number): { readonly waterLevelM: number | null } | null {
    const reader = this.#reader;
    const reading = reader?.look(frame, isUsable, nowMs);
    if (!reader || !reading) return null;
    this.#newest = reading;
    const minute = Math.floor(nowMs / minuteMs);
    if (this.#minute === null) this.#minute = minute;
    else if (minute !== this.#minute) {
      this.#minute = minute;
      this.#minutes.push({ gauge: reader.config, reading });
      if (this.#minutes.length > 60) this.#minutes.shift();
    }
    return { waterLevelM: reading.levelM };
  }

  /** The newest reading; null before the first and on a camera without a gauge. */
  get newest(): Reading | null {
    if (!this.#newest) return null;
    const { levelM, atMs, confidence, reason } = this.#newest;
    return { atMs, value: levelM, confidence, reason };
  }

  /** The minutes that were not taken yet, oldest first. */
  takeMinutes(): readonly LevelMinute[] {
    const minutes = this.#minutes;
    if (minutes.length > 0) this.#minutes = [];
    return minutes;
  }
}
