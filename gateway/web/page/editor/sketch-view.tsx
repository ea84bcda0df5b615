/** What is being drawn: its points, and a rubber line to the pointer. */
import type { JSX } from "preact";
import type { XY } from "../../api.ts";
import { toStage } from "./core/view.ts";
import type { Editor } from "./editor.ts";

/** Nothing unless something is being drawn. */
export function SketchView({ editor }: { readonly editor: Editor }): JSX.Element | null {
  const { sketch } = editor.state.value;
  if (!sketch) return null;
  const at = (point: XY): XY => toStage(editor.view.value, point, editor.stage.value);
  const px = sketch.points.map(at);
  const pointer = editor.pointer.value === null ? null : at(editor.pointer.value);
  const last = px.at(-1);
  return (
    <g class={`sketch ${sketch.kind}`} data-testid="sketch" data-points={px.length}>
      <polyline points={px.map((point) => point.join(",")).join(" ")} />
      {last && pointer && <line class="rubber" x1={last[0]} y1={last[1]} x2={pointer[0]} y2={pointer[1]} />}
      {px.map(([x, y], index) => {
        // Where the drawing ends: at the first point of an outline, at the last one of a line.
        const isEnd = index === (sketch.kind === "line" ? px.length - 1 : 0);
        return <circle key={index} class={isEnd ? "first" : ""} cx={x} cy={y} r={isEnd ? 8 : 5} />;
      })}
      {pointer && (
        <path
          class="cross"
          data-testid="cross"
          d={`M${pointer[0] - 10} ${pointer[1]}h20M${pointer[0]} ${pointer[1] - 10}v20`}
        />
      )}
    </g>
  );
}
