/** What a line does below TCP: bursts of loss, jitter that loses the order, a trickle, silence; how long after it is good again does a new event arrive? */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Enrolled } from "../../../platform/enrolment.ts";
import { Database } from "../../database/database.ts";
import { enrolment, ensureKeys } from "../../delivery/uplink/keys.ts";
import { bundled } from "../peers/bundle.ts";
import { clean, digestsAt, judge, waitingAt, type Line } from "./oracle.ts";
import { pause, Peers } from "./peer.ts";
import { Wire, type Weather } from "./wire.ts";

/** Events a second, each tenth with a picture. */
const rate = 4;
const good: Weather = { delayMs: 40 };
/** What comes over the line, one after another. */
const weathers: readonly Weather[] = [
  { delayMs: 40, loss: 0.3 },
  { delayMs: 40, jitterMs: 2_000 },
  { loss: 1 },
  { delayMs: 40, bytesPerSec: 5_000 },
  { delayMs: 200, loss: 0.1, jitterMs: 300 },
];

/** `turns` spells of bad weather, 3 to 15 s each. Null: no right to make a wire here. */
export async function belowTcp({ turns }: { readonly turns: number }): Promise<Line | null> {
  const wire = await Wire.open();
  if (!wire) return null;
  const folder = mkdtempSync(join(tmpdir(), "below-tcp-"));
  await using stack = new AsyncDisposableStack();
  stack.use(wire);
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  using receiverPeer = await bundled("receiver-process", "platform/sinks/migrations");
  using boxPeer = await bundled("box-process", "gateway/database/migrations");
  const peers = stack.use(new Peers());
  const [box, platform] = [join(folder, "box"), join(folder, "platform")];
  mkdirSync(platform);
  await Enrolled.open(platform).enrol(enrolment("box-1", await ensureKeys(box)));
  const [there, here] = wire.ends;
  wire.set(good);
  const listening = await peers.start(receiverPeer.path, [platform, "tcp://10.99.0.1:8421", "0"], undefined, {
    inside: there,
  });
  const key = listening.ready[2] ?? "";
  const start = (perSecond: number) =>
    peers.start(boxPeer.path, [box, "tcp://10.99.0.1:8421", key, String(perSecond)], undefined, { inside: here });
  const sending = await start(rate);
  const newestMs = async (): Promise<number> => {
    using database = await Database.read(join(platform, "platform.db"));
    const id = String(database.get("SELECT max(id) AS id FROM events")?.["id"] ?? "");
    return Number.parseInt(id.replace("-", "").slice(0, 12), 16) || 0;
  };
  /** How long until an event that was made after now has arrived. */
  const resumed = async (): Promise<number> => {
    const [fromMs, began] = [Date.now(), performance.now()];
    while ((await newestMs()) < fromMs)
      if (performance.now() - began > 180_000) return Number.POSITIVE_INFINITY;
      else await pause(100);
    return performance.now() - began;
  };
  await resumed();
  const took: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    wire.set(weathers[turn % weathers.length] ?? good);
    await pause(3_000 + Math.random() * 12_000);
    wire.set(good);
    took.push(await resumed());
  }
  await peers.kill(sending.child);
  const last = await start(0.001);
  for (let waited = 0; waited < 120_000 && (await waitingAt(box)) > 0; waited += 200) await pause(200);
  await peers.kill(last.child);
  await peers.kill(listening.child);
  const verdict = await judge(new Set((await digestsAt([box])).keys()), [box], platform);
  const sorted = [...took].sort((a, b) => a - b);
  const sec = (share: number): number => (sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN) / 1_000;
  return {
    scenario: "a bad line below TCP: loss, jitter, a trickle",
    amount: `${turns} spells`,
    verdict,
    figures: `resumed after p50 ${sec(0.5).toFixed(1)} s, p95 ${sec(0.95).toFixed(1)} s, most ${sec(1).toFixed(1)} s`,
    holds: JSON.stringify(verdict) === JSON.stringify(clean) && sec(0.95) <= 15,
  };
}
