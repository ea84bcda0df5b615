/** The operator's side of commands: keys, files for the receiver, answers as they are shown. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readCommand } from "../../gateway/delivery/uplink/protocol/command.ts";
import { isSigned } from "../../gateway/delivery/commands/keyring.ts";
import { CommandSpool, type SpooledCommand } from "../spool.ts";
import { fleet } from "./fleet.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fleet-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function run(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  let out = "";
  const io = {
    stdout: (text: string) => (out += text),
    stderr: () => undefined,
    language: "en" as const,
    json: true,
    cwd: folder,
    signal: new AbortController().signal,
  };
  return { code: await fleet([...args, "--folder", "platform"], io), out };
}
const pending = (): readonly SpooledCommand[] =>
  readdirSync(join(folder, "platform/commands/pending")).map(
    (file) => JSON.parse(readFileSync(join(folder, "platform/commands/pending", file), "utf8")) as SpooledCommand,
  );

describe.each(["ed25519", "sm2"] as const)("%s", (alg) => {
  test("what is signed is what the box checks, and counters only go up", async () => {
    const made = await run("key", "--alg", alg);
    const key = JSON.parse(made.out) as { id: string; alg: typeof alg; public: string };
    expect(statSync(join(folder, "operator-key.json")).mode & 0o077).toBe(0);
    for (let n = 0; n < 2; n += 1)
      expect((await run("send", "box-1", "snap.now", "--args", '{"camera":"pier"}', "--wait", "0")).code).toBe(3);
    const commands = pending().map(({ header, payload }) => ({ header, bytes: Buffer.from(payload, "base64") }));
    expect(commands.map(({ header, bytes }) => isSigned(key, bytes, header.sig))).toEqual([true, true]);
    const [first] = commands;
    const bent = Buffer.from(first?.bytes.toString().replace("pier", "moon") ?? "");
    expect(isSigned(key, bent, first?.header.sig ?? "")).toBe(false);
    const counters = commands.map(({ bytes }) => readCommand(bytes)?.ctr ?? 0).sort((a, b) => a - b);
    expect(counters[1]).toBeGreaterThan(counters[0] ?? 0);
  });
});

test("an answer is shown, and its state is the exit code", async () => {
  await run("key");
  await run("send", "box-1", "health.get", "--wait", "0");
  const [command] = pending();
  const cmd = command?.header.cmd ?? "";
  const spool = new CommandSpool(join(folder, "platform"));
  for (const [state, code] of [
    ["running", 3],
    ["done", 0],
    ["failed", 1],
  ] as const) {
    await spool.answer({ cmd, gw: "box-1", state, detail: "so it is", body: Buffer.from('{"cpu":1}') });
    const shown = await run("results", cmd);
    expect(shown.code).toBe(code);
    expect(JSON.parse(shown.out)).toMatchObject({ state, detail: "so it is", body: { cpu: 1 } });
  }
});

test.each([
  ["no action", []],
  ["an unknown operation", ["send", "box-1", "box.burn"]],
  ["arguments that are no object", ["send", "box-1", "health.get", "--args", "[1]"]],
])("refused: %s", async (_name, args) => {
  await run("key");
  await expect(run(...args)).rejects.toMatchObject({ code: "USAGE" });
});
