/** A tripwire is drawn: two points, A to B. */
import type { XY } from "../../../api.ts";
import { editorTexts } from "../../texts/editor.ts";
import { distancePx } from "../core/measure.ts";
import type { Editor } from "../editor.ts";
import type { EditorState } from "../state.ts";
import { nudgedPointer } from "./drawing-keys.ts";
import { idle } from "./idle.ts";

/** The second half of a double click is not the other end. */
const samePx = 4;

/** Goes on from no point or from the first one. */
export function drawingLine(points: readonly XY[] = [], takenBack: readonly XY[] = []): EditorState {
  const place = (editor: Editor, at: XY): EditorState => {
    const both = [...points, at];
    if (both.length < 2) {
      editor.say(editorTexts.drawingLine);
      return drawingLine(both);
    }
    editor.add({ kind: "line", points: both });
    return idle;
  };
  const tooFew = (editor: Editor, self: EditorState): EditorState => {
    editor.say(editorTexts.needsTwo, { count: points.length });
    return self;
  };
  return {
    name: "drawing-line",
    sketch: { kind: "line", points },

    down(editor, press) {
      editor.pointer.value = editor.snapped(press.at, press);
      return this;
    },

    move(editor, press) {
      editor.pointer.value = editor.snapped(press.at, press);
      return this;
    },

    up(editor, press) {
      const first = points[0];
      if (first && distancePx(first, press.at, editor.scale) < samePx) return this;
      return place(editor, editor.snapped(press.at, press));
    },

    double(editor) {
      return tooFew(editor, this);
    },
    secondary(editor) {
      return tooFew(editor, this);
    },
    finish(editor) {
      return tooFew(editor, this);
    },

    cancel(editor) {
      editor.cancelled = points.length > 0 ? { kind: "line", points } : null;
      editor.say(null);
      return idle;
    },

    undo: () => (points.length === 0 ? idle : drawingLine([], points)),
    redo: () => (takenBack[0] ? drawingLine([takenBack[0]]) : null),

    key(editor, stroke) {
      if (stroke.key === "Escape") return this.cancel?.(editor) ?? idle;
      if (stroke.key === "Enter") return tooFew(editor, this);
      if (stroke.key === "Backspace") return drawingLine();
      if (stroke.key === " ") return place(editor, editor.snapped(editor.pointer.value ?? [0.5, 0.5], stroke));
      return nudgedPointer(editor, stroke) ? this : null;
    },
  };
}
