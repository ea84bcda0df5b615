/** `xueliang rules preview`: the events of a draft beside those of the rules in use. */
import { loadConfig } from "../config/load.ts";
import type { Happening } from "../rehearsal/track-log/difference.ts";
import { preview } from "../rehearsal/track-log/preview.ts";
import { systemClock } from "../runtime/clock.ts";
import { say } from "../runtime/texts/say.ts";
import { tableLines } from "../runtime/texts/width.ts";
import { finish, type Command, type CommandIo } from "./command.ts";
import type { Flag } from "./command-table.ts";
import { certaintyText } from "./occurrence-text.ts";
import { readArgs, usage } from "./read-args.ts";
import { draftOf, shownTime, siteOf, timeOf, tracksOf } from "./rules-site.ts";

const flags: Readonly<Record<string, Flag>> = {
  camera: { value: "ID", about: { en: "whose log", zh: "摄像机" } },
  since: { value: "24h|TIME", about: { en: "from when; default 24h", zh: "起始时间，默认 24h" } },
  with: { value: "FILE", about: { en: "the draft: a zones file", zh: "草稿：区域文件" } },
};

/** Works beside a running gateway: the log is only read. */
export const previewCommand: Command = async (args, io) => {
  const { flags: given } = readArgs(args, flags, io.language);
  const site = siteOf(await loadConfig(io.configFolder), given["camera"], io);
  const { cameraId, folder, present } = site;
  if (typeof given["with"] !== "string") throw usage(io.language, "rulesNeedsFlag", { flag: "--with" });
  const draft = { ...present, zones: await draftOf(given["with"], site, io) };
  const toMs = systemClock.nowMs();
  const fromMs = timeOf(given["since"] ?? "24h", { nowMs: toMs, timezone: present.timezone }, io);
  const startedMs = systemClock.monotonicMs();
  const told = await preview({ folder, cameraId, fromMs, toMs }, present, draft);
  const ms = Math.round(systemClock.monotonicMs() - startedMs);
  const { before, after, gone, added, frames, points, missingFrames, damagedBytes, lastMs } = told;
  return finish(io, 0, { camera: cameraId, ms, ...told }, () => {
    const values = {
      camera: cameraId,
      from: shownTime(fromMs, present.timezone),
      to: shownTime(lastMs ?? toMs, present.timezone),
      before: before.length,
      after: after.length,
      gone: gone.length,
      added: added.length,
    };
    const rows = [
      ...gone.map((one) => rowOf("−", one, present.timezone, io)),
      ...added.map((one) => rowOf("+", one, present.timezone, io)),
    ];
    return [
      say(io.language, "rulesPreviewTitle", values),
      ...(rows.length === 0 ? [`  ${say(io.language, "rulesNever")}`] : tableLines(rows)),
      say(io.language, "rulesPreviewBasis", { frames, points, ms }),
      ...(missingFrames > 0 ? [say(io.language, "rulesGap", { frames: missingFrames })] : []),
      ...(damagedBytes > 0 ? [say(io.language, "rulesDamaged", { bytes: damagedBytes })] : []),
    ].join("\n");
  });
};

function rowOf(sign: "−" | "+", one: Happening, timezone: string, io: CommandIo): readonly string[] {
  const { language } = io;
  return [
    `  ${sign} ${say(language, sign === "−" ? "rulesGone" : "rulesAdded")}`,
    shownTime(one.startMs, timezone),
    one.endMs === null ? say(language, "rulesStillOpen") : `${((one.endMs - one.startMs) / 1_000).toFixed(1)} s`,
    one.type,
    one.zone,
    certaintyText(one.certainty, language),
    tracksOf(one.tracks, language),
  ];
}
