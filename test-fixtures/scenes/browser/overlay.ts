/** The text that surveillance cameras burn into their picture. */
import { HEIGHT, WIDTH } from "../camera.ts";

/** A 2D context that is read back often. */
export function inkOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const made = canvas.getContext("2d", { willReadFrequently: true, alpha: false });
  if (!made) throw new Error("no 2d canvas");
  return made;
}

/** Writes clock and camera name: white with a dark rim. */
export function writeOverlay(
  ink: OffscreenCanvasRenderingContext2D,
  clock: string,
  name: string,
  textPx: number,
): void {
  ink.font = `${Math.round(textPx)}px "Noto Sans CJK SC", sans-serif`;
  ink.lineWidth = Math.max(2, textPx / 9);
  ink.strokeStyle = "rgba(0,0,0,0.75)";
  ink.fillStyle = "rgb(250,250,250)";
  ink.textBaseline = "top";
  for (const [text, x, y, align] of [
    [clock, 18, 14, "left"],
    [name, WIDTH - 18, HEIGHT - textPx - 16, "right"],
  ] as const) {
    ink.textAlign = align;
    ink.strokeText(text, x, y);
    ink.fillText(text, x, y);
  }
}
