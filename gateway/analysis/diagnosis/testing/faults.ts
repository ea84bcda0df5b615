/** Camera faults drawn over good pictures, byte by byte. */
import { seeded } from "../../../../native/seeded.ts";

/** Draws a fault over `pixels` (rgb24, packed) in place; `sec` is the time since it began. */
export type Fault = (pixels: Uint8Array, widthPx: number, heightPx: number, sec: number) => void;

const random = seeded(11);
const each =
  (change: (value: number, channel: number) => number): Fault =>
  (pixels) => {
    for (let i = 0; i < pixels.length; i += 1)
      pixels[i] = Math.min(255, Math.max(0, Math.round(change(pixels[i] ?? 0, i % 3))));
  };

/** The picture moved by so many pixels to the right and down; what comes in is the edge. */
function moved(dx: number, dy: number): Fault {
  return (pixels, widthPx, heightPx) => {
    const before = pixels.slice();
    for (let y = 0; y < heightPx; y += 1) {
      for (let x = 0; x < widthPx; x += 1) {
        const from =
          (Math.min(heightPx - 1, Math.max(0, y - dy)) * widthPx + Math.min(widthPx - 1, Math.max(0, x - dx))) * 3;
        for (let c = 0; c < 3; c += 1) pixels[(y * widthPx + x) * 3 + c] = before[from + c] ?? 0;
      }
    }
  };
}

/** A box blur in both directions, by a sum that slides. */
function blurred(reach: number): Fault {
  const line = new Uint8Array(4_096);
  const width = 2 * reach + 1;
  return (pixels, widthPx, heightPx) => {
    for (const [stride, lines, length, step] of [
      [3, heightPx, widthPx, widthPx * 3],
      [widthPx * 3, widthPx, heightPx, 3],
    ] as const)
      for (let start = 0; start < lines * step; start += step === 3 ? 1 : step)
        for (let c = start; c < start + (step === 3 ? 1 : 3); c += 1) {
          for (let i = 0; i < length; i += 1) line[i] = pixels[c + i * stride] ?? 0;
          let sum = 0;
          for (let i = -reach; i <= reach; i += 1) sum += line[Math.max(0, i)] ?? 0;
          for (let i = 0; i < length; i += 1) {
            pixels[c + i * stride] = sum / width;
            sum += (line[Math.min(length - 1, i + reach + 1)] ?? 0) - (line[Math.max(0, i - reach)] ?? 0);
          }
        }
  };
}

/** Every block of so many pixels becomes one colour. */
function mosaic(size: number): Fault {
  return (pixels, widthPx, heightPx) => {
    for (let y = 0; y < heightPx; y += 1)
      for (let x = 0; x < widthPx; x += 1) {
        const from = ((y - (y % size)) * widthPx + (x - (x % size))) * 3;
        for (let c = 0; c < 3; c += 1) pixels[(y * widthPx + x) * 3 + c] = pixels[from + c] ?? 0;
      }
  };
}

const bag = [120, 90, 70];

/** Faults by name. */
export const faults = {
  black: each(() => 3),
  dark: each((value) => value * 0.24),
  bright: each((value) => 215 + value * 0.16),
  fog: each((value) => 150 + (value - 120) * 0.3),
  cast: each((value, channel) => (channel === 0 ? value * 1.35 : channel === 2 ? value * 0.5 : value)),
  snow: each((value) => value + (random() + random() + random() - 1.5) * 75),
  covered: (pixels: Uint8Array, widthPx: number) => {
    for (let i = 0; i < pixels.length; i += 1)
      pixels[i] = (bag[i % 3] ?? 0) + Math.round(8 * Math.sin(i / (widthPx * 60))) + Math.round(2 * random());
  },
  stripes: (pixels: Uint8Array, widthPx: number, heightPx: number, sec: number) => {
    for (let y = 0; y < heightPx; y += 1) {
      const add = 18 * Math.sin((2 * Math.PI * 17 * y) / heightPx + sec);
      for (let i = y * widthPx * 3; i < (y + 1) * widthPx * 3; i += 1)
        pixels[i] = Math.min(255, Math.max(0, (pixels[i] ?? 0) + add));
    }
  },
  blurred: blurred(5),
  turned: moved(150, 40),
  nudged: moved(28, 0),
  mosaic: mosaic(16),
  shaking: (pixels: Uint8Array, widthPx: number, heightPx: number) =>
    moved(Math.round(random() * 24) - 12, Math.round(random() * 24) - 12)(pixels, widthPx, heightPx, 0),
} satisfies Record<string, Fault>;
