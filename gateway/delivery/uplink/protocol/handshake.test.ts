/** What both sides agree on before the first event: version, capabilities, limits. The box's machine against the platform's. */
import { expect, test } from "vitest";
import { BoxDisk } from "../simulator/box-disk.ts";
import { Random } from "../simulator/random.ts";
import type { BoxAction } from "./box-port.ts";
import { BoxSession } from "./box.ts";
import { limits } from "./limits.ts";
import type { Header, Message } from "./messages.ts";
import { PlatformSessions } from "./platform.ts";
import type { PlatformAction } from "./platform-port.ts";

const sent = (actions: readonly (BoxAction | PlatformAction)[]): readonly Message[] =>
  actions.flatMap((action) => (action.kind === "send" ? [action.message] : []));

/** Both up to READY, which `change` alters on its way; `said` is what the platform answered to `hello`. */
function talk(
  change: { readonly hello?: Partial<Header<"HELLO">>; readonly ready?: Partial<Header<"READY">> },
  caps = ["blob", "cmd", "from-the-future"],
) {
  const disk = new BoxDisk(new Random(1), true);
  disk.append(0, "e1", new TextEncoder().encode("{}"));
  const box = new BoxSession(
    {
      ...{ gw: "box-1", boot: "b".repeat(32), software: "t", serverKey: "k", role: "box", caps },
      ...{ sign: () => "s", nonce: () => "a".repeat(32) },
    },
    disk,
    () => 0,
  );
  const platform = new PlatformSessions(
    {
      ...{ serverKey: "k", isEnrolled: () => true, verify: () => true },
      ...{ nonce: () => "c".repeat(32), random: () => 0 },
    },
    () => 0,
  );
  const [hello] = sent(box.connected(0));
  if (hello?.kind !== "HELLO") throw new Error("no HELLO");
  const [answer] = sent(platform.received("r", { ...hello, header: { ...hello.header, ...change.hello } }, 0));
  if (answer?.kind !== "CHAL") return { said: answer, heard: [] };
  const [auth] = sent(box.received(answer, 0));
  if (auth) platform.received("r", auth, 0);
  const [ready] = sent(platform.watermarks("r", "c".repeat(32), new Map(), 0));
  if (ready?.kind !== "READY") return { said: ready, heard: [] };
  const heard = box.received({ ...ready, header: { ...ready.header, ...change.ready } }, 0);
  return { said: ready, heard };
}

test("the best version of both; none in common is said, for ten minutes", () => {
  expect(talk({ hello: { v: [1, 2, 60_000] } }).said).toMatchObject({ kind: "READY", header: { v: 1 } });
  expect(talk({ hello: { v: [2] } }).said).toMatchObject({
    kind: "ERR",
    header: { code: "unsupported", fatal: true, retryAfter: 600 },
  });
  expect(talk({ ready: { v: 2 } }).heard).toEqual([
    expect.objectContaining({ kind: "drop", why: "unsupported", retryAfterSec: 600 }),
  ]);
});

test("only what both named is used", () => {
  expect(talk({}).said).toMatchObject({ header: { caps: ["blob", "cmd"] } });
  expect(talk({}, ["from-the-future"]).said).toMatchObject({ header: { caps: [] } });
});

test("limits of either side bind the box; fields that nobody knows change nothing", () => {
  const small = { ...limits, maxEvent: 1 };
  expect(sent(talk({ ready: { limits: small } }).heard)).toMatchObject([{ kind: "GAP", header: { from: 1, to: 1 } }]);
  const huge = { ...limits, maxEvent: 1e9, maxBatch: 1e9 };
  expect(sent(talk({ ready: { limits: huge, ...{ weather: "rain" } } }).heard)).toMatchObject([{ kind: "EVT" }]);
});
