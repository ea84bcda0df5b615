/** One shape on the stage: its outline, its name, and the handles of the chosen one. */
import { memo } from "./memo.ts";
import type { JSX } from "preact";
import type { XY } from "../../api.ts";
import { t } from "../shell/language.ts";
import { editorTexts } from "../texts/editor.ts";
import { kindTexts } from "./kind-texts.ts";
import { LineSigns } from "./lazy-dialogs.ts";
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
