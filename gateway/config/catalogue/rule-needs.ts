/** What a rule cannot run without: the numbers that only a site knows. */
import type { RuleConfig } from "../zones-schema.ts";
import { typeOf } from "./catalogue.ts";

/** Kinds that compare with a threshold and have none of their own. */
const needThreshold: readonly RuleConfig["kind"][] = ["count", "area-ratio", "level-threshold", "scene-quality"];
/** Kinds that a line can carry; the measuring ones look at the whole picture wherever they are written. */
const onLines: readonly RuleConfig["kind"][] = ["line-crossing", "wrong-direction", "level-threshold", "scene-quality"];

/**
 * Keys that neither the rule nor its type gives and without which it never fires, for example `threshold` of
 * `water-level-warning`; `kind` when the type is unknown, or when it is one that a line cannot carry.
 */
export function missingKeys(rule: RuleConfig, place: "zone" | "line"): readonly (keyof RuleConfig)[] {
  const template = typeOf(rule.type)?.rule;
  const kind = rule.kind ?? template?.kind;
  if (kind === undefined || (place === "line" && !onLines.includes(kind))) return ["kind"];
  const given = template?.kind === kind ? { ...template, ...rule } : rule;
  const missing: (keyof RuleConfig)[] = [];
  if (needThreshold.includes(kind) && given.threshold === undefined) missing.push("threshold");
  if ((kind === "level-threshold" || kind === "scene-quality") && given.measure === undefined) missing.push("measure");
  if (kind === "wrong-direction" && place === "zone" && given.heading === undefined) missing.push("heading");
  return missing;
}
