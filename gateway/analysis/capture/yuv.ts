/** The colours of a frame, one pixel or the whole picture: yuv420p, limited range, as decoders give it. */
import { letterbox, yuvBytes } from "../../../native/index.ts";
import type { Frame } from "./frame.ts";

/** What a matrix makes of chroma: red from V, green from U and V, blue from U. */
const shares = {
  bt601: { redV: 1.596, greenU: -0.3918, greenV: -0.813, blueU: 2.0172 },
  bt709: { redV: 1.7927, greenU: -0.2132, greenV: -0.5329, blueU: 2.1124 },
} as const;
const lumaShare = 255 / 219;

/** One colour, 0..255 each; overwritten by whoever was given it. */
export interface Colour {
  red: number;
  green: number;
  blue: number;
}

/** Writes the colour of pixel `x`, `y` into `into`, whole numbers; `luma` where it was measured between pixels. */
export function colourAt(frame: Frame, x: number, y: number, into: Colour, luma?: number): void {
  const { pixels, widthPx, heightPx, colours = "bt601" } = frame;
  if (colours === "rgb24") throw new TypeError("a camera's frame is yuv420p");
  const chromaWidth = (widthPx + 1) >> 1;
  const chroma = widthPx * heightPx + (y >> 1) * chromaWidth + (x >> 1);
  const light = ((luma ?? pixels[y * widthPx + x] ?? 0) - 16) * lumaShare;
  const u = (pixels[chroma] ?? 0) - 128;
  const v = (pixels[chroma + chromaWidth * ((heightPx + 1) >> 1)] ?? 0) - 128;
  const { redV, greenU, greenV, blueU } = shares[colours];
  into.red = byte(light + redV * v);
  into.green = byte(light + greenU * u + greenV * v);
  into.blue = byte(light + blueU * u);
}

/** The frame as rgb24 in memory of its own. */
export function rgbOf({ pixels, widthPx, heightPx, colours = "bt601" }: Frame): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array(widthPx * heightPx * 3);
  const whole = { x: 0, y: 0, width: widthPx, height: heightPx };
  letterbox(pixels, widthPx, heightPx, whole, rgb, widthPx, heightPx, { colours });
  return rgb;
}

/** An rgb24 picture as the pixels of a camera's frame, BT.601. */
export function yuvOf(rgb: Uint8Array, widthPx: number, heightPx: number): Uint8Array<ArrayBuffer> {
  const yuv = new Uint8Array(yuvBytes(widthPx, heightPx));
  const chromaWidth = (widthPx + 1) >> 1;
  const planeU = widthPx * heightPx;
  const planeV = planeU + chromaWidth * ((heightPx + 1) >> 1);
  for (let y = 0; y < heightPx; y += 1)
    for (let x = 0; x < widthPx; x += 1) {
      const at = (y * widthPx + x) * 3;
      yuv[y * widthPx + x] =
        16.5 + 0.25679 * (rgb[at] ?? 0) + 0.50413 * (rgb[at + 1] ?? 0) + 0.09791 * (rgb[at + 2] ?? 0);
    }
  const mean = { red: 0, green: 0, blue: 0 };
  for (let y = 0; y < heightPx; y += 2)
    for (let x = 0; x < widthPx; x += 2) {
      meanOfFour(rgb, widthPx, heightPx, x, y, mean);
      const { red, green, blue } = mean;
      const at = (y >> 1) * chromaWidth + (x >> 1);
      yuv[planeU + at] = 128.5 - 0.14822 * red - 0.29099 * green + 0.43922 * blue;
      yuv[planeV + at] = 128.5 + 0.43922 * red - 0.36779 * green - 0.07143 * blue;
    }
  return yuv;
}

/** Two by two pixels share their chroma; at an odd edge the last one counts twice. */
function meanOfFour(rgb: Uint8Array, widthPx: number, heightPx: number, x: number, y: number, into: Colour): void {
  const right = Math.min(x + 1, widthPx - 1);
  const below = Math.min(y + 1, heightPx - 1);
  const [a, b, c, d] = [y * widthPx + x, y * widthPx + right, below * widthPx + x, below * widthPx + right];
  const mean = (channel: number): number =>
    ((rgb[a * 3 + channel] ?? 0) +
      (rgb[b * 3 + channel] ?? 0) +
      (rgb[c * 3 + channel] ?? 0) +
      (rgb[d * 3 + channel] ?? 0)) /
    4;
  into.red = mean(0);
  into.green = mean(1);
  into.blue = mean(2);
}

function byte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.round(value);
}
