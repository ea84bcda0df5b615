/** One detector process from spawn to exit: started, asked one picture at a time, killed when it does not answer. */
import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Clock } from "../../runtime/clock.ts";
import { DetectorError, ModelError, type GatewayError } from "../../runtime/errors.ts";
import { DetectorPipes } from "./detector-pipes.ts";
import {
  MessageReader,
  messageHeader,
  numbersBeforeBoxes,
  type FailedMessage,
  type MessageKind,
} from "./detector-wire.ts";
import { largePages } from "./large-pages.ts";
import type { ModelPackage } from "./model-package.ts";
import { openPicture, type SharedPicture } from "./shared-picture.ts";

/** How to start one. */
export interface ChildOptions {
  readonly model: ModelPackage;
  /** Scores below are not told, 0..1. */
  readonly floor: number;
  /** A picture without an answer for longer is the process's last. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** What one picture gave. */
export interface Answer {
  readonly runMs: number;
  /** Memory of the process, MiB. */
  readonly memoryMiB: number;
  /** `numbersPerBox` numbers a box, in pixels of the model's input. */
  readonly boxes: Float32Array;
}

/** Loading a model of 64 MiB on a slow SD card beside busy decoders takes seconds; half a minute is broken. */
const startTimeoutMs = 30_000;

const program = fileURLToPath(new URL("./detector-process.ts", import.meta.url));

const nothing = new Uint8Array(0);

/** Why a deadline is given up; one for all, because an abort without a reason takes a stack trace for each picture. */
const inTime = new Error("answered in time");

/** The last words of a process that dies, for the error text. */
const lastWordsBytes = 500;

/** A living process whose model is loaded. */
export class DetectorChild implements AsyncDisposable {
  /** Rejects with the reason as soon as the process cannot be used any more; never resolves. */
  readonly gone: Promise<never>;
  readonly #process: ChildProcess;
  readonly #pipes = DetectorPipes.open();
  readonly #exited: Promise<void>;
  readonly #options: ChildOptions;
  readonly #picture: SharedPicture;
  #seq = 0;
  #waiting: { readonly seq: number; readonly sinceMs: number; readonly settle: PromiseWithResolvers<Answer> } | null =
    null;
  readonly #over = new AbortController();
  #isWatched = false;
  #fail: (reason: GatewayError) => void = () => undefined;
  #failure: GatewayError | null = null;
  #lastWords = "";

  private constructor(options: ChildOptions, ready: PromiseWithResolvers<true>) {
    this.#options = options;
    this.#picture = openPicture(options.model.input.widthPx * options.model.input.heightPx * 3);
    // Nothing of the gateway's environment is the detector's business. JavaScript needs little; tensors lie outside that heap.
    this.#process = spawn(process.execPath, ["--max-old-space-size=128", program], {
      env: { LANG: process.env["LANG"] ?? "C", NODE_ENV: "production", ...largePages() },
      stdio: ["ignore", "ignore", "pipe", ...this.#pipes.stdio],
      windowsHide: true,
    });
    this.gone = new Promise((_resolve, reject) => {
      this.#fail = reject;
    });
    this.gone.catch((error: unknown) => ready.reject(error)); // Also keeps an early death from being an unhandled one.
    this.#exited = new Promise((resolve) => {
      this.#process.once("exit", (code, signal) => {
        this.#end(this.#died(signal ?? `exit code ${code ?? "?"}`));
        resolve();
      });
      this.#process.once("error", (error) => {
        this.#end(this.#died(error.message));
        if (this.#process.pid === undefined) resolve(); // Never started: there will be no exit either.
      });
    });
    this.#listen(ready);
  }

  /**
   * Resolves when the model is loaded and has answered a first picture.
   * @throws ModelError when the process refuses the model, DetectorError when it dies or is silent
   */
  static async start(options: ChildOptions): Promise<DetectorChild> {
    const ready = Promise.withResolvers<true>();
    const child = new DetectorChild(options, ready);
    const { model, floor } = options;
    child.#send("open", 0, Buffer.from(JSON.stringify({ model, floor, picture: child.#picture.path })));
    try {
      await child.#within(ready.promise, startTimeoutMs);
    } catch (error) {
      await child[Symbol.asyncDispose]();
      throw error;
    }
    return child;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Why it cannot be used any more; null while it can. */
  get failure(): GatewayError | null {
    return this.#failure;
  }

  /** `heightPx * widthPx * 3` bytes to write the next picture into; not to be touched while one is asked about. */
  get pixels(): Uint8Array {
    return this.#picture.pixels;
  }

  /**
   * What is in `pixels`. One at a time.
   * @throws DetectorError; after every code but DETECTOR_OUTPUT the process is gone
   */
  async ask(): Promise<Answer> {
    if (this.#failure) throw this.#failure;
    if (this.#waiting) throw new TypeError("one picture at a time");
    this.#seq += 1;
    const settle = Promise.withResolvers<Answer>();
    this.#waiting = { seq: this.#seq, sinceMs: this.#options.clock.monotonicMs(), settle };
    if (!this.#isWatched) void this.#watch();
    this.#send("frame", this.#seq, this.#picture.path === null ? this.pixels : nothing);
    try {
      return await settle.promise;
    } finally {
      this.#waiting = null;
    }
  }

  /** Ends the process for `reason`. SIGKILL: it keeps nothing worth saving, and a hung one hears nothing else. */
  kill(reason: GatewayError): void {
    this.#end(reason);
    this.#process.kill("SIGKILL");
  }

  /** Returns when the process has exited. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.kill(this.#died("stopped"));
    await this.#exited;
    this.#picture[Symbol.dispose]();
    this.#pipes[Symbol.dispose]();
    this.#process.stderr?.destroy();
  }

  #listen(ready: PromiseWithResolvers<true>): void {
    const reader = new MessageReader((kind, seq, payload) => this.#heard(kind, seq, payload, ready));
    this.#pipes.join(this.#process.stdio, (bytes) => {
      try {
        reader.push(bytes);
      } catch (error) {
        this.kill(this.#died(error instanceof Error ? error.message : "unreadable answer"));
      }
    });
    this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-lastWordsBytes);
    });
  }

  #heard(kind: MessageKind, seq: number, payload: Uint8Array<ArrayBuffer>, ready: PromiseWithResolvers<true>): void {
    if (kind === "ready") {
      ready.resolve(true);
      return;
    }
    if (kind === "failed") {
      this.#refused(JSON.parse(Buffer.from(payload).toString("utf8")) as FailedMessage);
      return;
    }
    const waiting = this.#waiting;
    if (kind !== "detections" || waiting?.seq !== seq) throw new RangeError(`unexpected message ${kind}`);
    const numbers = new Float32Array(payload.slice().buffer);
    waiting.settle.resolve({
      runMs: numbers[0] ?? 0,
      memoryMiB: numbers[1] ?? 0,
      boxes: numbers.subarray(numbersBeforeBoxes),
    });
  }

  #refused({ code, detail }: FailedMessage): void {
    const values = { model: this.#options.model.name, path: this.#options.model.path, detail };
    if (code === "DETECTOR_OUTPUT" && this.#waiting) this.#waiting.settle.reject(new DetectorError(code, values));
    else if (code === "DETECTOR_OUTPUT" || code === "DETECTOR_DIED") this.kill(new DetectorError(code, values));
    else this.kill(new ModelError(code, values));
  }

  /** Kills a process that is silent for too long. One sleep watches over many looks: a timer for each costs more than its message. */
  async #watch(): Promise<void> {
    const { clock, timeoutMs } = this.#options;
    this.#isWatched = true;
    while (!this.#over.signal.aborted) {
      const silentMs = this.#waiting ? clock.monotonicMs() - this.#waiting.sinceMs : 0;
      if (silentMs >= timeoutMs) this.kill(this.#tooSlow(timeoutMs));
      else await clock.sleep(timeoutMs - silentMs, this.#over.signal).catch(() => undefined); // The process is gone.
    }
  }

  #tooSlow(ms: number): DetectorError {
    return new DetectorError("DETECTOR_TIMEOUT", { model: this.#options.model.name, seconds: ms / 1_000 });
  }

  async #within<T>(work: Promise<T>, ms: number): Promise<T> {
    const answered = new AbortController();
    this.#options.clock.sleep(ms, answered.signal).then(
      () => this.kill(this.#tooSlow(ms)),
      () => undefined, // Answered in time.
    );
    try {
      return await work;
    } finally {
      answered.abort(inTime);
    }
  }

  /** The first reason stays: what follows is its consequence. */
  #end(reason: GatewayError): void {
    if (this.#failure) return;
    this.#failure = reason;
    this.#over.abort(reason);
    this.#waiting?.settle.reject(reason);
    this.#fail(reason);
  }

  #died(how: string): DetectorError {
    const words = this.#lastWords.trim().split("\n").at(-1) ?? "";
    return new DetectorError("DETECTOR_DIED", {
      model: this.#options.model.name,
      detail: words ? `${how}: ${words}` : how,
    });
  }

  #send(kind: MessageKind, seq: number, payload: Uint8Array): void {
    this.#pipes.send(messageHeader(kind, seq, payload.length), payload);
  }
}
