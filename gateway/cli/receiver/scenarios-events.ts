/** Delivery: acknowledged after the commit, each event once, whatever happens in between. */
import { systemClock } from "../../runtime/clock.ts";
import { deliver, eachOnce, event, events, must, session, type World } from "./world.ts";
import { hex32 } from "./probe.ts";

const bodiesOf = (all: readonly { readonly body: Uint8Array }[]): readonly Uint8Array[] => all.map(({ body }) => body);
const idsOf = (all: readonly { readonly id: string }[]): readonly string[] => all.map(({ id }) => id);

/** Five hundred events as fast as they are acknowledged. */
export async function storm(world: World): Promise<void> {
  const all = events(world.a.gw, 500);
  await using open = await session(world);
  const { probe } = open;
  await deliver(probe, 0, 1, bodiesOf(all));
  await eachOnce(world, idsOf(all));
}

/** The same numbers again in a running session, and in the next one. */
export async function repeatedNumbers(world: World): Promise<void> {
  const epoch = hex32();
  const all = events(world.a.gw, 40);
  {
    await using open = await session(world, { epoch });
    const { probe } = open;
    await deliver(probe, 1, 1, bodiesOf(all));
    probe.sendEvents(1, 21, bodiesOf(all.slice(20)));
    const { cum, end } = await probe.acknowledged(1, 40);
    must(cum === 40, `numbers that came before are not acknowledged again: ${cum}, ${end}`);
  }
  await using next = await session(world, { epoch });
  must(next.acked(1) === 40, `READY says ${next.acked(1)} after 40 were acknowledged`);
  must(
    next.lastId(1) === all[39]?.id,
    "READY names another event as the last one: a box that was put back would not notice",
  );
  await eachOnce(world, idsOf(all));
}

/** The same events under a new epoch: ids decide, for ever. */
export async function renumbered(world: World): Promise<void> {
  const all = events(world.a.gw, 30);
  for (const from of [0, 10, 0]) {
    await using open = await session(world);
    const { probe, acked } = open;
    must(acked(1) === 0, `a new epoch begins at ${acked(1)}`);
    await deliver(probe, 1, 1, bodiesOf(all.slice(from)));
  }
  await eachOnce(world, idsOf(all));
}

/** A box whose number jumps ahead has lost something, or lies. */
export async function tooFarAhead(world: World): Promise<void> {
  await using open = await session(world);
  const { probe } = open;
  probe.sendEvents(1, 5, bodiesOf(events(world.a.gw, 1)));
  const { cum } = await probe.acknowledged(1, 5, 3_000);
  must(cum < 5, "number 5 is acknowledged although 1 to 4 never came");
}

/** What is no event goes aside, and the lane goes on. */
export async function poison(world: World): Promise<void> {
  const [first, last] = events(world.a.gw, 2);
  if (!first || !last) return;
  const bad = [
    Buffer.from("{}"),
    Buffer.from([0xff, 0xfe]),
    event(world.a.gw, { source: "/gateways/somebody-else" }).body,
  ];
  await using open = await session(world);
  const { probe } = open;
  await deliver(probe, 1, 1, [first.body, ...bad, last.body]);
  await eachOnce(world, [first.id, last.id]);
}

/** A GAP is acknowledged like events, and the lane goes on behind it; said again it changes nothing. */
export async function gaps(world: World): Promise<void> {
  const epoch = hex32();
  const [first, last] = events(world.a.gw, 2);
  if (!first || !last) return;
  {
    await using open = await session(world, { epoch });
    const { probe } = open;
    await deliver(probe, 1, 1, [first.body]);
    for (let round = 0; round < 2; round += 1) {
      probe.send({ kind: "GAP", header: { lane: 1, from: 2, to: 90, reason: "full" } });
      const { cum, end } = await probe.acknowledged(1, 90);
      must(cum === 90, `a GAP up to 90 is acknowledged up to ${cum}: ${end}`);
    }
  }
  await using next = await session(world, { epoch });
  must(next.acked(1) === 90, `READY says ${next.acked(1)} after a GAP up to 90`);
  await deliver(next.probe, 1, 91, [last.body]);
  await eachOnce(world, [first.id, last.id]);
}

/** Attributes, words and types that this receiver cannot know yet. */
export async function fromTheFuture(world: World): Promise<void> {
  const future = [
    event(world.a.gw, { newattribute: "x", type: "vision.something-new.v1" }),
    event(world.a.gw, { data: { weather: { rain: true } }, type: "system.something.v1" }),
  ];
  await using open = await session(world);
  const { probe } = open;
  await deliver(probe, 2, 1, bodiesOf(future));
  await eachOnce(world, idsOf(future));
}

/** Times of 1970 and of ten years from now: order is by number, never by time. */
export async function clockJumps(world: World): Promise<void> {
  const at = (ms: number): string => new Date(ms).toISOString();
  const nowMs = systemClock.nowMs();
  const all = [nowMs, 0, nowMs + 10 * 365 * 86_400_000, nowMs - 1_000].map((ms) => event(world.a.gw, { time: at(ms) }));
  await using open = await session(world);
  const { probe } = open;
  await deliver(probe, 1, 1, bodiesOf(all));
  await eachOnce(world, idsOf(all));
}

/** Killed at the very word that it has an event: after a restart it must still have it. */
export async function killedAfterAck(world: World): Promise<void> {
  const { neighbour } = world;
  if (!neighbour) return;
  const epoch = hex32();
  const ids: string[] = [];
  let next = 1;
  for (let round = 0; round < 5; round += 1) {
    await using open = await session(world, { epoch });
    const { probe, acked } = open;
    must(acked(0) >= next - 1, `${next - 1} events were acknowledged before the kill, ${acked(0)} are known after it`);
    const all = events(world.a.gw, 3 + round);
    probe.sendEvents(0, next, bodiesOf(all));
    const { cum, end } = await probe.acknowledged(0, next + all.length - 1);
    must(cum === next + all.length - 1, `no acknowledgement: ${end}`);
    await neighbour.kill();
    ids.push(...idsOf(all));
    next += all.length;
    await neighbour.restart();
  }
  await using open = await session(world, { epoch });
  const { acked } = open;
  must(acked(0) >= next - 1, `${next - 1} events were acknowledged before the kill, ${acked(0)} are known after it`);
  await eachOnce(world, ids);
}

/** Killed somewhere between an event and its acknowledgement; the box goes on from READY. */
export async function killedBeforeAck(world: World): Promise<void> {
  const { neighbour } = world;
  if (!neighbour) return;
  const epoch = hex32();
  const all = events(world.a.gw, 60);
  for (let round = 0; round < 5; round += 1) {
    await using open = await session(world, { epoch });
    const { probe, acked } = open;
    const from = acked(1);
    probe.sendEvents(1, from + 1, bodiesOf(all.slice(from, from + 7)));
    await systemClock.sleep(round * 3);
    await neighbour.kill();
    await neighbour.restart();
  }
  await using open = await session(world, { epoch });
  const { probe, acked } = open;
  await deliver(probe, 1, acked(1) + 1, bodiesOf(all.slice(acked(1))));
  await eachOnce(world, idsOf(all));
}

/** A beat is answered with the platform's time: a box without a clock lives by it. */
export async function beats(world: World): Promise<void> {
  await using open = await session(world);
  const { probe } = open;
  const t0 = systemClock.nowMs();
  probe.send({ kind: "BEAT", header: { t0, health: { uptimeSec: 5, lastError: null } } });
  const answer = await probe.next(["BEAT", "ERR", "BYE"]);
  must(answer?.kind === "BEAT", "a beat is not answered");
  if (answer?.kind === "BEAT")
    must(answer.header.t0 === t0 && (answer.header.t1 ?? 0) > 0, "the answer to a beat lacks t0 or t1");
}
