/** Two technicians changed the same camera: what can be joined by itself, and what a person must decide (pure). */
import type { Line, Mask, RuleSet, Zone } from "../../../api.ts";
import { sameValue } from "./changes.ts";
import { shapeKinds, type ShapeKind, type ShapeRef } from "./shape.ts";

type Node = Zone | Line | Mask;

/** One shape that both sides changed, differently. Null: that side removed it. */
export interface Clash extends ShapeRef {
  readonly base: Node | null;
  readonly mine: Node | null;
  readonly theirs: Node | null;
}

/** Whose version of a clash is kept. */
export type Choice = "mine" | "theirs";

/** By `kind id`. */
export type Choices = Readonly<Record<string, Choice>>;

/** The key of a shape in `Choices`. */
export function clashKey({ kind, id }: ShapeRef): string {
  return `${kind} ${id}`;
}

function nodesOf(rules: RuleSet | null, kind: ShapeKind): readonly Node[] {
  if (rules === null) return [];
  return { zone: rules.zones, line: rules.lines, mask: rules.masks }[kind];
}

interface Three {
  readonly base: Node | null;
  readonly mine: Node | null;
  readonly theirs: Node | null;
}

function threeOf(kind: ShapeKind, id: string, sides: Sides): Three {
  const find = (rules: RuleSet | null): Node | null => nodesOf(rules, kind).find((node) => node.id === id) ?? null;
  return { base: find(sides.base), mine: find(sides.mine), theirs: find(sides.theirs) };
}

/** The three versions; the base is null when the box no longer knows it, and then every difference is a clash. */
export interface Sides {
  readonly base: RuleSet | null;
  readonly mine: RuleSet;
  readonly theirs: RuleSet;
}

function idsOf(kind: ShapeKind, { mine, theirs }: Sides): readonly string[] {
  return [...new Set([...nodesOf(theirs, kind), ...nodesOf(mine, kind)].map(({ id }) => id))];
}

function clashes({ base, mine, theirs }: Three, baseKnown: boolean): boolean {
  if (sameValue(mine, theirs)) return false;
  return !baseKnown || (!sameValue(mine, base) && !sameValue(theirs, base));
}

/** What a person must decide. */
export function clashesOf(sides: Sides): readonly Clash[] {
  return shapeKinds.flatMap((kind) =>
    idsOf(kind, sides)
      .map((id) => ({ kind, id, ...threeOf(kind, id, sides) }))
      .filter((three) => clashes(three, sides.base !== null)),
  );
}

/** Joins both sides: what one side alone changed is taken from it, clashes go by `choices` (theirs when not chosen). */
export function merged(sides: Sides, choices: Choices): RuleSet {
  const pick = (kind: ShapeKind): readonly Node[] =>
    idsOf(kind, sides).flatMap((id) => {
      const three = threeOf(kind, id, sides);
      const choice = clashes(three, sides.base !== null)
        ? (choices[clashKey({ kind, id })] ?? "theirs")
        : sameValue(three.mine, three.base)
          ? "theirs"
          : "mine";
      const node = three[choice];
      return node === null ? [] : [node];
    });
  const { base, mine, theirs } = sides;
  const part = <K extends "schedules" | "holidays">(key: K): RuleSet[K] =>
    base !== null && sameValue(mine[key], base[key]) ? theirs[key] : mine[key];
  return {
    zones: pick("zone") as readonly Zone[],
    lines: pick("line") as readonly Line[],
    masks: pick("mask") as readonly Mask[],
    schedules: part("schedules"),
    holidays: part("holidays"),
  };
}
