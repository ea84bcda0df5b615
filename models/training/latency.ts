/**
 * Times models side by side in one run, as the product runs them: one thread, no spinning, taking turns so that a busy
 * machine is unfair to all of them alike.
 *
 * Usage: node models/training/latency.ts MODEL.onnx [MODEL.onnx ...] [--runs N]
 */
import { statSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import ort from "onnxruntime-node";
import { open } from "./detect.ts";

const WARM_UP = 10;

/** A picture of noise in the shape and type that the model asks for. */
function noise(session: ort.InferenceSession): Record<string, ort.Tensor> {
  const input = session.inputMetadata[0];
  if (!input?.isTensor) throw new Error("the model takes no tensor");
  const dims = input.shape.map(Number);
  const length = dims.reduce((product, dim) => product * dim, 1);
  const values = Uint8Array.from({ length }, (_, i) => (i * 7919) % 256);
  const data = input.type === "uint8" ? values : Float32Array.from(values);
  return { [input.name]: new ort.Tensor(input.type as "uint8", data as Uint8Array, dims) };
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: "string", default: "100" } },
});
const models = [];
for (const path of positionals) {
  const { session } = await open(path);
  models.push({ path, session, feeds: noise(session), ms: [] as number[] });
}
for (let turn = -WARM_UP; turn < Number(values.runs); turn++) {
  for (const { session, feeds, ms } of models) {
    const from = process.cpuUsage();
    await session.run(feeds);
    const used = process.cpuUsage(from);
    if (turn >= 0) ms.push((used.user + used.system) / 1000);
  }
}
console.log("| model | MB | CPU ms, median | CPU ms, fastest |\n|---|---|---|---|");
for (const { path, ms } of models) {
  const sorted = ms.toSorted((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? NaN;
  const size = (statSync(path).size / 1e6).toFixed(2);
  console.log(`| ${basename(path)} | ${size} | ${median.toFixed(1)} | ${(sorted[0] ?? NaN).toFixed(1)} |`);
}
