/** Timers of the live picture count as the rules do. */
import { expect, test } from "vitest";
import { zonesSchema, type ZonesConfig } from "../config/zones-schema.ts";
import type { Frame } from "./capture/frame.ts";
import { LiveView, type LiveFrame } from "./live-view.ts";
import type { Trigger } from "./zones/trigger.ts";
import { marchNoon, oneZone, still, tracksAt, type Actor } from "./zones/testing/story.ts";

const water = (rules: readonly unknown[]): ZonesConfig =>
  zonesSchema.parse(oneZone(rules, { polygon: [[0, 0.1], [0.5, 0.1], [0.5, 0.5], [0, 0.5]] })); // prettier-ignore
const angler = still(1, "person", { x: 0.05, y: 0.3, width: 0.1, height: 0.3 });
const rodUntil = (sec: number, from = 0): Actor =>
  still(2, "fishing-rod", { x: 0.15, y: 0.3, width: 0.1, height: 0.2 }, from, sec);
const swimmer = still(3, "person", { x: 0.3, y: 0.1, width: 0.1, height: 0.3 });

function frameAt(i: number): Frame {
  const pixels = new Uint8Array(0);
  return {
    ...{ cameraId: "cam", seq: i, capturedAtMs: marchNoon + i * 200, widthPx: 1280, heightPx: 720, pixels },
    ...{ intact: true, [Symbol.dispose]: () => undefined },
  };
}

/** Seconds that each person has been in the zone, by the last of five frames a second; undefined: it is not there. */
async function timers(zones: ZonesConfig, actors: readonly Actor[], seconds: number): Promise<Record<number, number>> {
  const shown: LiveFrame[] = [];
  const live = new LiveView(zones, {
    encode: () => Promise.resolve([new Uint8Array(1)]),
    show: (frame) => shown.push(frame),
    onFailed: () => undefined,
  });
  for (let i = 0; i <= seconds * 5; i += 1) {
    if (i === seconds * 5) live.watch(["normal"], 0);
    live.look(frameAt(i), tracksAt(actors, i / 5, marchNoon), []);
  }
  await new Promise(setImmediate);
  const people = shown[0]?.tracks?.filter(({ label }) => label === "person") ?? [];
  const stays = people.flatMap(({ id, zones }) => zones.map(({ dwellSec }) => [id, dwellSec] as const));
  return Object.fromEntries(stays);
}

const fishing = { type: "fishing-in-no-fishing-zone" };
for (const [name, rules, actors, seconds, expected] of [
  ["whoever stands in the zone", [], [swimmer], 4, { 3: 4 }],
  ["a rod brings its angler on the bank in", [fishing], [angler, rodUntil(99)], 4, { 1: 4 }],
  [
    "so it does where rods are held against persons",
    [{ type: "fishing-multi-rod" }],
    [angler, rodUntil(99)],
    4,
    { 1: 4 },
  ],
  ["not where no rule asks for rods", [{ type: "angler-loitering" }], [angler, rodUntil(99)], 4, {}],
  ["not by a rule that is switched off", [{ ...fishing, enabled: false }], [angler, rodUntil(99)], 4, {}],
  ["not without a rod", [fishing], [angler], 4, {}],
  ["the rod is gone now", [fishing], [angler, rodUntil(3)], 4, {}],
  [
    "the rod was not seen for a while: the stay goes on",
    [fishing],
    [angler, rodUntil(2), { ...rodUntil(99, 5), id: 4 }],
    8,
    { 1: 8 },
  ],
  [
    "the rod was gone for longer: another stay",
    [fishing],
    [angler, rodUntil(2), { ...rodUntil(99, 9), id: 4 }],
    10,
    { 1: 1 },
  ],
] as const)
  // prettier-ignore
  test(name, async () => expect(await timers(water(rules), actors, seconds)).toEqual(expected));

test("a picture that cannot be made is counted and told once; the view goes on with the next frame, and nothing that fired is lost", async () => {
  const shown: LiveFrame[] = [];
  const told: unknown[] = [];
  const answers = ["fails", "throws", "is made", "fails"];
  const live = new LiveView(water([]), {
    encode: () => {
      const answer = answers.shift();
      if (answer === "throws") throw new Error("VipsJpeg: out of memory");
      return answer === "fails" ? Promise.reject(new Error("VipsJpeg: no")) : Promise.resolve([new Uint8Array(1)]);
    },
    show: (frame) => shown.push(frame),
    onFailed: (cause) => told.push(cause),
  });
  live.watch(["normal"], 0);
  const fired = { ruleId: "one" } as Trigger;
  for (let i = 0; i < 4; i += 1) {
    live.look(frameAt(i), [], i === 0 ? [fired] : []);
    await new Promise(setImmediate);
  }
  expect(live.failedCount).toBe(3);
  expect(told.map(String)).toEqual(["Error: VipsJpeg: no", "Error: VipsJpeg: no"]);
  expect(shown.map((frame) => frame.fired)).toEqual([[fired]]);
});
