/** From a mark to a better rule: a suggestion that opens as a draft, and the stretch kept as a regression case. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { EventDetail, RegressionCase, RulesDocument, RuleSet, SuggestAnswer } from "../../api.ts";
import type { KeptDraft } from "../editor/core/draft-text.ts";
import { call } from "../shell/call.ts";
import { momentText, numberText, t } from "../shell/language.ts";
import { goTo } from "../shell/router.ts";
import { showFailure } from "../shell/say-failure.ts";
import { readStored, writeStored } from "../shell/stored.ts";
import { showToast } from "../shell/toasts.tsx";
import { nameOf } from "./names.ts";
import { detailTexts } from "../texts/event-detail.ts";

/** Seconds of the log around an event that a case keeps: enough for every dwell time to run. */
const aroundMs = 60_000;

/** Both buttons and the answer of the first. */
export function Tuning({ event }: { readonly event: EventDetail }): JSX.Element {
  const answer = useSignal<SuggestAnswer | null>(null);
  const busy = useSignal(false);
  const { camera, zone, rule } = event;
  const suggest = (): void => {
    busy.value = true;
    call<SuggestAnswer>("POST", "/rules/suggest", { body: { camera, zone, rule }, deadlineMs: 60_000 })
      .then(({ value }) => (answer.value = value))
      .catch(showFailure)
      .finally(() => (busy.value = false));
  };
  return (
    <section class="card stack no-print">
      <div class="row">
        <button type="button" class="plain" data-testid="suggest" disabled={busy.value} onClick={suggest}>
          {t(detailTexts.suggest)}
        </button>
        <button type="button" class="plain" data-testid="keep-case" onClick={() => keepCase(event)}>
          {t(detailTexts.keepCase)}
        </button>
      </div>
      <small>{t(detailTexts.suggestAbout)}</small>
      <div role="status">{answer.value && <Suggestion camera={camera} answer={answer.value} />}</div>
    </section>
  );
}

function Suggestion({ camera, answer }: { readonly camera: string; readonly answer: SuggestAnswer }): JSX.Element {
  const { rules, change, trueKept, falseGone } = answer;
  if (rules === null || change === null) return <p data-testid="suggestion">{t(detailTexts.suggestNone)}</p>;
  const values = {
    key: change.key,
    from: numberText(change.from, 3),
    to: numberText(change.to, 3),
    gone: falseGone,
    kept: trueKept,
  };
  return (
    <div class="stack" data-testid="suggestion">
      <p>
        <strong>{t(detailTexts.suggested, values)}</strong>
      </p>
      <div class="row">
        <button type="button" data-testid="suggest-draft" onClick={() => void draft(camera, rules).catch(showFailure)}>
          {t(detailTexts.suggestDraft)}
        </button>
      </div>
    </div>
  );
}

/**
 * Kept as the camera's draft and offered by the editor when it opens; nothing is applied. The page is loaded anew, because an
 * editor that was open before has its draft in memory.
 */
async function draft(camera: string, rules: RuleSet): Promise<void> {
  const key = `draft.${camera}`;
  if (readStored(key) !== null && !confirm(t(detailTexts.suggestReplaces))) return;
  const { zones, lines, masks, schedules, holidays, revision } = (
    await call<RulesDocument>("GET", `/cameras/${camera}/rules`)
  ).value;
  const base = { zones, lines, masks, schedules, holidays };
  const kept: KeptDraft = { version: 1, baseRevision: revision, base, rules, savedMs: Date.now() };
  writeStored(key, JSON.stringify(kept));
  goTo(`/zones/${camera}`);
  location.reload();
}

function keepCase(event: EventDetail): void {
  const body = {
    name: `${nameOf(event)} ${momentText(event.startMs)}`,
    camera: event.camera,
    fromMs: event.startMs - aroundMs,
    toMs: (event.endMs ?? event.startMs) + aroundMs,
  };
  call<RegressionCase>("POST", "/regression", { body })
    .then(() => showToast({ mood: "good", text: t(detailTexts.keptCase, { name: body.name }) }))
    .catch(showFailure);
}
