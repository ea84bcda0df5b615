/**
 * False alarms over hours of held-out quiet and hard-negative footage: npm run quiet-hours -- --hours 10 --dir DIR
 * [--picture-every 5] [--seed 1] [--model river-starter] [--keep]. Each clip is rendered, looked at by the real pipeline, noted
 * and deleted, so that one clip is on the disk at a time and a run that was broken off goes on. With --keep the clips stay
 * (about 50 MB an hour) and a later run with another model looks at the same ones.
 */
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadModel } from "../../gateway/analysis/detection/model.ts";
import type { ModelPackage } from "../../gateway/analysis/detection/model-package.ts";
import { backtest } from "../../gateway/rehearsal/backtest.ts";
import { rateOf } from "./alarm-rate.ts";
import { renderClip } from "./clip.ts";
import { note, resume, type LookedAt, type Order } from "./looked.ts";
import { quietStory } from "./quiet.ts";

const CLIP_SECONDS = 300;
/** Looks a second: the sensor's noise is new in each of them, the scene only in every rendered picture. */
const RATE = 2;

/** Renders clip number `index` unless it is there, runs it, and takes its files away unless they are to be kept. */
async function lookAt(
  index: number,
  order: Order,
  at: { readonly dir: string; readonly keep: boolean },
  model: ModelPackage,
): Promise<LookedAt> {
  const folder = join(at.dir, "clips");
  const name = `quiet-${order.seed}-${order.pictureEverySec}-${String(index).padStart(5, "0")}`;
  await mkdir(folder, { recursive: true });
  const timing = { seconds: order.clipSeconds, fps: order.rate, sceneEvery: order.pictureEverySec * order.rate };
  // The truth gets its name last: where it is, the clip is whole.
  if (!existsSync(join(folder, `${name}.truth.jsonl`)))
    await renderClip(name, quietStory(order.seed, index, timing), folder, "test");
  const [result] = await backtest({
    folder,
    only: name,
    rate: order.rate,
    model: () => Promise.resolve(model),
    ffmpegPath: "ffmpeg",
    timezone: "Asia/Shanghai",
    signal: new AbortController().signal,
    onStory: () => undefined,
    onFailure: (error) => process.stderr.write(`${error.message}\n`),
  });
  if (!at.keep) await rm(folder, { recursive: true, force: true });
  // A frame that nobody looked at is no quiet frame.
  if (!result || result.missed > 0)
    throw new Error(`clip ${index} was not looked at to its end: run the command again`);
  const { seconds, falseAlarms, lines } = result;
  return { index, seconds, falseAlarms, lines: [...lines] };
}

function summary(clips: readonly LookedAt[], order: Order): string {
  const hours = clips.reduce((sum, clip) => sum + clip.seconds, 0) / 3600;
  const alarms = clips.reduce((sum, clip) => sum + clip.falseAlarms, 0);
  const { perDay, lowest, highest } = rateOf(alarms, hours);
  return [
    ...clips.flatMap(({ index, lines }) => lines.map((line) => `clip ${index}: ${line}`)),
    `${alarms} false alarms in ${hours.toFixed(2)} h of ${clips.length} scenes: ${perDay.toFixed(2)} per camera-day, with 95 % certainty ${alarms === 0 ? "" : `at least ${lowest.toFixed(2)} and `}at most ${highest.toFixed(2)}${alarms === 0 ? " (none in T: at most 3/T)" : ""}`,
    `the scene moved once in ${order.pictureEverySec} s and was looked at ${order.rate} times a second under fresh noise; ${order.model}`,
    "",
  ].join("\n");
}

const { values } = parseArgs({
  options: {
    hours: { type: "string" },
    dir: { type: "string" },
    "picture-every": { type: "string", default: "5" },
    seed: { type: "string", default: "1" },
    model: { type: "string", default: "river-starter" },
    keep: { type: "boolean", default: false },
  },
});
const [hours, pictureEverySec, seed] = [values.hours, values["picture-every"], values.seed].map(Number);
if (
  values.dir === undefined ||
  !hours ||
  !(hours > 0) ||
  !pictureEverySec ||
  ![1, 2, 3, 4, 5, 6, 10, 12].includes(pictureEverySec) ||
  !Number.isInteger(seed)
)
  // prettier-ignore
  throw new Error(
    "usage: quiet-hours.ts --hours N --dir DIR [--picture-every 1|2|3|4|5|6|10|12] [--seed S] [--model NAME] [--keep]",
  );
const model = await loadModel(join(import.meta.dirname, "../../models", values.model));
const order = { seed: seed ?? 1, clipSeconds: CLIP_SECONDS, pictureEverySec, rate: RATE, model: `${model.name} ${model.version}` }; // prettier-ignore
await mkdir(values.dir, { recursive: true });
const record = join(values.dir, `looked-${model.version}.jsonl`);
const clips = [...(await resume(record, order))];
while (clips.length * CLIP_SECONDS < hours * 3600) {
  const clip = await lookAt(clips.length, order, { dir: values.dir, keep: values.keep }, model);
  await note(record, clip);
  clips.push(clip);
}
process.stdout.write(summary(clips, order));
if (clips.some(({ falseAlarms }) => falseAlarms > 0)) process.exitCode = 1;
