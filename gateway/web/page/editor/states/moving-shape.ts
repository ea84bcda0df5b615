/** A whole shape follows the pointer and stops at the border. */
import type { XY } from "../../../api.ts";
import { shifted } from "../core/measure.ts";
import { shapeAt, withPoints, type ShapeRef } from "../core/shape.ts";
import type { Editor } from "../editor.ts";
import type { EditorState, Press } from "../state.ts";
import { idle } from "./idle.ts";

/** Moves `ref` from where the pointer went down. */
export function movingShape({ kind, id }: ShapeRef, start: Press): EditorState {
  const ref = { kind, id };
  const place = (editor: Editor, press: Press): readonly XY[] => {
    const points = shapeAt(editor.history.value.present, ref)?.points ?? [];
    return shifted(points, [press.at[0] - start.at[0], press.at[1] - start.at[1]]);
  };
  return {
    name: "moving-shape",
    dragging: true,

    move(editor, press) {
      if (press.id === start.id) editor.tryOut(withPoints(editor.history.value.present, ref, place(editor, press)));
      return this;
    },

    up(editor) {
      const moved = editor.trial.value;
      if (moved !== null) editor.commit(moved);
      return idle;
    },

    cancel(editor) {
      editor.tryOut(null);
      return idle;
    },

    key(editor, { key }) {
      return key === "Escape" ? (this.cancel?.(editor) ?? idle) : null;
    },
  };
}
