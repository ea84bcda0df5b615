/** What stands in the picture after the first touch of a button: in its middle, to be dragged where it belongs (pure). */
import type { Flow, FlowLine, Gauge } from "../../../api.ts";

/** A board from top to bottom, one metre between its marks. */
export const newGauge: Gauge = {
  id: "gauge",
  from: [0.5, 0.15],
  to: [0.5, 0.85],
  width: 0.05,
  marks: [
    { at: [0.5, 0.3], m: 1 },
    { at: [0.5, 0.7], m: 0 },
  ],
};

/** A line from left to right, the n-th one below the others, ten metres between its marks. */
export function newLine(n: number): FlowLine {
  const y = Math.round((0.55 + 0.1 * n) * 1e4) / 1e4;
  return {
    from: [0.15, y],
    to: [0.85, y],
    marks: [
      { at: [0.25, y], m: 0 },
      { at: [0.75, y], m: 10 },
    ],
  };
}

/** A section with its first line. */
export const newFlow: Flow = { id: "section", lines: [newLine(0)] };
