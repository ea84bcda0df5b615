/** The section of one camera as a stage of the path of a frame: a measure for the rules, a measurement a minute for the platform. */
import type { FlowConfig } from "../../config/flow-schema.ts";
import type { Frame } from "../capture/frame.ts";
import type { Reading } from "../../runtime/status.ts";
import { FlowMeter, type SpeedReading } from "./flow-meter.ts";

/** The speed of one minute, as the platform gets it. */
export interface SpeedMinute {
  readonly section: FlowConfig;
  readonly reading: SpeedReading;
}

const minuteMs = 60_000;

/** A camera's section, or none. */
export class Flows {
  #meter: FlowMeter | null = null;
  #known = "";
  #minute: number | null = null;
  #newest: SpeedReading | null = null;
  #minutes: SpeedMinute[] = [];

  constructor(config: FlowConfig | undefined) {
    this.take(config);
  }

  /** Reads this section from now on; one that has not changed keeps its looks. */
  take(config: FlowConfig | undefined): void {
    const known = JSON.stringify(config ?? null);
    if (known === this.#known) return;
    this.#known = known;
    this.#meter = config ? new FlowMeter(config) : null;
    this.#newest = null;
  }

  /** `surfaceSpeedMps`, whichever way the water runs, when there is a new reading, null in it when there was none to be had; null between readings. */
  look(frame: Frame, isUsable: boolean, nowMs: number): { readonly surfaceSpeedMps: number | null } | null {
    const meter = this.#meter;
    const reading = meter?.look(frame, isUsable, nowMs);
    if (!meter || !reading) return null;
    this.#newest = reading;
    const minute = Math.floor(nowMs / minuteMs);
    if (this.#minute === null) this.#minute = minute;
    else if (minute !== this.#minute) {
      this.#minute = minute;
      this.#minutes.push({ section: meter.config, reading });
      if (this.#minutes.length > 60) this.#minutes.shift();
    }
    return { surfaceSpeedMps: reading.speedMps === null ? null : Math.abs(reading.speedMps) };
  }

  /** The newest reading; null before the first and on a camera without a section. */
  get newest(): Reading | null {
    if (!this.#newest) return null;
    const { speedMps, atMs, confidence, reason } = this.#newest;
    return { atMs, value: speedMps, confidence, reason };
  }

  /** The minutes that were not taken yet, oldest first. */
  takeMinutes(): readonly SpeedMinute[] {
    const minutes = this.#minutes;
    if (minutes.length > 0) this.#minutes = [];
    return minutes;
  }
}
