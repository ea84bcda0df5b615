/** The daemon's door: one daemon, a stale file, strangers, long paths. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "vitest";
import { exampleStatus } from "../web/example-status.ts";
import { askAcceptView, askStatus, ControlSocket, socketPath } from "./control-socket.ts";

let folder = "";
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "xueliang-control-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));
const answers = { status: exampleStatus };

test("answers with the status, only to its own user, and leaves nothing behind", async () => {
  const path = join(folder, "var", "control.sock");
  {
    await using control = await ControlSocket.open(path, answers);
    assert.equal((await stat(control.path)).mode & 0o777, 0o600);
    assert.deepEqual(await askStatus(path), exampleStatus());
  }
  assert.equal(existsSync(path), false);
});

test("a view is accepted for a camera that there is, and refused for another", async () => {
  const path = join(folder, "control.sock");
  const accepted: string[] = [];
  const acceptView = (cameraId: string): boolean => cameraId === "pier" && accepted.push(cameraId) > 0;
  await using control = await ControlSocket.open(path, { ...answers, acceptView });
  assert.deepEqual([await askAcceptView(control.path, "pier"), await askAcceptView(path, "dam")], [true, false]);
  assert.deepEqual(accepted, ["pier"]);
});

test("nobody there is said as such", async () => {
  await assert.rejects(askStatus(join(folder, "control.sock")), { code: "DAEMON_NOT_RUNNING", exitCode: 10 });
});

test("a second daemon is refused, the first one lives on", async () => {
  const path = join(folder, "control.sock");
  await using control = await ControlSocket.open(path, answers);
  await assert.rejects(ControlSocket.open(path, answers), { code: "DAEMON_RUNNING" });
  assert.equal((await askStatus(control.path)).pid, exampleStatus().pid);
});

test("a file left by a killed daemon is taken over", async () => {
  const path = join(folder, "control.sock");
  await writeFile(path, "");
  await using control = await ControlSocket.open(path, answers);
  assert.equal((await askStatus(control.path)).version, exampleStatus().version);
});

test("a path too long for a socket has a short stand-in that both sides find", async () => {
  const path = join(folder, "x".repeat(120), "control.sock");
  assert.ok(Buffer.byteLength(socketPath(path)) <= 107);
  await using control = await ControlSocket.open(path, answers);
  assert.notEqual(control.path, path);
  assert.equal((await askStatus(path)).pid, exampleStatus().pid);
});

test("an endless question is cut off and others are still answered", async () => {
  const path = join(folder, "control.sock");
  await using control = await ControlSocket.open(path, answers);
  await new Promise<void>((resolve) => {
    const socket = connect(control.path, () => socket.write("x".repeat(100_000)));
    socket.on("error", () => undefined).on("close", () => resolve());
  });
  assert.equal((await askStatus(path)).pid, exampleStatus().pid);
});
