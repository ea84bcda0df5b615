/** One rule: on or off, its sliders, its schedule. What is not set comes from the catalogue and leaves no trace in the file. */
import type { JSX } from "preact";
import type { Distributions, Rule } from "../../api.ts";
import { catalogue } from "../editor/catalogue.ts";
import type { Shape } from "../editor/core/shape.ts";
import { without } from "../editor/enabled.ts";
import { labelName } from "../live/labels.ts";
import { language, t } from "../shell/language.ts";
import { settingsTexts } from "../texts/settings.ts";
import { binsOf, secondBins } from "./distributions.ts";
import { Slider } from "./slider.tsx";

type NumberKey = "score" | "suspectedSec" | "detectedSec" | "minSize" | "maxSize" | "cooldownSec";

/** What the form needs. */
export interface RuleFormParts {
  readonly shape: Shape;
  readonly rule: Rule;
  readonly schedules: readonly string[];
  readonly seen: Distributions | null;
  /** `key` names the run of small steps that a slider makes; null for a step of its own. */
  readonly change: (rule: Rule, key: string | null) => void;
  readonly remove: () => void;
}

/** The form. */
export function RuleForm(parts: RuleFormParts): JSX.Element {
  const { shape, rule, schedules, seen, change, remove } = parts;
  const type = catalogue.value?.find(({ id }) => id === rule.type);
  const set = (key: string, value: unknown, run: string | null): void => {
    change(value === undefined ? without(rule, key) : { ...rule, [key]: value }, run);
  };
  const labels = rule.labels ?? type?.labels ?? [];
  const value = (key: NumberKey, fallback: number): number => {
    const own = rule[key] ?? type?.defaults[key];
    return typeof own === "number" ? own : fallback;
  };
  const slider = (
    key: NumberKey,
    about: Omit<Parameters<typeof Slider>[0], "id" | "label" | "own" | "change" | "reset">,
  ): JSX.Element => (
    <Slider
      {...about}
      id={key}
      label={t(settingsTexts[key])}
      own={rule[key] !== undefined}
      change={(next) => set(key, next, key)}
      reset={() => set(key, undefined, null)}
    />
  );
  const dwells = seen?.dwells[shape.id] ?? null;
  const dwell = value("suspectedSec", 0);
  const mostSec = Math.max(30, dwell * 2, ...(dwells ?? []).slice(0, 500));
  const longest = Math.ceil(Math.min(mostSec, 3_600) / 10) * 10;
  const heights = seen ? binsOf(seen.heights, labels) : null;
  const ruleId = `${shape.id}/${rule.id ?? rule.type}`;
  const marked = (seen?.marked ?? []).filter((one) => one.rule === ruleId);
  const known = labels.length === 0 ? Object.keys(seen?.scores ?? {}) : labels;
  const byClass = known.flatMap((label) => {
    const bins = seen?.scores[label];
    return bins ? [{ name: labelName(label), bins }] : [];
  });
  const percent = (size: number): string => `${(size * 100).toFixed(0)} %`;
  return (
    <details class="rule" open data-testid={`rule-${rule.type}`}>
      <summary>{type ? type.name[language.value] : rule.type}</summary>
      <div class="row">
        <label class="switch">
          <input
            type="checkbox"
            checked={rule.enabled !== false}
            onChange={(event) => set("enabled", event.currentTarget.checked ? undefined : false, null)}
          />
          {t(settingsTexts.enabled)}
        </label>
        <button type="button" class="plain" onClick={remove}>
          {t(settingsTexts.removeRule)}
        </button>
      </div>
      {slider("score", {
        hint: t(settingsTexts.hintScore),
        value: value("score", 0.35),
        max: 1,
        step: 0.01,
        shown: (score) => score.toFixed(2),
        bins: seen ? binsOf(seen.scores, labels) : null,
        marks: marked.flatMap(({ score, isTrue }) => (score === null ? [] : [{ value: score, isTrue }])),
        byClass,
      })}
      {shape.kind === "zone" &&
        slider("suspectedSec", {
          value: dwell,
          max: longest,
          step: 1,
          shown: (seconds) => `${seconds} s`,
          bins: dwells ? secondBins(dwells, longest) : null,
          marks: marked.map(({ heldSec, isTrue }) => ({ value: heldSec, isTrue })),
        })}
      {slider("minSize", { value: value("minSize", 0), max: 1, step: 0.01, shown: percent, bins: heights })}
      {slider("maxSize", {
        value: value("maxSize", 1),
        max: 1,
        step: 0.01,
        shown: percent,
        bins: heights,
        below: true,
      })}
      <div class="two">
        <label>
          {t(settingsTexts.severity)}
          <select
            value={String(rule.severity ?? "")}
            onChange={(event) => set("severity", Number(event.currentTarget.value) || undefined, null)}
          >
            <option value="">{t(settingsTexts.byCatalogue, { value: type?.severity ?? "–" })}</option>
            {[1, 2, 3, 4].map((severity) => (
              <option key={severity} value={String(severity)}>
                {severity}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t(settingsTexts.schedule)}
          <select
            value={rule.schedule ?? ""}
            onChange={(event) => set("schedule", event.currentTarget.value || undefined, null)}
          >
            <option value="">{t(settingsTexts.always)}</option>
            {schedules.map((id) => (
              <option key={id} value={id}>
                {id}
              </option>
            ))}
          </select>
        </label>
      </div>
      {(rule.kind ?? type?.kind) === "area-ratio" && <Standing rule={rule} set={set} />}
    </details>
  );
}

const drifts = ["any", "flowing", "required"] as const;
const driftTexts = {
  any: settingsTexts.driftAny,
  flowing: settingsTexts.driftFlowing,
  required: settingsTexts.driftRequired,
} as const;

/** Whether what stands still on the water counts. */
function Standing({
  rule,
  set,
}: {
  readonly rule: Rule;
  readonly set: (key: string, value: unknown, run: string | null) => void;
}): JSX.Element {
  const chosen = drifts.find((one) => one === rule["drift"]) ?? "any";
  return (
    <label>
      {t(settingsTexts.drift)}
      <select
        data-testid="drift"
        value={chosen}
        onChange={(event) => {
          const { value } = event.currentTarget;
          set("drift", value === "any" ? undefined : value, null);
        }}
      >
        {drifts.map((one) => (
          <option key={one} value={one}>
            {t(driftTexts[one])}
          </option>
        ))}
      </select>
      {chosen !== "any" && <small>{t(settingsTexts.driftAbout)}</small>}
    </label>
  );
}
