/** A pointer is down and has not moved: a click, a long press, or the beginning of a drag. */
import { editorTexts } from "../../texts/editor.ts";
import { distancePx, projected, edgesOf } from "../core/measure.ts";
import type { Shape } from "../core/shape.ts";
import { midpoint } from "../core/vertices.ts";
import type { Editor } from "../editor.ts";
import { clickPx, vertexPx, type EditorState, type Press } from "../state.ts";
import { carryingVertex } from "./carrying-vertex.ts";
import { idle } from "./idle.ts";
import { movingShape } from "./moving-shape.ts";
import { movingVertex } from "./moving-vertex.ts";
import { viewing } from "./viewing.ts";

/** What a pointer went down on. */
export type Pressed =
  | { readonly kind: "vertex"; readonly shape: Shape; readonly index: number }
  | { readonly kind: "edge"; readonly shape: Shape; readonly index: number }
  | { readonly kind: "shape"; readonly shape: Shape }
  | { readonly kind: "nothing" };

/** Fingers tremble more than mice. */
const touchTremblePx = 6;

/** Waits for what becomes of a press. */
export function pressing(pressed: Pressed, start: Press): EditorState {
  return {
    name: "pressing",

    move(editor, press) {
      const tremble = press.touch ? touchTremblePx : clickPx;
      if (press.id !== start.id || Math.hypot(press.px[0] - start.px[0], press.px[1] - start.px[1]) < tremble)
        return this;
      return dragged(pressed, editor, start, press);
    },

    up(editor, press) {
      return press.id === start.id ? clicked(pressed, editor, press) : this;
    },

    longPress(editor) {
      if (pressed.kind !== "vertex") return this;
      editor.deleteVertex(pressed.shape, pressed.index);
      return idle;
    },

    cancel: () => idle,
  };
}

function clicked(pressed: Pressed, editor: Editor, press: Press): EditorState {
  switch (pressed.kind) {
    case "vertex":
      editor.say(editorTexts.pickedUp, { vertex: pressed.index + 1 });
      return carryingVertex(pressed.shape, pressed.index);
    case "edge":
      insertOn(pressed, editor, press);
      return idle;
    case "shape":
      editor.tapped.value = press.at;
      return idle;
    case "nothing":
      editor.tapped.value = press.at;
      editor.select(null);
      return idle;
  }
}

function dragged(pressed: Pressed, editor: Editor, start: Press, press: Press): EditorState {
  if (pressed.kind === "nothing") return viewing(start).move?.(editor, press) ?? idle;
  if (editor.locked.value.has(pressed.shape.id)) {
    editor.say(editorTexts.lockedShape, { name: pressed.shape.name });
    return idle;
  }
  const next = beginDrag(pressed, editor, start);
  return next?.move?.(editor, press) ?? idle;
}

function beginDrag(pressed: Exclude<Pressed, { kind: "nothing" }>, editor: Editor, start: Press): EditorState | null {
  // A line has no inside to hold it by: only the middles of its edges are drawn out, elsewhere it moves as a whole.
  if (
    pressed.kind === "shape" ||
    (pressed.kind === "edge" && pressed.shape.kind === "line" && !isMiddle(pressed, editor, start))
  )
    return movingShape(pressed.shape, start);
  if (pressed.kind === "vertex") return movingVertex(pressed.shape, pressed.index, start);
  // An edge is drawn out: the new vertex and its way are one step.
  const before = editor.history.value;
  const index = insertOn(pressed, editor, start);
  if (index === null) return null;
  return movingVertex(pressed.shape, index, start, before);
}

function isMiddle(
  { shape, index }: { readonly shape: Shape; readonly index: number },
  editor: Editor,
  { at, touch }: Press,
): boolean {
  return distancePx(midpoint(shape.points, index), at, editor.scale) <= vertexPx(touch);
}

/** Null when the shape takes no more. */
function insertOn({ shape, index }: Extract<Pressed, { kind: "edge" }>, editor: Editor, press: Press): number | null {
  const edge = edgesOf(shape.points, shape.kind !== "line")[index];
  if (!edge) return null;
  return editor.insertVertex(shape, index, projected(edge[0], edge[1], press.at, editor.scale));
}
