/** The cross that draws without a pointer: arrows move it, space sets a vertex. */
import type { XY } from "../../../api.ts";
import { stored } from "../core/shape.ts";
import type { Editor } from "../editor.ts";
import type { KeyStroke } from "../state.ts";

const directions: Readonly<Record<string, XY>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Which way an arrow key points; null for other keys. */
export function directionOf(key: string): XY | null {
  return directions[key] ?? null;
}

/** One percent a stroke, five with Shift: a quarter of the picture is five strokes. */
export function nudgedPointer(editor: Editor, { key, shift }: KeyStroke): boolean {
  const direction = directionOf(key);
  if (direction === null) return false;
  const [x, y] = editor.pointer.value ?? [0.5, 0.5];
  const by = shift ? 0.05 : 0.01;
  editor.pointer.value = [stored(x + direction[0] * by), stored(y + direction[1] * by)];
  return true;
}
