/** A shape in hand: copied on one camera, pasted there or on another. */
import { t } from "../shell/language.ts";
import { showToast } from "../shell/toasts.tsx";
import { panelTexts } from "../texts/editor-panels.ts";
import { convertedPoints, ratiosDiffer, withCopy, type CopyMode } from "./core/copying.ts";
import type { Shape } from "./core/shape.ts";
import type { Editor } from "./editor.ts";

let held: { readonly shape: Shape; readonly ratio: number } | null = null;

/** Takes the chosen shape in hand; `ratio` is width by height of its picture. */
export function copyShape(editor: Editor, ratio: number): void {
  const shape = editor.shape.value;
  if (!shape) return;
  held = { shape, ratio };
  editor.say(panelTexts.copiedOne, { name: shape.name });
}

/** Puts a shape into a camera's draft and chooses it. */
export function putShape(editor: Editor, shape: Shape, ratios: readonly [number, number], mode: CopyMode): void {
  const points = convertedPoints(shape.points, ratios[0], ratios[1], mode);
  const { rules, ref } = withCopy(editor.history.value.present, shape, points);
  editor.commit(rules);
  editor.select(ref);
}

/** Puts down what is in hand. Other proportions: the share of the picture is kept, and it is said. */
export function pasteShape(editor: Editor, ratio: number): void {
  if (held === null) return;
  putShape(editor, held.shape, [held.ratio, ratio], "fraction");
  editor.say(panelTexts.pasted, { name: held.shape.name });
  if (!ratiosDiffer(held.ratio, ratio)) return;
  const values = { from: held.ratio.toFixed(2), to: ratio.toFixed(2) };
  showToast({ mood: "bad", text: t(panelTexts.ratioDiffers, values), remedy: t(panelTexts.keepFraction) });
}
