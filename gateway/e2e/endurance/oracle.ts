/** Who judges every scenario: what was on the disk of a box must be at the platform once, with its very bytes. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { Database } from "../../database/database.ts";

/** What an oracle counts; all zero is what must be. */
export interface Verdict {
  readonly missing: number;
  readonly unknown: number;
  readonly duplicate: number;
  readonly hashMismatch: number;
}

/** One line of the endurance table. */
export interface Line {
  readonly scenario: string;
  /** How much of it was done, for example `300 kills`. */
  readonly amount: string;
  readonly verdict: Verdict;
  /** What was measured beside. */
  readonly figures: string;
  /** Whether everything that the scenario asks for came true. */
  readonly holds: boolean;
}

/** Nothing lost, nothing twice. */
export const clean: Verdict = { missing: 0, unknown: 0, duplicate: 0, hashMismatch: 0 };
/** Both verdicts in one. */
export function sum(a: Verdict, b: Verdict): Verdict {
  return {
    missing: a.missing + b.missing,
    unknown: a.unknown + b.unknown,
    duplicate: a.duplicate + b.duplicate,
    hashMismatch: a.hashMismatch + b.hashMismatch,
  };
}
/** The tables of a platform's SQLite file. */
export const platformMigrations = new URL("../../../platform/sinks/migrations/", import.meta.url);

/** Compares what boxes said to have recorded (ids), what their disks hold, and what the platform holds. */
export async function judge(
  recorded: ReadonlySet<string>,
  boxes: readonly string[],
  platform: string,
): Promise<Verdict> {
  return compare(recorded, await digestsAt(boxes), platform);
}

/** SHA-256 of every event on these boxes' disks, by its id. */
export async function digestsAt(boxes: readonly string[]): Promise<Map<string, string>> {
  const atBox = new Map<string, string>();
  for (const folder of boxes) {
    using database = await Database.open(join(folder, "gateway.db"));
    for (const row of database.all("SELECT id, body FROM events")) atBox.set(String(row["id"]), digest(row["body"]));
  }
  return atBox;
}

/** As `judge`, where the digests of what boxes have are known already. */
export async function compare(
  recorded: ReadonlySet<string>,
  atBox: ReadonlyMap<string, string>,
  platform: string,
): Promise<Verdict> {
  using database = await Database.open(join(platform, "platform.db"), {
    migrations: platformMigrations,
    maxMegabytes: 1_000_000,
  });
  const arrived = new Map<string, number>();
  let unknown = 0;
  let hashMismatch = 0;
  for (const row of database.all("SELECT id, body FROM events")) {
    const id = String(row["id"]);
    arrived.set(id, (arrived.get(id) ?? 0) + 1);
    const there = atBox.get(id);
    if (there === undefined) unknown += 1;
    else if (there !== digest(row["body"])) hashMismatch += 1;
  }
  const missing = [...recorded].filter((id) => !arrived.has(id)).length;
  return { missing, unknown, duplicate: [...arrived.values()].filter((times) => times > 1).length, hashMismatch };
}

/** Ids of all events on a box's disk that go up. */
export async function recordedAt(folder: string): Promise<ReadonlySet<string>> {
  using database = await Database.open(join(folder, "gateway.db"));
  return new Set(database.all("SELECT id FROM events WHERE n > 0").map((row) => String(row["id"])));
}

/** Rows of a box that no platform has acknowledged. */
export async function waitingAt(folder: string): Promise<number> {
  using database = await Database.open(join(folder, "gateway.db"));
  return Number(database.get("SELECT coalesce(sum(head - acked), 0) AS count FROM lanes")?.["count"]);
}

function digest(body: unknown): string {
  return createHash("sha256")
    .update(body instanceof Uint8Array ? body : "")
    .digest("hex");
}
