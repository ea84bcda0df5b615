/** A client with whatever keys, or none, which says what it is told to. */
import { randomBytes } from "node:crypto";
import { Context, Dealer } from "zeromq";
import type { BoxKeys } from "../../delivery/uplink/keys.ts";
import { decode, encode } from "../../delivery/uplink/protocol/frames.ts";
import { authText, type Header, type Message } from "../../delivery/uplink/protocol/messages.ts";
import { pause } from "./peer.ts";

/** Where it knocks. */
export interface Door {
  readonly address: string;
  readonly serverKey: string;
}

/** CURVE with these keys; CURVE with them towards another server key; none at all. */
export type Mechanism = "curve" | "curve to another server" | "none";

/** All of them share one: a context for each would cost a thread for each. */
const context = new Context({ blocky: false, maxSockets: 4_096 });

/** One connection. */
export class Stranger implements AsyncDisposable {
  readonly #dealer: Dealer;
  readonly #serverKey: string;
  readonly #heard: Message[] = [];
  readonly #reading: Promise<void>;

  constructor(door: Door, keys: BoxKeys, mechanism: Mechanism = "curve") {
    this.#serverKey = door.serverKey;
    const curve = {
      curveServerKey: mechanism === "curve" ? door.serverKey : keys.curvePublic,
      curvePublicKey: keys.curvePublic,
      curveSecretKey: keys.curveSecret,
    };
    this.#dealer = new Dealer({
      context,
      linger: 0,
      sendTimeout: 1_000,
      ...(mechanism === "none" ? {} : curve),
    });
    this.#dealer.connect(door.address);
    this.#reading = this.#read();
  }

  /** HELLO to READY; true when it was let in. */
  async enter(gw: string, keys: BoxKeys, { waitMs = 20_000 } = {}): Promise<boolean> {
    const header = hello(gw);
    await this.raw(encode({ kind: "HELLO", header }));
    const chal = await this.answer("CHAL", waitMs);
    if (chal?.kind !== "CHAL") return false;
    const { sid, nonce } = chal.header;
    const text = authText({
      gw,
      epoch: header.epoch,
      sock: "E",
      nonceBox: header.nonce,
      noncePlatform: nonce,
      sid,
      serverKey: this.#serverKey,
    });
    await this.raw(encode({ kind: "AUTH", header: { sig: keys.sign(text) || "AAAA" } }));
    return (await this.answer("READY", waitMs))?.kind === "READY";
  }

  /** Events without a word before them; true when any is acknowledged. */
  async push({ waitMs = 5_000 } = {}): Promise<boolean> {
    const payload = Buffer.from("[{}]");
    await this.raw(encode({ kind: "EVT", header: { lane: 0, first: 1, sizes: [2], codec: "json" }, payload }));
    return (await this.answer("ACK", waitMs))?.kind === "ACK";
  }

  /** Resolves when everything said so far has been heard over there: a last HELLO in a version of no one is answered in its turn. */
  async heardOut(): Promise<void> {
    const isAnswer = (message: Message): boolean =>
      message.kind === "ERR" && (message.header.code === "busy" || message.header.code === "unsupported");
    const before = this.#heard.length;
    const isHeard = (): boolean => this.#heard.slice(before).some(isAnswer);
    // Asked more than once: a receiver does not wait for somebody who is slow to hear its answers.
    for (let asked = 0; asked < 100 && !isHeard(); asked += 1) {
      await this.raw(encode({ kind: "HELLO", header: { ...hello("nobody"), v: [60_000] } }));
      for (let waited = 0; waited < 300 && !isHeard(); waited += 5) await pause(5);
    }
  }

  async raw(frames: readonly Uint8Array[]): Promise<boolean> {
    try {
      await this.#dealer.send(frames.map((frame) => Buffer.from(frame)));
      return true;
    } catch {
      return false; // Nobody takes it: refused, which is what is asked.
    }
  }

  /** One message of these parts, not copied. */
  async sendParts(parts: Buffer[]): Promise<void> {
    await this.#dealer.send(parts);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#dealer.close();
    await this.#reading;
  }

  /** The next message of this kind, or whatever ends or refuses; null when none comes in time. */
  async answer(kind: Message["kind"], waitMs: number): Promise<Message | null> {
    const endMs = performance.now() + waitMs;
    while (performance.now() < endMs) {
      const found = this.#heard.find(
        (message) => message.kind === kind || message.kind === "ERR" || message.kind === "BYE",
      );
      if (found) {
        this.#heard.splice(0, this.#heard.indexOf(found) + 1);
        return found;
      }
      await pause(2);
    }
    return null;
  }

  async #read(): Promise<void> {
    for await (const frames of this.#dealer) {
      const message = decode(frames);
      if ("kind" in message && this.#heard.length < 1_000) this.#heard.push(message);
    }
  }
}

function hello(gw: string): Header<"HELLO"> {
  return {
    v: [1],
    gw,
    role: "box",
    sock: "E",
    epoch: "a".repeat(32),
    boot: "b".repeat(32),
    nonce: randomBytes(16).toString("hex"),
    caps: [],
    sw: "stranger",
    heads: {},
    t: 0,
  };
}
