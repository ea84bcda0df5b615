/** The way of a track that is asked about, up to the point that was tested. */
import type { JSX } from "preact";
import { toStage } from "./core/view.ts";
import type { Desk } from "./desk.ts";
import { pointsText } from "./shape-view.tsx";

/** Empty while no reasons are shown. */
export function Way({ desk }: { readonly desk: Desk }): JSX.Element {
  const { editor } = desk;
  const way = desk.path.value.map((point) => toStage(editor.view.value, point, editor.stage.value));
  const [x = 0, y = 0] = way.at(-1) ?? [];
  return (
    <g class="way" data-testid="way" data-points={way.length}>
      <polyline points={pointsText(way)} />
      {way.length > 0 && <circle cx={x} cy={y} r="6" />}
    </g>
  );
}
