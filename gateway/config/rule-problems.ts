/** Rules that cannot do what they seem to say: thresholds of another unit, sizes that nothing has, places that do not fit (pure). */
import { typeOf, type EventType } from "./catalogue/catalogue.ts";
import type { KeyPath, Problem } from "./diagnostic.ts";
import { nearest } from "./did-you-mean.ts";
import { measured } from "./measures.ts";
import { entriesAt, textAt, valueAt } from "./raw.ts";
import { keysOf } from "./rule-keys.ts";
import { levelOfType } from "./station-level.ts";
import { ruleSchema } from "./zones-schema.ts";

const doubt = { severity: "warning", at: "value" } as const;
const refusal = { severity: "error", at: "value" } as const;

/** Kinds whose threshold is a share of the picture or of the zone, or a whole number. */
const shares: readonly string[] = ["area-ratio"];
const wholes: readonly string[] = ["count"];
/** Kinds that compare a measurement. */
const onMeasures: readonly string[] = ["level-threshold", "scene-quality"];
/** Kinds that work on a line. */
const onLines: readonly string[] = ["line-crossing", "wrong-direction", "level-threshold", "scene-quality"];

/** Problems of all rules of a zones file whose values may have any shape. */
export function ruleSenseProblems(raw: unknown): Problem[] {
  return (["zones", "lines"] as const).flatMap((list) =>
    entriesAt(raw, [list]).flatMap(([index]) =>
      entriesAt(raw, [list, index, "rules"]).flatMap(([rule, entry]) =>
        problemsOf(withLevel(entry, raw), [list, index, "rules", rule], list === "lines"),
      ),
    ),
  );
}

/** The rule with the threshold that the station's own level gives it. */
function withLevel(entry: unknown, raw: unknown): unknown {
  const type = typeof entry === "string" ? entry : (textAt(entry, ["type"]) ?? "");
  const level = levelOfType[type];
  const threshold = level === undefined ? undefined : valueAt(raw, ["gauge", "levels", level]);
  if (threshold === undefined || valueAt(entry, ["threshold"]) !== undefined) return entry;
  return typeof entry === "string" ? { type, threshold } : { ...(entry as object), threshold };
}

function problemsOf(entry: unknown, path: KeyPath, isLine: boolean): Problem[] {
  const type = typeOf(typeof entry === "string" ? entry : (textAt(entry, ["type"]) ?? ""));
  const kind = textAt(entry, ["kind"]) ?? type?.rule.kind;
  if (kind === undefined) return [];
  const given = new Given(entry, kind === type?.rule.kind ? type : null);
  return [
    ...incomplete(given, kind, { path, isLine }),
    ...thresholdProblems(given, kind, path),
    ...largestProblem(entry, kind, path),
    ...escalationProblems(entry, given, { kind, path }),
    ...orderProblems(given, path),
    ...paceProblems(given, kind, path),
    ...idleKeys(entry, kind, { path, isLine }),
  ];
}

/** Keys that a rule of this kind does not go by. */
function idleKeys(entry: unknown, kind: string, { path, isLine }: { path: KeyPath; isLine: boolean }): Problem[] {
  const heeded = heededKeys(entry, kind, isLine);
  if (heeded === null || typeof entry !== "object" || entry === null) return [];
  const known: readonly string[] = Object.keys(ruleSchema.shape);
  return Object.keys(entry).flatMap((key): Problem[] =>
    known.includes(key) && !heeded.includes(key)
      ? [{ ...doubt, at: "key", code: "CONFIG_RULE_KEY_IDLE", path: [...path, key], values: { key, kind } }]
      : [],
  );
}

/** What covers water has a place and a window only where it has to drift. */
function heededKeys(entry: unknown, kind: string, isLine: boolean): readonly string[] | null {
  const keys = keysOf(kind, isLine);
  const drifts = ["flowing", "required"].includes(textAt(entry, ["drift"]) ?? "any");
  if (kind !== "area-ratio" || drifts) return keys;
  return keys?.filter((key) => key !== "sameSpot" && key !== "windowSec") ?? null;
}

/** What a rule says, over what the catalogue says of its type. */
class Given {
  readonly #entry: unknown;
  readonly #type: EventType | null;

  constructor(entry: unknown, type: EventType | null) {
    this.#entry = entry;
    this.#type = type;
  }

  number(key: string): number | undefined {
    const value = valueAt(this.#entry, [key]) ?? valueAt(this.#type?.rule, [key]);
    return typeof value === "number" ? value : undefined;
  }

  has(key: string): boolean {
    return (valueAt(this.#entry, [key]) ?? valueAt(this.#type?.rule, [key])) !== undefined;
  }

  isTrue(key: string): boolean {
    return (valueAt(this.#entry, [key]) ?? valueAt(this.#type?.rule, [key])) === true;
  }

  text(key: string): string | undefined {
    return textAt(this.#entry, [key]) ?? textAt(this.#type?.rule, [key]);
  }

  /** Whether the file itself says so. */
  says(key: string): boolean {
    return valueAt(this.#entry, [key]) !== undefined;
  }
}

/** Such a rule is taken and never fires: legal, for it may be half written. */
function incomplete(given: Given, kind: string, { path, isLine }: { path: KeyPath; isLine: boolean }): Problem[] {
  const lacks = (what: string): Problem[] => [
    { ...doubt, code: "CONFIG_RULE_INCOMPLETE", path, values: { kind, what } },
  ];
  if (isLine && !onLines.includes(kind)) return [{ ...doubt, code: "CONFIG_RULE_PLACE", path, values: { kind } }];
  const needsMeasure = onMeasures.includes(kind);
  if (needsMeasure && !given.has("measure")) return lacks("measure");
  const needsThreshold = needsMeasure || kind === "count" || kind === "area-ratio";
  if (needsThreshold && !given.has("threshold")) return lacks("threshold");
  return kind === "wrong-direction" && !isLine && !given.has("heading") ? lacks("heading") : [];
}

function thresholdProblems(given: Given, kind: string, path: KeyPath): Problem[] {
  const threshold = given.number("threshold");
  if (threshold === undefined || !given.says("threshold")) return [];
  const at = [...path, "threshold"];
  const most = mostOf(given, kind);
  if (most !== undefined && threshold > most) return [beyondMost(threshold, most, { kind, at, what: thresholdText })];
  const unit = isAlwaysReached(threshold, given, kind)
    ? { en: "a number above 0: this one would always be reached", zh: "大于 0 的数：0 始终满足" }
    : wholes.includes(kind) && (threshold < 1 || !Number.isInteger(threshold))
      ? { en: "a whole number from 1", zh: "不小于 1 的整数" }
      : null;
  if (unit === null) return [];
  const values = { value: threshold, kind, what: thresholdText, unit };
  return [
    {
      ...(threshold === 0 && !wholes.includes(kind) ? doubt : refusal),
      code: "CONFIG_THRESHOLD_UNIT",
      path: at,
      values,
    },
  ];
}

const thresholdText = { en: "threshold", zh: "threshold" };

/** The greatest value that a rule of this kind can compare; undefined where there is no natural end. */
function mostOf(given: Given, kind: string): number | undefined {
  if (shares.includes(kind)) return 1;
  return onMeasures.includes(kind) ? measured[given.text("measure") ?? ""]?.most : undefined;
}

/** What is never below zero is at zero or above it in every picture. */
function isAlwaysReached(threshold: number, given: Given, kind: string): boolean {
  if (threshold !== 0 || given.isTrue("below")) return false;
  if (shares.includes(kind)) return true;
  if (!onMeasures.includes(kind)) return false;
  const measure = given.text("measure") ?? "";
  // A water level may well be that of the datum; its rise is measured from the lowest.
  return given.has("riseMin") || (measure in measured && measure !== "waterLevelM");
}

interface Place {
  readonly kind: string;
  readonly at: KeyPath;
  readonly what: { readonly en: string; readonly zh: string };
}

function beyondMost(value: number, most: number, { kind, at, what }: Place): Problem {
  const about = { ...refusal, code: "CONFIG_THRESHOLD_UNIT", path: at } as const;
  if (most !== 1) {
    const unit = { en: `a number from 0 to ${String(most)}`, zh: `0 到 ${String(most)} 的数` };
    return { ...about, values: { value, kind, what, unit } };
  }
  const text = { en: "{value} % is written {share}.", zh: "{value}% 写作 {share}。" };
  const unit = { en: "a share from 0 to 1", zh: "0 到 1 的比例" };
  return { ...about, values: { value, kind, what, unit }, hint: { text, values: { value, share: value / 100 } } };
}

/** A severity from a value on that nothing can have: a rule that runs with it goes on without. */
function escalationProblems(
  entry: unknown,
  given: Given,
  { kind, path }: { readonly kind: string; readonly path: KeyPath },
): Problem[] {
  const most = given.has("riseMin") ? undefined : mostOf(given, kind);
  if (most === undefined) return [];
  const what = { en: "escalation", zh: "escalate" };
  return entriesAt(entry, ["escalate"]).flatMap(([index, one]) => {
    const value = valueAt(one, ["at"]);
    const at = [...path, "escalate", index, "at"];
    return typeof value === "number" && value > most
      ? [{ ...beyondMost(value, most, { kind, at, what }), ...doubt }]
      : [];
  });
}

/** Every piece is larger than nothing. */
function largestProblem(entry: unknown, kind: string, path: KeyPath): Problem[] {
  if (valueAt(entry, ["largest"]) !== 0 || !shares.includes(kind)) return [];
  const what = { en: "largest piece", zh: "largest" };
  const unit = { en: "a share above 0", zh: "大于 0 的比例" };
  return [
    { ...doubt, code: "CONFIG_THRESHOLD_UNIT", path: [...path, "largest"], values: { value: 0, kind, what, unit } },
  ];
}

function orderProblems(given: Given, path: KeyPath): Problem[] {
  const [least, most] = [given.number("minSize"), given.number("maxSize")];
  const [suspected, detected] = [given.number("suspectedSec"), given.number("detectedSec")];
  const found: Problem[] = [];
  if (least !== undefined && most !== undefined && least > most)
    found.push({
      ...refusal,
      code: "CONFIG_SIZE_ORDER",
      path: [...path, given.says("minSize") ? "minSize" : "maxSize"],
      values: { least, most },
    });
  if (suspected !== undefined && detected !== undefined && suspected > detected && given.says("suspectedSec"))
    found.push({
      ...doubt,
      code: "CONFIG_SUSPECTED_LATE",
      path: [...path, "suspectedSec"],
      values: { suspected, detected },
    });
  return found;
}

/** As the rules have it where neither file nor catalogue says anything, s. */
const usual = { windowSec: 30, clearSec: 10, cooldownSec: 30 } as const;

/** A sliding window goes to and fro around its threshold: what ends sooner than half of it is over is told again and again. */
function paceProblems(given: Given, kind: string, path: KeyPath): Problem[] {
  if (kind !== "co-presence-ratio") return [];
  const [window, clear, cooldown] = (["windowSec", "clearSec", "cooldownSec"] as const).map(
    (key) => given.number(key) ?? usual[key],
  ) as [number, number, number];
  const key = (["clearSec", "cooldownSec", "windowSec"] as const).find((one) => given.says(one));
  if (key === undefined || clear + cooldown >= window / 2) return [];
  return [{ ...doubt, code: "CONFIG_RULE_FLAPS", path: [...path, key], values: { window, clear, cooldown } }];
}

/**
 * Labels that a camera's model never gives. What the file writes is told label by label; of what the catalogue brings with a
 * type one label that is known is enough, for it names all that any model may call the thing.
 */
export function labelProblems(raw: unknown, model: string, known: readonly string[]): Problem[] {
  return (["zones", "lines"] as const).flatMap((list) =>
    entriesAt(raw, [list]).flatMap(([index]) =>
      entriesAt(raw, [list, index, "rules"]).flatMap(([rule, entry]) =>
        unknownLabels(entry, [list, index, "rules", rule], known).map(({ label, path }): Problem => {
          const meant = nearest(label, known);
          const hint = meant === null ? {} : { hint: { text: meantText, values: { meant } } };
          return {
            ...doubt,
            code: "CONFIG_LABEL_UNKNOWN",
            path,
            values: { label, model, known: known.join(", "), effect: path.includes("without") ? loudText : deafText },
            ...hint,
          };
        }),
      ),
    ),
  );
}

const deafText = { en: "the rule never fires by it", zh: "规则不会因其触发" };
const loudText = { en: "it keeps no rule silent", zh: "该类别不会阻止规则触发" };
const meantText = { en: 'did you mean "{meant}"?', zh: '是否想写 "{meant}"？' };

function unknownLabels(
  entry: unknown,
  path: KeyPath,
  known: readonly string[],
): readonly { readonly label: string; readonly path: KeyPath }[] {
  const isBare = typeof entry === "string";
  const type = typeOf(isBare ? entry : (textAt(entry, ["type"]) ?? ""));
  const kind = textAt(entry, ["kind"]) ?? type?.rule.kind;
  if (kind === "level-threshold" || kind === "scene-quality") return [];
  return (["labels", "with", "withAll", "per", "without"] as const).flatMap((key) => {
    const written = entriesAt(entry, [key]);
    if (written.length > 0)
      return written.flatMap(([i, label]) =>
        typeof label === "string" && !known.includes(label) ? [{ label, path: [...path, key, i] }] : [],
      );
    // Nobody who could disturb is known: then nobody disturbs.
    if (key === "without") return [];
    const brought: readonly string[] = (kind === type?.rule.kind ? type?.rule[key] : undefined) ?? [];
    const missing = brought.filter((label) => !known.includes(label));
    const isLacking = key === "withAll" ? missing.length > 0 : missing.length > 0 && missing.length === brought.length;
    const place = isBare ? path : [...path, "type"];
    return isLacking ? [{ label: missing.join(", "), path: place }] : [];
  });
}
