/** `xueliang run`: the daemon in the foreground until a signal ends it. */
import { loadConfig } from "../config/load.ts";
import { redactorOf } from "../analysis/capture/redact.ts";
import { diagnosticsText } from "../config/diagnostic-text.ts";
import { Gateway } from "../gateway.ts";
import { openLog } from "../runtime/log.ts";
import { version } from "../runtime/version.ts";
import { emit, finish, sayLine, type Command } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { readArgs, usage } from "./read-args.ts";

/** Nothing starts on an invalid config. A signal is the normal end: exit code 0. */
export const runCommand: Command = async (args, io) => {
  const [extra] = readArgs(args, {}, io.language).words;
  if (extra !== undefined) throw usage(io.language, "tooManyArguments", { argument: extra });
  const config = await loadConfig(io.configFolder);
  const { site, cameras } = config.gateway;
  if (config.warnings.length > 0) io.stderr(`${diagnosticsText(config.warnings, io.language)}\n`);
  const log = openLog({ language: io.language, level: "info", redact: redactorOf(Object.values(config.credentials)) });
  {
    await using gateway = await Gateway.open({
      config,
      language: io.language,
      log,
      onAcknowledged: (acknowledged) => emit(io, "acknowledged", { acknowledged }),
    });
    const values = { version, site: site.name, cameras: cameras.length, revision: config.revision };
    emit(io, "started", { ...values, page: gateway.pageAddress, setup_code: gateway.setupCode });
    if (!io.json) {
      io.stdout(sayLine(io, "runStarted", values));
      if (gateway.pageAddress !== null) io.stdout(sayLine(io, "runPage", { address: gateway.pageAddress }));
      if (gateway.setupCode !== null) io.stdout(sayLine(io, "runCode", { code: gateway.setupCode }));
    }
    await gateway.run(io.signal);
  }
  return finish(io, exitCodes.done, {}, () => sayLine(io, "runStopped"));
};
