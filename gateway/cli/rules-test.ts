/** `xueliang rules test DIR`: clips and logs with expected events, and whether anything became worse. */
import { readFile, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { backtest, baselineSchema, scoreOf, worseThan, type StoryResult } from "../rehearsal/backtest.ts";
import { StoryUnusable } from "../rehearsal/story-header.ts";
import { say } from "../runtime/texts/say.ts";
import { verdictLine } from "../runtime/texts/verdict-lines.ts";
import { emit, finish, sayLine, type Command, type CommandIo } from "./command.ts";
import type { Flag } from "./command-table.ts";
import { exitCodes } from "./exit-codes.ts";
import { modelNamed } from "./model.ts";
import { readArgs, usage } from "./read-args.ts";
import { traceLines } from "./rules-trace.ts";

const flags: Readonly<Record<string, Flag>> = {
  baseline: { value: "FILE", about: { en: "an earlier --json output; fails only when worse", zh: "基线文件" } },
  only: { value: "NAME", about: { en: "this story alone", zh: "仅此场景" } },
  trace: { about: { en: "every frame, with the reasoning of each rule", zh: "逐帧列出各规则的推理过程" } },
  model: { value: "ID", about: { en: "model package for clips; default river-starter", zh: "模型包" } },
};

/** Exit code 1 when worse than the baseline, or, without one, when anything is not right. */
export const testCommand: Command = async (args, io) => {
  const { flags: given, words } = readArgs(args, flags, io.language);
  const [typed] = words;
  if (typed === undefined) throw usage(io.language, "missingArgument", { what: "DIR" });
  const baseline = typeof given["baseline"] === "string" ? await baselineOf(given["baseline"], io) : null;
  const model = typeof given["model"] === "string" ? given["model"] : "river-starter";
  const folder = resolve(io.cwd, typed);
  const isFolder = (await stat(folder).catch(() => null))?.isDirectory() === true;
  if (!isFolder) throw usage(io.language, "rulesNoStories", { folder: typed });
  const told = (lines: readonly string[]): readonly string[] => lines.map((line) => verdictLine(line, io.language));
  const stories = await backtest({
    folder,
    only: typeof given["only"] === "string" ? given["only"] : undefined,
    model: () => modelNamed(model, io),
    ffmpegPath: "ffmpeg",
    timezone: "Asia/Shanghai",
    signal: io.signal,
    onFailure: (error) => io.stderr(`${error.say(io.language)}\n`),
    onJudged:
      given["trace"] === undefined
        ? undefined
        : (frame, fromMs) => {
            const atSec = Math.round((frame.nowMs - fromMs) / 100) / 10;
            if (io.json) emit(io, "frame", { atSec, ...frame });
            else io.stdout(`${traceLines(frame, fromMs, io.language).join("\n")}\n`);
          },
    onStory: (story) => {
      if (io.json) emit(io, "story", story);
      else io.stdout(`${[`${isRight(story) ? "✓" : "✗"} ${story.name}`, ...told(story.lines)].join("\n    ")}\n`);
    },
  }).catch((error: unknown) => {
    if (!(error instanceof StoryUnusable)) throw error;
    throw usage(io.language, "rulesBadFile", { path: basename(error.path), detail: error.detail[io.language] });
  });
  if (stories.length === 0) throw usage(io.language, "rulesNoStories", { folder: typed });
  const worse = baseline ? worseThan(baseline, stories) : [];
  const isGood = baseline ? worse.length === 0 : stories.every(isRight);
  const score = scoreOf(stories);
  return finish(io, isGood ? exitCodes.done : exitCodes.failed, { ...score, worse, stories }, () => {
    const share = (value: number | null): string => (value === null ? "–" : value.toFixed(3));
    const total = {
      stories: score.stories,
      minutes: (score.seconds / 60).toFixed(1),
      precision: share(score.precision),
      recall: share(score.recall),
      perDay: score.falseAlarmsPerDay.toFixed(2),
      late: score.medianLateness?.toFixed(1) ?? "–",
    };
    const { right, missed, falseAlarms, late } = score;
    const compared =
      worse.length > 0 ? [say(io.language, "rulesTestWorse"), ...told(worse).map((line) => `  ${line}`)] : [];
    return [
      say(io.language, "rulesTestTotal", total),
      say(io.language, "rulesTestCounts", { right, missed, falseAlarms, late }),
      say(io.language, "rulesTestLikeness", { rods: share(score.rodsRight), debris: share(score.debrisError) }),
      ...(baseline && worse.length === 0 ? [sayLine(io, "rulesTestNotWorse").trimEnd()] : compared),
    ].join("\n");
  });
};

function isRight({ missed, falseAlarms, late }: StoryResult): boolean {
  return missed + falseAlarms + late === 0;
}

async function baselineOf(typed: string, io: CommandIo): Promise<readonly StoryResult[]> {
  try {
    const lines = (await readFile(resolve(io.cwd, typed), "utf8")).trim().split("\n");
    return baselineSchema.parse(JSON.parse(lines.at(-1) ?? "")).stories;
  } catch (cause) {
    // Whatever is wrong with the file, the reader has to look at the file.
    const detail = cause instanceof Error ? cause.message.split("\n", 1).join("") : String(cause);
    throw usage(io.language, "rulesBadFile", { path: typed, detail });
  }
}
