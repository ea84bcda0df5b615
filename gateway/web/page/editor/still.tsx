/** A picture that stands behind the shapes instead of the live one. */
import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** Nothing while the background is live. */
export function Still({
  bitmap,
  style,
}: {
  readonly bitmap: Signal<ImageBitmap | null>;
  readonly style: Readonly<Record<string, string>>;
}): JSX.Element | null {
  const canvas = useRef<HTMLCanvasElement>(null);
  const picture = bitmap.value;
  useLayoutEffect(() => {
    if (!canvas.current || !picture) return;
    canvas.current.width = picture.width;
    canvas.current.height = picture.height;
    canvas.current.getContext("2d")?.drawImage(picture, 0, 0);
  }, [picture]);
  return picture ? <canvas ref={canvas} class="still" data-testid="still" style={{ ...style }} /> : null;
}
