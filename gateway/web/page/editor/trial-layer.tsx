/**
 * What is dragged, in a layer of its own above the shapes: it follows the hand past the components, a move sets a few
 * attributes here, and the browser neither lays out nor paints what lies below.
 */
import { effect } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { XY } from "../../api.ts";
import { isSame, shapeAt, type Shape } from "./core/shape.ts";
import { toStage } from "./core/view.ts";
import type { Desk } from "./desk.ts";
import { Ring } from "./ring.tsx";
import { pointsText } from "./shape-view.tsx";

/** Outline, vertices and the ring of a snap; name, signs and the edges that cross come with the components, a few times a second. */
export function TrialLayer({ desk }: { readonly desk: Desk }): JSX.Element {
  const dragged = useRef<SVGGElement>(null);
  useLayoutEffect(() => {
    const layer = dragged.current;
    const stage = layer?.closest("figure")?.querySelector(".stage");
    if (!layer || !stage) return undefined;
    let drawn: Drawn | null = null;
    const unfollowed = effect(() => {
      drawn = follow(layer, stage, desk, drawn);
    });
    const unjudged = effect(() => {
      const selected = desk.editor.selected.value;
      const bad = desk.faults.value.some(({ shape, severity }) => severity === "error" && isSame(shape, selected));
      drawn?.group.classList.toggle("bad", bad);
    });
    return () => {
      unfollowed();
      unjudged();
    };
  }, [desk]);
  const { width, height } = desk.editor.stage.value;
  return (
    <svg class="trial" data-testid="trial" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {/* A layer whose bounds change with what is drawn is sorted in among the others with each move: this is as large as the stage. */}
      <rect width="100%" height="100%" fill="transparent" />
      <g ref={dragged} class="dragged" />
      <Ring desk={desk} />
    </svg>
  );
}

/** The chosen shape as it was drawn last. */
interface Drawn {
  readonly key: string;
  readonly isShown: boolean;
  readonly px: readonly XY[];
  readonly group: Element;
  readonly outline: Element;
  readonly dots: readonly Element[];
}

/**
 * The chosen shape lies ready, unseen, so that the first move has to draw no more than the others. A move leaves alone
 * what did not move: each attribute costs a layout.
 */
function follow(layer: Element, stage: Element, { editor }: Desk, before: Drawn | null): Drawn | null {
  const [trial, scale, vertex] = [editor.trial.value, editor.stage.value, editor.vertex.value];
  const shape = shapeAt(trial ?? editor.history.value.present, editor.selected.value);
  const isShown = trial !== null && shape !== null;
  if (isShown !== (before?.isShown ?? false)) {
    layer.classList.toggle("shown", isShown);
    // Below it lies the shape as it was; let go, it is drawn anew.
    stage.classList.toggle("tried", isShown);
  }
  if (!shape) {
    layer.replaceChildren();
    return null;
  }
  // Zoomed while nothing is dragged, it may lie where it was.
  const view = isShown ? editor.view.value : editor.view.peek();
  const px = shape.points.map((point) => toStage(view, point, scale));
  const key = `${shape.kind} ${shape.id} ${px.length} ${vertex}`;
  const isSameShape = before?.key === key;
  const { group, outline, dots } = isSameShape ? before : made(layer, shape, vertex);
  if (isShown && !(isSameShape && before.isShown))
    group.setAttribute("class", stage.querySelector(".shape.chosen")?.getAttribute("class") ?? "shape chosen");
  outline.setAttribute("points", pointsText(px));
  for (const [index, [x, y]] of px.entries()) {
    const [beforeX, beforeY] = (isSameShape && before.px[index]) || [];
    if (x !== beforeX) dots[index]?.setAttribute("cx", String(x));
    if (y !== beforeY) dots[index]?.setAttribute("cy", String(y));
  }
  return { key, isShown, px, group, outline, dots };
}

function made(
  layer: Element,
  { kind, points }: Shape,
  vertex: number | null,
): Pick<Drawn, "group" | "outline" | "dots"> {
  const outline = element(kind === "line" ? "polyline" : "polygon", {});
  const group = element("g", {}, outline);
  const dots = points.map((_, index) => element("circle", { class: "dot", r: index === vertex ? "8" : "6" }));
  const vertices = dots.map((dot, index) =>
    element("g", { class: index === vertex ? "vertex chosen" : "vertex" }, dot),
  );
  layer.replaceChildren(group, ...vertices);
  return { group, outline, dots };
}

function element(name: string, attributes: Readonly<Record<string, string>>, inner?: Element): Element {
  const one = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
  if (inner) one.append(inner);
  return one;
}
