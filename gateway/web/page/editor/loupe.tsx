/** What the finger hides, twice as large above it. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { XY } from "../../api.ts";
import { shapeAt } from "./core/shape.ts";
import { toStage } from "./core/view.ts";
import type { Desk } from "./desk.ts";

const sizePx = 120;
const zoom = 2;

/** Shown while a finger moves a vertex. */
export function Loupe({ desk }: { readonly desk: Desk }): JSX.Element | null {
  const { editor } = desk;
  const press = editor.loupe.value;
  const canvas = useRef<HTMLCanvasElement>(null);
  // Asked only under a finger: a mouse moves without this component.
  const shape = press && shapeAt(editor.drawn, editor.selected.value);
  const point = editor.vertex.value === null ? undefined : shape?.points[editor.vertex.value];
  useLayoutEffect(() => {
    const source = canvas.current?.closest("figure")?.querySelector("canvas");
    const context = canvas.current?.getContext("2d");
    if (!press || !point || !source || !context || !shape) return;
    const stage = editor.stage.value;
    const place = (xy: XY): XY => toStage(editor.view.value, xy, stage);
    const [x, y] = place(point);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillRect(0, 0, sizePx, sizePx);
    // The picture lies scaled on the stage; the loupe shows the stage around the vertex, twice as large.
    context.setTransform(zoom, 0, 0, zoom, sizePx / 2 - x * zoom, sizePx / 2 - y * zoom);
    const [left, top] = place([0, 0]);
    const { zoom: viewed } = editor.view.value;
    if (source.width > 0) context.drawImage(source, left, top, stage.width * viewed, stage.height * viewed);
    context.beginPath();
    for (const [index, each] of shape.points.entries()) {
      const [px, py] = place(each);
      if (index === 0) context.moveTo(px, py);
      else context.lineTo(px, py);
    }
    if (shape.kind !== "line") context.closePath();
    context.lineWidth = 1.5;
    context.strokeStyle = "#ffd000";
    context.stroke();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.strokeStyle = "#ffffff";
    context.beginPath();
    context.moveTo(sizePx / 2, 0);
    context.lineTo(sizePx / 2, sizePx);
    context.moveTo(0, sizePx / 2);
    context.lineTo(sizePx, sizePx / 2);
    context.stroke();
  });
  if (!press || !point) return null;
  const { width } = editor.stage.value;
  const left = Math.min(width - sizePx, Math.max(0, press.stage[0] * width - sizePx / 2));
  // Above the finger; where there is no room above, beside it.
  const top = press.stage[1] * editor.stage.value.height - sizePx - 44;
  const style = { left: `${left}px`, top: `${Math.max(4, top)}px` };
  return <canvas ref={canvas} class="loupe" data-testid="loupe" width={sizePx} height={sizePx} style={style} />;
}
