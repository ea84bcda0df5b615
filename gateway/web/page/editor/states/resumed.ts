/** Back into a drawing that was given up or left off. */
import type { EditorState, Sketch } from "../state.ts";
import { drawingArea } from "./drawing-area.ts";
import { drawingLine } from "./drawing-line.ts";

/** The state in which a sketch goes on. */
export function resumed({ kind, points }: Sketch): EditorState {
  return kind === "line" ? drawingLine(points) : drawingArea(kind, points);
}
