/** The command line as a whole: global options, the command, what is said of its failure. */
import { resolve } from "node:path";
import { systemClock } from "../runtime/clock.ts";
import { CommandError, GatewayError } from "../runtime/errors.ts";
import { languageOf, type Language } from "../runtime/texts/fill.ts";
import { say } from "../runtime/texts/say.ts";
import { commandTable, globalFlags, type CommandEntry } from "./command-table.ts";
import type { CommandIo } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { didYouMean, splitArgs, usage } from "./read-args.ts";
import { failureDocument, failureText } from "./say-failure.ts";

/** What the process gives; the rest of CommandIo follows from the arguments. */
export type CommandWorld = Pick<CommandIo, "stdout" | "stderr" | "stdin" | "askSecret" | "env" | "cwd" | "signal"> & {
  readonly isTerminal: boolean;
};

/** Runs one command line and returns its exit code. Never throws: a bug is told and is exit code 1. */
export async function commandLine(args: readonly string[], world: CommandWorld): Promise<number> {
  // Known before anything is parsed, so that even a usage error speaks the reader's language and format.
  const early = { json: args.includes("--json"), language: earlyLanguage(args, world.env) };
  let lastLine = "";
  const stdout = (text: string): void => {
    lastLine = text.trimEnd().split("\n").at(-1) ?? "";
    world.stdout(text);
  };
  const answered = (): boolean => lastLine.startsWith('{"type":"result"');
  const result = (exitCode: number, document: object): void => {
    if (early.json && !answered())
      world.stdout(`${JSON.stringify({ type: "result", ok: exitCode === 0, exit_code: exitCode, ...document })}\n`);
  };
  try {
    const code = await dispatch(args, { ...world, stdout }, early.language);
    result(code, {});
    return code;
  } catch (thrown) {
    if (world.signal.aborted && !(thrown instanceof GatewayError)) {
      result(exitCodes.interrupted, {});
      return exitCodes.interrupted;
    }
    const error = isTimeout(thrown) ? new CommandError("TIMED_OUT", { seconds: timeoutIn(args) }) : thrown;
    const code = error instanceof GatewayError ? error.exitCode : exitCodes.failed;
    if (!early.json) world.stderr(`${failureText(error, early.language)}\n`);
    result(code, failureDocument(error, early.language));
    return code;
  }
}

function isTimeout(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === "TimeoutError";
}

function timeoutIn(args: readonly string[]): string {
  return String(splitArgs(args, globalFlags, "en").flags["timeout"] ?? "");
}

async function dispatch(args: readonly string[], world: CommandWorld, language: Language): Promise<number> {
  const { flags, rest } = splitArgs(args, globalFlags, language);
  if (flags["lang"] !== undefined && flags["lang"] !== "zh" && flags["lang"] !== "en")
    throw usage(language, "badLanguage");
  const timeoutMs = flags["timeout"] === undefined ? null : timeoutOf(String(flags["timeout"]), language);
  const folder = flags["config"] ?? world.env["XUELIANG_CONFIG"] ?? "config";
  const over = new AbortController();
  const io: CommandIo = {
    ...world,
    language,
    json: flags["json"] === true,
    color: world.isTerminal && flags["no-color"] === undefined && (world.env["NO_COLOR"] ?? "") === "",
    configFolder: resolve(world.cwd, String(folder)),
    timeoutMs,
    signal: timeoutMs === null ? world.signal : AbortSignal.any([world.signal, over.signal]),
  };
  const ended = new AbortController();
  if (timeoutMs !== null) void overAfter(timeoutMs, over, ended.signal);
  try {
    return await run(rest, flags["help"] === true, io);
  } finally {
    ended.abort();
  }
}

/** Holds the controller until then: nothing else does, and a collected AbortSignal.timeout() never fires. */
async function overAfter(ms: number, over: AbortController, ended: AbortSignal): Promise<void> {
  await systemClock.sleep(ms, ended).catch(() => undefined);
  if (!ended.aborted) over.abort(new DOMException("the time is over", "TimeoutError"));
}

async function run(rest: readonly string[], isHelp: boolean, io: CommandIo): Promise<number> {
  const [name, ...words] = rest;
  if (name === undefined || isHelp || name === "-h") {
    const { helpCommand } = await import("./help.ts");
    return helpCommand(name === undefined || name === "-h" ? [] : [name], io);
  }
  if (name === "--version" || name === "-V") {
    const { versionCommand } = await import("./help.ts");
    return versionCommand([], io);
  }
  const command = await entryOf(name, io.language).load();
  return command(words, io);
}

/** @throws CommandError USAGE with a did-you-mean */
function entryOf(name: string, language: Language): CommandEntry {
  const entry = Object.hasOwn(commandTable, name) ? commandTable[name] : undefined;
  if (entry) return entry;
  throw usage(
    language,
    name.startsWith("-") ? "unknownFlag" : "unknownCommand",
    { command: name, flag: name },
    didYouMean(name, Object.keys(commandTable), language),
  );
}

function timeoutOf(text: string, language: Language): number {
  const seconds = Number(text);
  if (!(seconds >= 0.1 && seconds <= 86_400)) throw new CommandError("USAGE", { detail: say(language, "badTimeout") });
  return seconds * 1_000;
}

function earlyLanguage(args: readonly string[], env: CommandWorld["env"]): Language {
  const at = args.findIndex((word) => word === "--lang" || word.startsWith("--lang="));
  const asked = at === -1 ? undefined : (args[at]?.split("=")[1] ?? args[at + 1]);
  return languageOf(
    asked ?? [env["LC_ALL"], env["LC_MESSAGES"], env["LANG"]].find((locale) => locale !== undefined && locale !== ""),
  );
}
