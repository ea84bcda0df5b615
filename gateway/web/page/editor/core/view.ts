/** Which part of the picture is on the screen: zoom 1 to 8 about a point, never beyond the border (pure). */
import type { XY } from "../../../api.ts";
import type { Scale } from "./measure.ts";

/** `left`, `top`: the picture's point at the stage's top-left corner, 0..1. */
export interface View {
  readonly zoom: number;
  readonly left: number;
  readonly top: number;
}

export const wholeView: View = { zoom: 1, left: 0, top: 0 };
const mostZoom = 8;

function bounded({ zoom, left, top }: View): View {
  const most = 1 - 1 / zoom;
  return { zoom, left: Math.min(most, Math.max(0, left)), top: Math.min(most, Math.max(0, top)) };
}

/** Zooms by a factor; what lies under `at` (0..1 of the stage) stays there. */
export function zoomed(view: View, factor: number, [sx, sy]: XY): View {
  const zoom = Math.min(mostZoom, Math.max(1, view.zoom * factor));
  return bounded({
    zoom,
    left: view.left + sx / view.zoom - sx / zoom,
    top: view.top + sy / view.zoom - sy / zoom,
  });
}

/** Moves the picture along with the finger; `by` is a share of the stage. */
export function panned(view: View, [dx, dy]: XY): View {
  return bounded({ ...view, left: view.left - dx / view.zoom, top: view.top - dy / view.zoom });
}

/** A place on the stage (0..1 of it) as a place in the picture. */
export function toPicture({ zoom, left, top }: View, [sx, sy]: XY): XY {
  return [left + sx / zoom, top + sy / zoom];
}

/** A place in the picture in stage pixels. */
export function toStage({ zoom, left, top }: View, [x, y]: XY, stage: Scale): XY {
  return [(x - left) * zoom * stage.width, (y - top) * zoom * stage.height];
}
