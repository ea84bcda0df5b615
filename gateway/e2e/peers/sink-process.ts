/** Commits a few events to each store and is killed before it can say so. Arguments: kill after so many ms (negative: right after the commits), addresses of stores. */
import { openSink } from "../../../platform/sinks/open-sink.ts";
import { batchOf, epochOf } from "./sink-batches.ts";

const [killAfter = "-1", ...addresses] = process.argv.slice(2);
const epoch = epochOf("a");
const sinks = await Promise.all(addresses.map((address) => openSink(address, Date.now())));
if (Number(killAfter) >= 0) setTimeout(() => process.kill(process.pid, "SIGKILL"), Number(killAfter));
await Promise.all(
  sinks.map(async (sink) => {
    const acked = (await sink.watermarks("box-1", epoch)).get(1)?.acked ?? 0;
    // A session that was open before the last kill may send numbers again that are known by now.
    const from = Math.max(1, acked + 1 - Math.floor(Math.random() * 6));
    await sink.commit([batchOf("box-1", from, acked + 5, { epoch })], Date.now());
  }),
);
process.kill(process.pid, "SIGKILL");
