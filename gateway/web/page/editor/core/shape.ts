/** Zones, lines and masks as one thing, a shape: what is drawn, without what it means (pure). */
import { without } from "../../parts/without.ts";
import type { Line, Mask, RuleSet, XY, Zone } from "../../../api.ts";

/** The three kinds of shapes, in the order they are listed. */
export const shapeKinds = ["zone", "line", "mask"] as const;
export type ShapeKind = (typeof shapeKinds)[number];

/** Names one shape of a rule set. */
export interface ShapeRef {
  readonly kind: ShapeKind;
  readonly id: string;
}

/** A shape with its points: corners of an area, or a line from end to end. */
export interface Shape extends ShapeRef {
  readonly name: string;
  readonly points: readonly XY[];
  /** The node of the rule set it was read from; the same object as long as nothing in it changed. */
  readonly node: Zone | Line | Mask;
}

/** Least and most points of a shape. */
export const pointLimits: Readonly<Record<ShapeKind, readonly [number, number]>> = {
  zone: [3, 64],
  line: [2, 16],
  mask: [3, 64],
};

/** Most shapes of a kind that a file may have. */
export const shapeLimits: Readonly<Record<ShapeKind, number>> = { zone: 64, line: 64, mask: 32 };

/** Whether two references name the same shape. */
export function isSame(a: ShapeRef | null, b: ShapeRef | null): boolean {
  return a !== null && b !== null && a.kind === b.kind && a.id === b.id;
}

const shapes = new WeakMap<Zone | Line | Mask, Shape>();

/** Made once for each node, so that who draws it can see by identity that nothing changed. */
function shapeOf(kind: ShapeKind, node: Zone | Line | Mask): Shape {
  const known = shapes.get(node);
  if (known?.kind === kind) return known;
  const points = pointsOf(node);
  const name = "name" in node && typeof node.name === "string" ? node.name : node.id;
  const shape = { kind, id: node.id, name, points, node };
  shapes.set(node, shape);
  return shape;
}

/** Corners, or a line from end to end. */
export function pointsOf(node: Zone | Line | Mask): readonly XY[] {
  return "polygon" in node ? (node.polygon as readonly XY[]) : [node.from, ...(node.via ?? []), node.to];
}

const lists = new WeakMap<RuleSet, readonly Shape[]>();

/** All shapes, zones first; listed once for each rule set, for every move of a drag asks. */
export function shapesOf(rules: RuleSet): readonly Shape[] {
  const known = lists.get(rules);
  if (known) return known;
  const list = [
    ...rules.zones.map((node) => shapeOf("zone", node)),
    ...rules.lines.map((node) => shapeOf("line", node)),
    ...rules.masks.map((node) => shapeOf("mask", node)),
  ];
  lists.set(rules, list);
  return list;
}

/** One shape; null when there is none. */
export function shapeAt(rules: RuleSet, ref: ShapeRef | null): Shape | null {
  return ref === null ? null : (shapesOf(rules).find((shape) => isSame(shape, ref)) ?? null);
}

/** Changes the node of a shape; every other node stays the same object, so that only its bytes are written again. */
export function withNode<T extends Zone | Line | Mask>(
  rules: RuleSet,
  ref: ShapeRef,
  change: (node: T) => T | null,
): RuleSet {
  const map = <N extends Zone | Line | Mask>(nodes: readonly N[]): readonly N[] =>
    nodes.flatMap((node) => {
      if (node.id !== ref.id) return [node];
      const changed = change(node as unknown as T) as unknown as N | null;
      return changed === null ? [] : [changed];
    });
  switch (ref.kind) {
    case "zone":
      return { ...rules, zones: map(rules.zones) };
    case "line":
      return { ...rules, lines: map(rules.lines) };
    case "mask":
      return { ...rules, masks: map(rules.masks) };
  }
}

/** Replaces the points of a shape; they are stored with four decimals inside the picture. */
export function withPoints(rules: RuleSet, ref: ShapeRef, points: readonly XY[]): RuleSet {
  const kept = points.map(storedPoint);
  return withNode(rules, ref, (node) => {
    if (!("polygon" in node)) return { ...without(node, "via"), ...pointsOfLine(kept) } as Line;
    return { ...node, polygon: kept };
  });
}

/** The points as the file has them: a straight line has no bends to speak of. */
export function pointsOfLine(points: readonly XY[]): Pick<Line, "from" | "via" | "to"> {
  const [from = [0, 0], ...rest] = points;
  const via = rest.slice(0, -1);
  return { from, ...(via.length > 0 ? { via } : {}), to: rest.at(-1) ?? [1, 1] };
}

/** Takes a shape away. */
export function withoutShape(rules: RuleSet, ref: ShapeRef): RuleSet {
  return withNode(rules, ref, () => null);
}

/** Adds a new node at the end of its list. */
export function withShape(rules: RuleSet, kind: ShapeKind, node: Zone | Line | Mask): RuleSet {
  switch (kind) {
    case "zone":
      return { ...rules, zones: [...rules.zones, node as Zone] };
    case "line":
      return { ...rules, lines: [...rules.lines, node as Line] };
    case "mask":
      return { ...rules, masks: [...rules.masks, node as Mask] };
  }
}

/** A coordinate as it is stored: inside the picture, four decimals (0.4 pixels of a picture 3,840 wide). */
export function stored(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 10_000) / 10_000;
}

/** A point as it is stored. */
export function storedPoint([x, y]: XY): XY {
  return [stored(x), stored(y)];
}
