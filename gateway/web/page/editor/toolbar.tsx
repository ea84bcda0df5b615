/** The tools. On a phone they lie under the thumb; every one of them has a key too. */
import type { ComponentChildren, JSX } from "preact";
import type { Text } from "../../../runtime/texts/fill.ts";
import { t } from "../shell/language.ts";
import { editorTexts } from "../texts/editor.ts";
import { grids } from "./core/snap.ts";
import { wholeView, zoomed } from "./core/view.ts";
import type { Desk } from "./desk.ts";
import { chooseTool, deleteChosen, insertMidpoint, reverseLine } from "./keys.ts";

/** Path data of the signs, in a square of 24. */
const signs = {
  select: "M5 3l14 8-6 2-2 6z",
  zone: "M4 8l8-5 8 6-3 11H7z",
  line: "M4 20L20 4M4 20h4M4 20v-4M20 4h-4M20 4v4",
  mask: "M3 3h18v18H3zM3 3l18 18M21 3L3 21",
  finish: "M4 12l6 6L20 6",
  cancel: "M5 5l14 14M19 5L5 19",
  undo: "M9 7L4 12l5 5M4 12h10a6 6 0 010 12",
  redo: "M15 7l5 5-5 5M20 12H10a6 6 0 000 12",
  delete: "M5 7h14M10 4h4M7 7l1 13h8l1-13",
  insert: "M12 5v14M5 12h14",
  reverse: "M4 8h14l-4-4M20 16H6l4 4",
  zoomIn: "M10 4a6 6 0 100 12 6 6 0 000-12zM15 15l5 5M10 7v6M7 10h6",
  zoomOut: "M10 4a6 6 0 100 12 6 6 0 000-12zM15 15l5 5M7 10h6",
  whole: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  freeze: "M8 5v14M16 5v14",
  snap: "M6 4v8a6 6 0 0012 0V4M6 8h4M14 8h4",
} as const;

/** A button with a sign; its name is read out and stands in the hint. */
export function Tool(parts: {
  readonly id: string;
  readonly sign: keyof typeof signs;
  readonly text: Text;
  readonly onClick: () => void;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly children?: ComponentChildren;
}): JSX.Element {
  const { id, sign, text, onClick, pressed, disabled = false, children } = parts;
  return (
    <button
      type="button"
      class="plain icon tool"
      data-testid={`tool-${id}`}
      aria-label={t(text)}
      title={t(text)}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d={signs[sign]} />
      </svg>
      {children}
    </button>
  );
}

/** All of them. */
export function Toolbar({ desk, may }: { readonly desk: Desk; readonly may: boolean }): JSX.Element {
  const { editor } = desk;
  const { sketch } = editor.state.value;
  const shape = editor.shape.value;
  const { past, future } = editor.history.value;
  const kind = sketch?.kind ?? "select";
  const zoom = (factor: number) => (): void => {
    editor.view.value = zoomed(editor.view.value, factor, [0.5, 0.5]);
  };
  return (
    <div class="toolbar" role="toolbar" aria-label={t(editorTexts.more)} data-testid="toolbar">
      {may &&
        (["select", "zone", "line", "mask"] as const).map((tool) => (
          <Tool
            key={tool}
            id={tool}
            sign={tool}
            text={toolTexts[tool]}
            pressed={kind === tool}
            onClick={() => chooseTool(editor, tool)}
          />
        ))}
      {sketch && (
        <>
          <Tool
            id="finish"
            sign="finish"
            text={editorTexts.finish}
            onClick={() => editor.tell((s) => s.finish?.(editor))}
          />
          <Tool
            id="cancel"
            sign="cancel"
            text={editorTexts.cancelDrawing}
            onClick={() => chooseTool(editor, "select")}
          />
        </>
      )}
      {may && (
        <>
          <Tool
            id="undo"
            sign="undo"
            text={editorTexts.undo}
            disabled={past.length === 0 && (sketch?.points.length ?? 0) === 0 && editor.cancelled === null}
            onClick={() => editor.undo()}
          />
          <Tool
            id="redo"
            sign="redo"
            text={editorTexts.redo}
            disabled={future.length === 0 && !sketch}
            onClick={() => editor.redo()}
          />
        </>
      )}
      {may && shape && (
        <>
          {shape.kind === "line" && (
            <Tool id="reverse" sign="reverse" text={editorTexts.reverse} onClick={() => reverseLine(editor)} />
          )}
          <Tool id="insert" sign="insert" text={editorTexts.insertVertex} onClick={() => insertMidpoint(editor)} />
          <Tool
            id="delete"
            sign="delete"
            text={editor.vertex.value === null ? editorTexts.deleteShape : editorTexts.deleteVertex}
            onClick={() => deleteChosen(editor)}
          />
        </>
      )}
      <Tool
        id="freeze"
        sign="freeze"
        text={editorTexts.freeze}
        pressed={desk.frozen.value}
        onClick={() => {
          desk.frozen.value = !desk.frozen.value;
        }}
      />
      <Tool id="zoom-out" sign="zoomOut" text={editorTexts.zoomOut} onClick={zoom(0.8)} />
      <Tool id="zoom-in" sign="zoomIn" text={editorTexts.zoomIn} onClick={zoom(1.25)} />
      {editor.view.value.zoom > 1 && (
        <Tool
          id="zoom-reset"
          sign="whole"
          text={editorTexts.zoomReset}
          onClick={() => {
            editor.view.value = wholeView;
          }}
        />
      )}
      <Tool
        id="snap"
        sign="snap"
        text={editorTexts.snap}
        pressed={editor.snapping.value}
        onClick={() => {
          editor.snapping.value = !editor.snapping.value;
        }}
      />
      <label class="grid-choice">
        <span class="unseen">{t(editorTexts.grid)}</span>
        <select
          data-testid="grid"
          value={String(editor.grid.value)}
          onChange={(event) => {
            editor.grid.value = grids.find((one) => String(one) === event.currentTarget.value) ?? 0;
          }}
        >
          {grids.map((one) => (
            <option key={one} value={String(one)}>
              {t(editorTexts.grid)} {one === 0 ? t(editorTexts.gridOff) : `${one * 100}%`}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

const toolTexts = {
  select: editorTexts.toolSelect,
  zone: editorTexts.toolZone,
  line: editorTexts.toolLine,
  mask: editorTexts.toolMask,
} as const;
