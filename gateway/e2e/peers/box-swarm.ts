/** Many boxes in one process, each with its own keys, database numbers and real CURVE socket; only disks are missing. Arguments: address, server key, key file, first, count, [events a second of all together, from when all are let in until SIGTERM; otherwise one each], [file for `id sha256 sentAtMs` of each of them]. */
import { createPrivateKey, sign } from "node:crypto";
import { readFileSync, writeFileSync, writeSync } from "node:fs";
import { Context, Dealer } from "zeromq";
import { BoxSession } from "../../delivery/uplink/protocol/box.ts";
import type { BoxAction } from "../../delivery/uplink/protocol/box-port.ts";
import { decode, encode } from "../../delivery/uplink/protocol/frames.ts";
import { madeAt, MemoryOutbox, type Sent } from "./memory-outbox.ts";
import { bodyOf } from "./sink-batches.ts";

interface Keys {
  readonly gw: string;
  readonly publicKey: string;
  readonly secretKey: string;
  readonly signSecret: string;
}

const [address = "", serverKey = "", path = "", first = "0", count = "1", rate = "0", list = ""] =
  process.argv.slice(2);
const all = (JSON.parse(readFileSync(path, "utf8")) as readonly Keys[]).slice(
  Number(first),
  Number(first) + Number(count),
);
const context = new Context({ maxSockets: 4_096, blocky: false });
const hex = (): string => Array.from({ length: 32 }, () => Math.floor(Math.random() * 16).toString(16)).join("");
let open = 0;

/** One box: its rows, and what to do when there are new ones. */
interface Box {
  readonly gw: string;
  readonly outbox: MemoryOutbox;
  wake: () => void;
}
const boxes: Box[] = [];

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
  const outbox = new MemoryOutbox();
  if (rate === "0") outbox.append(0, `${gw}-1`, bodyOf(gw, 1));
  const session = new BoxSession(identity, outbox, () => Date.now());
  const box: Box = { gw, outbox, wake: () => undefined };
  boxes.push(box);
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
    const waitMs = await oneSession(socket, session, box);
    box.wake = () => undefined;
    socket.close();
    session.lost();
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

async function oneSession(socket: Dealer, session: BoxSession, box: Box): Promise<number> {
  const end: { waitMs: number | null; wasOpen: boolean } = { waitMs: null, wasOpen: false };
  const isOver = (): boolean => end.waitMs !== null; // A call: listeners change it while the loop waits.
  socket.events.on("disconnect", () => (end.waitMs ??= 500 + Math.random() * 1_000));
  // One send at a time: new rows do not wait for an answer to come.
  let sending = Promise.resolve();
  const send = (frames: Buffer[]): Promise<void> => (sending = sending.then(() => socket.send(frames)));
  const act = async (actions: readonly BoxAction[]): Promise<void> => {
    for (const action of actions) {
      if (action.kind === "send") await send(encode(action.message).map((frame) => Buffer.from(frame)));
      else if (action.kind === "drop") end.waitMs = (action.retryAfterSec ?? 0.5) * 1_000 * (1 + Math.random() * 0.2);
    }
    if (!end.wasOpen && session.state === "open") {
      end.wasOpen = true;
      open += 1;
    }
  };
  const ended = (): void => void (end.waitMs ??= 500);
  box.wake = () => void act(session.wake(performance.now())).catch(ended);
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

/** Makes events at `rate` until told to stop, then says what there was once all of it is acknowledged. */
async function flood(perSecond: number): Promise<void> {
  let isOver = false;
  process.once("SIGTERM", () => (isOver = true));
  while (open < all.length) await new Promise((resolve) => setTimeout(resolve, 50));
  writeSync(1, "flood begins\n");
  const made: { readonly id: string; readonly sha256: string; readonly sent: Sent }[] = [];
  const startMs = performance.now();
  for (const stop = () => isOver; !stop(); await new Promise((resolve) => setTimeout(resolve, 5))) {
    const touched = new Set<Box>();
    while (made.length < ((performance.now() - startMs) / 1_000) * perSecond) {
      const box = boxes[made.length % boxes.length];
      if (!box) return;
      const { id, body, sha256 } = madeAt(box.gw, Date.now());
      made.push({ id, sha256, sent: box.outbox.append(made.length % 3, id, body) });
      touched.add(box);
    }
    for (const box of touched) box.wake();
  }
  while (acknowledged() < made.length) await new Promise((resolve) => setTimeout(resolve, 50));
  writeFileSync(list, made.map(({ id, sha256, sent }) => `${id} ${sha256} ${sent.atMs}`).join("\n"));
  process.exit(0);
}

const acknowledged = (): number => boxes.reduce((sum, { outbox }) => sum + outbox.acknowledged, 0);
writeSync(1, `started ${all.length}\n`);
for (const keys of all) void live(keys);
setInterval(() => writeSync(1, `open ${open} acked ${acknowledged()}\n`), 250);
if (rate !== "0") await flood(Number(rate));
