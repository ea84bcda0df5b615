/** Who is near an object: the `with`, `withAll` and `without` of a rule. */
import type { Track } from "../tracking/track.ts";
import { near } from "./nearness.ts";
import type { Heed } from "./rule.ts";
import type { RuleSettings } from "./settings.ts";
import type { TraceStep } from "./trigger.ts";

const nobody: readonly Track[] = [];

/** An object's company and whether it is as the rule wants it. Company counts wherever it stands. */
export class Company {
  readonly fits: boolean;
  /** Those whom the rule asks for, as they come. */
  readonly sure: readonly Track[];
  readonly #settings: RuleSettings;
  /** Unwanted company counts even while it is unconfirmed. */
  readonly #unwanted: readonly Track[];

  /** Looks around `track`. */
  constructor(track: Track, all: readonly Track[], settings: RuleSettings, aspect: number) {
    this.#settings = settings;
    const { with: any, withAll, without, reach, score } = settings;
    const sure: Track[] = [];
    const unwanted: Track[] = [];
    for (const one of all) {
      const { label, state } = one;
      const isWanted = any?.includes(label) === true || withAll?.includes(label) === true;
      const isUnwanted = without?.includes(label) === true;
      if ((!isWanted && !isUnwanted) || one.id === track.id || state === "ended") continue;
      if (!near(track.box, one.box, { reach, aspect })) continue;
      if (isWanted && state !== "tentative" && one.score >= score) sure.push(one);
      if (isUnwanted) unwanted.push(one);
    }
    this.sure = sure;
    this.#unwanted = unwanted;
    this.fits =
      (!any || this.#has(any)) && (withAll?.every((one) => this.#has([one])) ?? true) && unwanted.length === 0;
  }

  /** Those whom the rule asks for, in the order in which it asks. */
  get others(): readonly Track[] {
    const { with: any = [], withAll = [] } = this.#settings;
    return this.sure.length === 0 ? nobody : [...new Set([...this.#among(any), ...this.#among(withAll)])];
  }

  /** One step for each of the three keys that the rule uses. */
  get steps(): readonly TraceStep[] {
    const { path, with: any, withAll, without } = this.#settings;
    const steps: TraceStep[] = [];
    if (any) {
      const value = this.#among(any).length;
      const limit = `>= 1 of ${any.join(", ")}`;
      steps.push({ step: "with", passed: value > 0, value, limit, setting: `${path}/with` });
    }
    if (withAll) {
      const missing = withAll.filter((label) => !this.#has([label]));
      const limit = `all of ${withAll.join(", ")}`;
      const value = missing.length === 0 ? "all" : `no ${missing.join(", ")}`;
      steps.push({ step: "with-all", passed: missing.length === 0, value, limit, setting: `${path}/withAll` });
    }
    if (without) {
      const value = this.#unwanted.length;
      const limit = `0 of ${without.join(", ")}`;
      steps.push({ step: "without", passed: value === 0, value, limit, setting: `${path}/without` });
    }
    return steps;
  }

  #has(labels: readonly string[]): boolean {
    return this.sure.some(({ label }) => labels.includes(label));
  }

  #among(labels: readonly string[]): readonly Track[] {
    return this.sure.filter(({ label }) => labels.includes(label));
  }
}

/** What of its company a rule heeds. */
export function companyHeedOf(settings: RuleSettings, aspect: number): Pick<Heed, "company"> {
  const { with: any, withAll = [], without = [], reach } = settings;
  const wanted = [...(any ? [any] : []), ...withAll.map((label) => [label])];
  if (wanted.length === 0 && without.length === 0) return {};
  return { company: { wanted, unwanted: without, reach, aspect } };
}
