/** `xueliang run`: the daemon in the foreground until a signal ends it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { redactorOf } from "../analysis/capture/redact.ts";
import { diagnosticsText } from "../config/diagnostic-text.ts";
import { ConfigStore } from "../config/store/config-store.ts";
import { storageFolderGuess } from "../config/store/texts.ts";
import { Gateway } from "../gateway.ts";
import { systemClock } from "../runtime/clock.ts";
import { openLog, type Log } from "../runtime/log.ts";
import { SecurityLog } from "../runtime/security-log.ts";
import { version } from "../runtime/version.ts";
import { addressesOf } from "../web/box/own-addresses.ts";
import type { WebServer } from "../web/server.ts";
import { emit, finish, sayLine, type Command, type CommandIo } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { readArgs, usage } from "./read-args.ts";
import { ServiceNotice } from "./service-notice.ts";
import { setUp } from "./set-up.ts";
import { writeUrlFile } from "./url-file.ts";

/**
 * Without a config the page's wizard makes one; a bad one is told and the last that ran goes on; a bad first one ends it.
 * A signal is the normal end: exit code 0.
 */
export const runCommand: Command = async (args, io) => {
  const [extra] = readArgs(args, {}, io.language).words;
  if (extra !== undefined) throw usage(io.language, "tooManyArguments", { argument: extra });
  await using stack = new AsyncDisposableStack();
  using notice = new ServiceNotice(io.env);
  try {
    const isNew = !existsSync(join(io.configFolder, "gateway.yaml"));
    const gateway = isNew ? await started(io, stack, () => tellReady(io, notice)) : await open(io, stack);
    if (!isNew) tellReady(io, notice);
    await gateway.run(io.signal);
  } catch (error) {
    if (!io.signal.aborted) throw error;
  }
  notice.stopping();
  await stack.disposeAsync();
  return finish(io, exitCodes.done, {}, () => sayLine(io, "runStopped"));
};

function tellReady(io: CommandIo, notice: ServiceNotice): void {
  if (!notice.ready()) io.stderr(sayLine(io, "runNotTold"));
}

async function started(io: CommandIo, stack: AsyncDisposableStack, onServing: () => void): Promise<Gateway> {
  const inner = new AsyncDisposableStack();
  const security = new SecurityLog(); // Who was let in before there is a database is written as soon as there is one.
  const start = (server: WebServer): Promise<Gateway> => open(io, inner, { web: server, security });
  const { gateway, web } = await setUp(io, security, start, onServing);
  stack.use(web);
  stack.use(inner);
  return gateway;
}

/** Opens store and gateway onto `stack` and says so. */
async function open(
  io: CommandIo,
  stack: AsyncDisposableStack,
  before: { readonly web?: WebServer; readonly security?: SecurityLog } = {},
): Promise<Gateway> {
  const folder = io.configFolder;
  const logged: { log?: Log } = {};
  const store = stack.use(
    await ConfigStore.open({
      folder,
      revisionsFolder: join(storageFolderGuess(folder), "revisions"),
      clock: systemClock,
      onProblem: (error) => logged.log?.warn({}, "config", error),
    }),
  );
  const config = store.running;
  const doubts = [...store.state().invalid, ...config.warnings];
  if (doubts.length > 0) io.stderr(`${diagnosticsText(doubts, io.language)}\n`);
  const log = openLog({ language: io.language, level: "info", redact: redacting(store) });
  logged.log = log;
  const gateway = stack.use(
    await Gateway.open({
      config,
      store,
      language: io.language,
      log,
      ...before,
      onAcknowledged: (acknowledged) => emit(io, "acknowledged", { acknowledged }),
    }),
  );
  tellStarted(io, gateway, store);
  const { web } = store.running.gateway;
  if (web.enabled) await writeUrlFile(io.env, addressesOf(web.listen, web.tls !== undefined));
  return gateway;
}

function tellStarted(io: CommandIo, gateway: Gateway, { running }: ConfigStore): void {
  const { site, cameras } = running.gateway;
  const values = { version, site: site.name, cameras: cameras.length, revision: running.revision };
  emit(io, "started", { ...values, page: gateway.pageAddress, setup_code: gateway.setupCode });
  if (io.json) return;
  io.stdout(sayLine(io, "runStarted", values));
  if (gateway.pageAddress !== null) io.stdout(sayLine(io, "runPage", { address: gateway.pageAddress }));
  if (gateway.setupCode !== null) io.stdout(sayLine(io, "runCode", { code: gateway.setupCode }));
}

/** Knows the logins of now: they may change while the daemon runs. */
function redacting(store: ConfigStore): (line: string) => string {
  let known = store.running.credentials;
  let redact = redactorOf(Object.values(known));
  return (line) => {
    if (store.running.credentials !== known) {
      known = store.running.credentials;
      redact = redactorOf(Object.values(known));
    }
    return redact(line);
  };
}
