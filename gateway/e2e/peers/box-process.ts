/** A box as a process of its own, to be killed: records events for ever and says which are recorded. Ends as the daemon does when its disk fails. Arguments: folder, address, server key, events a second. */
import { writeSync } from "node:fs";
import { join } from "node:path";
import { gatewaySchema } from "../../config/schema.ts";
import { Database } from "../../database/database.ts";
import { Delivery } from "../../delivery/delivery.ts";
import { systemClock } from "../../runtime/clock.ts";
import { GatewayError } from "../../runtime/errors.ts";
import { exampleTrigger } from "./example-trigger.ts";
import { pace } from "./pace.ts";

const [folder = "", address = "", serverKey = "", rate = "50"] = process.argv.slice(2);
process.on("uncaughtException", (error) => {
  if (!(error instanceof GatewayError)) console.error(error);
  process.exit(error instanceof GatewayError ? error.exitCode : 70);
});
const database = await Database.open(join(folder, "gateway.db"));
const delivery = await Delivery.open({
  config: gatewaySchema.parse({
    schema: "xueliang.gateway/1",
    site: { id: "box-1", name: "box" },
    uplinks: [{ id: "city", address, serverKey }],
  }),
  database,
  clock: systemClock,
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  typeInfo: () => null,
  provenance: () => ({ software: "test", model: null, configRevision: "r1" }),
});
writeSync(1, "ready\n");
const run = `${process.pid}-${Date.now()}`;
const turn = pace(Number(rate));
for (let n = 1; ; n += 1) {
  const occurrenceId = `${run}-${n}`;
  const jpeg = Buffer.alloc(20_000 + (n % 7) * 9_000, `${run} ${n} `);
  await delivery.record(exampleTrigger({ occurrenceId }), n % 10 === 0 ? { jpeg, widthPx: 640, heightPx: 360 } : null);
  // Synchronous: a line that was written before the kill is in the pipe.
  writeSync(1, `recorded ${occurrenceId}\n`);
  await turn();
}
