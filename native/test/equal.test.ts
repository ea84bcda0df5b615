/** The addon equals the reference, byte for byte, on seeded noise of odd sizes under every option. */
import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import * as native from "../index.ts";
import type { LetterboxOptions } from "../index.ts";
import * as reference from "../reference.ts";
import { noiseFrame, seeded, unaligned, whole } from "../seeded.ts";

// Without the binary these tests would compare the reference with itself.
test("the addon of this machine is loaded", () => {
  expect(native.nativeStatus).toMatchObject({ kind: "native", note: "" });
});

// On a processor with wider vectors everything else here tries those.
test("the kernels that every processor runs agree as well", () => {
  const program = path.join(import.meta.dirname, "../self-test.ts");
  const said = execFileSync(process.execPath, [program], {
    env: { ...process.env, XUELIANG_NATIVE: "narrow" },
    encoding: "utf8",
  });
  expect(JSON.parse(said)).toMatchObject({ kind: "native", agrees: true });
});

function sameLetterbox(
  seed: number,
  options: LetterboxOptions,
  sizes: readonly [number, number, number, number],
  part: "some" | "all" = "some",
): void {
  const random = seeded(seed);
  const [sourceWidth, sourceHeight, targetWidth, targetHeight] = sizes;
  const source = unaligned(
    options.colours === "rgb24"
      ? Uint8Array.from({ length: sourceWidth * sourceHeight * 3 }, () => whole(random, 0, 255))
      : noiseFrame(random, sourceWidth, sourceHeight),
  );
  const x = whole(random, 0, sourceWidth - 1);
  const y = whole(random, 0, sourceHeight - 1);
  const some = { x, y, width: whole(random, 1, sourceWidth - x), height: whole(random, 1, sourceHeight - y) };
  const region = part === "some" ? some : { x: 0, y: 0, width: sourceWidth, height: sourceHeight };
  const byAddon = unaligned(new Uint8Array(targetWidth * targetHeight * 3));
  const byReference = new Uint8Array(targetWidth * targetHeight * 3);
  const geometry = native.letterbox(
    source,
    sourceWidth,
    sourceHeight,
    region,
    byAddon,
    targetWidth,
    targetHeight,
    options,
  );
  const expected = reference.letterbox(
    source,
    sourceWidth,
    sourceHeight,
    region,
    byReference,
    targetWidth,
    targetHeight,
    options,
  );
  expect(geometry).toEqual(expected);
  expect(Buffer.compare(byAddon, byReference), `seed ${seed}, region ${JSON.stringify(region)}`).toBe(0);
}

for (const filter of ["linear", "area"] as const)
  for (const fit of ["letterbox", "stretch"] as const)
    for (const align of ["center", "top-left"] as const)
      for (const swapRedBlue of [false, true])
        test(`letterbox ${filter} ${fit} ${align}${swapRedBlue ? " swapped, BT.709" : ""}`, () => {
          const options = { filter, fit, align, swapRedBlue, colours: swapRedBlue ? "bt709" : "bt601" } as const;
          const random = seeded(7);
          for (let round = 0; round < 40; round++) {
            const sizes = [
              whole(random, 1, 97),
              whole(random, 1, 61),
              whole(random, 1, 83),
              whole(random, 1, 71),
            ] as const;
            sameLetterbox(round, { ...options, pad: round % 2 === 0 ? 114 : [1, 128, 255] }, sizes);
          }
        });

for (const [name, sizes] of [
  ["a row of pixels", [640, 1, 320, 32]],
  ["a column of pixels", [1, 360, 32, 320]],
  ["one pixel", [1, 1, 33, 17]],
  ["into one pixel", [333, 211, 1, 1]],
  ["a camera picture", [640, 360, 416, 416]],
  ["a picture that shrinks by a third", [960, 540, 640, 384]],
] as const)
  test(`letterbox of ${name}`, () => {
    for (const filter of ["linear", "area"] as const)
      for (const colours of ["bt709", "rgb24"] as const) sameLetterbox(11, { filter, colours }, sizes);
  });

// Targets that lie close together and pairs of rows have kernels of their own, which small pictures hardly reach.
for (const [name, sizes] of [
  ["a camera's frame for the starter model", [960, 540, 640, 384]],
  ["a frame of odd sides", [641, 359, 523, 384]],
  ["a frame that is shrunk to half", [640, 360, 320, 320]],
  ["a frame that is shrunk to less than half", [960, 540, 384, 384]],
  ["a frame that grows", [352, 288, 640, 640]],
] as const)
  for (const filter of ["linear", "area"] as const)
    test(`letterbox ${filter}, ${name}`, () => {
      for (const swapRedBlue of [false, true])
        for (const part of ["some", "all"] as const)
          for (let seed = 0; seed < 2; seed++) sameLetterbox(seed, { filter, swapRedBlue }, sizes, part);
    });

for (const [width, height] of [
  [1, 1],
  [2, 3],
  [319, 181],
  [641, 359],
  [1000, 3],
  [960, 540],
  [1283, 207],
] as const) {
  test(`motion and its whole state, ${width}x${height}`, () => {
    const random = seeded(width);
    const size = native.motionStateSize(width, height);
    const states = [new Uint8Array(size), new Uint8Array(size)] as const;
    const grid = { columns: width < 16 ? 1 : 13, rows: height < 16 ? 1 : 5 };
    const count = grid.columns * grid.rows;
    const blocks = [new Uint8Array(count), new Uint8Array(count)] as const;
    for (let step = 0; step < 8; step++) {
      const frame = unaligned(noiseFrame(random, width, height));
      const options = {
        ...grid,
        elapsedMs: step * 70,
        minDifference: step * 5.3,
        noiseFactor: step / 3,
        followsLight: step % 2 === 0,
        blockShare: step / 20,
      };
      const share = native.motionStep(frame, width, height, states[0], blocks[0], options);
      expect(share).toBe(reference.motionStep(frame, width, height, states[1], blocks[1], options));
      expect(Buffer.compare(blocks[0], blocks[1])).toBe(0);
      expect(Buffer.compare(states[0], states[1])).toBe(0);
    }
  });

  test(`scene, ${width}x${height}`, () => {
    const random = seeded(height);
    const size = native.sceneStateSize(width, height);
    const states = [new Uint8Array(size), new Uint8Array(size)] as const;
    const outs = [new Float64Array(5), new Float64Array(5)] as const;
    for (let step = 0; step < 3; step++) {
      const frame = unaligned(noiseFrame(random, width, height));
      native.measureScene(frame, width, height, states[0], outs[0]);
      reference.measureScene(frame, width, height, states[1], outs[1]);
      expect([...outs[0]]).toEqual([...outs[1]]);
      expect(Number.isNaN(outs[0][4])).toBe(step === 0);
    }
  });
}

/** Every sum of one plane by `kernels`; spots only where the plane has room for one. */
function sumsBy(kernels: typeof reference, plane: Uint8Array, width: number, height: number): readonly Uint32Array[] {
  const [columns, rows, steps] = [new Uint32Array(width), new Uint32Array(height), new Uint32Array(width)];
  kernels.lineSums(plane, width, height, columns, rows);
  kernels.stepSums(plane, width, height, Math.min(height, 6), steps);
  const squares = [1, 4, 20].flatMap((side) => {
    const count = Math.max(1, Math.floor(width / side)) * Math.max(1, Math.floor(height / side));
    const [cells, bends] = [new Uint32Array(count), new Uint32Array(count)];
    kernels.cellSums(plane, width, height, side, cells);
    kernels.bendSums(plane, width, height, side, bends);
    return [cells, bends];
  });
  if (width < 18 || height < 18) return [columns, rows, steps, ...squares];
  const last = (height - 17) * width + width - 17;
  const masks = new Uint32Array(2);
  kernels.maskSums(plane, width, height, Uint32Array.of(width + 1, last), masks);
  return [columns, rows, steps, ...squares, masks];
}

for (const [width, height] of [
  [1, 1],
  [3, 2],
  [18, 18],
  [19, 31],
  [320, 180],
  [963, 541],
] as const)
  test(`sums over lines, squares and spots, ${width}x${height}`, () => {
    const random = seeded(width);
    const plane = unaligned(Uint8Array.from({ length: width * height }, () => whole(random, 0, 255)));
    const texts = (kernels: typeof reference): readonly string[] =>
      sumsBy(kernels, plane, width, height).map((sums) => Buffer.from(sums.buffer).toString("base64"));
    expect(texts(native)).toEqual(texts(reference));
  });

test("what the sums are, on a picture that can be reckoned by hand", () => {
  const plane = Uint8Array.of(1, 2, 9, 3, 4, 9, 9, 9, 9);
  const [columns, rows, cells, bends, steps] = [3, 3, 1, 1, 3].map((count) => new Uint32Array(count)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  native.lineSums(plane, 3, 3, columns, rows);
  native.cellSums(plane, 3, 3, 2, cells);
  native.bendSums(plane, 3, 3, 2, bends);
  native.stepSums(plane, 3, 3, 1, steps);
  expect([...columns, ...rows]).toEqual([13, 15, 27, 12, 16, 27]);
  expect([...cells]).toEqual([1 + 2 + 3 + 4]);
  // The one pixel that has four neighbours: 2 + 9 + 9 + 3 - 4 * 4.
  expect([...bends]).toEqual([7]);
  expect([...steps]).toEqual([0, 1, 5]);
});

for (const [width, from, to, rows] of [
  [1, 0, 1, 7],
  [10, 4, 10, 2_041],
  [85, 4, 5, 333],
  [6, 2, 2, 40],
] as const)
  test(`rows of ${width} with a score in columns ${from} to ${to}`, () => {
    const random = seeded(width);
    // Multiples of a hundredth: many lie at the floor itself, which no float hits exactly.
    const values = Float32Array.from({ length: rows * width + (width > 1 ? 1 : 0) }, () => whole(random, 0, 100) / 100);
    for (const floor of [0, 0.1, 0.97, 1]) {
      const [byAddon, byReference] = [new Uint32Array(rows), new Uint32Array(rows)];
      const count = native.rowsWith(values, width, from, to, floor, byAddon);
      expect(count).toBe(reference.rowsWith(values, width, from, to, floor, byReference));
      expect([...byAddon.subarray(0, count)]).toEqual([...byReference.subarray(0, count)]);
    }
  });

test("one value in a thousand that is no number, or infinite, is found wherever it stands", () => {
  for (const kernels of [native, reference])
    for (const at of [0, 1, 15, 16, 500, 998, 999])
      for (const value of [NaN, Infinity, -Infinity, 3.4e38, -0]) {
        const values = new Float32Array(1_000).fill(0.5);
        values[at] = value;
        expect(kernels.allFinite(values)).toBe(Number.isFinite(value));
      }
});

test("frames in shared memory, as the pool keeps them", () => {
  const random = seeded(5);
  const source = new Uint8Array(new SharedArrayBuffer(native.yuvBytes(64, 36)));
  source.set(noiseFrame(random, 64, 36));
  const [byAddon, byReference] = [new Uint8Array(32 * 32 * 3), new Uint8Array(32 * 32 * 3)];
  const whole64 = { x: 0, y: 0, width: 64, height: 36 };
  native.letterbox(source, 64, 36, whole64, byAddon, 32, 32);
  reference.letterbox(source, 64, 36, whole64, byReference, 32, 32);
  expect(Buffer.compare(byAddon, byReference)).toBe(0);
});
