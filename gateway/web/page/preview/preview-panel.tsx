/** What the draft would have changed: two numbers, an hour strip, what goes and what comes; and the reasons of any of them. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { EventRow, Happening, PreviewAnswer } from "../../api.ts";
import { lazy } from "../parts/lazy.tsx";
import { Trouble, useLoading } from "../shell/loading.tsx";
import { clockText, momentText, numberText, t } from "../shell/language.ts";
import { place } from "../shell/router.ts";
import { said } from "../shell/say-failure.ts";
import type { Desk } from "../editor/desk.ts";
import { previewTexts } from "../texts/preview.ts";
import { labelName } from "../live/labels.ts";
import { HourStrip } from "./hour-strip.tsx";
import { typeName, zoneName } from "./names.ts";
import { TrackPicture } from "./track-picture.tsx";
import { markedEvents, span, spans, useRehearsal, type Marked } from "./rehearsal.ts";
import { WhyPanel } from "./why-panel.tsx";

/** The panel. */
export function PreviewPanel({ desk, may }: { readonly desk: Desk; readonly may: boolean }): JSX.Element {
  const { answer, error, busy, events } = useRehearsal(desk);
  if (desk.asked.value) return <WhyPanel desk={desk} asked={desk.asked.value} />;
  return (
    <div class="preview-panel" data-testid="preview-panel" aria-busy={busy}>
      <Window desk={desk} />
      {error ? (
        <Trouble error={error} />
      ) : answer ? (
        <Result desk={desk} answer={answer} events={events} />
      ) : (
        <p>{t(previewTexts.running)}</p>
      )}
      <TracksNow desk={desk} />
      {may && <ClipDoor desk={desk} />}
    </div>
  );
}

/** The last hour, day or week, or the time around an event that somebody marked. */
function Window({ desk }: { readonly desk: Desk }): JSX.Element {
  const known = useLoading((signal) => markedEvents(desk.camera, signal), [desk.camera]).value.value ?? [];
  const chosen = span.value;
  const isKnown = typeof chosen === "string" || known.some(({ id }) => id === chosen.id);
  const marked = isKnown ? known : [chosen, ...known];
  return (
    <label class="row">
      {t(previewTexts.window)}
      <select
        data-testid="preview-window"
        value={typeof chosen === "string" ? chosen : chosen.id}
        onChange={({ currentTarget: { value } }) => {
          span.value = spans.find((one) => one === value) ?? marked.find(({ id }) => id === value) ?? "day";
        }}
      >
        {spans.map((one) => (
          <option key={one} value={one}>
            {t(previewTexts[one])}
          </option>
        ))}
        {marked.length > 0 && (
          <optgroup label={t(previewTexts.around)}>
            {marked.map(({ id, startMs, type, zone, mark }) => (
              <option key={id} value={id}>
                {mark === "true" ? "✓" : "✗"} {momentText(startMs)} · {typeName(type)} · {zoneName(desk, zone)}
              </option>
            ))}
          </optgroup>
        )}
      </select>
    </label>
  );
}

const ClipRerunPanel = lazy(async () => (await import("./clip-rerun.tsx")).ClipRerunPanel);

/** What tracks cannot tell, the pixels can; few ask it, so its chunk comes only when it is opened. */
function ClipDoor({ desk }: { readonly desk: Desk }): JSX.Element {
  const asked = /^clip\/(.+)$/.exec(place.value.filters["setting"] ?? "")?.[1] ?? null;
  const isOpen = useSignal(asked !== null);
  return (
    <details
      open={isOpen.value}
      data-testid="rerun-door"
      onToggle={(event) => (isOpen.value = event.currentTarget.open)}
    >
      <summary>{t(previewTexts.rerun)}</summary>
      {isOpen.value && <ClipRerunPanel desk={desk} asked={asked} />}
    </details>
  );
}

function Result({
  desk,
  answer,
  events,
}: {
  readonly desk: Desk;
  readonly answer: PreviewAnswer;
  readonly events: readonly EventRow[];
}): JSX.Element {
  const marked = (one: Happening): Marked => markedOf(one, events);
  const falseGone = answer.gone.filter((one) => marked(one)?.mark === "false").length;
  const values = { gone: answer.gone.length, added: answer.added.length, false: falseGone };
  const same = answer.gone.length + answer.added.length === 0;
  return (
    <>
      <p
        class="preview-result"
        role="status"
        data-testid="preview-result"
        data-present={answer.present}
        data-draft={answer.draft}
      >
        {t(previewTexts.result, { present: answer.present, draft: answer.draft })}{" "}
        {t(same ? previewTexts.same : falseGone > 0 ? previewTexts.differsFalse : previewTexts.differs, values)}
      </p>
      <HourStrip hours={answer.hours} />
      <Doubts all={answer.doubts} />
      <List
        desk={desk}
        title={t(previewTexts.gone, { count: answer.gone.length })}
        all={answer.gone}
        marked={marked}
        testid="gone"
      />
      <List
        desk={desk}
        title={t(previewTexts.added, { count: answer.added.length })}
        all={answer.added}
        marked={marked}
        testid="added"
      />
      <small>
        {t(previewTexts.exact, { frames: numberText(answer.frames), ms: Math.round(answer.tookMs) })}
        {answer.missingFrames > 0 && ` ${t(previewTexts.missing, { count: numberText(answer.missingFrames) })}`}
        {answer.limits.map((limit) => ` ${t(previewTexts[limit])}`)} {t(previewTexts.modelStays)}
      </small>
    </>
  );
}

/** The recorded event of a happening, when there is one: its picture, and what people said of it. */
function markedOf({ zone, type, startMs }: Happening, events: readonly EventRow[]): Marked {
  const nearMs = 2_000;
  return (
    events.find(
      (event) => event.zone === zone && event.type.includes(type) && Math.abs(event.startMs - startMs) <= nearMs,
    ) ?? null
  );
}

/** Why the difference may be none: a label that the model never gives, a threshold that nothing reaches. */
function Doubts({ all }: { readonly all: PreviewAnswer["doubts"] }): JSX.Element | null {
  if (all.length === 0) return null;
  return (
    <section data-testid="preview-doubts">
      <h2>{t(previewTexts.doubts)}</h2>
      <ul>
        {all.slice(0, mostShown).map(({ pointer, text, hint }) => (
          <li key={`${pointer} ${text.en}`}>
            <code>{pointer}</code> {said(text)} {said(hint)}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** More than anybody looks through on a phone. */
const mostShown = 50;

function List(parts: {
  readonly desk: Desk;
  readonly title: string;
  readonly all: readonly Happening[];
  readonly marked: (one: Happening) => Marked;
  readonly testid: string;
}): JSX.Element | null {
  const { desk, title, all, marked, testid } = parts;
  if (all.length === 0) return null;
  return (
    <section data-testid={`preview-${testid}`}>
      <h2>{title}</h2>
      <ul class="happenings">
        {all.slice(0, mostShown).map((one) => {
          const event = marked(one);
          return (
            <li key={`${one.rule} ${one.startMs}`}>
              <button
                type="button"
                class="plain happening"
                onClick={() => {
                  desk.asked.value = { track: one.tracks[0] ?? null, atMs: one.startMs };
                }}
              >
                {event?.picture ? (
                  <img src={event.picture} alt="" loading="lazy" />
                ) : (
                  one.tracks[0] !== undefined && (
                    <TrackPicture camera={desk.camera} track={one.tracks[0]} atMs={one.startMs} />
                  )
                )}
                <span>
                  {typeName(one.type)}
                  <small>
                    {momentText(one.startMs)} · {zoneName(desk, one.zone)}
                    {event?.mark === "false" && " · ✗"}
                    {event?.mark === "true" && " · ✓"}
                  </small>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {all.length > mostShown && <small>{t(previewTexts.truncated)}</small>}
    </section>
  );
}

/** The keyboard's way to what a tap on the picture asks. */
function TracksNow({ desk }: { readonly desk: Desk }): JSX.Element | null {
  const header = desk.header.value;
  const tracks = header?.tracks ?? [];
  if (!header || tracks.length === 0) return null;
  return (
    <section>
      <h2>
        {t(previewTexts.tracksNow)} <small>{clockText(header.atMs)}</small>
      </h2>
      <div class="row">
        {tracks.map(({ id, cls }) => (
          <button
            key={id}
            type="button"
            class="plain"
            data-testid={`ask-${id}`}
            onClick={() => {
              desk.asked.value = { track: id, atMs: header.atMs };
            }}
          >
            {t(previewTexts.askTrack, { id, label: labelName(cls) })}
          </button>
        ))}
      </div>
    </section>
  );
}
