/** `xueliang audit`: who did what to this box, line by line, and whether the chain of the lines holds. */
import { join } from "node:path";
import { loadConfig } from "../config/load.ts";
import { Database } from "../database/database.ts";
import { Audit } from "../delivery/commands/audit.ts";
import { systemClock } from "../runtime/clock.ts";
import { emit, finish, sayLine, type Command } from "./command.ts";
import { auditFlags } from "./command-table.ts";
import { exitCodes } from "./exit-codes.ts";
import { readArgs, usage } from "./read-args.ts";
import { timeOf } from "./rules-site.ts";
import { storageFolder } from "./storage-folder.ts";

/** Works beside a running gateway. Ends with 3 where a line does not follow from the one before it. */
export const auditCommand: Command = async (args, io) => {
  const { flags, words } = readArgs(args, auditFlags, io.language);
  if (words[0] !== undefined) throw usage(io.language, "tooManyArguments", { argument: words[0] });
  const config = await loadConfig(io.configFolder);
  const { timezone } = config.gateway.site;
  const since = flags["since"];
  const sinceMs = since === undefined ? 0 : timeOf(since, { nowMs: systemClock.nowMs(), timezone }, io);
  using database = await Database.read(join(storageFolder(config), "gateway.db"));
  const audit = new Audit(database);
  let [count, head] = [0, ""];
  for (const line of audit.lines(Math.round(sinceMs))) {
    if (io.json) emit(io, "line", line);
    else io.stdout(`${line.n}  ${line.body}\n`);
    [count, head] = [count + 1, line.hash];
  }
  const broken = audit.broken();
  const exit = broken === null ? exitCodes.done : exitCodes.withProblems;
  return finish(io, exit, { lines: count, head, broken }, () =>
    broken === null ? sayLine(io, "auditHolds", { count, head }) : sayLine(io, "auditBroken", { n: broken }),
  );
};
