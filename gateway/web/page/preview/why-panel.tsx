/** Why a rule fired, or where it stopped: each step with its value, its limit and the way to its setting. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { EventPage, Step, WhyAnswer } from "../../api.ts";
import type { Desk } from "../editor/desk.ts";
import { call } from "../shell/call.ts";
import { limitWords, valueWords } from "../parts/step-words.ts";
import { clockText, language, t } from "../shell/language.ts";
import { Trouble, useLoading } from "../shell/loading.tsx";
import { hashOf } from "../shell/router.ts";
import { previewTexts } from "../texts/preview.ts";
import { shellTexts } from "../texts/shell.ts";
import { tab } from "../editor/sheet.tsx";
import { stepName } from "../../../runtime/texts/step-words.ts";
import { typeName, zoneName } from "./names.ts";
import { TrackPicture } from "./track-picture.tsx";

/** Null track: every rule as a whole. */
export function WhyPanel({
  desk,
  asked,
}: {
  readonly desk: Desk;
  readonly asked: { readonly track: number | null; readonly atMs: number };
}): JSX.Element {
  const { track, atMs } = asked;
  const loading = useLoading(
    async (signal) => {
      const query = `at=${Math.round(atMs)}${track === null ? "" : `&track=${track}`}`;
      return (await call<WhyAnswer>("GET", `/cameras/${desk.camera}/why?${query}`, { signal })).value;
    },
    [desk.camera, track, atMs],
  );
  const time = clockText(atMs);
  const answer = loading.value.value;
  useEffect(() => {
    desk.path.value = answer?.path.map(({ at }) => at) ?? [];
    return () => {
      desk.path.value = [];
    };
  }, [desk, answer]);
  return (
    <div class="why-panel" data-testid="why-panel" aria-busy={loading.busy.value}>
      <button
        type="button"
        class="plain"
        data-testid="why-back"
        onClick={() => {
          desk.asked.value = null;
        }}
      >
        ← {t(previewTexts.back)}
      </button>
      <h2>{track === null ? t(previewTexts.whyTitle, { time }) : t(previewTexts.whyTrack, { id: track, time })}</h2>
      {track !== null && <TrackPicture camera={desk.camera} track={track} atMs={atMs} />}
      <EventsThen camera={desk.camera} atMs={atMs} />
      {loading.error.value ? (
        <Trouble error={loading.error.value} retry={loading.again} />
      ) : answer ? (
        <Reasons desk={desk} answer={answer} />
      ) : (
        <p>{t(shellTexts.loading)}</p>
      )}
    </div>
  );
}

/** A replay may begin an occurrence a little earlier or later than it was. */
const nearMs = 2_000;

/** The way to what was really recorded then, with its clip and its marks. */
function EventsThen({ camera, atMs }: { readonly camera: string; readonly atMs: number }): JSX.Element | null {
  const found = useLoading(
    async (signal) => {
      const span = `fromMs=${Math.round(atMs - nearMs)}&toMs=${Math.round(atMs + nearMs)}`;
      return (await call<EventPage>("GET", `/events?camera=${camera}&${span}&limit=5`, { signal })).value.events;
    },
    [camera, atMs],
  ).value.value;
  if (!found || found.length === 0) return null;
  return (
    <p class="row">
      {found.map(({ id, type }) => (
        <a key={id} data-testid="event-then" href={hashOf({ path: `/events/${encodeURIComponent(id)}`, filters: {} })}>
          {t(previewTexts.openEvent, { name: typeName(type) })}
        </a>
      ))}
    </p>
  );
}

function Reasons({ desk, answer }: { readonly desk: Desk; readonly answer: WhyAnswer }): JSX.Element {
  if (answer.rules.length === 0) return <p>{t(previewTexts.noRule)}</p>;
  return (
    <>
      {answer.rules.map(({ rule, zone, type, steps, openSinceMs }) => (
        <section key={`${zone} ${rule}`} class="card" data-testid={`why-${zone}-${rule}`}>
          <h3>
            {typeName(type)} · {zoneName(desk, zone)}
          </h3>
          <ol class="steps">
            {steps.map((step) => (
              <StepLine key={step.step} step={step} desk={desk} zone={zone} />
            ))}
          </ol>
          <p class={openSinceMs === null ? "off" : "good"}>
            {openSinceMs === null ? t(previewTexts.firesNot) : t(previewTexts.fires, { time: clockText(openSinceMs) })}
          </p>
        </section>
      ))}
    </>
  );
}

/** One step; its name leads to the setting. */
export function StepLine({
  step,
  desk,
  zone,
}: {
  readonly step: Step;
  readonly desk: Desk;
  readonly zone: string;
}): JSX.Element {
  const { passed } = step;
  const open = (): void => {
    const shape = desk.editor.shapes.value.find(({ id }) => id === zone);
    if (!shape) return;
    desk.editor.select({ kind: shape.kind, id: shape.id });
    tab.value = "settings";
  };
  return (
    <li class={passed ? "good" : "bad"}>
      <span aria-hidden="true">{passed ? "✓" : "✗"}</span>
      <span class="unseen">{t(passed ? previewTexts.yes : previewTexts.no)}</span>{" "}
      <button type="button" class="link" onClick={open}>
        {stepName(step.step, language.value)}
      </button>{" "}
      {valueWords(step)} <small class="inline">({t(previewTexts.limit, { limit: limitWords(step) })})</small>
    </li>
  );
}
