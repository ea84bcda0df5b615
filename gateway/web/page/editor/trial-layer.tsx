/** What is dragged follows the hand past the components: a move sets a few attributes of its shape and draws nothing else anew. */
import { effect } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { XY } from "../../api.ts";
import { shapeAt } from "./core/shape.ts";
import { toStage } from "./core/view.ts";
import type { Desk } from "./desk.ts";
import { pointsText } from "./shape-view.tsx";

/** Draws only the way of a track that is asked about, up to the point that was tested. Name, signs and the edges that cross come with the components, a few times a second. */
export function TrialLayer({ desk }: { readonly desk: Desk }): JSX.Element {
  const mark = useRef<SVGGElement>(null);
  useLayoutEffect(() => {
    const stage = mark.current?.closest("svg");
    if (!stage) return undefined;
    let before: Followed = { id: "", px: [], outline: null, dots: [] };
    return effect(() => {
      before = follow(stage, desk, before);
    });
  }, [desk]);
  const { editor } = desk;
  const way = desk.path.value.map((point) => toStage(editor.view.value, point, editor.stage.value));
  const [x = 0, y = 0] = way.at(-1) ?? [];
  return (
    <g ref={mark} class="way" data-testid="way" data-points={way.length}>
      <polyline points={pointsText(way)} />
      {way.length > 0 && <circle cx={x} cy={y} r="6" />}
    </g>
  );
}

/** Where the shape was drawn last. */
interface Followed {
  readonly id: string;
  readonly px: readonly XY[];
  readonly outline: Element | null;
  readonly dots: ArrayLike<Element>;
}

/**
 * Let go or taken back, the shape is drawn once more as it is: a component that saw nothing in between would not. What is
 * set here is the outline and what shows of its vertices, and of these only what moved: each attribute costs a layout.
 */
function follow(stage: SVGSVGElement, { editor }: Desk, before: Followed): Followed {
  const rules = editor.trial.value ?? editor.history.peek().present;
  const shape = shapeAt(rules, editor.selected.peek());
  if (!shape) return before;
  const id = `${shape.kind} ${shape.id}`;
  const px = shape.points.map((point) => toStage(editor.view.peek(), point, editor.stage.peek()));
  let { outline, dots } = before;
  // Looked up anew where the components may have drawn them anew.
  const isSame = before.id === id && editor.trial.peek() !== null && dots.length === px.length;
  if (!isSame || outline?.isConnected !== true || dots[0]?.isConnected !== true) {
    outline = stage.querySelector(".shape.chosen > :is(polygon, polyline)");
    dots = stage.querySelectorAll(".handles > .vertex > .dot");
  }
  const text = pointsText(px);
  if (outline?.getAttribute("points") !== text) outline?.setAttribute("points", text);
  if (dots.length === px.length)
    px.forEach(([x, y], index) => {
      const [beforeX, beforeY] = (before.id === id && before.px[index]) || [];
      if (x !== beforeX) dots[index]?.setAttribute("cx", String(x));
      if (y !== beforeY) dots[index]?.setAttribute("cy", String(y));
    });
  return { id, px, outline, dots };
}
