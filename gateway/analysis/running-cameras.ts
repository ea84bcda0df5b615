/** All cameras of the box and one detector for each model they use; cameras come, go and change one by one. */
import { systemClock as clock } from "../runtime/clock.ts";
import { GatewayError } from "../runtime/errors.ts";
import { AbsentDetector } from "./detection/absent-detector.ts";
import { ProcessDetector } from "./detection/detector.ts";
import { CurrentDetector, type OpenDetector } from "./current-detector.ts";
import { loadModel } from "./detection/model.ts";
import type { ModelPackage } from "./detection/model-package.ts";
import { packageFolder } from "./detection/model-shelf.ts";
import type { AnalysisJob, CameraJob, ModelIdentity } from "./messages.ts";
import { RunningCamera, saidOf, type CameraHouse } from "./running-camera.ts";

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
  readonly #detectors = new Map<string, CurrentDetector>();

  constructor(options: RunningCamerasOptions) {
    this.#options = options;
  }

  /**
   * Opens a camera, in the place of the one with its id.
   * @throws ModelError when its model cannot be used; then the former camera runs on
   */
  async put(job: CameraJob): Promise<void> {
    const modelId = this.#modelIdOf(job);
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

  get detectors(): Iterable<CurrentDetector> {
    return this.#detectors.values();
  }

  /** Which model answers for which camera. */
  models(): Readonly<Record<string, ModelIdentity>> {
    const named = [...this.#models].flatMap(([id, modelId]) => {
      const model = this.#detectors.get(modelId)?.model;
      if (!model) return [];
      const { name, version, sha256, sm3 } = model;
      return [[id, { id: name, version, sha256, sm3 }] as const];
    });
    return Object.fromEntries(named);
  }

  /** As `put`; a model that cannot be used and may be lacking costs its own cameras their eyes, and the others nothing. */
  async start(job: CameraJob, mayLack: AnalysisJob["mayLack"]): Promise<void> {
    const modelId = this.#modelIdOf(job);
    if (!this.#detectors.has(modelId) && (mayLack === "any" || mayLack.includes(modelId)))
      this.#detectors.set(modelId, new CurrentDetector(await this.#openOrSay(modelId)));
    await this.put(job);
  }

  /** Tries models again that could not be used; somebody may have mended them. Returns whether one looks now. */
  async mend(): Promise<boolean> {
    let isMended = false;
    for (const [modelId, current] of this.#detectors) {
      if (current.model !== null) continue;
      try {
        await this.replaceModel(modelId);
        isMended = true;
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        await current.replace(absent(modelId, error));
      }
    }
    return isMended;
  }

  /**
   * Looks with the package that `modelId` stands for by now: cameras stream on, no frame waits for it or is passed over.
   * @throws ModelError, DetectorError when it cannot be used; then the former one looks on
   */
  async replaceModel(modelId: string): Promise<void> {
    const current = this.#detectors.get(modelId);
    if (!current) return; // No camera looks through it.
    const next = await this.#open(modelId);
    for (const [id, camera] of this.#cameras) if (this.#models.get(id) === modelId) camera.takeModel(next.model);
    await current.replace(next);
  }

  #modelIdOf({ camera }: CameraJob): string {
    return camera.model ?? this.#options.gateway.detector.model;
  }

  async #openOrSay(modelId: string): Promise<OpenDetector> {
    try {
      return await this.#open(modelId);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      this.#options.say({ kind: "problem", cameraId: null, error: saidOf(error) });
      return absent(modelId, error);
    }
  }

  async #detectorOf(modelId: string): Promise<CurrentDetector> {
    const known = this.#detectors.get(modelId);
    if (known) return known;
    const opened = new CurrentDetector(await this.#open(modelId));
    this.#detectors.set(modelId, opened);
    return opened;
  }

  async #open(modelId: string): Promise<OpenDetector & { readonly model: ModelPackage }> {
    const { gateway, say } = this.#options;
    const { processes, timeoutSec } = gateway.detector;
    const model = await loadModel(packageFolder(this.#options, modelId), modelId);
    const onFailure = (error: GatewayError): void => say({ kind: "problem", cameraId: null, error: saidOf(error) });
    const detector = await ProcessDetector.open({ model, processes, timeoutMs: timeoutSec * 1_000, clock, onFailure });
    return { model, detector };
  }

  async #closeUnused(): Promise<void> {
    const used = new Set(this.#models.values());
    for (const [id, detector] of this.#detectors) {
      if (used.has(id)) continue;
      this.#detectors.delete(id);
      await detector[Symbol.asyncDispose]();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#cameras.values()].map((camera) => camera[Symbol.asyncDispose]()));
    await Promise.all([...this.#detectors.values()].map((detector) => detector[Symbol.asyncDispose]()));
  }
}

function absent(modelId: string, error: GatewayError): OpenDetector {
  return { model: null, detector: new AbsentDetector(modelId, saidOf(error)) };
}
