/** The path of a frame, top to bottom: one page, one camera. A stage hands on or drops; nothing queues, nothing waits for delivery. */
import type { Clock } from "../runtime/clock.ts";
import type { Latest } from "../runtime/latest.ts";
import { Percentiles } from "../runtime/percentiles.ts";
import type { CameraStatus, CaptureStatus } from "../runtime/status.ts";
import type { Frame } from "./capture/frame.ts";
import type { Detection } from "./detection/detection.ts";
import type { Scene } from "./detection/scene.ts";
import type { Box } from "./geometry.ts";
import type { Picture } from "./snapshot.ts";
import type { Track } from "./tracking/track.ts";
import type { Observation } from "./zones/rule.ts";
import type { Trigger } from "./zones/trigger.ts";

/** The stages of one camera, in the order of the path. */
export interface Stages {
  readonly camera: { readonly frames: Latest<Frame>; status(): CaptureStatus };
  readonly sampler: { admits(frame: Frame): boolean };
  readonly sceneMeter: { measure(frame: Frame): Scene };
  readonly motionGate: { admits(frame: Frame, liveTracks: number, nowMs: number): boolean };
  readonly detector: { detect(frame: Frame, region: Box): Promise<readonly Detection[] | null> };
  readonly tracker: {
    step(detections: readonly Detection[], nowMs: number): readonly Track[];
    readonly liveCount: number;
  };
  /** Notes what the rules get and gives it back as coarse as it is kept, so that a replay sees the very same. */
  readonly trackLog: { keep(seen: Observation, nowMs: number): Observation; lost(nowMs: number): void };
  readonly ruleEngine: {
    step(seen: Observation, nowMs: number): readonly Trigger[];
    close(nowMs: number, reason: "camera-lost"): readonly Trigger[];
    regionOfInterest(): Box;
  };
  readonly snapshot: (frame: Frame) => Promise<Picture>;
  readonly deliver: (trigger: Trigger, picture: Picture | null) => void;
}

/** A camera silent for longer has gone: what it saw last says nothing about now. */
const lostAfterMs = 30_000;

/** Damage that lasts longer is how this camera is. */
const damagePatienceMs = 10_000;

/** What the page shows live: the newest analysed frame's tracks. */
export interface LiveTracks {
  readonly atMs: number;
  readonly tracks: readonly Track[];
}

/** One camera's stages in motion. */
export class CameraPipeline {
  readonly #id: string;
  readonly #name: string;
  readonly #stages: Stages;
  readonly #clock: Clock;
  readonly #analysisMs = new Percentiles();
  readonly #count = { analysed: 0, gated: 0, shed: 0, notLookedAt: 0, triggers: 0 };
  #lastFrameMonoMs: number | null = null;
  #gone = true;
  #intactMs = Infinity;
  #live: LiveTracks | null = null;
  #wanted: ((picture: Picture | null) => void)[] = [];

  constructor(camera: { readonly id: string; readonly name: string }, stages: Stages, clock: Clock) {
    this.#id = camera.id;
    this.#name = camera.name;
    this.#stages = stages;
    this.#clock = clock;
  }

  /** Follows frames until `signal` aborts. Stopping leaves occurrences open: a restart goes on with them. */
  async run(signal: AbortSignal): Promise<void> {
    for (;;) {
      const frame = await this.#stages.camera.frames.take(signal);
      if (!frame) return;
      using held = frame; // Back to the pool, whatever happens below.
      await this.follow(held);
    }
  }

  /** Takes one frame down the path; the caller gives the frame back afterwards. */
  async follow(frame: Frame): Promise<void> {
    const { sampler, sceneMeter, motionGate, detector, tracker, trackLog, ruleEngine, snapshot } = this.#stages;
    const arrivedMs = this.#clock.monotonicMs();
    const nowMs = frame.capturedAtMs;
    this.#lastFrameMonoMs = arrivedMs;
    this.#gone = false;
    if (this.#wanted.length > 0) this.#answer(await snapshot(frame));
    if (!sampler.admits(frame)) {
      this.#count.shed += 1;
      return;
    }
    const scene = sceneMeter.measure(frame);
    // A person who stands still is still there: the gate opens on time and on live tracks as well as on motion.
    const gateOpen = motionGate.admits(frame, tracker.liveCount, nowMs);
    const detections =
      gateOpen && this.#trusts(frame) ? await detector.detect(frame, ruleEngine.regionOfInterest()) : null;
    // null: not looked at. Never "nobody there".
    const tracks = detections === null ? null : tracker.step(detections, nowMs);
    if (!gateOpen) this.#count.gated += 1;
    else if (tracks === null) this.#count.notLookedAt += 1;
    else this.#count.analysed += 1;
    if (tracks) this.#live = { atMs: nowMs, tracks };
    for (const trigger of ruleEngine.step(trackLog.keep({ scene, tracks }, nowMs), nowMs))
      this.#deliver(trigger, trigger.phase === "end" ? null : await snapshot(frame));
    if (tracks) this.#analysisMs.add(this.#clock.monotonicMs() - arrivedMs);
  }

  /** A burst of damage is waited out; a camera that is damaged all the time is better looked at than not. */
  #trusts({ intact, capturedAtMs }: Frame): boolean {
    if (intact || capturedAtMs < this.#intactMs) this.#intactMs = capturedAtMs;
    return intact || capturedAtMs - this.#intactMs > damagePatienceMs;
  }

  /** Called once a second: a camera that has gone ends its open events. */
  tick(): void {
    if (this.#gone || this.#lastFrameMonoMs === null) return;
    if (this.#clock.monotonicMs() - this.#lastFrameMonoMs < lostAfterMs) return;
    this.#gone = true;
    this.#live = null;
    const nowMs = this.#clock.nowMs();
    this.#stages.trackLog.lost(nowMs);
    for (const trigger of this.#stages.ruleEngine.close(nowMs, "camera-lost")) this.#deliver(trigger, null);
  }

  #deliver(trigger: Trigger, picture: Picture | null): void {
    this.#count.triggers += 1;
    this.#stages.deliver(trigger, picture);
  }

  /** The next frame as a picture; null when none comes within `timeoutMs`. */
  async nextPicture(timeoutMs: number): Promise<Picture | null> {
    const picture = new Promise<Picture | null>((resolve) => this.#wanted.push(resolve));
    const expired = this.#clock.sleep(timeoutMs).then(() => null);
    return Promise.race([picture, expired]);
  }

  #answer(picture: Picture): void {
    for (const resolve of this.#wanted) resolve(picture);
    this.#wanted = [];
  }

  get live(): LiveTracks | null {
    return this.#live;
  }

  status(): CameraStatus {
    return {
      ...this.#stages.camera.status(),
      id: this.#id,
      name: this.#name,
      ...this.#count,
      liveTracks: this.#stages.tracker.liveCount,
      analysisMsP50: this.#analysisMs.at(0.5),
      analysisMsP95: this.#analysisMs.at(0.95),
    };
  }
}
