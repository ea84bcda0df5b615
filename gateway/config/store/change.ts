/** What a change of the config is, and what runs. */
import type { Text } from "../../runtime/texts/fill.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { LoadedConfig } from "../load.ts";
import type { PendingChange } from "./confirmation.ts";
import type { Reload } from "./reload-plan.ts";
import type { Revision } from "./revisions.ts";

/** Who changes the config. */
export interface Author {
  /** Null: by hand in the file. With `command` the operator whose order it was. */
  readonly user: string | null;
  readonly via: Revision["via"];
}

/** Who made the box run what it runs, and when. */
export interface ConfigChange extends Author {
  /** Wall time, ms. */
  readonly atMs: number;
}

/** What a change came to. */
export interface Change {
  readonly config: LoadedConfig;
  readonly isChanged: boolean;
  readonly changes: readonly Text[];
  readonly reloads: readonly (Reload & { readonly tookMs: number | null })[];
  /** When it returns by itself unless it is confirmed. */
  readonly confirmByMs: number | null;
}

/** What runs, and what lies on the disk. */
export interface StoreState {
  readonly running: string;
  readonly onDisk: string;
  readonly invalid: readonly Diagnostic[];
  readonly pending: PendingChange | null;
}
