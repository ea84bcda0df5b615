/** Opens the thread that rehearses, for a page that asks while somebody drags a slider. */
import { Worker } from "node:worker_threads";
import { ConfigError } from "../runtime/errors.ts";
import { mostQuestions, type Question, type RehearsalJob, type RehearsalSite, type Reply } from "./preview-job.ts";
import type {
  Histograms,
  PathsRequest,
  PreviewAnswer,
  PreviewRequest,
  Rehearsals,
  TrackPath,
  WhyAnswer,
  WhyRequest,
  Window,
} from "./preview.ts";
import type { ZonesConfig } from "../config/zones-schema.ts";

interface Waiting {
  readonly slot: number;
  readonly resolve: (answer: never) => void;
  readonly reject: (reason: unknown) => void;
}

type Asked = Question extends infer One ? (One extends Question ? Omit<One, "id" | "slot"> : never) : never;

/** The thread starts with the first question; it is gone once this is disposed. */
export function openRehearsals(site: RehearsalSite): Rehearsals {
  return new RehearsalThread(site);
}

class RehearsalThread implements Rehearsals {
  readonly #site: RehearsalSite;
  readonly #stops = new Int32Array(new SharedArrayBuffer(4 * mostQuestions));
  #worker: Worker | null = null;
  #ids = 0;
  readonly #waiting = new Map<number, Waiting>();
  /** The newest preview of each camera, given up by the next one. */
  readonly #newest = new Map<string, AbortController>();
  #isClosed = false;

  constructor(site: RehearsalSite) {
    this.#site = site;
  }

  async preview(request: PreviewRequest, signal?: AbortSignal): Promise<PreviewAnswer> {
    this.#newest.get(request.camera)?.abort(aborted("a newer preview of this camera was asked for"));
    const own = new AbortController();
    this.#newest.set(request.camera, own);
    const either = signal ? AbortSignal.any([signal, own.signal]) : own.signal;
    try {
      return await this.#ask<PreviewAnswer>({ ask: "preview", request }, either);
    } finally {
      if (this.#newest.get(request.camera) === own) this.#newest.delete(request.camera);
    }
  }

  histograms(request: Window & { readonly zones: ZonesConfig }, signal?: AbortSignal): Promise<Histograms> {
    return this.#ask({ ask: "histograms", request }, signal);
  }

  why(request: WhyRequest, signal?: AbortSignal): Promise<WhyAnswer> {
    return this.#ask({ ask: "why", request }, signal);
  }

  paths(request: PathsRequest, signal?: AbortSignal): Promise<readonly TrackPath[]> {
    return this.#ask({ ask: "paths", request }, signal);
  }

  async #ask<Answer>(asked: Asked, signal?: AbortSignal): Promise<Answer> {
    signal?.throwIfAborted();
    if (this.#isClosed) throw aborted("the rehearsal was closed");
    const taken = new Set([...this.#waiting.values()].map(({ slot }) => slot));
    const slot = this.#stops.findIndex((_, i) => !taken.has(i));
    if (slot < 0) throw new RangeError(`more than ${mostQuestions} questions at a time`);
    this.#ids += 1;
    const id = this.#ids;
    Atomics.store(this.#stops, slot, 0);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const stop = (): void => {
      Atomics.store(this.#stops, slot, 1);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", stop, { once: true });
    // Its slot is free only when the thread has answered: until then the word may still be read.
    this.#waiting.set(id, { slot, resolve, reject });
    this.#open().postMessage({ ...asked, id, slot } satisfies Question);
    return promise.finally(() => signal?.removeEventListener("abort", stop));
  }

  #open(): Worker {
    if (this.#worker) return this.#worker;
    const workerData: RehearsalJob = { ...this.#site, stops: this.#stops.buffer };
    const worker = new Worker(new URL("./preview-thread.ts", import.meta.url), {
      workerData,
      // Few objects outlive a preview: a roomy nursery is swept less often.
      resourceLimits: { maxYoungGenerationSizeMb: 64 },
    });
    worker.unref();
    worker.on("message", (reply: Reply) => this.#answered(reply));
    worker.on("error", (error) => this.#gone(worker, error));
    worker.on("exit", () => this.#gone(worker, aborted("the rehearsal was closed")));
    this.#worker = worker;
    return worker;
  }

  #answered(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (!waiting) return;
    if ("ok" in reply) waiting.resolve(reply.ok as never);
    else if ("stopped" in reply) waiting.reject(aborted("the preview was given up"));
    else waiting.reject(new ConfigError(reply.code, reply.values));
  }

  #gone(worker: Worker, reason: unknown): void {
    if (this.#worker === worker) this.#worker = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    for (const { slot } of this.#waiting.values()) Atomics.store(this.#stops, slot, 1);
    await this.#worker?.terminate();
  }
}

function aborted(message: string): DOMException {
  return new DOMException(message, "AbortError");
}
