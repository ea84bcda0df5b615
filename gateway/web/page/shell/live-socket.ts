/** The one socket of the page: frames of visible tiles, status, news; it comes back by itself. */
import type { FromPage, ToPage, WatchedCamera } from "../../api.ts";
import { Backoff } from "./backoff.ts";
import { afterHand } from "./hand.ts";
import { frameOf, type LiveFrame } from "./live-frame.ts";

/** Who is told of what arrives. */
export interface LiveListener {
  readonly frame: (frame: LiveFrame) => void;
  /** `heardMs`: when it arrived, by this device's clock; a hand that drags lets it wait. */
  readonly message: (message: ToPage, heardMs: number) => void;
  readonly connected: (is: boolean) => void;
  /** The box ended the session. */
  readonly signedOut: () => void;
  /** Bytes of one message, for the meter. */
  readonly bytes: (count: number) => void;
}

/** A quiet connection is asked for a sign of life; one that stays silent for twice as long is dead. */
const pingMs = 10_000;
const signedOutCode = 4401;

/** Open until `close`; reconnects with growing pauses. */
export class LiveSocket {
  readonly #listener: LiveListener;
  readonly #backoff = new Backoff(500, 10_000);
  #socket: WebSocket | null = null;
  #watched: readonly WatchedCamera[] = [];
  #editing: string | null = null;
  #logs = false;
  #lastHeardMs = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  readonly #pulse: ReturnType<typeof setInterval>;
  #closed = false;

  constructor(listener: LiveListener) {
    this.#listener = listener;
    this.#pulse = setInterval(() => this.#beat(), pingMs);
    this.#connect();
  }

  /** What is visible now. */
  watch(cameras: readonly WatchedCamera[]): void {
    this.#watched = cameras;
    this.#send({ kind: "watch", cameras });
  }

  /** Tells others that this page edits a camera's rules; null: no longer. */
  editing(camera: string | null): void {
    this.#editing = camera;
    this.#send({ kind: "editing", camera });
  }

  /** Whether log lines are wanted. */
  logs(on: boolean): void {
    this.#logs = on;
    this.#send({ kind: "logs", on });
  }

  /** A frame was drawn or thrown away: the box may send one more. */
  shown(cam: string, seq: number): void {
    this.#send({ kind: "shown", cam, seq });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#again);
    clearInterval(this.#pulse);
    this.#socket?.close();
  }

  #connect(): void {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1/live`);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#lastHeardMs = performance.now();
      this.#listener.connected(true);
      this.#send({ kind: "watch", cameras: this.#watched });
      if (this.#editing !== null) this.#send({ kind: "editing", camera: this.#editing });
      if (this.#logs) this.#send({ kind: "logs", on: true });
    });
    socket.addEventListener("message", ({ data }: MessageEvent<string | ArrayBuffer>) => this.#heard(data));
    socket.addEventListener("close", ({ code }) => {
      if (this.#socket !== socket || this.#closed) return;
      this.#listener.connected(false);
      if (code === signedOutCode) this.#listener.signedOut();
      this.#again = setTimeout(() => this.#connect(), this.#backoff.next());
    });
  }

  #heard(data: string | ArrayBuffer): void {
    this.#lastHeardMs = performance.now();
    this.#backoff.reset();
    this.#listener.bytes(typeof data === "string" ? data.length : data.byteLength);
    const heardMs = Date.now();
    // To take it apart costs as much as a frame of the page; each has a key of its own, for none may be lost.
    afterHand({}, () => this.#take(data, heardMs));
  }

  #take(data: string | ArrayBuffer, heardMs: number): void {
    if (typeof data === "string") {
      this.#listener.message(JSON.parse(data) as ToPage, heardMs);
      return;
    }
    const frame = frameOf(data);
    if (frame !== null) this.#listener.frame(frame);
  }

  #beat(): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    // A phone that changed its network keeps a socket that looks open and carries nothing.
    if (performance.now() - this.#lastHeardMs > 2 * pingMs) this.#socket.close();
    else this.#send({ kind: "ping" });
  }

  #send(message: FromPage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}
