/** The box's machine as a table: what comes in, what it does. */
import { describe, expect, test } from "vitest";
import { BoxDisk } from "../simulator/box-disk.ts";
import { Random } from "../simulator/random.ts";
import type { BoxAction } from "./box-port.ts";
import { BoxSession } from "./box.ts";
import { limits, window } from "./limits.ts";
import type { Header, Message } from "./messages.ts";

function openBox(events: number): { readonly disk: BoxDisk; readonly session: BoxSession } {
  const disk = new BoxDisk(new Random(1), true);
  for (let n = 1; n <= events; n += 1) disk.append(0, `e${n}`, new TextEncoder().encode(`{"n":${n}}`));
  const identity = {
    gw: "box-1",
    boot: "b".repeat(32),
    software: "t",
    serverKey: "k",
    role: "box" as const,
    caps: ["blob", "cmd", "e2e"],
    sign: () => "s",
    nonce: () => "a".repeat(32),
  };
  const session = new BoxSession(identity, disk, () => 0);
  session.connected(0);
  session.received({ kind: "CHAL", header: { sid: "d".repeat(32), nonce: "e".repeat(32), alg: "ed25519", t: 0 } }, 1);
  return { disk, session };
}

function ready(acked: number, lastId: string, credit = { ...window } as { msgs: number; bytes: number }): Message {
  const header: Header<"READY"> = {
    v: 1,
    sid: "d".repeat(32),
    lanes: { "0": { acked, lastId } },
    limits: { ...limits },
    credit,
    hb: 30,
    t: 0,
    caps: [],
  };
  return { kind: "READY", header };
}

const short = (actions: readonly BoxAction[]): readonly string[] =>
  actions.map((action) => {
    if (action.kind === "acknowledged") return `acknowledged ${action.from}-${action.to}`;
    if (action.kind === "drop") return `drop ${action.why}`;
    if (action.kind === "command") return `command ${action.header.cmd}`;
    if (action.kind !== "send") return action.kind;
    const { message } = action;
    if (message.kind === "EVT") return `EVT ${message.header.first}+${message.header.sizes.length}`;
    return message.kind === "GAP" ? `GAP ${message.header.from}-${message.header.to}` : message.kind;
  });

describe("READY", () => {
  for (const [name, acked, lastId, expected] of [
    ["nothing known: everything from the start", 0, "", ["EVT 1+3"]],
    ["two known: the third", 2, "e2", ["acknowledged 1-2", "EVT 3+1"]],
    ["all known: nothing", 3, "e3", ["acknowledged 1-3"]],
    ["more than was ever given: this disk was rolled back", 4, "e4", ["drop renumbered"]],
    ["another event under the number: rolled back and gone on", 3, "x", ["drop renumbered"]],
    ["an event that was put aside is not compared", 3, "", ["acknowledged 1-3"]],
  ] as const) {
    test(name, () => {
      const { session } = openBox(3);
      expect(short(session.received(ready(acked, lastId), 2))).toEqual(expected);
    });
  }

  test("a platform that forgot is told again", () => {
    const { session, disk } = openBox(3);
    disk.acknowledge(0, 3);
    expect(short(session.received(ready(1, "e1"), 2))).toEqual(["EVT 2+2"]);
    expect(disk.acked(0)).toBe(1);
  });

  test("a roll-back begins a new epoch and numbers what is kept anew", () => {
    const { session, disk } = openBox(3);
    const before = disk.epoch();
    disk.acknowledge(0, 2);
    session.received(ready(9, "e9"), 2);
    expect(disk.epoch()).not.toBe(before);
    expect([disk.head(0), disk.acked(0)]).toEqual([3, 0]);
  });
});

test("an event over the platform's limit becomes a GAP in its turn, and the lane goes on", () => {
  const { session, disk } = openBox(1);
  const given: string[] = [];
  const giveUp = disk.giveUp.bind(disk);
  disk.giveUp = (lane, seq, ...why: readonly string[]) => {
    given.push(`${seq} ${why.join("")}`);
    giveUp(lane, seq);
  };
  disk.append(0, "huge", new Uint8Array(200).fill(0x20));
  disk.append(0, "e3", new TextEncoder().encode("{}"));
  const said = ready(0, "") as Extract<Message, { kind: "READY" }>;
  const header = { ...said.header, limits: { ...limits, maxEvent: 100 } };
  expect(short(session.received({ kind: "READY", header }, 2))).toEqual(["EVT 1+1", "GAP 2-2", "EVT 3+1"]);
  expect(given).toEqual(["2 too-big"]);
});

test("lane 0 goes first, and every eighth turn begins with the last that waits", () => {
  const { session, disk } = openBox(0);
  const body = new Uint8Array(60_000).fill(0x20);
  for (let n = 1; n <= 10; n += 1) for (const lane of [0, 1, 2]) disk.append(lane, `${lane}-${n}`, body);
  const sent = session.received(ready(0, "", { msgs: 1_000, bytes: 10_000_000 }), 2);
  const order = sent.flatMap((a) => (a.kind === "send" && a.message.kind === "EVT" ? [a.message.header.lane] : []));
  expect(order.join("")).toBe("000000020001111211111122222222");
});

describe("ACK and credit", () => {
  test("credit bounds what is on the way; totals make a repeated ACK harmless", () => {
    const { session } = openBox(10);
    expect(short(session.received(ready(0, "", { msgs: 4, bytes: 100_000 }), 2))).toEqual(["EVT 1+4"]);
    const ack: Message = { kind: "ACK", header: { lanes: { "0": { cum: 4 } }, credit: { msgs: 6, bytes: 100_000 } } };
    expect(short(session.received(ack, 3))).toEqual(["acknowledged 1-4", "EVT 5+2"]);
    expect(short(session.received(ack, 4))).toEqual([]);
  });

  test("a word about rows that were never sent is not believed", () => {
    const { session, disk } = openBox(10);
    session.received(ready(0, "", { msgs: 4, bytes: 100_000 }), 2);
    session.received({ kind: "ACK", header: { lanes: { "0": { cum: 9 } }, credit: { msgs: 4, bytes: 100_000 } } }, 3);
    expect(disk.acked(0)).toBe(0);
  });
});

describe("silence", () => {
  test("no READY within ten seconds", () => {
    expect(short(openBox(0).session.tick(10_002))).toEqual(["drop no-ready"]);
  });

  test("beats are answered but nothing is acknowledged", () => {
    const { session } = openBox(1);
    session.received(ready(0, ""), 2);
    for (let s = 1; s <= 44; s += 1) {
      session.received({ kind: "BEAT", header: { t0: 0 } }, s * 1_000);
      session.tick(s * 1_000);
    }
    session.received({ kind: "BEAT", header: { t0: 0 } }, 45_500);
    expect(short(session.tick(46_000))).toEqual(["drop no-ack"]);
  });
});
