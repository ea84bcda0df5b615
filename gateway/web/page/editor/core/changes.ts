/** What a draft changes, shape by shape (pure). */
import type { RuleSet } from "../../../api.ts";
import { shapeKinds, shapesOf, type Shape, type ShapeRef } from "./shape.ts";

/** One change; a shape counts once, however often it was touched. */
export interface Change extends ShapeRef {
  readonly name: string;
  readonly what: "added" | "removed" | "moved" | "edited" | "moved-edited";
}

/** Whether two values are the same when written down. */
export function sameValue(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function withoutPoints(shape: Shape): unknown {
  return Object.entries(shape.node).filter(([key]) => !["polygon", "from", "via", "to"].includes(key));
}

/** In the order of the kinds; schedules and holidays come as `schedules`. */
export function changesOf(base: RuleSet, draft: RuleSet): readonly Change[] {
  const before = new Map(shapesOf(base).map((shape) => [`${shape.kind} ${shape.id}`, shape]));
  const after = new Map(shapesOf(draft).map((shape) => [`${shape.kind} ${shape.id}`, shape]));
  const changes: Change[] = [];
  for (const [key, shape] of after) {
    const old = before.get(key);
    const about = { kind: shape.kind, id: shape.id, name: shape.name };
    if (!old) changes.push({ ...about, what: "added" });
    else if (old.node !== shape.node) {
      const moved = !sameValue(old.points, shape.points);
      const edited = !sameValue(withoutPoints(old), withoutPoints(shape));
      if (moved || edited) changes.push({ ...about, what: moved ? (edited ? "moved-edited" : "moved") : "edited" });
    }
  }
  for (const [key, shape] of before)
    if (!after.has(key)) changes.push({ kind: shape.kind, id: shape.id, name: shape.name, what: "removed" });
  return changes.sort((a, b) => shapeKinds.indexOf(a.kind) - shapeKinds.indexOf(b.kind));
}

/** Whether schedules or holidays differ. */
export function calendarDiffers(base: RuleSet, draft: RuleSet): boolean {
  return !sameValue(base.schedules, draft.schedules) || !sameValue(base.holidays, draft.holidays);
}

/** How many changes the head of the page counts. */
export function changeCount(base: RuleSet, draft: RuleSet): number {
  return changesOf(base, draft).length + (calendarDiffers(base, draft) ? 1 : 0);
}
