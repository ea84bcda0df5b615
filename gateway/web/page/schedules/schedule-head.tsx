/** Which schedule, and which rules follow it. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Schedule } from "../../api.ts";
import { loadCatalogue, typeName } from "../editor/catalogue.ts";
import { t } from "../shell/language.ts";
import { goTo, place, setFilters } from "../shell/router.ts";
import { showFailure } from "../shell/say-failure.ts";
import { scheduleTexts } from "../texts/schedules.ts";
import { presets } from "./core/presets.ts";
import { freeId, rulePlaces, withoutSchedule, withUse } from "./core/rules.ts";
import type { ScheduleDesk } from "./desk.ts";

const idPattern = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** One button a schedule, and a new one. */
export function ScheduleChoice({ desk, may }: { readonly desk: ScheduleDesk; readonly may: boolean }): JSX.Element {
  const id = useSignal<string | null>(null);
  const problem = useSignal(false);
  const { schedules } = desk.draft.value;
  const present = desk.schedule.value;
  const choose = (next: string): void => {
    desk.chosen.value = next;
    setFilters({ schedule: next });
  };
  const add = (): void => {
    const name = (id.value ?? "").trim();
    problem.value = !idPattern.test(name) || schedules.some((one) => one.id === name);
    if (problem.value) return;
    desk.put({ id: name, windows: presets.night });
    id.value = null;
    choose(name);
  };
  const remove = (): void => {
    if (!present) return;
    const count = rulePlaces(desk.draft.value).filter(({ rule }) => rule.schedule === present.id).length;
    if (!confirm(t(scheduleTexts.removeAsk, { id: present.id, count }))) return;
    desk.step(withoutSchedule(desk.draft.value, present.id));
    goTo("/schedules", { ...place.value.filters, schedule: "" }, true);
  };
  return (
    <div class="row" role="group" aria-label={t(scheduleTexts.schedule)}>
      {schedules.map((one) => (
        <button
          key={one.id}
          type="button"
          class="plain"
          data-testid={`schedule-${one.id}`}
          aria-pressed={one.id === present?.id}
          onClick={() => choose(one.id)}
        >
          {one.id}
        </button>
      ))}
      {may && id.value === null && (
        <button
          type="button"
          class="plain"
          data-testid="add-schedule"
          onClick={() => (id.value = freeId(desk.draft.value))}
        >
          + {t(scheduleTexts.add)}
        </button>
      )}
      {may && id.value !== null && (
        <form
          class="row"
          onSubmit={(event) => {
            event.preventDefault();
            add();
          }}
        >
          <label>
            {t(scheduleTexts.id)}
            <input
              data-testid="schedule-id"
              value={id.value}
              aria-invalid={problem.value}
              onInput={(event) => (id.value = event.currentTarget.value)}
            />
          </label>
          <button data-testid="schedule-id-add">{t(scheduleTexts.add)}</button>
          {problem.value && (
            <p class="problem" role="alert">
              {t(scheduleTexts.idTaken)}
            </p>
          )}
        </form>
      )}
      {may && present && (
        <button type="button" class="plain" onClick={remove}>
          {t(scheduleTexts.remove)}
        </button>
      )}
    </div>
  );
}

/** Every rule of the camera, ticked when it follows this schedule. */
export function UsedBy(parts: {
  readonly desk: ScheduleDesk;
  readonly schedule: Schedule;
  readonly may: boolean;
}): JSX.Element {
  const { desk, schedule, may } = parts;
  const places = rulePlaces(desk.draft.value);
  useEffect(() => void loadCatalogue().catch(showFailure), []);
  return (
    <section class="card stack">
      <h2>{t(scheduleTexts.usedBy)}</h2>
      {places.length === 0 && <p class="note">{t(scheduleTexts.noRules)}</p>}
      {places.map((one) => (
        <label key={`${one.shape} ${one.at}`} class="switch">
          <input
            type="checkbox"
            disabled={!may}
            checked={one.rule.schedule === schedule.id}
            onChange={(event) =>
              desk.step(withUse(desk.draft.value, one, event.currentTarget.checked ? schedule.id : null))
            }
          />
          <span>
            {one.name} · {typeName(one.rule.type)}
            {one.rule.schedule !== undefined && one.rule.schedule !== schedule.id && <small>{one.rule.schedule}</small>}
          </span>
        </label>
      ))}
    </section>
  );
}
