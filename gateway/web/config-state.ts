/** What runs and what lies on the disk, as the contract tells it (pure). */
import type { StoreState } from "../config/store/change.ts";
import type { Visitor } from "./access.ts";
import type { ConfigState, Diagnostic } from "./api.ts";
import { diagnosticOf } from "./problem.ts";

/** The banner that stands on every page. Whoever sees some cameras only learns that something is wrong, not where: places and values name the others. */
export function configStateOf(
  { running, onDisk, invalid, pending }: StoreState,
  { cameras }: Pick<Visitor, "cameras">,
): ConfigState {
  if (cameras === null) return { running, onDisk, invalid: invalid.map(diagnosticOf), pending };
  return { running, onDisk, invalid: invalid.map(untold), pending: pending && { ...pending, changes: [] } };
}

function untold({ severity }: { readonly severity: Diagnostic["severity"] }): Diagnostic {
  const nothing = { zh: "", en: "" };
  const nowhere = { pointer: "", file: "", line: 0, column: 0, length: 1 };
  return { code: "CONFIG_INVALID", severity, ...nowhere, text: nothing, hint: nothing };
}
