/** Who should not speak, and what should not be said: no crash, nobody let in, a good box not disturbed. */
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { curveKeyPair } from "zeromq";
import { enrolment, ensureKeys, type BoxKeys } from "../../delivery/uplink/keys.ts";
import { decode } from "../../delivery/uplink/protocol/frames.ts";
import { Enrolled } from "../../../platform/enrolment.ts";
import { exampleTrigger } from "../peers/example-trigger.ts";
import { openDelivery, until } from "../peers/open-delivery.ts";
import { clean, judge, type Line, type Verdict } from "./oracle.ts";
import { pause, Peers } from "./peer.ts";
import { Stranger, type Door } from "./stranger.ts";

const receiverPeer = new URL("../peers/receiver-process.ts", import.meta.url).pathname;
/** Connections that knock side by side. */
const atOnce = 16;
/** What a receiver may grow by: its collector's own breathing is about half of it. */
const mostMb = 64;

/** What an attack gets: the receiver's door, keys of boxes that may come, and of one that may no more. */
interface Target extends Door {
  readonly keys: Readonly<Record<"mine" | "gone", BoxKeys>>;
}
interface Outcome {
  readonly verdict: Verdict;
  readonly worstMs: number;
  readonly grewMb: number;
  /** Messages that the receiver refused by their form. */
  readonly badFrames: number;
  readonly said: string;
}

/** A receiver in a process of its own and a good box that goes on recording while `attack` does its worst. */
async function withGoodBox(attack: (target: Target) => Promise<string>): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "hostile-"));
  await using peers = new Peers();
  try {
    const [box, platform] = [join(folder, "box"), join(folder, "platform")];
    mkdirSync(platform);
    const enrolled = Enrolled.open(platform);
    const [, mine, gone] = await Promise.all(["box", "mine", "gone"].map((name) => ensureKeys(join(folder, name))));
    if (!mine || !gone) throw new Error("no keys");
    await enrolled.enrol(enrolment("box-1", await ensureKeys(box)));
    await enrolled.enrol(enrolment("mine", mine));
    await enrolled.enrol(enrolment("gone", gone));
    await enrolled.revoke("gone");
    let badFrames = Number.NaN;
    const receiver = await peers.start(receiverPeer, [platform, "tcp://127.0.0.1:0", "0"], (said) => {
      badFrames = Number(/^counted (\d+) bad frames/.exec(said)?.[1] ?? badFrames);
    });
    const [, address = "", serverKey = ""] = receiver.ready;
    const opened = await openDelivery({ folder: box, address, serverKey });
    const recorded = new Set<string>();
    const arrived = new Set<string>();
    opened.delivery.onAcknowledged(({ event }) => arrived.add(event.correlationid ?? ""));
    let worstMs = 0;
    const good = async (occurrenceId: string): Promise<void> => {
      const startMs = performance.now();
      await opened.delivery.record(exampleTrigger({ occurrenceId }), null);
      await until("the good box's event", () => arrived.has(occurrenceId), 120_000);
      worstMs = Math.max(worstMs, performance.now() - startMs);
      await pause(50);
    };
    for (let n = 1; n <= 10; n += 1) await good(`before-${n}`);
    worstMs = 0;
    const before = residentMb(receiver.child.pid);
    const quiet = new AbortController();
    const going = (async () => {
      for (let n = 1; !quiet.signal.aborted; n += 1) await good(`good-${n}`);
    })();
    const said = await attack({ address, serverKey, keys: { mine, gone } });
    quiet.abort();
    await going;
    const grewMb = residentMb(receiver.child.pid) - before;
    for (const row of opened.database.all("SELECT id FROM events")) recorded.add(String(row["id"]));
    await opened[Symbol.asyncDispose]();
    const over = once(receiver.child, "close");
    receiver.child.kill("SIGTERM");
    await over;
    return { verdict: await judge(recorded, [box], platform), worstMs, grewMb, badFrames, said };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function residentMb(pid: number | undefined): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid ?? "self"}/status`, "utf8"))?.[1]) / 1_024;
}

/** `act` for 0 … count - 1, a few at a time. */
async function several(count: number, act: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await act(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
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
  const outcome = await withGoodBox(async ({ address }) => {
    const port = Number(address.split(":").at(-1));
    await several(count, (n) => knock(port, (kinds[n % kinds.length] ?? kinds[0])?.() ?? Buffer.alloc(0)));
    return "";
  });
  return line("malformed connections", `${count} connections`, outcome);
}

/** Messages of an enrolled box with octets changed, after READY as before it. */
export async function mutatedFrames(count: number): Promise<Line> {
  const vectors = JSON.parse(
    readFileSync(new URL("../../../test-fixtures/wire/up1-vectors.json", import.meta.url), "utf8"),
  ) as {
    readonly messages: readonly { readonly frames: readonly string[] }[];
  };
  let bad = 0;
  const outcome = await withGoodBox(async (target) => {
    const { mine } = target.keys;
    const startedMs = performance.now();
    for (let sent = 0; sent < count;) {
      await using peer = new Stranger(target, mine);
      if (sent % 3 !== 0) await peer.enter("mine", mine).catch(() => null);
      for (let i = 0; i < 500 && sent < count; i += 1) {
        const frames = mutated(vectors.messages[Math.floor(Math.random() * vectors.messages.length)]?.frames ?? []);
        if (!(await peer.raw(frames))) break;
        sent += 1;
        if ("bad" in decode(frames)) bad += 1;
      }
      await peer.heardOut();
    }
    return `${Math.round((1_000 * count) / (performance.now() - startedMs))} a second`;
  });
  const said = line("mutated frames from an enrolled key", `${count} frames`, outcome);
  // Every one that is bad by its form must have been seen: otherwise it never came, and nothing would be proven.
  return { ...said, figures: `${said.figures} of ${bad}`, holds: said.holds && outcome.badFrames >= bad };
}

/** A message with one to five octets changed, behind what says that it is one. */
function mutated(vector: readonly string[]): readonly Buffer[] {
  const frames = vector.map((hex) => Buffer.from(hex, "hex"));
  for (let hit = 0; hit <= Math.random() * 4; hit += 1) {
    const frame = frames[Math.floor(Math.random() * frames.length)];
    if (frame && frame.length > 4)
      frame[4 + Math.floor(Math.random() * (frame.length - 4))] = Math.floor(Math.random() * 256);
  }
  return frames;
}

/** Everybody who is not a box that belongs here. */
export async function strangers(count: number): Promise<Line> {
  const accepted: string[] = [];
  const outcome = await withGoodBox(async (target) => {
    const { mine, gone } = target.keys;
    // A key of its own for the wrong signature: valid, but not that of the name.
    const { privateKey } = generateKeyPairSync("ed25519");
    const forged: BoxKeys = { ...mine, sign: (text) => sign(null, Buffer.from(text), privateKey).toString("base64") };
    const heard: BoxKeys = { ...mine, sign: () => mine.sign("an AUTH of another session") };
    const unknown = (): BoxKeys => {
      const pair = curveKeyPair();
      return { ...mine, curvePublic: pair.publicKey, curveSecret: pair.secretKey };
    };
    {
      // The net itself: whoever does belong here gets in by this very way.
      await using honest = new Stranger(target, mine);
      if (!(await honest.enter("mine", mine))) throw new Error("an enrolled box was refused: nothing would be proven");
    }
    // Whoever does not even pass the transport hears nothing: a short wait is all there is.
    const short = { waitMs: 200 };
    const kinds: Readonly<Record<string, () => Promise<boolean>>> = {
      "no mechanism": () => visit(new Stranger(target, mine, "none"), (peer) => peer.enter("mine", mine, short)),
      "no mechanism, no AUTH": () => visit(new Stranger(target, mine, "none"), (peer) => peer.push(short)),
      "another server's key": () =>
        visit(new Stranger(target, mine, "curve to another server"), (peer) => peer.enter("mine", mine, short)),
      "unknown key": () => visit(new Stranger(target, unknown()), (peer) => peer.enter("mine", mine, short)),
      "after revocation": () => visit(new Stranger(target, gone), (peer) => peer.enter("gone", gone, short)),
      "revoked name, living key": () => visit(new Stranger(target, mine), (peer) => peer.enter("gone", gone)),
      "another's name": () => visit(new Stranger(target, mine), (peer) => peer.enter("box-1", mine)),
      "wrong signature": () => visit(new Stranger(target, mine), (peer) => peer.enter("mine", forged)),
      "replayed AUTH": () => visit(new Stranger(target, mine), (peer) => peer.enter("mine", heard)),
      "no AUTH": () => visit(new Stranger(target, mine), (peer) => peer.push()),
    };
    const names = Object.keys(kinds);
    await several(count, async (n) => {
      const kind = names[n % names.length] ?? "";
      if (await kinds[kind]?.()) accepted.push(kind);
    });
    return `${accepted.length} accepted of ${names.length} kinds`;
  });
  const said = line("unauthorised attempts", `${count} attempts`, outcome);
  return { ...said, holds: said.holds && accepted.length === 0 };
}

async function visit(peer: Stranger, act: (peer: Stranger) => Promise<boolean>): Promise<boolean> {
  await using visitor = peer;
  return await act(visitor);
}

function line(scenario: string, amount: string, { verdict, worstMs, grewMb, badFrames, said }: Outcome): Line {
  return {
    scenario,
    amount,
    verdict,
    figures: `good box's slowest event ${worstMs.toFixed(0)} ms, receiver's memory ${grewMb >= 0 ? "+" : ""}${grewMb.toFixed(0)} MB${said ? `, ${said}` : ""}, bad frames ${badFrames}`,
    holds: JSON.stringify(verdict) === JSON.stringify(clean) && grewMb <= mostMb,
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
