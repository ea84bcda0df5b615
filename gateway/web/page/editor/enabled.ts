/** A shape is switched on and off through its rules: the files know `enabled` there (pure). */
import type { Line, Rule, RuleSet, Zone } from "../../api.ts";
import { withNode, type Shape, type ShapeRef } from "./core/shape.ts";

/** Rules of a shape; a mask has none. */
export function rulesOfShape(shape: Shape): readonly Rule[] {
  return "rules" in shape.node ? shape.node.rules : [];
}

/** True unless every rule of it is switched off; a shape without rules is on. */
export function isEnabled(shape: Shape): boolean {
  const rules = rulesOfShape(shape);
  return rules.length === 0 || rules.some(({ enabled }) => enabled !== false);
}

/** Writes `enabled` into every rule of a shape; `true` is the default and leaves no trace in the file. */
export function withEnabled(rules: RuleSet, ref: ShapeRef, on: boolean): RuleSet {
  return withNode<Zone | Line>(rules, ref, (node) => ({
    ...node,
    rules: node.rules.map((rule): Rule => (on ? without(rule, "enabled") : { ...rule, enabled: false })),
  }));
}

/** A rule without one of its keys: what is not said comes from the catalogue. */
export function without(rule: Rule, key: string): Rule {
  return { type: rule.type, ...Object.fromEntries(Object.entries(rule).filter(([one]) => one !== key)) };
}
