/** Who may speak, and what damage one connection can do. */
import { must, events, identityOf, session, type World } from "./world.ts";
import { hex32, Probe, strangerCurve, type ProbeIdentity } from "./probe.ts";
import { encode } from "../../delivery/uplink/protocol/frames.ts";
import type { Message } from "../../delivery/uplink/protocol/messages.ts";

const shortMs = 6_000;

async function refused(world: World, identity: ProbeIdentity, what: string): Promise<void> {
  await using probe = new Probe(world.target(), identity);
  must((await probe.open(shortMs)) === null, `${what} is let in`);
}

/** A key that nobody enrolled. */
export async function strangerRefused(world: World): Promise<void> {
  const identity = { ...identityOf(world.a, hex32()), curve: strangerCurve() };
  await using probe = new Probe(world.target(), identity);
  must(!(await probe.isUp(shortMs)), "a CURVE key that nobody enrolled is let in: the key check is not asked");
}

/** The right CURVE key and a signature that is not the box's. */
export async function wrongSignature(world: World): Promise<void> {
  const { keys } = world.b;
  await refused(world, { ...identityOf(world.a, hex32()), sign: (text) => keys.sign(text) }, "a wrong signature");
  await refused(
    world,
    { ...identityOf(world.a, hex32()), sign: (text) => world.a.keys.sign(`${text} `) },
    "another text",
  );
}

/** One enrolled box that says it is another. */
export async function identityTheft(world: World): Promise<void> {
  await refused(
    world,
    { ...identityOf(world.b, hex32()), gw: world.a.gw },
    `box ${world.b.gw} under the name of ${world.a.gw}`,
  );
  await refused(world, { ...identityOf(world.a, hex32()), gw: "nobody-knows" }, "a name that nobody enrolled");
}

/** Events before READY are not taken. */
export async function eventsBeforeAuth(world: World): Promise<void> {
  await using probe = new Probe(world.target(), identityOf(world.a, hex32()));
  await probe.isUp();
  const [one] = events(world.a.gw, 1);
  if (one) probe.sendEvents(1, 1, [one.body]);
  const { cum } = await probe.acknowledged(1, 1, 3_000);
  must(cum === 0, "events are acknowledged before HELLO and AUTH");
  const stored = await world.neighbour?.stored();
  must(!stored?.includes(one?.id ?? ""), "an event is stored that came before HELLO and AUTH");
}

/** Frames that are no message, on a connection of an enrolled box; another box must not notice. */
export async function malformedFrames(world: World): Promise<void> {
  await using good = await session(world, { box: world.b });
  const goodProbe = good.probe;
  for (let round = 0; round < 20; round += 1) {
    await using bad = await session(world);
    const badProbe = bad.probe;
    for (const message of nonsense(round)) badProbe.send(message);
    await badProbe.next(["ERR", "BYE"], 500);
  }
  const [one] = events(world.b.gw, 1);
  goodProbe.sendEvents(1, 1, one ? [one.body] : []);
  const { cum, end } = await goodProbe.acknowledged(1, 1);
  must(cum === 1, `after malformed messages of one box another is not served: ${end}`);
}

/** Headers that encode and mean nothing; each is damaged in another way. */
function nonsense(round: number): readonly Message[] {
  const far = {
    kind: "EVT",
    header: { lane: 0, first: 1, sizes: [1 + round], codec: "json" },
    payload: Buffer.from("[x]"),
  };
  const data = {
    kind: "DATA",
    header: { sha256: "0".repeat(64), off: round * 1_000, crc32: 0 },
    payload: Buffer.from("x"),
  };
  const gap = { kind: "GAP", header: { lane: 2, from: 9, to: 3, reason: "" } };
  const messages = [far, data, gap] as readonly Message[];
  for (const message of messages) encode(message);
  return messages.slice(round % 3);
}
