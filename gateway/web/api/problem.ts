/** What went wrong, as data and in both languages. */

/** A text in both languages, finished. */
export interface Both {
  readonly zh: string;
  readonly en: string;
}

/** The body of every answer with a status of 400 and more. */
export interface Problem {
  /** Stable code of the errors table, for example `WEB_LOCKED`. */
  readonly code: string;
  readonly values: Readonly<Record<string, string | number>>;
  /** What happened. */
  readonly text: Both;
  /** What to do about it. */
  readonly hint: Both;
  /** Status 429: seconds until the next try makes sense; the header `retry-after` says the same. */
  readonly waitSec?: number;
  /** Status 422: what is wrong in the rules or files sent. */
  readonly diagnostics?: readonly Diagnostic[];
}

/** An error that the box remembers: of a camera, a detector, an uplink. */
export interface RememberedError {
  readonly code: string;
  readonly atMs: number;
  readonly text: Both;
  readonly hint: Both;
}

/** A mistake in a config text or in rules, at its place. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: "error" | "warning";
  /** `zones/2/polygon/3`; empty for the whole. */
  readonly pointer: string;
  /** The file as shown to people, for example `config/zones/cam1.yaml`. */
  readonly file: string;
  /** Both count from 1; 0 when the text of the file was not looked at. */
  readonly line: number;
  readonly column: number;
  /** Characters to underline, at least 1. */
  readonly length: number;
  readonly text: Both;
  readonly hint: Both;
}
