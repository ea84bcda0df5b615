/** What is dragged follows the hand past the components: a move sets a few attributes of its shape and draws nothing else anew. */
import { effect } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { shapeAt } from "./core/shape.ts";
import { toStage } from "./core/view.ts";
import type { Desk } from "./desk.ts";
import { middlePath, pointsText } from "./shape-view.tsx";

/** Draws only the way of a track that is asked about, up to the point that was tested. Name, signs and the edges that cross come with the components, a few times a second. */
export function TrialLayer({ desk }: { readonly desk: Desk }): JSX.Element {
  const mark = useRef<SVGGElement>(null);
  useLayoutEffect(() => {
    const stage = mark.current?.closest("svg");
    return stage ? effect(() => follow(stage, desk)) : undefined;
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

/** Let go or taken back, the shape is drawn once more as it is: a component that saw nothing in between would not. */
function follow(stage: SVGSVGElement, { editor }: Desk): void {
  const rules = editor.trial.value ?? editor.history.peek().present;
  const shape = shapeAt(rules, editor.selected.peek());
  if (!shape) return;
  const px = shape.points.map((point) => toStage(editor.view.peek(), point, editor.stage.peek()));
  set(stage.querySelector(".shape.chosen > :is(polygon, polyline)"), "points", pointsText(px));
  const handles = stage.querySelectorAll(".handles > .vertex");
  const middles = stage.querySelectorAll(".handles > .midpoint");
  if (handles.length !== px.length) return;
  px.forEach((at, index) => {
    for (const circle of handles[index]?.children ?? []) {
      set(circle, "cx", String(at[0]));
      set(circle, "cy", String(at[1]));
    }
    set(middles[index], "d", middlePath(at, px[(index + 1) % px.length] ?? at));
  });
}

/** Only what moved: an attribute that is set is drawn anew even when it says the same. */
function set(element: Element | null | undefined, name: string, text: string): void {
  if (element && element.getAttribute(name) !== text) element.setAttribute(name, text);
}
