/** A measurement as a message: CloudEvents like any event, in the same chain, without phases; nobody is alarmed by it. */
import type { Measurement } from "../../analysis/measurement.ts";
import type { Text } from "../../runtime/texts/fill.ts";
import { sayNoReading } from "../../runtime/texts/no-reading.ts";
import { chainBefore, chained } from "./chain.ts";
import { type Event } from "./event.ts";
import { localTime } from "./local-time.ts";
import type { SystemContext } from "./system-event.ts";

/** The camera that measured. */
export interface MeasuringCamera {
  readonly id: string;
  readonly name?: string | undefined;
  readonly code?: string | undefined;
}

/** The message of `measurement`; its type on the wire is `measurement.<kind>.v1`. */
export function measurementEvent(measurement: Measurement, camera: MeasuringCamera, context: SystemContext): Event {
  const { id, site, sequence, epoch, prev, nowMs } = context;
  const { kind, cameraId, atMs, ...values } = measurement;
  const message = {
    specversion: "1.0",
    id,
    source: `/gateways/${site.id}`,
    type: `measurement.${kind}.v1`,
    subject: camera.code ?? camera.id,
    time: localTime(atMs, site.timezone),
    recordedtime: localTime(nowMs, site.timezone),
    datacontenttype: "application/json",
    dataschema: "urn:xueliang:measurement:1",
    sequence: String(sequence).padStart(20, "0"),
    epoch,
    severitynumber: 9,
    severitytext: "info",
    correlationid: id,
    dataclassification: "internal",
    data: {
      severity: 4,
      eventId: kind,
      title: titleOf(measurement, camera.name ?? camera.id),
      site: { id: site.id, name: site.name },
      camera: { id: camera.id, code: camera.code ?? null, name: camera.name ?? camera.id },
      departments: [],
      measurement: "fromMs" in values ? { ...values, from: localTime(values.fromMs, site.timezone) } : values,
      ...chainBefore(context),
    },
  };
  const body = new TextEncoder().encode(JSON.stringify(message));
  return {
    id,
    n: sequence,
    occurrence: id,
    phase: "update",
    type: kind,
    cameraId,
    severity: 4,
    atMs,
    recordedAtMs: nowMs,
    body,
    hash: chained(prev, id, body),
  };
}

function titleOf(measurement: Measurement, camera: string): Text {
  switch (measurement.kind) {
    case "water-level": {
      const { levelM, datum, reason } = measurement;
      if (levelM === null) return without({ zh: `${camera}:水位无读数`, en: `${camera}: no water level` }, reason);
      const unit = datum === null ? "m" : `m ${datum}`;
      return {
        zh: `${camera}:水位 ${levelM.toFixed(3)} ${unit}`,
        en: `${camera}: water level ${levelM.toFixed(3)} ${unit}`,
      };
    }
    case "surface-speed": {
      const { speedMps, reason } = measurement;
      if (speedMps === null)
        return without({ zh: `${camera}:水面流速无读数`, en: `${camera}: no surface speed` }, reason);
      const speed = speedMps.toFixed(2);
      return { zh: `${camera}:水面流速 ${speed} m/s`, en: `${camera}: surface speed ${speed} m/s` };
    }
    case "camera-observation": {
      const { onlineShare, intactShare, notObservedMinTotal } = measurement;
      const [online, intact] = [percent(onlineShare), percent(intactShare)];
      return {
        zh: `${camera}:在线率 ${online},完好率 ${intact},未观测 ${notObservedMinTotal} 分钟`,
        en: `${camera}: online ${online}, intact ${intact}, ${notObservedMinTotal} min not observed`,
      };
    }
    default:
      return measurement satisfies never;
  }
}

function without(what: Text, reason: string | null): Text {
  if (reason === null) return what;
  const { zh, en } = sayNoReading(reason);
  return { zh: `${what.zh}(${zh})`, en: `${what.en} (${en})` };
}

function percent(share: number | null): string {
  return share === null ? "-" : `${(share * 100).toFixed(1)}%`;
}
