/** `xueliang rules why`: the reasoning of every rule at one moment, up to the first step not passed; or that of an event. */
import { loadConfig } from "../config/load.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { RuleConfig } from "../config/zones-schema.ts";
import type { RuleWhy, TraceStep, WhyAnswer } from "../rehearsal/preview.ts";
import { why } from "../rehearsal/track-log/preview.ts";
import { systemClock } from "../runtime/clock.ts";
import { GatewayError } from "../runtime/errors.ts";
import type { Language } from "../runtime/texts/fill.ts";
import { say } from "../runtime/texts/say.ts";
import { limitSaid, stepName, valueSaid } from "../runtime/texts/step-words.ts";
import { tableLines } from "../runtime/texts/width.ts";
import { finish, type Command, type CommandIo } from "./command.ts";
import type { Flag } from "./command-table.ts";
import { readArgs, usage } from "./read-args.ts";
import { whyEvent } from "./rules-event.ts";
import { shownTime, siteOf, timeOf, type RulesSite } from "./rules-site.ts";

const flags: Readonly<Record<string, Flag>> = {
  camera: { value: "ID", about: { en: "whose log", zh: "摄像机" } },
  at: {
    value: "TIME",
    about: {
      en: "the moment, for example 2026-03-14T12:00:00 at the site, or 10m for ten minutes ago",
      zh: "时刻，如 2026-03-14T12:00:00（站点时间），或 10m（十分钟前）",
    },
  },
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
  const site = siteOf(config, given["camera"], io);
  const { cameraId, present } = site;
  if (given["at"] === undefined) throw usage(io.language, "rulesNeedsFlag", { flag: "--at" });
  const atMs = timeOf(given["at"], { nowMs: systemClock.nowMs(), timezone: present.timezone }, io);
  const track = given["track"] === undefined ? null : Number(given["track"]);
  if (track !== null && !Number.isInteger(track)) throw usage(io.language, "flagNeedsValue", { flag: "--track" });
  const answer = await answerOf(site, atMs, track, io);
  const told = { ...answer, rules: [...answer.rules, ...rulesThatAreOff(present.zones)] };
  return finish(io, 0, { camera: cameraId, ...told }, () => {
    const { language } = io;
    const lines = [
      say(language, "rulesWhyTitle", {
        camera: cameraId,
        at: shownTime(told.atMs, present.timezone),
        tracks: tracksText(told.tracks) || say(language, "rulesWhyNobody"),
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
      lines.push(...stepLines(steps, language));
    }
    return lines.join("\n");
  });
};

/** The answer; a track that is not in the picture then is told apart from a log that is empty. */
async function answerOf(site: RulesSite, atMs: number, track: number | null, io: CommandIo): Promise<WhyAnswer> {
  const { present } = site;
  try {
    return await why(site, atMs, present, track);
  } catch (error) {
    if (track === null || !(error instanceof GatewayError) || error.code !== "TRACK_LOG_EMPTY") throw error;
    const { tracks } = await why(site, atMs, present, null);
    const { language } = io;
    const values = {
      track: String(track),
      at: shownTime(atMs, present.timezone),
      tracks: tracksText(tracks) || say(language, "rulesWhyNobody"),
    };
    throw usage(language, "rulesNoTrack", values);
  }
}

function tracksText(tracks: WhyAnswer["tracks"]): string {
  return tracks.map(({ id, label, score }) => `${id} ${label} ${score.toFixed(2)}`).join(" · ");
}

/** Nobody looks for a rule that is switched off: that it is, is the reason. */
function rulesThatAreOff({ zones, lines }: LoadedConfig["zones"][string]): readonly RuleWhy[] {
  const places = [
    ...zones.map((zone) => ({ ...zone, path: `zones/${zone.id}` })),
    ...lines.map((line) => ({ ...line, path: `lines/${line.id}` })),
  ];
  return places.flatMap(({ id, rules, path }) =>
    rules.flatMap((rule: RuleConfig): RuleWhy[] => {
      if (rule.enabled !== false) return [];
      const ruleId = rule.id ?? rule.type;
      const setting = `${path}/rules/${ruleId}/enabled`;
      const step = { step: "enabled", passed: false, value: false, limit: "yes", setting };
      return [{ ruleId: `${id}/${ruleId}`, zoneId: id, eventType: rule.type, open: false, steps: [step] }];
    }),
  );
}

/** One line a step. */
export function stepLines(steps: readonly TraceStep[], language: Language): readonly string[] {
  return tableLines(
    steps.map((step) => [
      `  ${step.passed ? "✓" : "✗"} ${stepName(step.step, language)}`,
      valueSaid(step, language),
      limitSaid(step, language),
      step.setting,
    ]),
  );
}
