/** Arguments → options and words, with a did-you-mean for what is mistyped. */
import { parseArgs } from "node:util";
import { nearest } from "../config/did-you-mean.ts";
import { CommandError } from "../runtime/errors.ts";
import { fill, type Language } from "../runtime/texts/fill.ts";
import { texts, type TextKey } from "../runtime/texts/say.ts";
import { globalFlags, type Flag } from "./command-table.ts";

/** Options by name (a switch is true) and the words between them. */
export interface ReadArgs {
  readonly flags: Readonly<Record<string, string | true>>;
  readonly words: readonly string[];
}

/** The part of the arguments that `known` covers, and the rest in order. */
export interface SplitArgs {
  readonly flags: Readonly<Record<string, string | true>>;
  readonly rest: readonly string[];
}

/** @throws CommandError USAGE for an unknown option, a missing or an unwanted value */
export function readArgs(args: readonly string[], known: Readonly<Record<string, Flag>>, language: Language): ReadArgs {
  const { flags, rest } = splitArgs(args, known, language);
  const words: string[] = [];
  let open = true;
  for (const word of rest) {
    if (word === "--" && open) open = false;
    else if (open && word.startsWith("-") && word.length > 1)
      throw unknownFlag(word, [...Object.keys(known), ...Object.keys(globalFlags)], language);
    else words.push(word);
  }
  return { flags, words };
}

/** Takes the options of `known` out of `args`, wherever they stand before `--`. */
export function splitArgs(
  args: readonly string[],
  known: Readonly<Record<string, Flag>>,
  language: Language,
): SplitArgs {
  const options = Object.fromEntries(
    Object.entries(known).map(([name, flag]) => [
      name,
      { type: flag.value === undefined ? "boolean" : "string" } as const,
    ]),
  );
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  const flags: Record<string, string | true> = {};
  const taken = new Set<number>();
  for (const token of tokens) {
    if (token.kind === "option-terminator") break;
    if (token.kind !== "option") continue;
    const flag = Object.hasOwn(known, token.name) ? known[token.name] : undefined;
    if (!flag || !token.rawName.startsWith("--")) continue;
    taken.add(token.index);
    if (flag.value === undefined) {
      if (token.value !== undefined) throw usage(language, "flagTakesNone", { flag: token.rawName });
      flags[token.name] = true;
      continue;
    }
    // An option right behind is not a value: `--config --json` is a forgotten folder.
    if (token.value === undefined || (!token.inlineValue && token.value.startsWith("--")))
      throw usage(language, "flagNeedsValue", { flag: token.rawName });
    if (!token.inlineValue) taken.add(token.index + 1);
    flags[token.name] = token.value;
  }
  return { flags, rest: args.filter((_, index) => !taken.has(index)) };
}

/** A USAGE error in the reader's language. */
export function usage(
  language: Language,
  key: TextKey,
  values: Readonly<Record<string, string>> = {},
  more = "",
): CommandError {
  return new CommandError("USAGE", { detail: fill(texts[key][language], values) + more });
}

/** `; did you mean "x"?`, or nothing. */
export function didYouMean(typed: string, candidates: Iterable<string>, language: Language): string {
  const meant = nearest(typed, candidates);
  return meant === null ? "" : fill(texts.didYouMean[language], { meant });
}

function unknownFlag(word: string, known: readonly string[], language: Language): CommandError {
  const name = word.replace(/^-+/, "").replace(/=.*/s, "");
  const meant = nearest(name, known);
  return usage(
    language,
    "unknownFlag",
    { flag: word.replace(/=.*/s, "") },
    meant === null ? "" : fill(texts.didYouMean[language], { meant: `--${meant}` }),
  );
}
