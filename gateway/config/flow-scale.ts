/** From places along a line on the water to metres (pure). */
import { calibrate, type Calibration } from "../analysis/gauge/calibration.ts";
import type { FlowLineConfig } from "./flow-schema.ts";

/** A mark that misses the scale by more than this share of the line's length was clicked wrongly. */
export const greatestResidualShare = 0.05;

/** The scale of a line, whether its marks fit it or not; null when they make none. `aspect` is width over height. */
export function scaleOf({ from, to, marks }: FlowLineConfig, aspect: number): Calibration | null {
  const point = ([x, y]: readonly [number, number]): { x: number; y: number } => ({ x, y });
  const known = marks.map(({ at, m }) => ({ at: point(at), m }));
  return calibrate(point(from), point(to), known, aspect);
}

/** Metres from a line's start to its end; 0 without a scale. */
export function lengthOf(scale: Calibration | null): number {
  return scale === null ? 0 : Math.abs(scale.levelAt(1) - scale.levelAt(0));
}

/** Whether the marks of a scale agree with each other. */
export function isSound(scale: Calibration): boolean {
  return scale.residualM <= greatestResidualShare * lengthOf(scale);
}
