/** The daemon's log: one JSON line per fact on stderr, in the site's language, with known secrets gone. */
import { inspect } from "node:util";
import { pino } from "pino";
import { GatewayError } from "./errors.ts";
import type { Language } from "./texts/fill.ts";

/** Values and a named fact, in pino's order; `error` adds code, text and remedy. */
export interface Log {
  info(values: object, fact: string): void;
  warn(values: object, fact: string, error?: unknown): void;
  error(values: object, fact: string, error?: unknown): void;
  /** The newest lines, oldest first, secrets gone; a log that keeps none has no such method. */
  newest?(limit: number): readonly KeptLine[];
  /** Told of each line from now on; returns how to stop listening. */
  onLine?(listener: (line: KeptLine) => void): () => void;
}

/** A line as it left the process. */
export interface KeptLine {
  /** Counts up; never twice. */
  readonly n: number;
  readonly atMs: number;
  readonly level: "info" | "warn" | "error";
  readonly camera: string | null;
  readonly text: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Lines kept in memory, an hour of a bad day, and the room that they may take together. */
const keptLines = 2_000;
const keptChars = 1_048_576;
/** One line alone never pushes the others out. */
const longestKept = 16_384;

/** How a log is opened. */
export interface LogOptions {
  readonly language: Language;
  readonly level: "info" | "warn" | "error" | "silent";
  /** Removes secrets from a finished line; the last gate before the line leaves the process. */
  readonly redact?: (line: string) => string;
}

/** Opens the log; writes are synchronous, so that the last line before a crash is there. */
export function openLog(options: LogOptions): Log {
  const redact = options.redact ?? ((line: string) => line);
  const kept: KeptLine[] = [];
  const listeners = new Set<(line: KeptLine) => void>();
  let n = 0;
  const sizes: number[] = [];
  let size = 0;
  const sink = {
    write: (raw: string) => {
      const line = redact(raw);
      process.stderr.write(line);
      const one = keptLine(line.length > longestKept ? `${line.slice(0, longestKept)}…` : line, (n += 1));
      kept.push(one);
      size += sizes[sizes.push(Math.min(line.length, longestKept)) - 1] ?? 0;
      while (kept.length > keptLines || size > keptChars) {
        kept.shift();
        size -= sizes.shift() ?? 0;
      }
      for (const listener of listeners) listener(one);
    },
  };
  const logger = pino({ level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, sink);
  const said = (error: unknown): Record<string, unknown> => {
    if (error === undefined) return {};
    if (error instanceof GatewayError)
      return { code: error.code, text: error.say(options.language), hint: error.hint(options.language) };
    return { bug: error instanceof Error ? (error.stack ?? error.message) : inspect(error) };
  };
  return {
    info: (values, fact) => logger.info(values, fact),
    warn: (values, fact, error) => logger.warn({ ...values, ...said(error) }, fact),
    error: (values, fact, error) => logger.error({ ...values, ...said(error) }, fact),
    newest: (limit) => kept.slice(-limit),
    onLine: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A finished line taken apart again: what is kept is what left the process, with nothing that the redactor removed. */
function keptLine(line: string, n: number): KeptLine {
  const { level, time, msg, text, camera, ...detail } = parsedLine(line);
  const said = [msg, text].filter((one) => typeof one === "string").join(": ");
  return {
    n,
    atMs: typeof time === "string" ? Date.parse(time) : Date.now(),
    level: level === 50 ? "error" : level === 40 ? "warn" : "info",
    camera: typeof camera === "string" ? camera : null,
    text: said,
    detail,
  };
}

function parsedLine(line: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return { msg: line.trim() }; // The redactor may leave something that is no JSON any more.
  }
}
