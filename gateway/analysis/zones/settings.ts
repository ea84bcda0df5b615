/** A rule's settings: the kind's defaults, over them the catalogue's, over them what the zones file says. */
import { typeOf } from "../../config/catalogue/catalogue.ts";
import type { RuleConfig } from "../../config/zones-schema.ts";

/** Every rule kind there is. */
export type RuleKind = NonNullable<RuleConfig["kind"]>;

/** Settings with every default filled in. Seconds, shares 0..1, sizes in 0..1 of the picture. */
export interface RuleSettings extends Omit<RuleConfig, "type" | "id" | "kind" | "severity" | keyof typeof defaults> {
  readonly type: string;
  readonly ruleId: string;
  readonly kind: RuleKind;
  readonly labels: readonly string[];
  readonly score: number;
  readonly minSize: number;
  readonly maxSize: number;
  readonly suspectedSec: number;
  readonly detectedSec: number;
  readonly clearSec: number;
  readonly cooldownSec: number;
  readonly updateSec: number;
  readonly severity: 1 | 2 | 3 | 4;
  readonly clearBelow: number;
  readonly windowSec: number;
  readonly persistRatio: number;
  readonly reach: number;
  readonly minTrackSec: number;
  /** Path of the rule in the zones file, the beginning of every `TraceStep.setting`. */
  readonly path: string;
}

const defaults = {
  labels: ["person"],
  score: 0.25,
  minSize: 0,
  maxSize: 1,
  detectedSec: 10,
  clearSec: 10,
  cooldownSec: 30,
  updateSec: 60,
  clearBelow: 0.6,
  windowSec: 30,
  persistRatio: 0.6,
  reach: 1,
  minTrackSec: 0,
};

/** Kinds that happen in a moment: nothing is held, whatever a file says, and so is the wrong way over a line. */
const momentary: readonly RuleKind[] = ["line-crossing", "enter", "exit"];

/**
 * Merges one rule; null when neither the file nor the catalogue says which kind it is.
 * @param path of the zone or line, for example `zones/water`.
 */
export function settle(rule: RuleConfig, path: string): RuleSettings | null {
  const type = typeOf(rule.type);
  const kind = rule.kind ?? type?.rule.kind;
  if (!kind) return null;
  // The catalogue's numbers belong to its kind; a file that changes the kind starts from the kind's own defaults.
  const template = type && type.rule.kind === kind ? type.rule : {};
  const given = { ...template, ...rule };
  const crossesLine = kind === "wrong-direction" && path.startsWith("lines/");
  const held = { ...given, ...filled(given, defaults) };
  const merged = momentary.includes(kind) || crossesLine ? { ...held, suspectedSec: 0, detectedSec: 0 } : held;
  const ruleId = rule.id ?? rule.type;
  return {
    ...merged,
    // A schedule named in the file replaces the catalogue's hours and season.
    hours: rule.schedule === undefined ? given.hours : rule.hours,
    season: rule.schedule === undefined ? given.season : rule.season,
    kind,
    ruleId,
    suspectedSec: Math.min(merged.suspectedSec ?? merged.detectedSec, merged.detectedSec),
    severity: severityOf(rule.severity ?? type?.severity ?? 3),
    path: `${path}/rules/${ruleId}`,
  };
}

type Defaults = { readonly [K in keyof typeof defaults]: NonNullable<RuleConfig[K]> };

/** The keys that have a default, with it where nothing is given. */
function filled(given: RuleConfig, fallback: Defaults): Defaults {
  return {
    labels: given.labels ?? fallback.labels,
    score: given.score ?? fallback.score,
    minSize: given.minSize ?? fallback.minSize,
    maxSize: given.maxSize ?? fallback.maxSize,
    detectedSec: given.detectedSec ?? fallback.detectedSec,
    clearSec: given.clearSec ?? fallback.clearSec,
    cooldownSec: given.cooldownSec ?? fallback.cooldownSec,
    updateSec: given.updateSec ?? fallback.updateSec,
    clearBelow: given.clearBelow ?? fallback.clearBelow,
    windowSec: given.windowSec ?? fallback.windowSec,
    persistRatio: given.persistRatio ?? fallback.persistRatio,
    reach: given.reach ?? fallback.reach,
    minTrackSec: given.minTrackSec ?? fallback.minTrackSec,
  };
}

/** The severity as the four words the message knows. */
export function severityOf(value: number): 1 | 2 | 3 | 4 {
  if (value <= 1) return 1;
  if (value <= 2) return 2;
  return value <= 3 ? 3 : 4;
}
