/** One DEALER under CURVE: the only ZeroMQ on the box's side. A socket lives for one session and is thrown away after it. */
import { curveKeyPair as makeCurvePair, Dealer } from "zeromq";
import type { Message } from "./protocol/messages.ts";
import { decode, encode } from "./protocol/frames.ts";

/** A fresh CURVE pair, Z85. */
export function curveKeyPair(): { readonly publicKey: string; readonly secretKey: string } {
  return makeCurvePair();
}

/** Where to and with which keys. */
export interface SocketOptions {
  readonly address: string;
  readonly serverKey: string;
  readonly curvePublic: string;
  readonly curveSecret: string;
  /** A number in 0..1: spreads the reconnects of a fleet. */
  readonly random: number;
}

/** What a socket tells its owner; nothing comes after `down`. */
export interface SocketListener {
  /** Handshake done. */
  up(): void;
  message(message: Message): void;
  /** `tcp`: something accepted the connection before it failed. */
  down(why: "disconnected" | "refused-key" | "send-failed" | "bad-frames"): void;
  /** Something accepted the connection; the handshake is still to come. */
  answered(): void;
  /** Nothing did; the next try is so many milliseconds from now. */
  triesAgain(inMs: number): void;
}

/** One connection. */
export class UplinkSocket {
  readonly #dealer: Dealer;
  readonly #listener: SocketListener;
  readonly #reading: Promise<void>;
  #writing: Promise<void> = Promise.resolve();
  #closed = false;
  #badFrames = 0;

  constructor(options: SocketOptions, listener: SocketListener) {
    this.#listener = listener;
    const baseMs = 500 + Math.round(options.random * 1_000);
    const wanted = {
      // The outbox is the truth: nothing in a socket is worth a wait at exit.
      linger: 0,
      // No queue in memory behind a link that is down.
      immediate: true,
      sendTimeout: 0,
      // Credit bounds what is on the way: 256 events in batches, 16 parts of a result, beats.
      sendHighWaterMark: 64,
      receiveHighWaterMark: 64,
      maxMessageSize: 262_144,
      handshakeInterval: 10_000,
      // The library's own heartbeats would cost more than the beats, which say more: that a main loop answers, not that a thread does.
      heartbeatInterval: 0,
      tcpKeepalive: 1,
      // Seconds, unlike every other time here: the library hands them to the kernel as they are. Longer than a beat, so that it asks only where no beat does.
      tcpKeepaliveIdle: 60,
      tcpKeepaliveInterval: 10,
      tcpKeepaliveCount: 3,
      tcpMaxRetransmitTimeout: 30_000,
      // A maximum switches the library's own jitter off, so both are random per socket.
      reconnectInterval: baseMs,
      reconnectMaxInterval: 20_000 + Math.round(options.random * 40_000),
      connectTimeout: 10_000,
      ipv6: true,
      curveServerKey: options.serverKey,
      curvePublicKey: options.curvePublic,
      curveSecretKey: options.curveSecret,
    };
    this.#dealer = new Dealer(wanted);
    assertOptions(this.#dealer, wanted);
    const { events } = this.#dealer;
    events.on("connect", () => {
      if (!this.#closed) listener.answered();
    });
    events.on("connect:retry", ({ interval }) => {
      if (!this.#closed) listener.triesAgain(interval);
    });
    events.on("handshake", () => {
      if (!this.#closed) listener.up();
    });
    events.on("disconnect", () => {
      this.#down("disconnected");
    });
    events.on("handshake:error:auth", () => {
      this.#down("refused-key");
    });
    this.#dealer.connect(options.address);
    this.#reading = this.#read();
  }

  /** Sends in order; a failed send ends the session, because a message may be half on its way. */
  send(message: Message): void {
    this.#writing = this.#writing.then(async () => {
      if (this.#closed) return;
      try {
        await this.#dealer.send(
          [...encode(message)].map((frame) => Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength)),
        );
      } catch (error) {
        if (!isZmqError(error)) throw error;
        this.#down("send-failed");
      }
    });
  }

  /** Closes at once; returns when nothing of it runs any more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
    if (!this.#dealer.closed) this.#dealer.close();
    await this.#reading;
  }

  /** Waits until all that was given to `send` is with the library. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  async #read(): Promise<void> {
    for await (const frames of this.#dealer) {
      if (this.#closed) return;
      const message = decode(frames);
      if ("kind" in message) {
        this.#listener.message(message);
        continue;
      }
      this.#badFrames += 1;
      if (this.#badFrames >= 5) this.#down("bad-frames");
    }
  }

  #down(why: Parameters<SocketListener["down"]>[0]): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener.down(why);
  }
}

/** Options that the library takes and never shows: reading one throws. */
const writeOnly: ReadonlySet<string> = new Set(["curveServerKey", "curvePublicKey", "curveSecretKey"]);

/** Every option is read back: one that a library version silently ignores would cost events on a bad day. */
function assertOptions(socket: Dealer, expected: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(expected)) {
    if (writeOnly.has(name)) continue;
    const is = (socket as unknown as Readonly<Record<string, unknown>>)[name];
    if (is !== value) throw new Error(`socket option ${name} is ${String(is)}, not ${String(value)}`);
  }
}

function isZmqError(error: unknown): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}
