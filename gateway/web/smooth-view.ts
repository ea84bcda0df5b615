/** The smooth view: MPEG-1 for a player in the browser, through node-rtsp-stream's muxer and nothing else of that package. */
import type { Readable } from "node:stream";
// Only the muxer: the package's other half listens on every address without a login.
import Mpeg1Muxer from "node-rtsp-stream/mpeg1muxer.js";
import { GatewayError, type ErrorCode } from "../runtime/errors.ts";
import { TransportStream } from "./transport-stream.ts";

/** Raw pictures that describe themselves (YUV4MPEG), from a decoder that keeps logins out of arguments. */
export interface SmoothPictures extends AsyncDisposable {
  readonly output: Readable;
  readonly pid: number | null;
  readonly ended: Promise<void>;
}

/** Where MPEG-1 goes: an authenticated WebSocket, for example. */
export interface SmoothSink {
  /** Bytes that were handed in and have not left yet. */
  readonly bufferedBytes: number;
  send(bytes: Uint8Array): void;
  /** Nothing more will come: the camera went, or could not be reached. Not called after `close`. */
  ended(code: ErrorCode | null): void;
}

/** Somebody who looks on. */
export interface SmoothViewer {
  close(): void;
  /** Times at which pictures were left out because the sink was slow. */
  readonly drops: number;
}

/** What smooth views are made of. */
export interface SmoothOptions {
  readonly ffmpegPath: string;
  /** Opens a camera's pictures; null for a camera that does not exist. */
  readonly pictures: (cameraId: string) => ((signal: AbortSignal) => Promise<SmoothPictures>) | null;
  /** Default 8 for the box, of 3 cameras. */
  readonly maxViewers?: number;
  readonly maxCameras?: number;
}

/** Bytes that may wait for a viewer; two seconds of video. More, and the pictures up to the next key frame are left out. */
const maxQueueBytes = 262_144;

/** Options of the coder; each key is followed by its value. A key frame a second lets viewers join and slow ones catch up. */
const coder = {
  "-b:v": "1000k",
  "-bf": 0,
  "-g": 25,
  "-threads": 1,
  "-muxdelay": "0.001",
  "-flush_packets": 1,
  "-loglevel": "error",
} as const;

/** One coder for each camera that somebody looks at; none when nobody does. */
export class SmoothViews implements AsyncDisposable {
  readonly #options: SmoothOptions;
  readonly #streams = new Map<string, SmoothStream>();
  readonly #ending = new Set<Promise<void>>();

  constructor(options: SmoothOptions) {
    this.#options = options;
  }

  /** Joins or starts a camera's view. `unknown`: no such camera; `full`: as many look on as this box can bear. */
  open(cameraId: string, sink: SmoothSink): SmoothViewer | "unknown" | "full" {
    const { ffmpegPath, pictures, maxViewers = 8, maxCameras = 3 } = this.#options;
    const start = pictures(cameraId);
    if (!start) return "unknown";
    const running = this.#streams.get(cameraId);
    const viewers = [...this.#streams.values()].reduce((sum, stream) => sum + stream.viewerCount, 0);
    if (viewers >= maxViewers || (!running && this.#streams.size >= maxCameras)) return "full";
    const stream = running ?? new SmoothStream(ffmpegPath, start);
    if (!running) {
      this.#streams.set(cameraId, stream);
      const ending = stream.run().finally(() => {
        if (this.#streams.get(cameraId) === stream) this.#streams.delete(cameraId);
        this.#ending.delete(ending);
      });
      this.#ending.add(ending);
    }
    return stream.join(sink, () => {
      // Whoever comes next gets a new stream, while this one still ends.
      if (this.#streams.get(cameraId) === stream) this.#streams.delete(cameraId);
    });
  }

  /** Who looks at what, with which children; for the status. */
  status(): readonly { readonly cameraId: string; readonly viewers: number; readonly pids: readonly number[] }[] {
    return [...this.#streams].map(([cameraId, stream]) => ({
      cameraId,
      viewers: stream.viewerCount,
      pids: stream.pids,
    }));
  }

  /** Sends everybody away and returns when all children are gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const stream of this.#streams.values()) stream.stop();
    await Promise.all(this.#ending);
  }
}

/** How one viewer is served. */
interface Seat {
  readonly sink: SmoothSink;
  /** Waits for a key frame: has just come, or was too slow. */
  isWaiting: boolean;
  isNew: boolean;
  drops: number;
}

class SmoothStream {
  readonly #ffmpegPath: string;
  readonly #start: (signal: AbortSignal) => Promise<SmoothPictures>;
  readonly #stop = new AbortController();
  readonly #seats = new Set<Seat>();
  readonly #packets = new TransportStream();
  #pids: readonly (number | null | undefined)[] = [];

  constructor(ffmpegPath: string, start: (signal: AbortSignal) => Promise<SmoothPictures>) {
    this.#ffmpegPath = ffmpegPath;
    this.#start = start;
  }

  get viewerCount(): number {
    return this.#seats.size;
  }

  get pids(): readonly number[] {
    return this.#pids.filter((pid) => typeof pid === "number");
  }

  stop(): void {
    this.#stop.abort();
  }

  join(sink: SmoothSink, onEmpty: () => void): SmoothViewer {
    const seat: Seat = { sink, isWaiting: true, isNew: true, drops: 0 };
    this.#seats.add(seat);
    return {
      get drops() {
        return seat.drops;
      },
      close: () => {
        if (!this.#seats.delete(seat) || this.#seats.size > 0) return;
        onEmpty();
        this.stop();
      },
    };
  }

  /** Until the last viewer has gone or the camera has; returns when both children are gone. Throws only bugs. */
  async run(): Promise<void> {
    let code: ErrorCode | null = null;
    try {
      await using pictures = await this.#start(this.#stop.signal);
      await this.#code(pictures);
    } catch (error) {
      if (!(error instanceof GatewayError) && !this.#stop.signal.aborted) throw error;
      if (error instanceof GatewayError) code = error.code;
    } finally {
      this.#pids = [];
      for (const { sink } of this.#seats) sink.ended(code);
      this.#seats.clear();
    }
  }

  async #code(pictures: SmoothPictures): Promise<void> {
    const { signal } = this.#stop;
    if (signal.aborted) return;
    const muxer = new Mpeg1Muxer({ ffmpegPath: this.#ffmpegPath, url: "pipe:0", ffmpegOptions: coder });
    const { stream: child } = muxer;
    this.#pids = [pictures.pid, child.pid];
    const kill = (): void => void child.kill("SIGKILL");
    child.removeAllListeners("exit"); // The package's own writes to our standard error.
    // The package listens to none of these: without them a missing program, or one that ends early, would end the daemon.
    const gone = new Promise<void>((resolve) => child.once("close", resolve).once("error", () => resolve()));
    child.stdin?.on("error", () => undefined);
    pictures.output.on("error", () => undefined);
    muxer.on("mpeg1data", (chunk) => this.#serve(chunk));
    signal.addEventListener("abort", kill, { once: true });
    try {
      if (child.stdin) pictures.output.pipe(child.stdin);
      await Promise.race([gone, pictures.ended]);
    } finally {
      signal.removeEventListener("abort", kill);
      kill();
      // Unread pictures would hold the decoder's end back.
      pictures.output.unpipe().resume();
      await gone;
    }
  }

  #serve(chunk: Buffer): void {
    const packets = this.#packets.take(chunk);
    if (!packets) return;
    const { bytes, keyAt } = packets;
    for (const seat of this.#seats) {
      const { sink } = seat;
      if (sink.bufferedBytes > maxQueueBytes) {
        if (!seat.isWaiting) seat.drops += 1;
        seat.isWaiting = true;
      } else if (!seat.isWaiting) sink.send(bytes);
      else if (keyAt !== null) {
        seat.isWaiting = false;
        if (seat.isNew) sink.send(this.#packets.tables);
        seat.isNew = false;
        sink.send(bytes.subarray(keyAt));
      }
    }
  }
}
