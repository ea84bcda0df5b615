import assert from "node:assert/strict";
import { afterAll, beforeAll, test } from "vitest";
import { probeRtsp } from "../analysis/capture/probe.ts";
import { until } from "./peers/clips.ts";
import { GstCamera, gstCredentials as credentials, hasGstreamer } from "./peers/gst-camera.ts";
import { WatchedCamera } from "./peers/watched-camera.ts";

const isHere = hasGstreamer();

let open: GstCamera | undefined;
beforeAll(async () => {
  if (isHere) open = await GstCamera.open("none");
});
afterAll(() => open?.[Symbol.asyncDispose]());

for (const [path, codec] of [
  ["/h264", "h264"],
  ["/h265", "h265"],
  ["/mjpeg", "mjpeg"],
] as const) {
  for (const transport of ["tcp", "udp"] as const) {
    test.skipIf(!isHere)(`GStreamer's ${codec} over ${transport}`, { timeout: 60_000 }, async () => {
      assert.ok(open);
      const probe = await probeRtsp(open.url(path), null, { transport, timeoutMs: 20_000 });
      assert.equal(probe.error, null);
      assert.deepEqual([probe.codec, probe.transport], [codec, transport]);
      await using watched = new WatchedCamera({ url: open.url(path), transport, stallSec: 8 });
      await until("frames", () => watched.frames.length >= 5, 50_000);
      assert.deepEqual([watched.frames.at(-1)?.widthPx, watched.frames.at(-1)?.heightPx], [320, 176]);
      assert.ok(watched.frames.every((frame) => frame.mean > 40 && frame.mean < 200));
    });
  }
}

for (const scheme of ["basic", "digest"] as const) {
  test.skipIf(!isHere)(`GStreamer's ${scheme} login`, { timeout: 60_000 }, async () => {
    await using guarded = await GstCamera.open(scheme);
    await using watched = new WatchedCamera({ url: guarded.url("/h264"), stallSec: 8 }, { credentials });
    await until("frames", () => watched.frames.length >= 2, 50_000);
    const wrong = await probeRtsp(guarded.url("/h264"), { ...credentials, password: "wrong" }, { timeoutMs: 20_000 });
    assert.equal(wrong.error?.code, "CAMERA_UNAUTHORIZED");
    assert.equal(wrong.login?.scheme, scheme);
  });
}

test.skipIf(!isHere)("GStreamer's sound and a path that leads nowhere", { timeout: 60_000 }, async () => {
  assert.ok(open);
  assert.equal((await probeRtsp(open.url("/sound"), null, { timeoutMs: 20_000 })).error?.code, "CAMERA_NO_VIDEO");
  assert.equal((await probeRtsp(open.url("/nowhere"), null, { timeoutMs: 20_000 })).error?.code, "CAMERA_NOT_FOUND");
});
