/** What is done with a draft as a whole: taken up again, thrown away, applied, settled with what somebody else applied. */
import { batch } from "@preact/signals";
import type { Applied, RuleSet, RulesConflict, RulesDocument } from "../../api.ts";
import { call, CallFailed } from "../shell/call.ts";
import { rulesOf } from "./core/draft-text.ts";
import type { Desk } from "./desk.ts";
import { keepDraft } from "./kept-drafts.ts";

/** What became of an application. */
export type Outcome =
  | { readonly kind: "applied"; readonly applied: Applied; readonly tookMs: number }
  | { readonly kind: "conflict" }
  | { readonly kind: "refused" };

/** Goes on with the kept draft, from the revision that it was based on: applying tells what came in between. */
export function restoreDraft(desk: Desk): void {
  const kept = desk.offered.value;
  if (!kept) return;
  batch(() => {
    desk.overtaken.value = kept.baseRevision !== desk.revision.value;
    desk.base.value = kept.base;
    desk.revision.value = kept.baseRevision;
    desk.editor.load(kept.base);
    desk.editor.commit(kept.rules);
    desk.offered.value = null;
  });
}

/** Forgets the draft, the kept one too. @throws CallFailed when the box had moved on and cannot be asked */
export async function discardDraft(desk: Desk): Promise<void> {
  desk.offered.value = null;
  desk.editor.load(desk.base.value);
  keepDraft(desk.camera, null);
  if (desk.overtaken.value) await desk.open();
}

/** Sends the draft as one revision. @throws CallFailed for what is neither a conflict nor a list of mistakes */
export async function sendDraft(desk: Desk): Promise<Outcome> {
  desk.busy.value = true;
  desk.diagnostics.value = [];
  const startedMs = performance.now();
  const path = `/cameras/${desk.camera}/rules`;
  try {
    const { value } = await call<Applied>("PUT", path, {
      body: desk.editor.history.value.present,
      ifMatch: desk.revision.value,
      deadlineMs: 30_000,
    });
    const tookMs = Math.round(performance.now() - startedMs);
    desk.take((await call<RulesDocument>("GET", path)).value);
    keepDraft(desk.camera, null);
    return { kind: "applied", applied: value, tookMs };
  } catch (error) {
    return refused(desk, error);
  } finally {
    desk.busy.value = false;
  }
}

function refused(desk: Desk, error: unknown): Outcome {
  if (!(error instanceof CallFailed)) throw error;
  if (error.status === 412) {
    desk.conflict.value = error.body as RulesConflict;
    return { kind: "conflict" };
  }
  if (error.status !== 422 || !error.problem) throw error;
  desk.diagnostics.value = error.problem.diagnostics ?? [];
  return { kind: "refused" };
}

/** The answer to a conflict: goes on from what they have, with the joined rules as the draft. */
export function settleConflict(desk: Desk, rules: RuleSet): void {
  const conflict = desk.conflict.value;
  if (!conflict) return;
  batch(() => {
    desk.base.value = rulesOf(conflict.theirs);
    desk.revision.value = conflict.theirs.revision;
    desk.overtaken.value = false;
    desk.conflict.value = null;
    desk.editor.commit(rules);
  });
}
