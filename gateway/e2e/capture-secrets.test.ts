import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, test } from "vitest";
import { encoded } from "../analysis/capture/camera-url.ts";
import { trickyPasswords } from "../analysis/capture/tricky-passwords.ts";
import { restartMany } from "../bench/restart-many.ts";
import { CameraSimulator } from "../rehearsal/camera-simulator/camera-simulator.ts";
import { TestClips, until } from "./peers/clips.ts";
import { WatchedCamera } from "./peers/watched-camera.ts";

let clips: TestClips;
beforeAll(async () => {
  clips = await TestClips.make(["h264"]);
});
afterAll(() => clips[Symbol.asyncDispose]());

function readable(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // It ended in between.
  }
}

for (const [index, password] of trickyPasswords.entries()) {
  test.concurrent(`${JSON.stringify(password)} pulls a stream and is seen nowhere`, { timeout: 90_000 }, async () => {
    const scheme = index % 2 === 0 ? "digest" : "basic";
    const credentials = { user: "ad:min".replace(":", index % 3 === 0 ? " " : "_"), password };
    await using camera = await CameraSimulator.open({
      mounts: { "/a": { clip: clips.path("h264") } },
      auth: { ...credentials, scheme },
    });
    await using watched = new WatchedCamera({ url: camera.url("/a") }, { credentials });
    await until("a frame", () => watched.frames.length > 0, 60_000);
    const pid = watched.camera.status().decoderPid ?? 0;
    const seen = [readable(`/proc/${pid}/cmdline`), readable(`/proc/${pid}/environ`)];
    assert.ok(seen[0]?.includes("ffmpeg"));
    // Then the password is changed behind our back: ffmpeg and prober are refused and say so.
    camera.setFault("/a", { kind: "status", status: 401 });
    camera.setFault("/a", { kind: "cut" });
    camera.setFault("/a", { kind: "status", status: 401 });
    await until("the refusal", () => watched.codes.includes("CAMERA_UNAUTHORIZED"), 60_000);
    seen.push(JSON.stringify(watched.camera.status()), JSON.stringify(watched.errors));
    for (const form of [password, encoded(password), Buffer.from(`${credentials.user}:${password}`).toString("base64")])
      for (const text of seen)
        assert.ok(!text.includes(form) && !text.includes(JSON.stringify(form).slice(1, -1)), `${form} in ${text}`);
  });
}

test("twenty restarts leave no descriptor and no child behind", { timeout: 120_000 }, async () => {
  const samples = await restartMany({ clip: clips.path("h264"), count: 20, atOnce: 2, report: () => undefined });
  const [first, last] = [samples[1], samples.at(-1)];
  assert.ok(first && last);
  assert.equal(last.children, 0);
  assert.ok(last.descriptors <= first.descriptors + 1, `${first.descriptors} descriptors became ${last.descriptors}`);
});
