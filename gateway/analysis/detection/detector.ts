/** Frame → detections: a detector that may be dead, hung or slow at any moment, and is then replaced. */
import { wholePicture, type Box } from "../geometry.ts";
import type { Frame } from "../capture/frame.ts";
import type { Clock } from "../../runtime/clock.ts";
import { DetectorError, GatewayError } from "../../runtime/errors.ts";
import { Percentiles } from "../../runtime/percentiles.ts";
import type { DetectorStatus, SaidError } from "../../runtime/status.ts";
import { supervise } from "../../runtime/supervise.ts";
import { numbersPerBox } from "./decode-output.ts";
import type { Detection } from "./detection.ts";
import { DetectorChild, type Answer } from "./detector-child.ts";
import { FairTurns } from "./fair-turns.ts";
import { boxInPicture, letterbox, type Placement } from "./letterbox.ts";
import type { ModelPackage } from "./model-package.ts";

/** Whoever finds objects in frames. */
export interface Detector extends AsyncDisposable {
  /**
   * Objects in `region` of `frame`, boxes in 0..1 of the whole picture, best first; `[]` means that nobody is there.
   * `null` means *not looked at*: the detector is dead, hung or too slow, or a newer frame of the same camera came.
   * The frame must stay alive until this settles. A camera has one request at a time: a second one replaces the first.
   */
  detect(frame: Frame, region?: Box): Promise<readonly Detection[] | null>;
  status(): DetectorStatus;
}

/** How to open a detector. */
export interface DetectorOptions {
  readonly model: ModelPackage;
  /** Each has one thread. */
  readonly processes: number;
  /** A process silent for longer is replaced; a request that waits longer is not looked at. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Told of every failure; `waitMs` until the next try, null when there is none or none is needed. */
  readonly onFailure: (error: GatewayError, waitMs: number | null) => void;
  /** Scores below are dropped, 0..1; the model's own floor when left out. */
  readonly floor?: number;
  /** A process that holds more memory is replaced, MiB. Default 1024. */
  readonly memoryMostMiB?: number;
}

/** Quick at first, never slow: a dead detector has to be back within 5 s, again and again. */
const restartLimits = { firstMs: 20, maxMs: 1_500, jitter: 0.5 };

/** One for all: an abort without a reason takes a stack trace. */
const answered = new Error("answered");

interface Request {
  readonly frame: Frame;
  readonly region: Box;
  /** Ends the wait for a turn; null while the request has not had to wait. */
  answered: AbortController | null;
  readonly settle: PromiseWithResolvers<readonly Detection[] | null>;
}

/** One place for a process. */
interface Seat {
  child: DetectorChild | null;
  busy: boolean;
}

/** The model in processes of its own on this box. */
export class ProcessDetector implements Detector {
  readonly #options: DetectorOptions;
  readonly #seats: readonly Seat[];
  readonly #turns = new FairTurns<Request>();
  readonly #stop = new AbortController();
  readonly #times = new Percentiles();
  #loops: Promise<unknown> = Promise.resolve();
  #runs = 0;
  #failures = 0;
  #starts = 0;
  #givenUp = 0;
  #lastError: SaidError | null = null;

  private constructor(options: DetectorOptions) {
    this.#options = options;
    this.#seats = Array.from({ length: options.processes }, () => ({ child: null, busy: false }));
  }

  /**
   * Resolves when the first process has loaded the model.
   * @throws ModelError when the model cannot be used, DetectorError when no process stands after a minute
   */
  static async open(options: DetectorOptions): Promise<ProcessDetector> {
    const detector = new ProcessDetector(options);
    const ready = Promise.withResolvers<true>();
    detector.#loops = Promise.all(detector.#seats.map((seat) => detector.#keep(seat, ready)));
    const tooLate = options.clock.sleep(60_000, detector.#stop.signal).then(() => {
      ready.reject(new DetectorError("DETECTOR_TIMEOUT", { model: options.model.name, seconds: 60 }));
    });
    tooLate.catch(() => undefined); // Stopped before the minute was over.
    try {
      await ready.promise;
    } catch (error) {
      await detector[Symbol.asyncDispose]();
      throw error;
    }
    return detector;
  }

  detect(frame: Frame, region: Box = wholePicture): Promise<readonly Detection[] | null> {
    if (!this.#seats.some((seat) => seat.child)) return Promise.resolve(null);
    const request: Request = { frame, region, answered: null, settle: Promise.withResolvers() };
    const replaced = this.#turns.put(frame.cameraId, request);
    if (replaced) answer(replaced, null);
    this.#giveTurns();
    // A request that got its turn has the process's own deadline.
    if (this.#turns.isWaiting(frame.cameraId, request)) this.#expire(request);
    return request.settle.promise;
  }

  status(): DetectorStatus {
    const { model } = this.#options;
    const pids = this.#seats.flatMap((seat) => seat.child?.pid ?? []);
    return {
      model: `${model.name} ${model.version}`,
      state: this.#state(pids.length),
      pids,
      runs: this.#runs,
      failures: this.#failures,
      restarts: Math.max(0, this.#starts - this.#seats.length),
      runMsP50: this.#times.at(0.5),
      runMsP95: this.#times.at(0.95),
      lastError: this.#lastError,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    for (const request of this.#turns.takeAll()) answer(request, null);
    await this.#loops;
  }

  #state(running: number): DetectorStatus["state"] {
    if (this.#stop.signal.aborted || this.#givenUp === this.#seats.length) return "stopped";
    if (running > 0) return "running";
    return this.#runs === 0 && this.#failures === 0 ? "starting" : "restarting";
  }

  /** Keeps a process in `seat` until the end; a model that can never run ends it, and is told. */
  async #keep(seat: Seat, ready: PromiseWithResolvers<true>): Promise<void> {
    const { clock } = this.#options;
    try {
      await supervise((signal) => this.#serve(seat, ready, signal), this.#stop.signal, {
        clock,
        limits: restartLimits,
        onFailure: (error, waitMs) => this.#note(error, waitMs),
      });
    } catch (error) {
      this.#givenUp += 1;
      ready.reject(error);
      this.#note(error, null);
    }
  }

  /** One process from start to death. */
  async #serve(seat: Seat, ready: PromiseWithResolvers<true>, signal: AbortSignal): Promise<void> {
    const { model, timeoutMs, clock } = this.#options;
    this.#starts += 1;
    await using child = await DetectorChild.start({
      model,
      timeoutMs,
      clock,
      floor: this.#options.floor ?? model.defaults.floor,
    });
    seat.child = child;
    seat.busy = false;
    ready.resolve(true);
    this.#giveTurns();
    try {
      await untilAborted(child.gone, signal);
    } finally {
      seat.child = null;
      if (!this.#seats.some((other) => other.child)) for (const request of this.#turns.takeAll()) answer(request, null);
    }
  }

  #giveTurns(): void {
    for (const seat of this.#seats) {
      const { child } = seat;
      if (!child || seat.busy || child.failure) continue;
      const request = this.#turns.take();
      if (!request) return;
      seat.busy = true;
      this.#look(seat, child, request).catch((error: unknown) => request.settle.reject(error));
    }
  }

  async #look(seat: Seat, child: DetectorChild, request: Request): Promise<void> {
    const { model } = this.#options;
    const placement = letterbox(request.frame, request.region, model.input, child.pixels);
    try {
      const seen = await child.ask();
      this.#runs += 1;
      this.#times.add(seen.runMs);
      answer(request, detectionsOf(seen.boxes, model.labels, placement));
      this.#watchMemory(child, seen);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      answer(request, null);
      this.#failures += 1;
      if (!child.failure) this.#note(error, null); // A dead process is told by its supervision.
    } finally {
      if (seat.child === child) seat.busy = false;
    }
    this.#giveTurns();
  }

  #watchMemory(child: DetectorChild, { memoryMiB }: Answer): void {
    const { model, memoryMostMiB = 1_024 } = this.#options;
    if (memoryMiB <= memoryMostMiB) return;
    child.kill(
      new DetectorError("DETECTOR_MEMORY", {
        model: model.name,
        megabytes: Math.round(memoryMiB),
        most: memoryMostMiB,
      }),
    );
  }

  #expire(request: Request): void {
    request.answered = new AbortController();
    this.#options.clock.sleep(this.#options.timeoutMs, request.answered.signal).then(
      () => {
        if (this.#turns.remove(request.frame.cameraId, request)) answer(request, null);
      },
      () => undefined, // Answered before.
    );
  }

  #note(error: unknown, waitMs: number | null): void {
    if (error === undefined) return;
    if (!(error instanceof GatewayError))
      throw error instanceof Error ? error : new TypeError("a thrown value that is no error", { cause: error });
    this.#lastError = { code: error.code, values: error.values, atMs: this.#options.clock.nowMs() };
    this.#options.onFailure(error, waitMs);
  }
}

function answer(request: Request, detections: readonly Detection[] | null): void {
  request.answered?.abort(answered);
  request.settle.resolve(detections);
}

function detectionsOf(boxes: Float32Array, labels: readonly string[], placement: Placement): readonly Detection[] {
  const detections: Detection[] = [];
  for (let at = 0; at + numbersPerBox <= boxes.length; at += numbersPerBox) {
    const [label = 0, score = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0] = boxes.subarray(at, at + numbersPerBox);
    const box = boxInPicture(x1, y1, x2, y2, placement);
    // A box that lies wholly in the border of the letterbox is none of the picture.
    if (box.width > 0 && box.height > 0) detections.push({ label: labels[label] ?? `#${label}`, score, box });
  }
  return detections;
}

/** Resolves on abort, rejects with what `gone` rejects with. */
async function untilAborted(gone: Promise<never>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<true>();
  const stop = (): void => aborted.resolve(true);
  if (signal.aborted) return;
  signal.addEventListener("abort", stop, { once: true });
  try {
    await Promise.race([gone, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
