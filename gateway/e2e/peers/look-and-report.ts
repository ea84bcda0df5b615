/**
 * A box without a camera: looks at one picture with the starter model, records what it saw as an event, and says when the
 * platform has it. Arguments: picture, folder, address, server key.
 */
import { join } from "node:path";
import { ProcessDetector } from "../../analysis/detection/detector.ts";
import { loadModel } from "../../analysis/detection/model.ts";
import { frameFromFile, snapshot } from "../../analysis/snapshot.ts";
import { systemClock } from "../../runtime/clock.ts";
import { exampleTrigger } from "./example-trigger.ts";
import { openDelivery, until } from "./open-delivery.ts";

const [picture = "", folder = "", address = "", serverKey = ""] = process.argv.slice(2);
const model = await loadModel(join(import.meta.dirname, "../../../models/river-starter"));
await using detector = await ProcessDetector.open({
  model,
  processes: 1,
  timeoutMs: 120_000,
  clock: systemClock,
  onFailure: (error) => process.stderr.write(`${error.message}\n`),
});
using frame = await frameFromFile(picture, "pier", 1);
const detections = await detector.detect(frame);
await using opened = await openDelivery({ folder, address, serverKey });
const acknowledged: string[] = [];
opened.delivery.onAcknowledged(({ event }) => acknowledged.push(event.id));
await opened.delivery.record(exampleTrigger({ phase: "start" }), await snapshot(frame));
await until("the platform has the event", () => acknowledged.length === 1, 120_000);
process.stdout.write(`${JSON.stringify({ arch: process.arch, detections, acknowledged })}\n`);
