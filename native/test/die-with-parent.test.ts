/** A child that asked for it is gone when its parent was killed with no chance to say goodbye. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test, vi } from "vitest";

const indexUrl = JSON.stringify(new URL("../index.ts", import.meta.url).href);
const child = `
  const { dieWithParent } = await import(${indexUrl});
  console.log(process.pid, dieWithParent());
  setInterval(() => undefined, 1000);`;
const parent = `
  const { spawn } = await import("node:child_process");
  spawn(process.execPath, ["--input-type=module", "--eval", ${JSON.stringify(child)}], { stdio: ["ignore", "inherit", "inherit"] });
  setInterval(() => undefined, 1000);`;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("the child of a killed process goes with it", async () => {
  const running = spawn(process.execPath, ["--input-type=module", "--eval", parent], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = (await once(running.stdout, "data")) as [Buffer];
  const [pid, agreed] = said.toString().trim().split(" ");
  expect(agreed).toBe("true");
  expect(isAlive(Number(pid))).toBe(true);
  try {
    running.kill("SIGKILL");
    await once(running, "exit");
    await vi.waitFor(() => expect(isAlive(Number(pid))).toBe(false), { timeout: 20_000, interval: 50 });
  } finally {
    if (isAlive(Number(pid))) process.kill(Number(pid), "SIGKILL");
  }
});
