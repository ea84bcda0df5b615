/** How often a box says that it is there, what it says with it, and when either side stops to believe in the other. */
import { describe, expect, test } from "vitest";
import { BoxDisk } from "../simulator/box-disk.ts";
import { Random } from "../simulator/random.ts";
import { BoxBulk, type BulkAction, type Offered, type UploadsPort } from "./box-bulk.ts";
import { BoxSession } from "./box.ts";
import { HealthPace } from "./health-pace.ts";
import { limits, window } from "./limits.ts";
import type { Header, Message } from "./messages.ts";
import { PlatformSessions } from "./platform.ts";

const identity = {
  gw: "box-1",
  boot: "b".repeat(32),
  software: "t",
  serverKey: "k",
  role: "box" as const,
  caps: ["blob", "files"],
  sign: () => "s",
  nonce: () => "a".repeat(32),
};
const chal: Message = { kind: "CHAL", header: { sid: "d".repeat(32), nonce: "e".repeat(32), alg: "ed25519", t: 0 } };
const answer: Message = { kind: "BEAT", header: { t0: 0, t1: 0, t2: 0 } };

function ready(hb: number): Message {
  const header: Header<"READY"> = {
    v: 1,
    sid: "d".repeat(32),
    lanes: {},
    limits: { ...limits },
    credit: { ...window },
    hb,
    t: 0,
    caps: ["blob", "files"],
  };
  return { kind: "READY", header };
}

function openEvents(hb = 30): BoxSession {
  const session = new BoxSession(identity, new BoxDisk(new Random(1), true), () => 0);
  session.connected(0);
  session.received(chal, 0);
  session.received(ready(hb), 0);
  return session;
}

const uploads = (waiting: Offered | null): UploadsPort => ({
  epoch: () => "f".repeat(32),
  next: () => waiting,
  done: () => undefined,
  parked: () => undefined,
  bad: () => 0,
  spoiled: () => undefined,
});

function openBulk(waiting: Offered | null): BoxBulk {
  const bulk = new BoxBulk(identity, uploads(waiting), { wallMs: () => 0, mayPass: () => true });
  bulk.connected(0);
  bulk.received(chal, 0);
  bulk.received(ready(30), 0);
  return bulk;
}

/** Seconds at which beats go up, each answered at once, over ten minutes of ticks. */
function beatsOf(machine: { tick(nowMs: number): readonly BulkAction[] } & Pick<BoxBulk, "received">): number[] {
  const at: number[] = [];
  for (let s = 1; s <= 600; s += 1) {
    const beats = machine.tick(s * 1_000).filter((a) => a.kind === "send" && a.message.kind === "BEAT");
    if (beats.length === 0) continue;
    at.push(s);
    machine.received(answer, s * 1_000);
  }
  return at;
}

/** The second at which the box gives the session up when nothing is answered from the first on. */
function givesUpAt(machine: { tick(nowMs: number): readonly BulkAction[] }): number {
  for (let s = 1; s <= 600; s += 1)
    if (machine.tick(s * 1_000).some((a) => a.kind === "drop" && a.why === "silent")) return s;
  return Number.POSITIVE_INFINITY;
}

const blob: Offered = { sha256: "1".repeat(64), size: 9, type: "image/jpeg", ev: "e", kind: "snapshot" };

describe("beats", () => {
  test("of the event socket: each hb", () => {
    expect(beatsOf(openEvents()).slice(0, 3)).toEqual([30, 60, 90]);
    expect(beatsOf(openEvents(15)).slice(0, 3)).toEqual([15, 30, 45]);
  });
  test("of an evidence socket: each fourth hb while nothing is on its way", () => {
    expect(beatsOf(openBulk(null))).toEqual([120, 240, 360, 480, 600]);
    expect(beatsOf(openBulk(blob)).slice(0, 3)).toEqual([30, 60, 90]);
    const asking = openBulk(null);
    asking.ask({ cmd: "2".repeat(32), sha256: "1".repeat(64), off: 0, size: 9 });
    expect(beatsOf(asking).slice(0, 2)).toEqual([30, 60]);
  });
  for (const [name, machine, atSec] of [
    ["an event socket within 90 s", openEvents(), 76],
    ["an evidence socket with work within 45 s", openBulk(blob), 47],
    ["an idle evidence socket before it has work", openBulk(null), 166],
  ] as const)
    test(`a line that died silently is noticed by ${name}`, () => expect(givesUpAt(machine)).toBe(atSec));
});

test("health travels with the first beat, each fourth, and as soon as more than a number is another", () => {
  const pace = new HealthPace();
  const told = [
    { up: 1, last: null },
    { up: 2, last: null },
    { up: 3, last: null },
    { up: 4, last: null },
    { up: 5, last: null },
    { up: 6, last: "UPLINK_BROKEN" },
    { up: 7, last: "UPLINK_BROKEN" },
    { up: 8, last: "UPLINK_BROKEN", nextServerKey: "k" },
  ].map((health) => pace.tells(health));
  expect(told).toEqual([true, false, false, false, true, true, false, true]);
  expect([new HealthPace().tells({}), new HealthPace().tells({ up: 1 })]).toEqual([true, true]);
});

test("a platform forgets a silent event socket after three beats, and an evidence socket after six", () => {
  const platform = new PlatformSessions(
    {
      serverKey: "k",
      isEnrolled: () => true,
      verify: () => true,
      nonce: () => "c".repeat(32),
      random: () => 0,
    },
    () => 0,
  );
  for (const sock of ["E", "B"] as const) {
    const hello: Header<"HELLO"> = {
      ...{ v: [1], gw: "box-1", role: "box", sock, epoch: "f".repeat(32), boot: "b".repeat(32) },
      ...{ nonce: "a".repeat(32), caps: [], sw: "t", heads: {}, t: 0 },
    };
    platform.received(sock, { kind: "HELLO", header: hello }, 0);
    platform.received(sock, { kind: "AUTH", header: { sig: "s" } }, 0);
    platform.watermarks(sock, "c".repeat(32), new Map(), 0);
  }
  const knows = (nowMs: number): readonly boolean[] => {
    platform.tick(nowMs);
    const back = { sha256: "1".repeat(64), durable: 0 };
    return [platform.open.length > 0, platform.stored("B", "c".repeat(32), 0, back).length > 0];
  };
  expect([90_000, 90_001, 180_000, 180_001].map(knows)).toEqual([
    [true, true],
    [false, true],
    [false, true],
    [false, false],
  ]);
});
