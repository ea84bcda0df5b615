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
}

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
  const sink = { write: (line: string) => void process.stderr.write(redact(line)) };
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
  };
}
