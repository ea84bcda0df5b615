/** Commands over real sockets: what is signed is obeyed once, everything else is refused and changes nothing. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { redactorOf } from "../analysis/capture/redact.ts";
import { trickyPasswords } from "../analysis/capture/tricky-passwords.ts";
import type { ConfigFiles, ConfigPort } from "../delivery/commands/config-trial.ts";
import { ensureKeys, enrolment } from "../delivery/uplink/keys.ts";
import { systemClock } from "../runtime/clock.ts";
import { openLog, type KeptLine } from "../runtime/log.ts";
import { makeOperatorKey, signOrder, type OperatorPublic, type Order } from "../../platform/fleet/operator-key.ts";
import type { Receiver } from "../../platform/receiver.ts";
import type { SpooledCommand, SpooledResult } from "../../platform/spool.ts";
import { openBox as openBoxPeer, openPlatform as openPeer, signed, type BoxOptions } from "./peers/commanded-box.ts";
import { until } from "./peers/open-delivery.ts";

let folder = "";
let duty: OperatorPublic;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "commands-"));
  duty = await makeOperatorKey(join(folder, "duty.json"), "duty", "ed25519");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const everything = ["health.get", "logs.get", "snap.now", "cfg.get", "cfg.set", "svc.reload", "key.rotate"] as const;
const sign = (op: string, args: Order["args"] = {}, key = "duty"): Promise<SpooledCommand> =>
  signed(folder, op, args, key);

async function openPlatform(stack: AsyncDisposableStack, listen?: string) {
  const platform = await openPeer(stack, folder, listen);
  await platform.receiver.enrol(enrolment("box-1", await ensureKeys(join(folder, "box"))));
  return platform;
}

function openBox(
  stack: AsyncDisposableStack,
  platform: { readonly receiver: Receiver },
  more: Partial<BoxOptions> = {},
) {
  return openBoxPeer(stack, platform, folder, { accept: everything, keys: [duty], ...more });
}

describe("what is obeyed", () => {
  test("each operation with its answer, its audit line and its event", { timeout: 90_000 }, async () => {
    await using stack = new AsyncDisposableStack();
    const platform = await openPlatform(stack);
    const reloads: string[] = [];
    const { commands } = await openBox(stack, platform, {
      ports: {
        picture: (camera) =>
          Promise.resolve(camera === "pier" ? { jpeg: randomBytes(40_000), widthPx: 64, heightPx: 64 } : null),
        reload: () => reloads.push("again"),
      },
    });
    expect(await platform.last(await sign("health.get"))).toMatchObject({ state: "done", body: { state: "well" } });
    expect(await platform.last(await sign("logs.get"))).toMatchObject({
      state: "failed",
      detail: "this box has nobody for logs.get",
    });
    const snap = await platform.last(await sign("snap.now", { camera: "pier" }));
    expect(snap).toMatchObject({ state: "done", body: { bytes: 40_000 } });
    await until("the picture", () => platform.evidence.includes((snap.body as { sha256: string }).sha256));
    expect(await platform.last(await sign("snap.now", { camera: "moon" }))).toMatchObject({
      state: "failed",
      detail: "no camera moon",
    });
    expect(await platform.last(await sign("svc.reload"))).toMatchObject({ state: "done" });
    expect(reloads).toEqual(["again"]);
    const done = () => platform.events.filter(({ event }) => event.type === "system.command.v1").length;
    await until("an event each", () => done() === 6);
    expect(commands.audit.broken()).toBeNull();
    expect(commands.audit.newest(100).length).toBe(10);
  });

  test("the newest log lines, as many as fit, and no password in them", { timeout: 90_000 }, async () => {
    await using stack = new AsyncDisposableStack();
    const platform = await openPlatform(stack);
    const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    stack.defer(() => written.mockRestore());
    const redact = redactorOf(trickyPasswords.map((password) => ({ user: "admin", password })));
    const log = openLog({ language: "en", level: "info", redact });
    await openBox(stack, platform, { log });
    for (let n = 0; n < 3_000; n += 1) log.info({ n, padding: "雪".repeat(700) }, "so it was");
    for (const password of trickyPasswords) {
      log.warn(
        { camera: "pier", url: `rtsp://admin:${password}@cam/live` },
        "camera",
        new Error(`cannot: ${password}`),
      );
      log.info(
        { nested: JSON.stringify({ password }), header: Buffer.from(`admin:${password}`).toString("base64") },
        "x",
      );
    }
    const { lines } = (await platform.last(await sign("logs.get", { lines: 10_000 }))).body as { lines: string[] };
    expect(lines.length).toBeGreaterThan(300);
    expect(lines.length).toBeLessThan(1_000);
    const said = lines.map((line) => JSON.parse(line) as KeptLine);
    expect(said.at(-1)?.n).toBe(3_000 + 2 * trickyPasswords.length);
    const text = said.map((line) => JSON.stringify(line.detail) + line.text).join("\n");
    for (const password of trickyPasswords)
      for (const form of [password, JSON.stringify(password).slice(1, -1), encodeURIComponent(password)])
        expect(text.includes(form), `${form} was told`).toBe(false);
    expect(log.newest?.(10_000).length).toBeLessThan(1_500);
  });

  test(
    "a command waits for a box that is away, and one that is asked again is done once",
    { timeout: 90_000 },
    async () => {
      await using stack = new AsyncDisposableStack();
      const platform = await openPlatform(stack);
      const command = await sign("svc.reload");
      await platform.spool.put(command);
      const reloads: string[] = [];
      await openBox(stack, platform, { ports: { reload: () => reloads.push("again") } });
      await until("the last word", () => !platform.spool.isPending(command.header.cmd));
      expect(await platform.last(command)).toMatchObject({ state: "done", detail: "beginning anew" });
      expect(reloads).toEqual(["again"]);
    },
  );

  test("the key changes in two steps, and the old one is worth nothing after", { timeout: 90_000 }, async () => {
    await using stack = new AsyncDisposableStack();
    const platform = await openPlatform(stack);
    await openBox(stack, platform);
    const next = await makeOperatorKey(join(folder, "next.json"), "next", "sm2");
    expect(await platform.last(await sign("health.get", {}, "next"))).toMatchObject({ state: "denied" });
    expect(await platform.last(await sign("key.rotate", { step: "offer", ...next }))).toMatchObject({ state: "done" });
    expect(await platform.last(await sign("health.get", {}, "next"))).toMatchObject({
      state: "denied",
      detail: "key next is not confirmed yet",
    });
    const confirm = await sign("key.rotate", { step: "confirm", instead: "duty" }, "next");
    expect(await platform.last(confirm)).toMatchObject({ state: "done" });
    expect(await platform.last(await sign("health.get"))).toMatchObject({
      state: "denied",
      detail: "key duty is revoked",
    });
    expect(await platform.last(await sign("health.get", {}, "next"))).toMatchObject({ state: "done" });
  });
});

test(
  "what is refused: nobody's, another box's, a replay, an old one, one that the box does not accept",
  { timeout: 90_000 },
  async () => {
    await using stack = new AsyncDisposableStack();
    const platform = await openPlatform(stack);
    const reloads: string[] = [];
    const { commands } = await openBox(stack, platform, {
      accept: ["health.get", "svc.reload"],
      ports: { reload: () => reloads.push("again") },
    });
    const path = join(folder, "duty.json");
    await makeOperatorKey(join(folder, "thief.json"), "thief", "ed25519");
    const stolen = { ...(await sign("svc.reload", {}, "thief")) };
    const old = await sign("svc.reload");
    const other = await signOrder(
      path,
      { gw: "box-2", op: "svc.reload", args: {}, operator: "值班员", reason: "test", ttlSec: 3_600 },
      Date.now(),
    );
    const flipped = Buffer.from((await sign("svc.reload")).payload, "base64")
      .toString()
      .replace("值班员", "局长");
    const rows: readonly (readonly [string, SpooledCommand, Partial<SpooledResult>])[] = [
      ["an unknown key", stolen, { state: "denied" }],
      [
        "an unknown key under a known name",
        { ...stolen, header: { ...stolen.header, key: "duty" } },
        { state: "denied" },
      ],
      ["a changed word", { ...old, payload: Buffer.from(flipped).toString("base64") }, { state: "denied" }],
      ["another scheme", { ...old, header: { ...old.header, alg: "sm2" } }, { state: "denied" }],
      ["no signature", { ...old, header: { ...old.header, sig: "" } }, { state: "denied" }],
      [
        "for another box",
        { ...other, header: { ...other.header, gw: "box-1" } },
        { detail: "this command is for another box" },
      ],
      [
        "not accepted here",
        await sign("key.rotate"),
        { detail: "key.rotate is not accepted by this box's own config" },
      ],
    ];
    for (const [name, command, expected] of rows) {
      const fresh = { ...command, header: { ...command.header } };
      expect(await platform.last(fresh), name).toMatchObject(expected);
    }
    const obeyed = await sign("health.get");
    const earlier = { ...old };
    expect(await platform.last(obeyed)).toMatchObject({ state: "done" });
    // Signed before the one that was obeyed: its counter is behind.
    expect(await platform.last(earlier)).toMatchObject({
      state: "denied",
      detail: expect.stringContaining("used before") as string,
    });
    expect(reloads).toEqual([]);
    expect(commands.audit.broken()).toBeNull();
  },
);

/** A config in memory, which a broken one cuts off from the platform. */
function configPort(
  onWrite: (files: Readonly<Record<string, string>>) => void,
): ConfigPort & { files: Record<string, string> } {
  const port = {
    files: { "gateway.yaml": "good" } as Record<string, string>,
    revision: 1,
    read: (): Promise<ConfigFiles> => Promise.resolve({ revision: `r${port.revision}`, files: { ...port.files } }),
    write: (files: Readonly<Record<string, string>>): Promise<string> => {
      if (Object.values(files).includes("invalid")) return Promise.reject(new RangeError("not valid"));
      Object.assign(port.files, files);
      port.revision += 1;
      onWrite(files);
      return Promise.resolve(`r${port.revision}`);
    },
  };
  return port;
}

describe("a config change", () => {
  test(
    "stays when a platform is reached under it; a stale base and an invalid file change nothing",
    { timeout: 120_000 },
    async () => {
      await using stack = new AsyncDisposableStack();
      const platform = await openPlatform(stack);
      const config = configPort(() => undefined);
      await openBox(stack, platform, { ports: { config } });
      expect(await platform.last(await sign("cfg.get"))).toMatchObject({ body: { revision: "r1" } });
      const set = (base: string, text: string) => sign("cfg.set", { base, files: { "gateway.yaml": text } });
      expect(await platform.last(await set("r0", "x"))).toMatchObject({
        state: "failed",
        detail: "the box is at revision r1 by now",
      });
      expect(await platform.last(await set("r1", "invalid"))).toMatchObject({ state: "failed", detail: "not valid" });
      expect(await platform.last(await sign("cfg.set", { base: "r1", files: { "../x.yaml": "" } }))).toMatchObject({
        state: "failed",
      });
      expect(config.files).toEqual({ "gateway.yaml": "good" });
      expect(await platform.last(await set("r1", "better"))).toMatchObject({ state: "done" });
      expect(config.files).toEqual({ "gateway.yaml": "better" });
    },
  );

  test("goes back by itself when no platform is reached under it", { timeout: 120_000 }, async () => {
    await using stack = new AsyncDisposableStack();
    const platform = await openPlatform(stack);
    const { address } = platform.receiver;
    // The bad config cuts the box off; going back brings the platform into reach again.
    const cut: { done?: Promise<void> } = {};
    const again: { platform?: Promise<Awaited<ReturnType<typeof openPlatform>>> } = {};
    const config = configPort((files) => {
      if (files["gateway.yaml"] === "bad") cut.done = platform.receiver[Symbol.asyncDispose]();
      else again.platform = (cut.done ?? Promise.resolve()).then(() => openPlatform(stack, address));
    });
    await openBox(stack, platform, { ports: { config }, confirmSec: 10 });
    const command = await sign("cfg.set", { base: "r1", files: { "gateway.yaml": "bad" } });
    await platform.spool.put(command);
    platform.spool.carry(platform.receiver);
    await until("the way back", () => again.platform !== undefined);
    expect(config.files).toEqual({ "gateway.yaml": "good" });
    const back = await again.platform;
    await until("the word about it", () => back?.spool.isPending(command.header.cmd) === false);
    expect(back?.spool.result(command.header.cmd)).toMatchObject({
      state: "failed",
      detail: "no platform was reached under it: back at revision r1",
    });
  });

  test("a trial goes on after a restart in the middle", { timeout: 120_000 }, async () => {
    await using outer = new AsyncDisposableStack();
    const platform = await openPlatform(outer);
    const config = configPort(() => undefined);
    const command = await sign("cfg.set", { base: "r1", files: { "gateway.yaml": "better" } });
    {
      await using stack = new AsyncDisposableStack();
      await openBox(stack, platform, { ports: { config } });
      await platform.spool.put(command);
      platform.spool.carry(platform.receiver);
      await until("on trial", () => platform.spool.result(command.header.cmd)?.state === "running");
    }
    expect(platform.spool.isPending(command.header.cmd)).toBe(true);
    await using stack = new AsyncDisposableStack();
    await openBox(stack, platform, { ports: { config } });
    await until("the last word", () => !platform.spool.isPending(command.header.cmd));
    expect(platform.spool.result(command.header.cmd)).toMatchObject({ state: "done" });
    await systemClock.sleep(1);
  });
});
