/** Prints how long each kernel takes, native and reference: `node native/bench.ts`. Best of many calls, one thread. */
import * as native from "./index.ts";
import * as reference from "./reference.ts";

const budgetMs = 400;

/** Milliseconds of the quickest call within the budget: the machine's noise only ever adds. */
function best(call: () => unknown): number {
  let bestMs = Infinity;
  const endMs = performance.now() + budgetMs;
  for (let calls = 0; calls < 5 || performance.now() < endMs; calls++) {
    const beganMs = performance.now();
    call();
    bestMs = Math.min(bestMs, performance.now() - beganMs);
  }
  return bestMs;
}

function row(name: string, byAddon: () => unknown, byReference: () => unknown): void {
  const nativeMs = best(byAddon);
  const referenceMs = best(byReference);
  const cells = [name, nativeMs.toFixed(3), referenceMs.toFixed(2), `${(referenceMs / nativeMs).toFixed(0)}x`];
  console.log(`| ${cells.join(" | ")} |`);
}

console.log(`${native.nativeStatus.kind}: ${native.nativeStatus.note}, ${process.arch}, Node ${process.versions.node}`);
console.log("| kernel | native ms | reference ms | ratio |\n|---|---|---|---|");
for (const [width, height, targetWidth, targetHeight] of [
  [960, 540, 640, 384],
  [640, 360, 320, 192],
  [1920, 1080, 640, 384],
] as const) {
  const source = Uint8Array.from({ length: native.yuvBytes(width, height) }, (_, at) => (at * 7919) >> 5);
  const region = { x: 0, y: 0, width, height };
  const target = new Uint8Array(targetWidth * targetHeight * 3);
  for (const filter of ["linear", "area"] as const) {
    const resize = (kernels: typeof reference): (() => void) => {
      return () => void kernels.letterbox(source, width, height, region, target, targetWidth, targetHeight, { filter });
    };
    row(`letterbox ${filter} ${width}x${height} to ${targetWidth}x${targetHeight}`, resize(native), resize(reference));
  }
}
for (const [width, height] of [
  [640, 360],
  [960, 540],
] as const) {
  const source = Uint8Array.from({ length: native.yuvBytes(width, height) }, (_, at) => (at * 7919) >> 5);
  const blocks = new Uint8Array(32 * 18);
  const motion = (kernels: typeof reference): (() => void) => {
    const state = new Uint8Array(native.motionStateSize(width, height));
    return () => void kernels.motionStep(source, width, height, state, blocks);
  };
  row(`motionStep ${width}x${height}`, motion(native), motion(reference));
  const out = new Float64Array(5);
  const scene = (kernels: typeof reference): (() => void) => {
    const state = new Uint8Array(native.sceneStateSize(width, height));
    return () => kernels.measureScene(source, width, height, state, out);
  };
  row(`measureScene ${width}x${height}`, scene(native), scene(reference));
}
