/** The options of `xueliang receive`: what is asked for, and what cannot be asked for at once. */
import { parseArgs } from "node:util";
import { CommandError } from "../gateway/runtime/errors.ts";
import { fill, type Language, type Text } from "../gateway/runtime/texts/fill.ts";

const known = {
  listen: { type: "string" },
  folder: { type: "string" },
  sink: { type: "string" },
  list: { type: "boolean" },
  metrics: { type: "string" },
  evidence: { type: "string" },
  viewer: { type: "string" },
  "next-key": { type: "boolean" },
  "switch-key": { type: "boolean" },
  force: { type: "boolean" },
  enrol: { type: "string", multiple: true },
  revoke: { type: "string", multiple: true },
} as const;

/** What does one thing and ends, with all that it goes by. */
const ending = {
  list: ["folder", "sink"],
  viewer: ["folder"],
  "next-key": ["folder"],
  "switch-key": ["folder", "force"],
} as const satisfies Partial<Record<keyof typeof known, readonly (keyof typeof known)[]>>;

const texts = {
  ends: {
    en: "--{name} does one thing and ends; it would not follow {others}. Give it {allowed} beside it at most, and run the rest as a command of its own",
    zh: "--{name} 只执行一项操作随即结束，不会处理 {others}。它最多可与 {allowed} 同用，其余选项请另行执行",
  },
  force: { en: "--force belongs to --switch-key", zh: "--force 只与 --switch-key 同用" },
} as const satisfies Record<string, Text>;

const read = (args: readonly string[]) => parseArgs({ args: [...args], options: known }).values;

/** As they were given; absent: not given. */
export type ReceiveOptions = ReturnType<typeof read>;

/** Throws CommandError USAGE for an option that there is not, and for options of which one would be passed over in silence. */
export function readReceiveOptions(args: readonly string[], language: Language): ReceiveOptions {
  let options: ReceiveOptions;
  try {
    options = read(args);
  } catch (error) {
    throw new CommandError("USAGE", { detail: error instanceof Error ? error.message : "" }, { cause: error });
  }
  const refuse = (text: Text, values: Record<string, string> = {}): CommandError =>
    new CommandError("USAGE", { detail: fill(text[language], values) });
  const words = (names: readonly string[]): string => names.map((name) => `--${name}`).join(" ");
  for (const [name, allowed] of Object.entries(ending)) {
    if (!(name in options)) continue;
    const others = Object.keys(options).filter((other) => other !== name && !allowed.some((one) => one === other));
    if (others.length > 0) throw refuse(texts.ends, { name, others: words(others), allowed: words(allowed) });
  }
  if (options.force === true && options["switch-key"] !== true) throw refuse(texts.force);
  return options;
}
