/** Vertices as percent, for exact places and for those who do not drag. */
import type { JSX } from "preact";
import { t } from "../shell/language.ts";
import { editorTexts } from "../texts/editor.ts";
import { panelTexts } from "../texts/editor-panels.ts";
import type { Shape } from "./core/shape.ts";
import { midpoint } from "./core/vertices.ts";
import type { Editor } from "./editor.ts";

/** Two decimals of a percent are the four decimals that are stored. */
const percentText = (value: number): string => (value * 100).toFixed(2);

/** Bound both ways: a drag shows here, a number moves the vertex. */
export function VertexTable({
  editor,
  shape,
  may,
}: {
  readonly editor: Editor;
  readonly shape: Shape;
  readonly may: boolean;
}): JSX.Element {
  const { points } = shape;
  const move = (index: number, axis: 0 | 1, text: string): void => {
    const value = Number.parseFloat(text.replace(",", "."));
    const point = points[index];
    if (!point || !Number.isFinite(value)) return;
    editor.moveVertex(shape, index, axis === 0 ? [value / 100, point[1]] : [point[0], value / 100], "step");
  };
  return (
    <table class="vertex-table" data-testid="vertex-table">
      <thead>
        <tr>
          <th scope="col">{t(panelTexts.vertex)}</th>
          <th scope="col">{t(panelTexts.across)} %</th>
          <th scope="col">{t(panelTexts.down)} %</th>
          {may && shape.kind !== "line" && (
            <th scope="col">
              <span class="unseen">{t(editorTexts.more)}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {points.map((point, index) => (
          <tr key={index} class={index === editor.vertex.value ? "chosen" : ""}>
            <th scope="row">{shape.kind === "line" ? (index === 0 ? "①" : "②") : index + 1}</th>
            {([0, 1] as const).map((axis) => (
              <td key={axis}>
                <input
                  type="number"
                  inputMode="decimal"
                  min="0"
                  max="100"
                  step="0.01"
                  disabled={!may}
                  data-testid={`cell-${index}-${axis === 0 ? "x" : "y"}`}
                  aria-label={`${t(panelTexts.vertex)} ${index + 1} ${t(axis === 0 ? panelTexts.across : panelTexts.down)} %`}
                  value={percentText(point[axis])}
                  onFocus={() => {
                    editor.vertex.value = index;
                  }}
                  onChange={(event) => move(index, axis, event.currentTarget.value)}
                />
              </td>
            ))}
            {may && shape.kind !== "line" && (
              <td class="row-tools">
                <button
                  type="button"
                  class="plain icon"
                  aria-label={`${t(editorTexts.insertVertex)} ${index + 1}`}
                  title={t(editorTexts.insertVertex)}
                  onClick={() => editor.insertVertex(shape, index, midpoint(points, index))}
                >
                  +
                </button>
                <button
                  type="button"
                  class="plain icon"
                  aria-label={`${t(editorTexts.deleteVertex)} ${index + 1}`}
                  title={t(editorTexts.deleteVertex)}
                  onClick={() => editor.deleteVertex(shape, index)}
                >
                  −
                </button>
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
