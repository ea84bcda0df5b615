/** One shape on the stage: its outline, its name, and the handles of the chosen one. */
import { memo } from "./memo.ts";
import type { JSX } from "preact";
import type { Line, XY } from "../../api.ts";
import { t } from "../shell/language.ts";
import { editorTexts } from "../texts/editor.ts";
import { kindTexts } from "./kind-texts.ts";
import { centreOf, edgesOf, type Scale } from "./core/measure.ts";
import { toStage, type View } from "./core/view.ts";
import type { Shape } from "./core/shape.ts";

/** What a shape needs to be drawn; it is drawn anew only when one of these is another value. */
export interface ShapeViewParts {
  readonly shape: Shape;
  readonly view: View;
  readonly stage: Scale;
  readonly chosen: boolean;
  readonly hovered: boolean;
  readonly vertex: number | null;
  /** Edges that cross, as text, so that equal lists are equal. */
  readonly badEdges: string;
  readonly bad: boolean;
  readonly enabled: boolean;
  /** Counts the patterns: zones differ by more than colour. */
  readonly look: number;
  readonly language: string;
  readonly onFocus: (shape: Shape, vertex: number | null) => void;
}

const percent = (value: number): string => (value * 100).toFixed(1);

/** A place as SVG says it. */
const placeText = ([x, y]: XY): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
/** A circle with a cross, half way between two places. */
const middlePath = (a: XY, b: XY): string =>
  `M${placeText([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2])}m-7 0a7 7 0 1 1 14 0a7 7 0 1 1-14 0m3.5 0h7m-3.5-3.5v7`;
/** Places in a row. */
export const pointsText = (px: readonly XY[]): string => px.map(placeText).join(" ");

/**
 * Drawn in pixels of the stage, so that handles keep their size at any zoom. Places are coordinates and no transforms: each
 * transform would be a node that the browser sorts anew in every frame of a drag.
 */
export const ShapeView = memo(function ShapeView(parts: ShapeViewParts): JSX.Element {
  const { shape, view, stage, chosen, hovered, bad, badEdges, enabled, look, onFocus } = parts;
  const at = (point: XY): XY => toStage(view, point, stage);
  const px = shape.points.map(at);
  const closed = shape.kind !== "line";
  const text = pointsText(px);
  const bads = badEdges === "" ? [] : badEdges.split(" ").map(Number);
  const classes = [
    "shape",
    shape.kind,
    `look-${look % 6}`,
    chosen ? "chosen" : "",
    hovered ? "hovered" : "",
    bad ? "bad" : "",
    enabled ? "" : "disabled",
  ];
  const [nameX, nameY] = at(centreOf(shape.points));
  const label = t(editorTexts.shapeName, { kind: t(kindTexts[shape.kind]), name: shape.name });
  return (
    <>
      <g
        class={classes.join(" ")}
        data-testid={`shape-${shape.id}`}
        role="button"
        tabindex={0}
        aria-label={label}
        aria-pressed={chosen}
        onFocus={() => onFocus(shape, null)}
      >
        {closed ? <polygon points={text} /> : <polyline points={text} />}
        {bads.map((edge) => (
          <BadEdge key={edge} from={px[edge]} to={px[(edge + 1) % px.length]} />
        ))}
        {closed && (
          <text x={nameX} y={nameY} class="name" aria-hidden="true">
            {shape.name}
          </text>
        )}
      </g>
      {shape.kind === "line" && <LineSigns shape={shape} px={px} />}
      {chosen && <Handles {...parts} px={px} closed={closed} />}
    </>
  );
});

function BadEdge({ from, to }: { readonly from: XY | undefined; readonly to: XY | undefined }): JSX.Element | null {
  if (!from || !to) return null;
  return <line class="bad-edge" x1={from[0]} y1={from[1]} x2={to[0]} y2={to[1]} />;
}

/** Midpoint handles first, so that vertices lie above them. */
function Handles({
  shape,
  px,
  closed,
  vertex,
  onFocus,
}: ShapeViewParts & { readonly px: readonly XY[]; readonly closed: boolean }): JSX.Element {
  const count = px.length;
  return (
    <g class={`handles ${shape.kind}`}>
      {edgesOf(px, closed).map(([a, b], edge) => (
        <path key={edge} class="midpoint" data-testid={`edge-${edge}`} d={middlePath(a, b)} />
      ))}
      {px.map(([x, y], index) => (
        <g
          key={index}
          class={index === vertex ? "vertex chosen" : "vertex"}
          data-testid={`vertex-${index}`}
          role="button"
          tabindex={0}
          aria-label={t(editorTexts.vertexName, {
            n: index + 1,
            count,
            x: percent(shape.points[index]?.[0] ?? 0),
            y: percent(shape.points[index]?.[1] ?? 0),
          })}
          onFocus={() => onFocus(shape, index)}
        >
          <circle class="reach" cx={x} cy={y} r="22" />
          <circle class="dot" cx={x} cy={y} r={index === vertex ? 8 : 6} />
        </g>
      ))}
    </g>
  );
}

/** A lies to the left of the way from the first end to the second, B to the right; the arrow shows what fires. */
function LineSigns({ shape, px }: { readonly shape: Shape; readonly px: readonly XY[] }): JSX.Element | null {
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
