/** Renders held-out clips: node render-held-out.ts --of quiet|anglers --minutes 30 --out DIR [--split test] [--seed 1] [--fps 2] [--scene-every 2] [--clip-seconds 180] [--start 0]. */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { anglersStory } from "./anglers.ts";
import { renderClip } from "./clip.ts";
import { quietStory } from "./quiet.ts";

const makers = { quiet: quietStory, anglers: anglersStory } as const;

const { values } = parseArgs({
  options: {
    of: { type: "string", default: "quiet" },
    minutes: { type: "string" },
    out: { type: "string" },
    split: { type: "string", default: "test" },
    seed: { type: "string", default: "1" },
    fps: { type: "string", default: "2" },
    "scene-every": { type: "string", default: "2" },
    "clip-seconds": { type: "string", default: "180" },
    start: { type: "string", default: "0" },
  },
});
const { of: kind, split, out } = values;
const minutes = Number(values.minutes);
const seconds = Number(values["clip-seconds"]);
if (
  out === undefined ||
  !(minutes > 0) ||
  !(seconds >= 20 && seconds <= 900) ||
  (kind !== "quiet" && kind !== "anglers") ||
  (split !== "test" && split !== "val")
)
  // prettier-ignore
  throw new Error(
    "usage: render-held-out.ts --of quiet|anglers --minutes N --out DIR [--split test|val] [--seed S] [--fps 2] [--scene-every 2] [--clip-seconds 180] [--start K]",
  );
await mkdir(out, { recursive: true });
const first = Number(values.start);
const options = { seconds, fps: Number(values.fps), sceneEvery: Number(values["scene-every"]) };
for (let index = first; index < first + Math.ceil((minutes * 60) / seconds); index += 1) {
  const name = `${kind}-${values.seed}-${String(index).padStart(4, "0")}`;
  // A clip that is there is whole: a run that was broken off goes on where it stopped.
  if (existsSync(join(out, `${name}.truth.jsonl`))) continue;
  await renderClip(name, makers[kind](Number(values.seed), index, options), out, split);
}
