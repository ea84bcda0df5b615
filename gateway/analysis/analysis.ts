/** The analysis half as the main thread sees it: cameras in, triggers and status out. */
import { Worker } from "node:worker_threads";
import { systemClock } from "../runtime/clock.ts";
import { GatewayError } from "../runtime/errors.ts";
import { keepPulse, newPulse } from "../runtime/pulse.ts";
import type { CameraStatus, DetectorStatus, SaidError } from "../runtime/status.ts";
import type { LiveFrame, LiveSize } from "./live-view.ts";
import type { AnalysisJob, CameraChange, FromAnalysis, ModelIdentity, ToAnalysis } from "./messages.ts";
import type { Measurement } from "./measurement.ts";
import type { Picture } from "./snapshot.ts";
import type { Trigger } from "./zones/trigger.ts";

/** Where the half tells what it sees; the callbacks must return at once. */
export interface AnalysisEars {
  readonly onTrigger: (trigger: Trigger, picture: Picture | null) => void;
  readonly onMeasurement?: (measurement: Measurement) => void;
  readonly onProblem: (cameraId: string | null, error: SaidError) => void;
  /** A picture that somebody wanted with `watch`. */
  readonly onLive?: (frame: LiveFrame) => void;
}

/** How long the thread may take to let its children go before it is ended. */
const stopDeadlineMs = 8_000;

/** The thread that owns cameras, detectors and rules. Open it, dispose it; nothing else starts or stops it. */
export class Analysis implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  /** While the thread must not hang: until it is asked to stop, or has ended. */
  readonly #watching = new AbortController();
  readonly #pictures = new Map<number, (picture: Picture | null) => void>();
  readonly #changes = new Map<number, (error: SaidError | null) => void>();
  #nextPicture = 1;
  #cameras: readonly CameraStatus[] = [];
  #detectors: readonly DetectorStatus[] = [];
  #models: Readonly<Record<string, ModelIdentity>> = {};

  private constructor(worker: Worker, ears: AnalysisEars) {
    this.#worker = worker;
    worker.on("message", (message: FromAnalysis) => this.#hear(message, ears));
    this.#ended = new Promise((resolve, reject) => {
      worker.once("error", reject);
      worker.once("exit", () => resolve());
    });
    const over = (): void => {
      this.#watching.abort();
      this.#answerNone();
    };
    this.#ended.then(over, over);
    this.#ended.catch(() => undefined); // Whoever awaits `ended` hears of it; nobody else must crash on it.
  }

  /**
   * Starts the thread and waits until its models are loaded.
   * @throws ModelError when a model package cannot be used that may not be lacking.
   */
  static async open(job: AnalysisJob, ears: AnalysisEars): Promise<Analysis> {
    const pulse = newPulse();
    const worker = new Worker(new URL("./analysis-thread.ts", import.meta.url), {
      workerData: { ...job, pulse },
      // The pipes of decoders are opened by the native addon and closed by us: Node would warn of each.
      trackUnmanagedFds: false,
    });
    const analysis = new Analysis(worker, ears);
    void keepPulse(pulse, "main", { clock: systemClock, signal: analysis.#watching.signal });
    await new Promise<void>((resolve, reject) => {
      worker.on("message", (message: FromAnalysis) => {
        if (message.kind === "ready") resolve();
        else if (message.kind === "failed") reject(new GatewayError(message.error.code, message.error.values));
      });
      analysis.#ended.then(() => reject(new Error("the analysis thread ended at its start")), reject);
    });
    return analysis;
  }

  /** Resolves when the thread has ended, rejects when it broke. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  status(): { readonly cameras: readonly CameraStatus[]; readonly detectors: readonly DetectorStatus[] } {
    return { cameras: this.#cameras, detectors: this.#detectors };
  }

  /** The model that answers for a camera. */
  modelOf(cameraId: string): ModelIdentity | null {
    return this.#models[cameraId] ?? null;
  }

  /** Names of the models that cannot be used. */
  lacking(): readonly string[] {
    return this.#detectors.flatMap(({ model, state, runs, pids }) =>
      state === "stopped" && runs === 0 && pids.length === 0 ? [model] : [],
    );
  }

  /** The camera's next frame as JPEG; null when it gives none within two seconds, or the thread has ended. */
  picture(cameraId: string): Promise<Picture | null> {
    if (this.#watching.signal.aborted) return Promise.resolve(null);
    const id = this.#nextPicture++;
    return new Promise((resolve) => {
      this.#pictures.set(id, resolve);
      this.#say({ kind: "picture", id, cameraId });
    });
  }

  /** The camera's view as it is now becomes the one it is compared with; false for a camera that there is not. */
  acceptView(cameraId: string): boolean {
    if (!this.#cameras.some(({ id }) => id === cameraId)) return false;
    this.#say({ kind: "accept-view", cameraId });
    return true;
  }

  /** Which live pictures of a camera are wanted from now on, and how often at most. */
  watch(cameraId: string, sizes: readonly LiveSize[], everyMs: number): void {
    this.#say({ kind: "watch", cameraId, sizes, everyMs });
  }

  /**
   * Changes rules or cameras while everything else runs on; resolves when it is done.
   * @throws GatewayError when it cannot be done; then nothing has changed
   */
  async change(change: CameraChange): Promise<void> {
    const id = this.#nextPicture++;
    const done = new Promise<SaidError | null>((resolve) => this.#changes.set(id, resolve));
    this.#say({ kind: "change", id, change });
    const error = await Promise.race([done, this.#ended.then(() => null)]);
    if (error) throw new GatewayError(error.code, error.values);
  }

  #hear(message: FromAnalysis, ears: AnalysisEars): void {
    switch (message.kind) {
      case "ready":
      case "mended":
        this.#models = message.models;
        return;
      case "trigger":
        ears.onTrigger(message.trigger, message.picture);
        return;
      case "measurement":
        ears.onMeasurement?.(message.measurement);
        return;
      case "status":
        this.#cameras = message.cameras;
        this.#detectors = message.detectors;
        return;
      case "picture":
        this.#pictures.get(message.id)?.(message.picture);
        this.#pictures.delete(message.id);
        return;
      case "live":
        ears.onLive?.(message.frame);
        return;
      case "changed":
        this.#models = message.models;
        this.#changes.get(message.id)?.(message.error);
        this.#changes.delete(message.id);
        return;
      case "problem":
        ears.onProblem(message.cameraId, message.error);
        return;
      case "failed":
        ears.onProblem(null, message.error);
        return;
      default:
        message satisfies never;
    }
  }

  #say(message: ToAnalysis): void {
    this.#worker.postMessage(message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watching.abort();
    this.#say({ kind: "stop" });
    const deadline = new AbortController();
    const late = systemClock.sleep(stopDeadlineMs, deadline.signal).then(
      () => this.#worker.terminate(),
      () => undefined,
    );
    await Promise.race([this.#ended.catch(() => undefined), late]);
    deadline.abort();
    this.#answerNone();
  }

  /** Nobody answers any more. */
  #answerNone(): void {
    for (const resolve of this.#pictures.values()) resolve(null);
    this.#pictures.clear();
  }
}
