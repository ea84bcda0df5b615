/** One connection upstream: runs the two state machines over two sockets, one session after another. */
import { randomBytes } from "node:crypto";
import { UplinkError, type ErrorCode } from "../../runtime/errors.ts";
import type { SaidError, UplinkState } from "../../runtime/status.ts";
import { BoxBulk } from "./protocol/box-bulk.ts";
import { BoxSession } from "./protocol/box.ts";
import type { ClockSample } from "./protocol/clock-offset.ts";
import type { BoxAction, BoxIdentity } from "./protocol/box-port.ts";
import { Conversation, type ConversationOptions } from "./conversation.ts";
import { dropCode } from "./drop-code.ts";
import { KeyChoice } from "./key-choice.ts";
import { Knocking } from "./knocking.ts";
import { Pause } from "./pause.ts";
import { PieceWait, type Piece } from "./pieces.ts";
import type { Header } from "./protocol/messages.ts";
import type { Result } from "./protocol/result.ts";
import type { UplinkOptions } from "./uplink-options.ts";

/** An answer that takes longer is asked for again. */
const pieceMs = 20_000;

type SocketName = "events" | "evidence";

/** One uplink; alive from its making until disposed. */
export class Uplink implements AsyncDisposable {
  readonly #options: UplinkOptions;
  readonly #session: BoxSession;
  readonly #bulk: BoxBulk;
  readonly #stop = new AbortController();
  #loops: Promise<void> = Promise.resolve();
  /** The sessions of now. */
  readonly #now: Record<SocketName, Conversation | null> = { events: null, evidence: null };
  readonly #piece = new PieceWait();
  readonly #keys: KeyChoice;
  acknowledgedCount = 0;
  lastAckMs: number | null = null;
  lastError: SaidError | null = null;
  sinceMs: number;
  #state: UplinkState = "connecting";
  readonly #knocking = new Knocking();
  /** Monotonic ms of the next try to connect; null while there is a connection. */
  #triesMs: number | null = null;

  constructor(options: UplinkOptions) {
    this.#options = options;
    this.sinceMs = options.clock.nowMs();
    this.#keys = new KeyChoice(options.keys);
    const { serverKeys } = options;
    const identity: BoxIdentity = {
      gw: options.gw,
      boot: options.boot,
      software: options.software,
      get serverKey() {
        return serverKeys.current;
      },
      role: options.role ?? "box",
      caps: ["blob", "cmd", "e2e", "rekey", "files", ...(options.role === "relay" ? ["relay"] : [])],
      sign: (text) => this.#keys.current.sign(text),
      nextKeys: () => this.#keys.next,
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
    const both = [this.#run("events", this.#session), this.#run("evidence", this.#bulk)];
    this.#loops = Promise.all(both).then(() => undefined);
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
    this.#now.events?.act(() => this.#session.result(result));
  }

  /** A piece of a file that belongs to a command. Never rejects. */
  async piece(header: Header<"ASK">): Promise<Piece> {
    const asked = this.#bulk.ask(header);
    if (!asked) return { kind: "lost" };
    if (asked === "none") return { kind: "refused", why: "this platform gives no files of commands" };
    const piece = this.#piece.begin(header);
    const late = new AbortController();
    this.#options.clock.sleep(pieceMs, late.signal).then(
      () => this.#piece.lost(),
      () => undefined, // It came.
    );
    this.#now.evidence?.act(() => asked);
    return piece.finally(() => late.abort());
  }

  /** Milliseconds until it tries to connect again, 0 while it does; null while there is a connection. */
  get retryInMs(): number | null {
    return this.#triesMs === null ? null : Math.max(0, this.#triesMs - this.#options.clock.monotonicMs());
  }

  /** Whether the open session's platform knows the former keys only; null: no session is open, nobody knows. */
  get knownByFormerKeys(): boolean | null {
    return this.#session.state === "open" ? this.#keys.isFormer : null;
  }

  /** Whether new keys can be shown to the platform now. */
  get mayRekey(): boolean {
    return this.#session.mayRekey;
  }

  /** There are newer keys than those of the open session: the platform is told, and the next session uses them. */
  rekey(): void {
    this.#keys.renewed();
    this.#now.events?.act(() => this.#session.rekey());
  }

  get state(): UplinkState {
    return this.#state;
  }

  /** Only a nudge: the machines look into the outbox at each tick anyway. */
  wake(): void {
    this.#now.events?.wake();
    this.#now.evidence?.wake();
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
    const { clock, backoff } = this.#options;
    const pause = new Pause(backoff);
    while (!isAborted(this.#stop.signal)) {
      const conversation = name === "events" ? this.#aboutEvents() : this.#aboutEvidence();
      this.#now[name] = conversation;
      const ended = await conversation.run(this.#stop.signal);
      this.#now[name] = null;
      if (machine === this.#session) this.#look(false);
      else this.#piece.lost();
      const waitMs = pause.afterMs(ended, Math.random());
      if (machine === this.#session) this.#triesMs = clock.monotonicMs() + waitMs;
      await clock.sleep(waitMs, this.#stop.signal).catch(() => undefined);
    }
  }

  #aboutEvents(): Conversation {
    const { clock, onOpen, serverKeys } = this.#options;
    this.#turnKey();
    this.#knocking.begin(clock.monotonicMs());
    const conversation = new Conversation({
      ...this.#shared(),
      machine: this.#session,
      onAnswered: () => this.#knocking.answered(),
      onTriesAgain: (inMs) => (this.#triesMs = clock.monotonicMs() + inMs),
      onUp: () => {
        this.#triesMs = null;
        this.#knocking.end();
        serverKeys.answered();
      },
      onOpen: () => {
        this.#keys.opened();
        serverKeys.opened();
        onOpen?.();
      },
      onTurn: () => {
        this.#look(conversation.isUp);
        if (!conversation.isUp && this.#turnKey()) conversation.end(0);
      },
      onAction: (action) => this.#act(action),
      onDown: (why, wasUp) => {
        if (why !== "refused-key") {
          if (wasUp) this.#fail("UPLINK_BROKEN", why);
          return null;
        }
        if (this.#keys.refused()) return 0;
        this.#fail("UPLINK_REJECTED", "the key of this box is not enrolled there");
        return 10;
      },
    });
    return conversation;
  }

  /** Tries the platform's other key when there was no handshake under this one for a while, over however many connections. */
  #turnKey(): boolean {
    const { clock, serverKeys } = this.#options;
    const turned = serverKeys.turns(clock.monotonicMs());
    if (turned) this.#now.evidence?.end(0);
    return turned;
  }

  #aboutEvidence(): Conversation {
    return new Conversation({
      ...this.#shared(),
      machine: this.#bulk,
      onAnswered: () => undefined,
      onTriesAgain: () => undefined,
      onUp: () => this.#options.uploads.retryParked(),
      onOpen: () => undefined,
      onTurn: () => undefined,
      onAction: (action) => {
        if (action.kind === "given") this.#piece.given(action.header, action.payload);
      },
      onDown: (why) => (why === "refused-key" ? 10 : null),
    });
  }

  #shared() {
    const { address, serverKeys, clock, health, read, check, onError } = this.#options;
    const { curvePublic, curveSecret } = this.#keys.current;
    const socket = { address, serverKey: serverKeys.current, curvePublic, curveSecret, random: Math.random() };
    return { socket, clock, health, read, check, onProblem: onError };
  }

  #act(action: Parameters<ConversationOptions["onAction"]>[0]): void {
    if (action.kind === "acknowledged") this.#acknowledged(action);
    else if (action.kind === "command") this.#options.onCommand?.(action.header, action.payload);
    else if (action.kind === "server-key") this.#options.serverKeys.announced(action.next);
    else if (action.kind === "rekeyed") this.#rekeyed(action.header);
    else if (action.kind === "drop") this.#dropped(action);
  }

  /** The platform has the new keys on its disk: from here on they are the ones. */
  #rekeyed({ taken, curvePublic, detail }: Header<"REKEYED">): void {
    if (curvePublic !== this.#options.keys.newest.curvePublic || !this.#keys.isFormer) return;
    if (!taken) {
      this.#fail("UPLINK_REJECTED", detail);
      return;
    }
    this.#keys.taken();
    this.#now.events?.end(0);
    this.#now.evidence?.end(0);
  }

  #acknowledged(action: Extract<BoxAction, { kind: "acknowledged" }>): void {
    this.acknowledgedCount += action.to - action.from + 1;
    this.lastAckMs = this.#options.clock.nowMs();
    this.#options.onAcknowledged(action.lane, action.from, action.to);
    this.#now.evidence?.wake(); // It rested while events waited.
  }

  #dropped(action: Extract<BoxAction, { kind: "drop" }>): void {
    const code = dropCode(action.why, this.#state === "sending" || this.#state === "waiting-for-ack");
    if (code !== null) this.#fail(code, code === "UPLINK_TWICE" ? "" : `${action.why}: ${action.detail}`);
  }

  #fail(code: Extract<ErrorCode, `UPLINK_${string}`>, detail: string): void {
    const error = new UplinkError(code, { uplink: this.#options.id, address: this.#options.address, detail });
    this.lastError = { code, values: error.values, atMs: this.#options.clock.nowMs() };
    this.#options.onError(error);
  }

  /** Tells of a handshake that does not come about, and notes the state. */
  #look(isUp: boolean): void {
    const code = isUp ? null : this.#knocking.complaint(this.#options.clock.monotonicMs());
    if (code) this.#fail(code, "");
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
