/** Arming schedules of a camera: `#/schedules?camera=ID&schedule=ID`. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { SunTimes, Weekday } from "../../api.ts";
import { call } from "../shell/call.ts";
import { momentText, t } from "../shell/language.ts";
import { box, cameras, clockAheadMs } from "../shell/live.ts";
import { Trouble, useLoading } from "../shell/loading.tsx";
import { askBeforeLeaving, place, setFilters } from "../shell/router.ts";
import { may } from "../shell/session.ts";
import { nowMs } from "../shell/ticking.ts";
import { scheduleTexts } from "../texts/schedules.ts";
import { shellTexts } from "../texts/shell.ts";
import { armedNow, localOf, type Site } from "./core/armed.ts";
import { presets, type Preset } from "./core/presets.ts";
import { movesWithSun } from "./core/week.ts";
import { CopyCameraDialog, CopyDayDialog } from "./copy-dialogs.tsx";
import { anyChanged, scheduleDeskOf, type ScheduleDesk } from "./desk.ts";
import { DraftHead, ScheduleChoice, UsedBy } from "./schedule-head.tsx";
import { TextPanel } from "./text-panel.tsx";
import { WeekGrid, useUndoKey } from "./week-grid.tsx";
import { WindowList } from "./window-list.tsx";
import { Holidays, YearPanel } from "./year-panel.tsx";
import "../events/events.css";
import "./schedules.css";

/** The page. */
export function SchedulesPage(): JSX.Element {
  const all = cameras.value;
  useEffect(() => guardLeaving(), []);
  if (all === null) return <p class="empty">{t(shellTexts.loading)}</p>;
  const camera = all.find(({ id }) => id === place.value.filters["camera"]) ?? all[0];
  return (
    <section class="stack schedules-page">
      <div class="row head-row">
        <h1>{t(scheduleTexts.title)}</h1>
        <label class="row">
          {t(scheduleTexts.camera)}
          <select
            data-testid="schedule-camera"
            value={camera?.id ?? ""}
            onChange={(event) => setFilters({ camera: event.currentTarget.value })}
          >
            {all.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p class="note">{t(scheduleTexts.about)}</p>
      {camera && <OfCamera key={camera.id} desk={scheduleDeskOf(camera.id)} />}
    </section>
  );
}

function guardLeaving(): () => void {
  const ask = (event: BeforeUnloadEvent): void => {
    if (anyChanged()) event.preventDefault();
  };
  window.addEventListener("beforeunload", ask);
  const stay = askBeforeLeaving(
    ({ path }) => path.startsWith("/schedules") || !anyChanged() || confirm(t(scheduleTexts.leave)),
  );
  return () => {
    window.removeEventListener("beforeunload", ask);
    stay();
  };
}

/** Today's sun, site time and holidays. Without an answer for the sun, six and eighteen o'clock as on the box. */
function useSite(desk: ScheduleDesk): Site {
  const timezone = box.value?.site.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: timezone, dateStyle: "short" }).format(nowMs.value);
  const sun = useLoading(
    async (signal) => (await call<SunTimes>("GET", `/sun?camera=${desk.camera}&day=${day}`, { signal })).value,
    [desk.camera, day],
  );
  return { timezone, holidays: desk.rules.value.holidays, sun: sun.value.value };
}

function OfCamera({ desk }: { readonly desk: ScheduleDesk }): JSX.Element {
  const loading = useLoading((signal) => desk.open(signal), [desk.camera]);
  const mayEdit = may("technician");
  const site = useSite(desk);
  useUndoKey(() => desk.undo());
  useEffect(() => {
    const named = place.value.filters["schedule"];
    if (named !== undefined) desk.chosen.value = named;
  }, [place.value.filters["schedule"]]);
  if (loading.error.value) return <Trouble error={loading.error.value} retry={loading.again} />;
  if (!desk.loaded.value) return <p class="empty">{t(shellTexts.loading)}</p>;
  return (
    <>
      {mayEdit && <DraftHead desk={desk} />}
      <ScheduleChoice desk={desk} may={mayEdit} />
      {desk.schedule.value === null ? (
        <p class="empty">{t(scheduleTexts.none)}</p>
      ) : (
        <Editor key={desk.schedule.value.id} desk={desk} site={site} may={mayEdit} />
      )}
      <Holidays desk={desk} may={mayEdit} />
    </>
  );
}

const presetNames = Object.keys(presets) as Preset[];

function Editor(parts: {
  readonly desk: ScheduleDesk;
  readonly site: Site;
  readonly may: boolean;
}): JSX.Element | null {
  const { desk, site, may: mayEdit } = parts;
  const copying = useSignal<Weekday | "camera" | null>(null);
  const schedule = desk.schedule.value;
  if (schedule === null) return null;
  const put = (next: typeof schedule): void => desk.put(next);
  const close = (): void => {
    copying.value = null;
  };
  return (
    <>
      <Now schedule={schedule} site={site} />
      {mayEdit && (
        <div class="row" role="group" aria-label={t(scheduleTexts.presets)}>
          {presetNames.map((name) => (
            <button
              key={name}
              type="button"
              class="plain"
              data-testid={`preset-${name}`}
              onClick={() => put({ ...schedule, windows: presets[name] })}
            >
              {t(scheduleTexts[name])}
            </button>
          ))}
          <button type="button" class="plain" data-testid="copy-to-cameras" onClick={() => (copying.value = "camera")}>
            {t(scheduleTexts.copyCamera)}
          </button>
          <button
            type="button"
            class="plain"
            data-testid="undo"
            disabled={!desk.canUndo.value}
            onClick={() => desk.undo()}
          >
            {t(scheduleTexts.undo)}
          </button>
        </div>
      )}
      <WeekGrid
        schedule={schedule}
        site={site}
        now={localOf(site.timezone, nowMs.value + clockAheadMs.value)}
        may={mayEdit}
        change={(next, isFirst) => {
          // The last armed half-hour stays: the box knows no schedule that is never armed.
          if ((next.windows?.length ?? 1) === 0) return;
          if (isFirst) desk.put(next);
          else desk.extend(next);
        }}
        copyDay={(day) => (copying.value = day)}
      />
      <div class="schedule-panels">
        <WindowList schedule={schedule} may={mayEdit} change={put} />
        <TextPanel schedule={schedule} may={mayEdit} change={put} />
        <YearPanel schedule={schedule} may={mayEdit} change={put} />
        <UsedBy desk={desk} schedule={schedule} may={mayEdit} />
      </div>
      {copying.value === "camera" && (
        <CopyCameraDialog schedule={schedule} holidays={desk.rules.value.holidays} camera={desk.camera} close={close} />
      )}
      {copying.value !== null && copying.value !== "camera" && (
        <CopyDayDialog schedule={schedule} day={copying.value} change={put} close={close} />
      )}
    </>
  );
}

function Now({
  schedule,
  site,
}: {
  readonly schedule: Parameters<typeof armedNow>[0];
  readonly site: Site;
}): JSX.Element {
  // Once a minute is enough: schedules know no seconds.
  const minute = Math.floor((nowMs.value + clockAheadMs.value) / 60_000) * 60_000;
  const { isArmed, changesAtMs } = armedNow(schedule, site, minute);
  const sun = site.sun;
  const bySun = schedule.windows?.some(movesWithSun) === true;
  return (
    <div class="card schedule-now" data-testid="schedule-now" data-armed={isArmed}>
      <p>
        <strong class={isArmed ? "good" : ""}>
          <span aria-hidden="true">{isArmed ? "● " : "○ "}</span>
          {t(isArmed ? scheduleTexts.armedNow : scheduleTexts.notArmedNow)}
        </strong>
        {" · "}
        {changesAtMs === null
          ? t(scheduleTexts.noChange)
          : t(scheduleTexts.nextChange, { time: momentText(changesAtMs, site.timezone) })}
      </p>
      <small>
        {t(scheduleTexts.zone, { zone: site.timezone })}{" "}
        {bySun &&
          (sun?.sunrise && sun.sunset
            ? t(scheduleTexts.sunWindows, { sunrise: sun.sunrise, sunset: sun.sunset })
            : t(scheduleTexts.noPlace))}
      </small>
    </div>
  );
}
