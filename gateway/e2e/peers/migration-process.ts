/**
 * The database of a box through its releases, on a disk that is watched: the first life makes it with the tables of the
 * first release and fills it, every other one opens it as this release does. Says `recorded ID`. Arguments: folder, name of
 * this life, events; it ends without closing anything.
 */
import { randomBytes } from "node:crypto";
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Database, gatewayMigrations } from "../../database/database.ts";
import { eventId } from "../../delivery/events/event-id.ts";
import { EventTable } from "../../delivery/events/event-table.ts";
import { systemEvent } from "../../delivery/events/system-event.ts";
import { Outbox } from "../../delivery/outbox/outbox.ts";

const [folder = "", life = "", events = "50"] = process.argv.slice(2);
const path = join(folder, "box", "gateway.db");
if (life === "life1") {
  const scratch = mkdtempSync(join(tmpdir(), "migrations-"));
  const migrations = pathToFileURL(`${scratch}/`);
  const [first = ""] = readdirSync(gatewayMigrations).sort();
  copyFileSync(new URL(first, gatewayMigrations), new URL(first, migrations));
  const database = await Database.open(path, { migrations });
  rmSync(scratch, { recursive: true });
  const table = new EventTable(database);
  const outbox = new Outbox(database, "city");
  const site = { id: "box-1", name: "box", timezone: "Asia/Shanghai" };
  for (let n = 1; n <= Number(events); n += 1) {
    const { hash, sm3 } = table.head();
    const nowMs = Date.now();
    const event = systemEvent(
      { kind: "box-health", severity: 4, title: { zh: "测试", en: "test" }, detail: { filler: "x".repeat(n * 20) } },
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
      outbox.append(event, n % 3);
    });
    writeSync(1, `recorded ${event.id}\n`);
  }
} else await Database.open(path);
process.kill(process.pid, "SIGKILL");
