/** Many boxes in one process, each with its own keys, database numbers and real CURVE socket; only disks are missing. Arguments: address, server key, key file, first, count. */
import { createPrivateKey, sign } from "node:crypto";
import { readFileSync, writeSync } from "node:fs";
import { Context, Dealer } from "zeromq";
import { BoxSession } from "../../delivery/uplink/protocol/box.ts";
import type { BoxAction, OutboxPort } from "../../delivery/uplink/protocol/box-port.ts";
import { decode, encode } from "../../delivery/uplink/protocol/frames.ts";
import { bodyOf } from "./sink-batches.ts";

interface Keys {
  readonly gw: string;
  readonly publicKey: string;
  readonly secretKey: string;
  readonly signSecret: string;
}

const [address = "", serverKey = "", path = "", first = "0", count = "1"] = process.argv.slice(2);
const all = (JSON.parse(readFileSync(path, "utf8")) as readonly Keys[]).slice(
  Number(first),
  Number(first) + Number(count),
);
const context = new Context({ maxSockets: 4_096, blocky: false });
const hex = (): string => Array.from({ length: 32 }, () => Math.floor(Math.random() * 16).toString(16)).join("");
let open = 0;
let acked = 0;

/** An outbox with one event in lane 0, in memory: it outlives sessions, as a disk would. */
function outboxOf(gw: string): OutboxPort {
  const epoch = hex();
  let done = 0;
  return {
    epoch: () => epoch,
    head: (lane) => (lane === 0 ? 1 : 0),
    acked: (lane) => (lane === 0 ? done : 0),
    idAt: (lane, seq) => (lane === 0 && seq === 1 ? `${gw}-1` : null),
    due: (lane, from) => (lane === 0 && from <= 1 ? [{ seq: 1, body: bodyOf(gw, 1), via: [] }] : []),
    gapAt: () => null,
    acknowledge: (lane, seq) => {
      if (lane === 0 && seq === 1 && done === 0) {
        done = 1;
        acked += 1;
      }
    },
    settle: () => undefined,
    giveUp: () => undefined,
    requeue: () => (done = 0),
    renumber: () => undefined,
    quarantined: () => undefined,
  };
}

/** One box for ever: a socket, a session, and again when the receiver says so or falls silent. */
async function live({ gw, publicKey, secretKey, signSecret }: Keys): Promise<void> {
  const key = createPrivateKey({ key: Buffer.from(signSecret, "base64"), format: "der", type: "pkcs8" });
  const identity = {
    gw,
    boot: hex(),
    software: "swarm",
    role: "box",
    caps: ["blob"],
    serverKey,
    sign: (text: string) => sign(null, Buffer.from(text), key).toString("base64"),
    nonce: hex,
  } as const;
  const session = new BoxSession(identity, outboxOf(gw), () => Date.now());
  for (;;) {
    const socket = new Dealer({
      context,
      linger: 0,
      immediate: true,
      sendTimeout: 20_000,
      handshakeInterval: 20_000,
      reconnectInterval: 500 + Math.round(Math.random() * 1_000),
      curveServerKey: serverKey,
      curvePublicKey: publicKey,
      curveSecretKey: secretKey,
    });
    socket.connect(address);
    const waitMs = await oneSession(socket, session);
    socket.close();
    session.lost();
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

async function oneSession(socket: Dealer, session: BoxSession): Promise<number> {
  const end: { waitMs: number | null; wasOpen: boolean } = { waitMs: null, wasOpen: false };
  const isOver = (): boolean => end.waitMs !== null; // A call: listeners change it while the loop waits.
  socket.events.on("disconnect", () => (end.waitMs ??= 500 + Math.random() * 1_000));
  const act = async (actions: readonly BoxAction[]): Promise<void> => {
    for (const action of actions) {
      if (action.kind === "send") await socket.send(encode(action.message).map((frame) => Buffer.from(frame)));
      else if (action.kind === "drop") end.waitMs = (action.retryAfterSec ?? 0.5) * 1_000 * (1 + Math.random() * 0.2);
    }
    if (!end.wasOpen && session.state === "open") {
      end.wasOpen = true;
      open += 1;
    }
  };
  try {
    await act(session.connected(performance.now()));
    while (!isOver()) {
      socket.receiveTimeout = 1_000;
      const frames = await socket.receive().catch((error: unknown) => {
        if (error instanceof Error && "code" in error && error.code === "EAGAIN") return null;
        throw error;
      });
      const message = frames ? decode(frames) : null;
      if (message && "kind" in message) await act(session.received(message, performance.now()));
      await act(session.tick(performance.now()));
    }
  } catch {
    // A socket that cannot send is thrown away, like the box's own.
  }
  if (end.wasOpen) open -= 1;
  return end.waitMs ?? 500 + Math.random() * 1_000;
}

writeSync(1, `started ${all.length}\n`);
for (const keys of all) void live(keys);
setInterval(() => writeSync(1, `open ${open} acked ${acked}\n`), 250);
