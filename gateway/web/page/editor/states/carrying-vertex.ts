/** A vertex was picked up by a tap; the next tap puts it down. Nobody has to drag. */
import { editorTexts } from "../../texts/editor.ts";
import { nearestPoint } from "../core/measure.ts";
import { shapeAt, type ShapeRef } from "../core/shape.ts";
import { clickPx, vertexPx, type EditorState, type Press } from "../state.ts";
import { idle } from "./idle.ts";
import { movingVertex } from "./moving-vertex.ts";

/** Carries vertex `index` of `ref`. */
export function carryingVertex({ kind, id }: ShapeRef, index: number): EditorState {
  const ref = { kind, id };
  let start: Press | null = null;
  return {
    name: "carrying-vertex",

    down(_, press) {
      start = press;
      return this;
    },

    move(editor, press) {
      if (start === null) {
        editor.snapped(press.at, press, ref, index);
        return this;
      }
      if (press.id !== start.id || Math.hypot(press.px[0] - start.px[0], press.px[1] - start.px[1]) < 2 * clickPx)
        return this;
      // It became a drag after all: of the vertex under the finger, or of nothing.
      const points = shapeAt(editor.history.value.present, ref)?.points ?? [];
      const hit = nearestPoint(points, start.at, editor.scale);
      editor.say(null);
      if (hit === null || hit.distancePx > vertexPx(press.touch)) return idle;
      return movingVertex(ref, hit.index, start).move?.(editor, press) ?? idle;
    },

    up(editor, press) {
      if (start === null) return this;
      start = null;
      const points = shapeAt(editor.history.value.present, ref)?.points ?? [];
      const hit = nearestPoint(points, press.at, editor.scale);
      if (hit !== null && hit.distancePx <= vertexPx(press.touch)) {
        editor.select(ref, hit.index);
        if (hit.index === index) {
          editor.say(null);
          return idle;
        }
        editor.say(editorTexts.pickedUp, { vertex: hit.index + 1 });
        return carryingVertex(ref, hit.index);
      }
      editor.moveVertex(ref, index, editor.snapped(press.at, press, ref, index), "step");
      editor.say(editorTexts.putDown, { vertex: index + 1 });
      return idle;
    },

    secondary(editor) {
      editor.deleteVertex(ref, index);
      return idle;
    },

    longPress(editor) {
      editor.deleteVertex(ref, index);
      return idle;
    },

    key(editor, { key }) {
      if (key !== "Escape") return null;
      editor.say(null);
      return idle;
    },

    undo: () => null,
    cancel: () => idle,
  };
}
