/** The floor's second half: `session.run` alone, so many times, in a process of its own. Arguments: MODEL RUNS PERSECOND (0: without pauses). Prints CPU seconds. */
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { InferenceSession, Tensor } from "onnxruntime-node";

const [model = "", runs = "0", perSecond = "0"] = process.argv.slice(2);
const session = await InferenceSession.create(readFileSync(model), {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  extra: { session: { intra_op: { allow_spinning: "0" } } },
});
const [name = ""] = session.inputNames;
const [input] = session.inputMetadata;
const dims = input?.isTensor ? input.shape.map(Number) : [];
const size = dims.reduce((product, side) => product * side, 1);
const isBytes = input?.isTensor === true && input.type === "uint8";
// Noise, not zeros: zeros can run faster than any real picture.
const data = isBytes
  ? Uint8Array.from({ length: size }, (_, i) => (i * 7919) % 251)
  : Float32Array.from({ length: size }, (_, i) => ((i * 7919) % 251) / 251);
const tensor = new Tensor(isBytes ? "uint8" : "float32", data, dims);
await session.run({ [name]: tensor });
const before = process.cpuUsage();
const beganMs = performance.now();
for (let run = 0; run < Number(runs); run += 1) {
  if (perSecond !== "0") await setTimeout(Math.max(0, beganMs + (run * 1_000) / Number(perSecond) - performance.now()));
  await session.run({ [name]: tensor });
}
const { user, system } = process.cpuUsage(before);
console.log(((user + system) / 1e6).toFixed(3));
