/** All cameras of the box and one detector for each model they use; cameras come, go and change one by one. */
import { join } from "node:path";
import { systemClock as clock } from "../runtime/clock.ts";
import type { GatewayError } from "../runtime/errors.ts";
import { ProcessDetector } from "./detection/detector.ts";
import { loadModel } from "./detection/model.ts";
import type { CameraJob, ModelIdentity } from "./messages.ts";
import { RunningCamera, saidOf, type CameraHouse, type OpenDetector } from "./running-camera.ts";

/** What they need. */
export interface RunningCamerasOptions extends CameraHouse {
  readonly modelsFolder: string;
  /** Told when a loop of a camera met a bug. */
  readonly onBroken: (error: unknown) => void;
}

/** Changes are made one after the other by the caller. */
export class RunningCameras implements AsyncDisposable {
  readonly #options: RunningCamerasOptions;
  readonly #cameras = new Map<string, RunningCamera>();
  readonly #models = new Map<string, string>();
  readonly #detectors = new Map<string, OpenDetector>();

  constructor(options: RunningCamerasOptions) {
    this.#options = options;
  }

  /**
   * Opens a camera, in the place of the one with its id.
   * @throws ModelError when its model cannot be used; then the former camera runs on
   */
  async put(job: CameraJob): Promise<void> {
    const modelId = job.camera.model ?? this.#options.gateway.detector.model;
    const detector = await this.#detectorOf(modelId);
    const { id } = job.camera;
    const former = this.#cameras.get(id);
    // The former one gives its place in the camera back first: cameras with few places refuse a second viewer.
    const open = former?.open() ?? job.open;
    await former?.[Symbol.asyncDispose]();
    const camera = await RunningCamera.open({ ...job, open }, detector, this.#options);
    camera.ended.catch(this.#options.onBroken);
    this.#cameras.set(id, camera);
    this.#models.set(id, modelId);
    await this.#closeUnused();
  }

  async remove(id: string): Promise<void> {
    const camera = this.#cameras.get(id);
    this.#cameras.delete(id);
    this.#models.delete(id);
    await camera?.[Symbol.asyncDispose]();
    await this.#closeUnused();
  }

  get(id: string): RunningCamera | undefined {
    return this.#cameras.get(id);
  }

  all(): Iterable<RunningCamera> {
    return this.#cameras.values();
  }

  get detectors(): Iterable<OpenDetector> {
    return this.#detectors.values();
  }

  /** Which model answers for which camera. */
  models(): Readonly<Record<string, ModelIdentity>> {
    const named = [...this.#models].flatMap(([id, modelId]) => {
      const model = this.#detectors.get(modelId)?.model;
      return model ? [[id, { id: model.name, version: model.version, sha256: model.sha256 }] as const] : [];
    });
    return Object.fromEntries(named);
  }

  async #detectorOf(modelId: string): Promise<OpenDetector> {
    const known = this.#detectors.get(modelId);
    if (known) return known;
    const { modelsFolder, gateway, say } = this.#options;
    const { processes, timeoutSec } = gateway.detector;
    const model = await loadModel(join(modelsFolder, modelId));
    const onFailure = (error: GatewayError): void => say({ kind: "problem", cameraId: null, error: saidOf(error) });
    const detector = await ProcessDetector.open({ model, processes, timeoutMs: timeoutSec * 1_000, clock, onFailure });
    const opened = { model, detector };
    this.#detectors.set(modelId, opened);
    return opened;
  }

  async #closeUnused(): Promise<void> {
    const used = new Set(this.#models.values());
    for (const [id, { detector }] of this.#detectors) {
      if (used.has(id)) continue;
      this.#detectors.delete(id);
      await detector[Symbol.asyncDispose]();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#cameras.values()].map((camera) => camera[Symbol.asyncDispose]()));
    await Promise.all([...this.#detectors.values()].map(({ detector }) => detector[Symbol.asyncDispose]()));
  }
}
