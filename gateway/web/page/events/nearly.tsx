/** What nearly fired, searchable: the place to look when an event was expected and did not come. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { SuppressedAnswer } from "../../api.ts";
import { loadCatalogue, typeName } from "../editor/catalogue.ts";
import { call } from "../shell/call.ts";
import { momentText, t } from "../shell/language.ts";
import { cameras } from "../shell/live.ts";
import { Trouble, useLoading } from "../shell/loading.tsx";
import { place, setFilters } from "../shell/router.ts";
import { eventTexts } from "../texts/events.ts";
import { shellTexts } from "../texts/shell.ts";
import { StepLine } from "./trace-list.tsx";

const spans = { lastHour: 3_600_000, lastDay: 86_400_000, lastWeek: 7 * 86_400_000 } as const;
type Span = keyof typeof spans;
const names = Object.keys(spans) as Span[];

type Near = SuppressedAnswer["nearly"][number];

/** The page. */
export function Nearly(): JSX.Element {
  const { filters } = place.value;
  const all = cameras.value ?? [];
  const camera = filters["camera"] ?? all[0]?.id ?? "";
  const span = names.find((one) => one === filters["span"]) ?? "lastDay";
  const sought = useSignal("");
  useEffect(() => {
    loadCatalogue().catch(() => undefined);
  }, []);
  const loading = useLoading(
    async (signal) => {
      if (camera === "") return null;
      const to = Date.now();
      const query = `from=${to - spans[span]}&to=${to}`;
      return (await call<SuppressedAnswer>("GET", `/cameras/${camera}/suppressed?${query}`, { signal })).value;
    },
    [camera, span],
  );
  const shown = loading.value.value?.nearly.filter((one) => fits(one, sought.value)) ?? null;
  return (
    <section class="events-page">
      <a href="#/events">← {t(eventTexts.back)}</a>
      <h1>{t(eventTexts.suppressed)}</h1>
      <p class="note">{t(eventTexts.suppressedAbout)}</p>
      <div class="filter-fields card">
        <label>
          {t(eventTexts.camera)}
          <select value={camera} onChange={(event) => setFilters({ camera: event.currentTarget.value })}>
            {all.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t(eventTexts.from)}
          <select value={span} onChange={(event) => setFilters({ span: event.currentTarget.value })}>
            {names.map((one) => (
              <option key={one} value={one}>
                {t(eventTexts[one])}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t(eventTexts.search)}
          <input
            type="search"
            data-testid="nearly-search"
            value={sought.value}
            onInput={(event) => (sought.value = event.currentTarget.value)}
          />
        </label>
      </div>
      {loading.error.value && <Trouble error={loading.error.value} retry={loading.again} />}
      {shown === null ? (
        loading.error.value === null && <p class="empty">{t(shellTexts.loading)}</p>
      ) : shown.length === 0 ? (
        <p class="empty">{t(eventTexts.suppressedEmpty)}</p>
      ) : (
        <ul class="events list" data-testid="nearly">
          {shown.map((one) => (
            <NearRow key={`${one.rule} ${one.atMs} ${one.track ?? ""}`} one={one} camera={camera} />
          ))}
        </ul>
      )}
    </section>
  );
}

function fits({ rule, zone, zoneName, type, step, track }: Near, sought: string): boolean {
  const text =
    `${rule} ${zone} ${zoneName} ${type} ${typeName(type)} ${step.step} ${step.setting} #${track ?? ""}`.toLowerCase();
  return sought
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function NearRow({ one, camera }: { readonly one: Near; readonly camera: string }): JSX.Element {
  return (
    <li class="card">
      <p>
        <strong>{typeName(one.type)}</strong> · {one.zoneName}
      </p>
      <p class="note">
        {momentText(one.atMs)}
        {one.track !== null && ` · #${one.track}`} · {t(eventTexts.stoppedBy)}:
      </p>
      <ol class="trace">
        <StepLine step={one.step} camera={camera} />
      </ol>
    </li>
  );
}
