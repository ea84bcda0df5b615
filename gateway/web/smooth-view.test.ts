/** The smooth view from a real camera to bytes that a real player reads; the socket in between is the sink. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, test } from "vitest";
import { openLivePictures } from "../analysis/capture/live-pictures.ts";
import type { Polygon } from "../analysis/geometry.ts";
import { cameraSchema, type CameraCredentials } from "../config/schema.ts";
import { TestClips, until } from "../e2e/peers/clips.ts";
import { CameraSimulator } from "../rehearsal/camera-simulator/camera-simulator.ts";
import { systemClock } from "../runtime/clock.ts";
import { SmoothViews, type SmoothSink } from "./smooth-view.ts";

let clips: TestClips;
let folder = "";
beforeAll(async () => {
  clips = await TestClips.make(["h264-large"], 4);
  folder = mkdtempSync(join(tmpdir(), "smooth-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await clips[Symbol.asyncDispose]();
});

/** Keeps what it is sent; `bufferedBytes` is what the test says. */
class Sink implements SmoothSink {
  readonly parts: Uint8Array[] = []; // Tests end after seconds.
  readonly ends: (string | null)[] = [];
  bufferedBytes = 0;

  send(bytes: Uint8Array): void {
    this.parts.push(bytes);
  }

  ended(code: string | null): void {
    this.ends.push(code);
  }

  get bytes(): number {
    return this.parts.reduce((sum, part) => sum + part.length, 0);
  }
}

interface Camera {
  readonly url: string;
  readonly credentials?: CameraCredentials;
  readonly masks?: readonly Polygon[];
  readonly ffmpegPath?: string;
}

function views({ url, credentials, masks = [], ffmpegPath = "ffmpeg" }: Camera): SmoothViews {
  const config = cameraSchema.parse({ id: "pier", url });
  const options = { config, credentials: credentials ?? null, masks, ffmpegPath: "ffmpeg", clock: systemClock };
  return new SmoothViews({
    ffmpegPath,
    maxViewers: 3,
    maxCameras: 1,
    pictures: (id) => (id.startsWith("pier") ? (signal) => openLivePictures(options, signal) : null),
  });
}

function joined(views: SmoothViews, sink: Sink, camera = "pier") {
  const viewer = views.open(camera, sink);
  if (typeof viewer === "string") throw new Error(viewer);
  return viewer;
}

const simulated = (): Promise<CameraSimulator> =>
  CameraSimulator.open({ mounts: { "/sub": { clip: clips.path("h264-large") } } });

/** What ffprobe says of received bytes. */
function probed(sink: Sink): Record<string, unknown> {
  const path = join(folder, "received.ts");
  writeFileSync(path, Buffer.concat(sink.parts));
  const entries = "stream=codec_name,width,height,r_frame_rate,nb_read_frames";
  const args = ["-v", "error", "-count_frames", "-show_entries", entries, "-of", "json", path];
  const found = JSON.parse(execFileSync("ffprobe", args, { encoding: "utf8" })) as {
    streams: Record<string, unknown>[];
  };
  return found.streams[0] ?? {};
}

/** Sockets of this process that listen. */
function listening(): number {
  const own = new Set<string>();
  for (const fd of readdirSync("/proc/self/fd")) {
    try {
      own.add(/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1] ?? "");
    } catch {
      // Closed in between.
    }
  }
  const rows = ["tcp", "tcp6"].flatMap((name) =>
    readFileSync(`/proc/self/net/${name}`, "utf8").trim().split("\n").slice(1),
  );
  return rows.map((row) => row.trim().split(/\s+/)).filter((row) => row[3] === "0A" && own.has(row[9] ?? "")).length;
}

/** Whether the first packet that is no table begins a key frame. */
function beginsWithKey(bytes: Uint8Array): boolean {
  for (let at = 0; at + 188 <= bytes.length; at += 188) {
    const pid = (((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)) & 0x1fff;
    if (pid !== 0 && pid !== 0x1000) return ((bytes[at + 3] ?? 0) & 0x20) !== 0 && ((bytes[at + 5] ?? 0) & 0x40) !== 0;
  }
  return false;
}

test(
  "two viewers share one pull of the camera; nothing listens, and nothing runs when both have gone",
  { timeout: 120_000 },
  async () => {
    const credentials = { user: "admin", password: "p@ss: it's #1" };
    await using camera = await CameraSimulator.open({
      mounts: { "/sub": { clip: clips.path("h264-large") } },
      auth: { ...credentials, scheme: "digest" },
    });
    const ears = listening();
    await using smooth = views({ url: camera.url("/sub"), credentials });
    assert.deepEqual([camera.connectionCount, smooth.status()], [0, []], "nobody looks, nothing runs");
    const [first, second] = [new Sink(), new Sink()];
    const viewer = joined(smooth, first);
    await until("a second of video", () => first.bytes > 60_000, 60_000);
    const other = joined(smooth, second);
    await until("the same for the other", () => second.bytes > 60_000, 30_000);
    assert.equal(camera.viewerCount("/sub"), 1);
    assert.equal(listening(), ears);
    const [status] = smooth.status();
    assert.deepEqual([status?.viewers, status?.pids.length], [2, 2]);
    const commands = (status?.pids ?? []).map((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8"));
    assert.ok(commands.every((line) => line.includes("ffmpeg") && !/p@ss|p%40ss|rtsp:/.test(line)));
    for (const sink of [first, second]) {
      assert.ok(beginsWithKey(Buffer.concat(sink.parts)));
      const seen = probed(sink);
      assert.deepEqual([seen["codec_name"], seen["width"], seen["height"]], ["mpeg1video", 640, 360]);
      assert.ok(Number(seen["nb_read_frames"]) >= 5);
    }
    viewer.close();
    viewer.close();
    const before = second.bytes;
    await until("the other to go on", () => second.bytes > before, 30_000);
    other.close();
    assert.deepEqual(smooth.status(), []);
    await until("the camera to be left", () => camera.viewerCount("/sub") === 0);
    await until("the children to be gone", () => (status?.pids ?? []).every((pid) => !isAlive(pid)));
    assert.deepEqual([first.ends, second.ends], [[], []]);
  },
);

test(
  "a slow viewer loses pictures up to a key frame, counted, and nobody else does",
  { timeout: 120_000 },
  async () => {
    await using camera = await simulated();
    await using smooth = views({ url: camera.url("/sub") });
    const [slow, quick] = [new Sink(), new Sink()];
    const viewer = joined(smooth, slow);
    const other = joined(smooth, quick);
    await until("both", () => slow.bytes > 20_000 && quick.bytes > 20_000, 60_000);
    slow.bufferedBytes = 1_000_000;
    const stuck = { slow: slow.bytes, quick: quick.bytes };
    await until("the quick one to go on", () => quick.bytes > stuck.quick + 60_000, 60_000);
    assert.ok(slow.bytes <= stuck.slow, "nothing is queued for the slow one");
    assert.deepEqual([viewer.drops, other.drops], [1, 0]);
    const parts = slow.parts.length;
    slow.bufferedBytes = 0;
    await until("the slow one to catch up", () => slow.parts.length > parts, 30_000);
    assert.ok(beginsWithKey(slow.parts[parts] ?? new Uint8Array()));
  },
);

test("bounded in viewers and cameras; an unknown camera is none", { timeout: 60_000 }, async () => {
  await using camera = await simulated();
  await using smooth = views({ url: camera.url("/sub") });
  assert.equal(smooth.open("nobody", new Sink()), "unknown");
  const viewers = [new Sink(), new Sink(), new Sink()].map((sink) => joined(smooth, sink));
  assert.equal(smooth.open("pier", new Sink()), "full");
  viewers[0]?.close();
  assert.equal(smooth.open("pier-2", new Sink()), "full", "one camera at a time is what this box can bear");
  joined(smooth, new Sink()).close();
});

for (const [name, fault, code] of [
  ["a camera that refuses", { kind: "status", status: 404 }, "CAMERA_NOT_FOUND"],
  ["a camera that hangs up", { kind: "cut" }, null],
] as const) {
  test(`${name} ends the view with its reason`, { timeout: 90_000 }, async () => {
    await using camera = await simulated();
    await using smooth = views({ url: camera.url("/sub") });
    const sink = new Sink();
    if (code === null) {
      joined(smooth, sink);
      await until("video", () => sink.bytes > 0, 60_000);
      camera.setFault("/sub", fault);
    } else {
      camera.setFault("/sub", fault);
      joined(smooth, sink);
    }
    await until("the end", () => sink.ends.length > 0, 60_000);
    assert.deepEqual(sink.ends, [code]);
    assert.deepEqual(smooth.status(), []);
  });
}

test("a coder that is missing ends the view and not the daemon", { timeout: 60_000 }, async () => {
  await using camera = await simulated();
  await using smooth = views({ url: camera.url("/sub"), ffmpegPath: "/no/such/ffmpeg" });
  const sink = new Sink();
  joined(smooth, sink);
  await until("the end", () => sink.ends.length > 0, 30_000);
  await until("the camera to be left", () => camera.viewerCount("/sub") === 0);
});

test("what a mask hides is hidden here too", { timeout: 90_000 }, async () => {
  await using camera = await simulated();
  const masks = [
    [
      { x: 0, y: 0 },
      { x: 1, y: 0 },
      { x: 1, y: 1 },
      { x: 0, y: 1 },
    ],
  ];
  await using smooth = views({ url: camera.url("/sub"), masks });
  const sink = new Sink();
  joined(smooth, sink);
  // Black compresses to almost nothing: packets come, and every picture in them is black.
  await until("some pictures", () => sink.parts.length > 40, 60_000);
  const path = join(folder, "masked.ts");
  writeFileSync(path, Buffer.concat(sink.parts));
  const args = ["-v", "quiet", "-i", path, "-vf", "scale=1:1:flags=area,format=gray", "-f", "rawvideo", "-"];
  const levels = [...execFileSync("ffmpeg", args)];
  assert.ok(levels.length > 5 && levels.every((level) => level < 24), levels.join(" "));
});

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
