/** One event: what fired, why, whether it was right, and the sheet to print. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { EventDetail, Mark } from "../../api.ts";
import { call } from "../shell/call.ts";
import { momentText, siteZone, t } from "../shell/language.ts";
import { onLive } from "../shell/live.ts";
import { Trouble, useLoading } from "../shell/loading.tsx";
import { goTo, hashOf, place } from "../shell/router.ts";
import { showFailure } from "../shell/say-failure.ts";
import { may, session } from "../shell/session.ts";
import { detailTexts } from "../texts/event-detail.ts";
import { eventTexts } from "../texts/events.ts";
import { shellTexts } from "../texts/shell.ts";
import { useEffect } from "preact/hooks";
import { Digests, Facts, Messages, Objects } from "./event-facts.tsx";
import { playOrStop } from "./clip-player.tsx";
import { FiringFrame } from "./firing-frame.tsx";
import { onlyFilters } from "./filters.ts";
import { addressOfEvent, find, found, neighbours } from "./found.ts";
import { singleKeys, useKeys } from "./keys.ts";
import { nameOf, wellSet } from "./names.ts";
import { Signs } from "./event-rows.tsx";
import { Hold } from "./hold.tsx";
import { Marks, setMark } from "./marks.tsx";
import { TraceList } from "./trace-list.tsx";
import { Tuning } from "./tuning.tsx";

/** How often it is asked whether what was promised has come: nobody tells. */
const comingMs = 2_000;

/** The page of one event. */
export function EventDetailPage({ id }: { readonly id: string }): JSX.Element {
  const loading = useLoading(
    async (signal) => (await call<EventDetail>("GET", `/events/${encodeURIComponent(id)}`, { signal })).value,
    [id],
  );
  useEffect(
    () =>
      onLive((message) => {
        const mine = loading.value.value;
        const touched =
          (message.kind === "event" && message.occurrence === mine?.occurrence) ||
          (message.kind === "acknowledged" && mine?.messages.some((one) => one.id === message.id) === true);
        if (touched) loading.again();
      }),
    [id],
  );
  const event = loading.value.value;
  const isComing = (event?.evidenceComing.length ?? 0) > 0;
  useEffect(() => {
    if (!isComing) return undefined;
    const again = setInterval(() => loading.again(), comingMs);
    return () => clearInterval(again);
  }, [id, isComing]);
  return (
    <article class="events-page" data-testid="event-detail">
      <Steps id={id} />
      {loading.error.value && <Trouble error={loading.error.value} retry={loading.again} />}
      {event ? (
        <Detail key={event.id} event={event} changed={loading.again} />
      ) : (
        loading.error.value === null && <p class="empty">{t(shellTexts.loading)}</p>
      )}
    </article>
  );
}

/** The way back, to the next and to the one before. */
function Steps({ id }: { readonly id: string }): JSX.Element {
  const { filters } = place.value;
  useLoading((signal) => (found.value === null ? find(filters, false, signal) : Promise.resolve()), []);
  const { previous, next } = neighbours(id);
  const go = (row: typeof next): void => {
    if (!row) return;
    const address = addressOfEvent(row.id, filters);
    goTo(address.path, address.filters);
  };
  useKeys({ j: () => go(next), k: () => go(previous), " ": playOrStop });
  return (
    <nav class="row no-print steps-row" aria-label={t(eventTexts.title)}>
      <a
        class="button plain"
        data-testid="event-back"
        href={hashOf({ path: "/events", filters: onlyFilters(filters) })}
      >
        ← {t(eventTexts.back)}
      </a>
      <button
        type="button"
        class="plain"
        data-testid="event-previous"
        disabled={!previous}
        onClick={() => go(previous)}
      >
        {t(detailTexts.previous)} <kbd aria-hidden="true">K</kbd>
      </button>
      <button type="button" class="plain" data-testid="event-next" disabled={!next} onClick={() => go(next)}>
        {t(detailTexts.next)} <kbd aria-hidden="true">J</kbd>
      </button>
      <label class="switch keys-switch">
        <input
          type="checkbox"
          checked={singleKeys.value === "on"}
          onChange={(event) => (singleKeys.value = event.currentTarget.checked ? "on" : "off")}
        />
        <small>{t(eventTexts.keys)}</small>
      </label>
    </nav>
  );
}

function Detail(parts: { readonly event: EventDetail; readonly changed: () => void }): JSX.Element {
  const { event, changed } = parts;
  const mark = useSignal<Mark | null>(event.mark);
  const mayMark = may("technician");
  const set = (next: Mark | null): void => {
    const before = mark.value;
    mark.value = next;
    setMark(event.id, next, null).catch((error: unknown) => {
      mark.value = before;
      showFailure(error);
    });
  };
  const toggle = (one: Mark) => () => {
    if (mayMark && !event.test) set(mark.value === one ? null : one);
  };
  useKeys({ t: toggle("true"), f: toggle("false"), x: toggle("false"), u: toggle("unsure") });
  return (
    <>
      <header class="detail-head">
        <p class="print-only">{t(detailTexts.sheetTitle)}</p>
        <h1>{nameOf(event)}</h1>
        <p class="detail-signs">
          <strong>
            {event.cameraName} · {event.zoneName} · {momentText(event.startMs)}
          </strong>{" "}
          <Signs row={event} />
        </p>
        <p>{wellSet(event.title)}</p>
        <WalkNote event={event} />
        <div class="row no-print">
          <button type="button" class="plain" data-testid="print" onClick={() => print()}>
            {t(detailTexts.print)}
          </button>
        </div>
      </header>
      <div class="detail">
        <div class="stack">
          <FiringFrame event={event} />
          {mayMark && !event.test && <Marks event={event} mark={mark.value} set={set} />}
          {!event.test && event.evidence.length > 0 && <Hold event={event} changed={changed} />}
          {mayMark && event.clip !== null && (
            <a class="button plain no-print" data-testid="to-rerun" href={rerunAddress(event)}>
              {t(detailTexts.rerun)}
            </a>
          )}
          {mayMark && mark.value !== null && !event.test && <Tuning event={event} />}
        </div>
        <div class="stack">
          <Why event={event} />
          <Facts event={event} />
          <Objects event={event} />
          <Messages event={event} />
          <Digests event={event} />
        </div>
      </div>
      <SheetFoot />
    </>
  );
}

/** The editor with this clip before it. */
function rerunAddress({ camera, id }: EventDetail): string {
  return hashOf({ path: `/zones/${camera}`, filters: { setting: `clip/${id}` } });
}

/** Above everything and among the reasons, on the screen and on paper: nobody may take it for an alarm. */
function WalkNote({ event: { testWalk } }: { readonly event: EventDetail }): JSX.Element | null {
  if (!testWalk) return null;
  const { user, fromMs, wentOn } = testWalk;
  return (
    <p class="banner" data-testid="walk-note">
      <span aria-hidden="true">△ </span>
      {t(wentOn ? detailTexts.testWalkOn : detailTexts.testWalk, { user, time: momentText(fromMs) })}
    </p>
  );
}

function Why({ event }: { readonly event: EventDetail }): JSX.Element {
  return (
    <section class="card stack">
      <h2>{t(detailTexts.why)}</h2>
      <WalkNote event={event} />
      {event.trace.length === 0 ? (
        <p>{t(detailTexts.whyNone)}</p>
      ) : (
        <TraceList trace={event.trace} camera={event.camera} />
      )}
      {event.traceLeftOut > 0 && <small>{t(detailTexts.whyLeftOut, { count: event.traceLeftOut })}</small>}
    </section>
  );
}

/** Stands only on paper. */
function SheetFoot(): JSX.Element {
  return (
    <footer class="print-only sheet-foot">
      <p>{t(detailTexts.sheetCheck)}</p>
      <p>
        {t(detailTexts.sheetPrinted, {
          time: momentText(Date.now()),
          zone: siteZone.value,
          user: session.value?.user ?? "–",
        })}
      </p>
      <p class="sign-line">{t(detailTexts.sheetSign)}</p>
    </footer>
  );
}
