/** What is wrong with what was drawn, in words that tell what to do (pure). Errors forbid to apply, warnings do not. */
import { lengthOf, lineProblem } from "../../../../config/line-problems.ts";
import { polygonProblem } from "../../../../config/polygon-problems.ts";
import type { RuleSet, XY } from "../../../api.ts";
import type { Text, Values } from "../../../../runtime/texts/fill.ts";
import { faultTexts } from "../../texts/faults.ts";
import { areaOf, edgesOf, inside } from "./measure.ts";
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
/** With less of a zone in view than this, who stands in it is seldom seen. */
const littleSeen = 0.25;
/** Objects appear and vanish near the border: a line there is often never crossed by a whole object. */
const borderMargin = 0.05;

/** What is known of objects, to judge lines by. */
export interface Surroundings {
  /** Median width of objects, 0..1; null when none were seen. */
  readonly objectWidth: number | null;
}

/** What was found of a node, and with which masks and width: while one vertex is dragged, eleven other shapes stay judged. */
const known = new WeakMap<
  object,
  { readonly masks: unknown; readonly width: number | null; readonly fault: Fault | null }
>();

/** Every finding, in the order of the shapes. */
export function faultsOf(rules: RuleSet, surroundings: Surroundings): readonly Fault[] {
  const { masks } = rules;
  const { objectWidth: width } = surroundings;
  return shapesOf(rules).flatMap((shape) => {
    let found = known.get(shape.node);
    if (found?.masks !== masks || found.width !== width) {
      const fault = faultOf(shape, rules, surroundings);
      found = { masks, width, fault };
      known.set(shape.node, found);
    }
    return found.fault ?? [];
  });
}

/** What to say of a shape; the first finding is the one to mend first. */
function faultOf(shape: Shape, rules: RuleSet, surroundings: Surroundings): Fault | null {
  const about = { shape: { kind: shape.kind, id: shape.id }, severity: "error", edges: [], swap: null } as const;
  const isLine = shape.kind === "line";
  const problem = isLine ? lineProblem(shape.points, []) : polygonProblem(shape.points, []);
  const number = (key: string): number => Number(problem?.values[key]);
  const values = { a: number("a"), b: number("b") };
  if (problem?.code.endsWith("REPEATS")) return { ...about, text: faultTexts.repeats, values };
  if (problem?.code.endsWith("CROSSES")) {
    const swap = [number("swapA") - 1, number("swapB") - 1] as const;
    const edges = [values.a - 1, values.b - 1];
    return {
      ...about,
      text: faultTexts.crosses,
      values,
      edges,
      swap: !isLine && shape.points.length === 4 ? swap : null,
    };
  }
  if (problem?.code === "CONFIG_LINE_SHORT") return { ...about, text: faultTexts.lineShort, values: {} };
  return isLine
    ? lineFault(shape, rules, { ...about, severity: "warning" }, surroundings)
    : areaFault(shape, rules, about);
}

function areaFault(
  shape: Shape,
  rules: RuleSet,
  about: Pick<Fault, "shape" | "severity" | "edges" | "swap">,
): Fault | null {
  const stray = shape.points.findIndex((point) => sides.some((distance) => distance(point) < 0));
  if (stray >= 0) return { ...about, text: faultTexts.outside, values: { a: stray + 1 } };
  const percent = (areaOf(shape.points) * 100).toFixed(2);
  if (areaOf(shape.points) < leastArea) return { ...about, text: faultTexts.tiny, values: { percent } };
  return shape.kind === "mask" ? null : seenFault(shape, rules, about);
}

/** A zone lives from what the camera shows: the picture without its masks. */
function seenFault(shape: Shape, { masks }: RuleSet, about: Pick<Fault, "shape" | "edges" | "swap">): Fault | null {
  const over = masks.filter(({ polygon }) => overlaps(polygon, shape.points));
  if (over.length === 0) return null;
  const seen = seenShare(shape.points, over.map(({ polygon }) => polygon)); // prettier-ignore
  const values = { mask: over.map(({ id }) => id).join(", "), percent: Math.round(seen * 100) };
  if (seen === 0) return { ...about, severity: "error", text: faultTexts.masked, values };
  return seen < littleSeen ? { ...about, severity: "warning", text: faultTexts.mostlyMasked, values } : null;
}

function overlaps(a: readonly XY[], b: readonly XY[]): boolean {
  return ([0, 1] as const).every((axis) => {
    const [as, bs] = [a.map((point) => point[axis]), b.map((point) => point[axis])];
    return Math.min(...as) < Math.max(...bs) && Math.min(...bs) < Math.max(...as);
  });
}

/** Share of an outline that no mask covers, from a raster over its own bounds. */
function seenShare(points: readonly XY[], masks: readonly (readonly XY[])[]): number {
  const steps = 24;
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top];
  let [all, seen] = [0, 0];
  for (let i = 0; i < steps * steps; i += 1) {
    const at: XY = [
      left + (((i % steps) + 0.5) / steps) * width,
      top + ((Math.floor(i / steps) + 0.5) / steps) * height,
    ];
    if (!inside(points, at)) continue;
    all += 1;
    if (!masks.some((mask) => inside(mask, at))) seen += 1;
  }
  return all === 0 ? 1 : seen / all;
}

/** How far a point lies from each side of the picture. */
const sides: readonly ((point: XY) => number)[] = [([x]) => x, ([x]) => 1 - x, ([, y]) => y, ([, y]) => 1 - y];

function lineFault(
  { points }: Shape,
  rules: RuleSet,
  about: Pick<Fault, "shape" | "severity" | "edges" | "swap">,
  { objectWidth }: Surroundings,
): Fault | null {
  const fault = { ...about, values: {} };
  if (objectWidth !== null && lengthOf(points) < objectWidth) return { ...fault, text: faultTexts.lineStepped };
  if (sides.some((distance) => points.every((point) => distance(point) < borderMargin)))
    return { ...fault, text: faultTexts.lineBorder };
  const masked = rules.masks.find(({ polygon }) => edgesOf(points, false).some(([a, b]) => touches(polygon, a, b)));
  return masked ? { ...fault, text: faultTexts.lineMasked, values: { mask: masked.id } } : null;
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
