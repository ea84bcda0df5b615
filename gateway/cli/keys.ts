/** `xueliang keys`: the key pair of this box, and the next one of its relay. The secret half is never printed. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../config/load.ts";
import { openSm2Signer } from "../delivery/keys/sm2-signer.ts";
import { enrolment, openKeys } from "../delivery/uplink/keys.ts";
import { announceNextKey, switchKey } from "../../platform/next-key.ts";
import { CommandError } from "../runtime/errors.ts";
import { keysFlags } from "./command-table.ts";
import { finish, sayLine, type Command, type CommandIo } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { didYouMean, readArgs, usage } from "./read-args.ts";
import { storageFolder } from "./storage-folder.ts";

const actions = ["show", "enrol", "relay-next", "relay-switch"] as const;

/**
 * `show` and `enrol` make the keys when there are none; `enrol` prints the record that a platform imports. `relay-next` makes the
 * key that this box will have towards the gateways behind it, `relay-switch` puts it in place; both take hold at its next start.
 */
export const keysCommand: Command = async (args, io) => {
  const { flags, words } = readArgs(args, keysFlags, io.language);
  const [action = "show", extra] = words;
  if (extra !== undefined) throw usage(io.language, "tooManyArguments", { argument: extra });
  if (!actions.some((known) => known === action)) {
    throw usage(io.language, "unknownCommand", { command: `keys ${action}` }, didYouMean(action, actions, io.language));
  }
  const config = await loadConfig(io.configFolder);
  if (action.startsWith("relay-"))
    return relayKey(action, flags["force"] === true, join(storageFolder(config), "relay"), io);
  const path = join(storageFolder(config), "keys.json");
  const made = !existsSync(path);
  const keys = await openKeys(path);
  const sm2 =
    config.gateway.trust.signEvents === "sm2"
      ? { sm2Public: (await openSm2Signer(join(storageFolder(config), "sm2-key.json"))).publicKey }
      : {};
  const record = { ...enrolment(config.gateway.site.id, keys), ...sm2 };
  if (made) io.stderr(sayLine(io, "keysMade"));
  return finish(io, exitCodes.done, { ...record, path, made }, () => {
    if (action === "enrol") return JSON.stringify(record);
    return sayLine(io, "keysPublic", { key: keys.curvePublic }) + sayLine(io, "keysHere", { path });
  });
};

/** As `receive --next-key` and `--switch-key` of a platform. 3: nothing was done, gateways do not know the key. */
async function relayKey(action: string, force: boolean, folder: string, io: CommandIo): Promise<number> {
  if (!existsSync(join(folder, "receiver-keys.json"))) {
    throw new CommandError("USAGE", { detail: sayLine(io, "relayNone").trimEnd() });
  }
  if (action === "relay-next") {
    const key = await announceNextKey(folder);
    return finish(io, exitCodes.done, { key }, () => sayLine(io, "relayNextKey", { key }));
  }
  const { key, unaware } = await switchKey(folder, force);
  if (unaware.length > 0) io.stderr(sayLine(io, "relayUnaware", { gateways: unaware.join(" ") }));
  else if (key === null) throw new CommandError("USAGE", { detail: sayLine(io, "relayNoNext").trimEnd() });
  if (key === null) return finish(io, exitCodes.withProblems, { unaware });
  return finish(io, exitCodes.done, { key, unaware }, () => sayLine(io, "relaySwitched", { key }));
}
