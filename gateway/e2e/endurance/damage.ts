/**
 * Damaged database files: flipped bits, lost sectors, foreign pages, a log cut short, its index gone. Each is opened as a
 * start of the daemon does it, sent to a platform that has a part already, and started again where the daemon would. What
 * the platform then holds is what the box had recorded, to the octet; what is missing was told.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { seeded, whole } from "../../../native/seeded.ts";
import { Database } from "../../database/database.ts";
import { eventId } from "../../delivery/events/event-id.ts";
import { EventTable } from "../../delivery/events/event-table.ts";
import { systemEvent } from "../../delivery/events/system-event.ts";
import { Outbox } from "../../delivery/outbox/outbox.ts";
import { salvage } from "../../delivery/outbox/salvage.ts";
import { GatewayError } from "../../runtime/errors.ts";
import { empty, MemoryPlatform } from "./pump.ts";
import { clean, type Line } from "./oracle.ts";

const eventCount = 400;
/** Acknowledged before the damage. */
const sentCount = 120;
const sectorBytes = 512;
const pageBytes = 8_192;

/** Kinds of damage; each changes the files in `folder`. */
const kinds: Readonly<Record<string, (path: string, random: () => number) => void>> = {
  "a flipped bit": changed((bytes, random) => {
    const at = whole(random, 0, bytes.length - 1);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << whole(random, 0, 7));
  }),
  "a lost sector": changed((bytes, random) => {
    const at = whole(random, 0, Math.floor(bytes.length / sectorBytes) - 1) * sectorBytes;
    bytes.fill(0, at, at + sectorBytes);
  }),
  "a page of noise": changed((bytes, random) => {
    const at = whole(random, 0, Math.floor(bytes.length / pageBytes) - 1) * pageBytes;
    randomBytes(pageBytes).copy(bytes, at);
  }),
  "a log cut short": (path, random) => {
    truncateSync(`${path}-wal`, whole(random, 0, readFileSync(`${path}-wal`).length - 1));
  },
  "the log's index gone": (path) => rmSync(`${path}-shm`, { force: true }),
};

function changed(change: (bytes: Buffer, random: () => number) => void) {
  return (path: string, random: () => number): void => {
    const bytes = readFileSync(path);
    change(bytes, random);
    writeFileSync(path, bytes);
  };
}

/** What came of one damaged file. */
interface Outcome {
  /** Everything arrived; or the file was set aside; or something else went and was told. */
  readonly how: "harmless" | "set aside" | "told" | "rolled back";
  /** Of the events that waited: how many are not at the platform. */
  readonly lost: number;
  /** Of those: how many nobody was told of. */
  readonly silent: number;
  /** Events at the platform with other octets than were recorded. */
  readonly wrong: number;
  readonly starts: number;
  readonly openMs: number;
}

/** Starts until a daemon must have got through: one that meets the damage, one that sets it aside, one to spare. */
const mostStarts = 4;

/** @param each how many files of each kind */
export async function damagedFiles({
  each,
  seed = Date.now() % 2 ** 32,
}: {
  readonly each: number;
  readonly seed?: number;
}): Promise<Line> {
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "damage-"));
  const random = seeded(seed);
  try {
    const original = join(folder, "original");
    const events = await recorded(original);
    const words: string[] = [];
    let [missing, wrong, slowestMs] = [0, 0, 0];
    for (const [kind, damage] of Object.entries(kinds)) {
      const outcomes: Outcome[] = [];
      for (let n = 0; n < each; n += 1) {
        const copy = join(folder, "copy");
        cpSync(original, copy, { recursive: true });
        damage(join(copy, "gateway.db"), random);
        outcomes.push(await lived(join(copy, "gateway.db"), events, kind === "a log cut short"));
        rmSync(copy, { recursive: true, force: true });
      }
      missing += outcomes.reduce((sum, { silent }) => sum + silent, 0);
      wrong += outcomes.reduce((sum, outcome) => sum + outcome.wrong, 0);
      words.push(`${kind}: ${said(outcomes)}`);
      slowestMs = Math.max(slowestMs, ...outcomes.map(({ openMs }) => openMs));
    }
    return {
      scenario: "damaged database files",
      amount: `${each * Object.keys(kinds).length} files`,
      verdict: { ...clean, missing, hashMismatch: wrong },
      figures: `${words.join("; ")}; slowest start ${slowestMs.toFixed(0)} ms; seed ${seed}`,
      holds: missing === 0 && wrong === 0,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** id → octets, in the order of recording. */
type Events = ReadonlyMap<string, Buffer>;
interface Recorded {
  readonly events: Events;
  readonly epoch: string;
}

/** A box as a kill leaves it: most events in the file, the newest in the log, some acknowledged. */
async function recorded(folder: string): Promise<Recorded> {
  const scratch = `${folder}-open`;
  const path = join(scratch, "gateway.db");
  using database = await Database.open(path);
  const table = new EventTable(database);
  const outbox = new Outbox(database, "city");
  const site = { id: "box-1", name: "box", timezone: "Asia/Shanghai" };
  const events = new Map<string, Buffer>();
  for (let n = 1; n <= eventCount; n += 1) {
    const { hash, sm3 } = table.head();
    const nowMs = Date.now();
    const event = systemEvent(
      {
        kind: "box-health",
        severity: 4,
        title: { zh: "测试", en: "test" },
        detail: { n, filler: "x".repeat((n * 37) % 1_500) },
      },
      {
        id: eventId(nowMs, randomBytes(10)),
        site,
        sequence: n,
        epoch: database.epoch,
        prev: hash,
        prevSm3: sm3,
        nowMs,
      },
    );
    database.transaction(() => {
      table.insert(event);
      outbox.append(event, 1);
    });
    events.set(event.id, Buffer.from(event.body));
    if (n === sentCount) outbox.acknowledge(1, sentCount);
    if (n === eventCount - 60) database.shrink();
  }
  cpSync(scratch, folder, { recursive: true });
  return { events, epoch: outbox.epoch() };
}

/** Starts on the file as the daemon would, again where it would end, and sends what there is. */
async function lived(path: string, { events, epoch }: Recorded, mayRollBack: boolean): Promise<Outcome> {
  const ids = [...events.keys()];
  const platform = new MemoryPlatform();
  platform.know(epoch, 1, { acked: sentCount, lastId: ids[sentCount - 1] ?? "" });
  for (const id of ids.slice(0, sentCount)) platform.bodies.set(id, events.get(id) ?? new Uint8Array());
  let told = 0;
  let [wasSetAside, drained] = [false, false];
  let [starts, openMs] = [0, 0];
  while (!drained && starts < mostStarts) {
    starts += 1;
    const beganMs = performance.now();
    try {
      using database = await Database.open(path);
      const outbox = new Outbox(database, "city");
      if (database.quarantined !== null) {
        wasSetAside = true;
        told += (await salvage(database.quarantined, database, () => [outbox])).damaged;
      }
      openMs = Math.max(openMs, performance.now() - beganMs);
      drained = empty(outbox, platform);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
    }
  }
  const isTold = (n: number): boolean =>
    platform.gaps.some((gap) => gap.epoch === epoch && gap.from <= n && n <= gap.to);
  const lost = ids.flatMap((id, i) => (platform.bodies.has(id) ? [] : [i + 1]));
  const wrong = [...platform.bodies].filter(([id, body]) => events.get(id)?.equals(body) !== true).length;
  const how =
    lost.length === 0 && !wasSetAside ? "harmless" : wasSetAside ? "set aside" : mayRollBack ? "rolled back" : "told";
  const untold = lost.filter((n) => !isTold(n)).length - told;
  const silent = how === "rolled back" ? 0 : Math.max(0, untold) + (drained ? 0 : lost.length);
  return { how, lost: lost.length, silent, wrong: wrong + platform.quarantined.length, starts, openMs };
}

function said(outcomes: readonly Outcome[]): string {
  const count = (how: Outcome["how"]): number => outcomes.filter((outcome) => outcome.how === how).length;
  const parts = (["harmless", "set aside", "told", "rolled back"] as const).flatMap((how) =>
    count(how) > 0 ? [`${count(how)} ${how}`] : [],
  );
  const waited = outcomes.length * (eventCount - sentCount);
  const lost = outcomes.reduce((sum, outcome) => sum + outcome.lost, 0);
  return `${parts.join(", ")}, ${((100 * (waited - lost)) / waited).toFixed(2)} % arrived`;
}
