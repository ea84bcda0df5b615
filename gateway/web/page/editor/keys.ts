/** The keys of the editor: one table; what each does is told in `keys-dialog.tsx`, where a missing text is a type error. */
import { editorTexts } from "../texts/editor.ts";
import { midpoint } from "./core/vertices.ts";
import { shifted } from "./core/measure.ts";
import { grids } from "./core/snap.ts";
import { pointsOfLine, withNode, withPoints } from "./core/shape.ts";
import type { Line } from "../../api.ts";
import { wholeView, zoomed } from "./core/view.ts";
import type { Editor } from "./editor.ts";
import { directionOf } from "./states/drawing-keys.ts";
import { drawing } from "./states/drawing.ts";
import { idle } from "./states/idle.ts";

/** What keys reach besides the editor itself. */
export interface KeyActions {
  readonly freeze: () => void;
  readonly showKeys: () => void;
  readonly copy: () => void;
  readonly paste: () => void;
}

/** One line of the table. */
export interface KeyLine {
  /** As `KeyboardEvent.key`, lower case for letters. */
  readonly keys: readonly string[];
  readonly ctrl?: boolean;
  /** As people write it. */
  readonly written: string;
  readonly run: (editor: Editor, actions: KeyActions, event: KeyboardEvent) => void;
}

/** Chooses a tool; the drawing that was under way is given up. */
export function chooseTool(editor: Editor, tool: "select" | "zone" | "line" | "mask"): void {
  editor.enter(tool === "select" ? idle : drawing(tool));
  if (tool !== "select") editor.select(null);
  if (tool === "line") editor.say(editorTexts.drawingLineStart);
  else editor.say(tool === "select" ? null : editorTexts.drawingArea);
}

/** A and B change places; the direction stays what it was in the picture. */
export function reverseLine(editor: Editor): void {
  const shape = editor.shape.value;
  if (shape?.kind !== "line") return;
  const turned = { both: "both", "left-to-right": "right-to-left", "right-to-left": "left-to-right" } as const;
  editor.change((rules) =>
    withNode<Line>(rules, shape, ({ from, via, to, direction = "both", ...rest }) => ({
      ...rest,
      ...pointsOfLine([to, ...[...(via ?? [])].reverse(), from]),
      direction: turned[direction],
    })),
  );
}

/** Arrow keys: a tenth of a percent, with Shift one percent; of the vertex, or of the whole shape when none is chosen. */
function nudge(editor: Editor, event: KeyboardEvent): void {
  const shape = editor.shape.value;
  const direction = directionOf(event.key);
  if (!shape || !direction || editor.locked.value.has(shape.id)) return;
  const by = event.shiftKey ? 0.01 : 0.001;
  const index = editor.vertex.value;
  const point = index === null ? undefined : shape.points[index];
  const [dx, dy] = [direction[0] * by, direction[1] * by];
  if (index !== null && point) {
    editor.moveVertex(shape, index, [point[0] + dx, point[1] + dy], "nudge");
    return;
  }
  editor.change(
    (rules) => withPoints(rules, shape, shifted(shape.points, [dx, dy])),
    `nudge ${shape.kind} ${shape.id}`,
  );
}

/** Delete takes the chosen vertex, else the shape. */
export function deleteChosen(editor: Editor): void {
  const shape = editor.shape.value;
  if (!shape) return;
  if (editor.vertex.value === null) editor.deleteShape(shape);
  else editor.deleteVertex(shape, editor.vertex.value);
}

/** A vertex half-way between the chosen one and the next. */
export function insertMidpoint(editor: Editor): void {
  const shape = editor.shape.value;
  if (!shape) return;
  // Behind the last point of a line there is no edge: the one before it then.
  const edge = Math.min(editor.vertex.value ?? 0, shape.points.length - (shape.kind === "line" ? 2 : 1));
  editor.insertVertex(shape, edge, midpoint(shape.points, edge));
}

function zoomBy(editor: Editor, factor: number): void {
  editor.view.value = zoomed(editor.view.value, factor, [0.5, 0.5]);
}

function nextGrid(editor: Editor): void {
  editor.grid.value = grids[(grids.indexOf(editor.grid.value) + 1) % grids.length] ?? 0;
}

/** Every key of the editor. */
export const keyLines = [
  { keys: ["v"], written: "V", run: (e) => chooseTool(e, "select") },
  { keys: ["p"], written: "P", run: (e) => chooseTool(e, "zone") },
  { keys: ["l"], written: "L", run: (e) => chooseTool(e, "line") },
  { keys: ["m"], written: "M", run: (e) => chooseTool(e, "mask") },
  { keys: ["z"], ctrl: true, written: "Ctrl+Z", run: undoOrRedo },
  { keys: ["y"], ctrl: true, written: "Ctrl+Y · Ctrl+Shift+Z", run: (e) => e.redo() },
  { keys: ["c"], ctrl: true, written: "Ctrl+C", run: (_, actions) => actions.copy() },
  { keys: ["v"], ctrl: true, written: "Ctrl+V", run: (_, actions) => actions.paste() },
  {
    keys: ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"],
    written: "← → ↑ ↓",
    run: (e, _, event) => nudge(e, event),
  },
  { keys: ["Delete", "Backspace"], written: "Delete", run: (e) => deleteChosen(e) },
  { keys: ["i"], written: "I", run: (e) => insertMidpoint(e) },
  { keys: ["r"], written: "R", run: (e) => reverseLine(e) },
  { keys: ["]"], written: "]", run: (e) => e.cycle(1) },
  { keys: ["["], written: "[", run: (e) => e.cycle(-1) },
  { keys: ["Escape"], written: "Esc", run: (e) => e.select(null) },
  {
    keys: ["s"],
    written: "S",
    run: (e) => {
      e.snapping.value = !e.snapping.value;
    },
  },
  { keys: ["g"], written: "G", run: (e) => nextGrid(e) },
  { keys: ["+", "="], written: "+", run: (e) => zoomBy(e, 1.25) },
  { keys: ["-"], written: "-", run: (e) => zoomBy(e, 0.8) },
  {
    keys: ["0"],
    written: "0",
    run: (e) => {
      e.view.value = wholeView;
    },
  },
  { keys: [" "], written: "␣", run: (_, actions) => actions.freeze() },
  { keys: ["?"], written: "?", run: (_, actions) => actions.showKeys() },
] as const satisfies readonly KeyLine[];

function undoOrRedo(editor: Editor, _: KeyActions, event: KeyboardEvent): void {
  if (event.shiftKey) editor.redo();
  else editor.undo();
}

/** A key pressed on the stage or beside it; true when it meant something. */
export function pressKey(editor: Editor, actions: KeyActions, event: KeyboardEvent): boolean {
  const ctrl = event.ctrlKey || event.metaKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const stroke = { key: event.key, shift: event.shiftKey, alt: event.altKey };
  if (!ctrl && editor.tell((state) => state.key?.(editor, stroke))) return true;
  const all: readonly KeyLine[] = keyLines;
  const line = all.find(({ keys, ctrl: wanted = false }) => wanted === ctrl && keys.includes(key));
  line?.run(editor, actions, event);
  return line !== undefined;
}
