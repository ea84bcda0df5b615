/** One page that looks on: what it sees, what is on the way to it, at most two frames unanswered. */
import type { WebSocket } from "ws";
import { z } from "zod";
import type { FromPage, ToPage } from "../api.ts";
import { idSchema } from "../../config/schema.ts";
import { sees, type Visitor } from "../access.ts";
import type { EncodedFrame } from "./encoded-frame.ts";

/** Frames that a page has not answered; more would only grow old on the way. */
const maxUnanswered = 2;
/** A page asks for at most so many tiles. */
const maxWatched = 64;
/** A page that reads nothing is let go before its texts fill the memory. */
const maxBufferedBytes = 8 * 1024 * 1024;
/** All that a screen is told beside pictures. */
const forScreens: readonly ToPage["kind"][] = ["hello", "status", "stale", "bye"];
/** Messages a second; a page with 64 tiles answers some hundreds of frames. */
const maxHeardPerSec = 1_000;
/** The switch that saves data: at most 2 a second. */
const savingMs = 500;

const messageSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("watch"),
    cameras: z
      .array(
        z.strictObject({
          id: idSchema,
          size: z.enum(["full", "normal", "saving"]),
          fps: z.number().min(0.02).max(25).optional(),
        }),
      )
      .max(maxWatched),
  }),
  z.strictObject({ kind: z.literal("shown"), cam: idSchema, seq: z.int().min(0) }),
  z.strictObject({ kind: z.literal("editing"), camera: idSchema.nullable() }),
  z.strictObject({ kind: z.literal("logs"), on: z.boolean() }),
  z.strictObject({ kind: z.literal("ping") }),
]);

/** One tile. */
interface Watched {
  readonly size: "full" | "normal" | "saving";
  readonly everyMs: number;
  lastMs: number;
  lastSeq: number;
}

/** What the hub hears from a client. */
export interface ClientEars {
  readonly onWatch: () => void;
  readonly onEditing: () => void;
}

/** Lives as long as its socket. */
export class LiveClient {
  #visitor: Visitor;
  readonly #socket: WebSocket;
  readonly #ears: ClientEars;
  readonly #watched = new Map<string, Watched>();
  /** The newest frame of each camera that had to wait; a newer one takes its place. */
  readonly #waiting = new Map<string, EncodedFrame>();
  readonly #unanswered = new Set<string>();
  #asksLogs = false;
  #heard = { sinceMs: 0, count: 0 };
  editing: { readonly camera: string; readonly sinceMs: number } | null = null;
  /** Frames replaced by a newer one before they left. */
  droppedCount = 0;

  constructor(socket: WebSocket, visitor: Visitor, ears: ClientEars) {
    this.#socket = socket;
    this.#visitor = visitor;
    this.#ears = ears;
    socket.on("message", (data, isBinary) => this.#hear(isBinary ? null : (data as Buffer)));
    socket.on("error", () => socket.terminate()); // The page went away: nobody is left to tell.
  }

  get visitor(): Visitor {
    return this.#visitor;
  }

  /** The same visitor with what the role and the cameras are by now. */
  become(visitor: Visitor): void {
    this.#visitor = visitor;
    const lost = [...this.#watched.keys()].filter((id) => !sees(visitor, id));
    for (const id of lost) this.#forget(id);
    if (lost.length > 0) this.#ears.onWatch();
  }

  /** Log lines are a technician's, here as at `/logs`. */
  get wantsLogs(): boolean {
    return this.#asksLogs && this.#visitor.role !== "viewer";
  }

  /** What it looks at. */
  get watched(): ReadonlyMap<string, Readonly<Watched>> {
    return this.#watched;
  }

  say(message: ToPage): void {
    if (this.#visitor.kind === "screen" && !forScreens.includes(message.kind)) return;
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > maxBufferedBytes) this.#socket.terminate();
    else this.#socket.send(JSON.stringify(message));
  }

  /** Sends a frame, or keeps it as the newest until the page has answered an older one. */
  offer(frame: EncodedFrame): void {
    const tile = this.#watched.get(frame.cameraId);
    if (!tile || frame.atMs - tile.lastMs < tile.everyMs * 0.9) return;
    if (this.#waiting.has(frame.cameraId)) this.droppedCount += 1;
    this.#waiting.set(frame.cameraId, frame);
    this.#sendNext();
  }

  #sendNext(): void {
    if (this.#unanswered.size >= maxUnanswered || this.#socket.readyState !== this.#socket.OPEN) return;
    const [next] = this.#waiting.values();
    if (!next) return;
    this.#waiting.delete(next.cameraId);
    const tile = this.#watched.get(next.cameraId);
    const bytes = tile && next.bytes(tile.size);
    if (tile && bytes) {
      tile.lastMs = next.atMs;
      tile.lastSeq = next.seq;
      this.#unanswered.add(`${next.cameraId}/${next.seq}`);
      this.#socket.send(bytes);
    }
    this.#sendNext();
  }

  /** Whether it talks more than any page does. */
  #floods(): boolean {
    const nowMs = performance.now();
    if (nowMs - this.#heard.sinceMs > 1_000) this.#heard = { sinceMs: nowMs, count: 0 };
    this.#heard.count += 1;
    return this.#heard.count > maxHeardPerSec;
  }

  #hear(data: Buffer | null): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#floods()) {
      this.#socket.close(1008);
      return;
    }
    const message = data === null ? null : parsedMessage(data.toString("utf8"));
    if (message === null) {
      this.#socket.close(1003);
      return;
    }
    switch (message.kind) {
      case "watch":
        this.#watch(message.cameras);
        return;
      case "shown":
        this.#unanswered.delete(`${message.cam}/${message.seq}`);
        this.#sendNext();
        return;
      case "editing":
        // Who cannot apply edits nothing: others need not be told.
        this.editing =
          message.camera === null || this.#visitor.role === "viewer"
            ? null
            : { camera: message.camera, sinceMs: Date.now() };
        this.#ears.onEditing();
        return;
      case "logs":
        this.#asksLogs = message.on;
        return;
      case "ping":
        this.say({ kind: "pong" });
        return;
    }
  }

  #watch(cameras: Extract<FromPage, { kind: "watch" }>["cameras"]): void {
    const before = new Map(this.#watched);
    this.#watched.clear();
    for (const { id, size, fps } of cameras) {
      if (!sees(this.#visitor, id)) continue;
      const everyMs = Math.max(fps === undefined ? 0 : 1_000 / fps, size === "saving" ? savingMs : 0);
      const { lastMs = -Infinity, lastSeq = -1 } = before.get(id) ?? {};
      this.#watched.set(id, { size, everyMs, lastMs, lastSeq });
    }
    for (const id of this.#waiting.keys()) if (!this.#watched.has(id)) this.#waiting.delete(id);
    // A tile that went out of sight never answers.
    for (const key of this.#unanswered) if (!this.#watched.has(key.split("/")[0] ?? "")) this.#unanswered.delete(key);
    this.#ears.onWatch();
    this.#sendNext();
  }

  #forget(id: string): void {
    this.#watched.delete(id);
    this.#waiting.delete(id);
  }

  /** Ends it: 4401 when the session ended, 1001 when the box stops. */
  close(code: number): void {
    this.#socket.close(code);
  }
}

function parsedMessage(text: string): FromPage | null {
  try {
    const result = messageSchema.safeParse(JSON.parse(text));
    return result.success ? (result.data as FromPage) : null;
  } catch {
    return null;
  }
}
