/** An event as the alarm notification of GB/T 28181-2022 (9.4, annex A.2.5); pure. Sending it over SIP is not the gateway's business. */
import { beijingTime, clockCaveats, isDeviceCode, projectable, type Caveat, type Projection } from "./message.ts";

/** The alarm: its fields, and the body of the MESSAGE. */
export interface Gb28181Alarm {
  readonly deviceId: string;
  /** 1 highest .. 4. */
  readonly alarmPriority: number;
  /** 2 device, 5 video, 6 device fault … */
  readonly alarmMethod: number;
  readonly alarmType: number | null;
  /** Beijing time without a zone. */
  readonly alarmTime: string;
  readonly alarmDescription: string;
  /** Text of the body; to be encoded as GB18030 as its first line says. */
  readonly xml: string;
}

/** Longest description that receivers are known to take, characters. */
const maxDescription = 200;

/**
 * Only the start of an occurrence is an alarm: the standard knows neither updates nor an end, and a second alarm would be another occurrence to
 * its receivers.
 * @param sn command number, counted by the sender
 */
export function gb28181Alarm(message: unknown, sn: number): Projection<Gb28181Alarm> {
  const event = projectable(message);
  if (!event) return { kind: "none", why: "it is no event" };
  const { phase, certainty, gb28181, camera, place, nameZh, title, eventId } = event.data;
  if (phase !== "start") return { kind: "none", why: `phase ${phase} has no counterpart` };
  if (!gb28181) return { kind: "none", why: "the event type has no alarm numbers" };
  if (!isDeviceCode(camera.code)) return { kind: "none", why: "the camera has no 20-digit code" };
  const alarmTime = beijingTime(event.time);
  if (alarmTime === null) return { kind: "none", why: "its time cannot be read" };
  const { alarmPriority, alarmMethod, alarmType } = gb28181;
  const hasPlace = place?.lon !== undefined && place.lat !== undefined;
  const certaintyZh = certainty === "suspected" ? "疑似" : "确认";
  const alarmDescription = `${nameZh}(${certaintyZh})[${eventId}] ${title.zh}`.slice(0, maxDescription);
  const caveats: Caveat[] = [
    ...clockCaveats(event),
    "certainty-only-in-text",
    alarmType === null ? "no-alarm-type" : "alarm-type-is-nearest",
  ];
  // After an alarm of the device itself a receiver may take no second one before it has reset the first.
  if (alarmMethod === 2) caveats.push("needs-reset-alarm");
  if (!hasPlace) caveats.push("coordinates-left-out");
  const fields = { deviceId: camera.code, alarmPriority, alarmMethod, alarmType, alarmTime, alarmDescription };
  return { kind: "made", made: { ...fields, xml: xmlOf(fields, sn, hasPlace ? place : null) }, caveats };
}

function xmlOf(
  alarm: Omit<Gb28181Alarm, "xml">,
  sn: number,
  place: { readonly lon?: number | undefined; readonly lat?: number | undefined } | null,
): string {
  const lines = [
    `<?xml version="1.0" encoding="GB18030"?>`,
    "<Notify>",
    "<CmdType>Alarm</CmdType>",
    `<SN>${sn}</SN>`,
    `<DeviceID>${alarm.deviceId}</DeviceID>`,
    `<AlarmPriority>${alarm.alarmPriority}</AlarmPriority>`,
    `<AlarmMethod>${alarm.alarmMethod}</AlarmMethod>`,
    `<AlarmTime>${alarm.alarmTime}</AlarmTime>`,
    `<AlarmDescription>${escaped(alarm.alarmDescription)}</AlarmDescription>`,
    ...(place ? [`<Longitude>${place.lon ?? 0}</Longitude>`, `<Latitude>${place.lat ?? 0}</Latitude>`] : []),
    ...(alarm.alarmType === null
      ? []
      : ["<Info>", `<AlarmType>${alarm.alarmType}</AlarmType>`, ...entered(alarm), "</Info>"]),
    "</Notify>",
  ];
  return `${lines.join("\r\n")}\r\n`;
}

/** Only an intrusion (video, 6) says whether something came (1) or went (2); a start is a coming. */
function entered({ alarmMethod, alarmType }: Omit<Gb28181Alarm, "xml">): readonly string[] {
  return alarmMethod === 5 && alarmType === 6
    ? ["<AlarmTypeParam>", "<EventType>1</EventType>", "</AlarmTypeParam>"]
    : [];
}

function escaped(text: string): string {
  const named: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&apos;",
  };
  return text.replaceAll(/\p{Cc}/gu, " ").replaceAll(/[&<>"']/g, (sign) => named[sign] ?? "");
}
