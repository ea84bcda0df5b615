/** What the finger hides, twice as large above it. */
import { effect, useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { XY } from "../../api.ts";
import { shapeAt } from "./core/shape.ts";
import { toStage } from "./core/view.ts";
import type { Desk } from "./desk.ts";

const sizePx = 120;
const zoom = 2;
/** Between the loupe and the finger. */
const gapPx = 44;
/** How far the finger goes before the loupe follows: each move of it makes the browser sort all layers anew. Pixels. */
const slack = { aside: sizePx / 3, up: gapPx / 2, down: gapPx };

/** Shown while a finger moves a vertex. */
export function Loupe({ desk }: { readonly desk: Desk }): JSX.Element | null {
  const isShown = useComputed(() => desk.editor.loupe.value !== null).value;
  return isShown ? <Glass desk={desk} /> : null;
}

/** Follows the finger past the components, and is moved, not laid out. */
function Glass({ desk }: { readonly desk: Desk }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const glass = canvas.current;
    const source = glass?.closest("figure")?.querySelector("canvas");
    const context = glass?.getContext("2d");
    if (!glass || !source || !context) return undefined;
    let at: XY | null = null;
    return effect(() => {
      at = look(glass, context, source, desk, at);
    });
  }, [desk]);
  return <canvas ref={canvas} class="loupe" data-testid="loupe" width={sizePx} height={sizePx} />;
}

/** Paints what lies around the vertex; the loupe's left and top, pixels of the stage. */
function look(
  glass: HTMLElement,
  context: CanvasRenderingContext2D,
  source: HTMLCanvasElement,
  { editor }: Desk,
  before: XY | null,
): XY | null {
  const [press, stage, view, index] = [editor.loupe.value, editor.stage.value, editor.view.value, editor.vertex.value];
  const shape = shapeAt(editor.drawn, editor.selected.value);
  const point = index === null ? undefined : shape?.points[index];
  if (!press || !shape || !point) return before;
  const left = Math.round(Math.min(stage.width - sizePx, Math.max(0, press.stage[0] * stage.width - sizePx / 2)));
  // Above the finger, within the stage.
  const top = Math.round(Math.max(4, press.stage[1] * stage.height - sizePx - gapPx));
  const [aside, down] = before ? [Math.abs(left - before[0]), top - before[1]] : [Infinity, 0];
  const stays = aside <= slack.aside && down >= -slack.up && down <= slack.down;
  if (!stays) glass.style.transform = `translate(${left}px,${top}px)`;
  const place = (xy: XY): XY => toStage(view, xy, stage);
  const [x, y] = place(point);
  const middle = sizePx / 2;
  // The picture lies scaled on the stage; the loupe shows the stage around the vertex, twice as large. Of the picture only what shows is painted.
  const [pictureLeft, pictureTop] = place([0, 0]);
  const scale = source.width / (stage.width * view.zoom);
  const seen = sizePx / zoom;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillRect(0, 0, sizePx, sizePx);
  if (source.width > 0) {
    const [fromX, fromY] = [(x - seen / 2 - pictureLeft) * scale, (y - seen / 2 - pictureTop) * scale];
    context.drawImage(source, fromX, fromY, seen * scale, seen * scale, 0, 0, sizePx, sizePx);
  }
  context.setTransform(zoom, 0, 0, zoom, middle - x * zoom, middle - y * zoom);
  context.beginPath();
  for (const each of shape.points) context.lineTo(...place(each));
  if (shape.kind !== "line") context.closePath();
  context.lineWidth = 1.5;
  context.strokeStyle = "#ffd000";
  context.stroke();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.strokeStyle = "#ffffff";
  context.beginPath();
  context.moveTo(middle, 0);
  context.lineTo(middle, sizePx);
  context.moveTo(0, middle);
  context.lineTo(sizePx, middle);
  context.stroke();
  return stays ? before : [left, top];
}
