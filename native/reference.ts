/** The functions of index.ts in plain TypeScript: the oracle of the tests, and what runs where the binary does not load. */
export { letterbox } from "./reference/letterbox.ts";
export { motionStateSize, motionStep } from "./reference/motion.ts";
export { bendSums, cellSums, lineSums, maskSums, stepSums } from "./reference/sums.ts";
export { allFinite, rowsWith } from "./reference/scores.ts";
export { measureScene, sceneStateSize } from "./reference/scene.ts";
