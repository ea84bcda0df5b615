/** The head of the editor: how much is changed, and what to do with it. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Applied, RegressionRun } from "../../api.ts";
import { call } from "../shell/call.ts";
import { momentText, t } from "../shell/language.ts";
import { editors } from "../shell/live.ts";
import { said, showFailure } from "../shell/say-failure.ts";
import { nowMs } from "../shell/ticking.ts";
import { showToast } from "../shell/toasts.tsx";
import { draftTexts } from "../texts/draft.ts";
import { changeCount } from "./core/changes.ts";
import { shapeAt } from "./core/shape.ts";
import type { Desk } from "./desk.ts";
import { ChangesDialog } from "./changes-dialog.tsx";
import { discardDraft, restoreDraft, sendDraft } from "./draft-steps.ts";

/** What was reloaded, and how long it took. */
export function reloadedText(applied: Applied, tookMs: number): string {
  const parts = applied.reloaded.map(({ what, camera, tookMs: told }) => {
    if (what === "rules") return t(draftTexts.reloadedRules, { camera: camera ?? "", ms: told ?? tookMs });
    return what === "camera"
      ? t(draftTexts.reloadedCamera, { camera: camera ?? "" })
      : t(draftTexts.reloadedOther, { what });
  });
  return parts.join(" · ");
}

/** Applies, and says what came of it. */
export async function applyDraft(desk: Desk): Promise<void> {
  try {
    const outcome = await sendDraft(desk);
    if (outcome.kind !== "applied") return;
    const { applied, tookMs } = outcome;
    const what = applied.changes.map(said).join(" · ");
    const text = applied.changed ? t(draftTexts.applied, { what }) : t(draftTexts.appliedNothing);
    showToast({ mood: "good", text, remedy: reloadedText(applied, tookMs) });
    if (applied.changed) await tryRegression(desk.camera);
  } catch (error) {
    showFailure(error);
  }
}

/** What must fire is tried with the rules that run now; nothing is said where nothing was kept. */
async function tryRegression(camera: string): Promise<void> {
  const { value } = await call<RegressionRun>("POST", "/regression/run", { body: { camera }, deadlineMs: 120_000 });
  const [passed, count] = [value.passed, value.cases.length];
  if (count === 0) return;
  const text = t(draftTexts.regression, { passed, count });
  if (passed === count) showToast({ mood: "good", text });
  else showToast({ mood: "bad", text, remedy: t(draftTexts.regressionLook) });
}

/** Drawn over the stage; who may not draw sees only who else does. */
export function DraftBar({ desk, may }: { readonly desk: Desk; readonly may: boolean }): JSX.Element {
  const showing = useSignal(false);
  const count = desk.changes.value;
  const obstacle = desk.obstacle.value;
  const other = editors.value.find(({ camera }) => camera === desk.camera);
  const discard = (): void => {
    if (confirm(t(draftTexts.discardAsk, { count }))) void discardDraft(desk).catch(showFailure);
  };
  const reason = obstacle && {
    name: shapeAt(desk.editor.rules.value, obstacle.shape)?.name ?? obstacle.shape.id,
    reason: t(obstacle.text, obstacle.values),
  };
  return (
    <div class="draft-bar" data-testid="draft-bar">
      {may && (
        <>
          <strong data-testid="change-count" data-count={count}>
            {count === 0 ? t(draftTexts.noChanges) : t(draftTexts.changes, { count })}
          </strong>
          <button
            type="button"
            class="plain"
            data-testid="show-changes"
            disabled={count === 0}
            onClick={() => {
              showing.value = true;
            }}
          >
            {t(draftTexts.showChanges)}
          </button>
          <button type="button" class="plain" data-testid="discard" disabled={count === 0} onClick={discard}>
            {t(draftTexts.discard)}
          </button>
          <button
            type="button"
            data-testid="apply"
            disabled={count === 0 || obstacle !== null || desk.busy.value}
            aria-describedby={reason ? "apply-reason" : undefined}
            onClick={() => void applyDraft(desk)}
          >
            {t(draftTexts.apply)}
          </button>
        </>
      )}
      <div class="draft-notes" aria-live="polite">
        {reason && (
          <span id="apply-reason" class="bad" data-testid="apply-reason">
            ▲ {t(draftTexts.fixFirst, reason)}
          </span>
        )}
        {other && (
          <span class="other-editor" data-testid="other-editor">
            {t(draftTexts.otherEditor, {
              user: other.user,
              minutes: Math.max(0, Math.floor((nowMs.value - other.sinceMs) / 60_000)),
            })}
          </span>
        )}
        {desk.overtaken.value && <span data-testid="overtaken">{t(draftTexts.changedMeanwhile)}</span>}
        {desk.notKept.value && <span class="bad">{t(draftTexts.draftNotKept)}</span>}
      </div>
      <Offered desk={desk} />
      <Refused desk={desk} />
      {showing.value && (
        <ChangesDialog
          desk={desk}
          close={() => {
            showing.value = false;
          }}
        />
      )}
    </div>
  );
}

function Offered({ desk }: { readonly desk: Desk }): JSX.Element | null {
  const kept = desk.offered.value;
  if (!kept) return null;
  const values = { time: momentText(kept.savedMs), count: changeCount(kept.base, kept.rules) };
  return (
    <div class="banner offered" role="alert" data-testid="offered-draft">
      <span>{t(draftTexts.restoreAsk, values)}</span>
      <button type="button" data-testid="restore" onClick={() => restoreDraft(desk)}>
        {t(draftTexts.restore)}
      </button>
      <button type="button" class="plain" onClick={() => void discardDraft(desk).catch(showFailure)}>
        {t(draftTexts.discard)}
      </button>
    </div>
  );
}

function Refused({ desk }: { readonly desk: Desk }): JSX.Element | null {
  const found = desk.diagnostics.value;
  if (found.length === 0) return null;
  return (
    <div class="trouble" role="alert" data-testid="diagnostics">
      <p>{t(draftTexts.diagnostics)}</p>
      <ul>
        {found.map(({ pointer, text, hint }) => (
          <li key={`${pointer} ${text.en}`}>
            <code>{pointer}</code> {said(text)} {said(hint)}
          </li>
        ))}
      </ul>
    </div>
  );
}
