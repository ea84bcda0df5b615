/** The smallest box that can be killed: outbox and uplink, no pictures. Arguments: folder, address, server key, events a second, name. Says each id that is on the disk. */
import { randomBytes } from "node:crypto";
import { writeSync } from "node:fs";
import { join } from "node:path";
import { Database } from "../../database/database.ts";
import { eventId } from "../../delivery/events/event-id.ts";
import { EventTable } from "../../delivery/events/event-table.ts";
import { systemEvent } from "../../delivery/events/system-event.ts";
import { Outbox } from "../../delivery/outbox/outbox.ts";
import { KeyFile } from "../../delivery/uplink/keys.ts";
import { ServerKeys } from "../../delivery/uplink/server-keys.ts";
import { Uplink } from "../../delivery/uplink/uplink.ts";
import { Uploads } from "../../delivery/evidence/uploads.ts";
import { systemClock } from "../../runtime/clock.ts";
import { pace } from "./pace.ts";

const [folder = "", address = "", serverKey = "", rate = "200", gw = "box-1"] = process.argv.slice(2);
const database = await Database.open(join(folder, "gateway.db"));
const table = new EventTable(database);
const outbox = new Outbox(database, "city");
const uplink = new Uplink({
  id: "city",
  gw,
  address,
  serverKeys: new ServerKeys(serverKey, { read: () => null, write: () => undefined }),
  keys: await KeyFile.open(join(folder, "keys.json")),
  boot: randomBytes(16).toString("hex"),
  software: "test",
  clock: systemClock,
  outbox,
  uploads: new Uploads(database, "city", { clock: systemClock }),
  read: () => Promise.resolve(null),
  check: () => Promise.resolve("gone"),
  health: () => ({}),
  onAcknowledged: () => undefined,
  onError: () => undefined,
  backoff: { firstMs: 50, maxMs: 500, jitter: 0.5 },
});
uplink.start();
writeSync(1, "ready\n");
const site = { id: gw, name: "box", timezone: "Asia/Shanghai" };
const turn = pace(Number(rate));
for (let n = 1; ; n += 1) {
  const nowMs = Date.now();
  const id = eventId(nowMs, randomBytes(10));
  database.transaction(() => {
    const head = table.head();
    const event = systemEvent(
      {
        kind: "box-health",
        severity: 4,
        title: { zh: "测试", en: "test" },
        detail: { n, filler: "x".repeat((n * 37) % 900) },
      },
      { id, site, sequence: head.n + 1, epoch: database.epoch, prev: head.hash, prevSm3: head.sm3, nowMs },
    );
    table.insert(event);
    outbox.append(event, n % 3);
  });
  uplink.wake();
  // Synchronous: a line that was written before the kill is in the pipe.
  writeSync(1, `recorded ${id}\n`);
  await turn();
}
