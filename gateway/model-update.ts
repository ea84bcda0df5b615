/** `model.update`: a signed package comes to the box, is tested beside the running one, takes its place, and goes again when it fails. */
import { createHash } from "node:crypto";
import { statfs } from "node:fs/promises";
import { z } from "zod";
import { loadModel } from "./analysis/detection/model.ts";
import type { ModelPackage } from "./analysis/detection/model-package.ts";
import { ModelShelf, packageFolder, type ModelFolders } from "./analysis/detection/model-shelf.ts";
import { checkPackage } from "./analysis/detection/eval/package-check.ts";
import type { LoadedConfig } from "./config/load.ts";
import { idSchema } from "./config/schema.ts";
import type { CommandAnswer, CommandOrder, CommandRun } from "./delivery/commands/commands.ts";
import { pullFiles } from "./delivery/commands/pull-files.ts";
import { maxCommandFiles, maxCommandFilesBytes } from "./delivery/uplink/protocol/limits.ts";
import type { Uplink } from "./delivery/uplink/uplink.ts";
import type { Clock } from "./runtime/clock.ts";
import { GatewayError, ModelError } from "./runtime/errors.ts";
import type { DetectorStatus } from "./runtime/status.ts";

/** What it stands on. */
export interface ModelUpdateOptions extends ModelFolders {
  readonly clock: Clock;
  readonly config: () => Pick<LoadedConfig, "gateway" | "zones">;
  readonly uplink: (id: string) => Pick<Uplink, "piece"> | undefined;
  /** Cameras look with the package that this name stands for by now. Throws GatewayError and changes nothing when they cannot. */
  readonly replace: (modelId: string) => Promise<void>;
  readonly detectors: () => readonly DetectorStatus[];
}

type LastWord = CommandAnswer & { readonly state: "done" | "failed" };
type Order = z.output<typeof argsSchema>;

/** What is signed: the name of the model, and every file of the package. */
const argsSchema = z.strictObject({
  model: idSchema,
  files: z
    .array(
      z.strictObject({
        name: z.string().regex(/^(samples\/)?[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/),
        bytes: z
          .int()
          .min(1)
          .max(64 * 2 ** 20),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        sm3: z
          .string()
          .regex(/^[0-9a-f]{64}$/)
          .optional(),
      }),
    )
    .min(1)
    .max(maxCommandFiles)
    .refine((files) => new Set(files.map(({ name }) => name)).size === files.length, "a name twice")
    .refine((files) => files.reduce((sum, { bytes }) => sum + bytes, 0) <= maxCommandFilesBytes, "more than 72 MiB"),
  /** Seconds for which the new model is watched. */
  trialSec: z.int().min(5).max(3_600).default(60),
});

const transferMs = 6 * 3_600_000;
const progressMs = 2_000;
const lookMs = 500;
/** Bytes that stay free on the disk beside the package. */
const spareBytes = 64 * 2 ** 20;
/** Share of a detector's time that cameras may use: a model that needs all of it looks at every frame too late. */
const mostLoad = 0.8;

/** At most one update runs. */
export class ModelUpdate implements AsyncDisposable {
  readonly #options: ModelUpdateOptions;
  readonly #shelf: ModelShelf;
  readonly #stop = new AbortController();
  /** Settles when nothing of an update runs any more. */
  #running: Promise<unknown> | null = null;

  constructor(options: ModelUpdateOptions) {
    this.#options = options;
    this.#shelf = new ModelShelf(options.storageFolder);
  }

  /** The doer. */
  readonly run: CommandRun = async (args, order) => {
    const read = argsSchema.safeParse(args);
    if (!read.success) {
      const [issue] = read.error.issues;
      throw new RangeError(`model.update: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`);
    }
    if (this.#running) throw new RangeError("another update is running");
    const digest = digestOf(read.data);
    if (this.#shelf.isUsed(read.data.model, digest))
      return Promise.resolve({ detail: `${read.data.model} is this package already` });
    const steps = this.#steps(read.data, digest, order);
    this.#running = steps.catch(() => undefined).finally(() => (this.#running = null));
    return Promise.resolve({
      detail: `${read.data.files.length} files are on their way`,
      later: this.#lastWord(steps),
    });
  };

  async #lastWord(steps: Promise<string>): Promise<LastWord> {
    try {
      return { state: "done", detail: await steps };
    } catch (error) {
      // Stopped in the middle: the next run says what became of it.
      if (this.#stop.signal.aborted) return new Promise<LastWord>(() => undefined);
      if (!(error instanceof GatewayError)) throw error;
      return { state: "failed", detail: `${error.code}: ${error.say("en")}` };
    }
  }

  /** The whole way, top to bottom. */
  async #steps(order: Order, digest: string, by: CommandOrder): Promise<string> {
    const { model: id, trialSec } = order;
    const folder = this.#shelf.kept(id, digest) ?? (await this.#fetched(order, digest, by));
    by.progress("testing the package on its own pictures");
    const place = { id, present: await this.#present(id), zones: this.#zonesOf(id) };
    const { model, runMs } = await checkPackage(folder, place, this.#options.clock);
    this.#checkSpeed(id, runMs);
    await this.#shelf.tryOut(id, digest);
    try {
      await this.#options.replace(id);
      by.progress(`${id} ${model.version} looks; on trial for ${trialSec} s`);
      await this.#watch(id, model, trialSec);
    } catch (error) {
      await this.#shelf.putBack(id);
      // Whatever goes wrong on the way back must not hide why it was taken.
      await this.#options.replace(id).catch(() => undefined);
      throw error;
    }
    await this.#shelf.keep(id);
    return `${id} ${model.version} looks, ${Math.round(runMs)} ms a picture`;
  }

  async #fetched(order: Order, digest: string, by: CommandOrder): Promise<string> {
    const { clock, uplink } = this.#options;
    const folder = await this.#shelf.coming(digest);
    const bytes = order.files.reduce((sum, file) => sum + file.bytes, 0);
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < bytes + spareBytes)
      throw new GatewayError("TRANSFER_FAILED", { file: order.model, detail: "the disk has no room for it" });
    let toldMs = Number.NEGATIVE_INFINITY;
    await pullFiles({
      cmd: by.cmd,
      files: order.files,
      folder,
      clock,
      signal: this.#stop.signal,
      patienceMs: transferMs,
      ask: async (header) => (await uplink(by.uplinkId)?.piece(header)) ?? { kind: "lost" },
      onProgress: (have, all) => {
        if (clock.monotonicMs() - toldMs < progressMs) return;
        toldMs = clock.monotonicMs();
        by.progress(`${Math.floor(have / 1_024)} of ${Math.ceil(all / 1_024)} KiB have arrived`);
      },
    });
    return folder;
  }

  async #present(id: string): Promise<ModelPackage | null> {
    return loadModel(packageFolder(this.#options, id), id).catch((error: unknown) => {
      if (error instanceof ModelError) return null; // What cannot be used can only be replaced.
      throw error;
    });
  }

  #camerasOf(id: string): LoadedConfig["gateway"]["cameras"] {
    const { cameras, detector } = this.#options.config().gateway;
    return cameras.filter(({ model = detector.model }) => model === id);
  }

  #zonesOf(id: string): LoadedConfig["zones"] {
    const { zones } = this.#options.config();
    return Object.fromEntries(
      this.#camerasOf(id).flatMap((camera) => {
        const found = zones[camera.id];
        return found ? [[camera.id, found] as const] : [];
      }),
    );
  }

  /** @throws ModelError MODEL_SLOW when the cameras would keep a detector busy for more than its share of the time */
  #checkSpeed(id: string, runMs: number): void {
    const { processes } = this.#options.config().gateway.detector;
    const rate = this.#camerasOf(id).reduce((sum, camera) => sum + (camera.enabled ? camera.rate : 0), 0);
    const most = rate === 0 ? Infinity : (1_000 * processes * mostLoad) / rate;
    if (runMs > most) throw new ModelError("MODEL_SLOW", { model: id, ms: Math.round(runMs), most: Math.round(most) });
  }

  /** @throws ModelError when the new model fails or is too slow while cameras look through it */
  async #watch(id: string, { name, version }: ModelPackage, trialSec: number): Promise<void> {
    const { clock, detectors } = this.#options;
    const endMs = clock.monotonicMs() + trialSec * 1_000;
    while (clock.monotonicMs() < endMs) {
      await clock.sleep(lookMs, this.#stop.signal);
      const seen = detectors().find(({ model }) => model === `${name} ${version}`);
      if (!seen) continue; // No camera looks through it, or the thread has not told yet.
      if (seen.failures > 0 || seen.restarts > 0 || seen.state === "stopped") {
        const detail = seen.lastError ? seen.lastError.code : `its process is ${seen.state}`;
        throw new ModelError("MODEL_TRIAL", { model: id, detail });
      }
      if (seen.runMsP50 !== null) this.#checkSpeed(id, seen.runMsP50);
    }
  }

  /** An update that was stopped never says a last word; on return its trial is over, and the former model is back. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}

/** Sixteen digits that stand for a package: its files and their names. */
function digestOf({ files }: Order): string {
  const lines = files.map(({ name, sha256 }) => `${name} ${sha256}`).sort();
  return createHash("sha256").update(lines.join("\n")).digest("hex").slice(0, 16);
}
