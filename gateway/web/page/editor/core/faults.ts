/** What is wrong with what was drawn, in words that tell what to do (pure). Errors forbid to apply, warnings do not. */
import { polygonProblem } from "../../../../config/polygon-problems.ts";
import type { RuleSet, XY } from "../../../api.ts";
import type { Text, Values } from "../../../../runtime/texts/fill.ts";
import { faultTexts } from "../../texts/faults.ts";
import { areaOf, inside } from "./measure.ts";
import { shapesOf, type Shape, type ShapeRef } from "./shape.ts";

/** One finding. */
export interface Fault {
  readonly shape: ShapeRef;
  readonly severity: "error" | "warning";
  readonly text: Text;
  readonly values: Values;
  /** Edges to be drawn red and dashed, from 0. */
  readonly edges: readonly number[];
  /** Corners that change places when the fault can be mended by one button. */
  readonly swap: readonly [number, number] | null;
}

/** A thousandth of the picture: smaller is a slip of the hand, and nothing stands in it. */
const leastArea = 0.001;
/** A shorter line is a double click. */
const leastLine = 0.005;
/** Objects appear and vanish near the border: a line there is often never crossed by a whole object. */
const borderMargin = 0.05;

/** What is known of objects, to judge lines by. */
export interface Surroundings {
  /** Median width of objects, 0..1; null when none were seen. */
  readonly objectWidth: number | null;
}

/** Every finding, in the order of the shapes. */
export function faultsOf(rules: RuleSet, surroundings: Surroundings): readonly Fault[] {
  return shapesOf(rules).flatMap((shape) => {
    const found = shape.kind === "line" ? lineFault(shape, rules, surroundings) : areaFault(shape, rules);
    return found === null ? [] : [found];
  });
}

/** What to say of a shape's outline; the first finding is the one to mend first. */
function areaFault(shape: Shape, rules: RuleSet): Fault | null {
  const about = { shape: { kind: shape.kind, id: shape.id }, severity: "error", edges: [], swap: null } as const;
  const problem = polygonProblem(shape.points, []);
  const number = (key: string): number => Number(problem?.values[key]);
  if (problem?.code === "CONFIG_POLYGON_REPEATS")
    return { ...about, text: faultTexts.repeats, values: { a: number("a"), b: number("b") } };
  if (problem?.code === "CONFIG_POLYGON_CROSSES") {
    const swap = [number("swapA") - 1, number("swapB") - 1] as const;
    const edges = [number("a") - 1, number("b") - 1];
    const values = { a: number("a"), b: number("b") };
    return { ...about, text: faultTexts.crosses, values, edges, swap: shape.points.length === 4 ? swap : null };
  }
  const percent = (areaOf(shape.points) * 100).toFixed(2);
  if (areaOf(shape.points) < leastArea) return { ...about, text: faultTexts.tiny, values: { percent } };
  if (shape.kind === "mask") return null;
  const mask = rules.masks.find(({ polygon }) => shape.points.every((point) => within(polygon, point)));
  return mask ? { ...about, text: faultTexts.masked, values: { mask: mask.id } } : null;
}

/** Inside, or on the outline: a zone that shares its corners with a mask lies in it all the same. */
function within(polygon: readonly XY[], point: XY): boolean {
  return inside(polygon, point) || polygon.some(([x, y]) => x === point[0] && y === point[1]);
}

/** How far a point lies from each side of the picture. */
const sides: readonly ((point: XY) => number)[] = [([x]) => x, ([x]) => 1 - x, ([, y]) => y, ([, y]) => 1 - y];

function lineFault(shape: Shape, rules: RuleSet, { objectWidth }: Surroundings): Fault | null {
  const about = { shape: { kind: shape.kind, id: shape.id }, edges: [], swap: null, values: {} } as const;
  const [from, to] = shape.points;
  if (!from || !to) return null;
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  if (length < leastLine) return { ...about, severity: "error", text: faultTexts.lineShort };
  if (objectWidth !== null && length < objectWidth)
    return { ...about, severity: "warning", text: faultTexts.lineStepped };
  const nearBorder = sides.some((distance) => distance(from) < borderMargin && distance(to) < borderMargin);
  if (nearBorder) return { ...about, severity: "warning", text: faultTexts.lineBorder };
  const masked = rules.masks.find(({ polygon }) => touches(polygon, from, to));
  return masked ? { ...about, severity: "warning", text: faultTexts.lineMasked, values: { mask: masked.id } } : null;
}

/** Sampled in two hundred places: a line that touches a mask in less hardly matters. */
function touches(polygon: readonly XY[], from: XY, to: XY): boolean {
  const steps = 200;
  for (let i = 0; i <= steps; i += 1) {
    const t = i / steps;
    if (inside(polygon, [from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])])) return true;
  }
  return false;
}
