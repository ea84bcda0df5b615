/** The path of a frame, top to bottom: one page, one camera. A stage hands on or drops; nothing queues, nothing waits for delivery. */
import type { Clock } from "../runtime/clock.ts";
import type { Latest } from "../runtime/latest.ts";
import { Percentiles } from "../runtime/percentiles.ts";
import type { CameraStatus, CaptureStatus, DiagnosisStatus, Reading } from "../runtime/status.ts";
import type { Frame } from "./capture/frame.ts";
import type { Detection } from "./detection/detection.ts";
import type { Scene } from "./detection/scene.ts";
import type { Measures } from "./diagnosis/picture-diagnosis.ts";
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
  /** What is wrong with the picture, and whether its tracks mean anything. */
  readonly diagnosis: {
    look(frame: Frame, scene: Scene, nowMs: number): Measures | null;
    silent(silentSec: number, nowMs: number): Measures;
    readonly pictureBlind: string | null;
    answered(isAnswered: boolean): void;
    count(now: { readonly online: boolean; readonly shedding: boolean }, nowMs: number): void;
    status(now: { readonly online: boolean; readonly shedding: boolean }): DiagnosisStatus;
  };
  /** Readings of the scene itself: the water level, and how fast its surface runs. */
  readonly gauges: Reader;
  readonly flows: Reader;
  readonly motionGate: { admits(frame: Frame, liveTracks: number, nowMs: number): boolean };
  readonly detector: { detect(frame: Frame, region: Box): Promise<readonly Detection[] | null> };
  readonly tracker: {
    step(detections: readonly Detection[], nowMs: number): readonly Track[];
    readonly liveCount: number;
  };
  /** Notes what the rules get and gives it back as coarse as it is kept, so that a replay sees the very same. */
  readonly trackLog: { keep(seen: Observation, nowMs: number): Observation; lost(nowMs: number): void };
  /** Keeps a small picture of each track; returns at once. */
  readonly thumbnails?: { look(frame: Frame, tracks: readonly Track[]): void };
  readonly ruleEngine: {
    step(seen: Observation, nowMs: number): readonly Trigger[];
    close(nowMs: number, reason: "camera-lost"): readonly Trigger[];
    regionOfInterest(): Box;
  };
  /** Shows the frame to whoever looks on; returns at once. */
  readonly live?: { look(frame: Frame, tracks: readonly Track[] | null, fired: readonly Trigger[]): void };
  /** Null: no picture could be made, and somebody was told why; an event goes without one. */
  readonly snapshot: (frame: Frame) => Promise<Picture | null>;
  readonly deliver: (trigger: Trigger, picture: Picture | null) => void;
}

/** Reads something off the picture now and then. */
interface Reader {
  look(frame: Frame, isUsable: boolean, nowMs: number): Measures | null;
  readonly newest: Reading | null;
}

/** A camera silent for longer has gone: what it saw last says nothing about now. */
const lostAfterMs = 30_000;

/** A camera silent for longer is not online; short pauses are ordinary. */
const offlineAfterMs = 5_000;
/** From here on the rules are told how long the silence lasts. */
const silentAfterMs = 2_000;
/** A picture that shows nothing of the scene for longer ends what was open, as if the camera had gone. */
const blindAfterMs = 60_000;

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
  readonly #count = { analysed: 0, gated: 0, shed: 0, notLookedAt: 0, unseen: 0, triggers: 0 };
  #lastFrameMonoMs: number;
  #gone = true;
  #hasFrame = false;
  #blindSinceMs: number | null = null;
  #isBlindClosed = false;
  #countedShed = 0;
  #intactMs = Infinity;
  #live: LiveTracks | null = null;
  #wanted: ((picture: Picture | null) => void)[] = [];

  constructor(camera: { readonly id: string; readonly name: string }, stages: Stages, clock: Clock) {
    this.#id = camera.id;
    this.#name = camera.name;
    this.#stages = stages;
    this.#clock = clock;
    this.#lastFrameMonoMs = clock.monotonicMs(); // A camera that never comes is silent from the start.
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
    const { sampler, sceneMeter, diagnosis, gauges, flows, motionGate, detector, tracker, ruleEngine, snapshot } =
      this.#stages;
    const arrivedMs = this.#clock.monotonicMs();
    const nowMs = frame.capturedAtMs;
    this.#lastFrameMonoMs = arrivedMs;
    this.#gone = false;
    this.#hasFrame = true;
    if (this.#wanted.length > 0) this.#answer(await snapshot(frame));
    if (!sampler.admits(frame)) {
      this.#count.shed += 1;
      return;
    }
    const scene = sceneMeter.measure(frame);
    const measures = joined(
      diagnosis.look(frame, scene, nowMs),
      gauges.look(frame, diagnosis.pictureBlind === null, nowMs),
      flows.look(frame, diagnosis.pictureBlind === null, nowMs),
    );
    const isBlind = diagnosis.pictureBlind !== null;
    this.#endWhatIsUnseen(isBlind, nowMs);
    // A person who stands still is still there: the gate opens on time and on live tracks as well as on motion.
    const gateOpen = motionGate.admits(frame, tracker.liveCount, nowMs);
    // A view that has moved still shows people: what the rules would have said of them is kept, and not told.
    const moved = diagnosis.pictureBlind === "view-moved";
    const asks = gateOpen && (!isBlind || moved) && this.#trusts(frame);
    const detections = asks ? await detector.detect(frame, ruleEngine.regionOfInterest()) : null;
    if (asks) diagnosis.answered(detections !== null);
    // null: not looked at. Never "nobody there".
    const tracks = detections === null ? null : tracker.step(detections, nowMs);
    if (isBlind) this.#count.unseen += 1;
    else if (!gateOpen) this.#count.gated += 1;
    else if (tracks === null) this.#count.notLookedAt += 1;
    else this.#count.analysed += 1;
    if (tracks) this.#live = { atMs: nowMs, tracks };
    if (tracks) this.#stages.thumbnails?.look(frame, tracks);
    const aspect = frame.widthPx / frame.heightPx;
    const seen = { scene, tracks, aspect, ...(measures ? { measures } : {}), ...(moved ? { moved } : {}) };
    const fired = this.#judge(seen, nowMs);
    this.#stages.live?.look(frame, tracks, fired);
    for (const trigger of fired) this.#deliver(trigger, trigger.phase === "end" ? null : await snapshot(frame));
    if (tracks) this.#analysisMs.add(this.#clock.monotonicMs() - arrivedMs);
  }

  /** A burst of damage is waited out; a camera that is damaged all the time is better looked at than not. */
  #trusts({ intact, capturedAtMs }: Frame): boolean {
    if (intact || capturedAtMs < this.#intactMs) this.#intactMs = capturedAtMs;
    return intact || capturedAtMs - this.#intactMs > damagePatienceMs;
  }

  /** What the rules make of an observation, after it is logged. */
  #judge(seen: Observation, nowMs: number): readonly Trigger[] {
    const { trackLog, ruleEngine } = this.#stages;
    return ruleEngine.step(trackLog.keep(seen, nowMs), nowMs);
  }

  /** Called once a second: time is counted, and a camera that has gone ends its open events. */
  tick(): void {
    const { camera, diagnosis } = this.#stages;
    if (camera.status().state === "disabled") return;
    const nowMs = this.#clock.nowMs();
    const silentMs = this.#clock.monotonicMs() - this.#lastFrameMonoMs;
    const shedding = this.#count.shed > this.#countedShed;
    this.#countedShed = this.#count.shed;
    diagnosis.count({ online: this.#isOnline, shedding }, nowMs);
    if (silentMs >= silentAfterMs) this.silence(silentMs, nowMs);
  }

  /** A camera that has never given a picture is not online, however short that is ago. */
  get #isOnline(): boolean {
    return this.#hasFrame && this.#clock.monotonicMs() - this.#lastFrameMonoMs < offlineAfterMs;
  }

  /** No frame for so long: rules on the silence itself hear of it, and after a while everything else ends. */
  silence(silentMs: number, nowMs: number): void {
    const measures = this.#stages.diagnosis.silent(silentMs / 1_000, nowMs);
    for (const trigger of this.#judge({ scene: null, tracks: null, measures }, nowMs)) this.#deliver(trigger, null);
    if (this.#gone || silentMs < lostAfterMs) return;
    this.#gone = true;
    this.#close(nowMs);
  }

  #endWhatIsUnseen(isBlind: boolean, nowMs: number): void {
    if (!isBlind) {
      this.#blindSinceMs = null;
      this.#isBlindClosed = false;
      return;
    }
    this.#blindSinceMs ??= nowMs;
    if (this.#isBlindClosed || nowMs - this.#blindSinceMs < blindAfterMs) return;
    this.#isBlindClosed = true;
    this.#close(nowMs);
  }

  /** Ends what is open in the scene; what is open about the camera goes on. */
  #close(nowMs: number): void {
    this.#live = null;
    this.#stages.trackLog.lost(nowMs);
    for (const trigger of this.#stages.ruleEngine.close(nowMs, "camera-lost")) this.#deliver(trigger, null);
  }

  #deliver(trigger: Trigger, picture: Picture | null): void {
    this.#count.triggers += 1;
    this.#stages.deliver(trigger, picture);
  }

  /** The next frame as a picture; null when none comes within `timeoutMs`, or none can be made of it. */
  async nextPicture(timeoutMs: number): Promise<Picture | null> {
    const picture = new Promise<Picture | null>((resolve) => this.#wanted.push(resolve));
    const expired = this.#clock.sleep(timeoutMs).then(() => null);
    return Promise.race([picture, expired]);
  }

  /** Each gets memory of his own: a picture is given away as it is sent to another thread. */
  #answer(picture: Picture | null): void {
    for (const resolve of this.#wanted) resolve(picture && { ...picture, jpeg: picture.jpeg.slice() });
    this.#wanted = [];
  }

  get live(): LiveTracks | null {
    return this.#live;
  }

  status(): CameraStatus {
    const online = this.#isOnline;
    return {
      ...this.#stages.camera.status(),
      id: this.#id,
      name: this.#name,
      ...this.#count,
      liveTracks: this.#stages.tracker.liveCount,
      analysisMsP50: this.#analysisMs.at(0.5),
      analysisMsP95: this.#analysisMs.at(0.95),
      diagnosis: this.#stages.diagnosis.status({ online, shedding: false }),
      readings: { level: this.#stages.gauges.newest, speed: this.#stages.flows.newest },
    };
  }
}

function joined(...all: readonly (Measures | null)[]): Measures | null {
  return all.reduce((sum, one) => (sum && one ? { ...sum, ...one } : (sum ?? one)), null);
}
