/** Who should not speak, and what should not be said: no crash, nobody let in, a good box not disturbed. */
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { curveKeyPair, Dealer } from "zeromq";
import { enrolment, ensureKeys, type BoxKeys } from "../../delivery/uplink/keys.ts";
import { decode, encode } from "../../delivery/uplink/protocol/frames.ts";
import { authText, type Header, type Message } from "../../delivery/uplink/protocol/messages.ts";
import { Receiver } from "../../../platform/receiver.ts";
import { exampleTrigger } from "../peers/example-trigger.ts";
import { openDelivery, until } from "../peers/open-delivery.ts";
import { clean, judge, type Line, type Verdict } from "./oracle.ts";
import { pause } from "./peer.ts";

/** How much of each. */
export interface HostileAmounts {
  readonly connections: number;
  readonly frames: number;
  readonly attempts: number;
}

/** A good box goes on recording while `attack` does its worst; returns the oracle's verdict and how long an alarm took meanwhile. */
async function withGoodBox(
  attack: (at: { receiver: Receiver; folder: string }) => Promise<string>,
): Promise<{ verdict: Verdict; worstMs: number; grewMb: number; said: string }> {
  const folder = mkdtempSync(join(tmpdir(), "hostile-"));
  try {
    const arrived = new Map<string, number>();
    const receiver = await Receiver.open({
      listen: "tcp://127.0.0.1:0",
      folder: join(folder, "platform"),
      language: "en",
      onEvent: ({ event }) => arrived.set(event.correlationid ?? "", performance.now()),
    });
    await receiver.enrol(enrolment("box-1", await ensureKeys(join(folder, "box"))));
    const box = join(folder, "box");
    const opened = await openDelivery({ folder: box, address: receiver.address, serverKey: receiver.serverKey });
    const quiet = new AbortController();
    let worstMs = 0;
    const good = (async () => {
      for (let n = 1; !quiet.signal.aborted; n += 1) {
        const startMs = performance.now();
        await opened.delivery.record(exampleTrigger({ occurrenceId: `good-${n}` }), null);
        await until("the good box's event", () => arrived.has(`good-${n}`), 120_000);
        worstMs = Math.max(worstMs, performance.now() - startMs);
        await pause(50);
      }
    })();
    const rss = process.memoryUsage.rss();
    const said = await attack({ receiver, folder });
    quiet.abort();
    await good;
    const grewMb = (process.memoryUsage.rss() - rss) / 1e6;
    await opened[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
    return { verdict: await judge(new Set(), [box], join(folder, "platform")), worstMs, grewMb, said };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Connections that are no ZMTP, half of one, or the wrong one. */
export async function malformedConnections(count: number): Promise<Line> {
  const greeting = Buffer.concat([
    Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1]),
    Buffer.from("NULL"),
    Buffer.alloc(48),
  ]);
  const kinds: readonly (() => Buffer)[] = [
    () => randomBytes(200),
    () => Buffer.from("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    () => greeting.subarray(0, 11),
    () => greeting,
    () => Buffer.concat([greeting, Buffer.from([0x02, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])]),
    () => Buffer.alloc(0),
    () => Buffer.concat([greeting.subarray(0, 12), Buffer.from("CURVE"), Buffer.alloc(47), randomBytes(120)]),
  ];
  const { verdict, worstMs, grewMb } = await withGoodBox(async ({ receiver }) => {
    const port = Number(receiver.address.split(":").at(-1));
    for (let n = 0; n < count; n += 20) {
      await Promise.all(
        Array.from({ length: Math.min(20, count - n) }, (_, i) =>
          knock(port, (kinds[(n + i) % kinds.length] ?? kinds[0])?.() ?? Buffer.alloc(0)),
        ),
      );
    }
    return "";
  });
  return line("malformed connections", `${count} connections`, { verdict, worstMs, grewMb, said: "" });
}

/** Messages of an enrolled box with octets changed, after READY as before it. */
export async function mutatedFrames(count: number): Promise<Line> {
  const vectors = JSON.parse(
    readFileSync(new URL("../../../test-fixtures/wire/up1-vectors.json", import.meta.url), "utf8"),
  ) as {
    readonly messages: readonly { readonly frames: readonly string[] }[];
  };
  const outcome = await withGoodBox(async ({ receiver, folder }) => {
    const keys = await ensureKeys(join(folder, "bad-box"));
    await receiver.enrol(enrolment("bad-box", keys));
    let sent = 0;
    while (sent < count) {
      await using peer = new Stranger(receiver, keys);
      if (sent % 3 !== 0) await peer.enter("bad-box", keys).catch(() => null);
      for (let i = 0; i < 500 && sent < count; i += 1) {
        const vector = vectors.messages[Math.floor(Math.random() * vectors.messages.length)];
        const frames = (vector?.frames ?? []).map((hex) => Buffer.from(hex, "hex"));
        for (let hit = 0; hit <= Math.random() * 4; hit += 1) {
          const frame = frames[Math.floor(Math.random() * frames.length)];
          if (frame && frame.length > 4)
            frame[4 + Math.floor(Math.random() * (frame.length - 4))] = Math.floor(Math.random() * 256);
        }
        sent += 1;
        if (!(await peer.raw(frames))) break;
      }
    }
    return `${sent} sent`;
  });
  return line("mutated frames from an enrolled key", `${count} frames`, outcome);
}

/** Everybody who is not a box that belongs here. */
export async function strangers(count: number): Promise<Line> {
  const kinds = [
    "unknown key",
    "wrong signature",
    "another's name",
    "replayed AUTH",
    "no AUTH",
    "after revocation",
  ] as const;
  const accepted: string[] = [];
  const outcome = await withGoodBox(async ({ receiver, folder }) => {
    const mine = await ensureKeys(join(folder, "mine"));
    await receiver.enrol(enrolment("mine", mine));
    const gone = await ensureKeys(join(folder, "gone"));
    await receiver.enrol(enrolment("gone", gone));
    await receiver.revoke("gone");
    // A key of its own for the wrong signature: valid, but not that of the name.
    const { privateKey } = generateKeyPairSync("ed25519");
    const forged: BoxKeys = { ...mine, sign: (text) => sign(null, Buffer.from(text), privateKey).toString("base64") };
    {
      // The net itself: whoever does belong here gets in by this very way.
      await using honest = new Stranger(receiver, mine);
      if (!(await honest.enter("mine", mine))) throw new Error("an enrolled box was refused: nothing would be proven");
    }
    let heard = "";
    for (let n = 0; n < count; n += 1) {
      const kind = kinds[n % kinds.length] ?? "no AUTH";
      const pair = curveKeyPair();
      const unknown: BoxKeys = { ...mine, curvePublic: pair.publicKey, curveSecret: pair.secretKey };
      await using peer = new Stranger(
        receiver,
        kind === "unknown key" ? unknown : kind === "after revocation" ? gone : mine,
      );
      const entered =
        kind === "unknown key" || kind === "after revocation"
          ? await peer.enter("mine", mine, { waitMs: 300 })
          : kind === "wrong signature"
            ? await peer.enter("mine", forged)
            : kind === "another's name"
              ? await peer.enter("box-1", mine)
              : kind === "replayed AUTH"
                ? await peer.enter("mine", { ...mine, sign: () => heard })
                : await peer.push();
      if (n < 12) heard = mine.sign("an AUTH of another session");
      if (entered) accepted.push(kind);
    }
    return `${accepted.length} accepted`;
  });
  const said = line("unauthorised attempts of six kinds", `${count} attempts`, outcome);
  return { ...said, holds: said.holds && accepted.length === 0 };
}

function line(
  scenario: string,
  amount: string,
  { verdict, worstMs, grewMb, said }: Awaited<ReturnType<typeof withGoodBox>>,
): Line {
  return {
    scenario,
    amount,
    verdict,
    figures: `good box's slowest event ${worstMs.toFixed(0)} ms, memory ${grewMb >= 0 ? "+" : ""}${grewMb.toFixed(0)} MB${said ? `, ${said}` : ""}`,
    holds: JSON.stringify(verdict) === JSON.stringify(clean),
  };
}

async function knock(port: number, bytes: Buffer): Promise<void> {
  await new Promise<void>((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve());
    setTimeout(() => socket.destroy(), 150);
  });
}

/** A client with whatever keys, which says what it is told to. */
class Stranger implements AsyncDisposable {
  readonly #dealer: Dealer;
  readonly #serverKey: string;
  readonly #heard: Message[] = [];
  readonly #reading: Promise<void>;

  constructor(receiver: Receiver, keys: BoxKeys) {
    this.#serverKey = receiver.serverKey;
    this.#dealer = new Dealer({
      linger: 0,
      sendTimeout: 1_000,
      curveServerKey: receiver.serverKey,
      curvePublicKey: keys.curvePublic,
      curveSecretKey: keys.curveSecret,
    });
    this.#dealer.connect(receiver.address);
    this.#reading = this.#read();
  }

  /** HELLO to READY; true when it was let in. */
  async enter(gw: string, keys: BoxKeys, { waitMs = 5_000 } = {}): Promise<boolean> {
    const hello: Header<"HELLO"> = {
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
    await this.raw(encode({ kind: "HELLO", header: hello }));
    const chal = await this.#answer("CHAL", waitMs);
    if (chal?.kind !== "CHAL") return false;
    const { sid, nonce } = chal.header;
    const text = authText({
      gw,
      epoch: hello.epoch,
      sock: "E",
      nonceBox: hello.nonce,
      noncePlatform: nonce,
      sid,
      serverKey: this.#serverKey,
    });
    await this.raw(encode({ kind: "AUTH", header: { sig: keys.sign(text) || "AAAA" } }));
    return (await this.#answer("READY", waitMs))?.kind === "READY";
  }

  /** Events without a word before them; true when any is acknowledged. */
  async push(): Promise<boolean> {
    const payload = Buffer.from("[{}]");
    await this.raw(encode({ kind: "EVT", header: { lane: 0, first: 1, sizes: [2], codec: "json" }, payload }));
    return (await this.#answer("ACK", 5_000))?.kind === "ACK";
  }

  async raw(frames: readonly Uint8Array[]): Promise<boolean> {
    try {
      await this.#dealer.send(frames.map((frame) => Buffer.from(frame)));
      return true;
    } catch {
      return false; // Nobody takes it: refused, which is what is asked.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#dealer.close();
    await this.#reading;
  }

  async #answer(kind: Message["kind"], waitMs: number): Promise<Message | null> {
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
