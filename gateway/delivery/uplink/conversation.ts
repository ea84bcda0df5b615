/** One machine over one socket, from the first try to connect to the end of the session. */
import type { Clock } from "../../runtime/clock.ts";
import { GatewayError } from "../../runtime/errors.ts";
import { BoxBulk, type Asked, type BulkAction, type Doubted, type OwnCopy } from "./protocol/box-bulk.ts";
import { BoxSession } from "./protocol/box.ts";
import type { Health } from "./protocol/health-pace.ts";
import { UplinkSocket, type SocketListener, type SocketOptions } from "./uplink-socket.ts";

/** The machines think in seconds; this bounds how late they notice a deadline. */
const tickMs = 1_000;

/** How a session ended; null: come back after the usual back-off. */
export interface Ended {
  readonly wasOpen: boolean;
  readonly retryAfterSec: number | null;
}

/** Why the transport ended. */
export type DownReason = Parameters<SocketListener["down"]>[0];

/** What a conversation needs, and whom it tells. */
export interface ConversationOptions {
  readonly machine: BoxSession | BoxBulk;
  readonly socket: SocketOptions;
  readonly clock: Clock;
  readonly health: () => Health;
  readonly read: (sha256: string, off: number, size: number) => Promise<Uint8Array | null>;
  readonly check: (sha256: string, sm3?: string) => Promise<OwnCopy>;
  readonly onAnswered: () => void;
  /** Nothing accepted the connection; tried again after so many milliseconds. */
  readonly onTriesAgain: (inMs: number) => void;
  /** The handshake is done; nothing is said yet. */
  readonly onUp: () => void;
  readonly onOpen: () => void;
  /** Whatever the session itself does not deal with. */
  readonly onAction: (action: Exclude<BulkAction, { kind: "send" | "read" | "check" }>) => void;
  /** After each turn of the machine, of which there is one a tick. */
  readonly onTurn: () => void;
  /** Returns after how many seconds to come back. */
  readonly onDown: (why: DownReason, wasUp: boolean) => number | null;
  readonly onProblem: (error: GatewayError) => void;
}

/** Made, run once, over. */
export class Conversation {
  readonly #options: ConversationOptions;
  readonly #ended = Promise.withResolvers<Ended>();
  readonly #socket: UplinkSocket;
  #isUp = false;
  #wasOpen = false;

  constructor(options: ConversationOptions) {
    this.#options = options;
    const { machine, clock } = options;
    this.#socket = new UplinkSocket(options.socket, {
      answered: options.onAnswered,
      triesAgain: options.onTriesAgain,
      up: () => {
        this.#isUp = true;
        options.onUp();
        this.act(() => machine.connected(clock.monotonicMs()));
      },
      message: (message) => {
        this.act(() => machine.received(message, clock.monotonicMs()));
      },
      down: (why) => {
        this.end(options.onDown(why, this.#isUp));
      },
    });
  }

  /** Whether the handshake is done. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Returns when the session is over and nothing of it runs any more. Rejects when the machine met a bug. */
  async run(signal: AbortSignal): Promise<Ended> {
    const ticking = new AbortController();
    const timer = this.#tick(ticking.signal);
    const abort = (): void => {
      this.end(null);
    };
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    try {
      return await this.#ended.promise;
    } finally {
      signal.removeEventListener("abort", abort);
      ticking.abort();
      this.#options.machine.lost();
      await this.#socket.close();
      await timer;
    }
  }

  /** Ends the session. */
  end(retryAfterSec: number | null): void {
    this.#ended.resolve({ wasOpen: this.#wasOpen, retryAfterSec });
  }

  /** New rows or new evidence may wait. */
  wake(): void {
    const { machine, clock } = this.#options;
    this.act(() => (machine instanceof BoxSession ? machine.wake(clock.monotonicMs()) : machine.wake()));
  }

  /** Lets the machine decide, and does it. */
  act(decide: () => readonly BulkAction[]): void {
    try {
      this.#perform(decide());
    } catch (error) {
      // A full or busy disk ends the session, not the daemon: the next one asks the same questions again.
      if (!(error instanceof GatewayError) || error.retry === "never") {
        this.#ended.reject(error);
        return;
      }
      this.#options.onProblem(error);
      this.end(null);
    }
  }

  #perform(actions: readonly BulkAction[]): void {
    const { machine, onAction, onOpen, onTurn } = this.#options;
    for (const action of actions) {
      if (action.kind === "send") this.#socket.send(action.message);
      else if (action.kind === "read") this.#read(action);
      else if (action.kind === "check") this.#check(action);
      else {
        onAction(action);
        if (action.kind === "drop") this.end(action.retryAfterSec);
      }
    }
    if (!this.#wasOpen && machine.state === "open") {
      this.#wasOpen = true;
      onOpen();
    }
    onTurn();
  }

  #read(asked: Asked): void {
    const { machine, read, clock } = this.#options;
    if (!(machine instanceof BoxBulk)) return;
    read(asked.sha256, asked.off, asked.size).then((data) => {
      this.act(() => machine.chunk(asked, data, clock.monotonicMs()));
    }, this.#ended.reject);
  }

  #check(doubted: Doubted): void {
    const { machine, check } = this.#options;
    if (!(machine instanceof BoxBulk)) return;
    check(doubted.sha256, doubted.sm3).then((copy) => {
      this.act(() => machine.checked(doubted, copy));
    }, this.#ended.reject);
  }

  async #tick(signal: AbortSignal): Promise<void> {
    const { machine, clock, health } = this.#options;
    for (;;) {
      await clock.sleep(tickMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      const nowMs = clock.monotonicMs();
      this.act(() => (machine instanceof BoxSession ? machine.tick(nowMs, health) : machine.tick(nowMs)));
    }
  }
}
