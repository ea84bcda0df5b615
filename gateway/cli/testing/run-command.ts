/** A command as typed at a terminal's other end: its exit code, and all that it says on both streams. */
import { commandLine } from "../command-line.ts";

/** @param lang as in `LANG` @param cwd where it is typed */
export async function runCommand(
  args: readonly string[],
  { lang, cwd }: { readonly lang: string; readonly cwd: string },
): Promise<{ readonly code: number; readonly out: string }> {
  let out = "";
  const say = (text: string): void => void (out += text);
  const code = await commandLine(args, {
    stdout: say,
    stderr: say,
    stdin: () => Promise.resolve(null),
    askSecret: () => Promise.resolve(null),
    env: { LANG: lang },
    cwd,
    signal: new AbortController().signal,
    isTerminal: false,
  });
  return { code, out };
}
