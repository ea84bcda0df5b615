/** Nothing is under way: a press decides what begins. */
import type { XY } from "../../../api.ts";
import { areaOf, inside, nearestEdge, nearestPoint } from "../core/measure.ts";
import type { Shape } from "../core/shape.ts";
import type { Editor } from "../editor.ts";
import { edgePx, vertexPx, type EditorState, type Press } from "../state.ts";
import { pressing, type Pressed } from "./pressing.ts";

/** Waits for a press. */
export const idle: EditorState = {
  name: "idle",

  down(editor, press) {
    const pressed = pressedAt(editor, press);
    if (pressed.kind !== "nothing") {
      const { kind, id } = pressed.shape;
      editor.select({ kind, id }, pressed.kind === "vertex" ? pressed.index : null);
    }
    editor.say(null);
    return pressing(pressed, press);
  },

  move(editor, press) {
    const pressed = pressedAt(editor, press);
    editor.hovered.value = pressed.kind === "nothing" ? null : pressed.shape;
    return idle;
  },

  secondary(editor, press) {
    const pressed = pressedAt(editor, press);
    if (pressed.kind === "vertex") editor.deleteVertex(pressed.shape, pressed.index);
    return idle;
  },
};

/** What lies under a press: the chosen shape's vertices and edges before anything else, then the smallest shape. */
export function pressedAt(editor: Editor, { at, touch }: Press): Pressed {
  const chosen = editor.shape.value;
  const seen = editor.shapes.value.filter(({ id }) => !editor.hidden.value.has(id));
  if (chosen && seen.includes(chosen) && !editor.locked.value.has(chosen.id)) {
    const vertex = nearestPoint(chosen.points, at, editor.scale);
    if (vertex && vertex.distancePx <= vertexPx(touch)) return { kind: "vertex", shape: chosen, index: vertex.index };
    const edge = nearestEdge(chosen.points, chosen.kind !== "line", at, editor.scale);
    if (edge && edge.distancePx <= edgePx(touch)) return { kind: "edge", shape: chosen, index: edge.index };
  }
  const shape = shapeUnder(seen, at, (one) => {
    const edge = nearestEdge(one.points, one.kind !== "line", at, editor.scale);
    return edge !== null && edge.distancePx <= edgePx(touch);
  });
  return shape ? { kind: "shape", shape } : { kind: "nothing" };
}

/** Lines have no inside and little surface: they come first; then the smallest area, which larger ones would hide. */
function shapeUnder(seen: readonly Shape[], at: XY, onEdge: (shape: Shape) => boolean): Shape | null {
  const hit = seen.filter((shape) => onEdge(shape) || (shape.kind !== "line" && inside(shape.points, at)));
  const size = (shape: Shape): number => (shape.kind === "line" ? 0 : areaOf(shape.points));
  return hit.sort((a, b) => size(a) - size(b))[0] ?? null;
}
