/** `xueliang explain CODE`: what an error means and what to do, offline. */
import type { ErrorCode } from "../runtime/errors.ts";
import { errorTexts } from "../runtime/texts/errors.ts";
import { say } from "../runtime/texts/say.ts";
import { finish, type Command } from "./command.ts";
import { didYouMean, readArgs, usage } from "./read-args.ts";

const retryTexts = { backoff: "retryBackoff", slow: "retrySlow", never: "retryNever" } as const;

/** Codes may be typed in any case, and with the `E_` that other programs put in front. */
export const explainCommand: Command = async (args, io) => {
  const { words } = readArgs(args, {}, io.language);
  const [typed, extra] = words;
  if (typed === undefined) throw usage(io.language, "missingArgument", { what: "CODE" });
  if (extra !== undefined) throw usage(io.language, "tooManyArguments", { argument: extra });
  const code = typed.toUpperCase().replaceAll("-", "_").replace(/^E_/, "");
  if (!isCode(code))
    throw usage(
      io.language,
      "unknownErrorCode",
      { code: typed },
      didYouMean(code, Object.keys(errorTexts), io.language),
    );
  const { retry, exit } = errorTexts[code];
  const [message, hint] = errorTexts[code][io.language];
  return finish(io, 0, { code, message, hint, retry, exit }, () =>
    [
      code,
      "",
      `  ${message}`,
      "",
      `  ${hint}`,
      `  ${say(io.language, retryTexts[retry])} ${say(io.language, "explainExit", { exit })}`,
    ].join("\n"),
  );
};

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTexts, code);
}
