/** The picture itself is moved: one pointer on an empty place while zoomed in, or two fingers anywhere. Never edits. */
import type { XY } from "../../../api.ts";
import { panned, zoomed } from "../core/view.ts";
import type { EditorState, Press } from "../state.ts";
import { idle } from "./idle.ts";

/** Begins with one pointer or with two; `back` is where it returns to. */
export function viewing(first: Press, second: Press | null = null, back: EditorState = idle): EditorState {
  const pointers = new Map<number, XY>([[first.id, first.stage]]);
  if (second) pointers.set(second.id, second.stage);
  return {
    name: "viewing",
    dragging: true,
    ...(back.sketch ? { sketch: back.sketch } : {}),

    down(_, press) {
      pointers.set(press.id, press.stage);
      return this;
    },

    move(editor, press) {
      const before = pointers.get(press.id);
      if (!before) return this;
      const other = [...pointers].find(([id]) => id !== press.id)?.[1];
      pointers.set(press.id, press.stage);
      if (!other) {
        editor.view.value = panned(editor.view.value, difference(press.stage, before));
        return this;
      }
      const [was, is] = [between(before, other), between(press.stage, other)];
      const middle = difference(is.middle, was.middle);
      const factor = was.apart > 0 ? is.apart / was.apart : 1;
      editor.view.value = zoomed(panned(editor.view.value, middle), factor, is.middle);
      return this;
    },

    up(_, press) {
      pointers.delete(press.id);
      // The finger that stays must not begin to edit: only when all are gone is the view done.
      return pointers.size === 0 ? back : this;
    },

    cancel: () => back,
  };
}

function difference(a: XY, b: XY): XY {
  return [a[0] - b[0], a[1] - b[1]];
}

function between(a: XY, b: XY): { readonly middle: XY; readonly apart: number } {
  return { middle: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2], apart: Math.hypot(a[0] - b[0], a[1] - b[1]) };
}
