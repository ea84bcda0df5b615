import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { afterAll, beforeAll, test as testInTurn, vi } from "vitest";
import { readClip } from "../analysis/capture/clip-source.ts";
import { ConnectGate } from "../analysis/capture/connect-gate.ts";
import { CameraSimulator, type Fault } from "../rehearsal/camera-simulator/camera-simulator.ts";
import { ClockDouble } from "../runtime/clock-double.ts";
import { TestClips, until } from "./peers/clips.ts";
import { WatchedCamera } from "./peers/watched-camera.ts";

// As many decoders at once as a small machine hardly has room for.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
// Nearly all of the time is waiting: several at once.
const test = testInTurn.concurrent;

let clips: TestClips;
beforeAll(async () => {
  clips = await TestClips.make(["h264", "h264-b", "h264-large", "h264-tall", "h265", "mjpeg"]);
});
afterAll(() => clips[Symbol.asyncDispose]());

const simulator = (kind: Parameters<TestClips["path"]>[0], host?: string): Promise<CameraSimulator> =>
  CameraSimulator.open({ mounts: { "/a": { clip: clips.path(kind) } }, ...(host === undefined ? {} : { host }) });

for (const kind of ["h264", "h264-b", "h265", "mjpeg"] as const) {
  for (const transport of ["tcp", "udp"] as const) {
    test(`${kind} over ${transport}`, async () => {
      await using source = await simulator(kind);
      await using watched = new WatchedCamera({ url: source.url("/a"), transport });
      await until("six frames", () => watched.frames.length >= 6);
      const last = watched.frames.at(-1);
      assert.deepEqual([last?.widthPx, last?.heightPx], [320, kind === "mjpeg" ? 176 : 180]);
      assert.ok(
        watched.frames.every((frame) => frame.mean > 60 && frame.mean < 200),
        "the test pattern, not grey",
      );
      assert.deepEqual(watched.codes, []);
      assert.equal(watched.camera.status().state, "streaming");
    });
  }
}

test("a picture is there when it came, not when the next one does", async () => {
  await using source = await simulator("h264");
  // One picture every five seconds, of which the second one never comes.
  await using watched = new WatchedCamera({ url: source.url("/a"), rate: 0.2 });
  await until("two seconds of video", () => source.pictureCount >= 20);
  source.setFault("/a", { kind: "mute" });
  await until("the first picture", () => watched.frames.length > 0);
});

test("IPv6, and the mean rate over the loop of the clip", async (context) => {
  const six = await simulator("h264", "::1").catch(() => null);
  if (!six) {
    console.warn("skipped: this machine has no IPv6");
    context.skip();
    return;
  }
  await using source = six;
  await using watched = new WatchedCamera({ url: source.url("/a"), rate: 5 });
  await until("a frame", () => watched.frames.length > 0);
  const [sent, startCount] = [source.pictureCount, watched.camera.status().framesIn];
  await until("the clip to loop", () => watched.camera.status().framesIn >= startCount + 25);
  // Half of ten a second, however late a busy machine decodes them.
  const share = 25 / (source.pictureCount - sent);
  assert.ok(share > 0.2 && share < 0.8, `${share} of the pictures`);
});

test("key frames only: one picture a second of ten, and an evenly slow camera is not taken for a stalled one", async () => {
  await using source = await simulator("h264"); // A key frame each second.
  await using watched = new WatchedCamera({ url: source.url("/a"), rate: 10, keyFramesOnly: true });
  await until("a frame", () => watched.frames.length > 0);
  const [sent, startCount] = [source.pictureCount, watched.camera.status().framesIn];
  await until("six more", () => watched.camera.status().framesIn >= startCount + 6);
  const share = 6 / (source.pictureCount - sent);
  assert.ok(share > 0.04 && share < 0.25, `${share} of the pictures`);
  assert.deepEqual(watched.codes, []);
});

test("hardware that is asked for and not there: the processor decodes, and the status says why", async () => {
  await using source = await simulator("h265");
  await using watched = new WatchedCamera({ url: source.url("/a"), decoder: "v4l2m2m" });
  await until("frames", () => watched.frames.length >= 2);
  const { decoder, decoderNote } = watched.camera.status();
  assert.deepEqual([decoder, decoderNote?.values["wanted"]], ["software", "v4l2m2m"]);
});

test("a masked corner is black before anybody sees it", async () => {
  await using source = await simulator("mjpeg");
  const corner = [{ x: 0, y: 0 }, { x: 0.2, y: 0 }, { x: 0.2, y: 0.2 }, { x: 0, y: 0.2 }]; // prettier-ignore
  await using watched = new WatchedCamera({ url: source.url("/a") }, { masks: [corner] });
  await until("frames", () => watched.frames.length >= 2);
  assert.ok(watched.frames.every((frame) => frame.topLeft === 16));
});

for (const [name, fault] of [
  ["freezes", { kind: "freeze" }],
  ["goes on answering and sends nothing", { kind: "mute" }],
  ["sends one frame every five seconds from now on", { kind: "dribble", seconds: 5 }],
] as const satisfies readonly (readonly [string, Fault])[]) {
  test(`a camera that ${name} is stalled, replaced, and comes back`, { timeout: 180_000 }, async () => {
    await using source = await simulator("h264-b");
    await using watched = new WatchedCamera({ url: source.url("/a"), stallSec: 4 });
    await until("frames", () => watched.frames.length >= 12);
    const [pid, earlier] = [watched.camera.status().decoderPid ?? 0, watched.codes.length];
    source.setFault("/a", fault);
    await until("the stall", () => watched.codes.slice(earlier).includes("CAMERA_STALLED"));
    assert.ok(!existsSync(`/proc/${pid}`), "the old decoder is gone before the error is told");
    source.setFault("/a", { kind: "none" });
    const before = watched.frames.length;
    await until("new frames", () => watched.frames.length > before + 5);
    assert.ok(watched.camera.status().reconnects >= 1);
  });
}

test("a camera that hangs up is asked again", async () => {
  await using source = await simulator("h264");
  await using watched = new WatchedCamera({ url: source.url("/a") });
  await until("frames", () => watched.frames.length >= 3);
  source.setFault("/a", { kind: "cut" });
  await until("the end", () => watched.codes.includes("CAMERA_ENDED"));
  source.setFault("/a", { kind: "none" });
  const before = watched.frames.length;
  await until("new frames", () => watched.frames.length > before + 2);
});

test(
  "another size of the same shape goes on without a restart; another shape restarts; another codec too",
  { timeout: 180_000 },
  async () => {
    await using source = await simulator("h264");
    await using watched = new WatchedCamera({ url: source.url("/a") });
    await until("frames", () => watched.frames.length >= 3);
    await source.setClip("/a", clips.path("h264-large"));
    const before = watched.frames.length;
    await until("frames of the large picture", () => watched.frames.length > before + 8);
    assert.equal(source.connectionCount, 2, "one probe and one decoder");
    await source.setClip("/a", clips.path("h264-tall"));
    await until("tall frames", () => watched.frames.at(-1)?.heightPx === 320);
    assert.equal(watched.frames.at(-1)?.widthPx, 240);
    await source.setClip("/a", clips.path("h265"));
    source.setFault("/a", { kind: "cut" });
    source.setFault("/a", { kind: "none" });
    await until("frames of the new codec", () => watched.frames.at(-1)?.widthPx === 320);
    assert.ok(
      watched.frames.every((frame) => frame.mean > 60 && frame.mean < 200),
      "no torn picture",
    );
  },
);

test(
  "a clock that jumps an hour ahead and loss on the way change nothing but what is told",
  { timeout: 180_000 },
  async () => {
    await using source = await simulator("h264");
    await using watched = new WatchedCamera({ url: source.url("/a"), transport: "udp" });
    await until("frames", () => watched.frames.length >= 3);
    source.setFault("/a", { kind: "clock-jump", seconds: 3_600 });
    const [sent, count] = [source.pictureCount, watched.camera.status().framesIn];
    const made = (): number => watched.camera.status().framesIn - count;
    await until("three seconds, and frames in them", () => source.pictureCount >= sent + 30 && made() > 3);
    // What was on its way before the jump is among them.
    assert.ok(made() < source.pictureCount - sent + 10, `${made()} frames of ${source.pictureCount - sent} pictures`);
    source.setFault("/a", { kind: "loss", share: 0.01 });
    const before = watched.frames.length;
    await until("frames although one packet in a hundred is lost", () => watched.frames.length >= before + 15);
    assert.equal(watched.camera.status().state, "streaming");
    source.setFault("/a", { kind: "loss", share: 0.1 });
    await until("a damaged frame", () => watched.frames.some((frame) => !frame.intact));
    await until("the word on it", () => watched.codes.includes("CAMERA_DAMAGED"));
  },
);

test("a wrong password is tried once and then left alone; its neighbour does not notice", async () => {
  const gate = new ConnectGate(1);
  await using locked = await CameraSimulator.open({
    mounts: { "/a": { clip: clips.path("h264") } },
    auth: { user: "admin", password: "right", scheme: "digest" },
  });
  await using open = await simulator("h264");
  await using refused = new WatchedCamera(
    { url: locked.url("/a") },
    { credentials: { user: "admin", password: "wrong" }, connectGate: gate },
  );
  await using neighbour = new WatchedCamera({ url: open.url("/a") }, { connectGate: gate });
  await until("the refusal", () => refused.codes.length > 0);
  const before = neighbour.frames.length;
  await until("frames of the neighbour", () => neighbour.frames.length >= before + 15);
  assert.deepEqual(refused.codes, ["CAMERA_UNAUTHORIZED"]);
  assert.equal(locked.connectionCount, 1);
  assert.equal(refused.camera.status().state, "waiting");
  assert.deepEqual(neighbour.codes, []);
});

test("a camera that shows nothing for long keeps its place only until it is connected", async () => {
  // On a clock that stands still nobody's place is given on because of the time.
  const connectGate = new ConnectGate(1, new ClockDouble());
  await using dark = await simulator("h264");
  dark.setFault("/a", { kind: "mute" });
  await using open = await simulator("h264");
  await using waiting = new WatchedCamera({ url: dark.url("/a") }, { connectGate });
  await using neighbour = new WatchedCamera({ url: open.url("/a") }, { connectGate });
  await until("frames of the neighbour", () => neighbour.frames.length >= 3);
  assert.equal(waiting.camera.status().state, "connecting");
  assert.deepEqual(waiting.frames, []);
});

for (const [name, fault, code] of [
  ["a web server", { kind: "http" }, "CAMERA_NOT_RTSP"],
  ["sound only", { kind: "audio-only" }, "CAMERA_NO_VIDEO"],
  ["a camera of another codec", { kind: "foreign-codec" }, "CAMERA_CODEC_UNSUPPORTED"],
] as const satisfies readonly (readonly [string, Fault, string])[]) {
  test(`${name} has its sentence, and the back-off begins`, async () => {
    await using source = await simulator("h264");
    source.setFault("/a", fault);
    await using watched = new WatchedCamera({ url: source.url("/a") });
    await until("the error", () => watched.codes.length > 0);
    assert.equal(watched.codes[0], code);
    assert.equal(watched.camera.status().lastError?.code, code);
    assert.equal(watched.camera.status().decoderPid, null);
  });
}

test("a camera that is switched off is left alone", async () => {
  await using source = await simulator("h264");
  await using watched = new WatchedCamera({ url: source.url("/a"), enabled: false });
  assert.equal(watched.camera.status().state, "disabled");
  assert.equal(source.connectionCount, 0);
});

test("a file plays in place of a camera, in a loop", async () => {
  await using watched = new WatchedCamera({ url: `file:${clips.path("h264")}` });
  await until("more frames than the clip holds", () => watched.camera.status().framesIn >= 18);
  assert.deepEqual(watched.codes, []);
});

test("a file that is not there is told of", async () => {
  await using watched = new WatchedCamera({ url: "file:/no/such/clip.mp4" });
  await until("the error", () => watched.codes.includes("CLIP_UNREADABLE"));
});

test("a clip gives every frame at the rate, by presentation time, with patience for a slow reader", async () => {
  const times: number[] = [];
  const means = new Set<number>();
  for await (const frame of readClip(clips.path("h264-b"), {
    ffmpegPath: "ffmpeg",
    widthPx: 160,
    rate: 5,
    startMs: 1_000_000,
  })) {
    using held = frame;
    times.push(held.capturedAtMs);
    means.add(held.pixels.reduce((sum, byte) => sum + byte, 0));
    if (times.length % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.deepEqual(
    times,
    Array.from({ length: 15 }, (_, i) => 1_000_000 + i * 200),
  );
  assert.ok(means.size > 10, "the pictures differ");
});

test("a reader that leaves early leaves no decoder", async () => {
  for await (const frame of readClip(clips.path("h264"), {
    ffmpegPath: "ffmpeg",
    widthPx: 160,
    rate: 10,
    startMs: 0,
  })) {
    frame[Symbol.dispose]();
    break;
  }
  await assert.rejects(async () => {
    for await (const frame of readClip("/no/such/clip", { ffmpegPath: "ffmpeg", widthPx: 160, rate: 10, startMs: 0 }))
      frame[Symbol.dispose]();
  }, /cannot be played/);
});
