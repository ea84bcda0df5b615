/** Vertices as percent, for exact places and for those who do not drag. */
import type { JSX } from "preact";
import { t } from "../shell/language.ts";
import { editorTexts } from "../texts/editor.ts";
import { panelTexts } from "../texts/editor-panels.ts";
import { shapeAt, type Shape, type ShapeKind } from "./core/shape.ts";
import { midpoint } from "./core/vertices.ts";
import type { Editor } from "./editor.ts";
import { memo } from "./memo.ts";

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
  const { points, kind, id } = shape;
  return (
    <table class="vertex-table" data-testid="vertex-table">
      <thead>
        <tr>
          <th scope="col">{t(panelTexts.vertex)}</th>
          <th scope="col">{t(panelTexts.across)} %</th>
          <th scope="col">{t(panelTexts.down)} %</th>
          {may && (
            <th scope="col">
              <span class="unseen">{t(editorTexts.more)}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {points.map(([x, y], index) => (
          <Row
            key={index}
            editor={editor}
            kind={kind}
            id={id}
            index={index}
            x={x}
            y={y}
            chosen={index === editor.vertex.value}
            isEnd={kind === "line" && index === shape.points.length - 1}
            may={may}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowParts {
  readonly editor: Editor;
  readonly kind: ShapeKind;
  readonly id: string;
  readonly index: number;
  readonly x: number;
  readonly y: number;
  readonly chosen: boolean;
  /** Behind the end of a line nothing can be put in. */
  readonly isEnd: boolean;
  readonly may: boolean;
}

/** Drawn anew only when its own vertex moved: a drag must not draw sixty-four rows with every move. */
const Row = memo(function Row({ editor, kind, id, index, x, y, chosen, isEnd, may }: RowParts): JSX.Element {
  const ref = { kind, id };
  const move = (axis: 0 | 1, text: string): void => {
    const value = Number.parseFloat(text.replace(",", "."));
    if (Number.isFinite(value)) editor.moveVertex(ref, index, axis === 0 ? [value / 100, y] : [x, value / 100], "step");
  };
  const insert = (): void => {
    const points = shapeAt(editor.rules.value, ref)?.points ?? [];
    editor.insertVertex(ref, index, midpoint(points, index));
  };
  return (
    <tr class={chosen ? "chosen" : ""}>
      <th scope="row">{index + 1}</th>
      {([x, y] as const).map((value, axis) => (
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
            value={percentText(value)}
            onFocus={() => {
              editor.vertex.value = index;
            }}
            onChange={(event) => move(axis === 0 ? 0 : 1, event.currentTarget.value)}
          />
        </td>
      ))}
      {may && (
        <td class="row-tools">
          {!isEnd && (
            <button
              type="button"
              class="plain icon"
              aria-label={`${t(editorTexts.insertVertex)} ${index + 1}`}
              title={t(editorTexts.insertVertex)}
              onClick={insert}
            >
              +
            </button>
          )}
          <button
            type="button"
            class="plain icon"
            aria-label={`${t(editorTexts.deleteVertex)} ${index + 1}`}
            title={t(editorTexts.deleteVertex)}
            onClick={() => editor.deleteVertex(ref, index)}
          >
            −
          </button>
        </td>
      )}
    </tr>
  );
});
