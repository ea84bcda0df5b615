/** `xueliang doctor`: this box end to end, from the disk to the platform; works with and without a running daemon. */
import { join } from "node:path";
import { diagnosticsText } from "../config/diagnostic-text.ts";
import { loadConfig, type LoadedConfig } from "../config/load.ts";
import { CommandError, GatewayError } from "../runtime/errors.ts";
import type { GatewayStatus } from "../runtime/status.ts";
import { durationText } from "../runtime/texts/duration.ts";
import { say } from "../runtime/texts/say.ts";
import { finish, type Command, type CommandIo } from "./command.ts";
import { commandTable } from "./command-table.ts";
import { askStatus } from "./control-socket.ts";
import { checkBox } from "./doctor-box.ts";
import { checkCameras, checkModels, checkUplinks } from "./doctor-neighbours.ts";
import { failed, fine, poor, type Finding } from "./doctor-finding.ts";
import { exitCodes } from "./exit-codes.ts";
import { readArgs, usage } from "./read-args.ts";
import { storageFolder } from "./storage-folder.ts";

const marks = { fine: "✓", warning: "!", problem: "✗" } as const;

/** Exit code 3 when something is wrong; with `--strict` also for a warning. */
export const doctorCommand: Command = async (args, io) => {
  const { flags, words } = readArgs(args, commandTable["doctor"]?.flags ?? {}, io.language);
  if (words[0] !== undefined) throw usage(io.language, "tooManyArguments", { argument: words[0] });
  const findings: Finding[] = [];
  const told = (finding: Finding): void => {
    if (!io.json && finding.section !== findings.at(-1)?.section)
      io.stdout(`${findings.length > 0 ? "\n" : ""}${say(io.language, finding.section)}\n`);
    findings.push(finding);
    if (!io.json) io.stdout(`  ${marks[finding.verdict]} ${finding.text.trimEnd().replaceAll("\n", "\n    ")}\n`);
  };
  await examine(io, told);
  const problems = findings.filter(({ verdict }) => verdict === "problem").length;
  const warnings = findings.filter(({ verdict }) => verdict === "warning").length;
  const isFine = problems === 0 && (flags["strict"] !== true || warnings === 0);
  return finish(
    io,
    isFine ? exitCodes.done : exitCodes.withProblems,
    { problems, warnings, findings },
    () => `\n${say(io.language, "doctorResult", { problems, warnings })}`,
  );
};

/** In the order of the frame's and the event's way; one thing that is wrong does not hide the next. */
async function examine(io: CommandIo, told: (finding: Finding) => void): Promise<void> {
  const config = await loadConfig(io.configFolder).catch((error: unknown) => {
    if (error instanceof GatewayError) return error;
    throw error;
  });
  const isValid = !(config instanceof GatewayError);
  for await (const finding of checkBox(isValid ? config : null, io)) told(finding);
  if (!isValid) {
    told(failed("doctorConfig", config, io));
    return;
  }
  const daemon = await daemonOf(config);
  for (const finding of checkConfig(config, daemon, io)) told(finding);
  for await (const finding of checkCameras(config, daemon, io)) told(finding);
  for await (const finding of checkModels(config, io)) told(finding);
  for await (const finding of checkUplinks(config, daemon, io)) told(finding);
}

/** What the running daemon says; null when none answers. */
async function daemonOf(config: LoadedConfig): Promise<GatewayStatus | null> {
  try {
    return await askStatus(join(storageFolder(config), "control.sock"));
  } catch (error) {
    if (error instanceof CommandError) return null;
    throw error;
  }
}

function* checkConfig(config: LoadedConfig, daemon: GatewayStatus | null, io: CommandIo): Generator<Finding> {
  const { revision, warnings } = config;
  yield fine("doctorConfig", say(io.language, "doctorRevision", { revision }));
  if (warnings.length > 0) yield poor("doctorConfig", diagnosticsText(warnings, io.language));
  if (!daemon) yield poor("doctorConfig", say(io.language, "doctorNotRunning"));
  else if (daemon.configRevision !== revision)
    yield poor("doctorConfig", say(io.language, "doctorRunsOther", { running: daemon.configRevision, revision }));
  else {
    const time = durationText(io.language, daemon.nowMs - daemon.startedMs);
    yield fine("doctorConfig", say(io.language, "doctorRunning", { time }));
  }
}
