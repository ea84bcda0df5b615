/** The exact times behind the grid: each window with its days and both ends, on the clock or by the sun. */
import type { JSX } from "preact";
import type { Schedule, Weekday } from "../../api.ts";
import { KeptInput } from "../parts/kept-input.tsx";
import { without } from "../parts/without.ts";
import { language, t } from "../shell/language.ts";
import { scheduleTexts } from "../texts/schedules.ts";
import { days, type Window } from "./core/week.ts";
import { lineOf } from "./core/window-text.ts";

/** As the box allows. */
const mostWindows = 32;

/** The list. */
export function WindowList(parts: {
  readonly schedule: Schedule;
  readonly may: boolean;
  readonly change: (schedule: Schedule) => void;
}): JSX.Element {
  const { schedule, may, change } = parts;
  const windows = schedule.windows ?? [{ from: "00:00", to: "24:00" }];
  const put = (next: readonly Window[]): void => change({ ...schedule, windows: next });
  return (
    <section class="card stack">
      <h2>{t(scheduleTexts.exact)}</h2>
      <small>{t(scheduleTexts.toAbout)}</small>
      <ul class="windows">
        {windows.map((window, at) => (
          <WindowRow
            key={at}
            window={window}
            may={may}
            change={(next) => put(windows.map((one, n) => (n === at ? next : one)))}
            remove={windows.length > 1 ? () => put(windows.filter((_, n) => n !== at)) : null}
          />
        ))}
      </ul>
      {may && (
        <div class="row">
          <button
            type="button"
            class="plain"
            data-testid="add-window"
            disabled={windows.length >= mostWindows}
            onClick={() => put([...windows, { days: ["mon"], from: "08:00", to: "18:00" }])}
          >
            {t(scheduleTexts.addWindow)}
          </button>
        </div>
      )}
    </section>
  );
}

function WindowRow(parts: {
  readonly window: Window;
  readonly may: boolean;
  readonly change: (window: Window) => void;
  readonly remove: (() => void) | null;
}): JSX.Element {
  const { window, may, change, remove } = parts;
  const line = lineOf(window, language.value);
  return (
    <li>
      <fieldset disabled={!may}>
        <legend>{line}</legend>
        <Days window={window} change={change} />
        <div class="edges">
          <Edge name="from" value={window.from ?? "00:00"} change={(from) => change({ ...window, from })} />
          <Edge name="to" value={window.to ?? "24:00"} change={(to) => change({ ...window, to })} />
          {remove && may && (
            <button
              type="button"
              class="plain icon"
              aria-label={t(scheduleTexts.removeWindow, { line })}
              onClick={remove}
            >
              ✕
            </button>
          )}
        </div>
      </fieldset>
    </li>
  );
}

function Days({ window, change }: { readonly window: Window; readonly change: (window: Window) => void }): JSX.Element {
  const rest = without(window, "days");
  const on = window.days ?? days.filter((name) => name !== "holiday");
  const toggle = (name: Weekday): void => {
    const next = days.filter((one) => (one === name ? !on.includes(one) : on.includes(one)));
    if (next.length === 0) return;
    change(next.length === 7 && !next.includes("holiday") ? rest : { ...rest, days: next });
  };
  return (
    <div class="day-buttons" role="group" aria-label={t(scheduleTexts.days)}>
      {days.map((name) => (
        <button key={name} type="button" class="plain" aria-pressed={on.includes(name)} onClick={() => toggle(name)}>
          {t(scheduleTexts[name])}
        </button>
      ))}
    </div>
  );
}

const kinds = ["clock", "sunrise", "sunset"] as const;

function Edge(parts: {
  readonly name: "from" | "to";
  readonly value: string;
  readonly change: (edge: string) => void;
}): JSX.Element {
  const { name, value, change } = parts;
  const sun = /^(sunrise|sunset)([+-]\d+)?$/.exec(value);
  const kind = kinds.find((one) => one === sun?.[1]) ?? "clock";
  const shift = Number(sun?.[2] ?? 0);
  const choose = (next: string): void => {
    if (next === "clock") change(name === "from" ? "06:00" : "18:00");
    else change(next);
  };
  return (
    <div class="edge">
      <label>
        {t(scheduleTexts[name])}
        <select value={kind} onChange={(event) => choose(event.currentTarget.value)}>
          {kinds.map((one) => (
            <option key={one} value={one}>
              {t(scheduleTexts[one])}
            </option>
          ))}
        </select>
      </label>
      {kind === "clock" ? (
        <label>
          <span class="unseen">{t(scheduleTexts[name])} </span>
          {t(scheduleTexts.clock)}
          <KeptInput
            type="time"
            data-testid={`edge-${name}`}
            value={value === "24:00" ? "00:00" : value}
            take={(field) => {
              // The field knows no 24:00; midnight as an end means the end of the day.
              const given = field.value.slice(0, 5);
              if (given !== "") change(name === "to" && given === "00:00" ? "24:00" : given);
            }}
          />
        </label>
      ) : (
        <label>
          {t(scheduleTexts.shift)}
          <KeptInput
            type="number"
            min={-180}
            max={180}
            value={shift}
            take={({ valueAsNumber }) => {
              const by = Math.max(-180, Math.min(180, Math.round(valueAsNumber || 0)));
              change(by === 0 ? kind : `${kind}${by > 0 ? "+" : ""}${by}`);
            }}
          />
        </label>
      )}
    </div>
  );
}
