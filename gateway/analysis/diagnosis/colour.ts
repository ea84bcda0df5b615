/** Colour of the whole picture in CIE Lab, from a sparse grid of pixels. */
import type { Frame } from "../capture/frame.ts";
import { colourAt } from "../capture/yuv.ts";

/** Every so many pixels across and down: two thousand samples of 960 by 540. */
const step = 16;

/** Colour of one frame; a is red against green, b yellow against blue. */
export interface ColourMeasure {
  readonly a: number;
  readonly b: number;
  /** Mean absolute deviation from that colour. */
  readonly spread: number;
  /** Mean distance from grey: below about 2 the camera is in its infrared night mode. */
  readonly chroma: number;
}

/** sRGB byte to linear light. */
const linear = Float32Array.from({ length: 256 }, (_, i) => {
  const value = i / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});
const cubeSteps = 1023;
/** The Lab curve over 0..1. */
const curve = Float32Array.from({ length: cubeSteps + 1 }, (_, i) => {
  const value = i / cubeSteps;
  return value > 216 / 24_389 ? Math.cbrt(value) : (value * (24_389 / 27) + 16) / 116;
});
const bent = (value: number): number => curve[Math.min(cubeSteps, Math.round(value * cubeSteps))] ?? 0;

const colour = { red: 0, green: 0, blue: 0 };

/** Writes Lab a and b of pixel `x`, `y` into `into`, one after the other. */
export function labAt(frame: Frame, x: number, y: number, into: Float64Array): void {
  colourAt(frame, x, y, colour);
  const red = linear[colour.red] ?? 0;
  const green = linear[colour.green] ?? 0;
  const blue = linear[colour.blue] ?? 0;
  // sRGB to XYZ over the white point D65.
  const fy = bent(0.2126 * red + 0.7152 * green + 0.0722 * blue);
  into[0] = 500 * (bent((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505) - fy);
  into[1] = 200 * (fy - bent((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089));
}

/** One camera's meter; it keeps the sampled colours between its two passes. */
export class ColourMeter {
  #as = new Float32Array(0);
  #bs = new Float32Array(0);

  measure(frame: Frame): ColourMeasure {
    const { widthPx, heightPx } = frame;
    const count = Math.ceil(widthPx / step) * Math.ceil(heightPx / step);
    if (this.#as.length !== count) {
      this.#as = new Float32Array(count);
      this.#bs = new Float32Array(count);
    }
    let [n, sumA, sumB, chroma] = [0, 0, 0, 0];
    // Numbers taken apart from an array, or out of an object, are allocated one by one: two thousand times a look.
    const lab = new Float64Array(2);
    for (let y = 0; y < heightPx; y += step) {
      for (let x = 0; x < widthPx; x += step) {
        labAt(frame, x, y, lab);
        const a = lab[0] ?? 0;
        const b = lab[1] ?? 0;
        this.#as[n] = a;
        this.#bs[n] = b;
        n += 1;
        sumA += a;
        sumB += b;
        chroma += Math.sqrt(a * a + b * b); // Several times faster than hypot, which also guards against overflow.
      }
    }
    const a = sumA / n;
    const b = sumB / n;
    let spread = 0;
    for (let i = 0; i < n; i += 1) {
      const da = (this.#as[i] ?? 0) - a;
      const db = (this.#bs[i] ?? 0) - b;
      spread += Math.sqrt(da * da + db * db);
    }
    return { a, b, spread: spread / n, chroma: chroma / n };
  }
}
