/**
 * Tries the addon of this machine: `node native/self-test.ts` prints what the kernels make of seeded frames, as SHA-256
 * digests, and ends with 1 unless the addon runs and agrees with the reference. The digests are the same on every machine.
 */
import { createHash } from "node:crypto";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";
import * as native from "./index.ts";
import * as reference from "./reference.ts";
import { noiseFrame, seeded } from "./seeded.ts";

const [width, height] = [322, 183];

function hash(...parts: readonly (Uint8Array | Uint32Array | Float64Array)[]): string {
  const digest = createHash("sha256");
  for (const part of parts) digest.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  return digest.digest("hex");
}

function letterboxes(kernels: typeof reference, source: Uint8Array): readonly string[] {
  const region = { x: 7, y: 3, width: 311, height: 177 };
  const target = new Uint8Array(97 * 131 * 3);
  const grown = new Uint8Array(400 * 301 * 3);
  return (["linear", "area"] as const).flatMap((filter) =>
    [false, true].map((swapRedBlue) => {
      const options = { filter, swapRedBlue, colours: swapRedBlue ? "bt709" : "bt601" } as const;
      kernels.letterbox(source, width, height, region, target, 97, 131, { ...options, pad: [1, 2, 3] });
      kernels.letterbox(source, width, height, region, grown, 400, 301, { ...options, fit: "stretch" });
      return hash(target, grown);
    }),
  );
}

function sums(kernels: typeof reference, source: Uint8Array): string {
  const plane = source.subarray(0, width * height);
  const [columns, rows, steps] = [new Uint32Array(width), new Uint32Array(height), new Uint32Array(width)];
  const [cells, bends, masks] = [new Uint32Array(80 * 45), new Uint32Array(16 * 9), new Uint32Array(2)];
  kernels.lineSums(plane, width, height, columns, rows);
  kernels.cellSums(plane, width, height, 4, cells);
  kernels.bendSums(plane, width, height, 20, bends);
  kernels.stepSums(plane, width, height, 6, steps);
  kernels.maskSums(plane, width, height, Uint32Array.of(width + 1, 100 * width + 100), masks);
  return hash(columns, rows, cells, bends, steps, masks);
}

function scores(kernels: typeof reference, random: () => number): string {
  const values = Float32Array.from({ length: 500 * 10 }, random);
  const found = new Uint32Array(500);
  const count = kernels.rowsWith(values, 10, 4, 10, 0.9, found);
  return hash(Float64Array.of(count, Number(kernels.allFinite(values))), found.subarray(0, count));
}

/** One digest for each kernel and option. */
export function digests(kernels: typeof reference): Readonly<Record<string, readonly string[]>> {
  const random = seeded(42);
  const frames = Array.from({ length: 4 }, () => noiseFrame(random, width, height));
  const [first = new Uint8Array()] = frames;
  const blocks = new Uint8Array(32 * 18);
  const state = new Uint8Array(kernels.motionStateSize(width, height));
  const sceneState = new Uint8Array(kernels.sceneStateSize(width, height));
  const out = new Float64Array(5);
  const motion = frames.map((frame) => {
    const share = kernels.motionStep(frame, width, height, state, blocks, { minDifference: 3, noiseFactor: 0.5 });
    return hash(Float64Array.of(share), blocks, state);
  });
  const scene = frames.map((frame) => {
    kernels.measureScene(frame, width, height, sceneState, out);
    // Not a number has many bit patterns.
    return hash(out.map((value) => (Number.isNaN(value) ? -1 : value)));
  });
  return {
    letterbox: letterboxes(kernels, first),
    motion,
    scene,
    sums: [sums(kernels, first)],
    scores: [scores(kernels, random)],
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { kind, note } = native.nativeStatus;
  const found = digests(native);
  const agrees = isDeepStrictEqual(found, digests(reference));
  console.log(JSON.stringify({ arch: process.arch, kind, note, agrees, digests: found }));
  if (kind !== "native" || !agrees) process.exitCode = 1;
}
