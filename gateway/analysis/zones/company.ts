/** Who is near an object: the `with`, `withAll` and `without` of a rule. */
import type { Track } from "../tracking/track.ts";
import { near } from "./nearness.ts";
import type { RuleSettings } from "./settings.ts";
import type { TraceStep } from "./trigger.ts";

/** An object's company and whether it is as the rule wants it. */
export interface Company {
  readonly fits: boolean;
  readonly others: readonly Track[];
  /** One step for each of the three keys that the rule uses. */
  readonly steps: readonly TraceStep[];
}

/** Looks around `track`. Company counts wherever it stands and, for `without`, even while it is unconfirmed. */
export function companyOf(track: Track, all: readonly Track[], settings: RuleSettings, aspect: number): Company {
  const close = all.filter(
    (o) => o.id !== track.id && o.state !== "ended" && near(track.box, o.box, { reach: settings.reach, aspect }),
  );
  const sure = close.filter((o) => o.state !== "tentative" && o.score >= settings.score);
  const steps: TraceStep[] = [];
  const others = new Set<Track>();
  const among = (labels: readonly string[]): Track[] => sure.filter((o) => labels.includes(o.label));
  const path = settings.path;
  if (settings.with) {
    const found = among(settings.with);
    for (const one of found) others.add(one);
    const limit = `>= 1 of ${settings.with.join(", ")}`;
    steps.push({ step: "with", passed: found.length > 0, value: found.length, limit, setting: `${path}/with` });
  }
  if (settings.withAll) {
    const missing = settings.withAll.filter((label) => among([label]).length === 0);
    for (const one of among(settings.withAll)) others.add(one);
    const limit = `all of ${settings.withAll.join(", ")}`;
    const value = missing.length === 0 ? "all" : `no ${missing.join(", ")}`;
    steps.push({ step: "with-all", passed: missing.length === 0, value, limit, setting: `${path}/withAll` });
  }
  if (settings.without) {
    const unwanted = settings.without;
    const found = close.filter((o) => unwanted.includes(o.label));
    const limit = `0 of ${unwanted.join(", ")}`;
    steps.push({ step: "without", passed: found.length === 0, value: found.length, limit, setting: `${path}/without` });
  }
  return { fits: steps.every((s) => s.passed), others: [...others], steps };
}
