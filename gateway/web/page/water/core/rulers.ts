/** The drawn lines of a camera's measures as one kind of thing: a line with marks of known metres (pure). */
import type { FlowLine, KnownPlace, Measures, XY } from "../../../api.ts";
import { calibrate, greatestResidualM, type Calibration } from "../../../../analysis/gauge/calibration.ts";

/** The gauge, or one line of the section by its number. */
export type RulerKey = "gauge" | number;

/** One end of a ruler, or one of its marks by its number. */
export type Part = "from" | "to" | number;

/** What a finger can move. */
export interface Handle {
  readonly ruler: RulerKey;
  readonly part: Part;
}

/** A ruler in the picture. */
export interface Ruler extends FlowLine {
  readonly key: RulerKey;
}

/** What the file takes: a gauge, and so many lines and marks. */
export const mostLines = 4;
export const mostMarks = 16;
export const fewestMarks = 2;

/** Gauge first, then the lines of the section. */
export function rulersOf({ gauge, flow }: Measures): readonly Ruler[] {
  const lines = flow?.lines ?? [];
  return [...(gauge ? [{ ...gauge, key: "gauge" as const }] : []), ...lines.map((line, key) => ({ ...line, key }))];
}

/** The measures with one ruler's line changed. */
export function withRuler(measures: Measures, key: RulerKey, change: (line: FlowLine) => FlowLine): Measures {
  const { gauge, flow } = measures;
  if (key === "gauge") return gauge ? { ...measures, gauge: { ...gauge, ...change(gauge) } } : measures;
  if (!flow) return measures;
  return {
    ...measures,
    flow: { ...flow, lines: flow.lines.map((line, n) => (n === key ? change(lineOf(line)) : line)) },
  };
}

const lineOf = ({ from, to, marks }: FlowLine): FlowLine => ({ from, to, marks });

/** Four decimals, inside the picture. */
export function placed([x, y]: XY): XY {
  const inside = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 1e4) / 1e4;
  return [inside(x), inside(y)];
}

/** Where a handle stands; null when there is none any more. */
export function placeOf(measures: Measures, { ruler, part }: Handle): XY | null {
  const line = rulersOf(measures).find(({ key }) => key === ruler);
  if (!line) return null;
  return typeof part === "number" ? (line.marks[part]?.at ?? null) : line[part];
}

/** The measures with a handle somewhere else. */
export function movedTo(measures: Measures, { ruler, part }: Handle, at: XY): Measures {
  return withRuler(measures, ruler, (line) =>
    typeof part === "number" ? withMark(line, part, { at: placed(at) }) : { ...line, [part]: placed(at) },
  );
}

/** The line with one mark changed. */
export function withMark<T extends FlowLine>(line: T, n: number, change: Partial<KnownPlace>): T {
  return { ...line, marks: line.marks.map((mark, k) => (k === n ? { ...mark, ...change } : mark)) };
}

/** The line with one mark more, in the middle of its longest stretch without one, with the metres that the others give it. */
export function withNewMark<T extends FlowLine>(line: T, aspect: number): T {
  const along = (at: XY): number => shareAlong(line, at, aspect);
  const known = line.marks.map(({ at }) => along(at)).sort((a, b) => a - b);
  const stops = [0, ...known.filter((t) => t > 0 && t < 1), 1];
  const gaps = stops.slice(1).map((end, n) => ({ start: stops[n] ?? 0, end }));
  const widest = gaps.reduce((best, gap) => (gap.end - gap.start > best.end - best.start ? gap : best));
  const t = (widest.start + widest.end) / 2;
  const at = placed([line.from[0] + t * (line.to[0] - line.from[0]), line.from[1] + t * (line.to[1] - line.from[1])]);
  const m = calibrationOf(line, aspect)?.levelAt(t) ?? 0;
  return { ...line, marks: [...line.marks, { at, m: Math.round(m * 100) / 100 }] };
}

function shareAlong({ from, to }: FlowLine, [x, y]: XY, aspect: number): number {
  const [dx, dy] = [(to[0] - from[0]) * aspect, to[1] - from[1]];
  const length2 = dx * dx + dy * dy;
  return length2 === 0 ? 0 : ((x - from[0]) * aspect * dx + (y - from[1]) * dy) / length2;
}

/** The scale that the marks give the line; null where they give none. `aspect` is width over height of the picture. */
export function calibrationOf({ from, to, marks }: FlowLine, aspect: number): Calibration | null {
  const point = ([x, y]: XY): { readonly x: number; readonly y: number } => ({ x, y });
  const known = marks.map(({ at, m }) => ({ at: point(at), m }));
  return calibrate(point(from), point(to), known, aspect);
}

/** Whether the marks agree well enough for the box to read by them. */
export function isUsable(calibration: Calibration | null): calibration is Calibration {
  return calibration !== null && calibration.residualM <= greatestResidualM;
}

/** A line of the scale drawn over the picture. */
export interface Tick {
  readonly at: XY;
  readonly m: number;
}

const steps = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];

/** At most a dozen round metres along the ruler: who looks sees whether the scale lies on the board. */
export function ticksOf(line: FlowLine, aspect: number): readonly Tick[] {
  const calibration = calibrationOf(line, aspect);
  if (!isUsable(calibration)) return [];
  const [a, b] = [calibration.levelAt(0), calibration.levelAt(1)].sort((p, q) => p - q);
  if (a === undefined || b === undefined || !Number.isFinite(a) || !Number.isFinite(b)) return [];
  const step = steps.find((one) => (b - a) / one <= 12);
  if (step === undefined) return [];
  const first = Math.ceil(a / step - 1e-6);
  const count = Math.floor(b / step + 1e-6) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, n) => {
    const m = Math.round((first + n) * step * 100) / 100;
    return { m, at: pointAt(line, calibration.alongAt(m)) };
  });
}

/** The place a share of the way from a line's start to its end. */
export function pointAt({ from, to }: FlowLine, t: number): XY {
  return [from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])];
}
