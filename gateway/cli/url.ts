/** `xueliang url`: under which addresses the page of this box can be opened, the first of them as a QR code for a phone. */
import { loadConfig } from "../config/load.ts";
import { addressesOf } from "../web/box/own-addresses.ts";
import { commandTable } from "./command-table.ts";
import { finish, sayLine, type Command } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { qrText } from "./qr-text.ts";
import { readArgs, usage } from "./read-args.ts";

/** By the config, whether the gateway runs or not; exit code 3 where the page is switched off. */
export const urlCommand: Command = async (args, io) => {
  const { flags, words } = readArgs(args, commandTable["url"]?.flags ?? {}, io.language);
  if (words[0] !== undefined) throw usage(io.language, "tooManyArguments", { argument: words[0] });
  const { web } = (await loadConfig(io.configFolder)).gateway;
  if (!web.enabled) return finish(io, exitCodes.withProblems, { addresses: [] }, () => sayLine(io, "urlPageOff"));
  const addresses = addressesOf(web.listen, web.tls !== undefined);
  const [first = ""] = addresses;
  const isHere = /^https?:\/\/(127\.|localhost|\[::1\])/.test(first);
  return finish(io, exitCodes.done, { addresses }, () =>
    [
      ...addresses.map((address) => `${address}\n`),
      ...(isHere ? [sayLine(io, "urlOnlyHere")] : []),
      ...(flags["qr"] === true ? [qrText(first)] : []),
    ].join(""),
  );
};
