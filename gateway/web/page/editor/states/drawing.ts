/** A shape is drawn, point by point: the outline of a zone or a mask, or a tripwire from A's end over its bends. */
import type { XY } from "../../../api.ts";
import { editorTexts } from "../../texts/editor.ts";
import { distancePx } from "../core/measure.ts";
import { pointLimits, type ShapeKind } from "../core/shape.ts";
import type { Editor } from "../editor.ts";
import { vertexPx, type EditorState } from "../state.ts";
import { nudgedPointer } from "./drawing-keys.ts";
import { idle } from "./idle.ts";

/** Two presses nearer than this are one: the second half of a double click adds no vertex. */
const samePx = 4;

/** Goes on from `points`; `takenBack` are vertices that redo brings back. */
export function drawing(kind: ShapeKind, points: readonly XY[] = [], takenBack: readonly XY[] = []): EditorState {
  const [least, most] = pointLimits[kind];
  const isLine = kind === "line";

  const finish = (editor: Editor, self: EditorState): EditorState => {
    if (points.length < least) {
      editor.say(isLine ? editorTexts.needsTwo : editorTexts.needsThree, { count: points.length });
      return self;
    }
    editor.add({ kind, points });
    return idle;
  };

  const place = (editor: Editor, at: XY, self: EditorState): EditorState => {
    if (points.length >= most) {
      editor.say(editorTexts.tooManyVertices, { count: most });
      return self;
    }
    editor.say(isLine ? editorTexts.drawingLine : editorTexts.drawingArea);
    return drawing(kind, [...points, at]);
  };

  const follow: EditorState["move"] = function (this: EditorState, editor, press) {
    editor.pointer.value = editor.snapped(press.at, press);
    return this;
  };
  const end: EditorState["finish"] = function (this: EditorState, editor) {
    return finish(editor, this);
  };

  return {
    name: isLine ? "drawing-line" : "drawing-area",
    sketch: { kind, points },

    down: follow,
    move: follow,
    double: end,
    secondary: end,
    finish: end,

    up(editor, press) {
      const isNear = (point: XY | undefined, px: number): boolean =>
        point !== undefined && distancePx(point, press.at, editor.scale) <= px;
      const last = points.at(-1);
      // An outline closes at its first point, a line ends where its last one is pressed again.
      const reach = vertexPx(press.touch);
      if (isLine ? points.length >= least && isNear(last, reach) : !isNear(last, samePx) && isNear(points[0], reach))
        return finish(editor, this);
      return isNear(last, samePx) ? this : place(editor, editor.snapped(press.at, press), this);
    },

    cancel(editor) {
      editor.cancelled = points.length > 0 ? { kind, points } : null;
      editor.say(null);
      return idle;
    },

    undo: () => (points.length === 0 ? idle : drawing(kind, points.slice(0, -1), [...points.slice(-1), ...takenBack])),
    redo: () => (takenBack[0] ? drawing(kind, [...points, takenBack[0]], takenBack.slice(1)) : null),

    key(editor, stroke) {
      if (stroke.key === "Escape") return this.cancel?.(editor) ?? idle;
      if (stroke.key === "Enter") return finish(editor, this);
      if (stroke.key === "Backspace") return drawing(kind, points.slice(0, -1));
      if (stroke.key === " ") return place(editor, editor.snapped(editor.pointer.value ?? [0.5, 0.5], stroke), this);
      return nudgedPointer(editor, stroke) ? this : null;
    },
  };
}
