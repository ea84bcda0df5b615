/** Part of a frame → the picture a model takes, and the way back for boxes. */
import type { Frame } from "../capture/frame.ts";
import type { Box } from "../geometry.ts";
import { letterbox as scaleInto, type LetterboxGeometry, type Region } from "../../../native/index.ts";
import type { ModelInput } from "./model-package.ts";

/** Where a model's pixels lie in the frame: frame pixel = (model pixel - offset) / scale + corner of the region. */
export interface Placement extends LetterboxGeometry {
  readonly region: Region;
  readonly frameWidthPx: number;
  readonly frameHeightPx: number;
}

/** The smallest box of whole pixels around `region` (0..1), inside the frame and at least one pixel large. */
export function pixelRegion(region: Box, widthPx: number, heightPx: number): Region {
  // A thousandth of a pixel is rounding, not a wish: 0.3 * 640 must not reach into the next column.
  const low = (share: number, size: number): number => Math.min(size - 1, Math.max(0, Math.floor(share * size + 1e-3)));
  const high = (share: number, size: number): number => Math.min(size, Math.max(1, Math.ceil(share * size - 1e-3)));
  const x = low(region.x, widthPx);
  const y = low(region.y, heightPx);
  return {
    x,
    y,
    width: Math.max(1, high(region.x + region.width, widthPx) - x),
    height: Math.max(1, high(region.y + region.height, heightPx) - y),
  };
}

/** Writes `region` of `frame` into `target` (`heightPx * widthPx * 3` bytes, the model's colour order). */
export function letterbox(frame: Frame, region: Box, input: ModelInput, target: Uint8Array): Placement {
  const pixels = pixelRegion(region, frame.widthPx, frame.heightPx);
  const placed = scaleInto(frame.pixels, frame.widthPx, frame.heightPx, pixels, target, input.widthPx, input.heightPx, {
    pad: input.pad,
    fit: input.resize,
    align: input.align,
    swapRedBlue: input.color === "bgr",
    filter: input.filter,
    colours: frame.colours ?? "bt601",
  });
  return { ...placed, region: pixels, frameWidthPx: frame.widthPx, frameHeightPx: frame.heightPx };
}

/** Corners in pixels of the model's input → a box in 0..1 of the whole picture, cut at the region's edge. */
export function boxInPicture(x1: number, y1: number, x2: number, y2: number, placement: Placement): Box {
  const { region, scaleX, scaleY, offsetX, offsetY, frameWidthPx, frameHeightPx } = placement;
  const across = (x: number): number => Math.min(region.width, Math.max(0, (x - offsetX) / scaleX)) + region.x;
  const down = (y: number): number => Math.min(region.height, Math.max(0, (y - offsetY) / scaleY)) + region.y;
  const left = across(x1);
  const top = down(y1);
  return {
    x: left / frameWidthPx,
    y: top / frameHeightPx,
    width: (across(x2) - left) / frameWidthPx,
    height: (down(y2) - top) / frameHeightPx,
  };
}
