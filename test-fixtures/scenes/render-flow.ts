/** Renders clips of running water with its known speed beside them: node render-flow.ts [--out DIR]. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { viewProjectionOf } from "./camera.ts";
import { renderClip } from "./clip.ts";
import { stageOf } from "./stage.ts";
import { parseStory } from "./story.ts";
import { project } from "./vector.ts";

/** Name, metres a second, ripple, light, seed, where the camera stands and what it looks at, its focal length. */
const clips = [
  ["river-slow", 0.4, 0.08, "overcast", 11, [0, 7, 4], [0, 0, -9], 880],
  ["river-fast", 2, 0.25, "day", 13, [-6, 6, 5], [2, 0, -8], 800],
  ["river-glint", 1.2, 0.2, "day", 15, [4, 6, 5], [-2, 0, -8], 900],
] as const;
/** Metres off the bank of the three lines, and their marks along it. */
const rows = [-6, -9, -12];
const marksM = [-8, -4, 0, 4, 8];
const inPicture = (share: number): boolean => share > 0.02 && share < 0.98;

const { values } = parseArgs({
  options: { out: { type: "string", default: join(import.meta.dirname, "..", "flow") } },
});
await mkdir(values.out, { recursive: true });
for (const [name, flowMps, ripple, condition, seed, eye, target, focalPx] of clips) {
  const text = `
title: { zh: 水流, en: water that runs }
seconds: 11
fps: 5
kbps: 200
sceneEvery: 1
place: { bank: quay, seed: ${seed}, wideM: 34, trees: 1 }
camera: { name: 断面, eye: [${eye.join()}], target: [${target.join()}], focalPx: ${focalPx}, seed: ${seed} }
light: { condition: ${condition}, exposure: 1.2, glint: ${name === "river-glint"}, seed: ${seed} }
water: { ripple: ${ripple}, flowMps: [${flowMps}, 0], seed: ${seed} }
`;
  const story = parseStory(text, name);
  const seen = viewProjectionOf({ ...story.camera, roll: 0 });
  const lines = rows.flatMap((z) => {
    const marks = marksM.flatMap((x) => {
      const { x: atX, y: atY } = project(seen, [x, 0, z]);
      return inPicture(atX) && inPicture(atY) ? [{ at: [atX, atY], m: x }] : [];
    });
    return marks.length < 2 ? [] : [{ from: marks[0]?.at, to: marks.at(-1)?.at, marks }];
  });
  // The shader's ripples lie in a space that is stretched by their scale, and so is their way.
  const speedMps = flowMps / Number(stageOf(story).water["uRippleScale"]);
  await writeFile(
    join(values.out, `${name}.json`),
    `${JSON.stringify({ speedMps, flow: { id: "section", lines } })}\n`,
  );
  await renderClip(name, story, values.out);
  await rm(join(values.out, `${name}.truth.jsonl`), { force: true });
}
