/** Copies: a day onto other days, a schedule into other cameras. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Applied, RulesDocument, RuleSet, Schedule, Weekday } from "../../api.ts";
import { Dialog } from "../parts/dialog.tsx";
import { call } from "../shell/call.ts";
import { t } from "../shell/language.ts";
import { cameras } from "../shell/live.ts";
import { showFailure } from "../shell/say-failure.ts";
import { showToast } from "../shell/toasts.tsx";
import { scheduleTexts } from "../texts/schedules.ts";
import { withSchedule } from "./core/rules.ts";
import { days, weekOf, withWeek } from "./core/week.ts";

function useChosen(): {
  readonly has: (one: string) => boolean;
  readonly toggle: (one: string) => void;
  readonly all: () => readonly string[];
} {
  const chosen = useSignal<readonly string[]>([]);
  return {
    has: (one) => chosen.value.includes(one),
    toggle: (one) => {
      chosen.value = chosen.value.includes(one)
        ? chosen.value.filter((other) => other !== one)
        : [...chosen.value, one];
    },
    all: () => chosen.value,
  };
}

/** The painted hours of one day onto others. */
export function CopyDayDialog(parts: {
  readonly schedule: Schedule;
  readonly day: Weekday;
  readonly change: (schedule: Schedule) => void;
  readonly close: () => void;
}): JSX.Element {
  const { schedule, day, change, close } = parts;
  const chosen = useChosen();
  const copy = (): void => {
    const windows = schedule.windows ?? [{ from: "00:00", to: "24:00" }];
    const week = weekOf(windows);
    const source = week[days.indexOf(day)] ?? [];
    const next = week.map((list, at) => (chosen.has(days[at] ?? "") ? source : list));
    change({ ...schedule, windows: withWeek(windows, next) });
    close();
  };
  return (
    <Dialog title={t(scheduleTexts.copyDay, { day: t(scheduleTexts[day]) })} close={close} testid="copy-day">
      <div class="stack">
        <div class="day-buttons">
          {days
            .filter((name) => name !== day)
            .map((name) => (
              <button
                key={name}
                type="button"
                class="plain"
                aria-pressed={chosen.has(name)}
                onClick={() => chosen.toggle(name)}
              >
                {t(scheduleTexts[name])}
              </button>
            ))}
        </div>
        <div class="row">
          <button type="button" data-testid="copy-day-now" disabled={chosen.all().length === 0} onClick={copy}>
            {t(scheduleTexts.copyDays)}
          </button>
        </div>
      </div>
    </Dialog>
  );
}

/** The schedule into other cameras, each as a revision of its own. */
export function CopyCameraDialog(parts: {
  readonly schedule: Schedule;
  readonly holidays: readonly string[];
  readonly camera: string;
  readonly close: () => void;
}): JSX.Element {
  const { schedule, holidays, camera, close } = parts;
  const chosen = useChosen();
  const busy = useSignal(false);
  const others = (cameras.value ?? []).filter(({ id }) => id !== camera);
  const copy = (): void => {
    busy.value = true;
    const put = async (): Promise<void> => {
      for (const id of chosen.all()) await putInto(id, schedule, holidays);
      showToast({ mood: "good", text: t(scheduleTexts.copied, { count: chosen.all().length }) });
      close();
    };
    put()
      .catch(showFailure)
      .finally(() => (busy.value = false));
  };
  return (
    <Dialog title={t(scheduleTexts.copyCamera)} close={close} testid="copy-camera">
      <div class="stack">
        <p>{t(others.length === 0 ? scheduleTexts.noOther : scheduleTexts.copyCameraAbout)}</p>
        {others.map(({ id, name }) => (
          <label key={id} class="switch">
            <input type="checkbox" checked={chosen.has(id)} onChange={() => chosen.toggle(id)} />
            {name}
          </label>
        ))}
        <div class="row">
          <button
            type="button"
            data-testid="copy-camera-now"
            disabled={chosen.all().length === 0 || busy.value}
            onClick={copy}
          >
            {t(scheduleTexts.copyNow)}
          </button>
        </div>
      </div>
    </Dialog>
  );
}

async function putInto(camera: string, schedule: Schedule, holidays: readonly string[]): Promise<void> {
  const path = `/cameras/${camera}/rules`;
  const { value } = await call<RulesDocument>("GET", path);
  const { zones, lines, masks, schedules } = value;
  const rules: RuleSet = {
    zones,
    lines,
    masks,
    schedules,
    holidays: [...new Set([...value.holidays, ...holidays])].sort(),
  };
  await call<Applied>("PUT", path, { body: withSchedule(rules, schedule), ifMatch: value.revision });
}
