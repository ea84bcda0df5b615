/** A relay as a process of its own, to be killed. Arguments: folder, name, address to listen on, address and key of the one before it, the record of the one behind it. */
import { writeSync } from "node:fs";
import { openRelay } from "../../relay.ts";
import { gatewaySchema } from "../../config/schema.ts";
import { GatewayError } from "../../runtime/errors.ts";
import { openDelivery } from "./open-delivery.ts";

const [folder = "", gw = "", listen = "", address = "", serverKey = "", behind = "{}"] = process.argv.slice(2);
process.on("uncaughtException", (error) => {
  console.error(error);
  process.exit(error instanceof GatewayError ? error.exitCode : 70);
});
const uplinks = [{ id: "up", address, serverKey }];
const config = gatewaySchema.parse({
  schema: "xueliang.gateway/1",
  site: { id: gw, name: gw },
  uplinks,
  relay: { listen, gateways: [JSON.parse(behind)] },
});
const { relay } = config;
if (!relay) throw new Error("no relay");
const { delivery } = await openDelivery({ folder, address: "", serverKey: "", gw, uplinks, more: { relay } });
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const receiver = await openRelay({ config, relay, delivery, folder, language: "en", log });
writeSync(1, `ready ${receiver.address}\n`);
await receiver.failure();
