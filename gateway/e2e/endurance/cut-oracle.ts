/** Looks at a box and its platform after a power cut of both: what had been promised by then, and is not there or not as it was. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { Database } from "../../database/database.ts";
import { chained, sm3After } from "../../delivery/events/chain.ts";
import { EvidenceFiles } from "../../delivery/evidence/evidence-files.ts";
import { platformMigrations } from "./oracle.ts";

/** What both sides said by some moment. */
export class Promises {
  readonly recorded = new Set<string>();
  readonly acknowledged = new Set<string>();

  /** @param text what `peers/cut-process.ts` said in one go */
  hear(text: string): void {
    const [word, what = ""] = text.trim().split(" ");
    if (word === "recorded") this.recorded.add(what);
    else if (word === "acknowledged") this.acknowledged.add(what);
  }

  get count(): number {
    return this.recorded.size + this.acknowledged.size;
  }
}

type Kind = "missing" | "unknown" | "duplicate" | "hashMismatch" | "corrupt";
/** One thing that is not as it must be. */
export interface Broken {
  readonly kind: Kind;
  readonly what: string;
}

/** @param image a copy of what stood at `original`, with the folders `box` and `platform` */
export async function brokenPromises(image: string, original: string, promises: Promises): Promise<readonly Broken[]> {
  const broken: Broken[] = [];
  const say = (kind: Kind, what: string): void => void broken.push({ kind, what });
  using box = await Database.open(join(image, "box", "gateway.db"));
  using platform = await Database.open(join(image, "platform", "platform.db"), {
    migrations: platformMigrations,
    maxMegabytes: 1_000_000,
  });
  for (const { quarantined, path } of [box, platform]) if (quarantined !== null) say("corrupt", path);
  const atBox = idsOf(box, say);
  const atPlatform = new Set(platform.all("SELECT id FROM events").map((row) => String(row["id"])));
  for (const occurrence of promises.recorded)
    if (!atBox.occurrences.has(occurrence)) say("missing", `recorded ${occurrence}`);
  for (const id of promises.acknowledged) if (!atPlatform.has(id)) say("missing", `acknowledged ${id}`);
  for (const id of atPlatform)
    if (!atBox.ids.has(id)) say("unknown", `${id} is at the platform and no more at the box`);
  const held = box.all(
    "SELECT e.id FROM outbox o JOIN events e ON e.n = o.event JOIN lanes l ON l.uplink = o.uplink AND l.lane = o.lane WHERE o.seq <= l.acked",
  );
  for (const { id } of held) if (!atPlatform.has(String(id))) say("missing", `${String(id)} counts as acknowledged`);
  checkEvidence(box, platform, { image, original }, say);
  return broken;
}

function idsOf(
  box: Database,
  say: (kind: Kind, what: string) => void,
): { readonly ids: ReadonlySet<string>; readonly occurrences: ReadonlySet<string> } {
  const [ids, occurrences] = [new Set<string>(), new Set<string>()];
  let before: { readonly n: number; readonly hash: string; readonly sm3: string } | null = null;
  for (const row of box.all("SELECT n, id, occurrence, body, hash, crc FROM events WHERE n > 0 ORDER BY n")) {
    const [n, id, occurrence] = [Number(row["n"]), String(row["id"]), String(row["occurrence"])];
    const body = row["body"] instanceof Uint8Array ? row["body"] : new Uint8Array();
    const hash = row["hash"] instanceof Uint8Array ? Buffer.from(row["hash"]).toString("hex") : "";
    if (crc32(body) !== row["crc"]) say("hashMismatch", `event ${n}`);
    if (before && (n !== before.n + 1 || hash !== chained(before.hash, id, body))) say("hashMismatch", `chain at ${n}`);
    const named = (JSON.parse(Buffer.from(body).toString()) as { data: { prevSm3?: string } }).data.prevSm3;
    if (before && named !== undefined && named !== `sm3:${before.sm3}`) say("hashMismatch", `SM3 chain at ${n}`);
    if (occurrences.has(occurrence)) say("duplicate", occurrence);
    before = { n, hash, sm3: sm3After(id, body) };
    ids.add(id);
    occurrences.add(occurrence);
  }
  for (const row of box.all(
    "SELECT l.lane, l.head - l.acked AS waiting, (SELECT count(*) FROM outbox o WHERE o.uplink = l.uplink AND o.lane = l.lane AND o.seq > l.acked) AS rows FROM lanes l",
  ))
    if (row["waiting"] !== row["rows"]) say("missing", `rows of lane ${String(row["lane"])}`);
  return { ids, occurrences };
}

/** A row never names a file that is not there whole; what the box need not send any more is at the platform. */
function checkEvidence(
  box: Database,
  platform: Database,
  { image, original }: { readonly image: string; readonly original: string },
  say: (kind: Kind, what: string) => void,
): void {
  const files = new EvidenceFiles(join(image, "box", "evidence"));
  const check = (path: string, sha256: string): void => {
    if (!existsSync(path)) say("missing", `file of ${sha256}`);
    else if (createHash("sha256").update(readFileSync(path)).digest("hex") !== sha256) say("hashMismatch", path);
  };
  for (const row of box.all("SELECT sha256 FROM evidence WHERE state = 'kept'"))
    check(files.path(String(row["sha256"])), String(row["sha256"]));
  const there = new Set<string>();
  for (const row of platform.all("SELECT sha256, path FROM evidence")) {
    there.add(String(row["sha256"]));
    check(String(row["path"]).replace(original, image), String(row["sha256"]));
  }
  for (const row of box.all("SELECT sha256 FROM uploads WHERE state = 'acked'"))
    if (!there.has(String(row["sha256"]))) say("missing", `${String(row["sha256"])} counts as uploaded`);
}
