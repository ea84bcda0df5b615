/** A zone or a mask is drawn, vertex by vertex. */
import type { XY } from "../../../api.ts";
import { editorTexts } from "../../texts/editor.ts";
import { distancePx } from "../core/measure.ts";
import { pointLimits } from "../core/shape.ts";
import type { Editor } from "../editor.ts";
import { vertexPx, type EditorState, type Press } from "../state.ts";
import { nudgedPointer } from "./drawing-keys.ts";
import { idle } from "./idle.ts";

/** Two presses nearer than this are one: the second half of a double click adds no vertex. */
const samePx = 4;

/** Goes on from `points`; `takenBack` are vertices that redo brings back. */
export function drawingArea(
  kind: "zone" | "mask",
  points: readonly XY[] = [],
  takenBack: readonly XY[] = [],
): EditorState {
  const [least, most] = pointLimits[kind];

  const finish = (editor: Editor, self: EditorState): EditorState => {
    if (points.length < least) {
      editor.say(editorTexts.needsThree, { count: points.length });
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
    editor.say(editorTexts.drawingArea);
    return drawingArea(kind, [...points, at]);
  };

  return {
    name: "drawing-area",
    sketch: { kind, points },

    down(editor, press) {
      editor.pointer.value = editor.snapped(press.at, press);
      return this;
    },

    move(editor, press) {
      editor.pointer.value = editor.snapped(press.at, press);
      return this;
    },

    up(editor, press) {
      const [first, last] = [points[0], points.at(-1)];
      if (last && distancePx(last, press.at, editor.scale) < samePx) return this;
      if (first && distancePx(first, press.at, editor.scale) <= vertexPx(press.touch)) return finish(editor, this);
      return place(editor, editor.snapped(press.at, press), this);
    },

    double(editor) {
      return finish(editor, this);
    },
    secondary(editor) {
      return finish(editor, this);
    },
    finish(editor) {
      return finish(editor, this);
    },

    cancel(editor) {
      editor.cancelled = points.length > 0 ? { kind, points } : null;
      editor.say(null);
      return idle;
    },

    undo: () =>
      points.length === 0 ? idle : drawingArea(kind, points.slice(0, -1), [...points.slice(-1), ...takenBack]),
    redo: () => (takenBack[0] ? drawingArea(kind, [...points, takenBack[0]], takenBack.slice(1)) : null),

    key(editor, stroke) {
      if (stroke.key === "Escape") return this.cancel?.(editor) ?? idle;
      if (stroke.key === "Enter") return finish(editor, this);
      if (stroke.key === "Backspace") return drawingArea(kind, points.slice(0, -1));
      if (stroke.key === " ") return place(editor, editor.snapped(pointerOf(editor), { alt: stroke.alt }), this);
      return nudgedPointer(editor, stroke) ? this : null;
    },
  };
}

function pointerOf(editor: Editor): Press["at"] {
  return editor.pointer.value ?? [0.5, 0.5];
}
