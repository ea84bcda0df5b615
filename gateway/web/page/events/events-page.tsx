/** Events: `#/events` the list, `#/events/ID` one of them, `#/events/~nearly` what nearly fired. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { addressOf } from "../shell/call.ts";
import { t } from "../shell/language.ts";
import { onLive } from "../shell/live.ts";
import { Trouble, useLoading } from "../shell/loading.tsx";
import { place, setFilters } from "../shell/router.ts";
import { showFailure } from "../shell/say-failure.ts";
import { may } from "../shell/session.ts";
import { eventTexts } from "../texts/events.ts";
import { shellTexts } from "../texts/shell.ts";
import { EventDetailPage } from "./event-detail.tsx";
import { EventRows } from "./event-rows.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { filterCount, queryOf } from "./filters.ts";
import { find, findMore, found, fresh, next } from "./found.ts";
import { useKeys } from "./keys.ts";
import { Nearly } from "./nearly.tsx";
import { SoundSwitch } from "./sound.tsx";
import { TestEventButton } from "./test-event.tsx";
import "./events.css";

/** The page. */
export function EventsPage(): JSX.Element {
  const one = /^\/events\/(.+)$/.exec(place.value.path)?.[1];
  if (one === "~nearly") return <Nearly />;
  if (one !== undefined) return <EventDetailPage key={one} id={decodeURIComponent(one)} />;
  return <EventList />;
}

function EventList(): JSX.Element {
  const { filters } = place.value;
  const view = filters["view"] === "grid" ? "grid" : "list";
  const query = queryOf(filters);
  const again = useSignal(0);
  const loading = useLoading((signal) => find(filters, again.value > 0, signal), [query, again.value]);
  useEffect(() => countFresh(), []);
  useKeys({ j: () => step(1), k: () => step(-1) });
  const rows = found.value;
  return (
    <section class="events-page">
      <div class="row head-row">
        <h1>{t(eventTexts.title)}</h1>
        <a class="button plain" href="#/events/~nearly">
          {t(eventTexts.suppressed)}
        </a>
        {may("technician") && <TestEventButton />}
        <ViewChoice view={view} />
      </div>
      <FilterBar />
      {fresh.value > 0 && (
        <button type="button" data-testid="fresh" onClick={() => (again.value += 1)}>
          {t(eventTexts.fresh, { count: fresh.value })}
        </button>
      )}
      {loading.error.value && <Trouble error={loading.error.value} retry={loading.again} />}
      {rows === null ? (
        loading.error.value === null && <p class="empty">{t(shellTexts.loading)}</p>
      ) : rows.length === 0 ? (
        <p class="empty">{t(filterCount(filters) > 0 ? eventTexts.empty : eventTexts.emptyAtAll)}</p>
      ) : (
        <EventRows rows={rows} view={view} />
      )}
      <Foot count={rows?.length ?? 0} query={query} />
    </section>
  );
}

function ViewChoice({ view }: { readonly view: "list" | "grid" }): JSX.Element {
  return (
    <div class="row" role="group" aria-label={t(eventTexts.view)}>
      {(["list", "grid"] as const).map((one) => (
        <button
          key={one}
          type="button"
          class="plain"
          data-testid={`view-${one}`}
          aria-pressed={view === one}
          onClick={() => setFilters({ view: one === "grid" ? one : "" })}
        >
          {t(eventTexts[one])}
        </button>
      ))}
    </div>
  );
}

function Foot({ count, query }: { readonly count: number; readonly query: string }): JSX.Element {
  const busy = useSignal(false);
  const more = (): void => {
    busy.value = true;
    findMore(place.value.filters)
      .catch(showFailure)
      .finally(() => {
        busy.value = false;
      });
  };
  return (
    <div class="events-foot">
      <div class="row">
        <span role="status">{t(eventTexts.shown, { count })}</span>
        {next.value !== null && (
          <button type="button" data-testid="more" disabled={busy.value} onClick={more}>
            {t(eventTexts.more)}
          </button>
        )}
      </div>
      <div class="row">
        <a class="button plain" download href={addressOf(`/events/export.csv${query}`)} data-testid="export-csv">
          {t(eventTexts.exportCsv)}
        </a>
        <a class="button plain" download href={addressOf(`/events/export.json${query}`)} data-testid="export-json">
          {t(eventTexts.exportJson)}
        </a>
        <SoundSwitch />
      </div>
    </div>
  );
}

/** Events that begin while one looks are counted, not pushed under the reader's finger. */
function countFresh(): () => void {
  return onLive((message) => {
    if (message.kind === "event" && message.phase === "start") fresh.value += 1;
  });
}

/** Moves the focus from row to row. */
function step(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>("a[data-event]")];
  const at = links.findIndex((link) => link === document.activeElement);
  const target = links[at < 0 ? 0 : at + by];
  target?.focus();
  target?.scrollIntoView({ block: "nearest" });
}
