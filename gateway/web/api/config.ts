/** The config as text, its revisions, and what runs. */
import type { Both, Diagnostic } from "./problem.ts";

/** `GET /config` (admin sees the texts; others get `files: []`), header `etag: "REVISION"`. */
export interface ConfigDocument {
  /** Of the files on disk. */
  readonly revision: string;
  readonly state: ConfigState;
  /** `gateway.yaml` first, then `zones/CAMERA.yaml`. Secrets are not among them. */
  readonly files: readonly ConfigFile[];
}

export interface ConfigFile {
  readonly name: string;
  readonly text: string;
}

/** What runs; part of the socket's messages too, for the banner that stands on every page. */
export interface ConfigState {
  readonly running: string;
  readonly onDisk: string;
  /** Mistakes of the files on disk that keep them from running; empty when all is well. Without place and text for a viewer of some cameras only. */
  readonly invalid: readonly Diagnostic[];
  /** A change that returns by itself unless it is confirmed. */
  readonly pending: {
    readonly revision: string;
    readonly returnsAtMs: number;
    /** Empty for a viewer of some cameras only. */
    readonly changes: readonly Both[];
  } | null;
}

/** Body of `PUT /config` (admin, `if-match`) and of `POST /config/check` (answers `{ diagnostics, changes, reload }`). Files left out stay. */
export interface ConfigTexts {
  readonly files: readonly ConfigFile[];
}

/** Answer of `POST /config/check`. */
export interface ConfigChecked {
  readonly diagnostics: readonly Diagnostic[];
  readonly changes: readonly Both[];
  readonly reload: readonly { readonly what: string; readonly camera: string | null }[];
}

/** `GET /revisions`: newest first, at most 50. */
export interface RevisionRow {
  /** Counts up. */
  readonly n: number;
  readonly revision: string;
  readonly atMs: number;
  /** Null: by hand in the file. */
  readonly user: string | null;
  readonly via: "page" | "file" | "command" | "set-up" | "return";
  readonly changes: readonly Both[];
  readonly running: boolean;
}

/** `GET /revisions/N` (admin): with the texts before and after. `POST /revisions/N/rollback` (technician) answers `Applied`. */
export interface RevisionDetail extends RevisionRow {
  readonly before: readonly ConfigFile[];
  readonly after: readonly ConfigFile[];
}
