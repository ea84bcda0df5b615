/** A change of the config on behalf of a visitor, and its answer. */
import { configOf } from "../config/load.ts";
import { InvalidConfig } from "../config/diagnostic.ts";
import type { Change } from "../config/store/change.ts";
import { filesOf, revisionOfTexts, type Texts } from "../config/store/texts.ts";
import { WebError } from "../runtime/errors.ts";
import type { Visitor } from "./access.ts";
import type { Applied, Diagnostic } from "./api.ts";
import type { Desk } from "./desk.ts";
import { diagnosticOf } from "./problem.ts";

/** How a change is made. */
export interface ChangeOptions {
  readonly visitor: Visitor;
  /** The revision of the whole config that it is based on; null: whatever it is now. */
  readonly base: string | null;
  readonly isDry?: boolean;
}

/** @throws WebError WEB_CONFLICT when the config is not at `base`; InvalidConfig */
export async function changeConfig(
  desk: Desk,
  options: ChangeOptions,
  edit: (texts: Texts) => Texts,
): Promise<Applied> {
  const { visitor, base, isDry } = options;
  const { folder } = desk.store.running;
  const change = await desk.store.change(
    { user: visitor.user, via: "page" },
    (texts) => {
      if (base !== null && revisionOfTexts(folder, texts) !== base) throw new WebError(412, "WEB_CONFLICT");
      return spliced(() => edit(texts));
    },
    isDry,
  );
  return appliedOf(change, change.config.revision);
}

/** A text that cannot be made to say what is wanted. */
export function spliced<T>(edit: () => T): T {
  try {
    return edit();
  } catch (error) {
    if (error instanceof RangeError) throw new WebError(422, "WEB_BODY", { detail: error.message }, { cause: error });
    throw error;
  }
}

/** The answer of a change. */
export function appliedOf(change: Change, revision: string): Applied {
  return {
    revision,
    configRevision: change.config.revision,
    changed: change.isChanged,
    changes: change.changes,
    reloaded: change.reloads.map((reload) => ({
      what: reload.what,
      camera: "camera" in reload ? reload.camera : null,
      tookMs: reload.tookMs,
    })),
    warnings: change.config.warnings.map(diagnosticOf),
    ...(change.confirmByMs === null ? {} : { confirmByMs: change.confirmByMs }),
  };
}

/** Mistakes of texts that nobody has written yet; warnings too. */
export function diagnosticsOf(folder: string, texts: Texts): readonly Diagnostic[] {
  try {
    return configOf(filesOf(folder, texts)).warnings.map(diagnosticOf);
  } catch (error) {
    if (error instanceof InvalidConfig) return error.diagnostics.map(diagnosticOf);
    throw error;
  }
}
