/** What a scenario works with: an enrolled box, its numbers, and the receiver. */
import { systemClock } from "../../runtime/clock.ts";
import type { BoxKeys } from "../../delivery/uplink/keys.ts";
import type { Neighbour } from "./neighbour.ts";
import { hex32, Probe, type ProbeIdentity, type ProbeTarget } from "./probe.ts";

/** One of the two boxes that the check enrols. */
export interface CheckBox {
  readonly gw: string;
  readonly keys: BoxKeys;
}

/** The world of one scenario. */
export interface World {
  readonly target: () => ProbeTarget;
  /** Null: the receiver was started by somebody else and cannot be killed or asked. */
  readonly neighbour: Neighbour | null;
  readonly a: CheckBox;
  readonly b: CheckBox;
}

/** A session after READY, and what READY said; closed by dispose. */
export interface OpenSession extends AsyncDisposable {
  readonly probe: Probe;
  readonly acked: (lane: number) => number;
  readonly lastId: (lane: number) => string;
}

/** An open session of a box; throws ScenarioFault when the receiver does not let it in. */
export async function session(
  world: World,
  { epoch = hex32(), sock = "E", box = world.a }: { epoch?: string; sock?: "E" | "B"; box?: CheckBox } = {},
): Promise<OpenSession> {
  // A receiver that was just started may need a moment for its first handshake.
  for (let left = 3; ; left -= 1) {
    const probe = new Probe(world.target(), identityOf(box, epoch, sock));
    const ready = await probe.open();
    if (ready) {
      const of = (lane: number): { acked: number; lastId: string } =>
        ready.lanes[`${lane}` as "0"] ?? { acked: 0, lastId: "" };
      return {
        probe,
        acked: (lane) => of(lane).acked,
        lastId: (lane) => of(lane).lastId,
        [Symbol.asyncDispose]: () => probe[Symbol.asyncDispose](),
      };
    }
    await probe[Symbol.asyncDispose]();
    if (left === 0) throw new ScenarioFault("an enrolled box with the right keys gets no READY");
    await systemClock.sleep(500);
  }
}

/** The box as it is. */
export function identityOf({ gw, keys }: CheckBox, epoch: string, sock: "E" | "B" = "E"): ProbeIdentity {
  return { gw, epoch, sock, curve: keys, sign: (text) => keys.sign(text) };
}

/** What a scenario found; anything else that is thrown is a bug of the check. */
export class ScenarioFault extends Error {}

/** Throws ScenarioFault with `why` unless `holds`. */
export function must(holds: boolean, why: string): void {
  if (!holds) throw new ScenarioFault(why);
}

let made = 0;

/** An event of `gw` with a fresh id; `changes` replaces attributes. */
export function event(gw: string, changes: object = {}): { readonly id: string; readonly body: Uint8Array } {
  made += 1;
  const id = `check-${hex32()}`;
  const message = {
    specversion: "1.0",
    id,
    source: `/gateways/${gw}`,
    type: "vision.fishing-multi-rod.v1",
    subject: "check",
    time: new Date(systemClock.nowMs()).toISOString(),
    datacontenttype: "application/json",
    dataschema: "urn:xueliang:event:1",
    sequence: String(made).padStart(20, "0"),
    correlationid: `occ-${made}`,
    data: {
      phase: "start",
      certainty: "suspected",
      severity: 3,
      eventId: "fishing-multi-rod",
      departments: ["yuzheng"],
    },
    ...changes,
  };
  return { id, body: new TextEncoder().encode(JSON.stringify(message)) };
}

/** `count` events. */
export function events(gw: string, count: number): readonly ReturnType<typeof event>[] {
  return Array.from({ length: count }, () => event(gw));
}

/** Sends in EVTs of at most 64, waiting for the word on each; throws ScenarioFault when one does not come. */
export async function deliver(probe: Probe, lane: number, first: number, bodies: readonly Uint8Array[]): Promise<void> {
  for (let at = 0; at < bodies.length; at += 64) {
    const part = bodies.slice(at, at + 64);
    const last = first + at + part.length - 1;
    probe.sendEvents(lane, first + at, part);
    const { cum, end } = await probe.acknowledged(lane, last);
    must(cum >= last, `events up to ${last} are not acknowledged: ${cum}, ${end}`);
  }
}

/** Each of `ids` once in what the receiver holds; nothing to say when it cannot be asked. */
export async function eachOnce(world: World, ids: readonly string[]): Promise<void> {
  const stored = await world.neighbour?.stored();
  if (!stored) return;
  const counts = new Map<string, number>();
  for (const id of stored) counts.set(id, (counts.get(id) ?? 0) + 1);
  const missing = ids.filter((id) => !counts.has(id)).length;
  const twice = ids.filter((id) => (counts.get(id) ?? 0) > 1).length;
  must(
    missing === 0 && twice === 0,
    `of ${ids.length} events, ${missing} are missing and ${twice} are stored more than once`,
  );
}
