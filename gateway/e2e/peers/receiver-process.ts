/** A receiver as a process of its own, to be killed. Arguments: folder, address, chance of dying between a commit and its acknowledgement, [store]. */
import { writeSync } from "node:fs";
import { join } from "node:path";
import { Receiver } from "../../../platform/receiver.ts";
import { openSink } from "../../../platform/sinks/open-sink.ts";
import type { Sink } from "../../../platform/sink.ts";

const [folder = "", listen = "", chance = "0", store = `sqlite:${join(folder, "platform.db")}`] = process.argv.slice(2);
const inner = await openSink(store, Date.now());
const sink: Sink = {
  watermarks: (gw, epoch) => inner.watermarks(gw, epoch),
  keepEvidence: (evidence, nowMs) => inner.keepEvidence(evidence, nowMs),
  evidence: (sha256) => inner.evidence(sha256),
  event: (id) => inner.event(id),
  stored: () => inner.stored(),
  counts: () => inner.counts(),
  [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  commit: async (batches, nowMs) => {
    const committed = await inner.commit(batches, nowMs);
    if (Math.random() < Number(chance)) process.kill(process.pid, "SIGKILL");
    return committed;
  },
};
const receiver = await Receiver.open({ listen, folder, language: "en", sink });
writeSync(1, `ready ${receiver.address} ${receiver.serverKey}\n`);
process.once("SIGTERM", () => {
  void receiver[Symbol.asyncDispose]().then(() => {
    writeSync(1, `counted ${receiver.meters.value("badFrames")} bad frames\n`);
    process.exit(0);
  });
});
await receiver.failure();
