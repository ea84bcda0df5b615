/** What is measured although nothing happened reaches the platform's disk, in the chain of the events. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Measurement } from "../analysis/measurement.ts";
import { ensureKeys, enrolment } from "../delivery/uplink/keys.ts";
import { Receiver, type ReceivedEvent } from "../../platform/receiver.ts";
import { exampleTrigger } from "./peers/example-trigger.ts";
import { openDelivery, until } from "./peers/open-delivery.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "measurements-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const level: Measurement = {
  kind: "water-level",
  cameraId: "pier",
  atMs: Date.parse("2026-07-19T05:31:00+08:00"),
  gaugeId: "gauge",
  levelM: 181.235,
  confidence: 0.82,
  reason: null,
  datum: "1985国家高程基准",
  levels: { warning: 180.5, guaranteed: 183.5 },
};
const speed: Measurement = {
  kind: "surface-speed",
  cameraId: "pier",
  atMs: Date.parse("2026-07-19T05:31:00+08:00"),
  sectionId: "section",
  speedMps: 1.234,
  confidence: 0.7,
  reason: null,
};
const hour: Measurement = {
  kind: "camera-observation",
  cameraId: "pier",
  atMs: Date.parse("2026-07-19T06:00:00+08:00"),
  fromMs: Date.parse("2026-07-19T05:00:00+08:00"),
  onlineShare: 0.95,
  intactShare: 0.9,
  notObservedMin: { "no-frame": 3, "view-moved": 4.5 },
  notObservedMinTotal: 7.5,
  countedMin: 60,
};

test(
  "a level, one without a reading and an hour arrive beside an event, and do not crowd the newest events",
  { timeout: 90_000 },
  async () => {
    const received: ReceivedEvent[] = [];
    await using receiver = await Receiver.open({
      listen: "tcp://127.0.0.1:0",
      folder: join(folder, "platform"),
      language: "en",
      onEvent: (event, { duplicate }) => duplicate || received.push(event),
    });
    await receiver.enrol(enrolment("box-1", await ensureKeys(join(folder, "box"))));
    await using opened = await openDelivery({
      folder: join(folder, "box"),
      address: receiver.address,
      serverKey: receiver.serverKey,
    });
    const { delivery } = opened;
    delivery.measurements.keep(level);
    await delivery.record(exampleTrigger({ phase: "start" }), null);
    delivery.measurements.keep({ ...level, levelM: null, reason: "obscured" });
    delivery.measurements.keep(speed);
    delivery.measurements.keep({ ...speed, speedMps: null, reason: "waves" });
    delivery.measurements.keep(hour);
    await until("six messages", () => received.length === 6);
    const told = received.map(({ event }) => [event.type, event.data.title?.en]);
    expect(told).toContainEqual(["measurement.water-level.v1", "码头: water level 181.235 m 1985国家高程基准"]);
    expect(told).toContainEqual(["measurement.water-level.v1", "码头: no water level (something hides the gauge)"]);
    expect(told).toContainEqual(["measurement.surface-speed.v1", "码头: surface speed 1.23 m/s"]);
    expect(told).toContainEqual(["measurement.surface-speed.v1", "码头: no surface speed (waves, not the current)"]);
    expect(told).toContainEqual([
      "measurement.camera-observation.v1",
      "码头: online 95.0%, intact 90.0%, 7.5 min not observed",
    ]);
    const body =
      received.find(({ event }) => event.type === "measurement.camera-observation.v1")?.body ?? new Uint8Array();
    expect(JSON.parse(Buffer.from(body).toString())).toMatchObject({
      time: "2026-07-19T06:00:00.000+08:00",
      data: { measurement: { from: "2026-07-19T05:00:00.000+08:00", notObservedMin: { "view-moved": 4.5 } } },
    });
    expect(delivery.newestEvents(10)).toHaveLength(1);
  },
);
