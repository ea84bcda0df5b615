/** A vertex follows the pointer; one drag is one step. */
import type { RuleSet, XY } from "../../../api.ts";
import type { History } from "../core/history.ts";
import { shapeAt, type ShapeRef } from "../core/shape.ts";
import type { Editor } from "../editor.ts";
import type { EditorState, Press } from "../state.ts";
import { idle } from "./idle.ts";

/**
 * Moves vertex `index` of `ref`, from where the pointer went down. `before` is the history before the vertex was put in,
 * when it is a new one: taken back, the drag leaves no trace of it.
 */
export function movingVertex(
  { kind, id }: ShapeRef,
  index: number,
  start: Press,
  before: History<RuleSet> | null = null,
): EditorState {
  const ref = { kind, id };
  let grip: XY | null = null;
  let last: XY | null = null;
  const place = (editor: Editor, press: Press): XY => {
    // The vertex keeps its distance to the pointer: it must not jump under it at the first pixel.
    const from = shapeAt(editor.history.value.present, ref)?.points[index] ?? start.at;
    grip ??= [from[0] - start.at[0], from[1] - start.at[1]];
    return editor.snapped([press.at[0] + grip[0], press.at[1] + grip[1]], press, ref, index);
  };
  return {
    name: "moving-vertex",
    dragging: true,

    move(editor, press) {
      if (press.id !== start.id) return this;
      last = place(editor, press);
      editor.vertex.value = index;
      editor.moveVertex(ref, index, last, "trial");
      if (press.touch) editor.loupe.value = press;
      return this;
    },

    up(editor, press) {
      if (press.id !== start.id) return this;
      if (last === null) return idle;
      editor.moveVertex(ref, index, last, "step");
      if (before !== null) joinSteps(editor, before);
      editor.select(ref, index);
      return idle;
    },

    cancel(editor) {
      if (before !== null) editor.history.value = before;
      editor.tryOut(null);
      return idle;
    },

    key(editor, { key }) {
      return key === "Escape" ? (this.cancel?.(editor) ?? idle) : null;
    },
  };
}

/** Putting in and moving are taken back together: the history keeps only what was before both. */
function joinSteps(editor: Editor, before: History<RuleSet>): void {
  editor.history.value = {
    past: [...before.past, before.present],
    present: editor.history.value.present,
    future: [],
    run: null,
  };
}
