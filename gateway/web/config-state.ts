/** What runs and what lies on the disk, as the contract tells it (pure). */
import type { StoreState } from "../config/store/change.ts";
import type { ConfigState } from "./api.ts";
import { diagnosticOf } from "./problem.ts";

/** The banner that stands on every page. */
export function configStateOf({ running, onDisk, invalid, pending }: StoreState): ConfigState {
  return { running, onDisk, invalid: invalid.map(diagnosticOf), pending };
}
