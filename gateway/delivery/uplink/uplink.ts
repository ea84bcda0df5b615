/** One connection upstream: runs the two state machines over two sockets, one session after another. */
import { randomBytes } from "node:crypto";
import { backoffMs, type BackoffLimits } from "../../runtime/backoff.ts";
import { GatewayError, UplinkError, type ErrorCode } from "../../runtime/errors.ts";
import type { SaidError, UplinkState } from "../../runtime/status.ts";
import { BoxBulk, type BulkAction } from "./protocol/box-bulk.ts";
import { BoxSession } from "./protocol/box.ts";
import type { ClockSample } from "./protocol/clock-offset.ts";
import type { BoxAction, BoxIdentity } from "./protocol/box-port.ts";
import type { Message } from "./protocol/messages.ts";
import type { Result } from "./protocol/result.ts";
import type { UplinkOptions } from "./uplink-options.ts";
import { UplinkSocket } from "./uplink-socket.ts";

const defaultBackoff: BackoffLimits = { firstMs: 500, maxMs: 60_000, jitter: 0.5 };
const handshakeMs = 10_000;
/** The machines think in seconds; this bounds how late they notice a deadline. */
const tickMs = 500;

type SocketName = "events" | "evidence";

/** One uplink; alive from its making until disposed. */
export class Uplink implements AsyncDisposable {
  readonly #options: UplinkOptions;
  readonly #session: BoxSession;
  readonly #bulk: BoxBulk;
  readonly #stop = new AbortController();
  #loops: Promise<void> = Promise.resolve();
  /** Says a result on the event socket; does nothing while there is none. */
  #say: (result: Result) => void = () => undefined;
  readonly #wakers = new Set<() => void>();
  acknowledgedCount = 0;
  lastAckMs: number | null = null;
  lastError: SaidError | null = null;
  sinceMs: number;
  #state: UplinkState = "connecting";
  /** Since when no handshake has come about, and whether anything answered meanwhile: over several sockets. */
  #knocking: { sinceMs: number; answered: boolean; told: boolean } | null = null;

  constructor(options: UplinkOptions) {
    this.#options = options;
    this.sinceMs = options.clock.nowMs();
    const identity: BoxIdentity = {
      gw: options.gw,
      boot: options.boot,
      software: options.software,
      serverKey: options.serverKey,
      role: options.role ?? "box",
      caps: ["blob", "cmd", "e2e", ...(options.role === "relay" ? ["relay"] : [])],
      sign: (text) => options.keys.sign(text),
      nonce: () => randomBytes(16).toString("hex"),
    };
    const wallMs = (): number => options.clock.nowMs();
    this.#session = new BoxSession(identity, options.outbox, wallMs);
    this.#bulk = new BoxBulk(identity, options.uploads, {
      wallMs,
      mayPass: () => this.#session.state === "open" && !this.#session.hasWork,
    });
  }

  /** Begins to connect. */
  start(): void {
    this.#loops = Promise.all([this.#run("events", this.#session), this.#run("evidence", this.#bulk)]).then(
      () => undefined,
    );
  }

  /** The platform's clock against this box's, as far as beats have shown it. */
  get clock(): ClockSample | null {
    return this.#session.clock;
  }

  /** Monotonic ms at which the platform was last heard; null while no session is open. */
  get heardMs(): number | null {
    return this.#session.heardMs;
  }

  /** Tells the platform of a command, if a session is open; otherwise it is asked for again later. */
  say(result: Result): void {
    this.#say(result);
  }

  get state(): UplinkState {
    return this.#state;
  }

  /** Only a nudge: the machines look into the outbox at each tick anyway. */
  wake(): void {
    for (const wake of this.#wakers) wake();
  }

  /** Resolves when nothing waits any more, or after `ms`. */
  async drain(ms: number): Promise<void> {
    const { clock } = this.#options;
    const endMs = clock.monotonicMs() + ms;
    while (this.#session.state === "open" && (this.#session.hasWork || this.#bulk.busy) && clock.monotonicMs() < endMs)
      await clock.sleep(20);
  }

  /** Resolves with the loops; rejects when one of them meets a bug. */
  async running(): Promise<void> {
    await this.#loops;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#loops;
  }

  async #run(name: SocketName, machine: BoxSession | BoxBulk): Promise<void> {
    const { clock, backoff = defaultBackoff } = this.#options;
    let attempt = 0;
    while (!isAborted(this.#stop.signal)) {
      const ended = await this.#oneSession(name, machine);
      if (ended.wasOpen) attempt = 0;
      attempt += 1;
      const waitMs =
        ended.retryAfterSec === null
          ? backoffMs(attempt, Math.random(), backoff)
          : ended.retryAfterSec * 1_000 * (1 + Math.random() * 0.2);
      await clock.sleep(waitMs, this.#stop.signal).catch(() => undefined);
    }
  }

  /** From a new socket to its end. */
  async #oneSession(
    name: SocketName,
    machine: BoxSession | BoxBulk,
  ): Promise<{ readonly wasOpen: boolean; readonly retryAfterSec: number | null }> {
    const { clock } = this.#options;
    const { signal } = this.#stop;
    const ended = Promise.withResolvers<{ readonly wasOpen: boolean; readonly retryAfterSec: number | null }>();
    let shaken = false;
    const isShaken = (): boolean => shaken; // A call: the flag changes while the timer below waits.
    let wasOpen = false;
    const act = (decide: () => readonly BulkAction[]): void => {
      try {
        perform(decide());
      } catch (error) {
        // A full or busy disk ends the session, not the daemon: the next one asks the same questions again.
        if (!(error instanceof GatewayError) || error.retry === "never") {
          ended.reject(error);
          return;
        }
        this.#options.onError(error);
        ended.resolve({ wasOpen, retryAfterSec: null });
      }
    };
    const perform = (actions: readonly BulkAction[]): void => {
      for (const action of actions) {
        if (action.kind === "send") socket.send(action.message);
        else if (action.kind === "acknowledged") this.#acknowledged(action);
        else if (action.kind === "command") this.#options.onCommand?.(action.header, action.payload);
        else if (action.kind === "read") this.#read(action, act, ended.reject);
        else {
          this.#dropped(name, action);
          ended.resolve({ wasOpen, retryAfterSec: action.retryAfterSec });
        }
      }
      if (!wasOpen && machine.state === "open") {
        wasOpen = true;
        if (name === "events") this.#options.onOpen?.();
      }
      if (name === "events") this.#note();
    };
    if (name === "events") this.#knocking ??= { sinceMs: clock.monotonicMs(), answered: false, told: false };
    const socket = new UplinkSocket(
      {
        ...this.#options,
        curvePublic: this.#options.keys.curvePublic,
        curveSecret: this.#options.keys.curveSecret,
        random: Math.random(),
      },
      {
        answered: () => {
          if (this.#knocking) this.#knocking.answered = true;
        },
        up: () => {
          shaken = true;
          if (name === "events") this.#knocking = null;
          if (name === "evidence") this.#options.uploads.retryParked();
          act(() => machine.connected(clock.monotonicMs()));
        },
        message: (message: Message) => {
          act(() => machine.received(message, clock.monotonicMs()));
        },
        down: (why) => {
          if (name === "events") {
            if (why === "refused-key") this.#fail("UPLINK_REJECTED", "the key of this box is not enrolled there");
            else if (shaken) this.#fail("UPLINK_BROKEN", why);
          }
          ended.resolve({ wasOpen, retryAfterSec: why === "refused-key" ? 10 : null });
        },
      },
    );
    const turn = (): void => {
      act(() => (machine instanceof BoxSession ? machine.wake(clock.monotonicMs()) : machine.wake()));
    };
    this.#wakers.add(turn);
    if (name === "events") this.#say = (result) => act(() => this.#session.result(result));
    const ticking = new AbortController();
    const timer = (async () => {
      for (;;) {
        await clock.sleep(tickMs, ticking.signal).catch(() => undefined);
        if (isAborted(ticking.signal)) return;
        const nowMs = clock.monotonicMs();
        act(() => (machine instanceof BoxSession ? machine.tick(nowMs, this.#options.health()) : machine.tick(nowMs)));
        if (name === "events" && !isShaken()) this.#complain(nowMs);
      }
    })();
    const abort = (): void => {
      ended.resolve({ wasOpen, retryAfterSec: null });
    };
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    try {
      return await ended.promise;
    } finally {
      signal.removeEventListener("abort", abort);
      ticking.abort();
      this.#wakers.delete(turn);
      if (name === "events") this.#say = () => undefined;
      machine.lost();
      await socket.close();
      await timer;
      if (name === "events") {
        this.#complain(clock.monotonicMs());
        this.#note();
      }
    }
  }

  /** Libraries are silent about a wrong server key: only the missing handshake tells. */
  #complain(nowMs: number): void {
    const knocking = this.#knocking;
    if (!knocking || knocking.told || nowMs - knocking.sinceMs <= handshakeMs) return;
    knocking.told = true;
    this.#fail(knocking.answered ? "UPLINK_NO_HANDSHAKE" : "UPLINK_UNREACHABLE", "");
  }

  #acknowledged(action: Extract<BoxAction, { kind: "acknowledged" }>): void {
    this.acknowledgedCount += action.to - action.from + 1;
    this.lastAckMs = this.#options.clock.nowMs();
    this.#options.onAcknowledged(action.lane, action.from, action.to);
  }

  #read(
    action: Extract<BulkAction, { kind: "read" }>,
    act: (decide: () => readonly BulkAction[]) => void,
    fail: (error: unknown) => void,
  ): void {
    this.#options.read(action.sha256, action.off, action.size).then((data) => {
      act(() => this.#bulk.chunk(action.sha256, action.off, data, this.#options.clock.monotonicMs()));
    }, fail);
  }

  #dropped(name: SocketName, action: Extract<BoxAction, { kind: "drop" }>): void {
    if (name !== "events" || action.why === "renumbered" || action.why === "bye") return;
    if (action.why === "replaced") {
      this.#fail("UPLINK_TWICE", "");
      return;
    }
    const rejected = action.why === "unauth" || action.why === "revoked" || action.why === "unsupported";
    this.#fail(rejected ? "UPLINK_REJECTED" : "UPLINK_BROKEN", `${action.why}: ${action.detail}`);
  }

  #fail(code: Extract<ErrorCode, `UPLINK_${string}`>, detail: string): void {
    const error = new UplinkError(code, { uplink: this.#options.id, address: this.#options.address, detail });
    this.lastError = { code, values: error.values, atMs: this.#options.clock.nowMs() };
    this.#options.onError(error);
  }

  #note(): void {
    const state: UplinkState =
      this.#session.state === "open"
        ? this.#session.waitsForAck
          ? "waiting-for-ack"
          : "sending"
        : this.#session.state === "closed"
          ? "offline"
          : "connecting";
    if (state === this.#state) return;
    this.#state = state;
    if (state === "sending" || state === "waiting-for-ack") this.lastError = null;
    this.sinceMs = this.#options.clock.nowMs();
  }
}

/** A call, so that the type checker does not believe that the flag cannot change during an await. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
