/** Name, sides and arrow of a tripwire. */
import type { JSX } from "preact";
import type { Line, XY } from "../../api.ts";
import { edgesOf } from "./core/measure.ts";
import type { Shape } from "./core/shape.ts";

/** A lies to the left of the way from the first end to the second, B to the right; the arrow shows what fires. */
export function LineSigns({ shape, px }: { readonly shape: Shape; readonly px: readonly XY[] }): JSX.Element | null {
  const { direction = "both" } = shape.node as Line;
  const lengthOf = ([a, b]: readonly [XY, XY]): number => Math.hypot(b[0] - a[0], b[1] - a[1]);
  // Beside the longest piece there is room for them.
  const [longest] = [...edgesOf(px, false)].sort((a, b) => lengthOf(b) - lengthOf(a));
  if (!longest) return null;
  const [from, to] = longest;
  const [[nameX, nameY] = [0, 0]] = px;
  const length = Math.max(1, lengthOf(longest));
  // The picture's y points down: turned to the left of the way is (dy, -dx).
  const left: XY = [(to[1] - from[1]) / length, -(to[0] - from[0]) / length];
  const [mx, my] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  const beside = (by: number): XY => [mx + left[0] * by, my + left[1] * by];
  const [ax, ay] = beside(42);
  const [bx, by] = beside(-42);
  const tip = (sign: 1 | -1): string => arrow(beside(10 * sign), beside(30 * sign));
  return (
    <g class="signs" aria-hidden="true">
      <text class="side" x={ax} y={ay} data-testid={`side-a-${shape.id}`}>
        A
      </text>
      <text class="side" x={bx} y={by} data-testid={`side-b-${shape.id}`}>
        B
      </text>
      {direction !== "right-to-left" && <path class="arrow" data-arrow="a-to-b" d={tip(-1)} />}
      {direction !== "left-to-right" && <path class="arrow" data-arrow="b-to-a" d={tip(1)} />}
      <text class="name" x={nameX} y={nameY - 14}>
        {shape.name}
      </text>
    </g>
  );
}

/** A shaft and two barbs. */
function arrow(from: XY, to: XY): string {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const barb = (turn: 1 | -1): string =>
    `M${to[0].toFixed(1)} ${to[1].toFixed(1)}l${(-dx * 0.4 - turn * dy * 0.35).toFixed(1)} ${(-dy * 0.4 + turn * dx * 0.35).toFixed(1)}`;
  return `M${from[0].toFixed(1)} ${from[1].toFixed(1)}L${to[0].toFixed(1)} ${to[1].toFixed(1)}${barb(1)}${barb(-1)}`;
}
