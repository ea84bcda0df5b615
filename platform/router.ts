/** One ROUTER under CURVE with its key check: the only ZeroMQ on the platform's side. */
import { Context, curveKeyPair, Dealer, Reply, Router } from "zeromq";
import { systemClock } from "../gateway/runtime/clock.ts";
import { GatewayError } from "../gateway/runtime/errors.ts";
import { decode, encode, type BadFrames } from "../gateway/delivery/uplink/protocol/frames.ts";
import type { Message } from "../gateway/delivery/uplink/protocol/messages.ts";
import { z85 } from "../gateway/delivery/uplink/protocol/z85.ts";

/** A CURVE pair, Z85. */
export interface CurvePair {
  readonly publicKey: string;
  readonly secretKey: string;
}

/** A fresh pair. */
export function makeCurvePair(): CurvePair {
  return curveKeyPair();
}

/** What a router needs to begin. */
export interface RouterOptions {
  /** `tcp://host:port`; port 0 or `*` chooses a free one. */
  readonly listen: string;
  readonly keys: CurvePair;
  /** Asked at each connection; Z85. */
  readonly knowsKey: (curvePublic: string) => boolean;
  readonly onMessage: (rid: string, message: Message | BadFrames) => void;
  /** A peer that cannot be reached any more. */
  readonly onGone: (rid: string) => void;
}

const domain = "uplink";
/** Options that are read back after they were set: one that is silently ignored would be an open door or a lost acknowledgement. */
const shown = {
  linger: 0,
  sendTimeout: 0,
  sendHighWaterMark: 64,
  receiveHighWaterMark: 64,
  maxMessageSize: 262_144,
  handshakeInterval: 5_000,
  heartbeatInterval: 0,
  tcpKeepalive: 1,
  // Seconds, unlike every other time here: the library hands them to the kernel as they are.
  tcpKeepaliveIdle: 60,
  tcpKeepaliveInterval: 10,
  tcpKeepaliveCount: 3,
  tcpMaxRetransmitTimeout: 30_000,
  backlog: 4_096,
  ipv6: true,
  curveServer: true,
  // Only both together fail closed: without the domain the check is never asked, without the enforcement its absence lets everybody in.
  zapDomain: domain,
  zapEnforceDomain: true,
} as const;
type Shown = Readonly<Record<string, unknown>>;

/** Bound, and closed by dispose. */
export class UplinkRouter implements AsyncDisposable {
  readonly #router: Router;
  readonly #zap: Reply;
  readonly #onGone: (rid: string) => void;
  readonly #loops: Promise<unknown>;
  #writing: Promise<void> = Promise.resolve();
  readonly address: string;

  private constructor(router: Router, zap: Reply, options: RouterOptions, zapLoop: Promise<void>) {
    this.#router = router;
    this.#zap = zap;
    this.#onGone = options.onGone;
    // A dual-stack socket names an IPv4 address in its mapped form; people and configs write the plain one.
    this.address = String(router.lastEndpoint).replace(/\[::ffff:([\d.]+)\]/i, "$1");
    this.#loops = Promise.all([zapLoop, this.#read(options)]);
  }

  /** Starts the key check, proves every option, listens, then proves that an unknown key is refused. Throws GatewayError RECEIVER_LISTEN or RECEIVER_OPEN_DOOR. */
  static async open(options: RouterOptions): Promise<UplinkRouter> {
    const context = new Context({ blocky: false, maxSockets: 4_096 });
    const zap = new Reply({ context, linger: 0 });
    await zap.bind("inproc://zeromq.zap.01");
    const zapLoop = answerKeyChecks(zap, options.knowsKey);
    const router = new Router({
      context,
      ...shown,
      // Can only be written, so that what they do is tried: `mandatory` below at each start, the other one by the tests of this file.
      mandatory: true,
      handover: false,
      curveSecretKey: options.keys.secretKey,
    });
    const wrong =
      Object.entries(shown).find(([name, value]) => (router as unknown as Shown)[name] !== value)?.[0] ??
      ((await saysWhoIsGone(router)) ? null : "mandatory");
    try {
      if (wrong !== null) throw new GatewayError("RECEIVER_OPEN_DOOR", { what: wrong });
      await bindPatiently(router, options.listen.replace(/:0$/, ":*"));
    } catch (error) {
      router.close();
      zap.close();
      if (error instanceof GatewayError) throw error;
      throw new GatewayError(
        "RECEIVER_LISTEN",
        { address: options.listen, detail: error instanceof Error && "code" in error ? String(error.code) : "refused" },
        { cause: error },
      );
    }
    const opened = new UplinkRouter(router, zap, options, zapLoop);
    await opened.#provesItsDoor(options.keys.publicKey);
    return opened;
  }

  /** Sends in order; a peer that cannot take it is gone: its outbox holds what it misses. */
  send(rid: string, message: Message): void {
    this.#writing = this.#writing.then(async () => {
      if (this.#router.closed) return;
      try {
        await this.#router.send([
          Buffer.from(rid, "hex"),
          ...encode(message).map((frame) => Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength)),
        ]);
      } catch (error) {
        if (!(error instanceof Error && "code" in error)) throw error;
        this.#onGone(rid);
      }
    });
  }

  /** Waits until all that was given to `send` is with the library. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
    if (!this.#router.closed) this.#router.close();
    if (!this.#zap.closed) this.#zap.close();
    await this.#loops;
  }

  async #read(options: RouterOptions): Promise<void> {
    for await (const [rid, ...frames] of this.#router) {
      if (rid) options.onMessage(rid.toString("hex"), decode(frames));
    }
  }

  async #provesItsDoor(serverKey: string): Promise<void> {
    const stranger = curveKeyPair();
    const dealer = new Dealer({
      linger: 0,
      curveServerKey: serverKey,
      curvePublicKey: stranger.publicKey,
      curveSecretKey: stranger.secretKey,
      ipv6: true,
    });
    const refused = await new Promise<boolean>((resolve) => {
      const deadline = setTimeout(() => {
        resolve(false);
      }, 10_000);
      const say = (answer: boolean): void => {
        clearTimeout(deadline);
        resolve(answer);
      };
      dealer.events.on("handshake:error:auth", () => {
        say(true);
      });
      dealer.events.on("handshake", () => {
        say(false);
      });
      dealer.connect(this.address.replace(/\/\/(0\.0\.0\.0|\[::\])/, "//[::1]"));
    });
    dealer.close();
    if (refused) return;
    await this[Symbol.asyncDispose]();
    throw new GatewayError("RECEIVER_OPEN_DOOR", { what: "unknown key" });
  }
}

/** Without `mandatory` a word to nobody is dropped in silence, and with it every acknowledgement behind a full queue. */
async function saysWhoIsGone(router: Router): Promise<boolean> {
  return router.send([Buffer.from("nobody"), ""]).then(
    () => false,
    (error: unknown) => error instanceof Error && "code" in error && error.code === "EHOSTUNREACH",
  );
}

/** A socket that was closed a moment ago still holds its port: the library lets go of it on a thread of its own. */
async function bindPatiently(router: Router, address: string): Promise<void> {
  for (let left = 20; ; left -= 1) {
    try {
      await router.bind(address);
      return;
    } catch (error) {
      if (left === 0 || !(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
      await systemClock.sleep(100);
    }
  }
}

/** ZAP (ZeroMQ RFC 27): asked once per connection; anything unexpected is refused. */
async function answerKeyChecks(zap: Reply, knowsKey: (curvePublic: string) => boolean): Promise<void> {
  for await (const [version, requestId, askedDomain, , , mechanism, key] of zap) {
    const known =
      askedDomain?.toString() === domain &&
      mechanism?.toString() === "CURVE" &&
      key?.length === 32 &&
      knowsKey(z85(key));
    if (zap.closed) return;
    await zap.send([version ?? "1.0", requestId ?? "", known ? "200" : "400", known ? "OK" : "unknown key", "", ""]);
  }
}
