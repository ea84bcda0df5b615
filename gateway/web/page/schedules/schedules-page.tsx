/** Arming schedules of a camera: `#/schedules?camera=ID&schedule=ID`. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { SunTimes, Weekday } from "../../api.ts";
import { DeskPage } from "../desk/desk-page.tsx";
import { call } from "../shell/call.ts";
import { momentText, t } from "../shell/language.ts";
import { box, clockAheadMs } from "../shell/live.ts";
import { useLoading } from "../shell/loading.tsx";
import { place } from "../shell/router.ts";
import { nowMs } from "../shell/ticking.ts";
import { scheduleTexts } from "../texts/schedules.ts";
import { armedNow, localOf, type Site } from "./core/armed.ts";
import { presets, type Preset } from "./core/presets.ts";
import { movesWithSun } from "./core/week.ts";
import { CopyCameraDialog, CopyDayDialog } from "./copy-dialogs.tsx";
import { scheduleDesks, type ScheduleDesk } from "./desk.ts";
import { ScheduleChoice, UsedBy } from "./schedule-head.tsx";
import { TextPanel } from "./text-panel.tsx";
import { WeekGrid } from "./week-grid.tsx";
import { WindowList } from "./window-list.tsx";
import { Holidays, YearPanel } from "./year-panel.tsx";
import "./schedules.css";

/** The page. */
export function SchedulesPage(): JSX.Element {
  const { title, about, overtaken } = scheduleTexts;
  return (
    <DeskPage name="schedules" title={title} about={about} overtaken={overtaken} desks={scheduleDesks}>
      {(desk, _camera, mayEdit) => <OfCamera desk={desk} may={mayEdit} />}
    </DeskPage>
  );
}

/** Today's sun, site time and holidays. Without an answer for the sun, six and eighteen o'clock as on the box. */
function useSite(desk: ScheduleDesk): Site {
  const timezone = box.value?.site.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: timezone, dateStyle: "short" }).format(nowMs.value);
  const sun = useLoading(
    async (signal) => (await call<SunTimes>("GET", `/sun?camera=${desk.camera}&day=${day}`, { signal })).value,
    [desk.camera, day],
  );
  return { timezone, holidays: desk.draft.value.holidays, sun: sun.value.value };
}

function OfCamera({ desk, may }: { readonly desk: ScheduleDesk; readonly may: boolean }): JSX.Element {
  const site = useSite(desk);
  useEffect(() => {
    const named = place.value.filters["schedule"];
    if (named !== undefined) desk.chosen.value = named;
  }, [place.value.filters["schedule"]]);
  return (
    <>
      <ScheduleChoice desk={desk} may={may} />
      {desk.schedule.value === null ? (
        <p class="empty">{t(scheduleTexts.none)}</p>
      ) : (
        <Editor key={desk.schedule.value.id} desk={desk} site={site} may={may} />
      )}
      <Holidays desk={desk} may={may} />
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
          desk.put(next, !isFirst);
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
        <CopyCameraDialog schedule={schedule} holidays={desk.draft.value.holidays} camera={desk.camera} close={close} />
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
