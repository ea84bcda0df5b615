/** A gateway that others send to: a receiver in front, the box's own outbox behind, receipts on the way back. */
import { join } from "node:path";
import { Receiver } from "../platform/receiver.ts";
import type { GatewayConfig } from "./config/schema.ts";
import type { Delivery } from "./delivery/delivery.ts";
import { RelayStore } from "./delivery/relay/relay-store.ts";
import type { Log } from "./runtime/log.ts";
import type { Language } from "./runtime/texts/fill.ts";

/** What a relay stands on. */
export interface RelayOptions {
  readonly config: GatewayConfig;
  readonly relay: NonNullable<GatewayConfig["relay"]>;
  readonly delivery: Delivery;
  /** Holds the relay's keys and half-received evidence; on the disk of the evidence folder. */
  readonly folder: string;
  readonly language: Language;
  readonly log: Log;
}

/** Opens the relay. Throws GatewayError RECEIVER_LISTEN, RECEIVER_OPEN_DOOR, KEYS_UNREADABLE, ENROLMENT_INVALID. */
export async function openRelay(options: RelayOptions): Promise<Receiver> {
  const { config, relay, delivery, folder, language, log } = options;
  const opened: { receiver?: Receiver } = {};
  const store = new RelayStore({
    ...delivery.parts,
    gw: config.site.id,
    onReceipt: (lane, receipt) => opened.receiver?.receipt(lane, receipt),
  });
  const receiver = await Receiver.open({
    listen: relay.listen,
    folder: join(folder, "relay"),
    language,
    relay: config.site.id,
    sink: store,
    onResult: (result) => {
      for (const { uplink } of delivery.uplinks) uplink.say(result);
    },
  });
  opened.receiver = receiver;
  delivery.attach({
    onPassedOn: (uplinkId, lane, from, to) => {
      store.passedOn(uplinkId, lane, from, to);
    },
    onForeignCommand: (header, payload) => receiver.carry(header, payload),
  });
  // The config is the truth: who is no longer in it may no longer come.
  for (const gw of receiver.enrolled) if (!relay.gateways.some((known) => known.gw === gw)) await receiver.revoke(gw);
  for (const gateway of relay.gateways) await receiver.enrol(gateway);
  log.info({ address: receiver.address, key: receiver.serverKey }, "relay listening");
  return receiver;
}
