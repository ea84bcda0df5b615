/** The same schedule as text, for those who type faster than they paint. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Schedule } from "../../api.ts";
import { language, t } from "../shell/language.ts";
import { scheduleTexts } from "../texts/schedules.ts";
import { readText, textOf } from "./core/window-text.ts";

/** The panel. */
export function TextPanel(parts: {
  readonly schedule: Schedule;
  readonly may: boolean;
  readonly change: (schedule: Schedule) => void;
}): JSX.Element {
  const { schedule, may, change } = parts;
  const present = textOf(schedule.windows ?? [{ from: "00:00", to: "24:00" }], language.value);
  const text = useSignal(present);
  const problem = useSignal<string | null>(null);
  useEffect(() => {
    text.value = present;
    problem.value = null;
  }, [present]);
  const take = (): void => {
    const read = readText(text.value);
    if ("badLine" in read) problem.value = t(scheduleTexts.textBad, { line: read.badLine });
    else if (read.windows.length === 0) problem.value = t(scheduleTexts.empty);
    else {
      problem.value = null;
      change({ ...schedule, windows: read.windows });
    }
  };
  return (
    <section class="card stack">
      <h2>{t(scheduleTexts.text)}</h2>
      <label>
        <small>{t(scheduleTexts.textAbout)}</small>
        <textarea
          rows={Math.max(3, text.value.split("\n").length)}
          spellcheck={false}
          readOnly={!may}
          data-testid="schedule-text"
          aria-invalid={problem.value !== null}
          value={text.value}
          onInput={(event) => (text.value = event.currentTarget.value)}
        />
      </label>
      <p class="problem" role="alert" data-testid="text-problem">
        {problem.value}
      </p>
      {may && (
        <div class="row">
          <button type="button" class="plain" data-testid="text-take" disabled={text.value === present} onClick={take}>
            {t(scheduleTexts.textTake)}
          </button>
        </div>
      )}
    </section>
  );
}
