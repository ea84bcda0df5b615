/** The states of a test walk. */
import { describe, expect, test } from "vitest";
import type { Fired, FrameHeader, LiveTrack } from "../../api.ts";
import { firedIn, walkStateOf } from "./walk-state.ts";

const track = (id: number, zones: LiveTrack["zones"], state: LiveTrack["state"] = "confirmed"): LiveTrack => ({
  id,
  cls: "person",
  conf: 0.9,
  box: [0, 0, 0.1, 0.2],
  anchor: [0.05, 0.2],
  state,
  zones,
});
const frame = (tracks: FrameHeader["tracks"], fired: FrameHeader["fired"] = []): FrameHeader => ({
  cam: "c",
  seq: 1,
  atMs: 0,
  w: 640,
  h: 360,
  tracks,
  fired,
});
const bank = [{ id: "bank", dwellSec: 2 }];

describe("where one stands", () => {
  for (const [name, header, zone, wanted] of [
    ["not looked at is not nobody", frame(null), "bank", { kind: "unseen" }],
    ["nobody", frame([]), "bank", { kind: "nobody" }],
    ["somebody who is lost is nobody", frame([track(1, bank, "lost")]), "bank", { kind: "nobody" }],
    ["outside", frame([track(1, [])]), "bank", { kind: "outside" }],
    ["in another zone", frame([track(1, [{ id: "pier", dwellSec: 9 }])]), "bank", { kind: "outside" }],
    ["inside", frame([track(1, bank)]), "bank", { kind: "inside", zone: "bank", dwellSec: 2, track: 1 }],
    ["any zone will do", frame([track(1, bank)]), "", { kind: "inside", zone: "bank", dwellSec: 2, track: 1 }],
    [
      "the longest of several",
      frame([track(1, bank), track(2, [{ id: "bank", dwellSec: 5 }])]),
      "bank",
      { kind: "inside", zone: "bank", dwellSec: 5, track: 2 },
    ],
  ] as const)
    test(name, () => expect(walkStateOf(header, zone)).toEqual(wanted));
});

test("only what begins, and only in the zone, is a trigger", () => {
  const one = (zone: string, phase: Fired["phase"]): Fired => ({
    occurrence: `${zone} ${phase}`,
    phase,
    zone,
    rule: "r",
    type: "t",
    severity: 2,
    certainty: "detected",
    tracks: [1],
  });
  const header = frame([], [one("bank", "start"), one("bank", "update"), one("pier", "start")]);
  expect(firedIn(header, "bank").map(({ occurrence }) => occurrence)).toEqual(["bank start"]);
  expect(firedIn(header, "")).toHaveLength(2);
});
