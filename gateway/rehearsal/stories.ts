/** `npm run stories`: every story clip through the real pipeline, expected events against what fired. Options: --clips DIR, --model ID or folder, --only NAME, --json. */
import { readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ProcessDetector } from "../analysis/detection/detector.ts";
import { loadModel } from "../analysis/detection/model.ts";
import { systemClock } from "../runtime/clock.ts";
import { replayClip } from "./replay-clip.ts";
import { readStoryHeader } from "./story-header.ts";
import { judge, type Verdict } from "./story-verdict.ts";

/** Any morning outside the closed season: stories about the calendar bring their own. */
const startMs = Date.parse("2026-11-08T09:30:00+08:00");
const root = join(import.meta.dirname, "../..");
const { values } = parseArgs({
  options: {
    clips: { type: "string", default: join(root, "test-fixtures/clips") },
    model: { type: "string", default: "river-starter" },
    only: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

const model = await loadModel(resolve(root, "models", values.model));
await using detector = await ProcessDetector.open({
  model,
  processes: 1,
  timeoutMs: 20_000,
  clock: systemClock,
  onFailure: (error) => console.error(error.message),
});

const total = { stories: 0, right: 0, missed: 0, falseAlarms: 0, late: 0, seconds: 0 };
for (const file of (await readdir(values.clips)).filter((name) => name.endsWith(".truth.jsonl")).sort()) {
  const name = basename(file, ".truth.jsonl");
  if (values.only !== undefined && name !== values.only) continue;
  const { verdict, seconds } = await runStory(name);
  total.stories += 1;
  total.seconds += seconds;
  total.right += verdict.right;
  total.missed += verdict.missed;
  total.falseAlarms += verdict.falseAlarms;
  total.late += verdict.late;
  const isRight = verdict.missed + verdict.falseAlarms + verdict.late === 0;
  if (values.json) console.log(JSON.stringify({ name, isRight, ...verdict }));
  else
    console.log(
      `${isRight ? "✓" : "✗"} ${name}${verdict.lines.map((line) => `\n    ${line}`).join("") || "\n    right: nothing fired"}`,
    );
}
const { stories, right, missed, falseAlarms, late, seconds } = total;
const perDay = seconds > 0 ? (falseAlarms * 86_400) / seconds : 0;
console.log(
  values.json
    ? JSON.stringify({ type: "result", ...total })
    : `${stories} stories (${(seconds / 60).toFixed(1)} min): ${right} events right, ${missed} missed, ${falseAlarms} false (${perDay.toFixed(2)} per camera-day), ${late} late`,
);
process.exitCode = stories > 0 && missed + falseAlarms + late === 0 ? 0 : 1;

async function runStory(name: string): Promise<{ readonly verdict: Verdict; readonly seconds: number }> {
  const header = await readStoryHeader(join(values.clips, `${name}.truth.jsonl`));
  const { zones } = header;
  const clip = join(values.clips, `${name}.mp4`);
  const options = {
    clip,
    zones,
    model,
    detector,
    ffmpegPath: "ffmpeg",
    rate: 5,
    widthPx: 960,
    startMs,
    timezone: "Asia/Shanghai",
    seconds: header.seconds,
  };
  const { triggers, notLookedAt } = await replayClip(options);
  const verdict = judge(header.expected, triggers, startMs);
  // A frame that nobody looked at makes the whole verdict worthless.
  const lines =
    notLookedAt > 0 ? [...verdict.lines, `missed: ${notLookedAt} frames were not looked at`] : verdict.lines;
  return {
    verdict: { ...verdict, lines, missed: verdict.missed + (notLookedAt > 0 ? 1 : 0) },
    seconds: header.seconds,
  };
}
