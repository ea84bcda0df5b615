import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { encoded } from "../analysis/capture/camera-url.ts";
import { makeRingPlace } from "../analysis/capture/ring/ring-place.ts";
import { CameraSimulator } from "../rehearsal/camera-simulator/camera-simulator.ts";
import { TestClips, until } from "./peers/clips.ts";
import { GstCamera, gstCredentials, hasGstreamer } from "./peers/gst-camera.ts";
import { LivingRing } from "./peers/living-ring.ts";
import { WatchedCamera } from "./peers/watched-camera.ts";

let clips: TestClips;
beforeAll(async () => {
  clips = await TestClips.make(["h264", "h264-b", "h265", "mjpeg"], 6);
});
afterAll(() => clips[Symbol.asyncDispose]());

const clip = { beforeSec: 1, afterSec: 1 };
const never = new AbortController().signal;

/** Waits for `seconds` in the ring, then takes a picture and a span of now. */
async function takes(living: LivingRing, seconds = 3): Promise<void> {
  const { ring } = living;
  await until(`${seconds} s of video`, () => ring.status().heldSec >= seconds, 60_000);
  const atMs = Date.now();
  const still = await ring.still(atMs, never);
  if (typeof still === "string") throw new Error(still);
  assert.deepEqual([...still.jpeg.subarray(0, 3)], [0xff, 0xd8, 0xff]);
  assert.ok(still.widthPx === 320 && [176, 180].includes(still.heightPx));
  assert.ok(Math.abs(still.differenceMs) <= 300, `${still.differenceMs} ms`);
  const span = await ring.span({ fromMs: atMs - 1_000, atMs, toMs: atMs + 1_000 }, never);
  if (typeof span === "string") throw new Error(span);
  assert.ok(span.startMs <= atMs - 900, "it begins before the moment");
  assert.ok(span.files.every(({ path }) => existsSync(path)));
  span[Symbol.dispose]();
}

for (const kind of ["h264", "h264-b", "h265", "mjpeg"] as const) {
  test.concurrent(`${kind}: picture and span out of the newest seconds`, { timeout: 120_000 }, async () => {
    await using camera = await CameraSimulator.open({ mounts: { "/main": { clip: clips.path(kind) } } });
    await using living = await LivingRing.open({ url: camera.url("/main"), clip });
    await takes(living);
    assert.equal(living.ring.status().place, "memory");
    await until("the stream's figures", () => living.ring.status().stream !== null, 60_000);
    const { bitsPerSec = 0, keyFrameMs = 0 } = living.ring.status().stream ?? {};
    assert.ok(bitsPerSec > 1_000 && bitsPerSec < 50e6, `${bitsPerSec} bit/s`);
    assert.ok(keyFrameMs >= 900 && keyFrameMs < 3_000, `a key frame every ${keyFrameMs} ms`);
    assert.deepEqual(living.codes, []);
  });
}

test("every moment has a picture, also behind a file's last one and before a pause", { timeout: 240_000 }, async () => {
  await using camera = await CameraSimulator.open({ mounts: { "/main": { clip: clips.path("h264") } } });
  // Kept for as long as a busy machine takes to read them.
  const kept = { beforeSec: 30, afterSec: 30 };
  await using living = await LivingRing.open({ url: camera.url("/main"), clip: kept, stallSec: 2 });
  const { ring } = living;
  await until("4 s of video", () => ring.status().heldSec >= 4, 60_000);
  const difference = async (atMs: number): Promise<number | string> => {
    const still = await ring.still(atMs, never);
    return typeof still === "string" ? still : still.differenceMs;
  };
  const nowMs = Date.now() - 2_000;
  const differences: (number | string)[] = [];
  // Half the distance of two pictures: one of these at least lies behind a file's last one.
  for (let step = 0; step < 22; step += 1) differences.push(await difference(nowMs + 50 * step));
  assert.ok(
    differences.every((ms) => typeof ms === "number" && Math.abs(ms) <= 60),
    String(differences),
  );
  const lastMs = Date.now();
  camera.setFault("/main", { kind: "freeze" });
  await until("the silence to be noticed", () => ring.lack() !== null, 60_000);
  assert.equal(typeof (await difference(lastMs + 200)), "number");
});

const isHere = hasGstreamer();
test.skipIf(!isHere)("GStreamer's camera with a login, over TCP and UDP", { timeout: 120_000 }, async () => {
  await using camera = await GstCamera.open("digest");
  for (const [path, transport] of [
    ["/h264", "udp"],
    ["/mjpeg", "tcp"],
  ] as const) {
    const config = { url: camera.url(path), transport, clip, stallSec: 8 };
    await using living = await LivingRing.open(config, { credentials: gstCredentials });
    await takes(living);
  }
});

test("a main stream that fails, hangs and comes back never touches the analysis", { timeout: 150_000 }, async () => {
  const path = clips.path("h264");
  await using camera = await CameraSimulator.open({ mounts: { "/sub": { clip: path }, "/main": { clip: path } } });
  // One frame a second: a busy machine that lets them drip is not to be taken for a camera that does.
  await using watched = new WatchedCamera({ url: camera.url("/sub"), rate: 1, stallSec: 60 });
  await using living = await LivingRing.open({
    url: camera.url("/sub"),
    evidenceUrl: camera.url("/main"),
    stallSec: 2,
  });
  await until("both streams", () => watched.frames.length > 0 && living.ring.lack() === null, 60_000);
  camera.setFault("/main", { kind: "freeze" });
  await until("the silence to be noticed", () => living.codes.includes("CAMERA_STALLED"), 60_000);
  assert.equal(living.ring.lack(), "stream-down");
  assert.equal(
    await living.ring.still(Date.now() + 60_000, AbortSignal.timeout(300)).catch(() => "aborted"),
    "aborted",
  );
  const before = watched.frames.length;
  await until("frames meanwhile", () => watched.frames.length > before + 5);
  camera.setFault("/main", { kind: "none" });
  await until("the stream again", () => living.ring.lack() === null, 60_000);
  assert.deepEqual(watched.codes, []);
  assert.ok(living.ring.status().reconnects >= 1);
});

test(
  "the password stands in no argument, environment or status, and a refused one is not hammered",
  { timeout: 90_000 },
  async () => {
    const credentials = { user: "ad min", password: "p@ss: it's #1/'\"\\ 密" };
    await using camera = await CameraSimulator.open({
      mounts: { "/main": { clip: clips.path("h264") } },
      auth: { ...credentials, scheme: "digest" },
    });
    const url = camera.url("/main");
    {
      await using living = await LivingRing.open({ url, clip }, { credentials });
      await until("the stream", () => living.ring.lack() === null, 60_000);
      const pid = living.ring.status().pid ?? 0;
      const seen = ["cmdline", "environ"].map((name) => readFileSync(`/proc/${pid}/${name}`, "utf8"));
      assert.ok(seen[0]?.includes("segment"));
      seen.push(JSON.stringify(living.ring.status()));
      for (const form of [credentials.password, encoded(credentials.password)])
        for (const text of seen) assert.ok(!text.includes(form));
    }
    const connections = camera.connectionCount;
    await using wrong = await LivingRing.open({ url, clip }, { credentials: { ...credentials, password: "wrong" } });
    await until("the refusal", () => wrong.codes.includes("CAMERA_UNAUTHORIZED"), 60_000);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    assert.deepEqual(wrong.codes, ["CAMERA_UNAUTHORIZED"]);
    assert.ok(camera.connectionCount - connections <= 3);
  },
);

describe("bounds", () => {
  test("bytes: the oldest go, files and figures agree", { timeout: 90_000 }, async () => {
    await using camera = await CameraSimulator.open({ mounts: { "/main": { clip: clips.path("h264") } } });
    const maxBytes = 60_000;
    await using living = await LivingRing.open({ url: camera.url("/main"), clip }, { maxBytes });
    const folder = join(living.place.folder, "pier");
    await until(
      "more than fits to have come",
      () => existsSync(folder) && readdirSync(folder).some((name) => /0000000[5-9]/.test(name)),
      60_000,
    );
    // A file goes before the next figures tell so, or after.
    const onDisk = (): number => readdirSync(folder).reduce((sum, name) => sum + sizeOf(join(folder, name)), 0);
    await until(
      "the ring within its bounds",
      () => living.ring.status().heldBytes <= maxBytes + 20_000 && onDisk() <= maxBytes + 40_000,
    );
    assert.equal(await living.ring.span({ fromMs: 0, atMs: Date.now() - 3_600_000, toMs: 1 }, never), "not-kept");
  });

  test("a stream without key frames is told of, not stored without end", { timeout: 90_000 }, async () => {
    const long = join(clips.folder, "long.mp4");
    const source = ["-f", "lavfi", "-i", "testsrc=size=320x180:rate=10,noise=alls=20:allf=t", "-t", "20"];
    const coder = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "900", "-bf", "0", "-pix_fmt", "yuv420p"];
    execFileSync("ffmpeg", ["-v", "error", ...source, ...coder, long]);
    await using camera = await CameraSimulator.open({ mounts: { "/main": { clip: long } } });
    await using living = await LivingRing.open({ url: camera.url("/main"), clip }, { maxBytes: 100_000 });
    await until("the complaint", () => living.codes.includes("RING_TOO_SMALL"), 60_000);
    assert.ok(living.ring.status().heldBytes < 400_000);
  });

  for (const [name, url, place, masks, code] of [
    ["a file is no stream", "file:clip.mp4", "memory", [], "RING_NO_STREAM"],
    ["what a mask hides is not written to a disk", "rtsp://127.0.0.1:9/x", "disk", [[0, 0.5, 1]], "RING_NOT_IN_MEMORY"],
    ["nobody there", "rtsp://127.0.0.1:9/x", "disk", [], "CAMERA_REFUSED"],
  ] as const) {
    test(name, { timeout: 60_000 }, async () => {
      const polygons = masks.map((xs) => xs.map((x, i) => ({ x, y: i / 2 })));
      await using living = await LivingRing.open({ url, clip }, { place, masks: polygons });
      await until(code, () => living.codes.includes(code), 30_000);
      assert.equal(living.ring.status().place, place);
    });
  }
});

describe("where it lies", () => {
  test("memory first; what a former run left is gone, what is not ours is left alone", async () => {
    const storage = mkdtempSync(join(tmpdir(), "ring-place-"));
    const elsewhere = mkdtempSync(join(tmpdir(), "ring-other-"));
    try {
      const first = await makeRingPlace(storage, 1_000, [elsewhere, undefined, "/dev/shm"]);
      assert.deepEqual(
        [first.kind, first.folder.startsWith("/dev/shm/xueliang-")],
        ["memory", true],
        "a disk is not memory",
      );
      writeFileSync(join(first.folder, "1-00000000.ts"), "left");
      const second = await makeRingPlace(storage, 1_000, ["/dev/shm"]);
      assert.deepEqual([second.folder, readdirSync(second.folder)], [first.folder, []]);
      const tooBig = await makeRingPlace(storage, Number.MAX_SAFE_INTEGER, ["/dev/shm"]);
      assert.deepEqual([tooBig.kind, existsSync(first.folder)], ["disk", false]);
      // Somebody put a link in our place.
      writeFileSync(join(elsewhere, "precious"), "");
      symlinkSync(elsewhere, first.folder);
      const third = await makeRingPlace(storage, 1_000, ["/dev/shm"]);
      assert.deepEqual([third.kind, third.folder], ["disk", join(storage, "ring")]);
      assert.ok(existsSync(join(elsewhere, "precious")));
      rmSync(first.folder, { force: true });
    } finally {
      for (const folder of [storage, elsewhere]) rmSync(folder, { recursive: true, force: true });
    }
  });

  test(
    "killed with -9, a daemon leaves no ffmpeg behind, and the next one clears its files",
    { timeout: 90_000 },
    async () => {
      await using camera = await CameraSimulator.open({ mounts: { "/main": { clip: clips.path("h264") } } });
      const storage = mkdtempSync(join(tmpdir(), "ring-killed-"));
      const program = `
      import { LivingRing } from ${JSON.stringify(join(import.meta.dirname, "peers/living-ring.ts"))};
      process.env.TMPDIR = ${JSON.stringify(storage)};
      const living = await LivingRing.open({ url: ${JSON.stringify(camera.url("/main"))}, clip: { beforeSec: 1, afterSec: 1 } });
      while (living.ring.lack() !== null) await new Promise((next) => setTimeout(next, 50));
      console.log(living.ring.status().pid + " " + living.place.folder);`;
      const parent = spawn(process.execPath, ["--input-type=module-typescript", "-e", program], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const said = await new Promise<string>((resolve) =>
        parent.stdout.once("data", (data: Buffer) => resolve(data.toString())),
      );
      const [pid = "", folder = ""] = said.trim().split(" ");
      assert.ok(readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(folder));
      parent.kill("SIGKILL");
      await until("ffmpeg to die", () => !isAlive(pid), 20_000);
      assert.ok(existsSync(folder), "that is what a kill leaves");
      const again = await makeRingPlace(join(storage, readdirSync(storage)[0] ?? ""), 1_000);
      assert.deepEqual([again.folder, readdirSync(folder)], [folder, []]);
      for (const left of [folder, storage]) rmSync(left, { recursive: true, force: true });
    },
  );

  test("stopped in order, nothing is left: no file, no ffmpeg", { timeout: 60_000 }, async () => {
    await using camera = await CameraSimulator.open({ mounts: { "/main": { clip: clips.path("h264") } } });
    await using living = await LivingRing.open({ url: camera.url("/main"), clip });
    await until("the stream", () => living.ring.lack() === null, 60_000);
    const pid = String(living.ring.status().pid);
    await living.stop();
    assert.equal(isAlive(pid), false);
    assert.deepEqual(readdirSync(living.place.folder), []);
  });
});

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Where no init collects orphans, a dead one stays as a zombie: that is not alive. */
function isAlive(pid: string): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
