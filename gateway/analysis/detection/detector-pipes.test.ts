import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as native from "../../../native/index.ts";
import { DetectorPipes } from "./detector-pipes.ts";
import { answersFd, questionsFd } from "./detector-wire.ts";

/** Says back whatever it is told. */
const echo = `const fs = require("node:fs"), chunk = Buffer.alloc(65536);
  for (let n; (n = fs.readSync(${questionsFd}, chunk)) > 0;) fs.writeSync(${answersFd}, chunk, 0, n);`;

function begun(program: string): {
  readonly pipes: DetectorPipes;
  readonly child: ChildProcess;
  readonly heard: () => Buffer;
} {
  const pipes = DetectorPipes.open();
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "ignore", "inherit", ...pipes.stdio] });
  const parts: Buffer[] = [];
  pipes.join(child.stdio, (bytes) => parts.push(Buffer.from(bytes)));
  return { pipes, child, heard: () => Buffer.concat(parts) };
}

const descriptors = (): number => readdirSync("/proc/self/fd").length;

describe.each(["with the addon", "without it"])("%s", (way) => {
  beforeEach(() => {
    if (way === "without it") vi.spyOn(native, "openPipe").mockReturnValue(null);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test("what is said arrives in the order in which it was said, and the answers come back", async () => {
    const { pipes, child, heard } = begun(echo);
    using held = pipes;
    expect(pipes.stdio[0] === "pipe").toBe(way === "without it");
    // More than a pipe holds, said before the process listens: the header after it must not overtake it.
    const long = Buffer.alloc(300_000, "long");
    const said = [Buffer.from("head"), long, Buffer.from("second head"), Buffer.from("third head")];
    held.send(Buffer.from("head"), long);
    held.send(Buffer.from("second head"), new Uint8Array(0));
    await vi.waitFor(() => expect(heard().length).toBeGreaterThan(long.length), { timeout: 20_000 });
    held.send(Buffer.from("third head"), new Uint8Array(0));
    const all = Buffer.concat(said);
    await vi.waitFor(() => expect(heard().length).toBe(all.length), { timeout: 20_000 });
    expect(heard().equals(all)).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
  });

  test("the process sees the end when its pipes are disposed, and no descriptor stays", async () => {
    const before = descriptors();
    for (let round = 0; round < 3; round += 1) {
      const { pipes, child } = begun(echo);
      pipes[Symbol.dispose]();
      const [exitCode] = (await once(child, "exit")) as [number | null];
      expect(exitCode).toBe(0);
    }
    await vi.waitFor(() => expect(descriptors()).toBeLessThanOrEqual(before), { timeout: 20_000 });
  });

  test("a process that is gone is nobody's error: its exit says more", async () => {
    const { pipes, child } = begun("process.exit(3)");
    using held = pipes;
    await once(child, "exit");
    held.send(Buffer.from("head"), new Uint8Array(0));
    held.send(Buffer.from("head"), Buffer.from("and more"));
    await vi.waitFor(() => expect(child.exitCode).toBe(3), { timeout: 20_000 });
  });
});
