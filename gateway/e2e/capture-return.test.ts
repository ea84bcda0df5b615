import { strict as assert } from "node:assert";
import { afterAll, beforeAll, test } from "vitest";
import { comesBack } from "../analysis/capture/return-watch.ts";
import { Standing } from "../analysis/capture/standing.ts";
import { CameraSimulator, type Fault } from "../rehearsal/camera-simulator/camera-simulator.ts";
import { systemClock } from "../runtime/clock.ts";
import { ClockDouble } from "../runtime/clock-double.ts";
import { CameraError, DecoderError, type ErrorCode } from "../runtime/errors.ts";
import { TestClips, until } from "./peers/clips.ts";

let clips: TestClips;
beforeAll(async () => (clips = await TestClips.make(["h264"], 1)));
afterAll(() => clips[Symbol.asyncDispose]());

/** What the watch knows beside the failure. */
interface Told {
  readonly trust?: boolean;
  readonly detail?: string;
  readonly dueMs?: number;
}

/** A camera behind a login, a failure of it, and what the watch says. */
class Watched implements AsyncDisposable {
  readonly camera: CameraSimulator;
  readonly #stop = new AbortController();
  readonly #watch: Promise<void> | null;
  isBack = false;

  private constructor(
    camera: CameraSimulator,
    code: ErrorCode,
    { trust = false, detail = "x", dueMs = Number.POSITIVE_INFINITY }: Told,
  ) {
    this.camera = camera;
    const failure = new (code === "DECODER_EXITED" ? DecoderError : CameraError)(code, {
      camera: "a",
      address: "x",
      detail,
      seconds: 8,
      status: 453,
    });
    this.#watch = comesBack({ url: camera.url("/a"), cameraId: "a" }, failure, {
      clock: systemClock,
      signal: this.#stop.signal,
      dueMs,
      isTrusted: () => trust,
    });
    void this.#watch?.then(() => (this.isBack = !this.#stop.signal.aborted));
  }

  static async open(code: ErrorCode, fault: Fault, told: Told = {}): Promise<Watched> {
    const auth = { user: "admin", password: "right", scheme: "digest" } as const;
    const camera = await CameraSimulator.open({ mounts: { "/a": { clip: clips.path("h264") } }, auth });
    camera.setFault("/a", fault);
    return new Watched(camera, code, told);
  }

  get isWatched(): boolean {
    return this.#watch !== null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#watch;
    await this.camera[Symbol.asyncDispose]();
  }
}

test(
  "a camera that was silent is back when it has answered three times, two seconds apart",
  { timeout: 60_000 },
  async () => {
    await using watched = await Watched.open("CAMERA_SILENT", { kind: "freeze" });
    await until("a question without an answer", () => watched.camera.connectionCount >= 2);
    assert.equal(watched.isBack, false);
    watched.camera.setFault("/a", { kind: "none" });
    const sinceMs = performance.now();
    await until("its return", () => watched.isBack);
    assert.ok(performance.now() - sinceMs >= 3_900, "not at its first word");
  },
);

test.concurrent.for([
  ["that ended its stream", "CAMERA_ENDED"],
  ["whose connection broke before there was a picture", "DECODER_EXITED"],
] as const)("a camera %s is back only after it was gone", { timeout: 60_000 }, async ([, code]) => {
  await using watched = await Watched.open(code, { kind: "none" });
  await until("more answers than a return needs", () => watched.camera.connectionCount >= 5);
  assert.equal(watched.isBack, false);
  watched.camera.setFault("/a", { kind: "freeze" });
  const answered = watched.camera.connectionCount;
  await until("it is gone", () => watched.camera.connectionCount >= answered + 2);
  watched.camera.setFault("/a", { kind: "none" });
  await until("its return", () => watched.isBack);
});

test("one that nobody saw gone is taken at its word where it is trusted", { timeout: 60_000 }, async () => {
  await using watched = await Watched.open("CAMERA_ENDED", { kind: "none" }, { trust: true });
  await until("its return", () => watched.isBack);
  assert.equal(watched.camera.connectionCount, 2);
});

test("one whose pause is over is tried when it answers, and not before", { timeout: 60_000 }, async () => {
  await using watched = await Watched.open("CAMERA_ENDED", { kind: "freeze" }, { dueMs: 0 });
  await until("questions without an answer", () => watched.camera.connectionCount >= 3);
  assert.equal(watched.isBack, false);
  watched.camera.setFault("/a", { kind: "none" });
  const before = watched.camera.connectionCount;
  await until("its return", () => watched.isBack);
  assert.ok(watched.camera.connectionCount <= before + 1, "its first answer");
});

test.concurrent.for([
  ["refused the connection", "CAMERA_REFUSED", "x"],
  ["did not answer the first question", "CAMERA_SILENT", "OPTIONS: time-out"],
] as const)("one that %s was gone: that it answers now is enough", { timeout: 60_000 }, async ([, code, detail]) => {
  await using watched = await Watched.open(code, { kind: "none" }, { detail });
  await until("its return", () => watched.isBack);
  assert.ok(watched.camera.connectionCount >= 3);
});

test.concurrent.for([
  ["showed pictures the last time is tried every ten seconds", true, 10_000],
  ["showed none every thirty", false, 30_000],
] as const)("a camera that answers and %s", { timeout: 60_000 }, async ([, shows, everyMs]) => {
  await using camera = await CameraSimulator.open({ mounts: { "/a": { clip: clips.path("h264") } } });
  const clock = new ClockDouble();
  const standing = new Standing(clock);
  const stop = new AbortController();
  const triedMs: number[] = [];
  const connect = (): Promise<void> => {
    triedMs.push(clock.monotonicMs());
    if (shows) standing.enter("streaming");
    return Promise.reject(new CameraError("CAMERA_ENDED", { camera: "a" }));
  };
  const keeping = standing.keep({ cameraId: "a", url: camera.url("/a") }, connect, stop.signal);
  for (let seconds = 0; seconds < 300; seconds += 1) {
    await clock.advance(1_000);
    // A question takes real time, for which the clock stands still: then the pause sleeps, and whoever asks beside it.
    while (clock.sleeping < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  stop.abort();
  await keeping;
  // The first pauses are short ones.
  const late = triedMs.slice(-5);
  const gaps = late.slice(1).map((ms, i) => ms - (late[i] ?? 0));
  assert.equal(gaps.length, 4);
  for (const gapMs of gaps) assert.ok(gapMs >= everyMs && gapMs <= everyMs + 6_000, `${gaps.join(", ")} ms`);
});

test("a camera that is busy is not asked again before its pause is over", async () => {
  await using watched = await Watched.open("CAMERA_BUSY", { kind: "none" });
  assert.equal(watched.isWatched, false);
  assert.equal(watched.camera.connectionCount, 0);
});
