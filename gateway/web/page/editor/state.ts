/** What every editor state can be told. A new state is one more file in `states/`. */
import type { XY } from "../../api.ts";
import type { Editor } from "./editor.ts";
import type { ShapeKind } from "./core/shape.ts";

/** A pointer at one moment. */
export interface Press {
  /** Which pointer: two fingers have two. */
  readonly id: number;
  /** In 0..1 of the picture; outside of it below 0 or above 1. */
  readonly at: XY;
  /** In 0..1 of the stage. */
  readonly stage: XY;
  /** In pixels of the screen. */
  readonly px: XY;
  readonly touch: boolean;
  readonly alt: boolean;
}

/** A key with what was held down. */
export interface KeyStroke {
  readonly key: string;
  readonly shift: boolean;
  readonly alt: boolean;
}

/** What is being drawn and not yet a shape. */
export interface Sketch {
  readonly kind: ShapeKind;
  readonly points: readonly XY[];
}

/**
 * One mode of the editor. Each method answers with the state that comes next, itself to stay; what a state does not name
 * does nothing in it.
 */
export interface EditorState {
  readonly name: string;
  readonly sketch?: Sketch;
  /** Says that a vertex, shape or view is on the move: the stage shows a loupe on touch, and no cursor. */
  readonly dragging?: boolean;
  down?(editor: Editor, press: Press): EditorState;
  move?(editor: Editor, press: Press): EditorState;
  up?(editor: Editor, press: Press): EditorState;
  /** The system took the pointer away, a second finger came down, or another tool was chosen. */
  cancel?(editor: Editor): EditorState;
  /** Right click. */
  secondary?(editor: Editor, press: Press): EditorState;
  double?(editor: Editor, press: Press): EditorState;
  longPress?(editor: Editor): EditorState;
  finish?(editor: Editor): EditorState;
  undo?(editor: Editor): EditorState | null;
  redo?(editor: Editor): EditorState | null;
  /** Null: this key means nothing here. */
  key?(editor: Editor, stroke: KeyStroke): EditorState | null;
}

/** Pixels that a pointer may tremble without being a drag. */
export const clickPx = 3;

/** How near to a vertex counts as on it. */
export function vertexPx(touch: boolean): number {
  return touch ? 22 : 12;
}

/** How near to an edge counts as on it. */
export function edgePx(touch: boolean): number {
  return touch ? 16 : 8;
}
