/** A verdict of the platform comes down to the box that made the event, over real sockets, and stands where the page's own marks stand. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { terminal } from "../cli/testing/terminal.ts";
import { EventArchive } from "../delivery/events/event-archive.ts";
import { ensureKeys, enrolment } from "../delivery/uplink/keys.ts";
import { systemClock } from "../runtime/clock.ts";
import { fleet } from "../../platform/fleet/fleet.ts";
import { makeOperatorKey, type OperatorPublic } from "../../platform/fleet/operator-key.ts";
import { openBox, openPlatform } from "./peers/commanded-box.ts";
import { exampleTrigger } from "./peers/example-trigger.ts";
import { until } from "./peers/open-delivery.ts";

let folder = "";
let duty: OperatorPublic;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "marks-"));
  duty = await makeOperatorKey(join(folder, "operator-key.json"), "duty", "ed25519");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** `xueliang fleet` as an operator types it. */
async function typed(...args: readonly string[]) {
  const { io, said } = terminal(folder);
  const code = await fleet([...args, "--folder", "platform", "--operator", "chen", "--wait", "60"], io);
  return { code, ...said };
}

async function open(stack: AsyncDisposableStack, accept: readonly string[]) {
  const platform = await openPlatform(stack, folder);
  await platform.receiver.enrol(enrolment("box-1", await ensureKeys(join(folder, "box"))));
  const watching = new AbortController();
  const watched = platform.spool.watch(platform.receiver, systemClock, watching.signal);
  stack.defer(async () => {
    watching.abort();
    await watched;
  });
  const { delivery, commands } = await openBox(stack, platform, folder, { accept, keys: [duty] });
  for (const [occurrenceId, phase] of [
    ["a", "start"],
    ["a", "update"],
    ["b", "start"],
  ] as const)
    await delivery.record(exampleTrigger({ occurrenceId, phase }), null);
  await until("the events", () => platform.events.length === 3);
  return { platform, commands, archive: new EventArchive(delivery.parts.database) };
}

test("any message of an occurrence names it; the page and its tuning see the verdict, the audit who gave it", async () => {
  await using stack = new AsyncDisposableStack();
  const { platform, commands, archive } = await open(stack, ["event.mark"]);
  const [first, update, other] = platform.events.map(({ event }) => event.id);
  const said = await typed("mark", update ?? "", "false", "--reason", "a heron");
  expect(said).toMatchObject({ code: 0, out: expect.stringContaining("fishing-multi-rod on pier: false") as string });
  expect(archive.find(first ?? "")).toMatchObject({ mark: "false", note: "a heron", markedBy: "chen@city" });
  // What the page lists, and what its suggestions are made of.
  expect(archive.list({ mark: "false", limit: 10 }).map(({ occurrence }) => occurrence)).toEqual(["a"]);
  expect(archive.list({ mark: "none", limit: 10 }).map(({ occurrence }) => occurrence)).toEqual(["b"]);

  // Somebody at the box had said otherwise: the newest word counts, and the former one is not lost.
  archive.mark("b", { mark: "true", note: null, user: "li", atMs: 1 });
  expect((await typed("mark", other ?? "", "unsure")).out).toContain("unsure, before: true (li)");
  expect((await typed("mark", first ?? "", "none")).code).toBe(0);
  expect(archive.find(first ?? "")).toMatchObject({ mark: null });
  const lines = commands.audit.newest(100) as readonly Readonly<Record<string, unknown>>[];
  expect(lines.filter(({ op, what }) => op === "event.mark" && what === "done").length).toBe(3);
  expect(lines.some(({ operator, op }) => op === "event.mark" && operator === "chen")).toBe(true);
  expect(commands.audit.broken()).toBeNull();
  const told = () => platform.events.filter(({ event }) => event.type === "system.command.v1").length;
  await until("an event each", () => told() === 3);
}, 90_000);

test("refused: a box that does not accept it, an event that it does not have, words that are none", async () => {
  await using stack = new AsyncDisposableStack();
  const { platform, archive } = await open(stack, ["health.get"]);
  const [first = ""] = platform.events.map(({ event }) => event.id);
  const said = await typed("mark", first, "false");
  expect(said).toMatchObject({ code: 1, out: expect.stringContaining("not accepted by this box") as string });
  expect(archive.find(first)).toMatchObject({ mark: null });
  await expect(typed("mark", first, "maybe")).rejects.toMatchObject({ code: "USAGE" });
  await expect(typed("mark", "no-such-event", "true")).rejects.toMatchObject({ code: "USAGE" });
}, 90_000);

test.each([
  ["an event of nobody", { event: "nobody", mark: "true" }, "this box has no event nobody, or no longer"],
  ["no mark", { event: "x" }, "event.mark wants"],
  ["a mark that is none", { event: "x", mark: "maybe" }, "event.mark wants"],
  ["a note without end", { event: "x", mark: "true", note: "x".repeat(501) }, "event.mark wants"],
  ["more than is asked", { event: "x", mark: "true", camera: "pier" }, "event.mark wants"],
])(
  "arguments: %s",
  async (_what, args, detail) => {
    await using stack = new AsyncDisposableStack();
    await open(stack, ["event.mark"]);
    const said = await typed("send", "box-1", "event.mark", "--args", JSON.stringify(args));
    expect(said.code).toBe(1);
    expect(said.out).toContain(detail);
  },
  90_000,
);
