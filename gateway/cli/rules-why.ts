/** `xueliang rules why`: the reasoning of every rule at one moment, up to the first step not passed; or that of an event. */
import { loadConfig } from "../config/load.ts";
import type { TraceStep } from "../rehearsal/preview.ts";
import { why } from "../rehearsal/track-log/preview.ts";
import { systemClock } from "../runtime/clock.ts";
import { say } from "../runtime/texts/say.ts";
import { tableLines } from "../runtime/texts/width.ts";
import { finish, type Command } from "./command.ts";
import type { Flag } from "./command-table.ts";
import { readArgs, usage } from "./read-args.ts";
import { whyEvent } from "./rules-event.ts";
import { shownTime, siteOf, timeOf } from "./rules-site.ts";

const flags: Readonly<Record<string, Flag>> = {
  camera: { value: "ID", about: { en: "whose log", zh: "摄像机" } },
  at: { value: "TIME", about: { en: "the moment, for example 2026-03-14T12:00:00+08:00, or 10m ago", zh: "时刻" } },
  track: { value: "N", about: { en: "the reasoning about this track", zh: "仅看该轨迹" } },
  event: {
    value: "ID",
    about: { en: "instead: the reasoning of an event of this box", zh: "改为：本机某事件的推理过程" },
  },
};

/** Answers from the log, beside a running gateway too. */
export const whyCommand: Command = async (args, io) => {
  const { flags: given } = readArgs(args, flags, io.language);
  const config = await loadConfig(io.configFolder);
  if (typeof given["event"] === "string") return whyEvent(given["event"], config, io);
  const { cameraId, folder, present } = siteOf(config, given["camera"], io);
  if (given["at"] === undefined) throw usage(io.language, "rulesNeedsFlag", { flag: "--at" });
  const atMs = timeOf(given["at"], systemClock.nowMs(), io);
  const track = given["track"] === undefined ? null : Number(given["track"]);
  if (track !== null && !Number.isInteger(track)) throw usage(io.language, "flagNeedsValue", { flag: "--track" });
  const told = await why({ folder, cameraId }, atMs, present, track);
  return finish(io, 0, { camera: cameraId, ...told }, () => {
    const { language } = io;
    const tracks = told.tracks.map(({ id, label, score }) => `${id} ${label} ${score.toFixed(2)}`).join(" · ");
    const lines = [
      say(language, "rulesWhyTitle", {
        camera: cameraId,
        at: shownTime(told.atMs, present.timezone),
        tracks: tracks || say(language, "rulesWhyNobody"),
      }),
    ];
    for (const { ruleId, eventType, steps } of told.rules) {
      const open = told.open.find(({ rule, type }) => rule === ruleId && type === eventType);
      lines.push(
        "",
        open
          ? `${eventType} (${ruleId}): ${say(language, "rulesWhyOpen", { at: shownTime(open.startMs, present.timezone) })}`
          : `${eventType} (${ruleId})`,
      );
      if (steps.length === 0) lines.push(`  – ${say(language, "rulesWhyNotLooked")}`);
      lines.push(...stepLines(steps));
    }
    return lines.join("\n");
  });
};

/** One line a step. */
export function stepLines(steps: readonly TraceStep[]): readonly string[] {
  return tableLines(
    steps.map(({ step, passed, value, limit, setting }) => [
      `  ${passed ? "✓" : "✗"} ${step}`,
      String(value),
      limit,
      setting,
    ]),
  );
}
