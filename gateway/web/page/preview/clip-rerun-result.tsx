/** What a re-run found: whether the recorded event fires, what else does, when and why, and how near the others came. */
import type { JSX } from "preact";
import type { ClipRerun, Step } from "../../api.ts";
import type { Desk } from "../editor/desk.ts";
import { clockText, numberText, t } from "../shell/language.ts";
import { rerunTexts } from "../texts/clip-rerun.ts";
import { typeName, zoneName } from "./names.ts";
import type { Rerun } from "./rerun.ts";
import { StepLine } from "./why-panel.tsx";

/** Nothing before the first run has ended. */
export function RerunResult({ desk, rerun }: { readonly desk: Desk; readonly rerun: Rerun }): JSX.Element | null {
  const state = rerun.state.value;
  if (state.kind !== "done") return null;
  const { answer, event, rules } = state;
  const { happenings, quiet, frames, notLookedAt, model, fromMs, toMs, tookMs } = answer;
  const again = happenings.find(({ type, zone }) => type === event.type && zone === event.zone);
  const secondsIn = (ms: number): string => numberText((ms - fromMs) / 1_000, 1);
  return (
    <div class="stack" data-testid="rerun-result" data-fires={again !== undefined}>
      <p class={`preview-result ${again ? "good" : "off"}`} role="status">
        {again ? `✓ ${t(rerunTexts.fires, { at: secondsIn(again.startMs) })}` : `– ${t(rerunTexts.firesNot)}`}
      </p>
      {JSON.stringify(rules) !== JSON.stringify(desk.editor.rules.value) && (
        <p data-testid="rerun-stale">△ {t(rerunTexts.stale)}</p>
      )}
      {happenings.length + quiet.length === 0 && <p>{t(rerunTexts.noRules)}</p>}
      {happenings.length > 0 && (
        <section data-testid="rerun-happens">
          <h3>{t(rerunTexts.happens, { count: happenings.length })}</h3>
          {happenings.map((one) => (
            <Outcome key={`${one.rule} ${one.startMs}`} desk={desk} one={one} atMs={one.startMs} fromMs={fromMs} />
          ))}
        </section>
      )}
      {quiet.length > 0 && (
        <section data-testid="rerun-quiet">
          <h3>{t(rerunTexts.quiet, { count: quiet.length })}</h3>
          {quiet.map((one) => (
            <Outcome key={one.rule} desk={desk} one={one} atMs={one.atMs} fromMs={fromMs} />
          ))}
        </section>
      )}
      <small>
        {t(rerunTexts.done, { frames: numberText(frames), seconds: numberText(tookMs / 1_000, 1), model })}{" "}
        {t(rerunTexts.fromNothing, { seconds: secondsIn(toMs) })}
      </small>
      {notLookedAt > 0 && (
        <p data-testid="rerun-blind">△ {t(rerunTexts.notLookedAt, { count: numberText(notLookedAt) })}</p>
      )}
    </div>
  );
}

function Outcome(parts: {
  readonly desk: Desk;
  readonly one: ClipRerun["quiet"][number] | ClipRerun["happenings"][number];
  readonly atMs: number;
  readonly fromMs: number;
}): JSX.Element {
  const { desk, one, atMs, fromMs } = parts;
  const { type, zone, rule } = one;
  const time = clockText(atMs);
  const span = "endMs" in one ? ` – ${one.endMs === null ? t(rerunTexts.goesOn) : clockText(one.endMs)}` : "";
  return (
    <details class="card" data-testid={`rerun-${rule}`}>
      <summary>
        {typeName(type)} · {zoneName(desk, zone)}
        {one.steps.length > 0 && (
          <small class="inline">
            {" "}
            {time}
            {span}
          </small>
        )}
      </summary>
      {one.steps.length === 0 ? (
        <p>{t(rerunTexts.nothing)}</p>
      ) : (
        <>
          <ol class="steps">
            {one.steps.map((step: Step) => (
              <StepLine key={step.step} step={step} desk={desk} zone={zone} />
            ))}
          </ol>
          <button type="button" class="plain" onClick={() => show((atMs - fromMs) / 1_000)}>
            {t(rerunTexts.show, { time })}
          </button>
        </>
      )}
    </details>
  );
}

/** The moment itself, standing. */
function show(seconds: number): void {
  const video = document.querySelector<HTMLVideoElement>("[data-testid=rerun-video]");
  if (!video) return;
  video.pause();
  video.currentTime = seconds;
  video.scrollIntoView({ block: "nearest" });
}
