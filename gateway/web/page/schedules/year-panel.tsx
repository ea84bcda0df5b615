/** Parts of the year and holidays. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Schedule } from "../../api.ts";
import { KeptInput } from "../parts/kept-input.tsx";
import { without } from "../parts/without.ts";
import { t } from "../shell/language.ts";
import { scheduleTexts } from "../texts/schedules.ts";
import type { ScheduleDesk } from "./desk.ts";

type Season = NonNullable<Schedule["seasons"]>[number];

/** A leap year, so that 29 February can be chosen; the year itself is not kept. */
const anyYear = "2028";
const mostSeasons = 16;
const mostHolidays = 366;

/** Seasons of the schedule. */
export function YearPanel(parts: {
  readonly schedule: Schedule;
  readonly may: boolean;
  readonly change: (schedule: Schedule) => void;
}): JSX.Element {
  const { schedule, may, change } = parts;
  const seasons = schedule.seasons ?? [];
  const put = (next: readonly Season[]): void => {
    const rest = without(schedule, "seasons");
    change(next.length === 0 ? rest : { ...rest, seasons: next });
  };
  return (
    <section class="card stack">
      <h2>{t(scheduleTexts.seasons)}</h2>
      {seasons.map((season, at) => (
        <div key={at} class="row">
          <DayOfYear
            text={t(scheduleTexts.from)}
            value={season.from}
            may={may}
            change={(from) => put(seasons.map((one, n) => (n === at ? { ...one, from } : one)))}
          />
          <DayOfYear
            text={t(scheduleTexts.to)}
            value={season.to}
            may={may}
            change={(to) => put(seasons.map((one, n) => (n === at ? { ...one, to } : one)))}
          />
          {may && (
            <button
              type="button"
              class="plain icon"
              aria-label={t(scheduleTexts.removeSeason, season)}
              onClick={() => put(seasons.filter((_, n) => n !== at))}
            >
              ✕
            </button>
          )}
        </div>
      ))}
      {may && (
        <div class="row">
          <button
            type="button"
            class="plain"
            disabled={seasons.length >= mostSeasons}
            onClick={() => put([...seasons, { from: "03-01", to: "06-30" }])}
          >
            {t(scheduleTexts.addSeason)}
          </button>
        </div>
      )}
      <label class="switch">
        <input
          type="checkbox"
          disabled={!may}
          checked={schedule.skipHolidays === true}
          onChange={(event) => {
            const rest = without(schedule, "skipHolidays");
            change(event.currentTarget.checked ? { ...rest, skipHolidays: true } : rest);
          }}
        />
        {t(scheduleTexts.skipHolidays)}
      </label>
    </section>
  );
}

function DayOfYear(parts: {
  readonly text: string;
  readonly value: string;
  readonly may: boolean;
  readonly change: (day: string) => void;
}): JSX.Element {
  const { text, value, may, change } = parts;
  return (
    <label>
      {text}
      <KeptInput
        type="date"
        disabled={!may}
        value={`${anyYear}-${value}`}
        take={(field) => {
          const day = field.value.slice(5);
          if (day !== "") change(day);
        }}
      />
    </label>
  );
}

/** The camera's list of holidays. */
export function Holidays({ desk, may }: { readonly desk: ScheduleDesk; readonly may: boolean }): JSX.Element {
  const day = useSignal("");
  const { holidays } = desk.draft.value;
  const put = (next: readonly string[]): void => desk.step({ ...desk.draft.value, holidays: next });
  const add = (): void => {
    put([...new Set([...holidays, day.value])].sort());
    day.value = "";
  };
  return (
    <section class="card stack">
      <h2>{t(scheduleTexts.holidays)}</h2>
      <ul class="chips">
        {holidays.map((one) => (
          <li key={one}>
            {one}
            {may && (
              <button
                type="button"
                class="plain icon"
                aria-label={t(scheduleTexts.holidayRemove, { day: one })}
                onClick={() => put(holidays.filter((other) => other !== one))}
              >
                ✕
              </button>
            )}
          </li>
        ))}
      </ul>
      {may && (
        <div class="row holiday-add">
          <label>
            {t(scheduleTexts.holidayDay)}
            <input
              type="date"
              data-testid="holiday-day"
              value={day.value}
              onInput={(event) => (day.value = event.currentTarget.value)}
            />
          </label>
          <button
            type="button"
            class="plain"
            data-testid="holiday-add"
            disabled={!/^\d{4}-\d\d-\d\d$/.test(day.value) || holidays.length >= mostHolidays}
            onClick={add}
          >
            {t(scheduleTexts.holidayAdd)}
          </button>
        </div>
      )}
    </section>
  );
}
