/** The privacy mask in plain TypeScript, the same double arithmetic as src/mask.cc. */
import { checkBytes, checkSize, packColour } from "../arguments.ts";

function crossings(polygonXY: Float32Array, y: number): number[] {
  const found: number[] = [];
  const { length } = polygonXY;
  for (let i = 0; i < length; i += 2) {
    const next = i + 2 === length ? 0 : i + 2;
    const fromX = polygonXY[i] ?? 0;
    const fromY = polygonXY[i + 1] ?? 0;
    const toX = polygonXY[next] ?? 0;
    const toY = polygonXY[next + 1] ?? 0;
    if (fromY <= y === toY <= y) continue;
    found.push(fromX + ((y - fromY) * (toX - fromX)) / (toY - fromY));
  }
  return found.sort((a, b) => a - b);
}

function checkPolygon(polygonXY: unknown): void {
  if (!(polygonXY instanceof Float32Array)) throw new TypeError("polygon must be a Float32Array");
  const { length } = polygonXY;
  if (length < 6 || length % 2 !== 0 || length > 2048)
    throw new RangeError("polygon must hold 3 to 1024 points as x, y pairs");
  if (!polygonXY.every(Number.isFinite)) throw new RangeError("polygon must hold finite numbers");
}

/** See `burnMask` in index.ts. */
export function burnMask(
  pixels: Uint8Array,
  width: number,
  height: number,
  polygonXY: Float32Array,
  colour: number | readonly [number, number, number],
): void {
  checkSize("", width, height);
  checkBytes("pixels", pixels, width * height * 3);
  checkPolygon(polygonXY);
  const packed = packColour("colour", colour);
  for (let y = 0; y < height; y++) {
    const at = crossings(polygonXY, y + 0.5);
    for (let k = 0; k + 1 < at.length; k += 2) {
      const from = Math.max(0, Math.min(width, Math.ceil((at[k] ?? 0) - 0.5)));
      const to = Math.max(0, Math.min(width, Math.ceil((at[k + 1] ?? 0) - 0.5)));
      for (let x = from; x < to; x++) {
        const pixel = (y * width + x) * 3;
        pixels[pixel] = packed >> 16;
        pixels[pixel + 1] = (packed >> 8) & 255;
        pixels[pixel + 2] = packed & 255;
      }
    }
  }
}
