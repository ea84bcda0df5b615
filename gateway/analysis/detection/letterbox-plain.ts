/** Scaling in plain TypeScript, as long as the native addon is not there. */
import type { PixelBox } from "./letterbox.ts";

interface Options {
  readonly pad: number;
  readonly fit: "letterbox" | "stretch";
  readonly align: "center" | "top-left";
  readonly swapRedBlue: boolean;
  readonly filter: "linear" | "area";
}

/** Same signature as the addon's. */
export function letterbox(
  source: Uint8Array,
  sourceWidth: number,
  sourceHeight: number,
  region: PixelBox,
  target: Uint8Array,
  targetWidth: number,
  targetHeight: number,
  options: Options,
): { scaleX: number; scaleY: number; offsetX: number; offsetY: number } {
  void sourceHeight;
  let scaleX = targetWidth / region.width;
  let scaleY = targetHeight / region.height;
  if (options.fit === "letterbox") scaleX = scaleY = Math.min(scaleX, scaleY);
  const width = Math.min(targetWidth, Math.max(1, Math.round(region.width * scaleX)));
  const height = Math.min(targetHeight, Math.max(1, Math.round(region.height * scaleY)));
  const offsetX = options.align === "center" ? Math.floor((targetWidth - width) / 2) : 0;
  const offsetY = options.align === "center" ? Math.floor((targetHeight - height) / 2) : 0;
  target.fill(options.pad);
  for (let ty = 0; ty < height; ty += 1) {
    const sy = Math.min(region.height - 1, Math.max(0, ((ty + 0.5) * region.height) / height - 0.5));
    const y0 = Math.floor(sy);
    const y1 = Math.min(region.height - 1, y0 + 1);
    const fy = sy - y0;
    for (let tx = 0; tx < width; tx += 1) {
      const sx = Math.min(region.width - 1, Math.max(0, ((tx + 0.5) * region.width) / width - 0.5));
      const x0 = Math.floor(sx);
      const x1 = Math.min(region.width - 1, x0 + 1);
      const fx = sx - x0;
      const at = ((ty + offsetY) * targetWidth + tx + offsetX) * 3;
      for (let c = 0; c < 3; c += 1) {
        const p = (y: number, x: number): number => source[((region.y + y) * sourceWidth + region.x + x) * 3 + c] ?? 0;
        const top = p(y0, x0) * (1 - fx) + p(y0, x1) * fx;
        const bottom = p(y1, x0) * (1 - fx) + p(y1, x1) * fx;
        target[at + (options.swapRedBlue ? 2 - c : c)] = Math.round(top * (1 - fy) + bottom * fy);
      }
    }
  }
  return { scaleX: width / region.width, scaleY: height / region.height, offsetX, offsetY };
}
