/** The daemon under a service manager: it says when it serves, gives signs of life, and is started again when it hangs. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePort } from "./peers/free-port.ts";
import { until } from "./peers/open-delivery.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "service-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const hasPython = spawnSync("python3", ["--version"]).status === 0;
/** Blocks the main loop for good on SIGUSR2, as a bug would. */
const blockable = `process.on("SIGUSR2", () => { for (;;); });`;
const config = (port: number): string => `schema: xueliang.gateway/1
site: { id: box-1, name: box }
storage: { folder: ${join(folder, "var")} }
web: { listen: "127.0.0.1:${port}" }
cameras: []
`;

/** A service manager with `command` under it; `words` are the lines it says. */
async function manage(patienceSec: number, command: readonly string[]) {
  writeFileSync(join(folder, "blockable.mjs"), blockable);
  const manager = spawn(
    "python3",
    [join(import.meta.dirname, "peers/service-manager.py"), String(patienceSec), ...command],
    {
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, NODE_OPTIONS: `--import=${join(folder, "blockable.mjs")}` },
    },
  );
  const words: string[] = [];
  createInterface({ input: manager.stdout }).on("line", (line) => words.push(line));
  const pids = (): readonly number[] =>
    words.filter((line) => line.startsWith("started ")).map((line) => Number(line.split(" ")[1]));
  const said = (pid: number, what: string): number => words.filter((line) => line.startsWith(`${pid} ${what}`)).length;
  await until("the first start", () => pids().length === 1);
  return {
    words,
    pids,
    said,
    [Symbol.asyncDispose]: async () => {
      if (manager.exitCode !== null) return;
      const gone = once(manager, "close");
      for (const pid of pids().slice(-1)) spawnSync("kill", ["-CONT", String(pid)]);
      manager.kill("SIGTERM");
      await gone;
    },
  };
}

const xueliang = join(import.meta.dirname, "../xueliang.mjs");

test.skipIf(!hasPython)(
  "ready when the page answers, a sign three times in its patience, and started again when blocked or stopped as a whole",
  { timeout: 240_000 },
  async () => {
    const port = await freePort();
    writeFileSync(join(folder, "gateway.yaml"), config(port));
    await using service = await manage(6, [process.execPath, xueliang, "run", "--config", folder]);
    const [first = 0] = service.pids();
    await until("ready", () => service.said(first, "READY=1") === 1);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBeLessThan(500);
    await until("signs of life", () => service.said(first, "WATCHDOG=1") >= 4);
    process.kill(first, "SIGUSR2");
    await until("the blocked one is ended", () => service.words.includes(`watchdog ${first}`));
    await until("another", () => service.pids().length === 2);
    const second = service.pids()[1] ?? 0;
    await until("ready again", () => service.said(second, "READY=1") === 1);

    process.kill(second, "SIGSTOP");
    await until("the stopped one is ended", () => service.words.includes(`watchdog ${second}`));
    await until("a third", () => service.pids().length === 3);
    const third = service.pids()[2] ?? 0;
    await until("ready once more", () => service.said(third, "READY=1") === 1);

    process.kill(third, "SIGTERM");
    await until("it says that it stops", () => service.said(third, "STOPPING=1") === 1);
    await until("and ends well", () => service.words.includes(`ended ${third} 0`));
  },
);

test.skipIf(!hasPython)(
  "a box without a config is ready when its wizard can be reached",
  { timeout: 120_000 },
  async () => {
    await using service = await manage(30, [process.execPath, xueliang, "run", "--config", join(folder, "config")]);
    await until("ready", () => service.said(service.pids()[0] ?? 0, "READY=1") === 1);
  },
);

test("the unit asks for what the daemon says", () => {
  const unit = readFileSync(join(import.meta.dirname, "../../config/xueliang.service"), "utf8");
  expect(unit).toMatch(/^Type=notify$/m);
  expect(unit).toMatch(/^WatchdogSec=30$/m);
  expect(unit).toMatch(/^Restart=always$/m);
});
