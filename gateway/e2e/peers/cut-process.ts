/**
 * A box with pictures and its receiver in one process, on one disk that is watched: everything durable that both do, in a
 * second. Says what it promises: `recorded OCCURRENCE` when the box has it, `acknowledged ID` when the platform has it.
 * Arguments: folder, name of this life, events; it ends without closing anything.
 */
import { writeSync } from "node:fs";
import { join } from "node:path";
import { Receiver } from "../../../platform/receiver.ts";
import { housekeep } from "../../delivery/evidence/retention.ts";
import { enrolment, ensureKeys } from "../../delivery/uplink/keys.ts";
import { exampleTrigger } from "./example-trigger.ts";
import { openDelivery, until } from "./open-delivery.ts";

const [folder = "", life = "", events = "50"] = process.argv.slice(2);
const box = join(folder, "box");
const receiver = await Receiver.open({ listen: "tcp://127.0.0.1:0", folder: join(folder, "platform"), language: "en" });
await receiver.enrol(enrolment("box-1", await ensureKeys(box)));
const { delivery, database } = await openDelivery({
  folder: box,
  address: receiver.address,
  serverKey: receiver.serverKey,
});
delivery.onAcknowledged(({ event }) => writeSync(1, `acknowledged ${event.id}\n`));
const { files, uplinks } = delivery.parts;
const waiting = (): number => delivery.status().uplinks.reduce((sum, way) => sum + way.depth + way.evidenceWaiting, 0);
for (let n = 1; n <= Number(events); n += 1) {
  const occurrenceId = `${life}-${n}`;
  const jpeg = Buffer.alloc(3_000 + (n % 5) * 2_000, `${occurrenceId} `);
  await delivery.record(exampleTrigger({ occurrenceId }), n % 3 === 0 ? { jpeg, widthPx: 64, heightPx: 64 } : null);
  writeSync(1, `recorded ${occurrenceId}\n`);
  if (n % 20 !== 0) continue;
  await until("all of it is at the platform", () => waiting() === 0);
  // Room is made as on a box that is nearly full: evidence goes, the log is emptied into the file.
  const outboxes = uplinks.map(({ outbox }) => outbox);
  await housekeep(database, files, outboxes, { evidenceBytes: 30_000, keepDays: 7 }, Date.now());
  database.shrink();
}
process.kill(process.pid, "SIGKILL");
