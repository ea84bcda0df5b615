/** Steps that rules of every kind share: the calendar, and a view that has moved (pure). */
import type { RuleSettings } from "./settings.ts";
import type { TraceStep } from "./trigger.ts";

/** The step that asks whether the calendar is open, for both answers. */
export function scheduleStepsOf(settings: RuleSettings): { readonly open: TraceStep; readonly closed: TraceStep } {
  const { path, schedule, season, hours } = settings;
  const key = schedule !== undefined ? "schedule" : season !== undefined ? "season" : "hours";
  const limit = schedule ?? [hours, season && `${season.from}..${season.to}`].filter(Boolean).join(" ");
  const step = { step: "schedule", limit, setting: `${path}/${key}` };
  return { open: { ...step, passed: true, value: "open" }, closed: { ...step, passed: false, value: "closed" } };
}

/** The step that stops every rule with a place while the camera looks elsewhere. */
export function elsewhereStepOf(settings: RuleSettings): TraceStep {
  return {
    step: "view",
    passed: false,
    value: "elsewhere",
    limit: "the view that the zones were drawn for",
    setting: placeKeyOf(settings),
  };
}

/** The setting that says where a rule lies: a zone's outline, or where a line ends. */
export function placeKeyOf({ path }: RuleSettings): string {
  const [room = "zones", id = ""] = path.split("/");
  return `${room}/${id}/${room === "lines" ? "to" : "polygon"}`;
}
