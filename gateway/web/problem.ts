/** Errors as the contract tells them: code, values, and both languages finished (pure). */
import { hintOf, sayProblem, type Diagnostic as FileDiagnostic } from "../config/diagnostic.ts";
import { InvalidConfig } from "../config/diagnostic.ts";
import { GatewayError, WebError, type ErrorCode } from "../runtime/errors.ts";
import type { SaidError } from "../runtime/status.ts";
import type { Values } from "../runtime/texts/fill.ts";
import type { Diagnostic, Problem, RememberedError } from "./api.ts";

/** An error that can be acted on. */
export function problemOf(error: GatewayError): Problem {
  const diagnostics = error instanceof InvalidConfig ? { diagnostics: error.diagnostics.map(diagnosticOf) } : {};
  return { ...said(error), values: plain(error.values), ...waitOf(error), ...diagnostics };
}

/** The HTTP status of an error. */
export function statusOf(error: GatewayError): number {
  if (error instanceof WebError) return error.status;
  if (error instanceof InvalidConfig) return 422;
  if (error.code === "TRACK_LOG_EMPTY") return 404;
  return error.retry === "backoff" ? 503 : 400;
}

/** An error that a status carries. */
export function rememberedOf(error: SaidError): RememberedError {
  return { ...said(new GatewayError(error.code, error.values)), atMs: error.atMs };
}

/** The same, or nothing. */
export function rememberedOrNull(error: SaidError | null): RememberedError | null {
  return error === null ? null : rememberedOf(error);
}

/** A mistake in a file, both languages finished. */
export function diagnosticOf(found: FileDiagnostic): Diagnostic {
  return {
    code: found.code,
    severity: found.severity,
    pointer: found.path.join("/"),
    file: found.file,
    line: found.line,
    column: found.column,
    length: found.length,
    text: { zh: sayProblem(found, "zh"), en: sayProblem(found, "en") },
    hint: { zh: hintOf(found, "zh"), en: hintOf(found, "en") },
  };
}

function said(error: GatewayError): Pick<Problem, "code" | "text" | "hint"> & { readonly code: ErrorCode } {
  return {
    code: error.code,
    text: { zh: error.say("zh"), en: error.say("en") },
    hint: { zh: error.hint("zh"), en: error.hint("en") },
  };
}

function waitOf({ code, values }: GatewayError): { readonly waitSec?: number } {
  return code === "WEB_LOCKED" ? { waitSec: Number(values["seconds"]) } : {};
}

function plain(values: Values): Problem["values"] {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === "boolean" ? String(value) : value]),
  );
}
