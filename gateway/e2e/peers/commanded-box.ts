/** A box that obeys an operator, and its platform with a spool of commands: both on real sockets and real files. */
import { join } from "node:path";
import { openCommands, type CommandPorts } from "../../commands.ts";
import type { Commands } from "../../delivery/commands/commands.ts";
import type { Delivery } from "../../delivery/delivery.ts";
import { signOrder, type OperatorPublic, type Order } from "../../../platform/fleet/operator-key.ts";
import { Receiver, type ReceivedEvent } from "../../../platform/receiver.ts";
import { CommandSpool, type SpooledCommand, type SpooledResult } from "../../../platform/spool.ts";
import { openDelivery, until, type OpenOptions } from "./open-delivery.ts";

/** A command for `box-1`, signed with the operator key `NAME.json` in `folder`. */
export function signed(folder: string, op: string, args: Order["args"] = {}, key = "duty"): Promise<SpooledCommand> {
  const order = { gw: "box-1", op, args, operator: "值班员", reason: "test", ttlSec: 3_600 };
  return signOrder(join(folder, `${key}.json`), order, Date.now());
}

/** A platform in `folder/platform`. */
export async function openPlatform(stack: AsyncDisposableStack, folder: string, listen = "tcp://127.0.0.1:0") {
  const spool = new CommandSpool(join(folder, "platform"));
  const events: ReceivedEvent[] = [];
  const evidence: string[] = [];
  const opened: { receiver?: Receiver } = {};
  const receiver = await Receiver.open({
    listen,
    folder: join(folder, "platform"),
    language: "en",
    onEvent: (event, { duplicate }) => duplicate || events.push(event),
    onEvidence: (sha) => evidence.push(sha),
    onOpened: () => opened.receiver && spool.opened(opened.receiver),
    onResult: (result) => void spool.answer(result),
    onAsk: (_gw, ask) => spool.piece(ask),
  });
  opened.receiver = receiver;
  stack.use(receiver);
  const last = async (command: SpooledCommand, ms = 60_000): Promise<SpooledResult> => {
    await spool.put(command);
    spool.carry(receiver);
    await until("the last word", () => !spool.isPending(command.header.cmd), ms);
    const result = spool.result(command.header.cmd);
    if (!result) throw new Error("no result");
    return result;
  };
  return { spool, receiver, events, evidence, last };
}

/** What differs from a plain box. */
export interface BoxOptions {
  readonly ports?: Partial<CommandPorts>;
  readonly accept: readonly string[];
  readonly confirmSec?: number;
  readonly keys: readonly OperatorPublic[];
  readonly log?: OpenOptions["log"];
}

/** A box in `folder/box`, connected on return. */
export async function openBox(
  stack: AsyncDisposableStack,
  { receiver }: { readonly receiver: Receiver },
  folder: string,
  { accept, confirmSec = 120, keys, log, ports }: BoxOptions,
): Promise<{ readonly delivery: Delivery; readonly commands: Commands }> {
  const { delivery } = stack.use(
    await openDelivery({
      folder: join(folder, "box"),
      address: receiver.address,
      serverKey: receiver.serverKey,
      more: { commands: { accept, keys, confirmSec } },
      ...(log ? { log } : {}),
    }),
  );
  const commands = stack.use(
    openCommands({
      delivery,
      status: () => ({ state: "well" }),
      picture: () => Promise.resolve(null),
      config: null,
      reload: null,
      model: null,
      ...ports,
    }),
  );
  await until("connected", () => receiver.connected.includes("box-1"));
  return { delivery, commands: commands.commands };
}
