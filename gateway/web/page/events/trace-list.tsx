/** The reasoning of a rule, step by step; each step leads to the setting that decided it. */
import type { JSX } from "preact";
import type { Step } from "../../api.ts";
import { limitWords, valueWords } from "../parts/step-words.ts";
import { language, t } from "../shell/language.ts";
import { hashOf } from "../shell/router.ts";
import { settingText } from "./names.ts";
import { detailTexts } from "../texts/event-detail.ts";
import { stepName } from "../../../runtime/texts/step-words.ts";

/** All steps of an event. */
export function TraceList({
  trace,
  camera,
}: {
  readonly trace: readonly Step[];
  readonly camera: string;
}): JSX.Element {
  return (
    <ol class="trace" data-testid="trace">
      {trace.map((step) => (
        <StepLine key={`${step.step} ${step.setting}`} step={step} camera={camera} />
      ))}
    </ol>
  );
}

/** One step. */
export function StepLine({ step, camera }: { readonly step: Step; readonly camera: string }): JSX.Element {
  const { passed, limit, setting } = step;
  return (
    <li class={passed ? "good" : "bad"} data-step={step.step}>
      <span aria-hidden="true">{passed ? "✓" : "✗"}</span>
      <span class="unseen">{t(passed ? detailTexts.passed : detailTexts.notPassed)}</span>
      <span class="trace-words">
        <strong>{stepName(step.step, language.value)}</strong> {valueWords(step)}
        {limit !== "" && <small>{t(detailTexts.needs, { limit: limitWords(step) })}</small>}
      </span>
      <a href={settingAddress(camera, setting)} aria-label={`${t(detailTexts.openSetting)}: ${settingText(setting)}`}>
        {settingText(setting)}
      </a>
    </li>
  );
}

/** The zone editor, with the setting named in the address. */
function settingAddress(camera: string, setting: string): string {
  return hashOf({ path: `/zones/${camera}`, filters: { setting } });
}
