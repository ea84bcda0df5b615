import assert from "node:assert/strict";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { afterAll, beforeAll, describe, test } from "vitest";
import { probeRtsp } from "../analysis/capture/probe.ts";
import { CameraSimulator, type Fault } from "../rehearsal/camera-simulator/camera-simulator.ts";
import { TestClips } from "./peers/clips.ts";

let clips: TestClips;
let camera: CameraSimulator;
beforeAll(async () => {
  clips = await TestClips.make(["h264", "h265", "mjpeg"]);
  camera = await CameraSimulator.open({
    mounts: {
      "/h264": { clip: clips.path("h264") },
      "/h265": { clip: clips.path("h265") },
      "/mjpeg": { clip: clips.path("mjpeg") },
    },
  });
});
afterAll(async () => {
  await camera[Symbol.asyncDispose]();
  await clips[Symbol.asyncDispose]();
});

/** Codec and size, or the code of the error. */
async function probed(url: string, options: Parameters<typeof probeRtsp>[2] = {}): Promise<string> {
  const probe = await probeRtsp(url, null, { timeoutMs: 8_000, ...options });
  if (probe.error) return probe.error.code;
  return `${probe.codec ?? "?"} ${probe.shape?.widthPx ?? 0}x${probe.shape?.heightPx ?? 0} ${probe.transport ?? "?"}`;
}

for (const [path, transport, expected] of [
  ["/h264", "auto", "h264 320x180 tcp"],
  ["/h264", "udp", "h264 320x180 udp"],
  ["/h265", "auto", "h265 320x180 tcp"],
  ["/mjpeg", "auto", "mjpeg 320x176 tcp"],
  ["/none", "auto", "CAMERA_NOT_FOUND"],
] as const) {
  test(`${path} over ${transport}: ${expected}`, async () =>
    assert.equal(await probed(camera.url(path), { transport }), expected));
}

for (const [name, fault, transport, expected] of [
  ["a wrong path", { kind: "status", status: 404 }, "auto", "CAMERA_NOT_FOUND"],
  ["a user without the right", { kind: "status", status: 403 }, "auto", "CAMERA_FORBIDDEN"],
  ["a login and no password", { kind: "status", status: 401 }, "auto", "CAMERA_PASSWORD_MISSING"],
  ["too many viewers", { kind: "status", status: 453 }, "auto", "CAMERA_BUSY"],
  ["a camera that restarts", { kind: "status", status: 503 }, "auto", "CAMERA_BUSY"],
  ["an answer nobody expects", { kind: "status", status: 551 }, "auto", "CAMERA_PROTOCOL"],
  ["a web server", { kind: "http" }, "auto", "CAMERA_NOT_RTSP"],
  ["sound only", { kind: "audio-only" }, "auto", "CAMERA_NO_VIDEO"],
  ["a codec of others", { kind: "foreign-codec" }, "auto", "CAMERA_CODEC_UNSUPPORTED"],
  ["another host", { kind: "redirect", to: "rtsp://10.9.9.9/x" }, "auto", "CAMERA_REDIRECTED"],
  ["a file on the box", { kind: "redirect", to: "file:/etc/passwd" }, "auto", "CAMERA_REDIRECTED"],
  ["TCP refused: UDP it is", { kind: "refuse-tcp" }, "auto", "h264 320x180 udp"],
  ["UDP refused and wanted", { kind: "refuse-udp" }, "udp", "CAMERA_TRANSPORT_REFUSED"],
] as const satisfies readonly (readonly [string, Fault, string, string])[]) {
  test(name, async () => {
    camera.setFault("/h264", fault);
    assert.equal(await probed(camera.url("/h264"), { transport }), expected);
    camera.setFault("/h264", { kind: "none" });
  });
}

test("a camera that never answers is named after the time-out, with the stages that worked", async () => {
  camera.setFault("/h264", { kind: "freeze" });
  const probe = await probeRtsp(camera.url("/h264"), null, { timeoutMs: 3_000 });
  camera.setFault("/h264", { kind: "none" });
  assert.equal(probe.error?.code, "CAMERA_SILENT");
  assert.deepEqual(
    probe.timings.map((timing) => timing.stage),
    ["tcp"],
  );
});

test("names and ports that lead nowhere", async () => {
  assert.equal(await probed("rtsp://no-such-host.invalid/x"), "CAMERA_NAME_UNKNOWN");
  assert.equal(await probed("rtsp://127.0.0.1:9/x"), "CAMERA_REFUSED");
  assert.equal(await probed("gopher://x/"), "CAMERA_URL_INVALID");
});

for (const [name, greet, expected] of [
  ["an SSH server", (socket: Socket) => socket.write("SSH-2.0-OpenSSH_9.2p1\r\n"), "CAMERA_NOT_RTSP"],
  ["a peer that closes at once", (socket: Socket) => socket.end(), "CAMERA_SILENT"],
  ["a peer that resets", (socket: Socket) => socket.resetAndDestroy(), "CAMERA_SILENT"],
  [
    "a web page",
    (socket: Socket) => socket.on("data", () => socket.end("HTTP/1.1 200 OK\r\n\r\n<html>")),
    "CAMERA_NOT_RTSP",
  ],
  ["endless rubbish", (socket: Socket) => socket.write(Buffer.alloc(200_000, 65)), "CAMERA_NOT_RTSP"],
  [
    "a body without end",
    (socket: Socket) => socket.on("data", () => socket.write("RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n")),
    "CAMERA_NOT_RTSP",
  ],
] as const) {
  test(`${name} is no camera`, async () => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.resume();
      greet(socket);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    assert.equal(await probed(`rtsp://127.0.0.1:${port}/x`), expected);
    await new Promise((done) => server.close(done));
  });
}

describe("logins", () => {
  const account = { user: "admin", password: "it's #1: 雪亮" };
  for (const [scheme, qop, algorithm] of [
    ["basic", false, "MD5"],
    ["digest", false, "MD5"],
    ["digest", true, "MD5"],
    ["digest-sha256", true, "SHA-256"],
  ] as const) {
    test(`${scheme}${qop ? " with qop" : ""}`, async () => {
      await using guarded = await CameraSimulator.open({
        mounts: { "/a": { clip: clips.path("h264") } },
        auth: { ...account, scheme, qop },
      });
      const right = await probeRtsp(guarded.url("/a"), account);
      assert.equal(right.error, null);
      assert.equal(right.login?.algorithm, algorithm);
      assert.equal(
        (await probeRtsp(guarded.url("/a"), { ...account, password: "wrong" })).error?.code,
        "CAMERA_UNAUTHORIZED",
      );
      assert.equal((await probeRtsp(guarded.url("/a"), null)).error?.code, "CAMERA_PASSWORD_MISSING");
    });
  }
});

test("IPv6 literals", async (context) => {
  const six = await CameraSimulator.open({ host: "::1", mounts: { "/a": { clip: clips.path("h264") } } }).catch(
    () => null,
  );
  if (!six) {
    console.warn("skipped: this machine has no IPv6");
    context.skip();
    return;
  }
  await using source = six;
  assert.equal(await probed(source.url("/a")), "h264 320x180 tcp");
});

test("an abort ends a probe with its reason", async () => {
  camera.setFault("/h264", { kind: "freeze" });
  const stop = new AbortController();
  const probe = probeRtsp(camera.url("/h264"), null, { signal: stop.signal });
  stop.abort(new Error("enough"));
  await assert.rejects(probe, /enough/);
  camera.setFault("/h264", { kind: "none" });
});
