/** Events in the words of other standards: what fits, what does not, and that the difference is said. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { gat1400Image } from "./gat1400-image.ts";
import { gb28181Alarm } from "./gb28181-alarm.ts";

interface Message {
  time: string;
  data: Record<string, unknown>;
}
const read = (name: string): Message =>
  JSON.parse(readFileSync(new URL(`../../../../platform/golden/${name}.json`, import.meta.url), "utf8")) as Message;
const start = read("event-start");
const having = (data: Record<string, unknown>, rest: object = {}): object => ({
  ...start,
  ...rest,
  data: { ...start.data, ...data },
});
const camera = { id: "c", code: null, name: "c", purpose: [] };

describe("GB/T 28181 alarm", () => {
  test("the golden event, in Beijing time, with what it cannot say", () => {
    const projected = gb28181Alarm(start, 17);
    if (projected.kind !== "made") throw new Error(projected.why);
    const { xml, ...fields } = projected.made;
    expect(fields).toEqual({
      deviceId: "50010500081326000123",
      alarmPriority: 3,
      alarmMethod: 5,
      alarmType: 8,
      alarmTime: "2026-11-21T14:25:31",
      alarmDescription: expect.stringMatching(/^一人多竿垂钓\(疑似\)\[fishing-multi-rod\] 码头3号/) as string,
    });
    expect(projected.caveats).toEqual(["certainty-only-in-text", "alarm-type-is-nearest"]);
    expect(xml).toContain("<Longitude>106.5432</Longitude>");
    expect(xml).not.toContain("EventType");
  });

  test("the body is well-formed XML, whatever a site's names hold", () => {
    const nasty = having({
      nameZh: `a<b & "c" ]]> '\u0007`,
      gb28181: { alarmPriority: 1, alarmMethod: 5, alarmType: 6 },
    });
    const projected = gb28181Alarm(nasty, 1);
    if (projected.kind !== "made") throw new Error(projected.why);
    // Python's expat is no parser of ours.
    const code =
      "import sys, xml.etree.ElementTree as t; e = t.fromstring(sys.stdin.read()); print(e.find('AlarmDescription').text[:12], e.find('Info/AlarmTypeParam/EventType').text)";
    const xml = projected.made.xml.replace(` encoding="GB18030"`, "");
    const { stdout, status } = spawnSync("/usr/bin/python3", ["-c", code], { input: xml, encoding: "utf8" });
    if (status === null) return; // No Python here.
    expect(stdout).toBe(`a<b & "c" ]] 1\n`);
  });

  test.each([
    ["another zone becomes Beijing time", having({}, { time: "2026-03-13T23:30:00.000-05:00" }), "2026-03-14T12:30:00"],
    ["UTC becomes Beijing time", having({}, { time: "2026-12-31T16:00:00.000+00:00" }), "2027-01-01T00:00:00"],
  ])("%s", (_name, message, time) => {
    expect(gb28181Alarm(message, 1)).toMatchObject({ made: { alarmTime: time } });
  });

  test.each([
    ["an update is no second alarm", having({ phase: "update" }), "phase update has no counterpart"],
    ["an end is none", read("event-end"), "phase end has no counterpart"],
    ["no numbers in the catalogue", having({ gb28181: null }), "the event type has no alarm numbers"],
    ["a camera without a code", having({ camera }), "the camera has no 20-digit code"],
    ["a code of 19 digits", having({ camera: { ...camera, code: "1".repeat(19) } }), "the camera has no 20-digit code"],
    ["no time", having({}, { time: "yesterday" }), "its time cannot be read"],
    ["a measurement", read("water-level"), "it is no event"],
  ])("%s", (_name, message, why) => {
    expect(gb28181Alarm(message, 1)).toEqual({ kind: "none", why });
  });

  test.each([
    ["a clock that nobody set", having({ provenance: { clock: { synced: null } } }), "clock-not-synced"],
    [
      "an alarm of the device",
      having({ gb28181: { alarmPriority: 2, alarmMethod: 2, alarmType: 1 } }),
      "needs-reset-alarm",
    ],
    ["no alarm type", having({ gb28181: { alarmPriority: 2, alarmMethod: 7, alarmType: null } }), "no-alarm-type"],
    ["no place", having({ place: null }), "coordinates-left-out"],
  ])("%s is said", (_name, message, caveat) => {
    expect(gb28181Alarm(message, 1)).toMatchObject({ caveats: expect.arrayContaining([caveat]) as string[] });
  });
});

describe("GA/T 1400 image", () => {
  test("the golden event's picture", () => {
    const projected = gat1400Image(start, { serial: 7, md5: "0".repeat(32) });
    if (projected.kind !== "made") throw new Error(projected.why);
    const { made, caveats } = projected;
    expect(made.ImageID).toBe("50010500081326000123" + "02" + "20261121142531" + "00007");
    expect(made.ImageID.length).toBe(41);
    expect(made).toMatchObject({
      InfoKind: "1",
      FileSize: "182344",
      Width: "1920",
      FileHash: "0".repeat(32),
      Title: "一人多竿垂钓",
    });
    expect(made.SubImageList.SubImageInfoObject[0]).toMatchObject({ Type: "14", ImageID: made.ImageID });
    expect(caveats).toEqual(["no-slot-for-event-type", "identifier-not-verified"]);
  });

  test.each([
    ["no picture", having({ evidence: [] }), 1, "the event has no JPEG picture"],
    [
      "only a clip",
      having({ evidence: (read("evidence").data as { evidence: unknown[] }).evidence }),
      1,
      "the event has no JPEG picture",
    ],
    ["no code", having({ camera }), 1, "the camera has no 20-digit code"],
    ["a serial of six digits", start, 100_000, "the serial has five digits"],
    ["half a serial", start, 0.5, "the serial has five digits"],
  ])("%s", (_name, message, serial, why) => {
    expect(gat1400Image(message, { serial })).toEqual({ kind: "none", why });
  });

  test("a picture without its MD5 says so", () => {
    expect(gat1400Image(start, { serial: 1 })).toMatchObject({
      caveats: expect.arrayContaining(["no-md5"]) as string[],
    });
  });
});
