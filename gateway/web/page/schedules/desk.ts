/** One camera's schedules on the desk: what the box has, what is changed, undo, apply. */
import { computed, signal } from "@preact/signals";
import type { Applied, Diagnostic, RulesConflict, RuleSet, RulesDocument, Schedule } from "../../api.ts";
import { call, CallFailed } from "../shell/call.ts";
import { laidOver, withSchedule } from "./core/rules.ts";

const mostSteps = 100;
const noRules: RuleSet = { zones: [], lines: [], masks: [], schedules: [], holidays: [] };

const rulesOf = ({ zones, lines, masks, schedules, holidays }: RuleSet): RuleSet => ({
  zones,
  lines,
  masks,
  schedules,
  holidays,
});

/** Lives as long as the page, so that another camera does not cost what is not applied. */
export class ScheduleDesk {
  readonly camera: string;
  readonly rules = signal<RuleSet>(noRules);
  readonly loaded = signal(false);
  readonly busy = signal(false);
  readonly overtaken = signal(false);
  readonly diagnostics = signal<readonly Diagnostic[]>([]);
  /** The schedule shown. */
  readonly chosen = signal("");
  readonly #base = signal<RuleSet>(noRules);
  readonly #past = signal<readonly RuleSet[]>([]);
  #revision = "";
  readonly changed = computed(() => JSON.stringify(this.#base.value) !== JSON.stringify(this.rules.value));
  readonly canUndo = computed(() => this.#past.value.length > 0);
  readonly schedule = computed<Schedule | null>(() => {
    const { schedules } = this.rules.value;
    return schedules.find(({ id }) => id === this.chosen.value) ?? schedules[0] ?? null;
  });

  constructor(camera: string) {
    this.camera = camera;
  }

  /** Fetches what the box has; what is not applied stays. @throws CallFailed */
  async open(abort: AbortSignal): Promise<void> {
    if (this.loaded.value && this.changed.value) return;
    this.#take((await call<RulesDocument>("GET", `/cameras/${this.camera}/rules`, { signal: abort })).value);
  }

  #take(document: RulesDocument): void {
    this.#base.value = rulesOf(document);
    this.rules.value = this.#base.value;
    this.#revision = document.revision;
    this.#past.value = [];
    this.diagnostics.value = [];
    this.loaded.value = true;
  }

  /** One step that can be undone. */
  step(next: RuleSet): void {
    this.#past.value = [...this.#past.value, this.rules.value].slice(-mostSteps);
    this.rules.value = next;
    this.diagnostics.value = [];
  }

  /** One step on a schedule. */
  put(schedule: Schedule): void {
    this.step(withSchedule(this.rules.value, schedule));
  }

  /** A stroke that goes on: it belongs to the step before it. */
  extend(schedule: Schedule): void {
    this.rules.value = withSchedule(this.rules.value, schedule);
  }

  undo(): void {
    const last = this.#past.value.at(-1);
    if (!last) return;
    this.#past.value = this.#past.value.slice(0, -1);
    this.rules.value = last;
  }

  discard(): void {
    this.rules.value = this.#base.value;
    this.#past.value = [];
    this.overtaken.value = false;
    this.diagnostics.value = [];
  }

  /** Null: somebody was faster, or the box found mistakes; both are shown. @throws CallFailed */
  async apply(): Promise<Applied | null> {
    this.busy.value = true;
    try {
      const path = `/cameras/${this.camera}/rules`;
      const { value } = await call<Applied>("PUT", path, { body: this.rules.value, ifMatch: this.#revision });
      this.#take((await call<RulesDocument>("GET", path)).value);
      this.overtaken.value = false;
      return value;
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      if (error.status === 412) this.#meet((error.body as RulesConflict).theirs);
      else if (error.status === 422 && error.problem) this.diagnostics.value = error.problem.diagnostics ?? [];
      else throw error;
      return null;
    } finally {
      this.busy.value = false;
    }
  }

  #meet(theirs: RulesDocument): void {
    const mine = this.rules.value;
    this.#take(theirs);
    this.step(laidOver(mine, rulesOf(theirs)));
    this.overtaken.value = true;
  }
}

const desks = new Map<string, ScheduleDesk>();

/** The desk of a camera. */
export function scheduleDeskOf(camera: string): ScheduleDesk {
  const desk = desks.get(camera) ?? new ScheduleDesk(camera);
  desks.set(camera, desk);
  return desk;
}

/** Whether anything is not applied, on any desk. */
export function anyChanged(): boolean {
  return [...desks.values()].some(({ changed }) => changed.value);
}
