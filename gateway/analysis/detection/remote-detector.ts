/** A detector outside this program (NPU sidecars), over ZeroMQ REQ in the protocol of Frigate's `zmq_ipc` plugin. */
import { Request as RequestSocket } from "zeromq";
import type { Frame } from "../capture/frame.ts";
import { wholePicture, type Box } from "../geometry.ts";
import type { Clock } from "../../runtime/clock.ts";
import { DetectorError, type GatewayError } from "../../runtime/errors.ts";
import { Percentiles } from "../../runtime/percentiles.ts";
import type { DetectorStatus, SaidError } from "../../runtime/status.ts";
import type { Detection } from "./detection.ts";
import type { Detector } from "./detector.ts";
import { FairTurns } from "./fair-turns.ts";
import { boxInPicture, letterbox, type Placement } from "./letterbox.ts";
import type { ModelPackage } from "./model-package.ts";
import { readAnswer, requestHeader } from "./remote-wire.ts";

/** How to reach one. */
export interface RemoteDetectorOptions {
  /** `ipc:///path` of the sidecar's socket. */
  readonly address: string;
  /** Its labels and input: the sidecar gets bytes of this size and answers with label indices. */
  readonly model: ModelPackage;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly onFailure: (error: GatewayError) => void;
}

interface Waiting {
  readonly frame: Frame;
  readonly region: Box;
  readonly settle: PromiseWithResolvers<readonly Detection[] | null>;
}

/** Same face as the process of our own; one frame in flight, a socket thrown away after every silence. */
export class RemoteDetector implements Detector {
  readonly #options: RemoteDetectorOptions;
  readonly #pixels: Uint8Array;
  readonly #turns = new FairTurns<Waiting>();
  readonly #times = new Percentiles();
  #socket: RequestSocket | null = null;
  #working: Promise<void> = Promise.resolve();
  #busy = false;
  #stopped = false;
  #runs = 0;
  #failures = 0;
  #restarts = 0;
  #lastError: SaidError | null = null;

  constructor(options: RemoteDetectorOptions) {
    this.#options = options;
    this.#pixels = new Uint8Array(options.model.input.widthPx * options.model.input.heightPx * 3);
  }

  detect(frame: Frame, region: Box = wholePicture): Promise<readonly Detection[] | null> {
    if (this.#stopped) return Promise.resolve(null);
    const waiting: Waiting = { frame, region, settle: Promise.withResolvers() };
    this.#turns.put(frame.cameraId, waiting)?.settle.resolve(null);
    if (!this.#busy) this.#working = this.#work();
    return waiting.settle.promise;
  }

  status(): DetectorStatus {
    return {
      model: `${this.#options.model.name} ${this.#options.model.version}`,
      state: this.#stopped ? "stopped" : this.#lastError && !this.#socket ? "restarting" : "running",
      pids: [],
      runs: this.#runs,
      failures: this.#failures,
      restarts: this.#restarts,
      runMsP50: this.#times.at(0.5),
      runMsP95: this.#times.at(0.95),
      lastError: this.#lastError,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    for (const { settle } of this.#turns.takeAll()) settle.resolve(null);
    this.#close();
    await this.#working;
  }

  async #work(): Promise<void> {
    this.#busy = true;
    for (let next = this.#turns.take(); next; next = this.#turns.take()) {
      try {
        next.settle.resolve(await this.#look(next));
      } catch (error) {
        next.settle.resolve(null);
        this.#note(error);
        // A REQ socket that waits for an answer can do nothing else: a new one is the only way on. Whoever waits
        // behind a silent sidecar is not looked at either; the next frame tries again.
        this.#close();
        this.#restarts += 1;
        for (const { settle } of this.#turns.takeAll()) settle.resolve(null);
      }
    }
    // In the same breath as the last look at the line: a request that comes later starts the work again.
    this.#busy = false;
  }

  async #look({ frame, region }: Waiting): Promise<readonly Detection[]> {
    const { model, clock } = this.#options;
    const placement = letterbox(frame, region, model.input, this.#pixels);
    const startedMs = clock.monotonicMs();
    const socket = (this.#socket ??= this.#open());
    await socket.send([requestHeader(model), Buffer.from(this.#pixels)]);
    const boxes = readAnswer(await socket.receive());
    this.#runs += 1;
    this.#times.add(clock.monotonicMs() - startedMs);
    this.#lastError = null;
    return boxes.flatMap((box) => this.#detection(box, placement));
  }

  #open(): RequestSocket {
    const { timeoutMs, address } = this.#options;
    const socket = new RequestSocket({
      linger: 0,
      sendTimeout: timeoutMs,
      receiveTimeout: timeoutMs,
      maxMessageSize: 1 << 20,
    });
    socket.connect(address);
    return socket;
  }

  #close(): void {
    this.#socket?.close();
    this.#socket = null;
  }

  /** The sidecar's corners are shares of the picture it was given: top, left, bottom, right. */
  #detection(
    [label, score, y1, x1, y2, x2]: readonly [number, number, number, number, number, number],
    placement: Placement,
  ): readonly Detection[] {
    const { labels, input, defaults } = this.#options.model;
    const name = labels[label];
    if (name === undefined || score < defaults.floor) return [];
    const box = boxInPicture(
      x1 * input.widthPx,
      y1 * input.heightPx,
      x2 * input.widthPx,
      y2 * input.heightPx,
      placement,
    );
    return box.width > 0 && box.height > 0 ? [{ label: name, score, box }] : [];
  }

  #note(error: unknown): void {
    const { address, clock, onFailure } = this.#options;
    this.#failures += 1;
    const said = new DetectorError(
      "DETECTOR_UNREACHABLE",
      { address, detail: error instanceof Error ? error.message : "no answer" },
      { cause: error },
    );
    this.#lastError = { code: said.code, values: said.values, atMs: clock.nowMs() };
    if (!this.#stopped) onFailure(said);
  }
}
