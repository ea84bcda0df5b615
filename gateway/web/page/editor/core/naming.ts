/** Ids and names of new shapes (pure). */
import type { RuleSet } from "../../../api.ts";
import { shapesOf, type ShapeKind } from "./shape.ts";

/** `zone-1`, `zone-2` …: the first id that no shape of the camera has; ids are what events carry and never change. */
export function freeId(rules: RuleSet, stem: string): string {
  const taken = new Set(shapesOf(rules).map(({ id }) => id));
  const base = stem.replace(/-\d+$/, "");
  for (let n = 1; ; n += 1) if (!taken.has(`${base}-${n}`)) return `${base}-${n}`;
}

/** The id itself where it is free, else with a number. */
export function ownId(rules: RuleSet, id: string): string {
  return shapesOf(rules).some((shape) => shape.id === id) ? freeId(rules, id) : id;
}

/** `Quay` → `Quay 2` → `Quay 3`. */
export function freeName(rules: RuleSet, name: string): string {
  const taken = new Set(shapesOf(rules).map((shape) => shape.name));
  const base = name.replace(/ \d+$/, "");
  for (let n = 2; ; n += 1) if (!taken.has(`${base} ${n}`)) return `${base} ${n}`;
}

/** Stem of the ids of a kind. */
export const stems: Readonly<Record<ShapeKind, string>> = { zone: "zone", line: "line", mask: "mask" };
