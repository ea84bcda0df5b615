/** Stories with expected events, clips or logs, judged as a whole and against a baseline. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import { scanFile } from "../analysis/track-log/block-format.ts";
import { entriesIn } from "../analysis/track-log/block-reader.ts";
import type { LogEntry } from "../analysis/track-log/log-entry.ts";
import { ProcessDetector } from "../analysis/detection/detector.ts";
import type { ModelPackage } from "../analysis/detection/model-package.ts";
import type { Observation } from "../analysis/zones/rule.ts";
import type { Trigger } from "../analysis/zones/trigger.ts";
import { systemClock } from "../runtime/clock.ts";
import type { GatewayError } from "../runtime/errors.ts";
import { Headcount } from "./headcount.ts";
import type { JudgedFrame } from "./judged-frame.ts";
import { replayClip } from "./replay-clip.ts";
import { readStoryHeader } from "./story-header.ts";
import { judge, type Expected, type Verdict } from "./story-verdict.ts";
import { replayLog } from "./track-log/replay-log.ts";
import { debrisOf, likenessOf, readTruthFrames, type Moment } from "./truth-frames.ts";

/** One story's outcome; plain numbers without any clock of this machine, so that two runs are the same to the byte. */
export const storyResultSchema = z.object({
  name: z.string(),
  seconds: z.number(),
  /** Events that ought to fire. */
  expected: z.number(),
  right: z.number(),
  missed: z.number(),
  falseAlarms: z.number(),
  late: z.number(),
  /** Seconds from the earliest expected start to the first trigger, one for each expected event that fired. */
  lateness: z.array(z.number()),
  lines: z.array(z.string()),
  /** Windows of 10 s with a rod or a person in a zone that asks for them, and those with persons and rods right; missing for logs without frames of truth. */
  windows: z.number().default(0),
  windowsRight: z.number().default(0),
  /** Mean distance of the covered share of the water from the truth; null where there is no debris. */
  debrisError: z.number().nullable().default(null),
});
export type StoryResult = Readonly<z.output<typeof storyResultSchema>>;

/** What a baseline file must hold: the last line of `rules test --json`. */
export const baselineSchema = z.object({ stories: z.array(storyResultSchema) });

/** All of them together. */
export interface Score {
  readonly stories: number;
  readonly seconds: number;
  readonly right: number;
  readonly missed: number;
  readonly falseAlarms: number;
  readonly late: number;
  /** Of what fired, the share that was expected; null when nothing fired. */
  readonly precision: number | null;
  /** Of what was expected, the share that fired, too late included, too early not; null when nothing was. */
  readonly recall: number | null;
  readonly falseAlarmsPerDay: number;
  /** Of the windows with rods or persons, the share in which both were counted right; null without such windows. */
  readonly rodsRight: number | null;
  /** Mean over the stories with debris; null when there are none. */
  readonly debrisError: number | null;
  readonly medianLateness: number | null;
}

/** What is needed for clips. */
export interface BacktestOptions {
  readonly folder: string;
  /** This story alone. */
  readonly only?: string | undefined;
  /** Looks a second of presentation time; 5 when left out. */
  readonly rate?: number;
  /** Asked for only when there is a clip. */
  readonly model: () => Promise<ModelPackage>;
  readonly ffmpegPath: string;
  readonly timezone: string;
  readonly onStory: (result: StoryResult) => void;
  /** Told what the rules made of each frame; `fromMs` is what the start of its story stands for. */
  readonly onJudged?: ((frame: JudgedFrame, fromMs: number) => void) | undefined;
  readonly onFailure: (error: GatewayError) => void;
  readonly signal: AbortSignal;
}

/** Any morning outside the closed season: stories about the calendar bring their own. */
const startMs = Date.parse("2026-11-08T09:30:00+08:00");

/** Every `NAME.truth.jsonl` of the folder with its `NAME.tracks` log, or else its `NAME.mp4` clip, by name. */
export async function backtest(options: BacktestOptions): Promise<readonly StoryResult[]> {
  const names = (await readdir(options.folder))
    .filter((file) => file.endsWith(".truth.jsonl"))
    .map((file) => basename(file, ".truth.jsonl"))
    .filter((name) => options.only === undefined || name === options.only)
    .sort();
  await using stack = new AsyncDisposableStack();
  let opened: { readonly model: ModelPackage; readonly detector: ProcessDetector } | null = null;
  const openDetector = async () => {
    const model = await options.model();
    const { onFailure } = options;
    const of = { model, processes: 1, timeoutMs: 20_000, clock: systemClock, onFailure };
    return { model, detector: stack.use(await ProcessDetector.open(of)) };
  };
  const results: StoryResult[] = [];
  for (const name of names) {
    if (options.signal.aborted) break;
    const path = join(options.folder, name);
    const { zones, expected, seconds } = await readStoryHeader(`${path}.truth.jsonl`);
    const { timezone, ffmpegPath, rate = 5 } = options;
    let result: StoryResult;
    if (existsSync(`${path}.tracks`)) {
      const { bodies, damagedBytes, tailBytes } = scanFile(await readFile(`${path}.tracks`));
      const entries = [...entriesOf(bodies)];
      const fromMs = entries[0]?.nowMs ?? 0;
      const { triggers } = replayLog(entries, { zones, timezone }, tellingFrom(options, fromMs));
      const broken = damagedBytes + tailBytes;
      const damage = broken > 0 ? [`missed: ${broken} bytes of the log are broken; what they held was not judged`] : [];
      result = resultOf(name, seconds, expected, triggers, fromMs, damage);
    } else {
      opened ??= await openDetector();
      const { moments, water, aspect } = await readTruthFrames(`${path}.truth.jsonl`, zones);
      const heads = new Headcount(zones, aspect);
      const seen: Moment[] = [];
      const onSeen = ({ tracks }: Observation, nowMs: number): void => {
        const ms = nowMs - startMs;
        if (tracks) seen.push({ t: ms / 1_000, ...heads.count(ms, tracks), debris: debrisOf(tracks, water) });
      };
      const clip = { clip: `${path}.mp4`, zones, ...opened, ffmpegPath, rate, widthPx: 960, startMs, timezone };
      const { triggers, notLookedAt } = await replayClip({
        ...clip,
        seconds,
        onSeen,
        onJudged: tellingFrom(options, startMs),
      });
      // A frame that nobody looked at makes the whole verdict worthless.
      const blind = notLookedAt > 0 ? [`missed: ${notLookedAt} frames were not looked at`] : [];
      const judged = resultOf(name, seconds, expected, triggers, startMs, blind);
      result = { ...judged, ...likenessOf(moments, seen) };
    }
    options.onStory(result);
    results.push(result);
  }
  return results;
}

function tellingFrom({ onJudged }: BacktestOptions, fromMs: number): ((frame: JudgedFrame) => void) | undefined {
  return onJudged && ((frame) => onJudged(frame, fromMs));
}

function* entriesOf(bodies: readonly Buffer[]): Generator<LogEntry> {
  for (const body of bodies) {
    const reader = entriesIn(body);
    for (let entry = reader.next(); entry !== null; entry = reader.next()) yield entry;
  }
}

function resultOf(
  name: string,
  seconds: number,
  expected: readonly Expected[],
  triggers: readonly Trigger[],
  fromMs: number,
  unseen: readonly string[],
): StoryResult {
  const verdict: Verdict = judge(expected, triggers, fromMs);
  const { right, missed, falseAlarms, late, lateness, lines } = verdict;
  return {
    name,
    seconds,
    expected: expected.length,
    right,
    missed: missed + unseen.length,
    falseAlarms,
    late,
    lateness: [...lateness],
    lines: [...lines, ...unseen],
    windows: 0,
    windowsRight: 0,
    debrisError: null,
  };
}

/** Sums up (pure). */
export function scoreOf(results: readonly StoryResult[]): Score {
  const sum = (of: (result: StoryResult) => number): number => results.reduce((total, one) => total + of(one), 0);
  const [right, missed, falseAlarms, late] = [
    sum((r) => r.right),
    sum((r) => r.missed),
    sum((r) => r.falseAlarms),
    sum((r) => r.late),
  ];
  const seconds = sum((r) => r.seconds);
  const fired = right + late;
  const expected = sum((r) => r.expected);
  const windows = sum((r) => r.windows);
  const errors = results.flatMap((r) => r.debrisError ?? []);
  const lateness = results.flatMap((r) => r.lateness).sort((a, b) => a - b);
  return {
    stories: results.length,
    seconds,
    right,
    missed,
    falseAlarms,
    late,
    precision: fired + falseAlarms > 0 ? fired / (fired + falseAlarms) : null,
    recall: expected > 0 ? fired / expected : null,
    rodsRight: windows > 0 ? sum((r) => r.windowsRight) / windows : null,
    debrisError: errors.length > 0 ? errors.reduce((a, b) => a + b) / errors.length : null,
    falseAlarmsPerDay: seconds > 0 ? (falseAlarms * 86_400) / seconds : 0,
    medianLateness: lateness[Math.floor((lateness.length - 1) / 2)] ?? null,
  };
}

/** A hundredth: less is how two processors round. */
const tolerated = 0.01;

/** Stories that have become worse than they were, each with its reason; a story that has gone is worse (pure). */
export function worseThan(baseline: readonly StoryResult[], results: readonly StoryResult[]): readonly string[] {
  return baseline.flatMap((was) => {
    const is = results.find(({ name }) => name === was.name);
    if (!is) return [`${was.name}: not run`];
    const changes = (["missed", "falseAlarms", "late"] as const)
      .filter((what) => is[what] > was[what])
      .map((what) => `${what} ${was[what]} → ${is[what]}`);
    const [wasRight, isRight] = [was, is].map(({ windows, windowsRight }) => windowsRight / Math.max(1, windows));
    if ((wasRight ?? 0) - (isRight ?? 0) > tolerated)
      changes.push(`windows right ${was.windowsRight} → ${is.windowsRight}`);
    if ((is.debrisError ?? 0) - (was.debrisError ?? 0) > tolerated)
      changes.push(`debris error ${was.debrisError ?? "–"} → ${is.debrisError ?? "–"}`);
    return changes.length > 0 ? [`${was.name}: ${changes.join(", ")}`] : [];
  });
}
