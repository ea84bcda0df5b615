/** `xueliang status`: asks the running daemon over its socket. */
import { join } from "node:path";
import { CommandError } from "../runtime/errors.ts";
import { systemClock } from "../runtime/clock.ts";
import { version } from "../runtime/version.ts";
import { commandTable } from "./command-table.ts";
import { emit, finish, sayLine, type Command } from "./command.ts";
import { askStatus } from "./control-socket.ts";
import { exitCodes } from "./exit-codes.ts";
import { readArgs, usage } from "./read-args.ts";
import { statusText } from "./status-text.ts";
import { storageFolderOf } from "./storage-folder.ts";

const watchMs = 2_000;
/** Clears the screen and goes to its first cell. */
const clearScreen = "\u001b[2J\u001b[H";

/** Exit code 3 when a camera that should stream does not, or a detector does not look. */
export const statusCommand: Command = async (args, io) => {
  const { flags, words } = readArgs(args, commandTable["status"]?.flags ?? {}, io.language);
  if (words[0] !== undefined) throw usage(io.language, "tooManyArguments", { argument: words[0] });
  const path = join(await storageFolderOf(io.configFolder), "control.sock");
  for (;;) {
    const status = await askStatus(path);
    if (status.version !== version)
      throw new CommandError("DAEMON_VERSION", { daemon: status.version, command: version });
    const troubled =
      status.cameras.some(({ state }) => state === "stalled" || state === "waiting") ||
      status.detectors.some(({ state }) => state === "stopped");
    const text = statusText(status, io.language);
    if (flags["watch"] !== true)
      return finish(io, troubled ? exitCodes.withProblems : exitCodes.done, { status }, () => text);
    if (io.json) emit(io, "status", { status });
    else io.stdout(`${io.color ? clearScreen : ""}${text}\n\n${sayLine(io, "statusWatchEnds")}`);
    try {
      await systemClock.sleep(watchMs, io.signal);
    } catch {
      return finish(io, exitCodes.interrupted, {}); // The signal ended the watch, as its last line says.
    }
  }
};
