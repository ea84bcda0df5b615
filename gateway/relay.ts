/** A gateway that others send to: a receiver in front, the box's own outbox behind, receipts on the way back. */
import { join } from "node:path";
import { NextKeyKnown } from "../platform/next-key.ts";
import { receiverKeys } from "../platform/receiver-keys.ts";
import { Receiver } from "../platform/receiver.ts";
import type { GatewayConfig } from "./config/schema.ts";
import type { Delivery } from "./delivery/delivery.ts";
import { HeldCommands } from "./delivery/relay/held-commands.ts";
import { RelayStore } from "./delivery/relay/relay-store.ts";
import type { Header } from "./delivery/uplink/protocol/messages.ts";
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
  const held = new HeldCommands();
  const place = join(folder, "relay");
  const known = new NextKeyKnown(place, (await receiverKeys(join(place, "receiver-keys.json"))).next?.publicKey ?? "");
  // An uplink waits for one piece at a time.
  let turn: Promise<Uint8Array | null | undefined> = Promise.resolve(null);
  const store = new RelayStore({
    ...delivery.parts,
    gw: config.site.id,
    onReceipt: (lane, receipt) => opened.receiver?.receipt(lane, receipt),
  });
  // In the same breath as the store, which has just looked at what is acknowledged: the uplinks are at work already, and a word
  // that came between the two would be missed for good.
  delivery.attach({
    onPassedOn: (uplinkId, lane, from, to) => {
      store.passedOn(uplinkId, lane, from, to);
    },
    onForeignCommand: (header, payload) =>
      held.take(header, payload, { carry: (...command) => opened.receiver?.carry(...command) ?? false }),
  });
  const receiver = await Receiver.open({
    listen: relay.listen,
    folder: place,
    language,
    relay: config.site.id,
    sink: store,
    onOpened: () => opened.receiver && held.opened(opened.receiver),
    onResult: (result) => {
      held.answered(result);
      for (const { uplink } of delivery.uplinks) uplink.say(result);
    },
    onHealth: (gw, { nextServerKey }) => {
      if (known.note(gw, nextServerKey)) log.info({ gateway: gw }, "next relay key kept");
    },
    onAsk: (_gw, ask) => (turn = turn.then(() => pieceFromAbove(delivery, ask))),
  });
  opened.receiver = receiver;
  // The config is the truth: who is no longer in it may no longer come.
  for (const gw of receiver.enrolled) if (!relay.gateways.some((known) => known.gw === gw)) await receiver.revoke(gw);
  for (const gateway of relay.gateways) await receiver.enrol(gateway, { takesOver: true });
  log.info({ address: receiver.address, key: receiver.serverKey }, "relay listening");
  return receiver;
}

/** Nothing of it is kept here: whoever asks checks the whole file. Null: no platform has it. */
async function pieceFromAbove({ uplinks }: Delivery, ask: Header<"ASK">): Promise<Uint8Array | null | undefined> {
  let answer: Uint8Array | null | undefined = null;
  for (const { uplink } of uplinks) {
    const piece = await uplink.piece(ask);
    if (piece.kind === "bytes") return piece.bytes;
    if (piece.kind === "lost") answer = undefined;
  }
  return answer;
}
