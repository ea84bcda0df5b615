import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { test } from "vitest";
import { systemClock } from "../../runtime/clock.ts";
import { DecoderError } from "../../runtime/errors.ts";
import { Decoder, guarded, outputOf } from "./decoder.ts";

const run = { args: ["-e", "setInterval(() => {}, 1000)"], script: "" };

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 400; i += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain for ${what}`);
}

/** Gone, and not even a zombie. */
function isGone(pid: number): boolean {
  return !existsSync(`/proc/${pid}`);
}

test("the script arrives on standard input, lines come cut and whole, output is read on demand", async () => {
  const lines: string[] = [];
  const program =
    'process.stdin.on("data", (d) => process.stdout.write(d)); process.stderr.write("one\\ntwo\\r" + "x".repeat(9000) + "\\n")';
  await using decoder = await Decoder.start(process.execPath, { args: ["-e", program], script: "secret" }, (line) =>
    lines.push(line),
  );
  let text = "";
  decoder.output.on("data", (chunk: Buffer) => (text += chunk.toString()));
  assert.deepEqual(await decoder.ended, { exitCode: 0, signal: null });
  assert.equal(text, "secret");
  assert.deepEqual(
    lines.map((line) => line.slice(0, 3)),
    ["one", "two", "xxx"],
  );
  assert.ok(lines.every((line) => line.length <= 2_048));
});

test("a child that ignores every polite signal is gone after dispose, its unread output notwithstanding", async () => {
  const stubborn =
    'process.on("SIGTERM", () => {}); process.stdout.write(Buffer.alloc(5e6)); setInterval(() => {}, 1000)';
  const decoder = await Decoder.start(process.execPath, { args: ["-e", stubborn], script: "" }, () => undefined);
  const { pid } = decoder;
  assert.ok(pid);
  await decoder[Symbol.asyncDispose]();
  await decoder[Symbol.asyncDispose]();
  assert.ok(isGone(pid));
});

test("a program that is not there is an error that says so", async () => {
  assert.equal(await outputOf("/no/such/ffmpeg", []), null);
  const started = Decoder.start("/no/such/ffmpeg", run, () => undefined);
  // With setpriv in front the wrapper starts and fails; without it the shell does: both end at once and never hang.
  await started.then((decoder) => decoder.ended).catch((error: unknown) => assert.ok(error instanceof DecoderError));
});

test("children see no environment but what they need", async () => {
  process.env["XUELIANG_TEST_SECRET"] = "s3cret";
  await using decoder = await Decoder.start(process.execPath, run, () => undefined);
  const environment = await readFile(`/proc/${decoder.pid ?? 0}/environ`, "utf8");
  delete process.env["XUELIANG_TEST_SECRET"];
  assert.ok(!environment.includes("s3cret"));
});

/** A real ffmpeg that hangs in the network: connected to a peer that never answers, without any time-out. */
function hangingFfmpeg(port: number): string[] {
  return ["ffmpeg", "-v", "quiet", "-i", `tcp://127.0.0.1:${port}`, "-f", "null", "-"];
}

for (const guard of ["setpriv", "sh"] as const) {
  test(`${guard}: an ffmpeg that hangs in the network dies when its parent is killed with -9`, async (context) => {
    if (guard === "setpriv" && (await outputOf("setpriv", ["--help"]))?.includes("--pdeathsig") !== true) {
      console.warn("skipped: no setpriv with --pdeathsig");
      context.skip();
      return;
    }
    const mute = createServer((socket) => socket.on("error", () => undefined).resume());
    await new Promise<void>((listening) => mute.listen(0, "127.0.0.1", listening));
    const [program = "", ...args] = guarded(guard, hangingFfmpeg((mute.address() as AddressInfo).port));
    const parentProgram = `
      const { spawn } = require("node:child_process");
      const child = spawn(${JSON.stringify(program)}, ${JSON.stringify(args)}, { stdio: ["pipe", "pipe", "pipe", "pipe"], detached: true });
      console.log(child.pid); setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ["-e", parentProgram], { stdio: ["ignore", "pipe", "inherit"] });
    const childPid = Number(
      await new Promise<string>((resolve) => parent.stdout.once("data", (data: Buffer) => resolve(data.toString()))),
    );
    await until("ffmpeg to hang", async () =>
      (await readFile(`/proc/${childPid}/cmdline`, "utf8")).startsWith("ffmpeg\0"),
    );
    parent.kill("SIGKILL");
    await until("ffmpeg to die", () => isGone(childPid) || stateOf(childPid) === "Z");
    await new Promise((done) => mute.close(done));
  });
}

/** Where no init collects orphans (containers), a dead one stays as a zombie that nobody here can reap. */
function stateOf(pid: number): string {
  try {
    return execFileSync("ps", ["-o", "state=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}

test("the shell guard leaves no watcher behind when the child ends by itself", async () => {
  const [program = "", ...args] = guarded("sh", [process.execPath, "-e", "setTimeout(() => {}, 200)"]);
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe", "pipe"], detached: true });
  const pid = child.pid ?? 0;
  await new Promise((ended) => child.once("exit", ended));
  child.stdio[3]?.destroy();
  await until("the watcher to go", () =>
    execFileSync("ps", ["-eo", "pgid="], { encoding: "utf8" })
      .split("\n")
      .every((line) => Number(line) !== pid),
  );
});

test("a frame that is written piece by piece is read in few turns, and whole", async () => {
  const pieces = 24;
  const pieceBytes = 32_768;
  // Each piece is a write of its own, as ffmpeg does it.
  const program = `const { writeSync } = require("node:fs"); const nap = new Int32Array(new SharedArrayBuffer(4));
    for (let frame = 0; frame < 5; frame += 1) {
      for (let i = 0; i < ${pieces}; i += 1) { writeSync(1, Buffer.alloc(${pieceBytes}, frame * 31 + i)); }
      writeSync(2, "whole\\n");
      Atomics.wait(nap, 0, 0, 60);
    }`;
  let written = 0;
  await using decoder = await Decoder.startFrames(
    process.execPath,
    { args: ["-e", program], script: "" },
    () => (written += 1),
  );
  const frame = new Uint8Array(pieces * pieceBytes);
  let [filled, turns, frames] = [0, 0, 0];
  const sink = {
    room: () => frame.subarray(filled),
    took: (bytes: number): boolean => {
      turns += 1;
      filled += bytes;
      if (filled < frame.length) return false;
      for (let i = 0; i < pieces; i += 1) assert.equal(frame[i * pieceBytes], frames * 31 + i);
      filled = 0;
      frames += 1;
      return true;
    },
  };
  // The rest of a frame gathers for as long as a busy machine takes to write it.
  const sleep = async (): Promise<void> => {
    while (written <= frames) await systemClock.sleep(1);
  };
  decoder.readInto(sink, { ...systemClock, sleep });
  await decoder.ended;
  await until("the last frame", () => frames === 5);
  assert.ok(turns <= 5 * 10, `${turns} turns for 5 frames`);
});
