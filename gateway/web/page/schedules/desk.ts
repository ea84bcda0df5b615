/** One camera's schedules on a desk, and which of them is shown. */
import { computed, signal } from "@preact/signals";
import type { RuleSet, Schedule } from "../../api.ts";
import { Desk, Desks } from "../desk/desk.ts";
import { laidOver, withSchedule } from "./core/rules.ts";

export class ScheduleDesk extends Desk<RuleSet> {
  /** The schedule shown. */
  readonly chosen = signal("");
  readonly schedule = computed<Schedule | null>(() => {
    const { schedules } = this.draft.value;
    return schedules.find(({ id }) => id === this.chosen.value) ?? schedules[0] ?? null;
  });

  constructor(camera: string) {
    super(camera, {
      path: "rules",
      none: { zones: [], lines: [], masks: [], schedules: [], holidays: [] },
      of: ({ zones, lines, masks, schedules, holidays }) => ({ zones, lines, masks, schedules, holidays }),
      laidOver,
    });
  }

  /** One step on a schedule, or a stroke that goes on. */
  put(schedule: Schedule, goesOn = false): void {
    const next = withSchedule(this.draft.value, schedule);
    if (goesOn) this.extend(next);
    else this.step(next);
  }
}

export const scheduleDesks = new Desks((camera) => new ScheduleDesk(camera));
