/** `xueliang password set`: the page's password, from the terminal or standard input, never from argv. */
import { CommandError } from "../runtime/errors.ts";
import { say } from "../runtime/texts/say.ts";
import { maxPasswordLength, minPasswordLength, writePassword } from "../web/password-file.ts";
import { finish, sayLine, type Command, type CommandIo } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { readArgs, usage } from "./read-args.ts";
import { storageFolderOf } from "./storage-folder.ts";

/** A running daemon takes the new password at once and ends every session. */
export const passwordCommand: Command = async (args, io) => {
  const [action, extra] = readArgs(args, {}, io.language).words;
  if (action !== "set")
    throw usage(io.language, action === undefined ? "missingArgument" : "unknownCommand", {
      what: "set",
      command: `password ${action ?? ""}`,
    });
  // A password on the command line would stand in the process list: it is not even quoted back.
  if (extra !== undefined) throw usage(io.language, "tooManyArguments", { argument: "***" });
  const folder = await storageFolderOf(io.configFolder);
  const password = await newPassword(io);
  if (password.length < minPasswordLength || password.length > maxPasswordLength)
    throw new CommandError("USAGE", { detail: say(io.language, "passwordShort") });
  await writePassword(folder, password);
  return finish(io, exitCodes.done, {}, () => sayLine(io, "passwordSet"));
};

async function newPassword(io: CommandIo): Promise<string> {
  const piped = await io.stdin();
  if (piped !== null) return piped.replace(/\r?\n$/, "");
  const first = await io.askSecret(say(io.language, "passwordAsk"));
  if (first === null) throw new CommandError("USAGE", { detail: say(io.language, "passwordNoInput") });
  const again = await io.askSecret(say(io.language, "passwordAgain"));
  if (first !== again) throw new CommandError("USAGE", { detail: say(io.language, "passwordDiffers") });
  return first;
}
