/** What every command gets and how it answers. */
import { say, type TextKey } from "../runtime/texts/say.ts";
import type { Language, Values } from "../runtime/texts/fill.ts";

/** The world as a command sees it; nothing else of the process is touched. */
export interface CommandIo {
  /** Results. The text carries its own line breaks. */
  readonly stdout: (text: string) => void;
  /** Progress and warnings. */
  readonly stderr: (text: string) => void;
  /** All of standard input, or null when it is a terminal. */
  readonly stdin: () => Promise<string | null>;
  /** Asks on the terminal without echo; null when there is none. */
  readonly askSecret: (question: string) => Promise<string | null>;
  readonly language: Language;
  /** True: one JSON document a line on stdout, the last one `{"type":"result", …}`. */
  readonly json: boolean;
  /** False under NO_COLOR, `--no-color` and where stdout is no terminal. */
  readonly color: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborts on SIGINT, SIGTERM and at the end of `--timeout`. */
  readonly signal: AbortSignal;
  /** The config folder, absolute: `--config`, XUELIANG_CONFIG, or `config/`. */
  readonly configFolder: string;
  /** `--timeout` in milliseconds; null when not given. */
  readonly timeoutMs: number | null;
}

/** A command: arguments after its name, global options removed. Returns an exit code; throws GatewayErrors. */
export type Command = (args: readonly string[], io: CommandIo) => Promise<number>;

/** One line of people's output in their language. */
export function sayLine(io: CommandIo, key: TextKey, values: Values = {}): string {
  return `${say(io.language, key, values)}\n`;
}

/** One line of a streaming command under `--json`; nothing otherwise. */
export function emit(io: CommandIo, type: string, document: object): void {
  if (io.json) io.stdout(`${JSON.stringify({ type, ...document })}\n`);
}

/** Ends a command: its document under `--json`, `human()` otherwise. Returns `exitCode`. */
export function finish(io: CommandIo, exitCode: number, document: object, human: () => string = () => ""): number {
  if (io.json)
    io.stdout(`${JSON.stringify({ type: "result", ok: exitCode === 0, exit_code: exitCode, ...document })}\n`);
  else {
    const text = human();
    if (text !== "") io.stdout(text.endsWith("\n") ? text : `${text}\n`);
  }
  return exitCode;
}
