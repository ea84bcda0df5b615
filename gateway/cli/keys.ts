/** `xueliang keys`: the key pair of this box. The secret half is never printed. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../config/load.ts";
import { openSm2Signer } from "../delivery/keys/sm2-signer.ts";
import { enrolment, openKeys } from "../delivery/uplink/keys.ts";
import { finish, sayLine, type Command } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { didYouMean, readArgs, usage } from "./read-args.ts";
import { storageFolder } from "./storage-folder.ts";

/** Both make the keys when there are none; `enrol` prints the record that a platform imports. */
export const keysCommand: Command = async (args, io) => {
  const [action = "show", extra] = readArgs(args, {}, io.language).words;
  if (extra !== undefined) throw usage(io.language, "tooManyArguments", { argument: extra });
  if (action !== "show" && action !== "enrol") {
    throw usage(
      io.language,
      "unknownCommand",
      { command: `keys ${action}` },
      didYouMean(action, ["show", "enrol"], io.language),
    );
  }
  const config = await loadConfig(io.configFolder);
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
