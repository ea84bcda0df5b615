/** `xueliang help`: examples first. */
import type { Language } from "../runtime/texts/fill.ts";
import { say } from "../runtime/texts/say.ts";
import { tableLines } from "../runtime/texts/width.ts";
import { version } from "../runtime/version.ts";
import { commandTable, globalFlags, type CommandEntry, type Flag } from "./command-table.ts";
import { finish, type Command } from "./command.ts";
import { exitCodeTexts } from "./exit-codes.ts";
import { didYouMean, usage } from "./read-args.ts";

/** Overview, one command, or the exit codes. */
export const helpCommand: Command = async ([topic], io) => {
  if (topic === undefined || topic === "help")
    return finish(io, 0, { commands: Object.keys(commandTable) }, () => overview(io.language));
  if (topic === "exit-codes") {
    const codes = exitCodeTexts.map(([code, text]) => ({ code, meaning: text[io.language] }));
    return finish(io, 0, { exit_codes: codes }, () => exitCodesHelp(io.language));
  }
  const entry = Object.hasOwn(commandTable, topic) ? commandTable[topic] : undefined;
  if (!entry)
    throw usage(
      io.language,
      "unknownCommand",
      { command: topic },
      didYouMean(topic, [...Object.keys(commandTable), "exit-codes"], io.language),
    );
  const document = {
    command: topic,
    usage: `xueliang ${entry.usage}`,
    about: entry.about[io.language],
    examples: entry.examples,
  };
  return finish(io, 0, document, () => commandHelp(entry, io.language));
};

/** `xueliang --version`. */
export const versionCommand: Command = async (_, io) => finish(io, 0, { version }, () => `xueliang ${version}`);

/** The text of one command. */
export function commandHelp(entry: CommandEntry, language: Language): string {
  const flags = flagLines(entry.flags ?? {}, language);
  return [
    entry.about[language],
    "",
    ...section(
      say(language, "helpExamples"),
      entry.examples.map((example) => `xueliang ${example}`),
    ),
    ...section(say(language, "helpUsage"), [`xueliang ${entry.usage}`]),
    ...(flags.length > 0 ? section(say(language, "helpOptions"), flags) : []),
    ...section(say(language, "helpGlobal"), flagLines(globalFlags, language)),
  ].join("\n");
}

function overview(language: Language): string {
  const commands = tableLines(Object.entries(commandTable).map(([name, { about }]) => [name, about[language]]));
  const examples = ["demo", "config check", "camera test", "run"].map((example) => `xueliang ${example}`);
  return [
    say(language, "helpTitle"),
    "",
    ...section(say(language, "helpExamples"), examples),
    ...section(say(language, "helpCommands"), commands),
    ...section(say(language, "helpGlobal"), flagLines(globalFlags, language)),
    say(language, "helpMore"),
  ].join("\n");
}

function exitCodesHelp(language: Language): string {
  const lines = tableLines(exitCodeTexts.map(([code, text]) => [String(code).padStart(3), text[language]]));
  return [say(language, "exitCodesTitle"), "", ...lines.map((line) => `  ${line}`)].join("\n");
}

function flagLines(flags: Readonly<Record<string, Flag>>, language: Language): string[] {
  return tableLines(
    Object.entries(flags).map(([name, flag]) => [
      `--${name}${flag.value === undefined ? "" : ` ${flag.value}`}`,
      flag.about[language],
    ]),
  );
}

function section(title: string, lines: readonly string[]): string[] {
  return [title, ...lines.map((line) => `  ${line}`), ""];
}
