/** Renders held-out quiet footage: node render-quiet.ts --minutes 30 --out DIR [--seed 1] [--fps 2] [--scene-every 2] [--clip-minutes 3] [--start 0]. */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { renderClip } from "./clip.ts";
import { quietStory } from "./quiet.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string" },
    out: { type: "string" },
    seed: { type: "string", default: "1" },
    fps: { type: "string", default: "2" },
    "scene-every": { type: "string", default: "2" },
    "clip-minutes": { type: "string", default: "3" },
    start: { type: "string", default: "0" },
  },
});
const minutes = Number(values.minutes);
const clipMinutes = Number(values["clip-minutes"]);
if (values.out === undefined || !(minutes > 0) || !(clipMinutes > 0 && clipMinutes <= 15))
  throw new Error(
    "usage: render-quiet.ts --minutes N --out DIR [--seed S] [--fps 2] [--scene-every 2] [--clip-minutes 3] [--start K]",
  );
await mkdir(values.out, { recursive: true });
const first = Number(values.start);
const options = { seconds: clipMinutes * 60, fps: Number(values.fps), sceneEvery: Number(values["scene-every"]) };
for (let index = first; index < first + Math.ceil(minutes / clipMinutes); index += 1) {
  const name = `quiet-${values.seed}-${String(index).padStart(4, "0")}`;
  // A clip that is there is whole: a run that was broken off goes on where it stopped.
  if (existsSync(join(values.out, `${name}.truth.jsonl`))) continue;
  await renderClip(name, quietStory(Number(values.seed), index, options), values.out, "test");
}
