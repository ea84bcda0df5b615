import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "vitest";
import { contains, type Polygon } from "../../geometry.ts";
import { maskFilter } from "./mask-filter.ts";

const [widthPx, heightPx] = [160, 90];

/** A white picture behind the filter, as grey pixels. */
function filtered(filter: string): Buffer {
  const source = `color=white:size=${widthPx}x${heightPx}:rate=1,format=yuv420p`;
  const args = ["-v", "error", "-f", "lavfi", "-i", source, "-vf", filter, "-frames:v", "1", "-pix_fmt", "gray"];
  return execFileSync("ffmpeg", [...args, "-f", "rawvideo", "-"]);
}

const rows: readonly (readonly [name: string, masks: readonly Polygon[]])[] = [
  [
    "an upright box",
    [
      [
        { x: 0.1, y: 0.2 },
        { x: 0.4, y: 0.2 },
        { x: 0.4, y: 0.63 },
        { x: 0.1, y: 0.63 },
      ],
    ],
  ],
  [
    "a triangle",
    [
      [
        { x: 0.5, y: 0.1 },
        { x: 0.93, y: 0.9 },
        { x: 0.2, y: 0.7 },
      ],
    ],
  ],
  [
    "a notch",
    [
      [
        { x: 0.1, y: 0.1 },
        { x: 0.9, y: 0.1 },
        { x: 0.9, y: 0.9 },
        { x: 0.5, y: 0.3 },
        { x: 0.1, y: 0.9 },
      ],
    ],
  ],
  [
    "two masks over the edge of the picture",
    [
      [
        { x: 0, y: 0 },
        { x: 0.2, y: 0 },
        { x: 0, y: 0.3 },
      ],
      [
        { x: 1, y: 1 },
        { x: 0.7, y: 1 },
        { x: 1, y: 0.6 },
      ],
    ],
  ],
];

for (const [name, masks] of rows) {
  test(`${name} is black in every pixel, and little beside it`, () => {
    const pixels = filtered(maskFilter(masks) ?? "");
    let beside = 0;
    for (let y = 0; y < heightPx; y += 1) {
      for (let x = 0; x < widthPx; x += 1) {
        const isBlack = (pixels[y * widthPx + x] ?? 255) < 40;
        const isMasked = masks.some((mask) => contains(mask, { x: (x + 0.5) / widthPx, y: (y + 0.5) / heightPx }));
        if (isMasked) assert.ok(isBlack, `${x},${y}`);
        else if (isBlack) beside += 1;
      }
    }
    // A notch is filled up: what lies between two arms of a mask is hidden rather than shown.
    assert.ok(beside < (name === "a notch" ? 0.3 : 0.06) * widthPx * heightPx, `${beside} pixels beside it`);
  });
}

test("without masks the video may be copied as it is", () => {
  assert.equal(maskFilter([]), null);
});

test("as many masks and corners as a zones file may have fit into one argument of a program", () => {
  const corner = (i: number, k: number) => ({
    x: 0.5 + 0.4 * Math.cos(k / 10 + i),
    y: 0.5 + 0.4 * Math.sin(k / 10 + i),
  });
  const masks = Array.from({ length: 32 }, (_, i) => Array.from({ length: 64 }, (_, k) => corner(i, k)));
  assert.ok((maskFilter(masks) ?? "").length < 100_000);
});
