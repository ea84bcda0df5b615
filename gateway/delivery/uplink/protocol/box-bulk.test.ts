/** The box's evidence socket as a table: which piece of a file goes to which session. */
import { expect, test } from "vitest";
import { BoxBulk, type Asked, type BulkAction, type Offered } from "./box-bulk.ts";
import { limits, window } from "./limits.ts";

const blob: Offered = { sha256: "1".repeat(64), size: 90_000, type: "image/jpeg", ev: "e", kind: "snapshot" };
const identity = {
  ...{ gw: "box-1", boot: "b".repeat(32), software: "t", serverKey: "k", role: "box" as const, caps: ["blob"] },
  ...{ sign: () => "s", nonce: () => "a".repeat(32) },
};

function begin(bulk: BoxBulk, off: number): readonly BulkAction[] {
  bulk.connected(0);
  bulk.received({ kind: "CHAL", header: { sid: "d".repeat(32), nonce: "e".repeat(32), alg: "ed25519", t: 0 } }, 0);
  const ready = { v: 1, sid: "d".repeat(32), lanes: {}, limits: { ...limits }, credit: { ...window }, hb: 30, t: 0 };
  bulk.received({ kind: "READY", header: { ...ready, caps: ["blob"] } }, 0);
  return bulk.received({ kind: "WANT", header: { sha256: blob.sha256, off, bcredit: 131_072 } }, 0);
}

function asked(actions: readonly BulkAction[]): Asked {
  const [read] = actions.flatMap((action) => (action.kind === "read" ? [action] : []));
  if (!read) throw new Error("no piece is asked for");
  return read;
}

test("a piece that comes when the next session has begun is not sent, and leaves no hole", () => {
  const uploads = {
    next: () => blob,
    done: () => undefined,
    parked: () => undefined,
    bad: () => 0,
    spoiled: () => undefined,
  };
  const bulk = new BoxBulk(
    identity,
    { ...uploads, epoch: () => "f".repeat(32) },
    { wallMs: () => 0, mayPass: () => true },
  );
  const former = asked(begin(bulk, 4_096));
  bulk.lost();
  const present = asked(begin(bulk, 4_096));
  expect([former.off, present.off]).toEqual([4_096, 4_096]);
  // The former session's socket is closed: what is handed over here goes nowhere.
  expect(bulk.chunk(former, new Uint8Array(former.size), 1)).toEqual([]);
  const [data] = bulk.chunk(present, new Uint8Array(present.size), 2);
  expect(data).toMatchObject({ kind: "send", message: { kind: "DATA", header: { off: 4_096 } } });
});

test.each([
  ["whole", ["spoiled"]],
  ["damaged", ["parked damaged"]],
  ["gone", ["parked gone"]],
] as const)("bad at the platform for the third time, %s here: %j", (copy, expected) => {
  const said: string[] = [];
  let [bads, isLeft] = [0, true];
  const bulk = new BoxBulk(
    identity,
    {
      epoch: () => "f".repeat(32),
      next: () => (isLeft ? blob : null),
      done: () => said.push("done"),
      parked: (_, why) => ((isLeft = false), said.push(`parked ${why}`)),
      bad: () => (bads += 1),
      spoiled: () => ((isLeft = false), said.push("spoiled")),
    },
    { wallMs: () => 0, mayPass: () => true },
  );
  let work = begin(bulk, 0);
  while (work.some(({ kind }) => kind === "read")) work = bulk.chunk(asked(work), new Uint8Array(asked(work).size), 0);
  const bad = (): readonly BulkAction[] =>
    bulk.received({ kind: "BACK", header: { sha256: blob.sha256, durable: 0, bad: true, bcredit: 131_072 } }, 0);
  for (const time of ["first", "second"])
    expect(bad(), `the ${time} time it is offered anew`).toMatchObject([{ kind: "send", message: { kind: "OFFER" } }]);
  const [check] = bad();
  if (check?.kind !== "check") throw new Error("its own file is not looked at");
  expect(said).toEqual([]);
  expect(bulk.tick(1), "nothing is sent meanwhile").not.toContainEqual(expect.objectContaining({ kind: "read" }));
  expect(bulk.checked({ ...check, session: check.session + 1 }, copy), "another session's answer").toEqual([]);
  bulk.checked(check, copy);
  expect(said).toEqual(expected);
});
