/** Names of the kinds of shapes. */
import type { Text } from "../../../runtime/texts/fill.ts";
import { editorTexts } from "../texts/editor.ts";
import type { ShapeKind } from "./core/shape.ts";

/** By kind. */
export const kindTexts: Readonly<Record<ShapeKind, Text>> = {
  zone: editorTexts.toolZone,
  line: editorTexts.toolLine,
  mask: editorTexts.toolMask,
};
