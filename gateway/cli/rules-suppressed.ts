/** `xueliang rules suppressed`: what a camera's rules saw and did not tell, and which setting decided. */
import { readSuppressed } from "../rehearsal/track-log/read-log.ts";
import { loadConfig } from "../config/load.ts";
import { systemClock } from "../runtime/clock.ts";
import { say } from "../runtime/texts/say.ts";
import { limitSaid, valueSaid } from "../runtime/texts/step-words.ts";
import { tableLines } from "../runtime/texts/width.ts";
import { finish, type Command } from "./command.ts";
import type { Flag } from "./command-table.ts";
import { readArgs } from "./read-args.ts";
import { shownTime, siteOf, timeOf, tracksOf } from "./rules-site.ts";

const flags: Readonly<Record<string, Flag>> = {
  camera: { value: "ID", about: { en: "whose rules", zh: "摄像机" } },
  since: { value: "24h|TIME", about: { en: "from when; default 24h", zh: "起始时间，默认 24h" } },
};

const reasonTexts = {
  "too-short": "rulesTooShort",
  "cool-down": "rulesCoolDown",
  schedule: "rulesSchedule",
  "view-moved": "rulesViewMoved",
  drift: "rulesNoDrift",
} as const;

/** Works beside a running gateway. */
export const suppressedCommand: Command = async (args, io) => {
  const { flags: given } = readArgs(args, flags, io.language);
  const { cameraId, folder, present } = siteOf(await loadConfig(io.configFolder), given["camera"], io);
  const sinceMs = timeOf(given["since"] ?? "24h", { nowMs: systemClock.nowMs(), timezone: present.timezone }, io);
  const suppressed = await readSuppressed(folder, sinceMs);
  return finish(io, 0, { camera: cameraId, suppressed }, () => {
    const { language } = io;
    const title = say(language, "rulesSuppressedTitle", {
      camera: cameraId,
      since: shownTime(sinceMs, present.timezone),
      count: suppressed.length,
    });
    const rows = suppressed.map(({ atMs, eventType, zoneId, reason, value, limit, setting, tracks }) => [
      `  ${shownTime(atMs, present.timezone)}`,
      eventType,
      zoneId,
      say(language, reasonTexts[reason]),
      `${valueSaid({ step: "held", value, limit }, language)} (${limitSaid({ step: "held", value, limit }, language)})`,
      setting,
      tracksOf(tracks, language),
    ]);
    return [title, ...tableLines(rows)].join("\n");
  });
};
