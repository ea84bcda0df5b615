/** A box driven by hand: says one thing at a time over a real socket and waits for the answer. */
import { randomBytes } from "node:crypto";
import { curveKeyPair, UplinkSocket } from "../../delivery/uplink/uplink-socket.ts";
import type { BoxKeys } from "../../delivery/uplink/keys.ts";
import { packEvents } from "../../delivery/uplink/protocol/frames.ts";
import { authText, type Header, type Kind, type Message } from "../../delivery/uplink/protocol/messages.ts";
import { systemClock } from "../../runtime/clock.ts";

/** Where the receiver is. */
export interface ProbeTarget {
  readonly address: string;
  readonly serverKey: string;
}

/** Who the box says it is, and with which keys; the keys need not be its own. */
export interface ProbeIdentity {
  readonly gw: string;
  readonly epoch: string;
  readonly sock: "E" | "B";
  readonly curve: Pick<BoxKeys, "curvePublic" | "curveSecret">;
  readonly sign: (text: string) => string;
}

type Message_<K extends Kind> = Extract<Message, { readonly kind: K }>;

/** Patience with one answer, ms. */
const answerMs = 10_000;

/** 32 hex digits. */
export function hex32(): string {
  return randomBytes(16).toString("hex");
}

/** A CURVE pair that nobody knows. */
export function strangerCurve(): ProbeIdentity["curve"] {
  const { publicKey, secretKey } = curveKeyPair();
  return { curvePublic: publicKey, curveSecret: secretKey };
}

/** One connection; closed by dispose. */
export class Probe implements AsyncDisposable {
  readonly identity: ProbeIdentity;
  readonly #target: ProbeTarget;
  readonly #socket: UplinkSocket;
  readonly #inbox: Message[] = [];
  #down: string | null = null;
  #refusal: string | null = null;
  #up = false;
  #wake: () => void = () => undefined;

  constructor(target: ProbeTarget, identity: ProbeIdentity) {
    this.identity = identity;
    this.#target = target;
    const changed = (change: () => void): void => {
      change();
      this.#wake();
    };
    this.#socket = new UplinkSocket(
      { ...target, ...identity.curve, random: Math.random() },
      {
        answered: () => undefined,
        triesAgain: () => undefined,
        up: () => changed(() => (this.#up = true)),
        message: (message) => changed(() => this.#inbox.push(message)),
        down: (why) => changed(() => (this.#down ??= why)),
      },
    );
  }

  /** Why the connection ended; null while it stands. */
  get down(): string | null {
    return this.#down;
  }

  /** With which code, or which reason, `open` was refused; null: it was not, or nothing was said. */
  get refusal(): string | null {
    return this.#refusal;
  }

  /** Whether the transport's handshake came about. */
  async isUp(ms = answerMs): Promise<boolean> {
    await this.#until(() => this.#up || this.#down !== null, ms);
    return this.#up;
  }

  send(message: Message): void {
    this.#socket.send(message);
  }

  /** The next message of one of `kinds`, others passed over; null when none comes in time. */
  async next<K extends Kind>(kinds: readonly K[], ms = answerMs): Promise<Message_<K> | null> {
    const wanted = (message: Message): message is Message_<K> => (kinds as readonly Kind[]).includes(message.kind);
    await this.#until(() => this.#inbox.some(wanted) || this.#down !== null, ms);
    for (let message = this.#inbox.shift(); message; message = this.#inbox.shift()) if (wanted(message)) return message;
    return null;
  }

  /** HELLO and AUTH; READY, or null when the receiver does not let this box in. */
  async open(ms = answerMs): Promise<Header<"READY"> | null> {
    if (!(await this.isUp(ms))) return null;
    const { gw, epoch, sock, sign } = this.identity;
    const nonce = hex32();
    const t = systemClock.nowMs();
    const hello = {
      v: [1],
      gw,
      role: "box",
      sock,
      epoch,
      boot: hex32(),
      nonce,
      caps: ["blob"],
      sw: "check",
      heads: {},
      t,
    };
    this.send({ kind: "HELLO", header: hello as Header<"HELLO"> });
    const challenge = await this.next(["CHAL", "ERR", "BYE"], ms);
    if (challenge?.kind !== "CHAL") return null;
    const { sid, nonce: noncePlatform } = challenge.header;
    const { serverKey } = this.#target;
    const text = authText({ gw, epoch, sock, nonceBox: nonce, noncePlatform, sid, serverKey });
    this.send({ kind: "AUTH", header: { sig: sign(text) } });
    const answer = await this.next(["READY", "ERR", "BYE"], ms);
    if (answer?.kind === "READY") return answer.header;
    this.#refusal = answer?.kind === "ERR" ? answer.header.code : (answer?.header.reason ?? null);
    return null;
  }

  /** One EVT. */
  sendEvents(lane: number, first: number, bodies: readonly Uint8Array[]): void {
    const { payload, sizes } = packEvents(bodies);
    this.send({ kind: "EVT", header: { lane, first, sizes, codec: "json" }, payload });
  }

  /** Waits until `lane` is acknowledged up to `seq`; the last word of the receiver otherwise. */
  async acknowledged(
    lane: number,
    seq: number,
    ms = answerMs,
  ): Promise<{ readonly cum: number; readonly end: string }> {
    let cum = 0;
    const endMs = systemClock.monotonicMs() + ms;
    while (cum < seq && systemClock.monotonicMs() < endMs) {
      const answer = await this.next(["ACK", "ERR", "BYE"], Math.max(1, endMs - systemClock.monotonicMs()));
      if (answer === null) return { cum, end: this.#down ?? "silence" };
      if (answer.kind !== "ACK") return { cum, end: answer.kind === "ERR" ? answer.header.code : answer.header.reason };
      cum = Math.max(cum, answer.header.lanes[`${lane}` as "0"]?.cum ?? 0);
    }
    return { cum, end: "" };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#socket.flush();
    await this.#socket.close();
  }

  async #until(met: () => boolean, ms: number): Promise<void> {
    const stop = new AbortController();
    const late = systemClock.sleep(ms, stop.signal).then(
      () => false,
      () => true,
    );
    while (!met()) {
      const woken = new Promise<boolean>((resolve) => {
        this.#wake = () => resolve(true);
      });
      if (!(await Promise.race([woken, late]))) return;
    }
    stop.abort();
  }
}
